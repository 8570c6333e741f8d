//! One golden sample for every message, in both languages: `protocol/fixtures/*.json` is written by
//! `make gen` from here, and read by the Rust tests and by the web client's tests.

/// The fixture files: name and content.
pub fn files() -> Vec<(&'static str, String)> {
    Vec::new()
}
