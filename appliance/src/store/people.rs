//! The team, users, sessions and invites in the store.

use mesh_core::fold::fold;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{InviteId, RoomId, SessionId, UserId};
use mesh_protocol::presence::Availability;
use redb::ReadableTable;

use super::record::{InviteRecord, Record, SessionRecord, TeamRecord, UserRecord};
use super::table::{INVITE_TOKENS, INVITES, META, META_TEAM, SESSION_TOKENS, SESSIONS, USER_NAMES, USERS};
use super::{Change, StoreError, Tables};

/// Reading people; what snapshots and running changes have in common.
pub trait PeopleReads: Tables {
    /// The team; `None` until the box is claimed.
    ///
    /// # Errors
    /// Trouble with the disk, as for all reads.
    fn team(&self) -> Result<Option<TeamRecord>, StoreError> {
        self.table(META)?.get(META_TEAM)?.map(|value| TeamRecord::decode(value.value())).transpose()
    }

    /// A user.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn user(&self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        self.table(USERS)?.get(id.0)?.map(|value| UserRecord::decode(value.value())).transpose()
    }

    /// All users, removed ones included.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn users(&self) -> Result<Vec<UserRecord>, StoreError> {
        self.table(USERS)?.iter()?.map(|entry| UserRecord::decode(entry?.1.value())).collect()
    }

    /// A user by user name, without regard to case.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn user_by_name(&self, name: &str) -> Result<Option<UserRecord>, StoreError> {
        let id = self.table(USER_NAMES)?.get(fold(name).as_str())?.map(|value| value.value());
        id.map_or(Ok(None), |id| self.user(UserId(id)))
    }

    /// A session by the hash of its cookie's secret.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn session_by_hash(&self, hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError> {
        let id = self.table(SESSION_TOKENS)?.get(hash)?.map(|value| value.value());
        id.map_or(Ok(None), |id| self.session(SessionId(id)))
    }

    /// A session.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn session(&self, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        self.table(SESSIONS)?.get(id.0)?.map(|value| SessionRecord::decode(value.value())).transpose()
    }

    /// All sessions; a team has few.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn sessions(&self) -> Result<Vec<SessionRecord>, StoreError> {
        self.table(SESSIONS)?.iter()?.map(|entry| SessionRecord::decode(entry?.1.value())).collect()
    }

    /// The sessions of a user.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRecord>, StoreError> {
        Ok(self.sessions()?.into_iter().filter(|session| session.user == user).collect())
    }

    /// An invite by the hash of its link's secret.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn invite_by_hash(&self, hash: &[u8; 32]) -> Result<Option<InviteRecord>, StoreError> {
        let id = self.table(INVITE_TOKENS)?.get(hash)?.map(|value| value.value());
        id.map_or(Ok(None), |id| self.invite(InviteId(id)))
    }

    /// An invite.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn invite(&self, id: InviteId) -> Result<Option<InviteRecord>, StoreError> {
        self.table(INVITES)?.get(id.0)?.map(|value| InviteRecord::decode(value.value())).transpose()
    }

    /// All invites that have not been cleaned away.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn invites(&self) -> Result<Vec<InviteRecord>, StoreError> {
        self.table(INVITES)?.iter()?.map(|entry| InviteRecord::decode(entry?.1.value())).collect()
    }
}

impl<T: Tables> PeopleReads for T {}

