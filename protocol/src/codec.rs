//! The only door between bytes and messages. Decoding checks every bound of [`crate::limit`], so that what
//! comes out can be used without further looking; encoding can't fail.

use crate::call::CapabilityRequest;
use crate::capability::{self, Capability};
use crate::chat::{ChatSend, ClientTag, HistoryRequest, SearchRequest};
use crate::control::{ClientMessage, ServerMessage};
use crate::error::ErrorCode;
use crate::id::RoomId;
use crate::limit;

/// Why bytes are not a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// More bytes than [`limit::MESSAGE_BYTES`].
    #[error("message of {0} bytes is larger than allowed")]
    TooLarge(usize),
    /// Not JSON, or not one of the messages.
    #[error("not a message: {0}")]
    Malformed(String),
    /// A field is out of its bounds.
    #[error("{field} is out of its bounds")]
    OutOfBounds {
        /// Which field.
        field: &'static str,
        /// What to answer.
        code: ErrorCode,
        /// Room and tag of what the sender waits for, so that it can be refused by name.
        item: Option<(RoomId, ClientTag)>,
    },
}

/// Decodes what a client sent.
///
/// # Errors
/// When the text is too large, not a message, or has a field out of bounds.
pub fn decode_client(text: &str) -> Result<ClientMessage, DecodeError> {
    if text.len() > limit::MESSAGE_BYTES {
        return Err(DecodeError::TooLarge(text.len()));
    }
    let message: ClientMessage =
        serde_json::from_str(text).map_err(|error| DecodeError::Malformed(error.to_string()))?;
    check(&message)?;
    Ok(message)
}

/// Decodes what the appliance sent (agents and tests).
///
/// # Errors
/// When the text is not a message.
pub fn decode_server(text: &str) -> Result<ServerMessage, DecodeError> {
    serde_json::from_str(text).map_err(|error| DecodeError::Malformed(error.to_string()))
}

/// Encodes what a client says.
pub fn encode_client(message: &ClientMessage) -> String {
    encode(message)
}

/// Encodes what the appliance says.
pub fn encode_server(message: &ServerMessage) -> String {
    encode(message)
}

fn encode<T: serde::Serialize>(message: &T) -> String {
    // Every map key is a string and every number is whole, so serialising plain data has no way to fail;
    // an empty string would be refused by any decoder.
    serde_json::to_string(message).unwrap_or_default()
}

fn out_of_bounds(field: &'static str) -> DecodeError {
    DecodeError::OutOfBounds { field, code: ErrorCode::FieldInvalid, item: None }
}

fn check(message: &ClientMessage) -> Result<(), DecodeError> {
    match message {
        ClientMessage::Hello(hello) if hello.resume.len() > limit::ROOMS => Err(out_of_bounds("resume")),
        ClientMessage::ChatSend(send) => check_send(send),
        ClientMessage::ChatEdit(edit) => {
            check_tag(&edit.tag)?;
            check_text(&edit.text, (edit.room, &edit.tag))
        }
        ClientMessage::ChatDelete(delete) => check_tag(&delete.tag),
        ClientMessage::ChatPin(pin) => check_tag(&pin.tag),
        ClientMessage::ChatReact(react) => {
            check_tag(&react.tag)?;
            check_emoji(&react.emoji, (react.room, &react.tag))
        }
        ClientMessage::History(HistoryRequest { limit: items, .. }) => {
            check_count("limit", *items, limit::PAGE_ITEMS)
        }
        ClientMessage::Search(search) => check_search(search),
        ClientMessage::CallReact(react) if !is_emoji(&react.emoji) => Err(out_of_bounds("emoji")),
        ClientMessage::Signal(signal) if signal.body.len() > limit::SIGNAL_BYTES => {
            Err(out_of_bounds("body"))
        }
        ClientMessage::Capability(request) => check_capability(request),
        ClientMessage::PresenceSet(set) if set.text.chars().count() > limit::STATUS_TEXT_CHARS => {
            Err(out_of_bounds("text"))
        }
        _ => Ok(()),
    }
}

fn check_send(send: &ChatSend) -> Result<(), DecodeError> {
    check_tag(&send.tag)?;
    check_text(&send.text, (send.room, &send.tag))
}

fn check_tag(tag: &ClientTag) -> Result<(), DecodeError> {
    let well_formed = (1..=limit::CLIENT_TAG_CHARS).contains(&tag.0.len())
        && tag.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if well_formed { Ok(()) } else { Err(out_of_bounds("tag")) }
}

fn check_text(text: &str, (room, tag): (RoomId, &ClientTag)) -> Result<(), DecodeError> {
    let code = if text.trim().is_empty() {
        ErrorCode::TextEmpty
    } else if text.len() > limit::CHAT_TEXT_BYTES {
        ErrorCode::TextTooLong
    } else {
        return Ok(());
    };
    Err(DecodeError::OutOfBounds { field: "text", code, item: Some((room, tag.clone())) })
}

/// A reaction is one or more emoji and nothing else: text, and characters that hide or reorder text, are refused.
fn check_emoji(emoji: &str, (room, tag): (RoomId, &ClientTag)) -> Result<(), DecodeError> {
    if is_emoji(emoji) {
        return Ok(());
    }
    Err(DecodeError::OutOfBounds {
        field: "emoji",
        code: ErrorCode::FieldInvalid,
        item: Some((room, tag.clone())),
    })
}

/// One or more emoji and nothing else.
fn is_emoji(emoji: &str) -> bool {
    let is_keycap = emoji.ends_with('\u{20e3}');
    let is_shown =
        |c: char| is_pictograph(c) || (is_keycap && (c.is_ascii_digit() || matches!(c, '#' | '*')));
    emoji.len() <= limit::EMOJI_BYTES
        && emoji.chars().any(is_shown)
        && emoji.chars().all(|c| is_shown(c) || is_emoji_part(c))
}

fn check_capability(request: &CapabilityRequest) -> Result<(), DecodeError> {
    if request.caps.is_empty() || request.caps.len() > Capability::ALL.len() {
        return Err(out_of_bounds("caps"));
    }
    for (field, text) in [("sid", &request.sid), ("nonce", &request.nonce)] {
        if !capability::is_base64url(text, capability::RANDOM_CHARS) {
            return Err(out_of_bounds(field));
        }
    }
    Ok(())
}

/// The blocks that hold every emoji of Unicode 17 that stands for itself.
fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21ff}'
        | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}'
        | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f000}'..='\u{1faff}')
}

/// What joins and varies emoji: joiner, text and picture style, the keycap, the tags of regional flags.
fn is_emoji_part(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{20e3}' | '\u{fe0e}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

fn check_count(field: &'static str, count: u32, most: u32) -> Result<(), DecodeError> {
    if (1..=most).contains(&count) { Ok(()) } else { Err(out_of_bounds(field)) }
}

fn check_search(search: &SearchRequest) -> Result<(), DecodeError> {
    if search.query.len() > limit::SEARCH_QUERY_BYTES {
        return Err(out_of_bounds("query"));
    }
    if search.cursor.as_ref().is_some_and(|cursor| cursor.len() > 64) {
        return Err(out_of_bounds("cursor"));
    }
    check_count("limit", search.limit, limit::SEARCH_RESULTS)
}
