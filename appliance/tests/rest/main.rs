//! The REST interface on a real store and hub, through the whole router: every endpoint's way and refusals.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are tests, which clippy does not see"
)]

mod account;
mod call;
mod canary;
mod claim;
mod form;
mod invite;
mod people;
mod recovery;
mod revocation;
mod room;
mod session;
mod socket;
mod support;
