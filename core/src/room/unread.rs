//! Exact unread and mention counts, kept up as events come in.
//!
//! A window of the newest chat messages is held, from the oldest read mark of any member on, at most
//! [`limit::UNREAD_WINDOW`] of them. Counting from it is exact up to the window's size.

use std::collections::VecDeque;

use mesh_protocol::id::UserId;
use mesh_protocol::limit;
use mesh_protocol::room::{RoomKind, Unread};
use mesh_protocol::time::Seq;

use super::RoomState;

/// What counting needs to know of a chat message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostMark {
    /// Its address.
    pub seq: Seq,
    /// Its author.
    pub by: UserId,
    /// Whom it mentions.
    pub mentions: Vec<UserId>,
    /// Whether it mentions everybody.
    pub everyone: bool,
    /// Whether it was deleted.
    pub deleted: bool,
}

#[derive(Debug)]
pub(super) struct UnreadCounts {
    marks: VecDeque<PostMark>,
    counts: Vec<(UserId, Unread)>,
}

impl UnreadCounts {
    pub(super) fn new(state: &RoomState, window: Vec<PostMark>) -> Self {
        let mut counts = Self { marks: window.into(), counts: Vec::new() };
        counts.members_changed(state);
        counts
    }

    pub(super) fn of(&self, user: UserId) -> Unread {
        self.counts.iter().find(|(of, _)| *of == user).map_or(Unread::default(), |(_, unread)| *unread)
    }

    pub(super) fn clone_counts(&self) -> Vec<(UserId, Unread)> {
        self.counts.clone()
    }

    /// A chat message was posted.
    pub(super) fn posted(&mut self, state: &RoomState, mark: PostMark) {
        for (user, unread) in &mut self.counts {
            let one = count_one(state.kind, *user, &mark);
            unread.messages = (unread.messages + one.messages).min(limit::UNREAD_WINDOW as u32);
            unread.mentions = (unread.mentions + one.mentions).min(limit::UNREAD_WINDOW as u32);
        }
        if self.marks.back().is_none_or(|last| last.seq < mark.seq) {
            self.marks.push_back(mark);
        }
        self.trim(state);
    }

    /// The mentions of a chat message changed.
    pub(super) fn edited(&mut self, state: &RoomState, target: Seq, mentions: &[UserId], everyone: bool) {
        if let Some(mark) = self.find(target) {
            mark.mentions = mentions.to_vec();
            mark.everyone = everyone;
            self.recount_readers_before(state, target);
        }
    }

    /// A chat message was deleted.
    pub(super) fn deleted(&mut self, state: &RoomState, target: Seq) {
        if let Some(mark) = self.find(target) {
            mark.deleted = true;
            self.recount_readers_before(state, target);
        }
    }

    /// Members came or went: counts of those who are here.
    pub(super) fn members_changed(&mut self, state: &RoomState) {
        self.counts = state.members.iter().map(|member| (member.user, Unread::default())).collect();
        for member in &state.members {
            self.recount(state, member.user);
        }
    }

    /// A member's read mark moved back: the chat messages on disk after it take part again.
    pub(super) fn extend_back(&mut self, state: &RoomState, window: Vec<PostMark>) {
        let known = |mark: &PostMark| mark.seq <= state.last_seq;
        if window.first().is_some_and(|first| self.marks.front().is_none_or(|mark| first.seq < mark.seq)) {
            self.marks = window.into_iter().filter(known).collect();
        }
    }

    /// Whether every chat message from `seq` on is held, so that none has to be read from disk.
    pub(super) fn reaches(&self, seq: Seq) -> bool {
        self.marks.front().is_some_and(|mark| mark.seq <= seq)
    }

    /// Counts anew from a member's read mark.
    pub(super) fn recount(&mut self, state: &RoomState, user: UserId) {
        let Some(member) = state.member(user) else { return };
        let mut total = Unread::default();
        for mark in self.marks.iter().rev().take_while(|mark| mark.seq > member.read) {
            let one = count_one(state.kind, user, mark);
            total.messages += one.messages;
            total.mentions += one.mentions;
        }
        if let Some((_, unread)) = self.counts.iter_mut().find(|(of, _)| *of == user) {
            *unread = total;
        }
    }

