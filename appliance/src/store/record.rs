//! The stored form of things: postcard behind one version byte.
//!
//! Records are not wire types: the wire may change with the protocol's version, the disk with the schema's. A
//! record type that changes raises its [`Record::VERSION`] and says how its predecessor becomes it in
//! [`Record::upgrade`]; nothing on disk is ever unreadable to a newer build.

mod chat;
mod room;

use mesh_core::policy::{Actor, Standing};
use mesh_protocol::id::{InviteId, RoomId, SessionId, UserId};
use mesh_protocol::presence::Availability;
use mesh_protocol::team::{InviteKind, Role, SetupStep, User};
use mesh_protocol::time::UnixMillis;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::StoreError;
pub(super) use chat::{ChangeRecord, EventRecord, WordsRecord};
pub(super) use room::{MemberRecord, RoomRecord};

/// A stored form.
pub(super) trait Record: Serialize + DeserializeOwned {
    /// Of the form that is written.
    const VERSION: u8;

    /// Reads the form of an older version.
    fn upgrade(version: u8, _bytes: &[u8]) -> Result<Self, StoreError> {
        Err(StoreError::Damaged(format!("a record of version {version} is not known")))
    }

    /// The bytes to store.
    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        postcard::to_extend(self, vec![Self::VERSION])
            .map_err(|error| StoreError::Failing(format!("a record can't be encoded: {error}")))
    }

    /// Reads stored bytes of this or an older version.
    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        match bytes.split_first() {
            Some((&version, rest)) if version == Self::VERSION => match postcard::take_from_bytes(rest) {
                Ok((record, [])) => Ok(record),
                Ok(_) => Err(StoreError::Damaged("a record has bytes left over".to_owned())),
                Err(error) => Err(StoreError::Damaged(format!("a record can't be read: {error}"))),
            },
            Some((&version, rest)) => Self::upgrade(version, rest),
            None => Err(StoreError::Damaged("a record is empty".to_owned())),
        }
    }
}

/// The team.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRecord {
    /// Its name.
    pub name: String,
    /// When the box was claimed.
    pub claimed_at: UnixMillis,
    /// Steps of the first run that are done.
    pub setup_done: Vec<SetupStep>,
}

impl Record for TeamRecord {
    const VERSION: u8 = 1;
}

/// A user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRecord {
    /// Identity.
    pub id: UserId,
    /// The name after `@`, folded; never changes.
    pub user_name: String,
    /// Display name.
    pub name: String,
    /// Role in the team.
    pub role: Role,
    /// Person colour, 0 to 7.
    pub color: u8,
    /// Whether they left or were removed.
    pub removed: bool,
    /// When a guest's access ends.
    pub expires_at: Option<UnixMillis>,
    /// Argon2id hash in PHC form; `None` for guests, who have no password.
    pub password_hash: Option<String>,
    /// How to be reached, as chosen.
    pub availability: Availability,
    /// Free text beside presence.
    pub status_text: String,
    /// When they joined.
    pub joined_at: UnixMillis,
}

impl Record for UserRecord {
    const VERSION: u8 = 1;
}

impl UserRecord {
    /// The user as others see them.
    pub fn to_user(&self) -> User {
        User {
            id: self.id,
            user_name: self.user_name.clone(),
            name: self.name.clone(),
            role: self.role,
            color: self.color,
            removed: self.removed,
            expires_at: self.expires_at,
        }
    }

    /// The user as policy sees them at `now`.
    pub fn actor(&self, now: UnixMillis) -> Actor {
        let standing = if self.removed {
            Standing::Removed
        } else if self.expires_at.is_some_and(|end| end <= now) {
            Standing::Expired
        } else {
            Standing::Active
        };
        Actor { user: self.id, role: self.role, standing }
    }
}

impl std::fmt::Debug for UserRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserRecord").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

/// A signed-in browser.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// Identity, for listing and revoking.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// SHA-256 of the cookie's secret.
    pub token_hash: [u8; 32],
    /// Browser and system in words.
    pub browser: String,
    /// The address it last came from.
    pub address: String,
    /// When it signed in.
    pub created_at: UnixMillis,
    /// When it was last used, to about ten minutes.
    pub last_seen: UnixMillis,
    /// When the password was last given in it.
    pub confirmed_at: UnixMillis,
}

impl Record for SessionRecord {
    const VERSION: u8 = 1;
}

impl std::fmt::Debug for SessionRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionRecord")
            .field("id", &self.id)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// An invite, or a link to choose a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteRecord {
    /// Identity, for listing and revoking.
    pub id: InviteId,
    /// What following it does.
    pub kind: InviteKind,
    /// SHA-256 of the link's secret.
    pub token_hash: [u8; 32],
    /// For whom.
    pub name: String,
    /// Role of the account that it makes.
    pub role: Role,
    /// Rooms that are joined.
    pub rooms: Vec<RoomId>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it ends.
    pub expires_at: UnixMillis,
    /// Whether it was taken back.
    pub revoked: bool,
    /// Who used it.
    pub used_by: Option<UserId>,
    /// Whose password a reset sets.
    pub for_user: Option<UserId>,
}

impl Record for InviteRecord {
    const VERSION: u8 = 1;
}

impl std::fmt::Debug for InviteRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InviteRecord").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}
