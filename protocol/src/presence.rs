//! Who is there. Presence itself is never stored; the chosen availability and the free text are.

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// What a person chose for how to be reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum Availability {
    /// Follow activity: online while somebody is at a screen, away when idle.
    #[default]
    Automatic,
    /// Shown as away whatever the activity.
    Away,
    /// No sounds, no pop-ups; messages wait.
    DoNotDisturb,
}

/// What others see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum PresenceState {
    /// At a screen with Mesh open.
    Online,
    /// Mesh is open somewhere, nobody at it, or the person chose so.
    Away,
    /// Reachable, but asked not to be disturbed.
    DoNotDisturb,
    /// No session is connected.
    #[default]
    Offline,
}

/// One person's presence, a whole value that replaces the former one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct Presence {
    /// Whose.
    pub user: UserId,
    /// What others see.
    pub state: PresenceState,
    /// Free text beside it, may be empty; at most [`crate::limit::STATUS_TEXT_CHARS`] characters.
    pub text: String,
}

/// Client to appliance: choose availability and free text (stored, shared by all devices of the user).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct PresenceSet {
    /// How to be reached.
    pub availability: Availability,
    /// Free text, may be empty.
    pub text: String,
}

/// Client to appliance: whether somebody is at this screen now; sent when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub struct PresenceActivity {
    /// True while the page is visible and was used in the last five minutes.
    pub active: bool,
}
