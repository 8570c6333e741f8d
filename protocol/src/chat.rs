//! Chat: what people write in a room, the numbered room events that carry it, pages of history, and search.
//!
//! A *room event* is what was persisted: numbered per room without gaps, delivered in order, resumable. A
//! *chat message* is addressed by its room and the `seq` of its `posted` event; later events (edited, deleted,
//! reacted, pinned) name it as `target` and raise its `rev`.

use serde::{Deserialize, Serialize};

use crate::id::{RoomId, UserId};
use crate::room::{Access, Visibility};
use crate::time::{Seq, UnixMillis};

/// The sender's own name for a pending item: a UUID in its usual spelling. Repeating a tag never writes twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct ClientTag(pub String);

/// Client to appliance: write a chat message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct ChatSend {
    /// The sender's name for it.
    pub tag: ClientTag,
    /// Where.
    pub room: RoomId,
    /// Markdown subset; 1 to [`crate::limit::CHAT_TEXT_BYTES`] bytes.
    pub text: String,
    /// The chat message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
}

/// Client to appliance: replace the text of an own chat message; the former text is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChatEdit {
    /// The sender's name for this change.
    pub tag: ClientTag,
    /// Where.
    pub room: RoomId,
    /// Which chat message.
    pub target: Seq,
    /// The new text.
    pub text: String,
}

/// Client to appliance: delete a chat message (own; owners any). Its text is erased for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChatDelete {
    /// The sender's name for this change.
    pub tag: ClientTag,
    /// Where.
    pub room: RoomId,
    /// Which chat message.
    pub target: Seq,
}

/// Client to appliance: set or take back one's own reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChatReact {
    /// The sender's name for this change.
    pub tag: ClientTag,
    /// Where.
    pub room: RoomId,
    /// Which chat message.
    pub target: Seq,
    /// The emoji, at most [`crate::limit::EMOJI_BYTES`] bytes.
    pub emoji: String,
    /// Set or take back.
    pub on: bool,
}

/// Client to appliance: pin a chat message in its room or take the pin out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChatPin {
    /// The sender's name for this change.
    pub tag: ClientTag,
    /// Where.
    pub room: RoomId,
    /// Which chat message.
    pub target: Seq,
    /// Pin or unpin.
    pub on: bool,
}

/// Client to appliance: the user is writing in a room; repeat every few seconds while it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChatTyping {
    /// Where.
    pub room: RoomId,
    /// False when the composer was emptied.
    pub on: bool,
}

/// Client to appliance: everything up to `seq` was seen. Never moves the mark back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChatRead {
    /// Where.
    pub room: RoomId,
    /// The last event seen.
    pub seq: Seq,
}

/// Client to appliance: "mark unread from here": moves the own read mark back to before `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChatUnread {
    /// Where.
    pub room: RoomId,
    /// The first chat message that is unread again.
    pub seq: Seq,
}

/// What happened in a room, numbered and durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct RoomEvent {
    /// Where.
    pub room: RoomId,
    /// Its position: one more than the event before.
    pub seq: Seq,
    /// When the appliance accepted it.
    pub at: UnixMillis,
    /// Who did it.
    pub by: UserId,
    /// The sender's name for it; absent for changes made through REST.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<ClientTag>,
    /// What happened.
    pub change: RoomEventKind,
}

/// The kinds of room events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub enum RoomEventKind {
    /// A chat message was written.
    Posted {
        /// Its text.
        text: String,
        /// The chat message it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Seq>,
        /// Members it mentions, in order, each once.
        mentions: Vec<UserId>,
        /// Whether it mentions everybody (`@everyone`).
        everyone: bool,
    },
    /// The author replaced the text.
    Edited {
        /// Which chat message.
        target: Seq,
        /// The new text.
        text: String,
        /// Members the new text mentions.
        mentions: Vec<UserId>,
        /// Whether the new text mentions everybody.
        everyone: bool,
    },
    /// A chat message was deleted; its text is gone.
    Deleted {
        /// Which chat message.
        target: Seq,
    },
    /// Somebody set or took back a reaction.
    Reacted {
        /// Which chat message.
        target: Seq,
        /// The emoji.
        emoji: String,
        /// Set or taken back.
        on: bool,
    },
    /// Somebody pinned or unpinned a chat message.
    Pinned {
        /// Which chat message.
        target: Seq,
        /// Pinned or unpinned.
        on: bool,
    },
    /// The room was made.
    Created {
        /// Its first name.
        name: String,
    },
    /// A member came in, by themself or added by `by`, or their access changed.
    Joined {
        /// Who.
        user: UserId,
        /// What they may do here.
        access: Access,
    },
    /// A member left or was removed by `by`.
    Left {
        /// Who.
        user: UserId,
    },
    /// The room's settings changed; only what is present changed.
    Changed {
        /// New name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// New topic.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
        /// New visibility.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visibility: Option<Visibility>,
        /// Archived or taken back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        archived: Option<bool>,
    },
}

