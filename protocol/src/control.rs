//! What a web client or an agent and the appliance say on the WebSocket `/api/v1/ws`.
//!
//! One JSON object per text message, tagged by `type`. Each message has one struct, in its feature's module.
//! The order of a session: `hello`, `welcome`, missed `room_events` and `room_reset`, `caught_up`, then both
//! sides as they please. `docs/protocol-events.md` describes every message; a test holds it to these enums.

use serde::{Deserialize, Serialize};

use crate::call::{
    Call, CallEnded, CallJoin, CallLeave, CallReact, CallReaction, CallShow, CapabilityGrant,
    CapabilityRequest, Signal, SignalSend,
};
use crate::chat::{
    ChatDelete, ChatEdit, ChatPin, ChatReact, ChatRead, ChatSend, ChatTyping, ChatUnread, ClientTag,
    HistoryPage, HistoryRequest, PinsRequest, Revision, RevisionsRequest, SearchPage, SearchRequest,
};
use crate::device::{Devices, Issuer};
use crate::error::ErrorBody;
use crate::id::{RoomId, UserId};
use crate::presence::{Presence, PresenceActivity, PresenceSet};
use crate::room::{Room, Unread};
use crate::session::{Goodbye, Hello, RoomEvents, RoomReset, StorageState, Welcome};
use crate::team::{Account, Team, User};
use crate::time::{Seq, UnixMillis};

/// Client to appliance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub enum ClientMessage {
    /// First message: version and resume points.
    Hello(Hello),
    /// Write a chat message.
    ChatSend(ChatSend),
    /// Replace the text of an own chat message.
    ChatEdit(ChatEdit),
    /// Delete a chat message.
    ChatDelete(ChatDelete),
    /// Set or take back a reaction.
    ChatReact(ChatReact),
    /// Pin or unpin.
    ChatPin(ChatPin),
    /// Writing right now.
    ChatTyping(ChatTyping),
    /// Seen up to here.
    ChatRead(ChatRead),
    /// Unread from here.
    ChatUnread(ChatUnread),
    /// A page of history.
    History(HistoryRequest),
    /// The pinned chat messages of a room.
    Pins(PinsRequest),
    /// Former texts of a chat message.
    Revisions(RevisionsRequest),
    /// Search.
    Search(SearchRequest),
    /// Choose availability and free text.
    PresenceSet(PresenceSet),
    /// Somebody is, or is no longer, at this screen.
    PresenceActivity(PresenceActivity),
    /// Take part in a room's call.
    CallJoin(CallJoin),
    /// Hang up.
    CallLeave(CallLeave),
    /// What is shown in the call has changed.
    CallShow(CallShow),
    /// An emoji that all in the call see for a moment.
    CallReact(CallReact),
    /// Something for another device of the same call.
    Signal(SignalSend),
    /// A capability to reach another device.
    Capability(CapabilityRequest),
    /// Measure the round trip; answered by `pong` at once.
    Ping(Ping),
}

/// Appliance to client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub enum ServerMessage {
    /// Answer to hello.
    Welcome(Box<Welcome>),
    /// Events of one room in order; a lone live event is a list of one.
    RoomEvents(RoomEvents),
    /// Start this room over.
    RoomReset(RoomReset),
    /// All missed events were sent.
    CaughtUp(CaughtUp),
    /// A tagged message is on disk.
    ChatAck(ChatAck),
    /// A tagged message was refused; nothing was written.
    ChatRefused(ChatRefused),
    /// Somebody is writing.
    Typing(Typing),
    /// Somebody's read mark moved.
    ReadMark(ReadMark),
    /// The user's own counts of a room.
    UnreadChanged(UnreadChanged),
    /// Answer to `history`.
    History(HistoryAnswer),
    /// Answer to `pins`.
    Pins(PinsAnswer),
    /// Answer to `revisions`.
    Revisions(RevisionsAnswer),
    /// Answer to `search`.
    Search(SearchAnswer),
    /// Answer to a request that was refused.
    RequestRefused(RequestRefused),
    /// The team's settings changed.
    TeamChanged(Team),
    /// Somebody is new, changed or left the team.
    UserChanged(User),
    /// The own account changed (profile, role, availability), also from another device.
    AccountChanged(Account),
    /// A room is new for the user or changed.
    RoomChanged(Room),
    /// A room is no longer visible to the user.
    RoomRemoved(RoomRemoved),
    /// Somebody's presence.
    Presence(Presence),
    /// The devices of everybody the user may see.
    DevicesChanged(Devices),
    /// The keys that sign capabilities changed.
    IssuerChanged(Issuer),
    /// A room's call as it is now; over without participants.
    CallChanged(Call),
    /// Joining a call was refused, or the device was taken out of it.
    CallEnded(CallEnded),
    /// Somebody in the call reacted.
    CallReaction(CallReaction),
    /// Something from another device of the same call.
    Signal(Signal),
    /// Answer to `capability`.
    Capability(CapabilityGrant),
    /// Whether the box can save.
    Storage(Storage),
    /// Answer to `ping`.
    Pong(Pong),
    /// The message before could not be accepted at all.
    Error(ErrorBody),
    /// The last message of this connection.
    Goodbye(Goodbye),
}

