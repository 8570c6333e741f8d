//! The stored form of a device.

use mesh_protocol::device::{Device, DeviceKind};
use mesh_protocol::id::{DeviceId, SessionId, UserId};
use mesh_protocol::time::UnixMillis;
use serde::{Deserialize, Serialize};

use super::Record;

/// A device and the session it lives in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRecord {
    /// Identity.
    pub id: DeviceId,
    /// Whose.
    pub user: UserId,
    /// A browser's device ends with its session.
    pub session: SessionId,
    /// Its public key, 32 bytes in base64url.
    pub key: String,
    /// When it was enrolled.
    pub created_at: UnixMillis,
}

impl Record for DeviceRecord {
    const VERSION: u8 = 1;
}

impl DeviceRecord {
    /// The device as others see it.
    pub fn to_device(&self) -> Device {
        Device {
            id: self.id,
            user: self.user,
            kind: DeviceKind::Browser,
            key: self.key.clone(),
            created_at: self.created_at,
        }
    }
}
