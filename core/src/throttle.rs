//! Slowing down: growing delays after failures, and a token bucket for messages.
//!
//! Neither ever locks somebody out: the longest delay is [`LONGEST_DELAY_MS`], so nobody can shut another
//! person out by failing in their name (security.md 4.4).

use std::collections::HashMap;
use std::hash::Hash;

use crate::time::Monotonic;

/// Failures that cost nothing.
pub const FREE_FAILURES: u32 = 5;
/// The longest wait after a failure.
pub const LONGEST_DELAY_MS: u64 = 300_000;
/// A key that has not failed for this long starts over.
pub const FORGET_AFTER_MS: u64 = 3_600_000;
/// Keys that are remembered; the ones that may try soonest are forgotten first, which only helps who waits.
pub const KEYS: usize = 4_096;

/// Too many tries: milliseconds until the next one is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter(pub u64);

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Monotonic,
    next: Monotonic,
}

/// Failures per key, with a delay of 1, 2, 4 … 300 s after the free ones.
#[derive(Debug)]
pub struct Throttle<K> {
    failures: HashMap<K, Failures>,
}

impl<K> Default for Throttle<K> {
    fn default() -> Self {
        Self { failures: HashMap::new() }
    }
}

impl<K: Eq + Hash + Clone> Throttle<K> {
    /// Nobody has failed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a try of `key` may be looked at now.
    ///
    /// # Errors
    /// How long to wait, when not.
    pub fn check(&self, now: Monotonic, key: &K) -> Result<(), RetryAfter> {
        match self.failures.get(key) {
            Some(failures) if failures.next > now && now.since(failures.last) < FORGET_AFTER_MS => {
                Err(RetryAfter(failures.next.since(now)))
            }
            _ => Ok(()),
        }
    }

    /// Tries that are left before the first delay.
    pub fn free_tries(&self, now: Monotonic, key: &K) -> u32 {
        FREE_FAILURES.saturating_sub(self.count(now, key))
    }

    fn count(&self, now: Monotonic, key: &K) -> u32 {
        match self.failures.get(key) {
            Some(failures) if now.since(failures.last) < FORGET_AFTER_MS => failures.count,
            _ => 0,
        }
    }

    /// A try of `key` failed.
    pub fn failed(&mut self, now: Monotonic, key: K) {
        let count = self.count(now, &key).saturating_add(1);
        if !self.failures.contains_key(&key) && self.failures.len() >= KEYS {
            self.forget_one(now);
        }
        let delay = match count.checked_sub(FREE_FAILURES) {
            None | Some(0) => 0,
            Some(paid) => (1_000_u64 << (paid - 1).min(16)).min(LONGEST_DELAY_MS),
        };
        self.failures.insert(key, Failures { count, last: now, next: now.after(delay) });
    }

    /// A try of `key` succeeded: it starts over.
    pub fn succeeded(&mut self, key: &K) {
        self.failures.remove(key);
    }

    fn forget_one(&mut self, now: Monotonic) {
        self.failures.retain(|_, failures| now.since(failures.last) < FORGET_AFTER_MS);
        if self.failures.len() >= KEYS
            && let Some(key) =
                self.failures.iter().min_by_key(|(_, failures)| failures.next).map(|(key, _)| key.clone())
        {
            self.failures.remove(&key);
        }
    }
}

/// A token bucket: `rate` tokens a second, at most `burst` saved up.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    /// Tokens in thousandths.
    thousandths: u64,
    rate: u64,
    burst: u64,
    filled: Monotonic,
}

