//! Rooms and what happens in them.

use mesh_core::fold::fold;
use mesh_core::room::{PostMark, RoomState, history as reducer};
use mesh_protocol::chat::{
    ChatMessage, ClientTag, HistoryPage, PageFrom, Revision, RoomEvent, RoomEventKind,
};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::time::{Seq, UnixMillis};
use redb::ReadableTable;

use super::log::LogRows;
use super::record::{ChangeRecord, EventRecord, Record, RoomRecord, WordsRecord};
use super::table::{LOG, ROOMS};
use super::{Change, StoreError, Tables, history};

/// Former texts that are kept of one chat message; of more, the oldest are erased.
pub const REVISIONS_KEPT: usize = 100;
/// Events after which a room's record is written again, so that finding the read marks that posting moved
/// never takes longer than looking at so many.
const MARKED_EVERY: u64 = 1_000;

/// Reading rooms; what snapshots and running changes have in common.
pub trait RoomReads: Tables {
    /// All rooms with members and read marks, as the machines start from them.
    ///
    /// # Errors
    /// Trouble with the disk, as for all reads.
    fn rooms(&self) -> Result<Vec<RoomState>, StoreError> {
        let ids: Result<Vec<u64>, StoreError> =
            self.table(ROOMS)?.iter()?.map(|entry| Ok(entry?.0.value())).collect();
        ids?.into_iter().filter_map(|id| self.room(RoomId(id)).transpose()).collect()
    }

    /// One room.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn room(&self, id: RoomId) -> Result<Option<RoomState>, StoreError> {
        let Some(mut record) = record(self, id)? else { return Ok(None) };
        let log = self.table(LOG)?;
        mark(&log, id, &mut record)?;
        Ok(Some(record.into_state(id, log.last_event(id)?)))
    }

    /// Position and time of a room's newest event.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn last_event(&self, room: RoomId) -> Result<(Seq, UnixMillis), StoreError> {
        self.table(LOG)?.last_event(room)
    }

    /// Events after `after` up to `up_to`, in order.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn events(&self, room: RoomId, after: Seq, up_to: Seq) -> Result<Vec<RoomEvent>, StoreError> {
        self.table(LOG)?.events_of(room, after, up_to)
    }

    /// A page of history, at most `limit` items.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn history(&self, room: RoomId, from: PageFrom, limit: u32) -> Result<HistoryPage, StoreError> {
        history::page(&self.table(LOG)?, room, from, limit)
    }

    /// A chat message as it stands.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn message(&self, room: RoomId, seq: Seq) -> Result<Option<ChatMessage>, StoreError> {
        self.table(LOG)?.message_at(room, seq)
    }

    /// Pinned chat messages, newest pin first.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn pins(&self, room: RoomId) -> Result<Vec<ChatMessage>, StoreError> {
        let Some(record) = record(self, room)? else { return Ok(Vec::new()) };
        let log = self.table(LOG)?;
        record.pins.iter().rev().filter_map(|pin| log.message_at(room, *pin).transpose()).collect()
    }

    /// Former texts of a chat message, oldest first, at most [`REVISIONS_KEPT`]; none of a deleted one.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn revisions(&self, room: RoomId, target: Seq) -> Result<Vec<Revision>, StoreError> {
        self.table(LOG)?.revisions_of(room, target)
    }

    /// Where a user's client tag was written, in the last seven days at least.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn tag(&self, user: UserId, tag: &ClientTag) -> Result<Option<(RoomId, Seq)>, StoreError> {
        let Some((room, seq)) = self.tags().find(user, tag) else { return Ok(None) };
        let row = self.table(LOG)?.row(room, seq)?;
        Ok(row.filter(|row| row.by == user && row.tag.as_ref() == Some(tag)).map(|_| (room, seq)))
    }

    /// The newest `most` chat messages after `after`, rising: what unread counts start from.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn post_marks(&self, room: RoomId, after: Seq, most: usize) -> Result<Vec<PostMark>, StoreError> {
        self.table(LOG)?.marks_of(room, after, most)
    }
}