/// One emoji on a chat message and who set it, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Who set it.
    pub users: Vec<UserId>,
}

/// A chat message as it stands after all events up to `rev`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct ChatMessage {
    /// Its address in the room.
    pub seq: Seq,
    /// When it was accepted.
    pub at: UnixMillis,
    /// Its author.
    pub by: UserId,
    /// Its text; empty once deleted.
    pub text: String,
    /// The chat message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// Members it mentions.
    pub mentions: Vec<UserId>,
    /// Whether it mentions everybody.
    pub everyone: bool,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<UnixMillis>,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Reactions in the order of their first use.
    pub reactions: Vec<Reaction>,
    /// The last event that altered it; of two copies the one with the larger `rev` is the newer.
    pub rev: Seq,
}

/// One line of a room's history: a chat message, or a notice of what happened to the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub enum HistoryItem {
    /// A chat message as it stands.
    Message(ChatMessage),
    /// The room was made, somebody came or went, settings changed.
    Notice(Notice),
}

/// A room event that is a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Notice {
    /// Its position.
    pub seq: Seq,
    /// When.
    pub at: UnixMillis,
    /// Who did it.
    pub by: UserId,
    /// Created, joined, left or changed.
    pub change: RoomEventKind,
}

/// Which page of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub enum PageFrom {
    /// The newest items.
    Latest,
    /// The items just before `seq`.
    Before {
        /// Exclusive.
        seq: Seq,
    },
    /// The items just after `seq`.
    After {
        /// Exclusive.
        seq: Seq,
    },
    /// Half a page before and half a page from `seq` on ("link to a message").
    Around {
        /// The item to show.
        seq: Seq,
    },
}

/// Client to appliance: a page of a room's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct HistoryRequest {
    /// Echoed in the answer.
    pub request: u32,
    /// Which room.
    pub room: RoomId,
    /// Which page.
    pub from: PageFrom,
    /// Items wanted, 1 to [`crate::limit::PAGE_ITEMS`].
    pub limit: u32,
}

/// A page of history: items in rising order of `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct HistoryPage {
    /// Rising by `seq`.
    pub items: Vec<HistoryItem>,
    /// Whether nothing older exists.
    pub at_start: bool,
    /// Whether nothing newer existed when it was read.
    pub at_end: bool,
    /// The room's newest event when it was read; `rev` of no item is larger.
    pub last_seq: Seq,
}

/// Client to appliance: the pinned chat messages of a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PinsRequest {
    /// Echoed in the answer.
    pub request: u32,
    /// Which room.
    pub room: RoomId,
}

/// Client to appliance: the former texts of a chat message, for members of the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RevisionsRequest {
    /// Echoed in the answer.
    pub request: u32,
    /// Which room.
    pub room: RoomId,
    /// Which chat message.
    pub target: Seq,
}

/// A former text of a chat message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Revision {
    /// When this text was written.
    pub at: UnixMillis,
    /// The text.
    pub text: String,
}

/// Client to appliance: search chat messages, newest first. Accents and case do not matter; all words must
/// occur, each as the beginning of a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct SearchRequest {
    /// Echoed in the answer.
    pub request: u32,
    /// Words, at most [`crate::limit::SEARCH_QUERY_BYTES`] bytes; may be empty when `by` is given.
    pub query: String,
    /// Only this room; else every room of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// Only by this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// Continue: the `next` of the page before, at most 64 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Results wanted, 1 to [`crate::limit::SEARCH_RESULTS`].
    pub limit: u32,
}

/// One result of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct SearchHit {
    /// Where.
    pub room: RoomId,
    /// The chat message as it stands.
    pub message: ChatMessage,
}

/// One page of search results, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct SearchPage {
    /// Newest first.
    pub hits: Vec<SearchHit>,
    /// Opaque; where the next page starts. Absent when nothing is left. A page may be empty and still have
    /// one: a search looks at a bounded number of chat messages at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
