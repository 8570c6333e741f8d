//! The data folder: made when missing, private to its user, used by one box at a time.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

/// The lock file in the data folder; holds the process id of the box that runs.
const FILE: &str = "lock";

/// Why a data folder can't be used, as one sentence.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It can't be made or written.
    #[error("the data folder {path} can't be used: {error}. Choose another with --data-dir, or make it writable for this user.", path = .0.display(), error = .1)]
    Unusable(PathBuf, std::io::Error),
    /// Another box runs in it.
    #[error("the data folder {path} is in use by a running box{process}. Stop that one first.", path = .0.display(), process = .1)]
    InUse(PathBuf, String),
}

/// Holds the folder; let go of when dropped.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Makes the folder if it is missing and takes it.
    pub(crate) fn take(folder: &Path) -> Result<Self, LockError> {
        let unusable = |error| LockError::Unusable(folder.to_owned(), error);
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join(FILE))
            .map_err(unusable)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut holder = String::new();
                // Who holds it is a help, not a need.
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim();
                let process = if holder.is_empty() { String::new() } else { format!(" (process {holder})") };
                return Err(LockError::InUse(folder.to_owned(), process));
            }
            Err(error) => return Err(unusable(error.into())),
        }
        let written = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        written.map_err(unusable)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_used_by_one_box_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("new/data");
        let held = FolderLock::take(&place).unwrap();
        let refused = FolderLock::take(&place).unwrap_err();
        assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
        drop(held);
        assert!(FolderLock::take(&place).is_ok());
    }

    #[test]
    fn a_folder_that_is_a_file_is_refused_in_words() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let refused = FolderLock::take(file.path()).unwrap_err();
        assert!(refused.to_string().contains("--data-dir"), "{refused}");
    }
}
