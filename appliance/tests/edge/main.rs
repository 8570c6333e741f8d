//! The edge of the box on real sockets: timers, caps, TLS, addresses, headers and files.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are tests, which clippy does not see"
)]

mod address;
mod caps;
mod files;
mod header;
mod plain;
mod stop;
mod support;
mod timers;
mod tls;
