//! The stored form of a room.

use mesh_core::room::RoomState;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, Member, RoomKind, Visibility};
use mesh_protocol::time::{Seq, UnixMillis};
use serde::{Deserialize, Serialize};

use super::{Record, unknown, whole};
use crate::store::StoreError;

/// A room's settings, members and pins. Where its history ends is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct RoomRecord {
    pub(in crate::store) kind: RoomKind,
    pub(in crate::store) visibility: Visibility,
    pub(in crate::store) name: String,
    pub(in crate::store) topic: String,
    pub(in crate::store) archived: bool,
    pub(in crate::store) members: Vec<MemberRecord>,
    /// Pinned chat messages, the newest pin last.
    pub(in crate::store) pins: Vec<Seq>,
    /// What members posted after this moved their read marks without being written here.
    pub(in crate::store) marked: Seq,
    /// Who left with read access.
    pub(in crate::store) readers_gone: Vec<UserId>,
    /// The newest event that changed who may do what.
    pub(in crate::store) epoch: Seq,
}

/// A room as version 2 had it: nobody noted who left with read access. Its epoch is somewhere behind the event that set it.
#[derive(Deserialize)]
struct RoomRecordV2 {
    kind: RoomKind,
    visibility: Visibility,
    name: String,
    topic: String,
    archived: bool,
    members: Vec<MemberRecord>,
    pins: Vec<Seq>,
    marked: Seq,
}

/// A member and what they have seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct MemberRecord {
    pub(in crate::store) user: UserId,
    pub(in crate::store) access: Access,
    pub(in crate::store) read: Seq,
}

impl Record for RoomRecord {
    const VERSION: u8 = 3;

    fn upgrade(version: u8, bytes: &[u8]) -> Result<Self, StoreError> {
        if version != 2 {
            return Err(unknown(version));
        }
        let RoomRecordV2 { kind, visibility, name, topic, archived, members, pins, marked } = whole(bytes)?;
        Ok(Self {
            kind,
            visibility,
            name,
            topic,
            archived,
            members,
            pins,
            marked,
            readers_gone: Vec::new(),
            epoch: marked,
        })
    }
}

impl RoomRecord {
    pub(in crate::store) fn from_state(state: &RoomState) -> Self {
        let mut record = Self {
            kind: state.kind,
            visibility: state.visibility,
            name: String::new(),
            topic: String::new(),
            archived: false,
            members: Vec::new(),
            pins: Vec::new(),
            marked: state.last_seq,
            readers_gone: Vec::new(),
            epoch: Seq::ZERO,
        };
        record.put_state(state.clone());
        record
    }

    /// Takes over what a room's machine knows.
    pub(in crate::store) fn put_state(&mut self, state: RoomState) {
        self.kind = state.kind;
        self.visibility = state.visibility;
        self.name = state.name;
        self.topic = state.topic;
        self.archived = state.archived;
        self.readers_gone = state.readers_gone;
        self.epoch = state.epoch;
        let members = state.members.into_iter();
        self.members = members
            .map(|member| MemberRecord { user: member.user, access: member.access, read: member.read })
            .collect();
    }

    /// What a room's machine starts from; `last` is the newest event.
    pub(in crate::store) fn into_state(self, id: RoomId, last: (Seq, UnixMillis)) -> RoomState {
        let members = self.members.into_iter();
        RoomState {
            id,
            kind: self.kind,
            visibility: self.visibility,
            name: self.name,
            topic: self.topic,
            archived: self.archived,
            members: members
                .map(|member| Member { user: member.user, access: member.access, read: member.read })
                .collect(),
            readers_gone: self.readers_gone,
            epoch: self.epoch,
            last_seq: last.0,
            last_at: last.1,
        }
    }
}
