//! Schema 1 as it was, and the step to schema 2.
//!
//! Schema 1 kept the event, the line of history, the author's read mark and the client tag of a chat message
//! in four tables, which cost 66 KB of device writes for a lone message. Schema 2 has one row in one table.

use mesh_protocol::chat::{ClientTag, RoomEvent, RoomEventKind};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::time::{Seq, UnixMillis};
use redb::{ReadableTable, TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};

use crate::store::StoreError;
use crate::store::change::Change;
use crate::store::record::{MemberRecord, Record, RoomRecord};
use crate::store::table::{Bytes, ROOMS};
use crate::store::tag::TagIndex;

const READS: TableDefinition<'static, (u64, u64), u64> = TableDefinition::new("reads");
const EVENTS: TableDefinition<'static, (u64, u64), Bytes> = TableDefinition::new("events");
const ITEMS: TableDefinition<'static, (u64, u64), Bytes> = TableDefinition::new("items");
const REVISIONS: TableDefinition<'static, (u64, u64, u64), Bytes> = TableDefinition::new("revisions");
const PINS: TableDefinition<'static, (u64, u64), u64> = TableDefinition::new("pins");
const TAGS: TableDefinition<'static, (u64, &'static str), (u64, u64, u64)> = TableDefinition::new("tags");

#[derive(Serialize, Deserialize)]
enum KindRecord {
    Posted {
        text: String,
        reply_to: Option<Seq>,
        mentions: Vec<UserId>,
        everyone: bool,
    },
    Edited {
        target: Seq,
        text: String,
        mentions: Vec<UserId>,
        everyone: bool,
    },
    Deleted {
        target: Seq,
    },
    Reacted {
        target: Seq,
        emoji: String,
        on: bool,
    },
    Pinned {
        target: Seq,
        on: bool,
    },
    Created {
        name: String,
    },
    Joined {
        user: UserId,
        access: Access,
    },
    Left {
        user: UserId,
    },
    Changed {
        name: Option<String>,
        topic: Option<String>,
        visibility: Option<Visibility>,
        archived: Option<bool>,
    },
}

#[derive(Serialize, Deserialize)]
struct EventRecord {
    at: UnixMillis,
    by: UserId,
    tag: Option<ClientTag>,
    change: KindRecord,
}

impl Record for EventRecord {
    const VERSION: u8 = 1;
}

/// The room record of schema 1.
#[derive(Serialize, Deserialize)]
struct OldRoom {
    kind: RoomKind,
    visibility: Visibility,
    name: String,
    topic: String,
    archived: bool,
    members: Vec<(UserId, Access)>,
}

impl Record for OldRoom {
    const VERSION: u8 = 1;
}

impl EventRecord {
    fn into_event(self, room: RoomId, seq: Seq) -> RoomEvent {
        let change = match self.change {
            KindRecord::Posted { text, reply_to, mentions, everyone } => {
                RoomEventKind::Posted { text, reply_to, mentions, everyone }
            }
            KindRecord::Edited { target, text, mentions, everyone } => {
                RoomEventKind::Edited { target, text, mentions, everyone }
            }
            KindRecord::Deleted { target } => RoomEventKind::Deleted { target },
            KindRecord::Reacted { target, emoji, on } => RoomEventKind::Reacted { target, emoji, on },
            KindRecord::Pinned { target, on } => RoomEventKind::Pinned { target, on },
            KindRecord::Created { name } => RoomEventKind::Created { name },
            KindRecord::Joined { user, access } => RoomEventKind::Joined { user, access },
            KindRecord::Left { user } => RoomEventKind::Left { user },
            KindRecord::Changed { name, topic, visibility, archived } => {
                RoomEventKind::Changed { name, topic, visibility, archived }
            }
        };
        RoomEvent { room, seq, at: self.at, by: self.by, tag: self.tag, change }
    }
}

/// Plays all events again into the log, then gives each room the members, marks and pins that it had.
pub(super) fn to_v2(transaction: &WriteTransaction) -> Result<(), StoreError> {
    let tags = TagIndex::default();
    let old: Result<Vec<(RoomId, OldRoom)>, StoreError> = transaction
        .open_table(ROOMS)?
        .iter()?
        .map(|row| {
            let (id, bytes) = row?;
            Ok((RoomId(id.value()), OldRoom::decode(bytes.value())?))
        })
        .collect();
    for (room, old) in old? {
        replay(transaction, &tags, room, &old)?;
    }
    transaction.delete_table(EVENTS)?;
    transaction.delete_table(ITEMS)?;
    transaction.delete_table(REVISIONS)?;
    transaction.delete_table(READS)?;
    transaction.delete_table(PINS)?;
    transaction.delete_table(TAGS)?;
    Ok(())
}

fn replay(
    transaction: &WriteTransaction,
    tags: &TagIndex,
    room: RoomId,
    old: &OldRoom,
) -> Result<(), StoreError> {
    let mut record = RoomRecord {
        kind: old.kind,
        visibility: old.visibility,
        name: old.name.clone(),
        topic: old.topic.clone(),
        archived: old.archived,
        members: Vec::new(),
        pins: Vec::new(),
        marked: Seq::ZERO,
        readers_gone: Vec::new(),
        epoch: Seq::ZERO,
    };
    // A change for each event: what it keeps for undoing is not needed and would grow.
    Change::new(transaction, tags).put_room(room, &record)?;
    let events = transaction.open_table(EVENTS)?;
    for row in events.range((room.0, 0)..=(room.0, u64::MAX))? {
        let (key, bytes) = row?;
        let event = EventRecord::decode(bytes.value())?.into_event(room, Seq(key.value().1));
        record.marked = event.seq;
        record.epoch = event.seq;
        Change::new(transaction, tags).append_event(&event)?;
    }
    let reads = transaction.open_table(READS)?;
    for (user, access) in &old.members {
        let read = Seq(reads.get((room.0, user.0))?.map_or(0, |mark| mark.value()));
        record.members.push(MemberRecord { user: *user, access: *access, read });
    }
    let mut pins = Vec::new();
    for row in transaction.open_table(PINS)?.range((room.0, 0)..=(room.0, u64::MAX))? {
        let (key, pinned_by) = row?;
        pins.push((pinned_by.value(), key.value().1));
    }
    pins.sort_unstable();
    record.pins = pins.into_iter().map(|(_, target)| Seq(target)).collect();
    Change::new(transaction, tags).put_room(room, &record)
}
