//! Rooms: how they are shown, who is in them, and the REST bodies that change them.

use serde::{Deserialize, Serialize};

use crate::id::{RoomId, UserId};
use crate::time::{Seq, UnixMillis};

/// What a room is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum RoomKind {
    /// A named place of two to four members.
    Room,
    /// Direct messages: exactly two members, no name.
    Direct,
}

/// Who may enter a room without being added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum Visibility {
    /// Owners and members see it and may join.
    Open,
    /// Only its members see it; somebody adds you.
    Invited,
}

/// What a member may do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum Access {
    /// Read only.
    Read,
    /// Read and write.
    Write,
}

/// A user in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// What they may do here.
    pub access: Access,
    /// Everything up to here was seen by them ("seen by").
    pub read: Seq,
}

/// A room as one user sees it: a whole value that replaces the former one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct Room {
    /// Identity.
    pub id: RoomId,
    /// What it is for.
    pub kind: RoomKind,
    /// Who may enter.
    pub visibility: Visibility,
    /// Its name; empty for direct messages.
    pub name: String,
    /// What it is about; may be empty.
    pub topic: String,
    /// Archived rooms can be read, not written.
    pub archived: bool,
    /// Who is in it. For an open room that the user has not joined, too.
    pub members: Vec<Member>,
    /// The newest event on disk; 0 for a room the user is not in.
    pub last_seq: Seq,
    /// When something last happened.
    pub last_at: UnixMillis,
    /// The newest event that changed who may do what here: capabilities from before it are void.
    pub epoch: Seq,
    /// The user's own counts; zero for a room they are not in.
    pub unread: Unread,
}

/// How many chat messages wait for a user in a room: exact up to [`crate::limit::UNREAD_WINDOW`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct Unread {
    /// Chat messages of others after the read mark, deleted ones not counted.
    pub messages: u32,
    /// Those of them that mention the user; all of them in direct messages.
    pub mentions: u32,
}

/// `POST /api/v1/rooms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct RoomCreate {
    /// Its name.
    pub name: String,
    /// What it is about; may be empty.
    pub topic: String,
    /// Who may enter.
    pub visibility: Visibility,
    /// Members besides the creator.
    pub members: Vec<UserId>,
}

/// `POST /api/v1/direct`: the direct messages with somebody, made when they don't exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct DirectOpen {
    /// With whom.
    pub user: UserId,
}

/// Answer of every request that makes or finds a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct RoomRef {
    /// The room.
    pub room: RoomId,
}

/// `PATCH /api/v1/rooms/{room}`: only the fields that are present change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct RoomChange {
    /// New name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// New topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// New visibility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Archive or take back from the archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}

/// `PUT /api/v1/rooms/{room}/members/{user}`: adds a member or changes their access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct MemberPut {
    /// What they may do in the room.
    pub access: Access,
}
