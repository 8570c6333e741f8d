//! A room as a machine: gives every accepted change its number, and announces it once it is on disk.
//!
//! A command becomes a room event with the next `seq` and an output [`RoomOutput::Persist`]. It stays pending —
//! seen by nobody — until the shell says [`RoomInput::Persisted`]; then it changes the room's state, is
//! broadcast, and its senders get their acknowledgement, in this order. When the disk refuses an event, it and
//! everything pending behind it are refused and their numbers are taken back, so numbers stay dense. What is
//! pending is bounded; above, commands are refused with "busy" ([`pending`]).
//!
//! Who may do something is asked of [`crate::policy`], here and nowhere else in a room. [`membership`] checks
//! and applies who is in it, [`history`] says what an event does to a chat message, [`unread`] counts,
//! [`typing`] forgets, [`mention`] reads text, [`pending`] holds what is on its way to the disk.

pub mod history;
mod input;
mod membership;
pub mod mention;
mod output;
mod pending;
mod typing;
mod unread;

use std::collections::VecDeque;

use mesh_protocol::chat::{ClientTag, RoomEvent, RoomEventKind};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::limit;
use mesh_protocol::room::{Member, RoomKind, Unread, Visibility};
use mesh_protocol::time::{Seq, UnixMillis};

use crate::machine::Machine;
use crate::policy::{Action, Actor, RoomAction, RoomFacts, authorize};
use crate::time::{Monotonic, Now};
pub use input::{OpId, Requester, RoomCommand, RoomInput, Target};
use mention::Mentions;
pub use output::RoomOutput;
pub use pending::{PENDING_BYTES, PENDING_EVENTS};
use pending::{PendingEvent, PendingEvents};
use typing::Typists;
pub use unread::PostMark;
use unread::UnreadCounts;

/// A room as it is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomState {
    /// Identity.
    pub id: RoomId,
    /// What it is for.
    pub kind: RoomKind,
    /// Who may enter it.
    pub visibility: Visibility,
    /// Its name; empty for direct messages.
    pub name: String,
    /// What it is about.
    pub topic: String,
    /// Whether it can only be read.
    pub archived: bool,
    /// Who is in it, at most [`limit::ROOM_MEMBERS`].
    pub members: Vec<Member>,
    /// Who left with read access, and comes back with no more.
    pub readers_gone: Vec<UserId>,
    /// The newest event that changed who may do what here: capabilities from before it are void.
    pub epoch: Seq,
    /// The newest event.
    pub last_seq: Seq,
    /// When that was.
    pub last_at: UnixMillis,
}

/// One room.
#[derive(Debug)]
pub struct Room {
    state: RoomState,
    pending: PendingEvents,
    next_op: u64,
    unread: UnreadCounts,
    typists: Typists,
    outputs: VecDeque<RoomOutput>,
}

impl Room {
    /// A room as the disk has it. `window` holds the chat messages after the oldest read mark, rising, at most
    /// [`limit::UNREAD_WINDOW`] of them.
    pub fn open(state: RoomState, window: Vec<PostMark>) -> Self {
        let unread = UnreadCounts::new(&state, window);
        Self {
            state,
            pending: PendingEvents::default(),
            next_op: 1,
            unread,
            typists: Typists::default(),
            outputs: VecDeque::new(),
        }
    }

    /// The room as it is on disk.
    pub fn state(&self) -> &RoomState {
        &self.state
    }

    /// The facts that policy needs, seen from `user`.
    pub fn facts(&self, user: UserId) -> RoomFacts {
        self.state.facts(user)
    }

    /// What waits for `user`; zero for somebody who is not a member.
    pub fn unread(&self, user: UserId) -> Unread {
        self.unread.of(user)
    }

    /// Whether [`RoomInput::Unread`] for `user` and `seq` needs a window: the mark would move back, beyond what
    /// is held. Asked before reading from disk, so that nobody makes the box read for nothing.
    pub fn wants_window(&self, user: UserId, seq: Seq) -> bool {
        let moves_back = |member: &Member| seq.0.saturating_sub(1) < member.read.0;
        self.state.member(user).is_some_and(moves_back) && !self.unread.reaches(seq)
    }

