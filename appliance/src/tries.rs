//! Tries of passwords and codes: counted by account and by source, slowed down, never locked out.
//!
//! A try holds a [`Place`] while it is being looked at, and places count like failures: guessing in parallel
//! gains nothing. Whoever fails in somebody's name from elsewhere does not slow that person down on a device
//! they already use, because such a device has its own account of failures.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mesh_core::throttle::{RetryAfter, Throttle};
use mesh_core::time::Monotonic;

use crate::listen::Source;
use crate::secret;

/// Milliseconds after which to ask again while other tries of the same key are being looked at.
const CROWDED_MS: u64 = 1_000;

#[derive(Debug)]
struct Book<K> {
    throttle: Throttle<K>,
    /// Tries that are being looked at; each holds a request, so connections bound them.
    running: HashMap<K, u32>,
}

/// Tries of one kind of key.
#[derive(Debug, Clone)]
struct Gate<K: Eq + Hash + Clone> {
    book: Arc<Mutex<Book<K>>>,
}

impl<K: Eq + Hash + Clone> Default for Gate<K> {
    fn default() -> Self {
        let book = Book { throttle: Throttle::new(), running: HashMap::new() };
        Self { book: Arc::new(Mutex::new(book)) }
    }
}

impl<K: Eq + Hash + Clone> Gate<K> {
    fn book(&self) -> MutexGuard<'_, Book<K>> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, now: Monotonic, key: K) -> Result<Place<K>, RetryAfter> {
        let mut book = self.book();
        book.throttle.check(now, &key)?;
        let most = book.throttle.free_tries(now, &key).max(1);
        let running = book.running.entry(key.clone()).or_insert(0);
        if *running >= most {
            return Err(RetryAfter(CROWDED_MS));
        }
        *running += 1;
        Ok(Place { gate: self.clone(), key })
    }
}

/// A try that is being looked at. Dropping it says nothing about how it went.
#[derive(Debug)]
struct Place<K: Eq + Hash + Clone> {
    gate: Gate<K>,
    key: K,
}

impl<K: Eq + Hash + Clone> Place<K> {
    fn failed(self, now: Monotonic) -> Option<RetryAfter> {
        let mut book = self.gate.book();
        book.throttle.failed(now, self.key.clone());
        book.throttle.check(now, &self.key).err()
    }

    fn succeeded(self) {
        self.gate.book().throttle.succeeded(&self.key);
    }
}

impl<K: Eq + Hash + Clone> Drop for Place<K> {
    fn drop(&mut self) {
        let mut book = self.gate.book();
        if let Some(running) = book.running.get_mut(&self.key) {
            *running -= 1;
            if *running == 0 {
                book.running.remove(&self.key);
            }
        }
    }
}

/// An account as tries of its password are counted: its name by hash (names that nobody has are counted, too),
/// apart for each source that it is in use at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Account {
    name: [u8; 32],
    in_use_at: Option<Source>,
}

/// All tries; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Tries {
    accounts: Gate<Account>,
    sources: Gate<Source>,
    claims: Gate<Source>,
    recoveries: Gate<Source>,
}

/// A try of a password.
#[derive(Debug)]
#[must_use = "how it went has to be said"]
pub struct PasswordTry {
    account: Place<Account>,
    source: Place<Source>,
}

impl PasswordTry {
    /// It was wrong; tells how long the next one has to wait.
    pub fn failed(self, now: Monotonic) -> Option<RetryAfter> {
        let waits = [self.account.failed(now), self.source.failed(now)];
        waits.into_iter().flatten().max_by_key(|wait| wait.0)
    }

    /// It was right. The account starts over; the source does not, or one good account would buy guesses at
    /// all others.
    pub fn succeeded(self) {
        self.account.succeeded();
    }
}

/// A try of the claim code, or of a recovery code.
#[derive(Debug)]
#[must_use = "how it went has to be said"]
pub struct CodeTry(Place<Source>);

impl CodeTry {
    /// It was wrong; tells how many more may be wrong before one has to wait.
    ///
    /// # Errors
    /// How long the next one has to wait.
    pub fn failed(self, now: Monotonic) -> Result<u32, RetryAfter> {
        let (gate, key) = (self.0.gate.clone(), self.0.key);
        match self.0.failed(now) {
            Some(wait) => Err(wait),
            None => Ok(gate.book().throttle.free_tries(now, &key)),
        }
    }

    /// It was right.
    pub fn succeeded(self) {
        self.0.succeeded();
    }
}

impl Tries {
    /// Starts a try of a password for the folded user name `name`. `in_use` says that the account has a session
    /// at this very source.
    ///
    /// # Errors
    /// How long to wait, when the account or the source failed too often.
    pub fn password(
        &self,
        now: Monotonic,
        name: &str,
        source: Source,
        in_use: bool,
    ) -> Result<PasswordTry, RetryAfter> {
        let account = Account { name: secret::hash(name), in_use_at: in_use.then_some(source) };
        Ok(PasswordTry {
            account: self.accounts.enter(now, account)?,
            source: self.sources.enter(now, source)?,
        })
    }

