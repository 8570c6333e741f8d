//! The way to the first owner: a one-time code in a file that only the box's user can read.
//!
//! The code is printed at start and by `mesh-appliance claim-code`, and typed (or carried by a link) in the
//! browser. Showing it starts a claim: a short-lived secret in that browser's cookie. The file is deleted once
//! the owner's account is on disk.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use mesh_protocol::time::UnixMillis;

use crate::secret::{self, RandomError, Token};

/// The file in the data folder.
pub const FILE: &str = "claim-code";
/// How long a started claim may take.
const CLAIM_MS: u64 = 60 * 60 * 1000;

/// A browser that has shown the code.
#[derive(Debug)]
struct Started {
    token_hash: [u8; 32],
    at: UnixMillis,
}

/// The claim of a box that has no owner yet.
#[derive(Debug)]
pub struct Claim {
    file: PathBuf,
    started: Mutex<Option<Started>>,
}

impl Claim {
    /// The claim of the box whose data is in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self { file: folder.join(FILE), started: Mutex::default() }
    }

    /// The code: the one in the file, or a fresh one written to it.
    ///
    /// # Errors
    /// When the file can't be used, or the system gives no random numbers.
    pub fn code(&self) -> std::io::Result<String> {
        if let Ok(code) = self.read() {
            return Ok(code);
        }
        let code = secret::random_code().map_err(std::io::Error::other)?;
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&self.file)?;
        file.write_all(code.as_bytes())?;
        file.sync_all()?;
        Ok(code)
    }

    fn read(&self) -> std::io::Result<String> {
        let code = std::fs::read_to_string(&self.file)?.trim().to_owned();
        if code.is_empty() { Err(std::io::ErrorKind::InvalidData.into()) } else { Ok(code) }
    }

    /// Whether `typed` is the code.
    pub fn is_code(&self, typed: &str) -> bool {
        self.read().is_ok_and(|code| secret::is_same(&code, &secret::normalize_code(typed)))
    }

    /// Starts the claim for a browser that has shown the code; a former one ends.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn start(&self, now: UnixMillis) -> Result<Token, RandomError> {
        let token = Token::random()?;
        *self.started() = Some(Started { token_hash: token.hash(), at: now });
        Ok(token)
    }

    fn started(&self) -> std::sync::MutexGuard<'_, Option<Started>> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Since when somebody has been setting up the box.
    pub fn since(&self, now: UnixMillis) -> Option<UnixMillis> {
        self.started().as_ref().map(|started| started.at).filter(|at| now.0 < at.0 + CLAIM_MS)
    }

    /// Whether `token` belongs to the running claim.
    pub fn is_running(&self, token: &Token, now: UnixMillis) -> bool {
        self.started().as_ref().is_some_and(|started| {
            secret::is_same_hash(&started.token_hash, &token.hash()) && now.0 < started.at.0 + CLAIM_MS
        })
    }

    /// The owner is on disk: the code is of no use any more.
    pub fn finish(&self) {
        *self.started() = None;
        if let Err(error) = std::fs::remove_file(&self.file)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "the used claim code could not be deleted; it opens nothing any more");
        }
    }
}

/// A code as it is shown: two groups of four.
pub fn display(code: &str) -> String {
    match code.split_at_checked(code.len() / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_code_stays_until_it_is_used() {
        let folder = tempfile::tempdir().unwrap();
        let claim = Claim::new(folder.path());
        let code = claim.code().unwrap();
        assert_eq!(claim.code().unwrap(), code);
        assert!(claim.is_code(&display(&code).to_lowercase()));
        assert!(!claim.is_code("00000000"));
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        claim.finish();
        assert!(!claim.is_code(&code), "a used code opens nothing");
    }

    #[test]
    fn a_second_browser_takes_over_and_an_old_claim_ends() {
        let folder = tempfile::tempdir().unwrap();
        let claim = Claim::new(folder.path());
        let now = UnixMillis(1_000);
        let first = claim.start(now).unwrap();
        assert!(claim.is_running(&first, now));
        let second = claim.start(now).unwrap();
        assert!(!claim.is_running(&first, now));
        assert!(claim.is_running(&second, now));
        let over = UnixMillis(1_000 + CLAIM_MS);
        assert!(!claim.is_running(&second, over));
        assert_eq!((claim.since(now), claim.since(over)), (Some(now), None));
    }
}
