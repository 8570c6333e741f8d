//! The stored form of things: postcard behind one version byte.
//!
//! Records are not wire types: the wire may change with the protocol's version, the disk with the schema's. A
//! record type that changes raises its [`Record::VERSION`] and says how its predecessor becomes it in
//! [`Record::upgrade`]; nothing on disk is ever unreadable to a newer build.

mod chat;
mod device;
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
pub use device::DeviceRecord;
pub(super) use room::{MemberRecord, RoomRecord};

/// A stored form.
pub(super) trait Record: Serialize + DeserializeOwned {
    /// Of the form that is written.
    const VERSION: u8;

    /// Reads the form of an older version.
    fn upgrade(version: u8, _bytes: &[u8]) -> Result<Self, StoreError> {
        Err(unknown(version))
    }

    /// The bytes to store.
    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        postcard::to_extend(self, vec![Self::VERSION])
            .map_err(|error| StoreError::Failing(format!("a record can't be encoded: {error}")))
    }

    /// Reads stored bytes of this or an older version.
    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        match bytes.split_first() {
            Some((&version, rest)) if version == Self::VERSION => whole(rest),
            Some((&version, rest)) => Self::upgrade(version, rest),
            None => Err(StoreError::Damaged("a record is empty".to_owned())),
        }
    }
}

/// Reads bytes that hold one value and nothing else.
fn whole<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok(_) => Err(StoreError::Damaged("a record has bytes left over".to_owned())),
        Err(error) => Err(StoreError::Damaged(format!("a record can't be read: {error}"))),
    }
}

fn unknown(version: u8) -> StoreError {
    StoreError::Damaged(format!("a record of version {version} is not known"))
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
    /// Rooms that who used it has yet to enter: they come after the account, each with a commit of its own.
    pub entering: Vec<RoomId>,
}

impl Record for InviteRecord {
    const VERSION: u8 = 2;

    fn upgrade(version: u8, bytes: &[u8]) -> Result<Self, StoreError> {
        if version != 1 {
            return Err(unknown(version));
        }
        let old: InviteRecordV1 = whole(bytes)?;
        Ok(Self {
            id: old.id,
            kind: old.kind,
            token_hash: old.token_hash,
            name: old.name,
            role: old.role,
            rooms: old.rooms,
            created_by: old.created_by,
            created_at: old.created_at,
            expires_at: old.expires_at,
            revoked: old.revoked,
            used_by: old.used_by,
            for_user: old.for_user,
            entering: Vec::new(),
        })
    }
}

/// Before schema 3: without `entering`.
#[derive(Serialize, Deserialize)]
struct InviteRecordV1 {
    id: InviteId,
    kind: InviteKind,
    token_hash: [u8; 32],
    name: String,
    role: Role,
    rooms: Vec<RoomId>,
    created_by: UserId,
    created_at: UnixMillis,
    expires_at: UnixMillis,
    revoked: bool,
    used_by: Option<UserId>,
    for_user: Option<UserId>,
}

