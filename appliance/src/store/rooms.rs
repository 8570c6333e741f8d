//! Rooms, their events and their history in the store.

use mesh_core::room::{PostMark, RoomState, history};
use mesh_protocol::chat::{
    ChatMessage, ClientTag, HistoryItem, HistoryPage, PageFrom, Revision, RoomEvent, RoomEventKind,
};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::time::{Seq, UnixMillis};
use redb::ReadableTable;

use super::record::{EventRecord, ItemRecord, Record, RevisionRecord, RoomRecord};
use super::table::{EVENTS, ITEMS, PINS, READS, REVISIONS, ROOMS, TAGS};
use super::{StoreError, Tables};

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
        let record =
            self.table(ROOMS)?.get(id.0)?.map(|value| RoomRecord::decode(value.value())).transpose()?;
        let Some(record) = record else { return Ok(None) };
        let last = self.last_event(id)?;
        let reads = self.table(READS)?;
        let read = |user: UserId| Ok(Seq(reads.get((id.0, user.0))?.map_or(0, |mark| mark.value())));
        record.into_state(id, last, read).map(Some)
    }

    /// Position and time of a room's newest event.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn last_event(&self, room: RoomId) -> Result<(Seq, UnixMillis), StoreError> {
        let events = self.table(EVENTS)?;
        let mut range = events.range((room.0, 0)..=(room.0, u64::MAX))?;
        match range.next_back() {
            Some(entry) => {
                let (key, value) = entry?;
                Ok((Seq(key.value().1), EventRecord::decode(value.value())?.at))
            }
            None => Ok((Seq::ZERO, UnixMillis(0))),
        }
    }

    /// Events after `after` up to `up_to`, in order.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn events(&self, room: RoomId, after: Seq, up_to: Seq) -> Result<Vec<RoomEvent>, StoreError> {
        if up_to <= after {
            return Ok(Vec::new());
        }
        self.table(EVENTS)?
            .range((room.0, after.0 + 1)..=(room.0, up_to.0))?
            .map(|entry| {
                let (key, value) = entry?;
                Ok(EventRecord::decode(value.value())?.into_event(room, Seq(key.value().1)))
            })
            .collect()
    }

    /// A page of history.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn history(&self, room: RoomId, from: PageFrom, limit: u32) -> Result<HistoryPage, StoreError> {
        let limit = limit as usize;
        let (before, after) = match from {
            PageFrom::Latest => (Some((u64::MAX, limit)), None),
            PageFrom::Before { seq } => (Some((seq.0, limit)), None),
            PageFrom::After { seq } => (None, Some((seq.0.saturating_add(1), limit))),
            PageFrom::Around { seq } => (Some((seq.0, limit / 2)), Some((seq.0, limit - limit / 2))),
        };
        let items = self.table(ITEMS)?;
        let read = |entry: Result<_, redb::StorageError>| -> Result<HistoryItem, StoreError> {
            let (key, value): (redb::AccessGuard<'_, (u64, u64)>, redb::AccessGuard<'_, &'static [u8]>) =
                entry?;
            Ok(ItemRecord::decode(value.value())?.into_item(Seq(key.value().1)))
        };
        let (mut older, mut newer) = (Vec::new(), Vec::new());
        let mut at_start = matches!(after, Some((1, _)));
        let mut at_end = after.is_none() && matches!(from, PageFrom::Latest);
        if let Some((end, count)) = before {
            let mut range = items.range((room.0, 0)..(room.0, end))?.rev();
            for entry in range.by_ref().take(count) {
                older.push(read(entry)?);
            }
            at_start = range.next().is_none();
            older.reverse();
            at_end |= after.is_none() && items.range((room.0, end)..=(room.0, u64::MAX))?.next().is_none();
        }
        if let Some((start, count)) = after {
            let mut range = items.range((room.0, start)..=(room.0, u64::MAX))?;
            for entry in range.by_ref().take(count) {
                newer.push(read(entry)?);
            }
            at_end = range.next().is_none();
            if before.is_none() {
                at_start = items.range((room.0, 0)..(room.0, start))?.next().is_none();
            }
        }
        older.append(&mut newer);
        Ok(HistoryPage { items: older, at_start, at_end, last_seq: self.last_event(room)?.0 })
    }

    /// A chat message as it stands.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn message(&self, room: RoomId, seq: Seq) -> Result<Option<ChatMessage>, StoreError> {
        let items = self.table(ITEMS)?;
        let Some(value) = items.get((room.0, seq.0))? else { return Ok(None) };
        Ok(ItemRecord::decode(value.value())?.into_message(seq))
    }

    /// Pinned chat messages, newest pin first.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn pins(&self, room: RoomId) -> Result<Vec<ChatMessage>, StoreError> {
        let pins: Result<Vec<(u64, u64)>, StoreError> = self
            .table(PINS)?
            .range((room.0, 0)..=(room.0, u64::MAX))?
            .map(|entry| {
                let (key, at) = entry?;
                Ok((at.value(), key.value().1))
            })
            .collect();
        let mut pins = pins?;
        pins.sort_unstable_by(|a, b| b.cmp(a));
        pins.into_iter().filter_map(|(_, target)| self.message(room, Seq(target)).transpose()).collect()
    }

    /// Former texts of a chat message, oldest first.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn revisions(&self, room: RoomId, target: Seq) -> Result<Vec<Revision>, StoreError> {
        self.table(REVISIONS)?
            .range((room.0, target.0, 0)..=(room.0, target.0, u64::MAX))?
            .map(|entry| Ok(RevisionRecord::decode(entry?.1.value())?.into_revision()))
            .collect()
    }

    /// Where a user's client tag was written.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn tag(&self, user: UserId, tag: &ClientTag) -> Result<Option<(RoomId, Seq)>, StoreError> {
        let found = self.table(TAGS)?.get((user.0, tag.0.as_str()))?.map(|value| value.value());
        Ok(found.map(|(room, seq, _)| (RoomId(room), Seq(seq))))
    }

    /// The newest `most` chat messages after `after`, rising: what unread counts start from.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn post_marks(&self, room: RoomId, after: Seq, most: usize) -> Result<Vec<PostMark>, StoreError> {
        let mut marks = Vec::new();
        let start = after.0.saturating_add(1);
        for entry in self.table(ITEMS)?.range((room.0, start)..=(room.0, u64::MAX))?.rev() {
            if marks.len() >= most {
                break;
            }
            let (key, value) = entry?;
            let seq = Seq(key.value().1);
            if let Some(message) = ItemRecord::decode(value.value())?.into_message(seq) {
                let ChatMessage { by, mentions, everyone, deleted, .. } = message;
                marks.push(PostMark { seq, by, mentions, everyone, deleted });
            }
        }
        marks.reverse();
        Ok(marks)
    }
}

