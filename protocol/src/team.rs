//! The team, its people and the ways in: claim, invites, accounts (REST bodies), and how users are shown.

use serde::{Deserialize, Serialize};

use crate::id::{InviteId, RoomId, UserId};
use crate::time::UnixMillis;

/// What a user may do in general; what exactly is decided by `core/policy` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum Role {
    /// Invited to named rooms for a bounded time.
    Guest,
    /// A person of the team.
    Member,
    /// Runs the box: people, rooms, invites.
    Owner,
}

/// The team as everybody in it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct Team {
    /// Its name.
    pub name: String,
}

/// A user as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// The name typed after `@`; never changes.
    pub user_name: String,
    /// The name that is shown.
    pub name: String,
    /// Role in the team.
    pub role: Role,
    /// Person colour, 0 to 7, in join order (ui.md 5.4).
    pub color: u8,
    /// True for somebody who left: shown in history, can't sign in.
    pub removed: bool,
    /// When a guest's access ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<UnixMillis>,
}

/// The own account: what only the user themself sees besides [`User`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct Account {
    /// As others see it.
    pub user: User,
    /// How to be reached, as chosen.
    pub availability: crate::presence::Availability,
    /// Free text beside presence.
    pub status_text: String,
    /// First-run steps that the owner finished, in any order.
    pub setup_done: Vec<SetupStep>,
}

/// `PATCH /api/v1/account`: only the fields that are present change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct AccountChange {
    /// New display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// New person colour, 0 to 7.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<u8>,
}

/// `POST /api/v1/account/password`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct PasswordChange {
    /// The current password.
    pub current: String,
    /// The new one.
    pub new: String,
}

/// Steps of the first run that the box remembers, so that a reload or another browser resumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum SetupStep {
    /// The owner chose how people open Mesh.
    Trust,
    /// The owner invited people or skipped it.
    People,
}

/// `GET /api/v1/status`: what anybody who reaches the box may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct Status {
    /// Whether the box has an owner.
    pub claimed: bool,
    /// The team's name, once claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Version of the appliance.
    pub version: String,
    /// Since when another browser is setting the box up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_since: Option<UnixMillis>,
}

/// `GET /api/v1/trust`: how this box proves who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct Trust {
    /// SHA-256 of the certificate that devices install, as `7F:3A:…`.
    pub fingerprint: String,
    /// Whether the certificate is one that the operator configured rather than the box's own.
    pub own_certificate: bool,
    /// When the certificate in use ends.
    pub expires_at: UnixMillis,
    /// Names and addresses the box answers to.
    pub names: Vec<String>,
}

/// `POST /api/v1/claim`: shows the code; the answer sets the claim cookie for the next step.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct ClaimStart {
    /// The one-time code, as typed.
    pub code: String,
}

/// `POST /api/v1/claim/owner`: makes the team and its owner, signs the owner in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct ClaimOwner {
    /// The team's name.
    pub team: String,
    /// Display name of the owner.
    pub name: String,
    /// User name of the owner.
    pub user_name: String,
    /// Password of the owner.
    pub password: String,
}

/// `POST /api/v1/invites`: an owner makes a one-use link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct InviteCreate {
    /// For whom, as a reminder; prefills the name; may be empty.
    pub name: String,
    /// Role of the account that it makes; never owner.
    pub role: Role,
    /// Rooms that the new user joins.
    pub rooms: Vec<RoomId>,
    /// Seconds until it expires, from [`crate::limit::INVITE_MIN_SECONDS`] to [`crate::limit::INVITE_SECONDS`].
    pub expires_in: u32,
}

/// Answer to [`InviteCreate`]: the only time that the secret is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct InviteCreated {
    /// As listed.
    pub invite: Invite,
    /// The secret part of the link: the page is `/i/` + this.
    pub token: String,
}

/// What happened to an invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum InviteState {
    /// Can be used.
    Open,
    /// Was used.
    Used,
    /// Its time is over.
    Expired,
    /// Was taken back.
    Revoked,
}

/// What following the link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum InviteKind {
    /// Makes an account.
    Join,
    /// Lets the named user choose a new password ("forgotten?").
    Reset,
}

/// An invite as owners list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct Invite {
    /// Identity, for revoking.
    pub id: InviteId,
    /// What it does.
    pub kind: InviteKind,
    /// For whom; for a reset, the display name of the user.
    pub name: String,
    /// Role of the account.
    pub role: Role,
    /// Rooms that are joined.
    pub rooms: Vec<RoomId>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it ends.
    pub expires_at: UnixMillis,
    /// What happened to it.
    pub state: InviteState,
    /// Who used it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_by: Option<UserId>,
}

/// `GET /api/v1/invite/{token}`: what the invited person sees before joining.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct InviteView {
    /// What it does.
    pub kind: InviteKind,
    /// What happened to it; only an open one can be accepted.
    pub state: InviteState,
    /// The team's name.
    pub team: String,
    /// Display name of who invites.
    pub invited_by: String,
    /// Prefilled display name.
    pub name: String,
    /// For a reset: the user name that signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Role of the account.
    pub role: Role,
    /// Names of the rooms that are joined.
    pub rooms: Vec<String>,
    /// When it ends.
    pub expires_at: UnixMillis,
}

/// `POST /api/v1/invite/{token}/accept`: makes the account (or sets the new password) and signs in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct InviteAccept {
    /// Display name; ignored by a reset.
    pub name: String,
    /// User name; ignored by a reset.
    pub user_name: String,
    /// Password. Empty for a guest: a guest's session ends with the guest's access.
    pub password: String,
}

/// `POST /api/v1/recovery`: an owner who forgot the password sets a new one with a code made on the box itself,
/// and is signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct Recovery {
    /// The one-time code, as typed.
    pub code: String,
    /// User name of the owner.
    pub user_name: String,
    /// The new password.
    pub password: String,
}

/// `GET /api/v1/user-names/{name}?invite=token`: whether a user name can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct UserNameCheck {
    /// True when nobody has it and it is well formed.
    pub free: bool,
}

/// A user as the owner's list shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct Person {
    /// As everybody sees them.
    pub user: User,
    /// When they joined.
    pub joined_at: UnixMillis,
    /// When one of their sessions was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<UnixMillis>,
    /// Sessions that are signed in.
    pub sessions: u32,
    /// Rooms they are in, direct messages not counted.
    pub rooms: u32,
}

/// `PATCH /api/v1/people/{user}`: an owner changes somebody's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct PersonChange {
    /// The new role.
    pub role: Role,
}

macro_rules! secret_debug {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}
secret_debug!(PasswordChange, ClaimStart, ClaimOwner, InviteCreated, InviteAccept, Recovery);
