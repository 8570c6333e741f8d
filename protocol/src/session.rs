//! Sessions: signing in (REST), and the hello, welcome and farewell of the WebSocket.

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::chat::{HistoryPage, RoomEvent};
use crate::device::{Devices, Issuer};
use crate::id::{DeviceId, RoomId, SessionId};
use crate::presence::Presence;
use crate::room::Room;
use crate::team::{Account, Team, User};
use crate::time::{Seq, UnixMillis};

/// `POST /api/v1/session`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct SignIn {
    /// User name, without regard to case.
    pub user_name: String,
    /// Password.
    pub password: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn(…)")
    }
}

/// `POST /api/v1/session/confirm`: the password again, before a sensitive action.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct PasswordConfirm {
    /// Password.
    pub password: String,
}

impl std::fmt::Debug for PasswordConfirm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordConfirm(…)")
    }
}

/// One signed-in browser of the user, as listed in the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct Session {
    /// Identity, for signing it out.
    pub id: SessionId,
    /// Browser and system in words, from what the browser says of itself: "Firefox, Linux".
    pub browser: String,
    /// The address it last came from.
    pub address: String,
    /// When it signed in.
    pub created_at: UnixMillis,
    /// When it was last used.
    pub last_seen: UnixMillis,
    /// Whether it is the session that asks.
    pub current: bool,
}

/// Client to appliance: the first message on a WebSocket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Hello {
    /// The protocol version of the client.
    pub protocol: u16,
    /// Where the client's copy of each room ends; rooms that it holds no copy of are left out.
    pub resume: Vec<ResumePoint>,
}

/// The last event that a client holds of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ResumePoint {
    /// Which room.
    pub room: RoomId,
    /// The last event that it has applied.
    pub seq: Seq,
}

/// Appliance to client: the answer to hello, with all small state. Missed room events follow at once
/// (`room_events`, or `room_reset` where too much was missed), then `caught_up`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Welcome {
    /// The protocol version of the appliance.
    pub protocol: u16,
    /// Version of the appliance and of the web client inside it; a differing one means a reload is due.
    pub version: String,
    /// Which session this is.
    pub session: SessionId,
    /// The appliance's clock.
    pub now: UnixMillis,
    /// The own account.
    pub account: Account,
    /// The team.
    pub team: Team,
    /// Everybody the user may see, removed ones included (they wrote history).
    pub users: Vec<User>,
    /// Rooms of the user, and open rooms that they may join.
    pub rooms: Vec<Room>,
    /// Who is there.
    pub presence: Vec<Presence>,
    /// The own device, when this browser has enrolled one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub device: Option<DeviceId>,
    /// The devices of these users.
    pub devices: Devices,
    /// Who signs capabilities.
    pub issuer: Issuer,
    /// The calls in these rooms.
    pub calls: Vec<Call>,
    /// Whether the box can save.
    pub storage: StorageState,
}

/// Room events in order, either missed ones or live ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RoomEvents {
    /// Which room.
    pub room: RoomId,
    /// Rising by one.
    pub events: Vec<RoomEvent>,
}

/// Appliance to client: too much was missed in this room; forget the copy and start from this page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RoomReset {
    /// Which room.
    pub room: RoomId,
    /// Its newest page.
    pub page: HistoryPage,
}

/// Whether the box can write to its disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum StorageState {
    /// Everything is saved.
    #[default]
    Ok,
    /// The disk is full: reading goes on, nothing is saved until there is space.
    Full,
    /// The disk reports errors.
    Failing,
}

/// Why the appliance ends a WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub enum GoodbyeReason {
    /// The box stops or restarts; resume.
    Restarting,
    /// The session was signed out, or the user removed.
    SignedOut,
    /// The client did not keep up; resume.
    Lagging,
    /// What the user may see changed so much that the client should start over; resume.
    AccessChanged,
}

/// Appliance to client: the last message on a WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Goodbye {
    /// Why.
    pub reason: GoodbyeReason,
}