impl<T: Tables> RoomReads for T {}

impl super::Change<'_> {
    /// Writes a new room without events. Its name must be free among rooms.
    ///
    /// # Errors
    /// [`ErrorCode::RoomNameTaken`], and trouble with the disk.
    pub fn create_room(&mut self, state: &RoomState) -> Result<(), StoreError> {
        let wanted = mesh_core::fold::fold(&state.name);
        let taken = self.rooms()?.iter().any(|room| {
            room.kind == state.kind && !wanted.is_empty() && mesh_core::fold::fold(&room.name) == wanted
        });
        if taken {
            return Err(StoreError::Refused(ErrorCode::RoomNameTaken));
        }
        self.put_room(state)
    }

    fn put_room(&mut self, state: &RoomState) -> Result<(), StoreError> {
        let bytes = RoomRecord::from_state(state).encode()?;
        self.write(ROOMS)?.insert(state.id.0, bytes.as_slice())?;
        Ok(())
    }

    /// Appends an event and lets it change what it concerns: history, members, settings, marks, pins, tags.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for an unknown room; [`ErrorCode::Busy`] when the event is not the next one,
    /// because one before it could not be written.
    pub fn append_event(&mut self, event: &RoomEvent) -> Result<(), StoreError> {
        let room = event.room;
        let mut state = self.room(room)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
        if event.seq != state.last_seq.next() {
            return Err(StoreError::Refused(ErrorCode::Busy));
        }
        let key = (room.0, event.seq.0);
        let bytes = EventRecord::from_event(event).encode()?;
        self.write(EVENTS)?.insert(key, bytes.as_slice())?;
        if let Some(tag) = &event.tag {
            let place = (room.0, event.seq.0, event.at.0);
            self.write(TAGS)?.insert((event.by.0, tag.0.as_str()), place)?;
        }
        if let Some(message) = history::posted(event) {
            self.put_item(key, &ItemRecord::from_message(&message))?;
            return self.put_read(room, event.by, event.seq);
        }
        if let Some(target) = history::target(event) {
            return self.alter(room, target, event);
        }
        self.put_item(key, &ItemRecord::from_notice(event))?;
        state.apply(event);
        if let RoomEventKind::Joined { user, .. } = event.change
            && let Some(member) = state.member(user)
        {
            self.put_read(room, user, member.read)?;
        }
        self.put_room(&state)
    }

    fn put_item(&mut self, key: (u64, u64), item: &ItemRecord) -> Result<(), StoreError> {
        let bytes = item.encode()?;
        self.write(ITEMS)?.insert(key, bytes.as_slice())?;
        Ok(())
    }

    fn alter(&mut self, room: RoomId, target: Seq, event: &RoomEvent) -> Result<(), StoreError> {
        let Some(mut message) = self.message(room, target)? else { return Ok(()) };
        let former = RevisionRecord::of(&message);
        let was_deleted = message.deleted;
        history::apply(&mut message, event);
        self.put_item((room.0, target.0), &ItemRecord::from_message(&message))?;
        match &event.change {
            RoomEventKind::Edited { .. } if !was_deleted => {
                let bytes = former.encode()?;
                self.write(REVISIONS)?.insert((room.0, target.0, event.seq.0), bytes.as_slice())?;
            }
            RoomEventKind::Deleted { .. } => self.erase(room, target)?,
            _ => {}
        }
        let mut pins = self.write(PINS)?;
        if message.pinned {
            if matches!(event.change, RoomEventKind::Pinned { .. }) {
                pins.insert((room.0, target.0), event.seq.0)?;
            }
        } else {
            pins.remove((room.0, target.0))?;
        }
        Ok(())
    }

    /// Erases what a deleted chat message said from the log and from its former texts.
    fn erase(&mut self, room: RoomId, target: Seq) -> Result<(), StoreError> {
        let range = (room.0, target.0, 0)..=(room.0, target.0, u64::MAX);
        let mut spoken = vec![target.0];
        for revision in self.table(REVISIONS)?.range(range.clone())? {
            spoken.push(revision?.0.value().2);
        }
        let mut revisions = self.write(REVISIONS)?;
        revisions.remove_range(range.clone(), usize::MAX)?;
        drop(revisions);
        for seq in spoken {
            let stored =
                self.table(EVENTS)?.get((room.0, seq))?.map(|value| EventRecord::decode(value.value()));
            if let Some(mut event) = stored.transpose()? {
                event.erase_text();
                let bytes = event.encode()?;
                self.write(EVENTS)?.insert((room.0, seq), bytes.as_slice())?;
            }
        }
        Ok(())
    }

    /// Writes a read mark.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn set_read(&mut self, room: RoomId, user: UserId, seq: Seq) -> Result<(), StoreError> {
        self.put_read(room, user, seq)
    }

    fn put_read(&mut self, room: RoomId, user: UserId, seq: Seq) -> Result<(), StoreError> {
        self.write(READS)?.insert((room.0, user.0), seq.0)?;
        Ok(())
    }

    /// Deletes a room with its history.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn delete_room(&mut self, room: RoomId) -> Result<(), StoreError> {
        let all = (room.0, 0)..=(room.0, u64::MAX);
        self.write(ROOMS)?.remove(room.0)?;
        self.write(EVENTS)?.remove_range(all.clone(), usize::MAX)?;
        self.write(ITEMS)?.remove_range(all.clone(), usize::MAX)?;
        self.write(READS)?.remove_range(all.clone(), usize::MAX)?;
        self.write(PINS)?.remove_range(all, usize::MAX)?;
        let revisions = (room.0, 0, 0)..=(room.0, u64::MAX, u64::MAX);
        self.write(REVISIONS)?.remove_range(revisions, usize::MAX)?;
        Ok(())
    }
}
