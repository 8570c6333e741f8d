//! The store: everything durable, in one redb file.
//!
//! Reads are direct: [`Store::read`] hands a consistent [`View`] to a closure. All writing goes through one
//! thread ([`writer`]): an operation is a closure over a [`Change`], several share a commit, and whoever waits
//! is told only when it is on disk — two-phase commit and quick repair always, so that no power cut loses what
//! was acknowledged, a second one during recovery included.
//!
//! Operations are refused one by one and leave no trace. When the disk is full or fails, writes are answered
//! with an error, reading goes on, [`Store::storage`] says so, and writing resumes by itself ([`disk`]).
//!
//! Where things are: all tables in [`table`], stored forms in [`record`], what can be asked and changed in
//! [`people`], [`devices`], [`rooms`], [`log`], [`history`] and [`search`]; [`open`] and [`migrate`] bring a file up to
//! date, and [`check`](check()) examines one. redb is named nowhere else in Mesh.

mod backend;
mod change;
mod check;
mod devices;
mod disk;
mod error;
mod history;
mod log;
mod migrate;
mod open;
mod operation;
mod people;
mod queue;
pub mod record;
mod rooms;
mod search;
mod table;
mod tag;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use mesh_protocol::session::StorageState;
use tokio::sync::{oneshot, watch};

pub use change::{Change, Tables, View};
pub use check::{CheckReport, check};
pub use devices::DeviceReads;
pub use disk::{BackendFactory, RESERVE};
pub use error::{OpenError, StoreError};
pub use people::PeopleReads;
pub use queue::{DEFER, QUEUE_OPS};
pub use rooms::{REVISIONS_KEPT, RoomReads};
pub use search::{SEARCH_BUDGET, SearchReads};
pub use tag::TagIndex;
pub use writer::COMMIT_OPS;

use disk::{Disk, Place};
use operation::{Operation, Submitted};
use queue::{GATHER, Queue};
use writer::Writer;

/// How often writing is tried again while the disk fails: it resumes within this after the disk does.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// How a store is opened.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    /// Bytes that pages may take in memory.
    pub cache_bytes: usize,
    /// How often writing is tried again while the disk fails.
    pub probe_every: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { cache_bytes: 8 * 1024 * 1024, probe_every: PROBE_EVERY }
    }
}

/// A handle to the store; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    disk: Arc<Disk>,
    queue: Arc<Queue>,
    /// Becomes true when the writer has ended and the file is closed.
    ended: watch::Receiver<bool>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.queue.stop();
    }
}

impl Store {
    /// Opens the store in the file `path`, making it when there is none.
    ///
    /// # Errors
    /// When another process has it, it is damaged, of a newer version, or the disk refuses. Each says what to
    /// do, and nothing is changed.
    pub fn open(path: &Path, options: StoreOptions) -> Result<Self, OpenError> {
        let (place, database) = open::file(path, options.cache_bytes)?;
        Self::start(Disk::new(place, database, options.cache_bytes)?, options)
    }

    /// Opens the store on storage that `make` gives each time it is opened; empty storage becomes a new store.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn with_backend(make: BackendFactory, options: StoreOptions) -> Result<Self, OpenError> {
        let place = Place::Made(make);
        let database = open::made(&place, options.cache_bytes)?;
        Self::start(Disk::new(place, database, options.cache_bytes)?, options)
    }

    fn start(disk: Disk, options: StoreOptions) -> Result<Self, OpenError> {
        let (disk, queue) = (Arc::new(disk), Arc::new(Queue::default()));
        let (ending, ended) = watch::channel(false);
        let writer = Writer::new(disk.clone(), queue.clone(), options.probe_every);
        std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || {
                writer.run();
                ending.send_replace(true);
            })
            .map_err(|error| OpenError::Io(error.to_string()))?;
        Ok(Self { shared: Arc::new(Shared { disk, queue, ended }) })
    }

    /// Reads from one consistent state: everything committed before. Keep it short and don't call the store
    /// from within.
    ///
    /// # Errors
    /// When the disk fails or the store was shut down, or what `read` returns.
    pub fn read<T>(&self, read: impl FnOnce(&View<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let result = self.shared.disk.read(read);
        if matches!(result, Err(StoreError::Failing(_))) {
            self.shared.queue.check();
        }
        result
    }

    /// Holds everything that can be read against what the store promises; for tests and for `check`.
    ///
    /// # Errors
    /// What was found, and trouble with the disk.
    pub fn examine(&self) -> Result<CheckReport, OpenError> {
        self.shared.disk.read(|view| Ok(check::examine(view)))?
    }

    /// Writes and waits until it is on disk.
    ///
    /// # Errors
    /// When `apply` refused, or the disk did; then nothing of it is on disk.
    pub async fn write<T: Send + 'static>(
        &self,
        apply: impl FnOnce(&mut Change<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, receiver) = oneshot::channel();
        self.submit(apply, move |result| {
            // Whoever asked may have gone away; it is written all the same.
            let _ = sender.send(result);
        });
        receiver.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Writes without waiting: `done` is called on the writer's thread once it is on disk or refused, in the
    /// order of submission.
    pub fn submit<T: Send + 'static>(
        &self,
        apply: impl FnOnce(&mut Change<'_>) -> Result<T, StoreError> + Send + 'static,
        done: impl FnOnce(Result<T, StoreError>) + Send + 'static,
    ) {
        self.push(Box::new(Submitted::new(apply, done)), GATHER);
    }

    /// Like [`Self::submit`], for what nobody waits for (read marks, "last seen"): it goes with the next
    /// commit, or after [`DEFER`] with one of its own. It spares the flash card most of its writes.
    pub fn defer<T: Send + 'static>(
        &self,
        apply: impl FnOnce(&mut Change<'_>) -> Result<T, StoreError> + Send + 'static,
        done: impl FnOnce(Result<T, StoreError>) + Send + 'static,
    ) {
        self.push(Box::new(Submitted::new(apply, done)), DEFER);
    }

    fn push(&self, operation: Box<dyn Operation>, patience: Duration) {
        if let Err(refused) = self.shared.queue.push(operation, patience) {
            // The writer has ended. `done` may block, so it is not called on a thread of the caller's.
            std::thread::spawn(move || drop(refused));
        }
    }

    /// Whether the disk takes writes, now and as it changes.
    pub fn storage(&self) -> watch::Receiver<StorageState> {
        self.shared.disk.watch()
    }

    /// Ends the writer after everything submitted before, and closes the file.
    pub async fn shutdown(&self) {
        self.shared.queue.stop();
        let mut ended = self.shared.ended.clone();
        // An error says that the writer's thread is gone: ended as well.
        let _ = ended.wait_for(|ended| *ended).await;
    }
}
