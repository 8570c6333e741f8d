//! Capabilities: what is issued, and what a verifier refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod attack;
mod forged;
mod issued;
mod support;
