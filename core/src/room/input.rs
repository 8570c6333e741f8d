//! What goes into a room.

use mesh_protocol::chat::ClientTag;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::UserId;
use mesh_protocol::room::{Access, Visibility};
use mesh_protocol::time::Seq;

use super::mention::Mentions;
use super::unread::PostMark;
use crate::policy::Actor;

/// Names an event on its way to the disk. Never reused by a room while the process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub u64);

/// Who waits for the answer to a command: a WebSocket or a REST call, opaque here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requester(pub u64);

/// What the shell found on disk about the chat message that a command names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Its address.
    pub seq: Seq,
    /// Its author.
    pub by: UserId,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// A change that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomCommand {
    /// Write a chat message.
    Send {
        /// Its text, bounds checked.
        text: String,
        /// The chat message it answers.
        reply_to: Option<Seq>,
        /// Whom it mentions.
        mentions: Mentions,
    },
    /// Replace the text of a chat message.
    Edit {
        /// Which.
        target: Target,
        /// The new text, bounds checked.
        text: String,
        /// Whom it mentions now.
        mentions: Mentions,
    },
    /// Delete a chat message.
    Delete {
        /// Which.
        target: Target,
    },
    /// Set or take back a reaction.
    React {
        /// On which.
        target: Target,
        /// The emoji, bounds checked.
        emoji: String,
        /// Set or take back.
        on: bool,
        /// Different other emoji on it now.
        kinds: usize,
    },
    /// Pin or unpin.
    Pin {
        /// Which.
        target: Target,
        /// Pin or unpin.
        on: bool,
        /// Pinned chat messages of the room now.
        pins: usize,
    },
    /// Come in, be added, or get another access.
    Join {
        /// Who; somebody whose account can be used.
        user: UserId,
        /// What they may do here.
        access: Access,
    },
    /// Leave, or be removed.
    Leave {
        /// Who.
        user: UserId,
    },
    /// Change settings; only what is present.
    Change {
        /// New name, not yet checked.
        name: Option<String>,
        /// New topic, not yet checked.
        topic: Option<String>,
        /// New visibility.
        visibility: Option<Visibility>,
        /// Archive or take back.
        archived: Option<bool>,
    },
}

/// What can happen to a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomInput {
    /// Somebody wants a change.
    Command {
        /// Who waits for the answer.
        requester: Requester,
        /// Who wants it.
        actor: Actor,
        /// The sender's name for it.
        tag: Option<ClientTag>,
        /// This user's tag is on disk already, as this event.
        known: Option<Seq>,
        /// What.
        command: RoomCommand,
    },
    /// An event is on disk. Events are persisted in the order of their outputs.
    Persisted {
        /// Which.
        op: OpId,
    },
    /// An event could not be put on disk.
    PersistFailed {
        /// Which.
        op: OpId,
        /// Why.
        code: ErrorCode,
    },
    /// The room is no longer on disk. Nothing more will be heard of what is pending.
    Deleted,
    /// Somebody has seen everything up to `seq`.
    Read {
        /// Who.
        actor: Actor,
        /// Up to here.
        seq: Seq,
    },
    /// Somebody wants everything from `seq` on to be unread again.
    Unread {
        /// Who.
        actor: Actor,
        /// From here.
        seq: Seq,
        /// The chat messages on disk from `seq` on; empty when [`super::Room::wants_window`] says no.
        window: Vec<PostMark>,
    },
    /// Somebody is writing, or stopped.
    Typing {
        /// Who.
        actor: Actor,
        /// Started or stopped.
        on: bool,
    },
    /// Somebody's last session closed.
    Gone {
        /// Who.
        user: UserId,
    },
    /// The deadline has come.
    Tick,
}