impl std::fmt::Debug for InviteRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InviteRecord").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use mesh_protocol::chat::{ClientTag, RoomEvent, RoomEventKind};
    use mesh_protocol::room::{Access, RoomKind, Visibility};
    use mesh_protocol::time::Seq;

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn event(change: RoomEventKind) -> String {
        let tag = Some(ClientTag("t".to_owned()));
        let event =
            RoomEvent { room: RoomId(1), seq: Seq(9), at: UnixMillis(5), by: UserId(300), tag, change };
        let record = EventRecord::from_event(&event);
        let bytes = record.encode().unwrap();
        let read = EventRecord::decode(&bytes).unwrap();
        assert_eq!(read.into_event(RoomId(1), Seq(9)), event);
        hex(&bytes)
    }

    /// What is on disk today must be readable for ever: these bytes change only together with a version.
    #[test]
    fn events_have_known_bytes() {
        let text = |text: &str| text.to_owned();
        let (target, user) = (Seq(3), UserId(2));
        let kinds = [
            (
                RoomEventKind::Posted {
                    text: text("hi"),
                    reply_to: Some(target),
                    mentions: vec![user],
                    everyone: true,
                },
                "0105ac020101740002686901020101030000000000 09",
            ),
            (
                RoomEventKind::Edited { target, text: text("ho"), mentions: vec![], everyone: false },
                "0105ac0201017401 0302686f0000",
            ),
            (RoomEventKind::Deleted { target }, "0105ac02010174 0203"),
            (RoomEventKind::Reacted { target, emoji: text("x"), on: true }, "0105ac02010174 0303017801"),
            (RoomEventKind::Pinned { target, on: false }, "0105ac02010174 040300"),
            (RoomEventKind::Created { name: text("a") }, "0105ac02010174 050161"),
            (RoomEventKind::Joined { user, access: Access::Write }, "0105ac02010174 060201"),
            (RoomEventKind::Joined { user, access: Access::Read }, "0105ac02010174 060200"),
            (RoomEventKind::Left { user }, "0105ac02010174 0702"),
            (
                RoomEventKind::Changed {
                    name: None,
                    topic: Some(text("b")),
                    visibility: Some(Visibility::Invited),
                    archived: Some(true),
                },
                "0105ac02010174 0800010162 01010101",
            ),
        ];
        for (kind, bytes) in kinds {
            assert_eq!(event(kind.clone()), bytes.replace(' ', ""), "{kind:?}");
        }
    }

    #[test]
    fn people_and_rooms_have_known_bytes() {
        let room = RoomRecord {
            kind: RoomKind::Direct,
            visibility: Visibility::Open,
            name: "n".to_owned(),
            topic: String::new(),
            archived: false,
            members: vec![MemberRecord { user: UserId(7), access: Access::Read, read: Seq(4) }],
            pins: vec![Seq(2)],
            marked: Seq(6),
            readers_gone: Vec::new(),
            epoch: Seq(6),
        };
        let former = b"\x02\x01\x00\x01n\x00\x00\x01\x07\x00\x04\x01\x02\x06";
        assert_eq!(RoomRecord::decode(former).as_ref(), Ok(&room));
        let room = RoomRecord { readers_gone: vec![UserId(9)], epoch: Seq(5), ..room };
        assert_eq!(hex(&room.encode().unwrap()), "030100016e000001070004010206010905");
        assert_eq!(RoomRecord::decode(&room.encode().unwrap()), Ok(room));
        let user = UserRecord {
            id: UserId(1),
            user_name: "u".to_owned(),
            name: "U".to_owned(),
            role: Role::Owner,
            color: 3,
            removed: false,
            expires_at: None,
            password_hash: Some("h".to_owned()),
            availability: Availability::DoNotDisturb,
            status_text: "s".to_owned(),
            joined_at: UnixMillis(8),
        };
        assert_eq!(hex(&user.encode().unwrap()), "01010175015502030000010168020173 08".replace(' ', ""));
        assert_eq!(UserRecord::decode(&user.encode().unwrap()), Ok(user));
        let team = TeamRecord {
            name: "t".to_owned(),
            claimed_at: UnixMillis(9),
            setup_done: vec![SetupStep::People],
        };
        assert_eq!(hex(&team.encode().unwrap()), "01017409 0101".replace(' ', ""));
    }

    #[test]
    fn bytes_that_are_no_record_are_damage() {
        let good = TeamRecord::default().encode().unwrap();
        for bytes in [&[][..], &[0], &[99, 0], &[1], &[1, 255], &good[..good.len() - 1]] {
            assert!(matches!(TeamRecord::decode(bytes), Err(StoreError::Damaged(_))), "{bytes:?}");
        }
        let longer = [good, vec![0]].concat();
        assert!(matches!(TeamRecord::decode(&longer), Err(StoreError::Damaged(_))));
    }

    #[test]
    fn secrets_are_not_in_debug_output() {
        let session = SessionRecord {
            id: SessionId(1),
            user: UserId(2),
            token_hash: [0xab; 32],
            browser: "b".to_owned(),
            address: "192.0.2.1".to_owned(),
            created_at: UnixMillis(0),
            last_seen: UnixMillis(0),
            confirmed_at: UnixMillis(0),
        };
        assert!(!format!("{session:?}").contains("171"), "{session:?}");
    }
}
