//! Golden samples in both languages: `protocol/fixtures/*.json` is written from here by `make gen`, and read by the
//! tests of this crate, of `core` and of the web client.
//!
//! `client.json` and `server.json` hold at least one sample of every message and of every kind of room event, each
//! with the text that people really write: accents, emoji, quotes, line separators, markup. `reducer.json` holds
//! events and what they must make of a chat message; its results are written by hand, so that the reducers of both
//! languages are held to the same words and not to each other.

mod client;
mod reducer;
mod server;

use serde::{Deserialize, Serialize};

use crate::chat::{ChatMessage, RoomEvent};
use crate::control::{ClientMessage, ServerMessage};

/// One message with a name that says what is special about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample<T> {
    /// Unique in its file.
    pub name: String,
    /// The message.
    pub message: T,
}

/// What a row of events makes of a chat message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReducerCase {
    /// A sentence.
    pub name: String,
    /// The chat message before.
    pub before: ChatMessage,
    /// In the order in which they are applied.
    pub events: Vec<RoomEvent>,
    /// The chat message after.
    pub after: ChatMessage,
}

/// At least one sample of everything that a client says.
pub fn client() -> Vec<Sample<ClientMessage>> {
    named(client::samples())
}

/// At least one sample of everything that the appliance says.
pub fn server() -> Vec<Sample<ServerMessage>> {
    named(server::samples())
}

/// What events do to chat messages.
pub fn reducer() -> Vec<ReducerCase> {
    reducer::cases()
}

/// The fixture files: name and content.
pub fn files() -> Vec<(&'static str, String)> {
    vec![
        ("client.json", pretty(&client())),
        ("server.json", pretty(&server())),
        ("reducer.json", pretty(&reducer())),
    ]
}

fn named<T>(samples: Vec<(&str, T)>) -> Vec<Sample<T>> {
    samples.into_iter().map(|(name, message)| Sample { name: name.to_owned(), message }).collect()
}

fn pretty<T: Serialize>(value: &T) -> String {
    // Plain data with string keys always serialises; see `codec::encode`.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
