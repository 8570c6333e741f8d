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
