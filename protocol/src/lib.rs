//! What Mesh says: the data on every wire and its pure encoding.
//!
//! Read in this order: [`version`] (what two sides must agree on), [`id`] and [`limit`] (names and maxima),
//! [`error`] (how a refusal looks), then one module per feature ([`team`], [`session`], [`room`], [`chat`],
//! [`presence`]), then [`control`], which gathers the messages of the WebSocket, and [`codec`], the only door
//! between bytes and these types.
//!
//! Nothing here runs, waits or decides: serde and plain data. The TypeScript types of the web client and the
//! schemas of the REST interface are derived from this crate (feature `schema`), so a change here is a change
//! everywhere. Compatibility: a message or field that shipped keeps its meaning; new optional fields may
//! appear; anything else raises [`version::CURRENT`].

pub mod call;
pub mod capability;
pub mod chat;
pub mod codec;
pub mod control;
pub mod device;
pub mod error;
pub mod fixture;
pub mod id;
pub mod limit;
pub mod presence;
pub mod room;
pub mod session;
pub mod team;
pub mod time;
pub mod version;
