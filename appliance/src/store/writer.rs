//! The writer: one thread that owns all writing.
//!
//! It takes what waits, at most [`COMMIT_OPS`] operations, applies each in one transaction, commits, and only
//! then answers, in order. When idle it commits at once (after
//! [`super::queue::GATHER`], which makes a burst one commit); while a commit runs, more gather, so the load itself
//! sets the size of a commit. An operation that is refused or panics is undone alone. When the disk fails, the
//! whole commit fails, [`super::disk`] keeps reading possible, and the writer tries again by itself.
//!
//! A commit that failed half way may still be on disk. The writer looks: what is not there is answered with
//! the error; what is there but perhaps not for good stays unanswered until a later commit settled it, so
//! nothing is ever acknowledged that could be lost, nor refused and then found.
//!
//! It ends after [`super::Store::shutdown`], or when the last handle is gone, once everything was answered.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mesh_protocol::session::StorageState;

use super::change::{Change, Witness};
use super::disk::{Disk, begin_write, guarded};
use super::error::StoreError;
use super::operation::{Operation, Submitted};
use super::queue::{Queue, Work};

/// Operations in one commit at most (security.md section 6).
pub const COMMIT_OPS: usize = 64;
/// Rows of deleted rooms that one commit removes.
const SWEEP_ROWS: usize = 1_000;

type Batch = Vec<Box<dyn Operation>>;

/// The thread's state.
pub(super) struct Writer {
    disk: Arc<Disk>,
    queue: Arc<Queue>,
    probe_every: Duration,
    /// While the disk fails: when to try again.
    probe_at: Option<Instant>,
    /// A failed commit that may be on disk.
    unsettled: Option<(Batch, Witness)>,
    /// Rows of deleted rooms may be left to remove.
    sweeping: bool,
}

/// How a commit ended.
enum Outcome {
    Done,
    /// Nothing of it is on disk.
    Failed(StoreError),
    /// It went wrong after something was written; some or all may be on disk.
    Unknown(StoreError, Witness),
}

impl Outcome {
    fn of(applied: Result<(), StoreError>, witness: Option<Witness>) -> Self {
        match (applied, witness) {
            (Ok(()), _) => Self::Done,
            (Err(error), Some(witness)) => Self::Unknown(error, witness),
            (Err(error), None) => Self::Failed(error),
        }
    }
}

impl Writer {
    pub(super) fn new(disk: Arc<Disk>, queue: Arc<Queue>, probe_every: Duration) -> Self {
        Self { disk, queue, probe_every, probe_at: None, unsettled: None, sweeping: true }
    }

    pub(super) fn run(mut self) {
        loop {
            match self.queue.next(self.probe_at, self.sweeping) {
                Work::Commit(batch) => self.commit(batch),
                Work::Probe => self.probe(),
                Work::Check => self.check(),
                Work::Idle => self.sweep(),
                Work::Stop => break,
            }
        }
        if let Some((mut batch, _)) = self.unsettled.take() {
            finish(&mut batch, || Some(StoreError::Closed));
        }
        self.disk.close();
    }

    fn commit(&mut self, mut batch: Batch) {
        if self.probe_at.is_some_and(|at| at <= Instant::now()) {
            self.probe();
        }
        if self.probe_at.is_some() {
            let state = *self.disk.watch().borrow();
            finish(&mut batch, || Some(refused_by(state)));
            return;
        }
        if !self.disk.has_space() {
            self.failed(&StoreError::Full);
            finish(&mut batch, || Some(StoreError::Full));
            return;
        }
        let mut witness = None;
        let applied = guarded(|| self.apply(&mut batch, &mut witness));
        match Outcome::of(applied, witness) {
            Outcome::Done => finish(&mut batch, || None),
            Outcome::Failed(error) => {
                self.disk.freeze();
                self.failed(&error);
                finish(&mut batch, || Some(error.clone()));
            }
            Outcome::Unknown(error, witness) => {
                self.disk.freeze();
                self.failed(&error);
                if self.disk.read(|view| witness(view)).unwrap_or(true) {
                    self.unsettled = Some((batch, witness));
                } else {
                    finish(&mut batch, || Some(error.clone()));
                }
            }
        }
    }