    /// Starts a try of the claim code.
    ///
    /// # Errors
    /// How long to wait, when the source failed too often.
    pub fn claim(&self, now: Monotonic, source: Source) -> Result<CodeTry, RetryAfter> {
        self.claims.enter(now, source).map(CodeTry)
    }

    /// Starts a try of a recovery code.
    ///
    /// # Errors
    /// How long to wait, when the source failed too often.
    pub fn recovery(&self, now: Monotonic, source: Source) -> Result<CodeTry, RetryAfter> {
        self.recoveries.enter(now, source).map(CodeTry)
    }
}

#[cfg(test)]
mod tests {
    use mesh_core::throttle::{FREE_FAILURES, LONGEST_DELAY_MS};

    use super::*;

    const NOW: Monotonic = Monotonic(1_000);

    fn source(text: &str) -> Source {
        Source::of(text.parse().unwrap())
    }

    fn fail(tries: &Tries, now: Monotonic, name: &str, from: &str) -> Option<RetryAfter> {
        tries.password(now, name, source(from), false).unwrap().failed(now)
    }

    #[test]
    fn the_sixth_failure_costs_a_wait_and_no_wait_is_longer_than_five_minutes() {
        let tries = Tries::default();
        for _ in 0..FREE_FAILURES {
            assert_eq!(fail(&tries, NOW, "alice", "10.0.0.1"), None);
        }
        let mut now = NOW;
        for _ in 0..40 {
            let wait = fail(&tries, now, "alice", "10.0.0.1").unwrap();
            assert!(wait.0 <= LONGEST_DELAY_MS);
            assert_eq!(tries.password(now, "alice", source("10.0.0.1"), false).unwrap_err(), wait);
            now = now.after(wait.0);
        }
        let patient = tries.password(now, "alice", source("10.0.0.1"), false);
        assert!(patient.is_ok(), "who waits is always heard");
    }

    #[test]
    fn an_account_is_slowed_whatever_the_source_and_a_source_whatever_the_account() {
        let tries = Tries::default();
        for host in 0..=FREE_FAILURES {
            fail(&tries, NOW, "alice", &format!("10.0.0.{host}"));
        }
        assert!(tries.password(NOW, "alice", source("10.9.9.9"), false).is_err());
        for name in 0..=FREE_FAILURES {
            fail(&tries, NOW, &format!("user{name}"), "10.1.1.1");
        }
        assert!(tries.password(NOW, "bruno", source("10.1.1.1"), false).is_err());
        assert!(tries.password(NOW, "bruno", source("10.1.1.2"), false).is_ok());
    }

    #[test]
    fn strangers_do_not_slow_a_person_down_on_a_device_they_use() {
        let tries = Tries::default();
        for host in 0..=FREE_FAILURES {
            fail(&tries, NOW, "alice", &format!("10.0.0.{host}"));
        }
        assert!(tries.password(NOW, "alice", source("10.5.5.5"), false).is_err());
        assert!(tries.password(NOW, "alice", source("10.5.5.5"), true).is_ok());
    }

    #[test]
    fn guessing_in_parallel_gains_nothing() {
        let tries = Tries::default();
        let running: Vec<_> =
            (0..50).map_while(|_| tries.password(NOW, "alice", source("10.0.0.1"), false).ok()).collect();
        assert_eq!(running.len(), FREE_FAILURES as usize);
        for one in running {
            one.failed(NOW);
        }
        fail(&tries, NOW, "alice", "10.0.0.1");
        let later = NOW.after(LONGEST_DELAY_MS);
        let one = tries.password(later, "alice", source("10.0.0.1"), false).unwrap();
        let crowded = tries.password(later, "alice", source("10.0.0.2"), false).unwrap_err();
        assert_eq!(crowded, RetryAfter(CROWDED_MS));
        drop(one);
        assert!(
            tries.password(later, "alice", source("10.0.0.1"), false).is_ok(),
            "undecided counts as nothing"
        );
    }

    #[test]
    fn a_good_sign_in_frees_the_account_and_not_the_source() {
        let tries = Tries::default();
        for _ in 0..FREE_FAILURES {
            fail(&tries, NOW, "alice", "10.0.0.1");
        }
        tries.password(NOW, "alice", source("10.0.0.2"), false).unwrap().succeeded();
        assert_eq!(fail(&tries, NOW, "alice", "10.0.0.3"), None);
        assert!(fail(&tries, NOW, "mallory", "10.0.0.1").is_some());
    }

    #[test]
    fn claim_codes_have_five_tries_before_the_first_wait() {
        let tries = Tries::default();
        for left in (0..FREE_FAILURES).rev() {
            assert_eq!(tries.claim(NOW, source("10.0.0.1")).unwrap().failed(NOW), Ok(left));
        }
        assert!(tries.claim(NOW, source("10.0.0.1")).unwrap().failed(NOW).is_err());
        assert!(tries.recovery(NOW, source("10.0.0.1")).is_ok(), "other codes are counted apart");
        assert!(tries.claim(NOW, source("10.0.0.1")).is_err());
        assert!(tries.claim(NOW, source("10.0.0.2")).is_ok());
    }
}
