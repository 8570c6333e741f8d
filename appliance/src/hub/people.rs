//! The users of the team, who may see whom, and what happens when a user changes.

use std::collections::{BTreeMap, BTreeSet};

use mesh_core::policy::{Action, Actor, Standing, TeamAction, authorize};
use mesh_core::presence::PresenceInput;
use mesh_core::room::{Requester, RoomCommand, RoomInput};
use mesh_protocol::control::ServerMessage;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::RoomKind;
use mesh_protocol::session::GoodbyeReason;
use mesh_protocol::team::{Account, Role, Team, User};
use mesh_protocol::time::UnixMillis;

use super::Hub;
use crate::store::record::{TeamRecord, UserRecord};
use crate::store::{PeopleReads, Store, StoreError};

/// The team and its users as the store last said.
#[derive(Debug)]
pub(super) struct People {
    team: TeamRecord,
    users: BTreeMap<UserId, UserRecord>,
}

impl People {
    pub(super) fn load(store: &Store) -> Result<Self, StoreError> {
        let team = store.read(|view| view.team())?.unwrap_or_default();
        let users = store.read(|view| view.users())?;
        Ok(Self { team, users: users.into_iter().map(|user| (user.id, user)).collect() })
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = UserId> + '_ {
        self.users.keys().copied()
    }

    /// The user as policy sees them at `now`; an unknown one counts as removed.
    pub(super) fn actor(&self, user: UserId, now: UnixMillis) -> Actor {
        match self.users.get(&user) {
            Some(record) => record.actor(now),
            None => Actor { user, role: Role::Guest, standing: Standing::Removed },
        }
    }

    pub(super) fn is_active(&self, user: UserId, now: UnixMillis) -> bool {
        self.actor(user, now).standing == Standing::Active
    }

    pub(super) fn user_name(&self, user: UserId) -> Option<&str> {
        self.users.get(&user).map(|record| record.user_name.as_str())
    }

    pub(super) fn view(&self, user: UserId) -> Option<User> {
        self.users.get(&user).map(UserRecord::to_user)
    }

    pub(super) fn team(&self) -> Team {
        Team { name: self.team.name.clone() }
    }

    pub(super) fn account(&self, user: UserId) -> Option<Account> {
        let record = self.users.get(&user)?;
        Some(Account {
            user: record.to_user(),
            availability: record.availability,
            status_text: record.status_text.clone(),
            setup_done: self.team.setup_done.clone(),
        })
    }
}

impl Hub {
    pub(super) fn load_presence(&mut self) {
        let chosen: Vec<PresenceInput> = self
            .people
            .users
            .values()
            .map(|record| PresenceInput::Chosen {
                user: record.id,
                availability: record.availability,
                text: record.status_text.clone(),
            })
            .collect();
        for input in chosen {
            self.presence_input(input);
        }
    }

    /// Users whom `user` may see: everybody, or for a guest those in common rooms.
    pub(super) fn visible_users(&self, user: UserId) -> BTreeSet<UserId> {
        let actor = self.people.actor(user, self.clock.wall());
        if authorize(&actor, Action::Team(TeamAction::SeeEverybody)).is_ok() {
            return self.people.ids().collect();
        }
        let mut visible: BTreeSet<UserId> = self
            .rooms
            .values()
            .map(|live| &live.machine.state().members)
            .filter(|members| members.iter().any(|member| member.user == user))
            .flat_map(|members| members.iter().map(|member| member.user))
            .collect();
        visible.insert(user);
        visible
    }

    /// Users who may see `user` and are connected.
    pub(super) fn watchers(&self, user: UserId) -> Vec<UserId> {
        let connected = self.connections.users().into_iter();
        connected.filter(|watcher| self.visible_users(*watcher).contains(&user)).collect()
    }

