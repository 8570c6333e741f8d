//! The REST interface on a real store and hub, through the whole router: every endpoint's way and refusals.

mod account;
mod claim;
mod form;
mod invite;
mod people;
mod revocation;
mod room;
mod session;
mod socket;
mod support;
