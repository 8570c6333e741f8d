//! The database behind the store, and what happens to it when the disk fails.
//!
//! redb refuses everything after its first I/O error, reads of what is not in its cache included. So the
//! database is then *frozen*: closed, and opened again over the same file with writes kept in memory, in the
//! state of the last commit. Reading goes on from there. A *thaw* opens the file itself again and proves it
//! with a commit of its own; it is tried at once and then every second.
//!
//! A full disk is noticed before redb is hurt: each commit needs [`RESERVE`] free bytes.

use std::fs::OpenOptions;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use mesh_protocol::session::StorageState;
use redb::backends::FileBackend;
use redb::{Database, DatabaseError, ReadableDatabase, StorageBackend, StorageError, WriteTransaction};
use tokio::sync::watch;

use super::backend::{Boxed, Frozen};
use super::change::View;
use super::error::StoreError;
use super::migrate::CURRENT;
use super::table::{META, META_SCHEMA};
use super::tag::TagIndex;

/// Bytes that must be free before a commit: more than the largest commit writes anew, with room for the file
/// system's own needs.
pub const RESERVE: u64 = 4 * 1024 * 1024;

/// Makes the backend of a database, each time it is opened.
pub type BackendFactory = Box<dyn Fn() -> io::Result<Box<dyn StorageBackend>> + Send + Sync>;

/// Where the database is.
pub(super) enum Place {
    File(PathBuf),
    /// Crash tests.
    Made(BackendFactory),
}

impl Place {
    pub(super) fn backend(&self) -> io::Result<Box<dyn StorageBackend>> {
        match self {
            Self::File(path) => {
                let file = OpenOptions::new().read(true).write(true).open(path)?;
                Ok(Box::new(FileBackend::new(file).map_err(io::Error::other)?))
            }
            Self::Made(make) => make(),
        }
    }

    /// Free bytes, where the system knows them.
    fn free(&self) -> Option<u64> {
        let Self::File(path) = self else { return None };
        let space = rustix::fs::statvfs(path).ok()?;
        Some(space.f_bavail.saturating_mul(space.f_frsize))
    }
}

/// How a database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// For writing.
    Live,
    /// For reading; repairs stay in memory.
    Frozen,
    /// Like frozen, and every page is compared with its checksum.
    Examined,
}

/// Opens the database. A damaged one is an error, never a panic.
pub(super) fn open(place: &Place, mode: Mode, cache: usize) -> Result<Database, DatabaseError> {
    let backend = place.backend()?;
    if backend.len()? == 0 {
        return Err(StorageError::Corrupted("the file is empty".to_owned()).into());
    }
    let mut builder = Database::builder();
    builder.set_cache_size(cache).set_check_integrity_on_open(mode == Mode::Examined);
    let opened = catch_unwind(AssertUnwindSafe(|| match mode {
        Mode::Live => builder.create_with_backend(Boxed(backend)),
        Mode::Frozen | Mode::Examined => builder.create_with_backend(Frozen::new(backend)?),
    }));
    opened.unwrap_or_else(|_| Err(StorageError::Corrupted("opening it failed inside".to_owned()).into()))
}

/// A write transaction as every commit of the store is made: safe against a second crash, and quick to open
/// after one.
pub(super) fn begin_write(database: &Database) -> Result<WriteTransaction, StoreError> {
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    transaction.set_quick_repair(true);
    Ok(transaction)
}

/// Makes a panic an error: redb panics over pages that went bad after the file was examined, and that must not
/// end the hub or the writer.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(StoreError::Panicked))
}

/// The database, in whichever mode it is.
pub(super) struct Disk {
    place: Place,
    cache: usize,
    /// `None` once closed, or when not even a frozen database can be opened. Held for reading by each read,
    /// for writing while the mode changes.
    database: RwLock<Option<Database>>,
    state: watch::Sender<StorageState>,
    tags: TagIndex,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Disk").field("state", &*self.state.borrow()).finish_non_exhaustive()
    }
}

impl Disk {
    pub(super) fn new(place: Place, database: Database, cache: usize) -> Result<Self, StoreError> {
        let tags = TagIndex::default();
        tags.fill(&View::new(&database.begin_read()?, &tags))?;
        let state = watch::Sender::new(StorageState::Ok);
        Ok(Self { place, cache, database: RwLock::new(Some(database)), state, tags })
    }

    pub(super) fn tags(&self) -> &TagIndex {
        &self.tags
    }

    pub(super) fn watch(&self) -> watch::Receiver<StorageState> {
        self.state.subscribe()
    }

    pub(super) fn set_state(&self, state: StorageState) {
        self.state.send_if_modified(|current| std::mem::replace(current, state) != state);
    }

    pub(super) fn has_space(&self) -> bool {
        self.place.free().is_none_or(|free| free >= RESERVE)
    }

    /// Reads from one consistent state.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&View<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let database = self.database();
        let database = database.as_ref().ok_or(StoreError::Closed)?;
        guarded(|| {
            let transaction = database.begin_read()?;
            read(&View::new(&transaction, &self.tags))
        })
    }

    pub(super) fn database(&self) -> RwLockReadGuard<'_, Option<Database>> {
        self.database.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// After an I/O error: reading goes on from the last commit.
    pub(super) fn freeze(&self) {
        self.reopen(Mode::Frozen);
    }

    /// Tries to write again.
    pub(super) fn thaw(&self) -> Result<(), StoreError> {
        if !self.has_space() {
            return Err(StoreError::Full);
        }
        if let Some(error) = self.reopen(Mode::Live) {
            self.freeze();
            return Err(error);
        }
        let proof = guarded(|| self.prove());
        if proof.is_err() {
            self.freeze();
        }
        proof
    }

    /// A commit that changes nothing but goes all the way to the disk.
    fn prove(&self) -> Result<(), StoreError> {
        let database = self.database();
        let transaction = begin_write(database.as_ref().ok_or(StoreError::Closed)?)?;
        {
            let mut meta = transaction.open_table(META)?;
            meta.insert(META_SCHEMA, CURRENT.to_le_bytes().as_slice())?;
        }
        Ok(transaction.commit()?)
    }

    fn reopen(&self, mode: Mode) -> Option<StoreError> {
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        // The former one goes first: it holds the lock of the file.
        let former = database.take();
        let _ = guarded(|| {
            drop(former);
            Ok(())
        });
        match open(&self.place, mode, self.cache) {
            Ok(opened) => {
                *database = Some(opened);
                None
            }
            Err(error) => Some(error.into()),
        }
    }

    /// Closes the database.
    pub(super) fn close(&self) {
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        let former = database.take();
        if let Err(error) = guarded(|| Ok(former.map_or(Ok(()), Database::close)?)) {
            tracing::warn!(%error, "the store was not closed cleanly; it recovers when it is opened again");
        }
    }
}
