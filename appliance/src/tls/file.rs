//! The files of certificates and keys, with errors that name them.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::TlsError;

pub(super) fn read(path: &Path) -> Result<String, TlsError> {
    std::fs::read_to_string(path).map_err(|error| TlsError::File(path.into(), error.to_string()))
}

pub(super) fn make_folder(path: &Path) -> Result<(), TlsError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| TlsError::File(path.into(), error.to_string()))
}

/// Writes `text` unless it is there already.
pub(super) fn write(path: &Path, text: &str) -> Result<(), TlsError> {
    crate::file::write(path, text).map_err(|error| TlsError::File(path.into(), error.to_string()))
}