impl Bucket {
    /// A full bucket. A rate of zero is taken as one.
    pub fn new(rate: u32, burst: u32, now: Monotonic) -> Self {
        let burst = u64::from(burst.max(1));
        Self { thousandths: burst * 1_000, rate: u64::from(rate.max(1)), burst, filled: now }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// Milliseconds until there will be one.
    pub fn take(&mut self, now: Monotonic) -> Result<(), u64> {
        // Tokens per second are thousandths per millisecond.
        let gained = now.since(self.filled).saturating_mul(self.rate);
        self.thousandths = self.thousandths.saturating_add(gained).min(self.burst * 1_000);
        self.filled = now;
        match self.thousandths.checked_sub(1_000) {
            Some(left) => {
                self.thousandths = left;
                Ok(())
            }
            None => Err((1_000 - self.thousandths).div_ceil(self.rate).max(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: u64 = 60_000;

    #[test]
    fn the_first_failures_are_free_and_then_the_delay_doubles() {
        let mut throttle = Throttle::new();
        let mut now = Monotonic(0);
        for left in (0..FREE_FAILURES).rev() {
            assert_eq!(throttle.check(now, &"anna"), Ok(()));
            throttle.failed(now, "anna");
            assert_eq!(throttle.free_tries(now, &"anna"), left);
        }
        assert_eq!(throttle.check(now, &"anna"), Ok(()), "the fifth costs nothing yet");
        for delay in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300] {
            throttle.failed(now, "anna");
            assert_eq!(throttle.check(now, &"anna"), Err(RetryAfter(delay * 1_000)));
            now = now.after(delay * 1_000 - 1);
            assert_eq!(throttle.check(now, &"anna"), Err(RetryAfter(1)));
            now = now.after(1);
            assert_eq!(throttle.check(now, &"anna"), Ok(()));
        }
    }

    #[test]
    fn one_key_never_delays_another() {
        let mut throttle = Throttle::new();
        (0..50).for_each(|_| throttle.failed(Monotonic(0), "anna"));
        assert!(throttle.check(Monotonic(0), &"anna").is_err());
        assert_eq!(throttle.check(Monotonic(0), &"ben"), Ok(()));
        assert_eq!(throttle.free_tries(Monotonic(0), &"ben"), FREE_FAILURES);
    }

    #[test]
    fn success_and_an_hour_of_quiet_start_over() {
        let mut throttle = Throttle::new();
        (0..8).for_each(|_| throttle.failed(Monotonic(0), "anna"));
        throttle.succeeded(&"anna");
        assert_eq!(throttle.free_tries(Monotonic(0), &"anna"), FREE_FAILURES);
        (0..8).for_each(|_| throttle.failed(Monotonic(0), "anna"));
        assert_eq!(throttle.free_tries(Monotonic(FORGET_AFTER_MS - 1), &"anna"), 0);
        assert_eq!(throttle.free_tries(Monotonic(FORGET_AFTER_MS), &"anna"), FREE_FAILURES);
        throttle.failed(Monotonic(FORGET_AFTER_MS), "anna");
        assert_eq!(throttle.check(Monotonic(FORGET_AFTER_MS), &"anna"), Ok(()));
    }

    #[test]
    fn a_flood_of_keys_stays_bounded_and_frees_nobody_who_waits() {
        let mut throttle = Throttle::new();
        (0..20).for_each(|_| throttle.failed(Monotonic(0), u64::MAX));
        for key in 0..3 * KEYS as u64 {
            throttle.failed(Monotonic(1), key);
        }
        assert_eq!(throttle.failures.len(), KEYS);
        assert!(throttle.check(Monotonic(1), &u64::MAX).is_err());
        throttle.failed(Monotonic(FORGET_AFTER_MS + 1), 7);
        assert!(throttle.failures.len() <= KEYS);
    }

    #[test]
    fn failing_again_at_the_bound_forgets_nobody_else() {
        let mut throttle = Throttle::new();
        (0..KEYS as u64).for_each(|key| throttle.failed(Monotonic(0), key));
        throttle.failed(Monotonic(0), 5);
        assert!((0..KEYS as u64).all(|key| throttle.failures.contains_key(&key)));
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let mut bucket = Bucket::new(50, 200, Monotonic(0));
        (0..200).for_each(|_| assert_eq!(bucket.take(Monotonic(0)), Ok(())));
        assert_eq!(bucket.take(Monotonic(0)), Err(20));
        assert_eq!(bucket.take(Monotonic(19)), Err(1));
        assert_eq!(bucket.take(Monotonic(20)), Ok(()));
        assert_eq!(bucket.take(Monotonic(20)), Err(20));
        let later = Monotonic(10 * MINUTE);
        (0..200).for_each(|_| assert_eq!(bucket.take(later), Ok(())));
        assert_eq!(bucket.take(later), Err(20), "no more than the burst is saved up");
    }

    #[test]
    fn a_bucket_of_nothing_is_a_bucket_of_one() {
        let mut bucket = Bucket::new(0, 0, Monotonic(0));
        assert_eq!(bucket.take(Monotonic(0)), Ok(()));
        assert_eq!(bucket.take(Monotonic(0)), Err(1_000));
        assert_eq!(bucket.take(Monotonic(u64::MAX)), Ok(()));
    }

    proptest! {
        #[test]
        fn no_bucket_gives_more_than_burst_and_rate(
            rate in 1..100_u32,
            burst in 1..50_u32,
            gaps in prop::collection::vec(0..50_u64, 1..200),
        ) {
            let mut bucket = Bucket::new(rate, burst, Monotonic(0));
            let (mut now, mut given) = (Monotonic(0), 0_u64);
            for gap in gaps {
                now = now.after(gap);
                match bucket.take(now) {
                    Ok(()) => given += 1,
                    Err(wait) => {
                        let mut patient = bucket;
                        prop_assert!(patient.take(now.after(wait - 1)).is_err() || wait == 1);
                        prop_assert_eq!(bucket.clone().take(now.after(wait)), Ok(()));
                    }
                }
                prop_assert!(given <= u64::from(burst) + u64::from(rate) * now.0 / 1_000);
            }
        }
    }
}
