//! Reading the log: chat messages as they stand, former texts, the window for unread counts.

use mesh_core::room::PostMark;
use mesh_protocol::chat::{ChatMessage, Revision, RoomEvent};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::time::{Seq, UnixMillis};
use redb::ReadableTable;

use super::StoreError;
use super::record::{ChangeRecord, EventRecord, Record};
use super::table::Bytes;

/// One row with its position.
pub(super) type Entry = (Seq, EventRecord);

/// The log, open for reading.
pub(super) trait LogRows: ReadableTable<(u64, u64), Bytes> {
    fn row(&self, room: RoomId, seq: Seq) -> Result<Option<EventRecord>, StoreError> {
        self.get((room.0, seq.0))?.map(|bytes| EventRecord::decode(bytes.value())).transpose()
    }

    /// Rows after `after` up to and with `up_to`, rising.
    fn rows(
        &self,
        room: RoomId,
        after: Seq,
        up_to: Seq,
    ) -> Result<impl DoubleEndedIterator<Item = Result<Entry, StoreError>>, StoreError> {
        let first = after.0.saturating_add(1);
        // redb takes a range that ends before it begins for a mistake.
        let last = up_to.0.max(after.0);
        let rows = self.range((room.0, first.min(last))..=(room.0, last))?.map(|row| {
            let (key, bytes) = row?;
            Ok((Seq(key.value().1), EventRecord::decode(bytes.value())?))
        });
        Ok(rows.filter(move |row| row.as_ref().map_or(true, |(seq, _)| *seq > after)))
    }

    /// Position and time of the newest event.
    fn last_event(&self, room: RoomId) -> Result<(Seq, UnixMillis), StoreError> {
        let newest = self.rows(room, Seq::ZERO, Seq(u64::MAX))?.next_back().transpose()?;
        Ok(newest.map_or((Seq::ZERO, UnixMillis(0)), |(seq, row)| (seq, row.at)))
    }

    /// The chat message of a row; `None` when the row is another event.
    fn message_of(
        &self,
        room: RoomId,
        seq: Seq,
        row: &EventRecord,
    ) -> Result<Option<ChatMessage>, StoreError> {
        let ChangeRecord::Posted(post) = &row.change else { return Ok(None) };
        let current = match post.edits.last() {
            Some(edit) => self.row(room, *edit)?,
            None => None,
        };
        Ok(row.message(seq, current))
    }

    fn message_at(&self, room: RoomId, seq: Seq) -> Result<Option<ChatMessage>, StoreError> {
        self.row(room, seq)?.map_or(Ok(None), |row| self.message_of(room, seq, &row))
    }

    fn events_of(&self, room: RoomId, after: Seq, up_to: Seq) -> Result<Vec<RoomEvent>, StoreError> {
        self.rows(room, after, up_to)?.map(|row| row.map(|(seq, row)| row.into_event(room, seq))).collect()
    }

    /// Former texts of a chat message, oldest first; none of a deleted one.
    fn revisions_of(&self, room: RoomId, seq: Seq) -> Result<Vec<Revision>, StoreError> {
        let Some(EventRecord { at, change: ChangeRecord::Posted(post), .. }) = self.row(room, seq)? else {
            return Ok(Vec::new());
        };
        let mut texts = vec![Revision { at, text: post.words.text }];
        for edit in &post.edits {
            if let Some(EventRecord { at, change: ChangeRecord::Edited { words, .. }, .. }) =
                self.row(room, *edit)?
            {
                texts.push(Revision { at, text: words.text });
            }
        }
        texts.pop();
        // Erased: there were more than are kept.
        texts.retain(|revision| !revision.text.is_empty());
        Ok(texts)
    }

    /// The newest `most` chat messages after `after`, rising.
    fn marks_of(&self, room: RoomId, after: Seq, most: usize) -> Result<Vec<PostMark>, StoreError> {
        let mut marks = Vec::new();
        for row in self.rows(room, after, Seq(u64::MAX))?.rev() {
            if marks.len() == most {
                break;
            }
            let (seq, row) = row?;
            let message = self.message_of(room, seq, &row)?;
            marks.extend(message.map(|message| PostMark {
                seq,
                by: message.by,
                mentions: message.mentions,
                everyone: message.everyone,
                deleted: message.deleted,
            }));
        }
        marks.reverse();
        Ok(marks)
    }

    /// The newest chat message of each of `users` after `after`.
    fn last_posts(
        &self,
        room: RoomId,
        after: Seq,
        users: &[UserId],
    ) -> Result<Vec<(UserId, Seq)>, StoreError> {
        let mut found: Vec<(UserId, Seq)> = Vec::new();
        for row in self.rows(room, after, Seq(u64::MAX))?.rev() {
            if found.len() == users.len() {
                break;
            }
            let (seq, row) = row?;
            let is_post = matches!(row.change, ChangeRecord::Posted(_));
            if is_post && users.contains(&row.by) && found.iter().all(|(user, _)| *user != row.by) {
                found.push((row.by, seq));
            }
        }
        Ok(found)
    }
}

impl<T: ReadableTable<(u64, u64), Bytes>> LogRows for T {}
