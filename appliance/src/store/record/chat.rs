//! The stored forms of chat: events, lines of history, former texts.

use mesh_protocol::chat::{
    ChatMessage, ClientTag, HistoryItem, Notice, Reaction, Revision, RoomEvent, RoomEventKind,
};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, Visibility};
use mesh_protocol::time::{Seq, UnixMillis};
use serde::{Deserialize, Serialize};

use super::Record;

/// What happened, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// A macro, because the two enums have the same variants and fields by design and must stay in step.
macro_rules! convert {
    ($value:expr, $from:ident => $to:ident) => {
        match $value {
            $from::Posted { text, reply_to, mentions, everyone } => {
                $to::Posted { text, reply_to, mentions, everyone }
            }
            $from::Edited { target, text, mentions, everyone } => {
                $to::Edited { target, text, mentions, everyone }
            }
            $from::Deleted { target } => $to::Deleted { target },
            $from::Reacted { target, emoji, on } => $to::Reacted { target, emoji, on },
            $from::Pinned { target, on } => $to::Pinned { target, on },
            $from::Created { name } => $to::Created { name },
            $from::Joined { user, access } => $to::Joined { user, access },
            $from::Left { user } => $to::Left { user },
            $from::Changed { name, topic, visibility, archived } => {
                $to::Changed { name, topic, visibility, archived }
            }
        }
    };
}

/// A room event; room and seq are its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct EventRecord {
    pub(in crate::store) at: UnixMillis,
    by: UserId,
    tag: Option<ClientTag>,
    change: KindRecord,
}

impl Record for EventRecord {
    const VERSION: u8 = 1;
}

impl EventRecord {
    pub(in crate::store) fn from_event(event: &RoomEvent) -> Self {
        let change = convert!(event.change.clone(), RoomEventKind => KindRecord);
        Self { at: event.at, by: event.by, tag: event.tag.clone(), change }
    }

    pub(in crate::store) fn into_event(self, room: RoomId, seq: Seq) -> RoomEvent {
        let change = convert!(self.change, KindRecord => RoomEventKind);
        RoomEvent { room, seq, at: self.at, by: self.by, tag: self.tag, change }
    }

    /// Without what a deleted chat message said: the words are gone from the log, too.
    pub(in crate::store) fn erase_text(&mut self) {
        if let KindRecord::Posted { text, mentions, .. } | KindRecord::Edited { text, mentions, .. } =
            &mut self.change
        {
            text.clear();
            mentions.clear();
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct MessageRecord {
    at: UnixMillis,
    by: UserId,
    text: String,
    reply_to: Option<Seq>,
    mentions: Vec<UserId>,
    everyone: bool,
    edited_at: Option<UnixMillis>,
    deleted: bool,
    pinned: bool,
    reactions: Vec<(String, Vec<UserId>)>,
    rev: Seq,
}

/// A line of history; room and seq are its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct ItemRecord(Line);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Line {
    Message(MessageRecord),
    Notice { at: UnixMillis, by: UserId, change: KindRecord },
}

impl Record for ItemRecord {
    const VERSION: u8 = 1;
}

impl ItemRecord {
    pub(in crate::store) fn from_message(message: &ChatMessage) -> Self {
        let message = message.clone();
        Self(Line::Message(MessageRecord {
            at: message.at,
            by: message.by,
            text: message.text,
            reply_to: message.reply_to,
            mentions: message.mentions,
            everyone: message.everyone,
            edited_at: message.edited_at,
            deleted: message.deleted,
            pinned: message.pinned,
            reactions: message.reactions.into_iter().map(|one| (one.emoji, one.users)).collect(),
            rev: message.rev,
        }))
    }

    pub(in crate::store) fn from_notice(event: &RoomEvent) -> Self {
        let change = convert!(event.change.clone(), RoomEventKind => KindRecord);
        Self(Line::Notice { at: event.at, by: event.by, change })
    }

    /// When the line was written.
    pub(in crate::store) fn at(&self) -> UnixMillis {
        match &self.0 {
            Line::Message(message) => message.at,
            Line::Notice { at, .. } => *at,
        }
    }

    pub(in crate::store) fn into_item(self, seq: Seq) -> HistoryItem {
        match self.0 {
            Line::Message(record) => HistoryItem::Message(record.into_message(seq)),
            Line::Notice { at, by, change } => {
                let change = convert!(change, KindRecord => RoomEventKind);
                HistoryItem::Notice(Notice { seq, at, by, change })
            }
        }
    }

    pub(in crate::store) fn into_message(self, seq: Seq) -> Option<ChatMessage> {
        match self.0 {
            Line::Message(record) => Some(record.into_message(seq)),
            Line::Notice { .. } => None,
        }
    }
}

impl MessageRecord {
    fn into_message(self, seq: Seq) -> ChatMessage {
        let reactions = self.reactions.into_iter().map(|(emoji, users)| Reaction { emoji, users });
        ChatMessage {
            seq,
            at: self.at,
            by: self.by,
            text: self.text,
            reply_to: self.reply_to,
            mentions: self.mentions,
            everyone: self.everyone,
            edited_at: self.edited_at,
            deleted: self.deleted,
            pinned: self.pinned,
            reactions: reactions.collect(),
            rev: self.rev,
        }
    }
}

/// A former text of a chat message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct RevisionRecord {
    at: UnixMillis,
    text: String,
}

impl Record for RevisionRecord {
    const VERSION: u8 = 1;
}

impl RevisionRecord {
    /// The text that a chat message has now, and since when.
    pub(in crate::store) fn of(message: &ChatMessage) -> Self {
        Self { at: message.edited_at.unwrap_or(message.at), text: message.text.clone() }
    }

    pub(in crate::store) fn into_revision(self) -> Revision {
        Revision { at: self.at, text: self.text }
    }
}
