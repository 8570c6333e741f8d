//! What waits for the writer.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::error::StoreError;
use super::operation::Operation;
use super::writer::COMMIT_OPS;

/// Operations that may wait; beyond, new ones will be answered with [`StoreError::Busy`]: not at once, but in
/// order, after the commit that is under way. They go through the queue, so its length has no bound of its own,
/// but they no longer hold what they would have written. Whoever submits has to bound what is unanswered: a room
/// does (`mesh_core::room::PENDING_EVENTS`), as does a REST call, which waits for its answer.
pub const QUEUE_OPS: usize = 1_024;
/// How long an operation waits for others of the same burst, so that ten at once are one commit and not two.
pub(super) const GATHER: Duration = Duration::from_micros(500);
/// How long a deferred operation waits for company before it is committed alone.
pub const DEFER: Duration = Duration::from_secs(5);

/// What the writer does next.
pub(super) enum Work {
    Commit(Vec<Box<dyn Operation>>),
    /// Try the disk again.
    Probe,
    /// See whether the database still works.
    Check,
    /// Nothing waits: time for what can wait.
    Idle,
    /// Nothing waits and nothing will come.
    Stop,
}

/// Bounded, first in first out.
#[derive(Default)]
pub(super) struct Queue {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Default)]
struct Inner {
    waiting: VecDeque<Box<dyn Operation>>,
    /// When the oldest waiting operation must be committed; `None` while nothing waits.
    due: Option<Instant>,
    check: bool,
    stopping: bool,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("waiting", &self.lock().waiting.len()).finish()
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an operation that may wait for others up to `patience`. Given back when the queue has ended.
    pub(super) fn push(
        &self,
        mut operation: Box<dyn Operation>,
        patience: Duration,
    ) -> Result<(), Box<dyn Operation>> {
        let mut inner = self.lock();
        if inner.stopping {
            return Err(operation);
        }
        if inner.waiting.len() >= QUEUE_OPS {
            operation.settle(StoreError::Busy);
        }
        inner.waiting.push_back(operation);
        let due = Instant::now() + patience;
        let is_sooner = inner.due.is_none_or(|earlier| due < earlier);
        if is_sooner {
            inner.due = Some(due);
        }
        if is_sooner || inner.waiting.len() == COMMIT_OPS {
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Asks the writer to see whether the database still works.
    pub(super) fn check(&self) {
        self.lock().check = true;
        self.changed.notify_one();
    }

    /// Nothing more will come; what waits is still done.
    pub(super) fn stop(&self) {
        self.lock().stopping = true;
        self.changed.notify_one();
    }

    /// Waits for work; with `has_chores` nothing to do is work, too.
    pub(super) fn next(&self, probe_at: Option<Instant>, has_chores: bool) -> Work {
        let mut inner = self.lock();
        loop {
            let now = Instant::now();
            if std::mem::take(&mut inner.check) {
                return Work::Check;
            }
            if inner.stopping && inner.waiting.is_empty() {
                return Work::Stop;
            }
            let is_full = inner.waiting.len() >= COMMIT_OPS;
            if inner.stopping || is_full || inner.due.is_some_and(|due| due <= now) {
                let most = COMMIT_OPS.min(inner.waiting.len());
                let batch: Vec<_> = inner.waiting.drain(..most).collect();
                // What is left has waited long enough.
                inner.due = if inner.waiting.is_empty() { None } else { Some(now) };
                return Work::Commit(batch);
            }
            if probe_at.is_some_and(|at| at <= now) {
                return Work::Probe;
            }
            if has_chores && probe_at.is_none() {
                return Work::Idle;
            }
            let until = inner.due.into_iter().chain(probe_at).min();
            inner = match until {
                Some(until) => {
                    let waited = self.changed.wait_timeout(inner, until - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}
