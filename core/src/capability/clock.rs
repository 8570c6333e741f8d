//! The issuer's time, as the verifier knows it: an offset to the own monotonic clock, learned over the
//! authenticated session. The own wall clock is never asked, so a wrong one refuses nobody and admits nobody.

use mesh_protocol::time::UnixMillis;

use crate::time::Monotonic;

/// What is allowed for beyond half the round trip, in milliseconds.
const SKEW_MS: u64 = 5_000;
/// The most that is allowed for.
const SKEW_MOST_MS: u64 = 10_000;

/// The issuer's clock, once an exchange has told it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IssuerClock(Option<Sample>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sample {
    /// On the own clock: in the middle of the exchange.
    own: Monotonic,
    /// On the issuer's clock.
    issuer: UnixMillis,
    /// Half the round trip: how far `own` may be off.
    uncertain: u64,
}

impl IssuerClock {
    /// Takes an exchange: asked at `sent`, answered at `received`, the issuer's time in the answer. One that
    /// took too long to tell anything is left aside.
    pub fn learn(&mut self, sent: Monotonic, received: Monotonic, issuer: UnixMillis) {
        let uncertain = received.since(sent).div_ceil(2);
        if uncertain + SKEW_MS <= SKEW_MOST_MS {
            self.0 = Some(Sample { own: sent.after(uncertain), issuer, uncertain });
        }
    }

    /// The issuer's time and how far it may be off, in milliseconds; `None` before the first exchange.
    pub fn read(&self, now: Monotonic) -> Option<(UnixMillis, u64)> {
        let Sample { own, issuer, uncertain } = self.0?;
        let issuer = issuer.0.saturating_add(now.since(own)).saturating_sub(own.since(now));
        Some((UnixMillis(issuer), (uncertain + SKEW_MS).min(SKEW_MOST_MS)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_with_the_own_clock_from_the_middle_of_the_exchange() {
        let mut clock = IssuerClock::default();
        assert_eq!(clock.read(Monotonic(9)), None);
        clock.learn(Monotonic(1_000), Monotonic(1_200), UnixMillis(50_000));
        assert_eq!(clock.read(Monotonic(1_100)), Some((UnixMillis(50_000), 5_100)));
        assert_eq!(clock.read(Monotonic(2_100)), Some((UnixMillis(51_000), 5_100)));
        assert_eq!(clock.read(Monotonic(1_000)), Some((UnixMillis(49_900), 5_100)));
    }

    #[test]
    fn an_exchange_that_took_too_long_tells_nothing() {
        let mut clock = IssuerClock::default();
        clock.learn(Monotonic(0), Monotonic(10_001), UnixMillis(1));
        assert_eq!(clock.read(Monotonic(0)), None);
        clock.learn(Monotonic(0), Monotonic(10_000), UnixMillis(1));
        assert_eq!(clock.read(Monotonic(5_000)), Some((UnixMillis(1), 10_000)));
    }
}
