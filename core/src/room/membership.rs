//! Who is in a room: which comings and goings are accepted, and what they do to the room's state.

use mesh_protocol::chat::{RoomEvent, RoomEventKind};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::UserId;
use mesh_protocol::limit;
use mesh_protocol::room::{Access, Member, RoomKind, Visibility};

use super::{Room, RoomState, history};
use crate::name;
use crate::policy::{Actor, RoomAction, RoomFacts};

impl RoomState {
    /// A member of the room.
    pub fn member(&self, user: UserId) -> Option<&Member> {
        self.members.iter().find(|member| member.user == user)
    }

    /// Whether `user` may only read here, or could when they left.
    fn is_reader(&self, user: UserId) -> bool {
        self.member(user).map_or(self.readers_gone.contains(&user), |member| member.access == Access::Read)
    }

    /// The facts that policy needs, seen from `user`.
    pub fn facts(&self, user: UserId) -> RoomFacts {
        RoomFacts {
            kind: self.kind,
            visibility: self.visibility,
            archived: self.archived,
            access: self.member(user).map(|member| member.access),
            is_author: false,
            is_self: false,
        }
    }

    /// How many members the room can have.
    pub fn capacity(&self) -> usize {
        match self.kind {
            RoomKind::Room => limit::ROOM_MEMBERS,
            RoomKind::Direct => limit::DIRECT_MEMBERS,
        }
    }

    /// Lets an event change members and settings. The store does the same to its record, so what a restarted
    /// box reads is what this one has. Chat events only move the position and the author's read mark.
    pub fn apply(&mut self, event: &RoomEvent) {
        self.last_seq = event.seq;
        self.last_at = event.at;
        if history::is_notice(event) {
            self.epoch = event.seq;
        }
        match &event.change {
            RoomEventKind::Posted { .. } => {
                if let Some(member) = self.members.iter_mut().find(|member| member.user == event.by) {
                    member.read = event.seq;
                }
            }
            RoomEventKind::Created { name } => self.name.clone_from(name),
            RoomEventKind::Joined { user, access } => {
                self.readers_gone.retain(|gone| gone != user);
                match self.members.iter_mut().find(|member| member.user == *user) {
                    Some(member) => member.access = *access,
                    // Who comes in has nothing unread: what was said before was not said to them.
                    None => self.members.push(Member { user: *user, access: *access, read: event.seq }),
                }
            }
            RoomEventKind::Left { user } => {
                if self.is_reader(*user) && !self.readers_gone.contains(user) {
                    self.readers_gone.push(*user);
                }
                self.members.retain(|member| member.user != *user);
            }
            RoomEventKind::Changed { name, topic, visibility, archived } => {
                if let Some(name) = name {
                    self.name.clone_from(name);
                }
                if let Some(topic) = topic {
                    self.topic.clone_from(topic);
                }
                self.visibility = visibility.unwrap_or(self.visibility);
                self.archived = archived.unwrap_or(self.archived);
            }
            RoomEventKind::Edited { .. }
            | RoomEventKind::Deleted { .. }
            | RoomEventKind::Reacted { .. }
            | RoomEventKind::Pinned { .. } => {}
        }
    }
}

impl Room {
    pub(super) fn decide_join(
        &self,
        actor: &Actor,
        user: UserId,
        access: Access,
    ) -> Result<RoomEventKind, ErrorCode> {
        let is_member = self.state.member(user).is_some();
        let is_self = user == actor.user;
        let comes_in = is_self && !is_member;
        let action = if comes_in { RoomAction::Join } else { RoomAction::AddMember };
        self.permit(actor, action, |facts| RoomFacts { is_self, ..facts })?;
        if self.expected_members(user) >= self.state.capacity() {
            return Err(ErrorCode::RoomFull);
        }
        // Who comes in by themselves takes no more than they were given, now or before they left.
        let expected = self.pending.after(&self.state);
        let is_reader = expected.as_ref().unwrap_or(&self.state).is_reader(user);
        let access = if comes_in && is_reader { Access::Read } else { access };
        Ok(RoomEventKind::Joined { user, access })
    }

    /// Members once everything pending is on disk, `except` not counted. Pending departures still count:
    /// they may fail.
    fn expected_members(&self, except: UserId) -> usize {
        let mut users: Vec<UserId> = self.state.members.iter().map(|member| member.user).collect();
        for user in self.pending.joining() {
            if !users.contains(&user) {
                users.push(user);
            }
        }
        users.iter().filter(|user| **user != except).count()
    }

    pub(super) fn decide_leave(&self, actor: &Actor, user: UserId) -> Result<RoomEventKind, ErrorCode> {
        let is_self = user == actor.user;
        let action = if is_self { RoomAction::Leave } else { RoomAction::RemoveMember };
        self.permit(actor, action, |facts| RoomFacts { is_self, ..facts })?;
        let is_member = |state: &RoomState| state.member(user).is_some();
        if !is_member(&self.state) || self.pending.after(&self.state).is_some_and(|state| !is_member(&state))
        {
            return Err(ErrorCode::NotFound);
        }
        Ok(RoomEventKind::Left { user })
    }

    pub(super) fn decide_change(
        &self,
        actor: &Actor,
        name: Option<String>,
        topic: Option<String>,
        visibility: Option<Visibility>,
        archived: Option<bool>,
    ) -> Result<RoomEventKind, ErrorCode> {
        let is_setting = name.is_some() || topic.is_some() || visibility.is_some();
        if archived.is_some() {
            self.permit(actor, RoomAction::Archive, |facts| facts)?;
        }
        if is_setting {
            self.permit(actor, RoomAction::Change, |facts| facts)?;
        }
        if !is_setting && archived.is_none() {
            return Err(ErrorCode::FieldInvalid);
        }
        let name = name.map(|name| name::check_name(&name)).transpose();
        let topic = topic.map(|topic| name::check_topic(&topic)).transpose();
        match (name, topic) {
            (Ok(name), Ok(topic)) => Ok(RoomEventKind::Changed { name, topic, visibility, archived }),
            _ => Err(ErrorCode::FieldInvalid),
        }
    }
}