    /// Removes some rows of deleted rooms. Trouble is met again when somebody writes.
    fn sweep(&mut self) {
        self.sweeping = false;
        let (sender, receiver) = std::sync::mpsc::channel();
        let sweep = |change: &mut Change<'_>| change.sweep(SWEEP_ROWS);
        self.commit(vec![Box::new(Submitted::new(sweep, move |result| drop(sender.send(result))))]);
        self.sweeping |= matches!(receiver.try_recv(), Ok(Ok(true)));
    }

    /// Applies and commits. Operations that are refused are answered alone. `witness` is left when an error
    /// came too late to know what is on disk.
    fn apply(&mut self, batch: &mut Batch, witness: &mut Option<Witness>) -> Result<(), StoreError> {
        let disk = self.disk.clone();
        let database = disk.database();
        let transaction = begin_write(database.as_ref().ok_or(StoreError::Closed)?)?;
        let mut written = None;
        for operation in batch.iter_mut() {
            let mut change = Change::new(&transaction, disk.tags());
            let applied = guarded(|| operation.apply(&mut change));
            match applied {
                Ok(()) => {
                    self.sweeping |= change.leaves_rows();
                    written = written.or(change.into_witness());
                }
                Err(error) if error.is_io() => return Err(error),
                Err(error) => {
                    change.undo()?;
                    operation.settle(error);
                }
            }
        }
        if written.is_none() {
            return Ok(transaction.abort()?);
        }
        *witness = written;
        Ok(transaction.commit()?)
    }

    fn failed(&mut self, error: &StoreError) {
        tracing::error!(%error, "the disk does not take writes");
        self.disk.set_state(state_after(error));
        self.probe_at = Some(Instant::now());
    }

    fn probe(&mut self) {
        match self.disk.thaw().and_then(|()| self.settle()) {
            Ok(()) => {
                tracing::info!("the disk takes writes again");
                self.probe_at = None;
                self.disk.set_state(StorageState::Ok);
            }
            Err(error) => {
                tracing::debug!(%error, "the disk still does not take writes");
                self.disk.set_state(state_after(&error));
                self.probe_at = Some(Instant::now() + self.probe_every);
            }
        }
    }

    /// Answers the commit that failed half way, now that a later one is safely on disk.
    fn settle(&mut self) -> Result<(), StoreError> {
        let Some((batch, witness)) = &mut self.unsettled else { return Ok(()) };
        let is_there = self.disk.read(|view| witness(view))?;
        finish(batch, || (!is_there).then(|| refused_by(StorageState::Failing)));
        self.unsettled = None;
        Ok(())
    }

    /// A read failed: the database may have to be opened again.
    fn check(&mut self) {
        if self.probe_at.is_none() {
            let result =
                self.disk.database().as_ref().map_or(Ok(()), |database| begin_write(database).map(drop));
            if let Err(error) = result {
                self.disk.freeze();
                self.failed(&error);
            }
        }
    }
}

fn finish(batch: &mut Batch, error: impl Fn() -> Option<StoreError>) {
    for mut operation in batch.drain(..) {
        // A panic of whoever waits must not end all writing.
        let told = guarded(|| {
            operation.finish(error());
            Ok(())
        });
        if told.is_err() {
            tracing::error!("whoever waited for a write panicked");
        }
    }
}

fn state_after(error: &StoreError) -> StorageState {
    match error {
        StoreError::Full => StorageState::Full,
        _ => StorageState::Failing,
    }
}

fn refused_by(state: StorageState) -> StoreError {
    match state {
        StorageState::Full => StoreError::Full,
        StorageState::Ok | StorageState::Failing => StoreError::Failing("the disk fails".to_owned()),
    }
}
