//! What Mesh decides: deterministic machines over the types of `mesh_protocol`.
//!
//! Nothing here reads a clock, draws a random number, opens a file or a socket, spawns or waits. Time comes in
//! as [`time::Now`], side effects go out as outputs, and their results come back as inputs ([`machine`]). So
//! every decision can be simulated: two machines, a virtual clock, a lossy network, a seed.
//!
//! Read [`policy`] for who may do what, [`room`] for how a chat message gets its number, [`presence`] for who
//! is there, [`capability`] for what a device may do to another. [`throttle`], [`name`] and [`fold`] are small
//! pure pieces that both binaries need.

pub mod call;
pub mod capability;
pub mod fold;
pub mod machine;
pub mod name;
pub mod policy;
pub mod presence;
pub mod room;
pub mod throttle;
pub mod time;
