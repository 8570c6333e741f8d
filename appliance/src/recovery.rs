//! The way back in for an owner who forgot the password and has no other owner to ask: a one-time code in a file
//! of the data folder, written by `mesh-appliance recovery-code` on the box itself.
//!
//! Who can write into the folder has the box anyway, so the command proves enough; it never opens the database and
//! works while the box runs. The box looks at the file only when somebody shows a code. The file goes when its
//! code is used, when a try finds it too old, and when a newer one replaces it.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use mesh_protocol::time::UnixMillis;

use crate::secret;

/// The file in the data folder: the code, and until when it can be used.
pub const FILE: &str = "recovery-code";
/// The file before it is whole.
const UNFINISHED: &str = "recovery-code.new";
/// How long a code can be used: 15 minutes, to walk from the box to a browser.
pub const LIFE_MS: u64 = 15 * 60 * 1000;

/// The recovery code of a box, if there is one.
#[derive(Debug)]
pub struct Recovery {
    folder: PathBuf,
}

impl Recovery {
    /// Recovery of the box whose data is in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Writes a fresh code, in place of a former one. Readable by the folder's owner only, also when root asks.
    ///
    /// # Errors
    /// When the file can't be written, or the system gives no random numbers.
    pub fn write(&self, now: UnixMillis) -> std::io::Result<String> {
        let code = secret::random_code().map_err(std::io::Error::other)?;
        let unfinished = self.folder.join(UNFINISHED);
        remove(&unfinished)?;
        // Made new, so that root follows no link that somebody put there.
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        let (owner, own) = (std::fs::metadata(&self.folder)?, file.metadata()?);
        if (owner.uid(), owner.gid()) != (own.uid(), own.gid()) {
            std::os::unix::fs::fchown(&file, Some(owner.uid()), Some(owner.gid()))?;
        }
        writeln!(file, "{code} {}", now.0.saturating_add(LIFE_MS))?;
        file.sync_all()?;
        std::fs::rename(unfinished, self.folder.join(FILE))?;
        Ok(code)
    }

    /// Whether `typed` is the code and can still be used.
    pub fn is_code(&self, typed: &str, now: UnixMillis) -> bool {
        let Some((code, until)) = self.read() else { return false };
        // A clock that was set back makes nothing last longer.
        let is_fresh = now.0 < until && until - now.0 <= LIFE_MS;
        if !is_fresh && let Err(error) = self.forget() {
            tracing::warn!(%error, "an old recovery code could not be deleted; it opens nothing any more");
        }
        is_fresh && secret::is_same(&code, &secret::normalize_code(typed))
    }

    /// Uses the code up: of several who show it at once, one is told true. It is gone for good before anything
    /// is done with it, so a power cut in between makes nobody able to use it twice.
    ///
    /// # Errors
    /// When the file can't be deleted.
    pub fn take(&self, typed: &str, now: UnixMillis) -> std::io::Result<bool> {
        Ok(self.is_code(typed, now) && self.forget()?)
    }

    fn read(&self) -> Option<(String, u64)> {
        let text = std::fs::read_to_string(self.folder.join(FILE)).ok()?;
        let (code, until) = text.trim().split_once(' ')?;
        Some((code.to_owned(), until.parse().ok()?)).filter(|(code, _)| !code.is_empty())
    }

    /// Deletes the file; false when it was gone.
    fn forget(&self) -> std::io::Result<bool> {
        let was_there = remove(&self.folder.join(FILE))?;
        File::open(&self.folder)?.sync_all()?;
        Ok(was_there)
    }
}

fn remove(path: &Path) -> std::io::Result<bool> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000_000);

    fn place() -> (tempfile::TempDir, Recovery) {
        let folder = tempfile::tempdir().unwrap();
        let recovery = Recovery::new(folder.path());
        (folder, recovery)
    }

    #[test]
    fn a_code_is_used_once_and_a_newer_one_replaces_it() {
        let (folder, recovery) = place();
        assert!(!recovery.is_code("", NOW) && !recovery.take("", NOW).unwrap(), "no file, no code");
        let old = recovery.write(NOW).unwrap();
        let code = recovery.write(NOW).unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!recovery.is_code(&old, NOW));
        assert!(recovery.is_code(&crate::claim::display(&code).to_lowercase(), NOW));
        assert!(!recovery.take(&old, NOW).unwrap());
        assert!(recovery.take(&code, NOW).unwrap());
        assert!(!recovery.take(&code, NOW).unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
    }

    #[test]
    fn an_old_code_is_refused_and_deleted_and_so_is_one_from_the_future() {
        for now in [NOW.0 + LIFE_MS, NOW.0 - 1, 0, u64::MAX] {
            let (folder, recovery) = place();
            let code = recovery.write(NOW).unwrap();
            assert!(recovery.is_code(&code, UnixMillis(NOW.0 + LIFE_MS - 1)));
            assert!(!recovery.is_code(&code, UnixMillis(now)), "{now}");
            assert!(!folder.path().join(FILE).exists(), "{now}");
        }
    }

    #[test]
    fn a_file_that_is_no_code_opens_nothing() {
        let (folder, recovery) = place();
        for text in ["", " ", "\n", "K7QD92XM", "K7QD92XM soon", " 1000000001", "K7QD92XM 1 2"] {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            assert!(!recovery.is_code("", NOW) && !recovery.is_code("K7QD92XM", NOW), "{text:?}");
        }
    }

    #[test]
    fn a_link_in_the_folder_leads_nowhere() {
        let (folder, recovery) = place();
        let other = folder.path().join("other");
        std::fs::write(&other, "precious").unwrap();
        std::os::unix::fs::symlink(&other, folder.path().join(UNFINISHED)).unwrap();
        recovery.write(NOW).unwrap();
        assert_eq!(std::fs::read_to_string(other).unwrap(), "precious");
    }
}
