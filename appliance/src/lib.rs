//! The appliance.

pub mod clock;
mod hub;
pub mod secret;
pub mod store;
mod ws;
