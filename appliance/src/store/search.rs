//! Search by looking: newest first, over the chat messages themselves.
//!
//! There is no index. One would make every chat message cost several pages of flash; a team of four writes few
//! enough that looking at them is quick (docs/decisions/0002-search-scans.md has the figures). A request looks
//! at a bounded number of messages and says where to go on.

use mesh_core::fold;
use mesh_protocol::chat::{ChatMessage, SearchHit, SearchPage, SearchRequest};
use mesh_protocol::id::RoomId;
use mesh_protocol::limit;
use mesh_protocol::time::Seq;
use redb::{AccessGuard, ReadableTable, StorageError};

use super::record::{ItemRecord, Record};
use super::table::ITEMS;
use super::{StoreError, Tables};

/// Lines of history that one request looks at, in all rooms together.
const BUDGET: usize = 20_000;
/// Bytes of text after which a page is full, so that an answer stays near one message's size.
const PAGE_BYTES: usize = limit::MESSAGE_BYTES / 2;

/// Where a page ended: everything at or after it was looked at. (time, room, seq) is a total order.
type Position = (u64, u64, u64);
/// A row of the history table.
type Row<'a> = Result<(AccessGuard<'a, (u64, u64)>, AccessGuard<'a, &'static [u8]>), StorageError>;

fn encode(position: Position) -> String {
    format!("{}-{}-{}", position.0, RoomId(position.1), position.2)
}

fn decode(cursor: &str) -> Option<Position> {
    let mut parts = cursor.split('-');
    let position =
        (parts.next()?.parse().ok()?, parts.next()?.parse::<RoomId>().ok()?.0, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(position)
}

/// Searching; what snapshots and running changes have in common.
pub trait SearchReads: Tables {
    /// One page of results in `rooms`, newest first.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn search(&self, rooms: &[RoomId], request: &SearchRequest) -> Result<SearchPage, StoreError> {
        let words = fold::words(&request.query);
        if words.is_empty() && request.by.is_none() {
            return Ok(SearchPage { hits: Vec::new(), next: None });
        }
        let start = request.cursor.as_deref().and_then(decode);
        let items = self.table(ITEMS)?;
        let mut newest_first = Merge { readers: Vec::new(), heads: Vec::new(), looked: 0 };
        for room in rooms {
            let end = match start {
                Some(start) => first_not_before(&items, *room, start)?,
                None => u64::MAX,
            };
            newest_first.add(*room, items.range((room.0, 0)..(room.0, end))?.rev())?;
        }
        let (mut hits, mut bytes) = (Vec::new(), 0);
        while let Some((position, message)) = newest_first.pop()? {
            let is_hit = !message.deleted
                && request.by.is_none_or(|by| by == message.by)
                && fold::matches(&words, &message.text);
            if is_hit {
                bytes += message.text.len();
                hits.push(SearchHit { room: RoomId(position.1), message });
            }
            let is_full = hits.len() >= request.limit as usize || bytes >= PAGE_BYTES;
            if (is_full || newest_first.looked >= BUDGET) && !newest_first.heads.is_empty() {
                return Ok(SearchPage { hits, next: Some(encode(position)) });
            }
        }
        Ok(SearchPage { hits, next: None })
    }
}

impl<T: Tables> SearchReads for T {}

/// The first line of a room that is not before `start`. Times never fall within a room, so halving finds it.
fn first_not_before(
    items: &impl ReadableTable<(u64, u64), &'static [u8]>,
    room: RoomId,
    start: Position,
) -> Result<u64, StoreError> {
    let (mut low, mut high) = (0, u64::MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        match items.range((room.0, middle)..(room.0, high))?.next() {
            Some(entry) => {
                let (key, value) = entry?;
                let seq = key.value().1;
                if (ItemRecord::decode(value.value())?.at().0, room.0, seq) < start {
                    low = seq + 1;
                } else {
                    high = middle;
                }
            }
            None => high = middle,
        }
    }
    Ok(low)
}

/// Chat messages of several rooms, newest first.
struct Merge<R> {
    readers: Vec<(RoomId, R)>,
    /// The newest unseen chat message of each room.
    heads: Vec<(Position, ChatMessage)>,
    looked: usize,
}

impl<'a, R: Iterator<Item = Row<'a>>> Merge<R> {
    fn add(&mut self, room: RoomId, reader: R) -> Result<(), StoreError> {
        self.readers.push((room, reader));
        self.advance(room)
    }

    fn pop(&mut self) -> Result<Option<(Position, ChatMessage)>, StoreError> {
        let newest = self.heads.iter().enumerate().max_by_key(|(_, head)| head.0).map(|(index, _)| index);
        let Some(newest) = newest else { return Ok(None) };
        let head = self.heads.swap_remove(newest);
        self.advance(RoomId(head.0.1))?;
        Ok(Some(head))
    }

    /// Takes the next chat message of a room.
    fn advance(&mut self, room: RoomId) -> Result<(), StoreError> {
        let Some((_, reader)) = self.readers.iter_mut().find(|(of, _)| *of == room) else { return Ok(()) };
        for row in reader {
            let (key, value) = row?;
            self.looked += 1;
            let seq = key.value().1;
            if let Some(message) = ItemRecord::decode(value.value())?.into_message(Seq(seq)) {
                self.heads.push(((message.at.0, room.0, seq), message));
                break;
            }
        }
        Ok(())
    }
}
