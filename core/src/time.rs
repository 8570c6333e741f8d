//! Time as the machines see it: handed in, never read.

use mesh_protocol::time::UnixMillis;

/// Milliseconds since the process started; never steps back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Monotonic(pub u64);

impl Monotonic {
    /// The instant `millis` later.
    #[must_use]
    pub fn after(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant; 0 when it is not earlier.
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// An instant on both clocks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Now {
    /// For durations and deadlines.
    pub mono: Monotonic,
    /// For what people read and for life times that outlast the process.
    pub wall: UnixMillis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_neither_wrap_nor_go_below_zero() {
        assert_eq!(Monotonic(5).after(3), Monotonic(8));
        assert_eq!(Monotonic(u64::MAX).after(3), Monotonic(u64::MAX));
        assert_eq!(Monotonic(8).since(Monotonic(5)), 3);
        assert_eq!(Monotonic(5).since(Monotonic(8)), 0);
    }
}
