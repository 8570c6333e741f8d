//! The queue from the hub to one WebSocket, bounded by bytes.
//!
//! The hub never waits: it puts a message in, or — when [`limit::SESSION_QUEUE_BYTES`] are waiting — cuts the
//! session, which then resumes from its last event (architecture.md rule 4). A message that goes to many
//! sessions is encoded once and shared.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::ws::Utf8Bytes;
use mesh_protocol::limit;
use mesh_protocol::session::GoodbyeReason;
use tokio::sync::{Notify, mpsc};

use super::read::ReadRequest;

/// What waits for a session.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// An encoded message.
    Text(Utf8Bytes),
    /// Something to read from the store and answer; reading is the session's own work, not the hub's.
    Read(Box<ReadRequest>),
    /// Say goodbye and close.
    Goodbye(GoodbyeReason),
}

/// Bytes that a waiting read request counts for: its answer is about a page.
const READ_COST: usize = 4096;

impl Outgoing {
    fn cost(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Read(_) => READ_COST,
            Self::Goodbye(_) => 0,
        }
    }
}

#[derive(Debug, Default)]
struct Shared {
    queued: AtomicUsize,
    cut: Notify,
}

/// The hub's end.
#[derive(Debug)]
pub(crate) struct Outbox {
    sender: mpsc::UnboundedSender<Outgoing>,
    shared: Arc<Shared>,
}

/// The session's end.
#[derive(Debug)]
pub(crate) struct OutboxReceiver {
    receiver: mpsc::UnboundedReceiver<Outgoing>,
    shared: Arc<Shared>,
}

/// The session did not keep up and was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overflow;

/// A new queue.
pub(crate) fn outbox() -> (Outbox, OutboxReceiver) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let shared = Arc::new(Shared::default());
    (Outbox { sender, shared: Arc::clone(&shared) }, OutboxReceiver { receiver, shared })
}

impl Outbox {
    /// Queues `outgoing`, or cuts the session when too much waits already.
    pub(crate) fn put(&self, outgoing: Outgoing) -> Result<(), Overflow> {
        let cost = outgoing.cost();
        if self.shared.queued.load(Ordering::Relaxed) + cost > limit::SESSION_QUEUE_BYTES {
            self.shared.cut.notify_one();
            return Err(Overflow);
        }
        self.shared.queued.fetch_add(cost, Ordering::Relaxed);
        // A session that is gone already is removed by its own `Closed` event.
        let _ = self.sender.send(outgoing);
        Ok(())
    }
}

impl OutboxReceiver {
    /// The next item; `None` when the hub has dropped the session and everything was taken.
    pub(crate) async fn next(&mut self) -> Option<Outgoing> {
        let outgoing = self.receiver.recv().await?;
        self.shared.queued.fetch_sub(outgoing.cost(), Ordering::Relaxed);
        Some(outgoing)
    }

    /// Completes when the hub cuts the session for lagging.
    pub(crate) fn cut(&self) -> impl Future<Output = ()> + Send + 'static {
        let shared = Arc::clone(&self.shared);
        async move { shared.cut.notified().await }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_cuts_the_session_and_keeps_what_was_queued() {
        let (outbox, mut receiver) = outbox();
        let message = "x".repeat(64 * 1024);
        for _ in 0..4 {
            assert_eq!(outbox.put(Outgoing::Text(message.clone().into())), Ok(()));
        }
        assert_eq!(outbox.put(Outgoing::Text("y".into())), Err(Overflow));
        receiver.cut().await;
        assert!(matches!(receiver.next().await, Some(Outgoing::Text(_))));
        assert_eq!(outbox.put(Outgoing::Text("z".into())), Ok(()), "space is back once something was taken");
    }
}
