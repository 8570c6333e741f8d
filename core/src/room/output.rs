//! What comes out of a room.

use mesh_protocol::chat::{ClientTag, RoomEvent};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::UserId;
use mesh_protocol::room::Unread;
use mesh_protocol::time::Seq;

use super::{OpId, Requester};

/// What a room wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomOutput {
    /// Put an event on disk and come back with its fate.
    Persist {
        /// Its name.
        op: OpId,
        /// The event.
        event: RoomEvent,
    },
    /// Send an event to every member.
    Broadcast {
        /// The event; it is on disk.
        event: RoomEvent,
    },
    /// Tell a requester that its command is on disk.
    Ack {
        /// Whom.
        requester: Requester,
        /// Its name for the command.
        tag: Option<ClientTag>,
        /// The event.
        seq: Seq,
    },
    /// Tell a requester that nothing was written.
    Refuse {
        /// Whom.
        requester: Requester,
        /// Its name for the command.
        tag: Option<ClientTag>,
        /// Why.
        code: ErrorCode,
    },
    /// Put a read mark on disk.
    SaveRead {
        /// Whose.
        user: UserId,
        /// The mark.
        seq: Seq,
    },
    /// Tell every member of a read mark.
    ReadMark {
        /// Whose.
        user: UserId,
        /// The mark.
        seq: Seq,
    },
    /// Tell a user their counts.
    UnreadChanged {
        /// Whom.
        user: UserId,
        /// The counts.
        unread: Unread,
    },
    /// Tell every member that somebody is writing or stopped.
    Typing {
        /// Who.
        user: UserId,
        /// Started or stopped.
        on: bool,
    },
    /// Members or settings changed: show the room anew to all who may see it.
    StateChanged,
}
