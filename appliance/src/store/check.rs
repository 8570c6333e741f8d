//! Examines a store's file without changing it.

use std::path::Path;

use super::disk::{self, Mode, Place};
use super::error::OpenError;
use super::open::known_schema;

/// What an examination found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// The file's schema.
    pub schema: u32,
}

/// Examines the store in the file `path`.
///
/// # Errors
/// When it can't be opened at all.
pub fn check(path: &Path) -> Result<CheckReport, OpenError> {
    let place = Place::File(path.to_owned());
    let database = disk::open(&place, Mode::Examined, 8 << 20)?;
    Ok(CheckReport { schema: known_schema(&database)? })
}
