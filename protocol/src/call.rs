//! Calls: who is in one and what they show, and the signaling between two devices of it. The appliance carries
//! signaling without reading it, and no media.

use serde::{Deserialize, Serialize};

use crate::capability::{Capability, Limits};
use crate::error::ErrorBody;
use crate::id::{CallId, DeviceId, RoomId, UserId};
use crate::time::UnixMillis;

/// What a participant shows. Whole value: it replaces the former one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Shown {
    /// The microphone is on.
    pub mic: bool,
    /// The camera is on.
    pub camera: bool,
    /// A screen is shown.
    pub screen: bool,
    /// They hear nothing.
    pub deafened: bool,
    /// A hand is raised.
    pub hand: bool,
}

/// A member seen from a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Participant {
    /// Who.
    pub user: UserId,
    /// With which device.
    pub device: DeviceId,
    /// Rises with every joining: of two, the one who joined later calls the other.
    pub order: u32,
    /// What they show.
    pub shown: Shown,
    /// The box has lost their device; without news they are out within [`crate::limit::CALL_GRACE_MS`].
    pub away: bool,
}

/// A call in a room: whole value; without participants it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Call {
    /// Where.
    pub room: RoomId,
    /// Which; a room's next call has another.
    pub id: CallId,
    /// When it started.
    pub started_at: UnixMillis,
    /// Whether the members who are not in it are being called.
    pub ringing: bool,
    /// In the order of joining, at most [`crate::limit::CALL_PARTICIPANTS`].
    pub participants: Vec<Participant>,
}

/// Client to appliance: take part in a room's call, starting it when there is none. Said again after the
/// connection was lost it keeps the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CallJoin {
    /// Where.
    pub room: RoomId,
    /// What is shown from the start.
    pub shown: Shown,
}

/// Client to appliance: hang up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CallLeave {
    /// Where.
    pub room: RoomId,
}

/// Client to appliance: what is shown has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CallShow {
    /// Where.
    pub room: RoomId,
    /// What is shown now.
    pub shown: Shown,
}

/// Client to appliance and back: a short-lived emoji that all in the call see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CallReact {
    /// Where.
    pub room: RoomId,
    /// The emoji.
    pub emoji: String,
}

/// Appliance to client: somebody in the call reacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CallReaction {
    /// Where.
    pub room: RoomId,
    /// Who.
    pub user: UserId,
    /// The emoji.
    pub emoji: String,
}

/// Appliance to client: joining was refused, or the device was taken out of the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CallEnded {
    /// Where.
    pub room: RoomId,
    /// Why.
    pub error: ErrorBody,
}

/// Client to appliance: something for another device of the same call; opaque to the appliance, at most
/// [`crate::limit::SIGNAL_BYTES`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct SignalSend {
    /// Where.
    pub room: RoomId,
    /// For whom.
    pub to: DeviceId,
    /// What.
    pub body: String,
}

/// Appliance to client: something from another device of the same call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Signal {
    /// Where.
    pub room: RoomId,
    /// From whom, as the appliance knows it.
    pub from: DeviceId,
    /// What.
    pub body: String,
}

/// Client to appliance: a capability to reach another device of the same room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CapabilityRequest {
    /// The client's number for this request.
    pub request: u32,
    /// Where.
    pub room: RoomId,
    /// The device to reach.
    pub target: DeviceId,
    /// The peer-to-peer session: 128 random bits in base64url.
    pub sid: String,
    /// What for; the answer may hold less.
    pub caps: Vec<Capability>,
    /// Bounds to be held to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// The number that the device to reach has drawn: 128 random bits in base64url.
    pub nonce: String,
}

/// Appliance to client: the answer to a capability request that was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CapabilityGrant {
    /// Of the request.
    pub request: u32,
    /// In compact form.
    pub capability: String,
    /// The UDP port of the box's own STUN, at the name by which the client reaches it; none when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub stun_port: Option<u16>,
    /// More servers that help to find a path.
    pub ice_servers: Vec<IceServer>,
}

/// A STUN or TURN server, in the words of `RTCIceServer`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct IceServer {
    /// `stun:`, `turn:` and `turns:` addresses.
    pub urls: Vec<String>,
    /// Of a TURN server: who, and until when, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub username: Option<String>,
    /// Of a TURN server: good as long as the user name says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub credential: Option<String>,
}

impl std::fmt::Debug for IceServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IceServer").field("urls", &self.urls).finish_non_exhaustive()
    }
}
