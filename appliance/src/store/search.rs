//! Search by looking: newest first, over the chat messages themselves.
//!
//! There is no index. One would make every chat message cost several pages of flash; a team of four writes few
//! enough that looking at them is quick (docs/decisions/0002-search-scans.md has the figures). A request looks
//! at a bounded number of messages and says where to go on.

use mesh_core::fold;
use mesh_protocol::chat::{SearchHit, SearchPage, SearchRequest};
use mesh_protocol::id::RoomId;
use mesh_protocol::limit;
use mesh_protocol::time::{Seq, UnixMillis};

use super::log::{Entry, LogRows};
use super::record::{ChangeRecord, EventRecord};
use super::table::LOG;
use super::{StoreError, Tables};

/// Rows of the log that one request looks at, in all rooms together.
pub const SEARCH_BUDGET: usize = 20_000;
/// Bytes of text after which a page is full, so that an answer stays near one message's size.
const PAGE_BYTES: usize = limit::MESSAGE_BYTES / 2;

/// A row's place in the order of results: by time, ties by room, then by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    at: UnixMillis,
    room: RoomId,
    seq: Seq,
}

impl Place {
    /// Newer than everything.
    const END: Place = Place { at: UnixMillis(u64::MAX), room: RoomId(u64::MAX), seq: Seq(u64::MAX) };

    fn to_cursor(self) -> String {
        format!("{}-{}-{}", self.at.0, self.room, self.seq.0)
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let mut parts = cursor.split('-');
        let place = Self {
            at: UnixMillis(parts.next()?.parse().ok()?),
            room: parts.next()?.parse().ok()?,
            seq: Seq(parts.next()?.parse().ok()?),
        };
        parts.next().is_none().then_some(place)
    }
}

/// Searching; what snapshots and running changes have in common.
pub trait SearchReads: Tables {
    /// One page of results in `rooms`, which the caller has checked, newest first.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn search(&self, rooms: &[RoomId], request: &SearchRequest) -> Result<SearchPage, StoreError> {
        search_within(&self.table(LOG)?, rooms, request, SEARCH_BUDGET)
    }
}

impl<T: Tables> SearchReads for T {}

fn search_within(
    log: &impl LogRows,
    rooms: &[RoomId],
    request: &SearchRequest,
    budget: usize,
) -> Result<SearchPage, StoreError> {
    let words = fold::words(&request.query);
    if words.is_empty() && request.by.is_none() {
        return Ok(SearchPage { hits: Vec::new(), next: None });
    }
    // A cursor that is none starts from the newest.
    let mut reached = request.cursor.as_deref().and_then(Place::from_cursor).unwrap_or(Place::END);
    let mut readers = Vec::new();
    for room in rooms {
        let end = first_not_before(log, *room, reached)?;
        let older = log.rows(*room, Seq::ZERO, Seq(end.0.saturating_sub(1)))?.rev();
        readers.extend(Reader { room: *room, head: None, older }.advance()?);
    }
    let (mut hits, mut bytes, mut looked) = (Vec::new(), 0, 0);
    while let Some((place, row)) = next(&mut readers)? {
        let is_full = hits.len() >= request.limit as usize || bytes >= PAGE_BYTES;
        if is_full || looked == budget {
            return Ok(SearchPage { hits, next: Some(reached.to_cursor()) });
        }
        looked += 1;
        reached = place;
        if let Some(hit) = hit(log, place, &row, &words, request)? {
            bytes += hit.message.text.len();
            hits.push(hit);
        }
    }
    Ok(SearchPage { hits, next: None })
}

/// The first position of a room that is not older than `end`. Times rise with positions, so halving finds it.
fn first_not_before(log: &impl LogRows, room: RoomId, end: Place) -> Result<Seq, StoreError> {
    let (mut low, mut high) = (1, log.last_event(room)?.0.0 + 1);
    while low < high {
        let seq = Seq(low + (high - low) / 2);
        let is_older = match log.row(room, seq)? {
            Some(row) => Place { at: row.at, room, seq } < end,
            None => true,
        };
        if is_older {
            low = seq.0 + 1;
        } else {
            high = seq.0;
        }
    }
    Ok(Seq(low))
}

/// The rows of a room, newest first.
struct Reader<R> {
    room: RoomId,
    /// The newest row that was not looked at yet.
    head: Option<(Place, EventRecord)>,
    older: R,
}

impl<R: Iterator<Item = Result<Entry, StoreError>>> Reader<R> {
    /// On to the next row; `None` at the end.
    fn advance(mut self) -> Result<Option<Self>, StoreError> {
        let Some((seq, row)) = self.older.next().transpose()? else { return Ok(None) };
        self.head = Some((Place { at: row.at, room: self.room, seq }, row));
        Ok(Some(self))
    }
}

/// Takes the newest row of all rooms.
fn next<R: Iterator<Item = Result<Entry, StoreError>>>(
    readers: &mut Vec<Reader<R>>,
) -> Result<Option<(Place, EventRecord)>, StoreError> {
    let place = |reader: &Reader<R>| reader.head.as_ref().map(|(place, _)| *place);
    let newest = readers.iter().enumerate().max_by_key(|(_, reader)| place(reader)).map(|(index, _)| index);
    let Some(newest) = newest else { return Ok(None) };
    let mut reader = readers.swap_remove(newest);
    let head = reader.head.take();
    readers.extend(reader.advance()?);
    Ok(head)
}

fn hit(
    log: &impl LogRows,
    place: Place,
    row: &EventRecord,
    words: &[String],
    request: &SearchRequest,
) -> Result<Option<SearchHit>, StoreError> {
    let is_by = request.by.is_none_or(|by| by == row.by);
    if !is_by || !matches!(&row.change, ChangeRecord::Posted(post) if !post.deleted) {
        return Ok(None);
    }
    let message = log.message_of(place.room, place.seq, row)?;
    let found = message.filter(|message| fold::matches(words, &message.text));
    Ok(found.map(|message| SearchHit { room: place.room, message }))
}
