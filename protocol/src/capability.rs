//! What one device may do to another for a minute or three: the claims of a capability, the keys that sign it,
//! and what a device signs itself.
//!
//! A capability is a JWS in compact form (RFC 7515) whose payload are [`Claims`] (RFC 7519). It has exactly one
//! spelling: the header is [`header`] with the key's name in it, the payload is [`Claims`] as serde writes it.
//! A verifier compares bytes, so white space, other orders, doubled or escaped names can't hide anything.

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, RoomId, UserId};
use crate::limit;

/// The media type in the header (RFC 8725 section 3.11: a kind of its own, so that no other token fits).
pub const TYPE: &str = "mesh-cap+jwt";
/// Characters of 128 bits in base64url.
pub const RANDOM_CHARS: usize = 22;
/// Characters of a SHA-256 in base64url.
pub const THUMBPRINT_CHARS: usize = 43;

/// The protected header of a capability signed by the key `kid`, in its only spelling.
pub fn header(kid: &str) -> String {
    format!(r#"{{"typ":"{TYPE}","alg":"EdDSA","kid":"{kid}"}}"#)
}

/// Something a device may do to another device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub enum Capability {
    /// Talk and be seen.
    #[serde(rename = "call")]
    Call,
    /// Show a screen.
    #[serde(rename = "screen")]
    Screen,
    /// Send a file.
    #[serde(rename = "share:file")]
    ShareFile,
    /// Share a folder, once or in step.
    #[serde(rename = "share:folder")]
    ShareFolder,
    /// Look at a terminal.
    #[serde(rename = "terminal:view")]
    TerminalView,
    /// Type into a terminal.
    #[serde(rename = "terminal:control")]
    TerminalControl,
}

impl Capability {
    /// Every capability.
    pub const ALL: [Self; 6] = [
        Self::Call,
        Self::Screen,
        Self::ShareFile,
        Self::ShareFolder,
        Self::TerminalView,
        Self::TerminalControl,
    ];

    /// How long it lives at most, in seconds.
    pub fn seconds(self) -> u64 {
        match self {
            Self::TerminalControl => limit::CONTROL_SECONDS,
            Self::ShareFile | Self::ShareFolder => limit::SHARE_SECONDS,
            Self::Call | Self::Screen | Self::TerminalView => limit::CALL_SECONDS,
        }
    }
}

/// Bounds of the session that a capability starts; both ends hold them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Limits {
    /// Bytes in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub max_size: Option<u64>,
    /// Bytes a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub max_rate: Option<u64>,
}

/// The key that the presenter has to prove (RFC 7800).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Confirmation {
    /// Thumbprint of the presenter's device key (RFC 7638).
    pub jkt: String,
}

/// What a capability says, in the order in which it is written. Times are whole seconds of the issuer's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Claims {
    /// The appliance: thumbprint of its identity key.
    pub iss: String,
    /// The device that verifies it, as [`audience`] writes it.
    pub aud: String,
    /// The device that presents it.
    pub sub: DeviceId,
    /// Whose device that is.
    pub usr: UserId,
    /// The one room.
    pub room: RoomId,
    /// What may be done, in rising order, each once.
    pub caps: Vec<Capability>,
    /// The peer-to-peer session: 128 random bits, the same in every lease of it.
    pub sid: String,
    /// `target_peer_id`: the device of `aud`.
    pub tgt: DeviceId,
    /// Bounds of the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub lim: Option<Limits>,
    /// When it was issued.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub iat: u64,
    /// When it starts to hold.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub nbf: u64,
    /// When it ends.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub exp: u64,
    /// Its own name: 128 random bits, good once.
    pub jti: String,
    /// Whose key proves possession.
    pub cnf: Confirmation,
    /// The number that the verifier drew for this request.
    pub nce: String,
    /// The room's epoch: raised when who may do what in it changes.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub re: u64,
    /// The epoch of the team's devices: raised when one is removed or its user's role changes.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub de: u64,
    /// How often the appliance has started.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub boot: u64,
}

/// The `aud` of a device.
pub fn audience(device: DeviceId) -> String {
    format!("mesh:dev:{device}")
}

/// Whether `text` is `chars` characters of base64url (RFC 4648 section 5).
pub fn is_base64url(text: &str, chars: usize) -> bool {
    text.len() == chars
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// What is signed, so that a signature over one kind of thing is never one over another. The bytes that are
/// signed are the purpose, a zero byte, and the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A [`Keyset`], by the appliance's identity key.
    Keyset,
    /// Possession of a device key at enrolment.
    Device,
    /// A [`Fingerprints`] statement, by a device key.
    Fingerprints,
}

impl Purpose {
    /// The text in front of what is signed.
    pub fn text(self) -> &'static str {
        match self {
            Self::Keyset => "mesh/v1/keyset",
            Self::Device => "mesh/v1/device",
            Self::Fingerprints => "mesh/v1/fp",
        }
    }
}

/// The keys that sign capabilities. Of two, the one with the higher epoch holds; a lower one than ever seen is
/// refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Keyset {
    /// The appliance: thumbprint of its identity key.
    pub iss: String,
    /// Raised with every change.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub epoch: u64,
    /// Public keys, 32 bytes in base64url each, at most [`limit::TOKEN_KEYS`].
    pub keys: Vec<String>,
}

/// Who offered and who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub enum Side {
    /// Presents the capability first.
    Caller,
    /// Is reached.
    Callee,
}

/// What a device signs before a WebRTC session: which certificates (RFC 8122 fingerprints: SHA-256 as 64 lower
/// case hex digits) the two ends use. Who relays the signaling can't swap them unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Fingerprints {
    /// The peer-to-peer session.
    pub sid: String,
    /// The capability that it goes with.
    pub jti: String,
    /// Of the signer's certificate.
    pub own: String,
    /// Of the peer's certificate.
    pub peer: String,
    /// The signer's side.
    pub side: Side,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives_are_between_one_and_three_minutes() {
        for capability in Capability::ALL {
            assert!((60..=180).contains(&capability.seconds()), "{capability:?}");
        }
        assert_eq!(Capability::TerminalControl.seconds(), 60);
        assert_eq!(Capability::ShareFolder.seconds(), 120);
        assert_eq!(Capability::Call.seconds(), 180);
    }

    #[test]
    fn base64url_has_its_length_and_its_letters() {
        assert!(is_base64url("AZaz09-_", 8));
        for text in ["", "AZaz09-", "AZaz09-_A", "AZaz09-=", "AZaz09+/", "AZaz09-é"] {
            assert!(!is_base64url(text, 8), "{text}");
        }
    }
}