/// Round-trip probe, answered by [`Pong`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Ping {
    /// Any number.
    pub nonce: u32,
}

/// The answer to a round-trip probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Pong {
    /// Of the probe.
    pub nonce: u32,
    /// The appliance's clock; with the round trip it tells a device the issuer's time.
    pub now: UnixMillis,
}

/// All missed events were sent; what follows is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CaughtUp {}

/// A tagged message is on disk as event `seq`. Sent to the session that sent it, after the event itself; for
/// a repeated tag it names the event of the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChatAck {
    /// The sender's name for it.
    pub tag: ClientTag,
    /// Which room.
    pub room: RoomId,
    /// Its position.
    pub seq: Seq,
}

/// A tagged message was refused; nothing was written. `storage_full`, `storage_failing`, `busy` and
/// `too_many` may be tried again with the same tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChatRefused {
    /// The sender's name for it.
    pub tag: ClientTag,
    /// Which room.
    pub room: RoomId,
    /// Why.
    pub error: ErrorBody,
}

/// Somebody is writing in a room, or stopped; without news it ends after [`crate::limit::TYPING_MS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Typing {
    /// Where.
    pub room: RoomId,
    /// Who.
    pub user: UserId,
    /// Started or stopped.
    pub on: bool,
}

/// Somebody has seen a room up to `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ReadMark {
    /// Where.
    pub room: RoomId,
    /// Who.
    pub user: UserId,
    /// Up to here.
    pub seq: Seq,
}

/// The user's own counts of a room, on all their devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct UnreadChanged {
    /// Where.
    pub room: RoomId,
    /// The counts.
    pub unread: Unread,
}

/// A room is no longer visible to the user: they left, were removed, or it was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RoomRemoved {
    /// Which.
    pub room: RoomId,
}

/// Whether the box can save.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Storage {
    /// Its state now.
    pub state: StorageState,
}

/// Answer to `history`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct HistoryAnswer {
    /// Of the request.
    pub request: u32,
    /// Which room.
    pub room: RoomId,
    /// The page.
    pub page: HistoryPage,
}

/// Answer to `pins`: newest pin first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct PinsAnswer {
    /// Of the request.
    pub request: u32,
    /// Which room.
    pub room: RoomId,
    /// The pinned chat messages, the latest pin first.
    pub messages: Vec<crate::chat::ChatMessage>,
    /// How many older pins are left out, because the message would be too long with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<u32>,
}

/// Answer to `revisions`: former texts, oldest first; the current text is not among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RevisionsAnswer {
    /// Of the request.
    pub request: u32,
    /// Former texts; the newest that fit into one message.
    pub revisions: Vec<Revision>,
}

/// Answer to `search`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct SearchAnswer {
    /// Of the request.
    pub request: u32,
    /// One page.
    pub page: SearchPage,
}

/// A request was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RequestRefused {
    /// Of the request.
    pub request: u32,
    /// Why.
    pub error: ErrorBody,
}
