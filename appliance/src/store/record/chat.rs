//! Rows of the log: room events, and inside the posted ones the chat message as it stands.
//!
//! Each text is stored once, in the row of the event that brought it. So a former text is the row of an
//! earlier edit, and deleting a chat message erases every row that holds a text of it.

use mesh_protocol::chat::{ChatMessage, ClientTag, Reaction, RoomEvent, RoomEventKind};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, Visibility};
use mesh_protocol::time::{Seq, UnixMillis};
use serde::{Deserialize, Serialize};

use super::Record;

/// One row of the log; room and seq are its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct EventRecord {
    pub(in crate::store) at: UnixMillis,
    pub(in crate::store) by: UserId,
    pub(in crate::store) tag: Option<ClientTag>,
    pub(in crate::store) change: ChangeRecord,
}

impl Record for EventRecord {
    const VERSION: u8 = 1;
}

/// What happened. The order of the variants is part of the stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) enum ChangeRecord {
    Posted(PostRecord),
    Edited {
        target: Seq,
        words: WordsRecord,
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

/// A text and whom it mentions; empty once erased.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct WordsRecord {
    pub(in crate::store) text: String,
    mentions: Vec<UserId>,
    everyone: bool,
}

/// A chat message: what was posted, and what later events made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct PostRecord {
    /// As posted.
    pub(in crate::store) words: WordsRecord,
    reply_to: Option<Seq>,
    /// Events with later texts, rising. The last one holds the text that is shown.
    pub(in crate::store) edits: Vec<Seq>,
    edited_at: Option<UnixMillis>,
    pub(in crate::store) deleted: bool,
    pub(in crate::store) pinned: bool,
    reactions: Vec<(String, Vec<UserId>)>,
    /// The last event that altered it.
    rev: Seq,
}

impl EventRecord {
    pub(in crate::store) fn from_event(event: &RoomEvent) -> Self {
        let change = ChangeRecord::from_kind(event.change.clone(), event.seq);
        Self { at: event.at, by: event.by, tag: event.tag.clone(), change }
    }

    /// The event as it is told to somebody who missed it.
    pub(in crate::store) fn into_event(self, room: RoomId, seq: Seq) -> RoomEvent {
        RoomEvent { room, seq, at: self.at, by: self.by, tag: self.tag, change: self.change.into_kind() }
    }

    /// The chat message of a posted event; `current` is the row of its last edit.
    pub(in crate::store) fn message(&self, seq: Seq, current: Option<EventRecord>) -> Option<ChatMessage> {
        let ChangeRecord::Posted(post) = &self.change else { return None };
        let words = match current.map(|row| row.change) {
            Some(ChangeRecord::Edited { words, .. }) => words,
            _ => post.words.clone(),
        };
        let reactions = post.reactions.iter().cloned().map(|(emoji, users)| Reaction { emoji, users });
        Some(ChatMessage {
            seq,
            at: self.at,
            by: self.by,
            text: words.text,
            reply_to: post.reply_to,
            mentions: words.mentions,
            everyone: words.everyone,
            edited_at: post.edited_at,
            deleted: post.deleted,
            pinned: post.pinned,
            reactions: reactions.collect(),
            rev: post.rev,
        })
    }
}

impl PostRecord {
    /// Takes over what an event made of the chat message; its words are in the rows of the texts.
    pub(in crate::store) fn put_message(&mut self, message: ChatMessage) {
        self.edited_at = message.edited_at;
        self.deleted = message.deleted;
        self.pinned = message.pinned;
        self.reactions = message.reactions.into_iter().map(|one| (one.emoji, one.users)).collect();
        self.rev = message.rev;
    }
}

impl ChangeRecord {
    fn from_kind(kind: RoomEventKind, seq: Seq) -> Self {
        match kind {
            RoomEventKind::Posted { text, reply_to, mentions, everyone } => Self::Posted(PostRecord {
                words: WordsRecord { text, mentions, everyone },
                reply_to,
                edits: Vec::new(),
                edited_at: None,
                deleted: false,
                pinned: false,
                reactions: Vec::new(),
                rev: seq,
            }),
            RoomEventKind::Edited { target, text, mentions, everyone } => {
                Self::Edited { target, words: WordsRecord { text, mentions, everyone } }
            }
            RoomEventKind::Deleted { target } => Self::Deleted { target },
            RoomEventKind::Reacted { target, emoji, on } => Self::Reacted { target, emoji, on },
            RoomEventKind::Pinned { target, on } => Self::Pinned { target, on },
            RoomEventKind::Created { name } => Self::Created { name },
            RoomEventKind::Joined { user, access } => Self::Joined { user, access },
            RoomEventKind::Left { user } => Self::Left { user },
            RoomEventKind::Changed { name, topic, visibility, archived } => {
                Self::Changed { name, topic, visibility, archived }
            }
        }
    }

    /// The event's kind on the wire.
    pub(in crate::store) fn into_kind(self) -> RoomEventKind {
        match self {
            Self::Posted(post) => {
                let WordsRecord { text, mentions, everyone } = post.words;
                RoomEventKind::Posted { text, reply_to: post.reply_to, mentions, everyone }
            }
            Self::Edited { target, words: WordsRecord { text, mentions, everyone } } => {
                RoomEventKind::Edited { target, text, mentions, everyone }
            }
            Self::Deleted { target } => RoomEventKind::Deleted { target },
            Self::Reacted { target, emoji, on } => RoomEventKind::Reacted { target, emoji, on },
            Self::Pinned { target, on } => RoomEventKind::Pinned { target, on },
            Self::Created { name } => RoomEventKind::Created { name },
            Self::Joined { user, access } => RoomEventKind::Joined { user, access },
            Self::Left { user } => RoomEventKind::Left { user },
            Self::Changed { name, topic, visibility, archived } => {
                RoomEventKind::Changed { name, topic, visibility, archived }
            }
        }
    }

    /// The text that this row holds.
    pub(in crate::store) fn words_mut(&mut self) -> Option<&mut WordsRecord> {
        match self {
            Self::Posted(post) => Some(&mut post.words),
            Self::Edited { words, .. } => Some(words),
            _ => None,
        }
    }
}