impl<T: Tables> RoomReads for T {}

fn record(tables: &(impl Tables + ?Sized), id: RoomId) -> Result<Option<RoomRecord>, StoreError> {
    tables.table(ROOMS)?.get(id.0)?.map(|bytes| RoomRecord::decode(bytes.value())).transpose()
}

/// Moves the read marks of members who posted since the record was written.
fn mark(log: &impl LogRows, room: RoomId, record: &mut RoomRecord) -> Result<(), StoreError> {
    let users: Vec<UserId> = record.members.iter().map(|member| member.user).collect();
    for (user, seq) in log.last_posts(room, record.marked, &users)? {
        if let Some(member) = record.members.iter_mut().find(|member| member.user == user) {
            member.read = seq;
        }
    }
    record.marked = log.last_event(room)?.0;
    Ok(())
}

impl Change<'_> {
    /// Writes a new room without events. Its name must be free among rooms.
    ///
    /// # Errors
    /// [`ErrorCode::RoomNameTaken`], and trouble with the disk.
    pub fn create_room(&mut self, state: &RoomState) -> Result<(), StoreError> {
        let wanted = fold(&state.name);
        let is_taken =
            |room: &RoomState| room.kind == state.kind && !wanted.is_empty() && fold(&room.name) == wanted;
        if self.rooms()?.iter().any(is_taken) {
            return Err(StoreError::Refused(ErrorCode::RoomNameTaken));
        }
        self.put_room(state.id, &RoomRecord::from_state(state))
    }

    pub(super) fn put_room(&mut self, room: RoomId, record: &RoomRecord) -> Result<(), StoreError> {
        let bytes = record.encode()?;
        self.write(ROOMS)?.insert(room.0, bytes.as_slice())
    }

    fn put_row(&mut self, room: RoomId, seq: Seq, row: &EventRecord) -> Result<(), StoreError> {
        let bytes = row.encode()?;
        self.write(LOG)?.insert((room.0, seq.0), bytes.as_slice())
    }

    /// Appends an event and lets it change what it concerns: the room, or a chat message.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for an unknown room or chat message; [`ErrorCode::Busy`] when the event is not
    /// the next one, because one before it could not be written; [`ErrorCode::RoomFull`].
    pub fn append_event(&mut self, event: &RoomEvent) -> Result<(), StoreError> {
        let mut record = record(self, event.room)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
        let last = self.last_event(event.room)?;
        if event.seq != last.0.next() {
            return Err(StoreError::Refused(ErrorCode::Busy));
        }
        let mut row = EventRecord::from_event(event);
        let is_long_ago = event.seq.0.saturating_sub(record.marked.0) >= MARKED_EVERY;
        let mut is_changed = is_long_ago;
        match reducer::target(event) {
            Some(target) => is_changed |= self.alter(event, target, &mut row, &mut record)?,
            None if matches!(event.change, RoomEventKind::Posted { .. }) => {}
            None => {
                mark(&self.table(LOG)?, event.room, &mut record)?;
                let mut state = record.clone().into_state(event.room, last);
                state.apply(event);
                if state.members.len() > state.capacity() {
                    return Err(StoreError::Refused(ErrorCode::RoomFull));
                }
                record.put_state(state);
                is_changed = true;
            }
        }
        self.put_row(event.room, event.seq, &row)?;
        if is_changed {
            mark(&self.table(LOG)?, event.room, &mut record)?;
            self.put_room(event.room, &record)?;
        }
        if let Some(tag) = &event.tag {
            self.tags().insert(event.by, tag, (event.room, event.seq), event.at);
        }
        Ok(())
    }

    /// Lets an event alter the chat message that it names; whether that changed the room's pins.
    fn alter(
        &mut self,
        event: &RoomEvent,
        target: Seq,
        row: &mut EventRecord,
        record: &mut RoomRecord,
    ) -> Result<bool, StoreError> {
        let (room, not_found) = (event.room, StoreError::Refused(ErrorCode::NotFound));
        let (posted, message) = {
            let log = self.table(LOG)?;
            (log.row(room, target)?, log.message_at(room, target)?)
        };
        let (Some(mut posted), Some(mut message)) = (posted, message) else { return Err(not_found) };
        let ChangeRecord::Posted(post) = &mut posted.change else { return Err(not_found) };
        reducer::apply(&mut message, event);

        let is_pin = matches!(event.change, RoomEventKind::Pinned { .. });
        let is_repinned = post.pinned != message.pinned || (is_pin && message.pinned);
        if is_repinned {
            record.pins.retain(|pin| *pin != target);
            record.pins.extend(message.pinned.then_some(target));
        }
        let mut erased = Vec::new();
        if message.deleted {
            erased.append(&mut post.edits);
            post.words = WordsRecord::default();
            if let Some(words) = row.change.words_mut() {
                *words = WordsRecord::default();
            }
        } else if matches!(event.change, RoomEventKind::Edited { .. }) {
            post.edits.push(event.seq);
            if post.edits.len() > REVISIONS_KEPT {
                post.words = WordsRecord::default();
                let surplus = post.edits.len() - REVISIONS_KEPT;
                erased.extend(post.edits.drain(..surplus));
            }
        }
        post.put_message(message);
        self.put_row(room, target, &posted)?;
        for edit in erased {
            self.erase(room, edit)?;
        }
        Ok(is_repinned)
    }

    /// Erases the text of an edit.
    fn erase(&mut self, room: RoomId, seq: Seq) -> Result<(), StoreError> {
        let Some(mut row) = self.table(LOG)?.row(room, seq)? else { return Ok(()) };
        if let Some(words) = row.change.words_mut() {
            *words = WordsRecord::default();
        }
        self.put_row(room, seq, &row)
    }

    /// Moves a member's read mark, in either direction.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for somebody who is not a member.
    pub fn set_read(&mut self, room: RoomId, user: UserId, seq: Seq) -> Result<(), StoreError> {
        let not_found = StoreError::Refused(ErrorCode::NotFound);
        let Some(mut record) = record(self, room)? else { return Err(not_found) };
        mark(&self.table(LOG)?, room, &mut record)?;
        let last = record.marked;
        match record.members.iter_mut().find(|member| member.user == user) {
            Some(member) => member.read = seq.min(last),
            None => return Err(not_found),
        }
        self.put_room(room, &record)
    }

    /// Deletes a room. From then on there is no such room; the rows of its history are removed in steps, in
    /// the writer's idle time, also after a crash.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn delete_room(&mut self, room: RoomId) -> Result<(), StoreError> {
        self.write(ROOMS)?.remove(room.0)?;
        self.leave_rows();
        Ok(())
    }

    /// Removes rows of deleted rooms, at most `most`; whether there may be more.
    pub(super) fn sweep(&mut self, most: usize) -> Result<bool, StoreError> {
        let Some(orphan) = self.orphan()? else { return Ok(false) };
        let rows = (orphan, 0)..=(orphan, u64::MAX);
        self.write(LOG)?.remove_range(rows, most)?;
        Ok(true)
    }

    /// A room that has rows in the log and no record.
    fn orphan(&self) -> Result<Option<u64>, StoreError> {
        let (log, rooms) = (self.table(LOG)?, self.table(ROOMS)?);
        let mut from = Some(0);
        while let Some(start) = from {
            let Some(row) = log.range((start, 0)..)?.next() else { return Ok(None) };
            let room = row?.0.value().0;
            if rooms.get(room)?.is_none() {
                return Ok(Some(room));
            }
            from = room.checked_add(1);
        }
        Ok(None)
    }
}
