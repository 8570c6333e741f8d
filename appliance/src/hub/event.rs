//! Everything that can wake the hub, in one closed list.

use mesh_core::policy::Actor;
use mesh_core::room::{OpId, RoomCommand, RoomState};
use mesh_protocol::control::ClientMessage;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, SessionId, UserId};
use mesh_protocol::presence::PresenceSet;
use mesh_protocol::room::RoomCreate;
use mesh_protocol::session::{GoodbyeReason, StorageState, Welcome};
use mesh_protocol::time::Seq;
use tokio::sync::oneshot;

use super::devices::Signing;
use super::outbox::Outbox;

/// One open WebSocket; never reused while the process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ConnectionId(pub(crate) u64);

/// Where the answer to a request goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, ErrorCode>>;

/// What can happen to the hub.
#[derive(Debug)]
pub(crate) enum Event {
    /// A WebSocket said hello.
    Opened { session: SessionId, user: UserId, outbox: Outbox, reply: Reply<(ConnectionId, Box<Welcome>)> },
    /// A WebSocket sent a message.
    Message { connection: ConnectionId, message: ClientMessage },
    /// A WebSocket is gone.
    Closed { connection: ConnectionId },
    /// REST: change a room or its members.
    RoomCommand { actor: Actor, room: RoomId, command: RoomCommand, reply: Reply<Seq> },
    /// REST: make a room.
    CreateRoom { actor: Actor, room: RoomCreate, reply: Reply<RoomId> },
    /// REST: find or make the direct messages with somebody.
    OpenDirect { actor: Actor, user: UserId, reply: Reply<RoomId> },
    /// REST: delete a room and its history.
    DeleteRoom { actor: Actor, room: RoomId, reply: Reply<()> },
    /// The store committed or refused a room event.
    Stored { room: RoomId, op: OpId, result: Result<(), ErrorCode> },
    /// The store committed or refused a new room.
    RoomStored { state: Box<RoomState>, result: Result<(), ErrorCode>, reply: Reply<RoomId> },
    /// The store deleted a room or failed to.
    RoomDeleted { room: RoomId, result: Result<(), ErrorCode>, reply: Reply<()> },
    /// The store wrote what a user chose to be shown as, or failed to.
    PresenceStored { connection: ConnectionId, user: UserId, result: Result<PresenceSet, ErrorCode> },
    /// A user's record was added or changed in the store.
    UserChanged { user: UserId },
    /// A user was removed by `actor`: leaves all rooms.
    UserRemoved { actor: Actor, user: UserId },
    /// The box was claimed: its owner and first room are in the store.
    Claimed { room: RoomId, owner: UserId },
    /// The team's record changed in the store.
    TeamChanged,
    /// Sessions ended in the store; their WebSockets close at once, for `reason`.
    SessionsEnded { sessions: Vec<SessionId>, reason: GoodbyeReason },
    /// Devices were enrolled or removed in the store.
    DevicesChanged,
    /// Another key signs capabilities.
    SigningChanged { signing: Box<Signing> },
    /// The store's disk state changed.
    Storage { state: StorageState },
    /// Tell everybody and stop.
    Stop { reason: GoodbyeReason, done: oneshot::Sender<()> },
}