    /// Shows a room's members and somebody who came in to each other: a guest sees people only by rooms.
    pub(super) fn introduce(&self, room: RoomId, user: UserId) {
        let Some(live) = self.rooms.get(&room) else { return };
        let members: Vec<UserId> = live.machine.state().members.iter().map(|member| member.user).collect();
        let show = |subject: UserId, to: &[UserId]| {
            if let Some(view) = self.people.view(subject) {
                let to = || to.iter().copied();
                self.connections.send_to_users(to(), &ServerMessage::UserChanged(view));
                let presence = self.presence.view(subject);
                self.connections.send_to_users(to(), &ServerMessage::Presence(presence));
            }
        };
        show(user, &members);
        for member in &members {
            show(*member, &[user]);
        }
    }

    pub(super) fn user_changed(&mut self, user: UserId) {
        let record = match self.store.read(|view| view.user(user)) {
            Ok(Some(record)) => record,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%user, %error, "a changed user could not be read");
                return;
            }
        };
        let former = self.people.users.insert(user, record);
        if let Some(view) = self.people.view(user) {
            self.connections.send_to_users(self.watchers(user), &ServerMessage::UserChanged(view));
        }
        if let Some(account) = self.people.account(user) {
            self.connections.send_to_users([user], &ServerMessage::AccountChanged(account));
        }
        let role = |record: &UserRecord| (record.role, record.removed);
        if former.as_ref().map(role) != self.people.users.get(&user).map(role) {
            self.standing_changed(user);
        }
    }

    /// What a role decides changed: rooms may appear or vanish for the user, who starts over.
    fn standing_changed(&mut self, user: UserId) {
        let rooms: Vec<RoomId> = self.rooms.keys().copied().collect();
        for room in rooms {
            self.show_room(room);
        }
        self.leave_calls(user);
        self.devices_changed();
        for connection in self.connections.of_user(user) {
            self.dismiss(connection, GoodbyeReason::AccessChanged);
        }
    }

    pub(super) fn user_removed(&mut self, actor: &Actor, user: UserId) {
        self.user_changed(user);
        for connection in self.connections.of_user(user) {
            self.dismiss(connection, GoodbyeReason::SignedOut);
        }
        self.presence_input(PresenceInput::Removed { user });
        self.leave_rooms(actor, user);
    }

    /// Lets `user` leave all named rooms in the name of `actor`. Nobody waits for it; what fails is tried again by
    /// [`Self::leave_rooms_of_the_gone`].
    fn leave_rooms(&mut self, actor: &Actor, user: UserId) {
        let rooms: Vec<RoomId> = self
            .rooms
            .iter()
            .filter(|(_, live)| live.machine.state().kind == RoomKind::Room)
            .filter(|(_, live)| live.machine.state().member(user).is_some())
            .map(|(room, _)| *room)
            .collect();
        for room in rooms {
            let requester = Requester(self.fresh_number());
            let (actor, command) = (actor.clone(), RoomCommand::Leave { user });
            self.room_input(room, RoomInput::Command { requester, actor, tag: None, known: None, command });
        }
    }

    /// Lets everybody whose access has ended leave their rooms, which have places for four only. The box does it in
    /// their name, because nobody else did it.
    pub(super) fn leave_rooms_of_the_gone(&mut self) {
        let now = self.clock.wall();
        let people = self.people.ids().map(|user| self.people.actor(user, now));
        let gone: Vec<Actor> = people.filter(|actor| actor.standing != Standing::Active).collect();
        for actor in gone {
            let user = actor.user;
            self.leave_rooms(&Actor { standing: Standing::Active, ..actor }, user);
        }
    }

    pub(super) fn team_changed(&mut self) {
        match self.store.read(|view| view.team()) {
            Ok(team) => self.people.team = team.unwrap_or_default(),
            Err(error) => {
                tracing::error!(%error, "the changed team could not be read");
                return;
            }
        }
        let users = self.connections.users();
        self.connections.send_to_users(users, &ServerMessage::TeamChanged(self.people.team()));
    }

    /// Closes the WebSockets of guests whose access ended.
    pub(super) fn end_expired_guests(&mut self) {
        let now = self.clock.wall();
        for user in self.connections.users() {
            if self.people.actor(user, now).standing == Standing::Expired {
                for connection in self.connections.of_user(user) {
                    self.dismiss(connection, GoodbyeReason::SignedOut);
                }
            }
        }
    }
}
