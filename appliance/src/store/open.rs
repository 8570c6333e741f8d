//! Opening: make a new store, examine an old one, bring it up to date. A file that is not an intact store is
//! never changed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use redb::Database;

use super::backend::Boxed;
use super::disk::{self, Mode, Place};
use super::error::OpenError;
use super::migrate::{self, Schema};

/// Opens the store's file for writing, making it when there is none.
pub(super) fn file(path: &Path, cache: usize) -> Result<(Place, Database), OpenError> {
    match fs::metadata(path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(path, cache)?;
        }
        Err(error) => return Err(error.into()),
    }
    let place = Place::File(path.to_owned());
    let database = existing(&place, cache)?;
    Ok((place, database))
}

/// Opens what is at `place`.
pub(super) fn existing(place: &Place, cache: usize) -> Result<Database, OpenError> {
    let examined = disk::open(place, Mode::Examined, cache)?;
    let schema = known_schema(&examined)?;
    drop(examined);
    let database = disk::open(place, Mode::Live, cache)?;
    migrate::migrate(&database, schema)?;
    Ok(database)
}

/// Opens or makes the database of a crash test.
pub(super) fn made(place: &Place, cache: usize) -> Result<Database, OpenError> {
    let backend = place.backend()?;
    if backend.len()? > 0 {
        return existing(place, cache);
    }
    let database = Database::builder().set_cache_size(cache).create_with_backend(Boxed(backend))?;
    migrate::create(&database)?;
    Ok(database)
}

/// The schema, when this build can work with it.
pub(super) fn known_schema(database: &Database) -> Result<u32, OpenError> {
    match migrate::schema(database)? {
        Schema::Known(version) => Ok(version),
        Schema::TooNew(found) => Err(OpenError::TooNew { found, known: migrate::CURRENT }),
        Schema::Missing => Err(OpenError::Damaged("it holds something else".to_owned())),
    }
}

/// Makes a new store under another name first, so that a crash leaves either none or a whole one.
fn create(path: &Path, cache: usize) -> Result<(), OpenError> {
    let new = new_name(path);
    match fs::remove_file(&new) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let database = Database::builder().set_cache_size(cache).create(&new)?;
    migrate::create(&database)?;
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
