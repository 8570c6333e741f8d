//! Pages of history: chat messages as they stand, and notices, in order of position.

use mesh_protocol::chat::{HistoryItem, HistoryPage, Notice, PageFrom};
use mesh_protocol::id::RoomId;
use mesh_protocol::limit;
use mesh_protocol::time::Seq;

use super::StoreError;
use super::log::{Entry, LogRows};
use super::record::ChangeRecord;

const END: Seq = Seq(u64::MAX);

/// One page, at most `items` of them ([`limit::PAGE_ITEMS`] at most).
pub(super) fn page(
    log: &impl LogRows,
    room: RoomId,
    from: PageFrom,
    items: u32,
) -> Result<HistoryPage, StoreError> {
    let wanted = items.clamp(1, limit::PAGE_ITEMS) as usize;
    let (last_seq, _) = log.last_event(room)?;
    // The first position that belongs to the newer half, and how many items each half may have.
    let (middle, older, newer) = match from {
        PageFrom::Latest => (END, wanted, 0),
        PageFrom::Before { seq } => (seq, wanted, 0),
        PageFrom::After { seq } => (Seq(seq.0.saturating_add(1)), 0, wanted),
        PageFrom::Around { seq } => (seq, wanted / 2, wanted - wanted / 2),
    };
    let last_older = Seq(middle.0.saturating_sub(1));
    let (mut items, at_start) = take(log, room, log.rows(room, Seq::ZERO, last_older)?.rev(), older)?;
    items.reverse();
    let (more, at_end) = take(log, room, log.rows(room, last_older, END)?, newer)?;
    items.extend(more);
    Ok(HistoryPage { items, at_start, at_end, last_seq })
}

/// The first `wanted` items, and whether there are no more.
fn take(
    log: &impl LogRows,
    room: RoomId,
    rows: impl Iterator<Item = Result<Entry, StoreError>>,
    wanted: usize,
) -> Result<(Vec<HistoryItem>, bool), StoreError> {
    let mut items = Vec::new();
    for row in rows {
        if let Some(item) = item(log, room, row?)? {
            if items.len() == wanted {
                return Ok((items, false));
            }
            items.push(item);
        }
    }
    Ok((items, true))
}

/// What a row shows as a line of its own.
fn item(log: &impl LogRows, room: RoomId, (seq, row): Entry) -> Result<Option<HistoryItem>, StoreError> {
    Ok(match row.change {
        ChangeRecord::Posted(_) => log.message_of(room, seq, &row)?.map(HistoryItem::Message),
        ChangeRecord::Created { .. }
        | ChangeRecord::Joined { .. }
        | ChangeRecord::Left { .. }
        | ChangeRecord::Changed { .. } => {
            let change = row.change.into_kind();
            Some(HistoryItem::Notice(Notice { seq, at: row.at, by: row.by, change }))
        }
        ChangeRecord::Edited { .. }
        | ChangeRecord::Deleted { .. }
        | ChangeRecord::Reacted { .. }
        | ChangeRecord::Pinned { .. } => None,
    })
}
