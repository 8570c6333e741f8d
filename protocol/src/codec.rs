//! The only door between bytes and messages. Decoding checks every bound of [`crate::limit`], so that what
//! comes out can be used without further looking; encoding can't fail.

use crate::chat::{ChatSend, ClientTag, HistoryRequest, SearchRequest};
use crate::control::{ClientMessage, ServerMessage};
use crate::error::ErrorCode;
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
        /// The tag, so that the sender's pending item can be refused by name.
        tag: Option<ClientTag>,
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
    DecodeError::OutOfBounds { field, code: ErrorCode::FieldInvalid, tag: None }
}

fn check(message: &ClientMessage) -> Result<(), DecodeError> {
    match message {
        ClientMessage::Hello(hello) if hello.resume.len() > limit::ROOMS => Err(out_of_bounds("resume")),
        ClientMessage::ChatSend(send) => check_send(send),
        ClientMessage::ChatEdit(edit) => {
            check_tag(&edit.tag)?;
            check_text(&edit.text, &edit.tag)
        }
        ClientMessage::ChatDelete(delete) => check_tag(&delete.tag),
        ClientMessage::ChatPin(pin) => check_tag(&pin.tag),
        ClientMessage::ChatReact(react) => {
            check_tag(&react.tag)?;
            check_emoji(&react.emoji, &react.tag)
        }
        ClientMessage::History(HistoryRequest { limit: items, .. }) => {
            check_count("limit", *items, limit::PAGE_ITEMS)
        }
        ClientMessage::Search(search) => check_search(search),
        ClientMessage::PresenceSet(set) if set.text.chars().count() > limit::STATUS_TEXT_CHARS => {
            Err(out_of_bounds("text"))
        }
        _ => Ok(()),
    }
}

fn check_send(send: &ChatSend) -> Result<(), DecodeError> {
    check_tag(&send.tag)?;
    check_text(&send.text, &send.tag)
}

fn check_tag(tag: &ClientTag) -> Result<(), DecodeError> {
    let well_formed = (1..=limit::CLIENT_TAG_CHARS).contains(&tag.0.len())
        && tag.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if well_formed { Ok(()) } else { Err(out_of_bounds("tag")) }
}

fn check_text(text: &str, tag: &ClientTag) -> Result<(), DecodeError> {
    let code = if text.trim().is_empty() {
        ErrorCode::TextEmpty
    } else if text.len() > limit::CHAT_TEXT_BYTES {
        ErrorCode::TextTooLong
    } else {
        return Ok(());
    };
    Err(DecodeError::OutOfBounds { field: "text", code, tag: Some(tag.clone()) })
}

/// An emoji is short, visible and no text: no white space, no ASCII letters, no control characters.
fn check_emoji(emoji: &str, tag: &ClientTag) -> Result<(), DecodeError> {
    // Squared letters and flags (U+1F100 to U+1F1FF) are emoji, though Unicode calls some of them letters.
    let is_letter = |c: char| c.is_alphabetic() && !('\u{1f100}'..='\u{1f1ff}').contains(&c);
    let well_formed = (1..=limit::EMOJI_BYTES).contains(&emoji.len())
        && !emoji.chars().any(|c| c.is_whitespace() || c.is_control() || is_letter(c))
        && !emoji.is_ascii();
    if well_formed {
        return Ok(());
    }
    Err(DecodeError::OutOfBounds { field: "emoji", code: ErrorCode::FieldInvalid, tag: Some(tag.clone()) })
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
