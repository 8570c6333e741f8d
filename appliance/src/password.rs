//! Passwords: argon2id, and never more work at once than the box can bear.
//!
//! One hash takes 19 MiB and two passes (the least that OWASP asks for). At most two run at once and eight wait,
//! so 38 MiB is all the memory that a flood of sign-ins can make the box use; more are told to come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use mesh_protocol::error::ErrorCode;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::secret;

/// KiB of memory of one hash.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Hashes that run at once.
const AT_ONCE: usize = 2;
/// Requests that wait for their turn; more are refused.
const QUEUE: usize = 8;

/// Hashes and verifies passwords; cheap to clone.
#[derive(Clone)]
pub struct Passwords(Arc<Shared>);

struct Shared {
    admitted: Arc<Semaphore>,
    running: Semaphore,
    computed: AtomicU64,
    /// A hash that no password has, for users that don't exist: they cost the same time.
    nobody: String,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

fn argon2() -> Result<Argon2<'static>, ErrorCode> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|_| ErrorCode::Internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String, ErrorCode> {
    let salt = secret::random_salt().map_err(|_| ErrorCode::Internal)?;
    let salt = SaltString::encode_b64(&salt).map_err(|_| ErrorCode::Internal)?;
    let hash = argon2()?.hash_password(password.as_bytes(), &salt).map_err(|_| ErrorCode::Internal)?;
    Ok(hash.to_string())
}

fn verify_now(password: &str, hash: &str) -> bool {
    let (Ok(argon2), Ok(hash)) = (argon2(), PasswordHash::new(hash)) else { return false };
    argon2.verify_password(password.as_bytes(), &hash).is_ok()
}

impl Passwords {
    /// A hasher. `nobody` has the parameters of real hashes and a digest that nothing hashes to.
    pub fn new() -> Self {
        let nobody =
            format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$bWVzaC1ub2JvZHk${}", "A".repeat(43));
        Self(Arc::new(Shared {
            admitted: Arc::new(Semaphore::new(AT_ONCE + QUEUE)),
            running: Semaphore::new(AT_ONCE),
            computed: AtomicU64::new(0),
            nobody,
        }))
    }

    /// The hash to store.
    ///
    /// # Errors
    /// [`ErrorCode::Busy`] when too many wait.
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<String, ErrorCode> {
        self.run(move || hash_now(&password)).await?
    }

    /// Whether `password` has the stored hash; without one, the same work for nothing.
    ///
    /// # Errors
    /// [`ErrorCode::Busy`] when too many wait.
    pub async fn verify(&self, password: Zeroizing<String>, hash: Option<String>) -> Result<bool, ErrorCode> {
        let nobody = self.0.nobody.clone();
        self.run(move || match hash {
            Some(hash) => verify_now(&password, &hash),
            None => {
                verify_now(&password, &nobody);
                false
            }
        })
        .await
    }

    /// Hashes computed since the start: what a request costs, for tests that compare two.
    pub fn computed(&self) -> u64 {
        self.0.computed.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ErrorCode> {
        let admitted = self.0.admitted.clone().try_acquire_owned().map_err(|_| ErrorCode::Busy)?;
        let shared = self.0.clone();
        // A task of its own: a client that goes away gives its place back only when its hash has ended, or
        // many short connections could make the box compute any number at once.
        let task = tokio::spawn(async move {
            let running = shared.running.acquire().await.map_err(|_| ErrorCode::Internal)?;
            let result = tokio::task::spawn_blocking(work).await.map_err(|_| ErrorCode::Internal)?;
            shared.computed.fetch_add(1, Ordering::Relaxed);
            drop((running, admitted));
            Ok(result)
        });
        task.await.map_err(|_| ErrorCode::Internal)?
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new();
        let hash = passwords.hash(secret("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify(secret("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(secret("wrong horse"), Some(hash)).await.unwrap());
        assert!(!passwords.verify(secret("correct horse"), None).await.unwrap());
    }

    #[test]
    fn nobody_costs_as_much_as_somebody() {
        let nobody = Passwords::new().0.nobody.clone();
        let parsed = PasswordHash::new(&nobody).unwrap();
        let real = hash_now("correct horse").unwrap();
        let real = PasswordHash::new(&real).unwrap();
        assert_eq!(parsed.params, real.params);
        assert_eq!(parsed.hash.map(|hash| hash.len()), real.hash.map(|hash| hash.len()));
    }

    #[tokio::test]
    async fn a_flood_is_told_to_come_back() {
        let passwords = Passwords::new();
        let tries = (0..20).map(|_| passwords.verify(secret("x"), None));
        let answers = futures_util::future::join_all(tries).await;
        let busy = answers.iter().filter(|answer| **answer == Err(ErrorCode::Busy)).count();
        assert_eq!(busy, 20 - AT_ONCE - QUEUE);
        assert_eq!(passwords.computed() as usize, AT_ONCE + QUEUE, "who is refused costs nothing");
        assert_eq!(passwords.verify(secret("x"), None).await, Ok(false), "the queue is free again");
    }

    #[tokio::test]
    async fn a_client_that_goes_away_keeps_its_place_until_its_hash_has_ended() {
        let passwords = Passwords::new();
        for _ in 0..AT_ONCE + QUEUE {
            let verify = passwords.verify(secret("guess guess"), None);
            assert!(futures_util::FutureExt::now_or_never(verify).is_none());
        }
        assert_eq!(passwords.verify(secret("guess guess"), None).await, Err(ErrorCode::Busy));
    }
}
