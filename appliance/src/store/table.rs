//! All tables of the database: this file is the schema. Values are records (`record.rs`) unless said otherwise.
//!
//! Keys are plain numbers and text, big enough to stay: identities as `u64`, positions as `u64`.

use redb::TableDefinition;

/// Bytes of an encoded record.
pub(super) type Bytes = &'static [u8];

/// Facts about the database and the team: see the `META_*` keys.
pub(super) const META: TableDefinition<'static, &'static str, Bytes> = TableDefinition::new("meta");
/// Schema version, four bytes little endian.
pub(super) const META_SCHEMA: &str = "schema";
/// The team's record; absent until the box is claimed.
pub(super) const META_TEAM: &str = "team";

/// The epoch of the team's devices, eight bytes little endian; absent before the first one went.
pub(super) const META_DEVICE_EPOCH: &str = "device_epoch";
/// How often the box has started, eight bytes little endian.
pub(super) const META_BOOTS: &str = "boots";

/// Users by identity.
pub(super) const USERS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("users");
/// Folded user name to identity, removed users included: a name is never given twice.
pub(super) const USER_NAMES: TableDefinition<'static, &'static str, u64> = TableDefinition::new("user_names");

/// Sessions by identity.
pub(super) const SESSIONS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("sessions");
/// SHA-256 of the cookie's secret to the session.
pub(super) const SESSION_TOKENS: TableDefinition<'static, &'static [u8; 32], u64> =
    TableDefinition::new("session_tokens");

/// Devices by identity.
pub(super) const DEVICES: TableDefinition<'static, u64, Bytes> = TableDefinition::new("devices");

/// Invites and reset links by identity.
pub(super) const INVITES: TableDefinition<'static, u64, Bytes> = TableDefinition::new("invites");
/// SHA-256 of the link's secret to the invite.
pub(super) const INVITE_TOKENS: TableDefinition<'static, &'static [u8; 32], u64> =
    TableDefinition::new("invite_tokens");

/// Rooms by identity: settings, members, pins.
pub(super) const ROOMS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("rooms");
/// (room, seq) to what happened there. A chat message writes here and nowhere else: the row of its posted event
/// is also the message as it stands, the rows of its edits hold the later texts, and the client tag is in it.
pub(super) const LOG: TableDefinition<'static, (u64, u64), Bytes> = TableDefinition::new("log");
