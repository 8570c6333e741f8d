//! Capabilities: what one device may do to another, issued by the appliance, verified by the device that is
//! reached (security.md 4.3).
//!
//! The appliance's [`Issuer`] signs what [`crate::policy`] and the request have in common. The device that is
//! reached holds a [`Verifier`]: it drew a nonce for the request, knows the appliance's keys ([`Keyring`]) and
//! time ([`IssuerClock`]), and remembers what was used. Neither has any say in what the other may refuse.
//!
//! [`key`] signs and verifies, [`jws`] is the only place that knows how a capability is spelled.

mod clock;
mod issue;
mod jws;
mod key;
mod keyring;
mod replay;
mod verify;

pub use clock::IssuerClock;
pub use issue::{Epochs, Grant, Issuer, Party, Request, allowed};
pub use jws::JwsError;
pub use key::{KeyError, PublicKey, SigningKey, base64url, from_base64url};
pub use keyring::{Keyring, KeyringError, SignedKeyset};
pub use verify::{Expected, Refusal, Verifier};
