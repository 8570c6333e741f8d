//! Devices: what is enrolled with a key of its own, and the appliance's keys as devices pin them.

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, UserId};
use crate::time::UnixMillis;

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum DeviceKind {
    /// A browser profile; it lives as long as its session.
    Browser,
}

/// A device as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct Device {
    /// Identity.
    pub id: DeviceId,
    /// Whose.
    pub user: UserId,
    /// What it is.
    pub kind: DeviceKind,
    /// Its public key: Ed25519, 32 bytes in base64url. Peers pin it.
    pub key: String,
    /// When it was enrolled.
    pub created_at: UnixMillis,
}

/// `POST /api/v1/devices`: enrols the browser of this session. Asked again with the same key it answers the same
/// device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct DeviceEnrol {
    /// Its public key: Ed25519, 32 bytes in base64url.
    pub key: String,
    /// The key's signature over the session's identity, for the purpose `mesh/v1/device`, in base64url.
    pub proof: String,
}

/// The appliance as an issuer of capabilities: what a device pins when it first meets it, and the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Issuer {
    /// The identity key: Ed25519, 32 bytes in base64url.
    pub identity: String,
    /// [`crate::capability::Keyset`] as JSON: the exact text that was signed.
    pub keyset: String,
    /// By the identity key, for the purpose `mesh/v1/keyset`, in base64url.
    pub signature: String,
    /// How often the appliance has started.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub boot: u64,
}

/// All devices that a user may see, whole: what is not in the list is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Devices {
    /// The devices.
    pub devices: Vec<Device>,
    /// The epoch of the team's devices: capabilities from an earlier one are void.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub epoch: u64,
}
