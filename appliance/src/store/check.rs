//! Examines a store's file without changing it: redb's checksums, then what the store itself promises.

use std::path::Path;

use mesh_core::room::history as reducer;
use mesh_protocol::id::RoomId;
use mesh_protocol::time::Seq;
use redb::{ReadableDatabase, ReadableTable, ReadableTableMetadata};

use super::disk::{self, Mode, Place};
use super::error::{OpenError, StoreError};
use super::log::LogRows;
use super::open::known_schema;
use super::record::{ChangeRecord, EventRecord, Record, RoomRecord};
use super::table::{INVITE_TOKENS, INVITES, LOG, ROOMS, SESSION_TOKENS, SESSIONS, USER_NAMES, USERS};
use super::tag::TagIndex;
use super::{DeviceReads, PeopleReads, RoomReads, Tables, View};

/// Findings that are reported; more add nothing.
const MOST_FINDINGS: usize = 5;

/// What a store holds that was found whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// The file's schema.
    pub schema: u32,
    /// Users, removed ones included.
    pub users: u64,
    /// Rooms.
    pub rooms: u64,
    /// Room events.
    pub events: u64,
}

/// Examines the store in the file `path`, which no process may have open. Of a file with an older schema only
/// the pages are examined.
///
/// # Errors
/// When it can't be opened, or something in it is not as the store writes it.
pub fn check(path: &Path) -> Result<CheckReport, OpenError> {
    let place = Place::File(path.to_owned());
    let database = disk::open(&place, Mode::Examined, 8 << 20)?;
    let schema = known_schema(&database)?;
    if schema != super::migrate::CURRENT {
        return Ok(CheckReport { schema, ..CheckReport::default() });
    }
    let transaction = database.begin_read().map_err(StoreError::from)?;
    let tags = TagIndex::default();
    let report = examine(&View::new(&transaction, &tags))?;
    Ok(CheckReport { schema, ..report })
}

/// Holds everything that can be read against what the store promises.
pub(super) fn examine(view: &View<'_>) -> Result<CheckReport, OpenError> {
    let mut report = CheckReport::default();
    let mut findings = Vec::new();
    people(view, &mut report, &mut findings)?;
    for (id, record) in records(view)? {
        report.rooms += 1;
        report.events += room(view, id, &record, &mut findings)?;
        if findings.len() >= MOST_FINDINGS {
            break;
        }
    }
    if findings.is_empty() { Ok(report) } else { Err(OpenError::Damaged(findings.join("; "))) }
}

fn records(view: &View<'_>) -> Result<Vec<(RoomId, RoomRecord)>, StoreError> {
    let rooms = view.table(ROOMS)?;
    let records = rooms.iter()?.map(|row| {
        let (id, bytes) = row?;
        Ok((RoomId(id.value()), RoomRecord::decode(bytes.value())?))
    });
    records.collect()
}

/// Every user, session and invite is found by its name or secret, and by nothing else.
fn people(view: &View<'_>, report: &mut CheckReport, findings: &mut Vec<String>) -> Result<(), StoreError> {
    let users = view.users()?;
    report.users = users.len() as u64;
    for user in &users {
        if view.user_by_name(&user.user_name)?.is_none_or(|found| found.id != user.id) {
            findings.push(format!("user {} is not found by name", user.id));
        }
    }
    let sessions = view.sessions()?;
    for session in &sessions {
        if view.session_by_hash(&session.token_hash)?.is_none_or(|found| found.id != session.id) {
            findings.push(format!("session {} is not found by its secret", session.id));
        }
    }
    for device in view.devices()? {
        if view.session(device.session)?.is_none_or(|session| session.user != device.user) {
            findings.push(format!("device {} has no session", device.id));
        }
    }
    let invites = view.invites()?;
    for invite in &invites {
        if view.invite_by_hash(&invite.token_hash)?.is_none_or(|found| found.id != invite.id) {
            findings.push(format!("invite {} is not found by its secret", invite.id));
        }
    }
    let lengths = [
        ("users", view.table(USERS)?.len()?, view.table(USER_NAMES)?.len()?),
        ("sessions", view.table(SESSIONS)?.len()?, view.table(SESSION_TOKENS)?.len()?),
        ("invites", view.table(INVITES)?.len()?, view.table(INVITE_TOKENS)?.len()?),
    ];
    for (what, things, names) in lengths {
        if things != names {
            findings.push(format!("{things} {what} have {names} names"));
        }
    }
    Ok(())
}

/// Positions are dense, times rise, members are within their limit, and everything that points at a chat
/// message meets one. Returns how many events there are.
fn room(
    view: &View<'_>,
    id: RoomId,
    record: &RoomRecord,
    findings: &mut Vec<String>,
) -> Result<u64, StoreError> {
    let log = view.table(LOG)?;
    let mut last = (Seq::ZERO, mesh_protocol::time::UnixMillis(0));
    let mut pinned = Vec::new();
    for row in log.rows(id, Seq::ZERO, Seq(u64::MAX))? {
        let (seq, row) = row?;
        if seq != last.0.next() {
            findings.push(format!("room {id}: event {} follows {}", seq.0, last.0.0));
        }
        if row.at < last.1 {
            findings.push(format!("room {id}: event {} is older than the one before", seq.0));
        }
        last = (seq, row.at);
        if let ChangeRecord::Posted(post) = &row.change {
            pinned.extend(post.pinned.then_some(seq));
            if let Some(edit) = post.edits.iter().find(|edit| !is_edit(&log, id, **edit, seq)) {
                findings.push(format!("room {id}: message {} has no edit {}", seq.0, edit.0));
            }
        }
        let target = reducer::target(&row.into_event(id, seq));
        if let Some(target) = target
            && log.message_at(id, target)?.is_none_or(|message| message.rev < seq)
        {
            findings.push(format!("room {id}: event {} did not reach message {}", seq.0, target.0));
        }
    }
    let mut pins = record.pins.clone();
    pins.sort_unstable();
    if pins != pinned {
        findings.push(format!("room {id}: pins {pins:?}, pinned messages {pinned:?}"));
    }
    if record.members.iter().any(|member| member.read > last.0) || record.marked > last.0 {
        findings.push(format!("room {id}: a read mark is after the last event"));
    }
    if view.room(id)?.is_none_or(|state| state.members.len() > state.capacity()) {
        findings.push(format!("room {id}: too many members"));
    }
    Ok(last.0.0)
}

fn is_edit(log: &impl LogRows, room: RoomId, edit: Seq, target: Seq) -> bool {
    let row = log.row(room, edit).ok().flatten();
    matches!(row, Some(EventRecord { change: ChangeRecord::Edited { target: of, .. }, .. }) if of == target)
}
