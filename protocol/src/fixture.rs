//! One golden sample for every message, in both languages: `protocol/fixtures/*.json` is written by
//! `make gen` from here, and read by the Rust tests and by the web client's tests.
