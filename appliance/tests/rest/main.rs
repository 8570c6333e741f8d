//! The REST interface on a real store and hub, through the whole router: every endpoint's way and refusals.

mod claim;
mod support;
