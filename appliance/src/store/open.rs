//! Opening: make a new store, examine an old one, bring it up to date. A file that is not an intact store is
//! never changed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use redb::{Database, DatabaseError, StorageError};

use super::backend::Boxed;
use super::disk::{self, Mode, Place};
use super::error::{OpenError, StoreError};
use super::migrate::{self, Schema};

/// Opens the store's file for writing, making it when there is none.
pub(super) fn file(path: &Path, cache: usize) -> Result<(Place, Database), OpenError> {
    let problem = Problem { path };
    match fs::metadata(path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(path, cache).map_err(|error| problem.of_database(error))?;
        }
        Err(error) => return Err(problem.of_io(error)),
    }
    let place = Place::File(path.to_owned());
    let database = existing(&place, path, cache)?;
    Ok((place, database))
}

/// Opens what is at `place`; `path` is its name in sentences.
pub(super) fn existing(place: &Place, path: &Path, cache: usize) -> Result<Database, OpenError> {
    let problem = Problem { path };
    let examined = disk::open(place, Mode::Examined, cache).map_err(|error| problem.of_database(error))?;
    let schema = known_schema(&examined, &problem)?;
    drop(examined);
    let database = disk::open(place, Mode::Live, cache).map_err(|error| problem.of_database(error))?;
    migrate::migrate(&database, schema).map_err(|error| problem.of_store(error))?;
    Ok(database)
}

/// Opens or makes the database of a crash test.
pub(super) fn made(place: &Place, path: &Path, cache: usize) -> Result<Database, OpenError> {
    let problem = Problem { path };
    let backend = place.backend().map_err(|error| problem.of_io(error))?;
    if backend.len().map_err(|error| problem.of_io(error))? > 0 {
        return existing(place, path, cache);
    }
    let database = Database::builder()
        .set_cache_size(cache)
        .create_with_backend(Boxed(backend))
        .map_err(|error| problem.of_database(error))?;
    migrate::create(&database).map_err(|error| problem.of_store(error))?;
    Ok(database)
}

/// The schema, when this build can work with it.
pub(super) fn known_schema(database: &Database, problem: &Problem<'_>) -> Result<u64, OpenError> {
    match migrate::schema(database).map_err(|error| problem.of_store(error))? {
        Schema::Known(version) => Ok(version),
        Schema::TooNew(version) => {
            Err(OpenError::TooNew { path: problem.path.to_owned(), version, known: migrate::CURRENT })
        }
        Schema::Missing => Err(problem.damaged("it is a database of something else")),
    }
}

/// Makes a new store under another name first, so that a crash leaves either none or a whole one.
fn create(path: &Path, cache: usize) -> Result<(), DatabaseError> {
    let new = new_name(path);
    match fs::remove_file(&new) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let database = Database::builder().set_cache_size(cache).create(&new)?;
    migrate::create(&database).map_err(|error| match error {
        StoreError::Full => io::Error::from(io::ErrorKind::StorageFull).into(),
        other => DatabaseError::from(io::Error::other(other.to_string())),
    })?;
    database.close()?;
    File::open(&new)?.sync_all()?;
    fs::rename(&new, path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn new_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// Turns what went wrong into a sentence about the file.
pub(super) struct Problem<'p> {
    pub(super) path: &'p Path,
}

impl Problem<'_> {
    pub(super) fn damaged(&self, detail: &str) -> OpenError {
        OpenError::Damaged { path: self.path.to_owned(), detail: detail.to_owned() }
    }

    pub(super) fn of_io(&self, source: io::Error) -> OpenError {
        OpenError::Io { path: self.path.to_owned(), source }
    }

    pub(super) fn of_store(&self, error: StoreError) -> OpenError {
        match error {
            StoreError::Damaged(detail) => self.damaged(&detail),
            StoreError::Full => self.of_io(io::ErrorKind::StorageFull.into()),
            other => self.of_io(io::Error::other(other.to_string())),
        }
    }

    pub(super) fn of_database(&self, error: DatabaseError) -> OpenError {
        match error {
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
                OpenError::Locked(self.path.to_owned())
            }
            DatabaseError::Storage(StorageError::Io(error))
                if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) =>
            {
                self.damaged(&error.to_string())
            }
            DatabaseError::Storage(StorageError::Io(error)) => self.of_io(error),
            DatabaseError::Storage(error) => self.of_store(error.into()),
            other => self.damaged(&other.to_string()),
        }
    }
}