    fn find(&mut self, seq: Seq) -> Option<&mut PostMark> {
        let index = self.marks.binary_search_by_key(&seq, |mark| mark.seq).ok()?;
        self.marks.get_mut(index)
    }

    fn recount_readers_before(&mut self, state: &RoomState, target: Seq) {
        for member in state.members.iter().filter(|member| member.read < target) {
            self.recount(state, member.user);
        }
    }

    /// Forgets what everybody has read, and what is beyond the window.
    fn trim(&mut self, state: &RoomState) {
        let oldest = state.members.iter().map(|member| member.read).min().unwrap_or(state.last_seq);
        while self.marks.front().is_some_and(|mark| mark.seq <= oldest)
            || self.marks.len() > limit::UNREAD_WINDOW
        {
            self.marks.pop_front();
        }
    }
}

/// What one chat message adds to a user's counts.
fn count_one(kind: RoomKind, user: UserId, mark: &PostMark) -> Unread {
    if mark.deleted || mark.by == user {
        return Unread::default();
    }
    let is_mention = kind == RoomKind::Direct || mark.everyone || mark.mentions.contains(&user);
    Unread { messages: 1, mentions: u32::from(is_mention) }
}

#[cfg(test)]
mod tests {
    use mesh_protocol::id::RoomId;
    use mesh_protocol::room::{Access, Member, Visibility};
    use mesh_protocol::time::UnixMillis;

    use super::*;

    const ANNA: UserId = UserId(1);
    const BEN: UserId = UserId(2);

    fn state(anna: u64, ben: u64) -> RoomState {
        let member = |user, read| Member { user, access: Access::Write, read: Seq(read) };
        RoomState {
            id: RoomId(1),
            kind: RoomKind::Room,
            visibility: Visibility::Open,
            name: "room".to_owned(),
            topic: String::new(),
            archived: false,
            members: vec![member(ANNA, anna), member(BEN, ben)],
            readers_gone: Vec::new(),
            epoch: Seq::ZERO,
            last_seq: Seq::ZERO,
            last_at: UnixMillis(0),
        }
    }

    fn mark(seq: u64) -> PostMark {
        PostMark { seq: Seq(seq), by: ANNA, mentions: vec![], everyone: false, deleted: false }
    }

    #[test]
    fn the_window_is_bounded_however_much_is_unread() {
        let state = state(0, 0);
        let mut counts = UnreadCounts::new(&state, vec![]);
        for seq in 1..=limit::UNREAD_WINDOW as u64 + 50 {
            counts.posted(&state, mark(seq));
        }
        assert_eq!(counts.marks.len(), limit::UNREAD_WINDOW);
        assert_eq!(counts.marks.front().map(|mark| mark.seq), Some(Seq(51)));
        counts.recount(&state, BEN);
        assert_eq!(counts.of(BEN).messages, limit::UNREAD_WINDOW as u32);
    }

    #[test]
    fn what_everybody_has_read_is_forgotten() {
        let mut counts = UnreadCounts::new(&state(0, 0), (1..=5).map(mark).collect());
        counts.posted(&state(3, 2), mark(6));
        assert_eq!(counts.marks.front().map(|mark| mark.seq), Some(Seq(3)));
        assert!(!counts.reaches(Seq(2)) && counts.reaches(Seq(3)) && counts.reaches(Seq(9)));
    }

    #[test]
    fn a_window_read_while_an_event_was_on_its_way_counts_it_once() {
        let state = RoomState { last_seq: Seq(2), ..state(0, 0) };
        let mut counts = UnreadCounts::new(&state, vec![]);
        counts.extend_back(&state, (1..=3).map(mark).collect());
        counts.recount(&state, BEN);
        assert_eq!(counts.of(BEN).messages, 2, "the third is not announced yet");
        counts.posted(&state, mark(3));
        assert_eq!(counts.of(BEN).messages, 3);
        counts.recount(&state, BEN);
        assert_eq!(counts.of(BEN).messages, 3);
    }
}