impl Change<'_> {
    /// Writes the team's record.
    ///
    /// # Errors
    /// Trouble with the disk, as for all writes.
    pub fn put_team(&mut self, team: &TeamRecord) -> Result<(), StoreError> {
        let bytes = team.encode()?;
        self.write(META)?.insert(META_TEAM, bytes.as_slice())?;
        Ok(())
    }

    /// Writes a user. The user name of a new one must be free.
    ///
    /// # Errors
    /// [`ErrorCode::UserNameTaken`] when it is somebody else's.
    pub fn put_user(&mut self, user: &UserRecord) -> Result<(), StoreError> {
        let name = fold(&user.user_name);
        let holder = self.table(USER_NAMES)?.get(name.as_str())?.map(|value| value.value());
        if holder.is_some_and(|holder| holder != user.id.0) {
            return Err(StoreError::Refused(ErrorCode::UserNameTaken));
        }
        let rights = |user: &UserRecord| (user.role, user.removed, user.expires_at);
        if self.user(user.id)?.is_some_and(|former| rights(&former) != rights(user)) {
            self.raise_device_epoch()?;
        }
        let bytes = user.encode()?;
        self.write(USERS)?.insert(user.id.0, bytes.as_slice())?;
        if holder.is_none() {
            self.write(USER_NAMES)?.insert(name.as_str(), user.id.0)?;
        }
        Ok(())
    }

    /// Changes a user's chosen presence.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for an unknown user.
    pub fn set_presence(
        &mut self,
        user: UserId,
        availability: Availability,
        text: &str,
    ) -> Result<(), StoreError> {
        let record = self.user(user)?.filter(|record| !record.removed);
        let mut record = record.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
        record.availability = availability;
        text.clone_into(&mut record.status_text);
        self.put_user(&record)
    }

    /// Who came with an invite is in one of its rooms, or won't be.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn entered(&mut self, user: UserId, room: RoomId) -> Result<(), StoreError> {
        let invites = self.invites()?;
        let is_theirs =
            |invite: &InviteRecord| invite.used_by == Some(user) && invite.entering.contains(&room);
        for mut invite in invites.into_iter().filter(is_theirs) {
            invite.entering.retain(|one| *one != room);
            self.put_invite(&invite)?;
        }
        Ok(())
    }

    /// Writes a session.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn put_session(&mut self, session: &SessionRecord) -> Result<(), StoreError> {
        let former = self.session(session.id)?.filter(|former| former.token_hash != session.token_hash);
        if let Some(former) = former {
            self.write(SESSION_TOKENS)?.remove(&former.token_hash)?;
        }
        let bytes = session.encode()?;
        self.write(SESSIONS)?.insert(session.id.0, bytes.as_slice())?;
        self.write(SESSION_TOKENS)?.insert(&session.token_hash, session.id.0)?;
        Ok(())
    }

    /// Ends a session; does nothing for one that is gone.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn delete_session(&mut self, id: SessionId) -> Result<(), StoreError> {
        if let Some(session) = self.session(id)? {
            self.delete_device_of(id)?;
            self.write(SESSIONS)?.remove(id.0)?;
            self.write(SESSION_TOKENS)?.remove(&session.token_hash)?;
        }
        Ok(())
    }

    /// Ends the sessions of a user that `ends` picks, and tells which they were.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn delete_sessions(
        &mut self,
        user: UserId,
        ends: impl Fn(&SessionRecord) -> bool,
    ) -> Result<Vec<SessionId>, StoreError> {
        let ended: Vec<SessionId> = self
            .sessions_of(user)?
            .iter()
            .filter(|session| ends(session))
            .map(|session| session.id)
            .collect();
        for id in &ended {
            self.delete_session(*id)?;
        }
        Ok(ended)
    }

    /// Writes an invite.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn put_invite(&mut self, invite: &InviteRecord) -> Result<(), StoreError> {
        let former = self.invite(invite.id)?.filter(|former| former.token_hash != invite.token_hash);
        if let Some(former) = former {
            self.write(INVITE_TOKENS)?.remove(&former.token_hash)?;
        }
        let bytes = invite.encode()?;
        self.write(INVITES)?.insert(invite.id.0, bytes.as_slice())?;
        self.write(INVITE_TOKENS)?.insert(&invite.token_hash, invite.id.0)?;
        Ok(())
    }

    /// Forgets an invite.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn delete_invite(&mut self, id: InviteId) -> Result<(), StoreError> {
        if let Some(invite) = self.invite(id)? {
            self.write(INVITES)?.remove(id.0)?;
            self.write(INVITE_TOKENS)?.remove(&invite.token_hash)?;
        }
        Ok(())
    }
}
