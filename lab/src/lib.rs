//! Starts the real box and drives it like browsers do.
//!
//! [`running`] owns a box process with its own data folder; [`rest`] speaks its REST interface; [`socket`] is a
//! WebSocket client of the control protocol over TLS. Used by the appliance's tests that kill the real binary,
//! and by `mesh-bench`. Everything goes to loopback.

pub mod rest;
pub mod running;
pub mod socket;