    /// Who is writing.
    pub fn typists(&self) -> impl Iterator<Item = UserId> + '_ {
        self.typists.iter()
    }

    /// The room as `user` sees it.
    pub fn view(&self, user: UserId) -> mesh_protocol::room::Room {
        let is_member = self.state.member(user).is_some();
        let mut members = self.state.members.clone();
        if !is_member {
            members.iter_mut().for_each(|member| member.read = Seq::ZERO);
        }
        mesh_protocol::room::Room {
            id: self.state.id,
            kind: self.state.kind,
            visibility: self.state.visibility,
            name: self.state.name.clone(),
            topic: self.state.topic.clone(),
            archived: self.state.archived,
            members,
            last_seq: if is_member { self.state.last_seq } else { Seq::ZERO },
            last_at: self.state.last_at,
            epoch: self.state.epoch,
            unread: self.unread(user),
        }
    }

    fn command(
        &mut self,
        now: Now,
        requester: Requester,
        actor: &Actor,
        tag: Option<ClientTag>,
        known: Option<Seq>,
        command: RoomCommand,
    ) {
        if let Some(pending) = self.pending.by_tag(actor.user, tag.as_ref()) {
            pending.wait(requester, tag);
        } else if let Some(seq) = known {
            self.outputs.push_back(RoomOutput::Ack { requester, tag, seq });
        } else {
            let decided = self.decide(actor, command).and_then(|change| {
                self.pending.make_space(actor.user, &change)?;
                Ok(change)
            });
            match decided {
                Ok(change) => self.accept(now, requester, actor.user, tag, change),
                Err(code) => self.outputs.push_back(RoomOutput::Refuse { requester, tag, code }),
            }
        }
    }

    fn accept(
        &mut self,
        now: Now,
        requester: Requester,
        by: UserId,
        tag: Option<ClientTag>,
        change: RoomEventKind,
    ) {
        let (last_seq, last_at) = self.pending.last().unwrap_or((self.state.last_seq, self.state.last_at));
        // History never runs backwards, even when the clock was set back.
        let at = now.wall.max(last_at);
        let event = RoomEvent { room: self.state.id, seq: last_seq.next(), at, by, tag: tag.clone(), change };
        let op = OpId(self.next_op);
        self.next_op += 1;
        self.pending.push(PendingEvent { op, event: event.clone(), waiting: vec![(requester, tag)] });
        self.outputs.push_back(RoomOutput::Persist { op, event });
    }

    /// What a command becomes, or why it is refused.
    fn decide(&self, actor: &Actor, command: RoomCommand) -> Result<RoomEventKind, ErrorCode> {
        match command {
            RoomCommand::Send { text, reply_to, mentions } => {
                self.allow(actor, RoomAction::Post, None)?;
                if reply_to.is_some_and(|seq| seq == Seq::ZERO || seq > self.state.last_seq) {
                    return Err(ErrorCode::NotFound);
                }
                let Mentions { users, everyone } = mentions;
                Ok(RoomEventKind::Posted { text, reply_to, mentions: users, everyone })
            }
            RoomCommand::Edit { target, text, mentions } => {
                self.allow(actor, RoomAction::Edit, Some(target))?;
                let Mentions { users, everyone } = mentions;
                Ok(RoomEventKind::Edited { target: target.seq, text, mentions: users, everyone })
            }
            RoomCommand::Delete { target } => {
                self.allow(actor, RoomAction::Delete, Some(target))?;
                Ok(RoomEventKind::Deleted { target: target.seq })
            }
            RoomCommand::React { target, emoji, on, kinds } => {
                self.allow(actor, RoomAction::React, Some(target))?;
                let kinds = kinds + self.pending.reactions(target.seq, &emoji);
                if on && kinds >= limit::REACTION_KINDS {
                    return Err(ErrorCode::LimitReached);
                }
                Ok(RoomEventKind::Reacted { target: target.seq, emoji, on })
            }
            RoomCommand::Pin { target, on, pins } => {
                self.allow(actor, RoomAction::Pin, Some(target))?;
                let pins = pins + self.pending.pins(target.seq);
                if on && pins >= limit::PINS_PER_ROOM {
                    return Err(ErrorCode::LimitReached);
                }
                Ok(RoomEventKind::Pinned { target: target.seq, on })
            }
            RoomCommand::Join { user, access } => self.decide_join(actor, user, access),
            RoomCommand::Leave { user } => self.decide_leave(actor, user),
            RoomCommand::Change { name, topic, visibility, archived } => {
                self.decide_change(actor, name, topic, visibility, archived)
            }
        }
    }

    /// Asks policy about a chat message or the room itself.
    fn allow(&self, actor: &Actor, action: RoomAction, target: Option<Target>) -> Result<(), ErrorCode> {
        let is_author = target.is_some_and(|target| target.by == actor.user);
        self.permit(actor, action, |facts| RoomFacts { is_author, ..facts })?;
        match target {
            Some(target) if target.deleted || self.pending.deletes(target.seq) => {
                Err(ErrorCode::MessageDeleted)
            }
            _ => Ok(()),
        }
    }

    /// Asks policy about the room as it is, and as it will be once everything pending is on disk: nothing is
    /// granted by what may still fail, and nothing is written behind a change that forbids it.
    fn permit(
        &self,
        actor: &Actor,
        action: RoomAction,
        complete: impl Fn(RoomFacts) -> RoomFacts,
    ) -> Result<(), ErrorCode> {
        let ask = |state: &RoomState| {
            let facts = complete(state.facts(actor.user));
            authorize(actor, Action::Room(action, facts)).map_err(|denied| denied.code())
        };
        ask(&self.state)?;
        self.pending.after(&self.state).map_or(Ok(()), |state| ask(&state))
    }

    fn persisted(&mut self, op: OpId) {
        let Some(PendingEvent { event, waiting, .. }) = self.pending.pop(op) else { return };
        let seq = event.seq;
        let before = self.unread.clone_counts();
        let is_state = self.apply(&event);
        self.outputs.push_back(RoomOutput::Broadcast { event });
        for (requester, tag) in waiting {
            self.outputs.push_back(RoomOutput::Ack { requester, tag, seq });
        }
        self.announce_counts(&before);
        if is_state {
            self.outputs.push_back(RoomOutput::StateChanged);
        }
    }

    /// Lets a persisted event change the room; tells whether members or settings changed.
    fn apply(&mut self, event: &RoomEvent) -> bool {
        self.state.last_seq = event.seq;
        self.state.last_at = event.at;
        match &event.change {
            RoomEventKind::Posted { mentions, everyone, .. } => {
                self.stop_typing(event.by);
                let mark = PostMark {
                    seq: event.seq,
                    by: event.by,
                    mentions: mentions.clone(),
                    everyone: *everyone,
                    deleted: false,
                };
                self.unread.posted(&self.state, mark);
                self.move_mark(event.by, event.seq);
                false
            }
            RoomEventKind::Edited { target, mentions, everyone, .. } => {
                self.unread.edited(&self.state, *target, mentions, *everyone);
                false
            }
            RoomEventKind::Deleted { target } => {
                self.unread.deleted(&self.state, *target);
                false
            }
            RoomEventKind::Reacted { .. } | RoomEventKind::Pinned { .. } => false,
            RoomEventKind::Created { .. }
            | RoomEventKind::Joined { .. }
            | RoomEventKind::Left { .. }
            | RoomEventKind::Changed { .. } => {
                self.state.apply(event);
                if let RoomEventKind::Left { user } = event.change {
                    self.stop_typing(user);
                }
                self.unread.members_changed(&self.state);
                true
            }
        }
    }

    /// Refuses everything pending from `op` on, or all of it.
    fn refuse_pending(&mut self, op: Option<OpId>, code: ErrorCode) {
        for (requester, tag) in self.pending.split_off(op).into_iter().flat_map(|pending| pending.waiting) {
            self.outputs.push_back(RoomOutput::Refuse { requester, tag, code });
        }
    }

    fn read(&mut self, actor: &Actor, seq: Seq) {
        if self.allow(actor, RoomAction::Mark, None).is_ok() {
            let before = self.unread.clone_counts();
            let user = actor.user;
            if let Some(seq) = self.move_mark(user, seq.min(self.state.last_seq)) {
                self.outputs.push_back(RoomOutput::SaveRead { user, seq });
            }
            self.announce_counts(&before);
        }
    }

    /// Moves a read mark forward and tells the members; gives the new mark when it moved.
    fn move_mark(&mut self, user: UserId, seq: Seq) -> Option<Seq> {
        let member = self.state.members.iter_mut().find(|member| member.user == user)?;
        if seq <= member.read {
            return None;
        }
        member.read = seq;
        self.unread.recount(&self.state, user);
        self.outputs.push_back(RoomOutput::ReadMark { user, seq });
        Some(seq)
    }

    fn unread_from(&mut self, actor: &Actor, seq: Seq, window: Vec<PostMark>) {
        let user = actor.user;
        if self.allow(actor, RoomAction::Mark, None).is_err() {
            return;
        }
        let mark = Seq(seq.0.saturating_sub(1));
        let Some(member) = self.state.members.iter_mut().find(|member| member.user == user) else { return };
        if mark >= member.read {
            return;
        }
        member.read = mark;
        let before = self.unread.clone_counts();
        self.unread.extend_back(&self.state, window);
        self.unread.recount(&self.state, user);
        self.outputs.push_back(RoomOutput::SaveRead { user, seq: mark });
        self.outputs.push_back(RoomOutput::ReadMark { user, seq: mark });
        self.announce_counts(&before);
    }

    fn announce_counts(&mut self, before: &[(UserId, Unread)]) {
        for member in &self.state.members {
            let former = before.iter().find(|(user, _)| *user == member.user).map(|(_, unread)| *unread);
            let unread = self.unread.of(member.user);
            if former.unwrap_or_default() != unread {
                self.outputs.push_back(RoomOutput::UnreadChanged { user: member.user, unread });
            }
        }
    }

    fn typing(&mut self, now: Now, actor: &Actor, on: bool) {
        if !on {
            self.stop_typing(actor.user);
        } else if self.allow(actor, RoomAction::Type, None).is_ok()
            && self.typists.start(actor.user, now.mono)
        {
            self.outputs.push_back(RoomOutput::Typing { user: actor.user, on: true });
        }
    }

    fn stop_typing(&mut self, user: UserId) {
        if self.typists.stop(user) {
            self.outputs.push_back(RoomOutput::Typing { user, on: false });
        }
    }
}

impl Machine for Room {
    type Input = RoomInput;
    type Output = RoomOutput;

    fn handle(&mut self, now: Now, input: RoomInput) {
        match input {
            RoomInput::Command { requester, actor, tag, known, command } => {
                self.command(now, requester, &actor, tag, known, command);
            }
            RoomInput::Persisted { op } => self.persisted(op),
            RoomInput::PersistFailed { op, code } => self.refuse_pending(Some(op), code),
            RoomInput::Deleted => self.refuse_pending(None, ErrorCode::NotFound),
            RoomInput::Read { actor, seq } => self.read(&actor, seq),
            RoomInput::Unread { actor, seq, window } => self.unread_from(&actor, seq, window),
            RoomInput::Typing { actor, on } => self.typing(now, &actor, on),
            RoomInput::Gone { user } => self.stop_typing(user),
            RoomInput::Tick => {
                for user in self.typists.expire(now.mono) {
                    self.outputs.push_back(RoomOutput::Typing { user, on: false });
                }
            }
        }
    }

    fn poll(&mut self) -> Option<RoomOutput> {
        self.outputs.pop_front()
    }

    fn deadline(&self) -> Option<Monotonic> {
        self.typists.deadline()
    }
}
