//! What a room event does to the chat message that it names. The web client has the same rules; both read
//! `protocol/fixtures/reducer.json`.

use mesh_protocol::chat::{ChatMessage, Reaction, RoomEvent, RoomEventKind};
use mesh_protocol::id::UserId;
use mesh_protocol::time::Seq;

/// The chat message that a `posted` event makes; `None` for other events.
pub fn posted(event: &RoomEvent) -> Option<ChatMessage> {
    let RoomEventKind::Posted { text, reply_to, mentions, everyone } = &event.change else { return None };
    Some(ChatMessage {
        seq: event.seq,
        at: event.at,
        by: event.by,
        text: text.clone(),
        reply_to: *reply_to,
        mentions: mentions.clone(),
        everyone: *everyone,
        edited_at: None,
        deleted: false,
        pinned: false,
        reactions: Vec::new(),
        rev: event.seq,
    })
}

/// The chat message that an event alters; `None` for events that make one or concern the room.
pub fn target(event: &RoomEvent) -> Option<Seq> {
    match event.change {
        RoomEventKind::Edited { target, .. }
        | RoomEventKind::Deleted { target }
        | RoomEventKind::Reacted { target, .. }
        | RoomEventKind::Pinned { target, .. } => Some(target),
        RoomEventKind::Posted { .. }
        | RoomEventKind::Created { .. }
        | RoomEventKind::Joined { .. }
        | RoomEventKind::Left { .. }
        | RoomEventKind::Changed { .. } => None,
    }
}

/// Whether an event is a line of history of its own: the room was made, somebody came or went, settings changed.
pub fn is_notice(event: &RoomEvent) -> bool {
    !matches!(event.change, RoomEventKind::Posted { .. }) && target(event).is_none()
}

/// Lets an event alter its target. Events at or before the message's `rev` were applied already; a deleted
/// message stays as it is.
pub fn apply(message: &mut ChatMessage, event: &RoomEvent) {
    if target(event) != Some(message.seq) || event.seq <= message.rev {
        return;
    }
    message.rev = event.seq;
    if message.deleted {
        return;
    }
    match &event.change {
        RoomEventKind::Edited { text, mentions, everyone, .. } => {
            message.text.clone_from(text);
            message.mentions.clone_from(mentions);
            message.everyone = *everyone;
            message.edited_at = Some(event.at);
        }
        RoomEventKind::Deleted { .. } => {
            message.deleted = true;
            message.text.clear();
            message.mentions.clear();
            message.everyone = false;
            message.pinned = false;
            message.reactions.clear();
        }
        RoomEventKind::Reacted { emoji, on, .. } => react(&mut message.reactions, emoji, event.by, *on),
        RoomEventKind::Pinned { on, .. } => message.pinned = *on,
        RoomEventKind::Posted { .. }
        | RoomEventKind::Created { .. }
        | RoomEventKind::Joined { .. }
        | RoomEventKind::Left { .. }
        | RoomEventKind::Changed { .. } => {}
    }
}

fn react(reactions: &mut Vec<Reaction>, emoji: &str, by: UserId, on: bool) {
    let found = reactions.iter().position(|reaction| reaction.emoji == emoji);
    match (found.and_then(|index| reactions.get_mut(index)), on) {
        (Some(reaction), true) if !reaction.users.contains(&by) => reaction.users.push(by),
        (None, true) => reactions.push(Reaction { emoji: emoji.to_owned(), users: vec![by] }),
        (Some(reaction), false) => reaction.users.retain(|user| *user != by),
        (Some(_), true) | (None, false) => {}
    }
    reactions.retain(|reaction| !reaction.users.is_empty());
}
