//! The queue from the hub to one WebSocket, bounded by bytes.
//!
//! The hub never waits: it puts a message in, or — when [`limit::SESSION_QUEUE_BYTES`] are waiting — cuts the
//! session, which then resumes from its last event (architecture.md rule 4). A message that goes to many
//! sessions is encoded once and shared.
//!
//! How a session ends is said beside the queue, not in it: a session that is signed out ends at once, however much
//! waits for it and however slowly it takes that.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

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
}

/// Bytes that a waiting read request counts for: its answer is about a page.
const READ_COST: usize = 4096;

impl Outgoing {
    fn cost(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Read(_) => READ_COST,
        }
    }
}

#[derive(Debug, Default)]
struct Shared {
    queued: AtomicUsize,
    /// Why the hub ended the session; the first reason counts.
    ended: OnceLock<GoodbyeReason>,
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
            self.end(GoodbyeReason::Lagging);
            return Err(Overflow);
        }
        self.shared.queued.fetch_add(cost, Ordering::Relaxed);
        // A session that is gone already is removed by its own `Closed` event.
        let _ = self.sender.send(outgoing);
        Ok(())
    }

    /// Ends the session now, whatever waits for it.
    pub(crate) fn end(&self, reason: GoodbyeReason) {
        let _ = self.shared.ended.set(reason);
        self.shared.cut.notify_one();
    }
}

impl OutboxReceiver {
    /// The next item; `None` when the hub has dropped the session and everything was taken: see [`Self::ended`].
    pub(crate) async fn next(&mut self) -> Option<Outgoing> {
        let outgoing = self.receiver.recv().await?;
        self.shared.queued.fetch_sub(outgoing.cost(), Ordering::Relaxed);
        Some(outgoing)
    }

    /// Why the session ended; without a reason of the hub's, the hub itself is gone.
    pub(crate) fn ended(&self) -> GoodbyeReason {
        ended(&self.shared)
    }

    /// Completes when the hub ends the session, with the reason.
    pub(crate) fn cut(&self) -> impl Future<Output = GoodbyeReason> + Send + 'static {
        let shared = Arc::clone(&self.shared);
        async move {
            shared.cut.notified().await;
            ended(&shared)
        }
    }
}

fn ended(shared: &Shared) -> GoodbyeReason {
    shared.ended.get().copied().unwrap_or(GoodbyeReason::Restarting)
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
        assert_eq!(receiver.cut().await, GoodbyeReason::Lagging);
        assert!(matches!(receiver.next().await, Some(Outgoing::Text(_))));
        assert_eq!(outbox.put(Outgoing::Text("z".into())), Ok(()), "space is back once something was taken");
    }
    #[tokio::test]
    async fn an_ended_session_hears_of_it_before_what_waits() {
        let (outbox, mut receiver) = outbox();
        outbox.put(Outgoing::Text("x".into())).unwrap();
        outbox.end(GoodbyeReason::SignedOut);
        outbox.end(GoodbyeReason::AccessChanged);
        drop(outbox);
        assert_eq!(receiver.cut().await, GoodbyeReason::SignedOut);
        assert!(receiver.next().await.is_some() && receiver.next().await.is_none());
        assert_eq!(receiver.ended(), GoodbyeReason::SignedOut);
    }
}
