//! The events of a room that are on their way to the disk, in order. Seen by nobody, but what is decided
//! meanwhile counts with them.
//!
//! Bounded by [`PENDING_EVENTS`] and [`PENDING_BYTES`]: a disk that hangs answers nothing, also no refusals, so the
//! room itself refuses what is above, with "busy". Whoever was refused stays refused until nothing is pending, so
//! that of what one user sends, in order, no later part is written before an earlier one.

use std::collections::VecDeque;

use mesh_protocol::chat::{ClientTag, RoomEvent, RoomEventKind};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::UserId;
use mesh_protocol::time::{Seq, UnixMillis};

use super::{OpId, Requester, RoomState, history};

/// Events that may be on their way to the disk: a burst of everybody in the room.
pub const PENDING_EVENTS: usize = 1_024;
/// Bytes that these events may take, about: 32 of the longest texts. Times 200 rooms it is what a box can spare
/// while its disk hangs.
pub const PENDING_BYTES: usize = 512 * 1024;

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

/// Bytes that an event takes while it is pending, about.
fn cost(change: &RoomEventKind) -> usize {
    /// What an event takes besides its texts and mentions.
    const FRAME: usize = 256;
    let texts = match change {
        RoomEventKind::Posted { text, mentions, .. } | RoomEventKind::Edited { text, mentions, .. } => {
            text.len() + size_of_val(mentions.as_slice())
        }
        RoomEventKind::Reacted { emoji, .. } => emoji.len(),
        RoomEventKind::Created { name } => name.len(),
        RoomEventKind::Changed { name, topic, .. } => {
            name.as_deref().map_or(0, str::len) + topic.as_deref().map_or(0, str::len)
        }
        RoomEventKind::Deleted { .. }
        | RoomEventKind::Pinned { .. }
        | RoomEventKind::Joined { .. }
        | RoomEventKind::Left { .. } => 0,
    };
    FRAME + texts
}

/// In the order of their numbers.
#[derive(Debug, Default)]
pub(super) struct PendingEvents {
    events: VecDeque<PendingEvent>,
    bytes: usize,
    /// Who was refused for want of space since something is pending.
    refused: Vec<UserId>,
}

impl PendingEvents {
    /// Whether there is space for a change by `user`; once there was none, there is none for this user until
    /// nothing is pending.
    pub(super) fn make_space(&mut self, user: UserId, change: &RoomEventKind) -> Result<(), ErrorCode> {
        if self.refused.contains(&user) {
            return Err(ErrorCode::Busy);
        }
        if self.events.len() >= PENDING_EVENTS || self.bytes + cost(change) > PENDING_BYTES {
            self.refused.push(user);
            return Err(ErrorCode::Busy);
        }
        Ok(())
    }

    pub(super) fn push(&mut self, pending: PendingEvent) {
        self.bytes += cost(&pending.event.change);
        self.events.push_back(pending);
    }

    fn forget(&mut self, gone: &RoomEventKind) {
        self.bytes -= cost(gone);
        if self.events.is_empty() {
            self.refused.clear();
        }
    }

    /// Takes the first one, when it is `op`: the disk answers in order, and what it says of an event that was
    /// refused with one before it comes too late.
    pub(super) fn pop(&mut self, op: OpId) -> Option<PendingEvent> {
        let pending = self.events.pop_front_if(|pending| pending.op == op)?;
        self.forget(&pending.event.change);
        Some(pending)
    }

    /// Takes `op` and everything behind it, or everything.
    pub(super) fn split_off(&mut self, op: Option<OpId>) -> VecDeque<PendingEvent> {
        let first = op.map_or(Some(0), |op| self.events.iter().position(|pending| pending.op == op));
        let first = first.unwrap_or(self.events.len());
        let gone = self.events.split_off(first);
        gone.iter().for_each(|pending| self.forget(&pending.event.change));
        gone
    }

    /// Position and time of the last one.
    pub(super) fn last(&self) -> Option<(Seq, UnixMillis)> {
        self.events.back().map(|pending| (pending.event.seq, pending.event.at))
    }

    pub(super) fn by_tag(&mut self, user: UserId, tag: Option<&ClientTag>) -> Option<&mut PendingEvent> {
        let tag = tag?;
        self.events
            .iter_mut()
            .find(|pending| pending.event.by == user && pending.event.tag.as_ref() == Some(tag))
    }

    /// The room once everything is on disk; `None` when that changes neither members nor settings.
    pub(super) fn after(&self, state: &RoomState) -> Option<RoomState> {
        if !self.events.iter().any(|pending| history::is_notice(&pending.event)) {
            return None;
        }
        let mut state = state.clone();
        self.events.iter().for_each(|pending| state.apply(&pending.event));
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
        self.events.iter().map(|pending| &pending.event.change)
    }
}
