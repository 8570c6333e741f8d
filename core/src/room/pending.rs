//! The events of a room that are on their way to the disk, in order. Seen by nobody, but what is decided
//! meanwhile counts with them.

use std::collections::VecDeque;

use mesh_protocol::chat::{ClientTag, RoomEvent, RoomEventKind};
use mesh_protocol::id::UserId;
use mesh_protocol::time::{Seq, UnixMillis};

use super::{OpId, Requester, RoomState, history};

/// An event that is not on disk yet, and who waits for it.
#[derive(Debug)]
pub(super) struct PendingEvent {
    pub(super) op: OpId,
    pub(super) event: RoomEvent,
    pub(super) waiting: Vec<(Requester, Option<ClientTag>)>,
}

impl PendingEvent {
    /// Lets somebody wait, too. One answer is enough for who asks again and again while the disk is slow.
    pub(super) fn wait(&mut self, requester: Requester, tag: Option<ClientTag>) {
        if !self.waiting.iter().any(|(waiting, _)| *waiting == requester) {
            self.waiting.push((requester, tag));
        }
    }
}

/// At most as many as the store's queue takes: it answers those beyond at once.
#[derive(Debug, Default)]
pub(super) struct PendingEvents(VecDeque<PendingEvent>);

impl PendingEvents {
    pub(super) fn push(&mut self, pending: PendingEvent) {
        self.0.push_back(pending);
    }

    /// Takes the first one, when it is `op`: the disk answers in order, and what it says of an event that was
    /// refused with one before it comes too late.
    pub(super) fn pop(&mut self, op: OpId) -> Option<PendingEvent> {
        self.0.pop_front_if(|pending| pending.op == op)
    }

    /// Takes `op` and everything behind it.
    pub(super) fn split_off(&mut self, op: OpId) -> VecDeque<PendingEvent> {
        let first = self.0.iter().position(|pending| pending.op == op).unwrap_or(self.0.len());
        self.0.split_off(first)
    }

    /// Position and time of the last one.
    pub(super) fn last(&self) -> Option<(Seq, UnixMillis)> {
        self.0.back().map(|pending| (pending.event.seq, pending.event.at))
    }

    pub(super) fn by_tag(&mut self, user: UserId, tag: Option<&ClientTag>) -> Option<&mut PendingEvent> {
        let tag = tag?;
        self.0.iter_mut().find(|pending| pending.event.by == user && pending.event.tag.as_ref() == Some(tag))
    }

    /// The room once everything is on disk; `None` when that changes neither members nor settings.
    pub(super) fn after(&self, state: &RoomState) -> Option<RoomState> {
        if !self.0.iter().any(|pending| history::is_notice(&pending.event)) {
            return None;
        }
        let mut state = state.clone();
        self.0.iter().for_each(|pending| state.apply(&pending.event));
        Some(state)
    }

    pub(super) fn deletes(&self, seq: Seq) -> bool {
        self.changes().any(|change| matches!(change, RoomEventKind::Deleted { target } if *target == seq))
    }

    /// Who comes in, some perhaps more than once.
    pub(super) fn joining(&self) -> impl Iterator<Item = UserId> + '_ {
        self.changes().filter_map(|change| match change {
            RoomEventKind::Joined { user, .. } => Some(*user),
            _ => None,
        })
    }

    /// Chat messages other than `except` that get a pin.
    pub(super) fn pins(&self, except: Seq) -> usize {
        let is_pin = |change: &&RoomEventKind| matches!(change, RoomEventKind::Pinned { target, on: true } if *target != except);
        self.changes().filter(is_pin).count()
    }

    /// Different emoji other than `except` that a chat message gets.
    pub(super) fn reactions(&self, to: Seq, except: &str) -> usize {
        let mut kinds: Vec<&str> = Vec::new();
        for change in self.changes() {
            if let RoomEventKind::Reacted { target, emoji, on: true } = change
                && *target == to
                && emoji != except
                && !kinds.contains(&emoji.as_str())
            {
                kinds.push(emoji);
            }
        }
        kinds.len()
    }

    fn changes(&self) -> impl Iterator<Item = &RoomEventKind> {
        self.0.iter().map(|pending| &pending.event.change)
    }
}
