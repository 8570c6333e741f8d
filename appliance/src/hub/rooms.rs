//! Rooms for REST: load, make, change, delete. A change is on disk before anybody hears of it.

use std::collections::BTreeSet;

use mesh_core::name;
use mesh_core::policy::{Action, Actor, RoomAction, TeamAction, authorize};
use mesh_core::room::{Requester, Room, RoomCommand, RoomInput, RoomState};
use mesh_protocol::chat::{RoomEvent, RoomEventKind};
use mesh_protocol::control::{RoomRemoved, ServerMessage};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::limit;
use mesh_protocol::room::{Access, RoomCreate, RoomKind, Visibility};
use mesh_protocol::time::Seq;

use super::event::{Event, Reply};
use super::{Hub, LiveRoom};
use crate::secret;
use crate::store::{RoomReads, StoreError};

impl Hub {
    /// Builds every room's machine from the store.
    pub(super) fn load_rooms(&mut self) -> Result<(), StoreError> {
        let rooms = self.store.read(|view| view.rooms())?;
        for state in rooms {
            let oldest_read = state.members.iter().map(|member| member.read).min().unwrap_or(state.last_seq);
            let marks =
                self.store.read(|view| view.post_marks(state.id, oldest_read, limit::UNREAD_WINDOW))?;
            self.insert_room(Room::open(state, marks));
        }
        Ok(())
    }

    /// The store has the box's owner and first room.
    pub(super) fn claimed(&mut self, room: RoomId, owner: UserId) {
        self.team_changed();
        self.user_changed(owner);
        match self.store.read(|view| view.room(room)) {
            Ok(Some(state)) => self.insert_room(Room::open(state, Vec::new())),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "the first room could not be read"),
        }
    }

    fn insert_room(&mut self, machine: Room) {
        let id = machine.state().id;
        self.rooms.insert(id, LiveRoom { machine, shown_to: BTreeSet::new() });
        self.show_room(id);
    }

    pub(super) fn room_command(
        &mut self,
        actor: Actor,
        room: RoomId,
        command: RoomCommand,
        reply: Reply<Seq>,
    ) {
        let checked = self.check_command(room, &command);
        if let Err(code) = checked {
            let _ = reply.send(Err(code));
            return;
        }
        let requester = Requester(self.fresh_number());
        self.waiting.insert(requester, reply);
        self.room_input(room, RoomInput::Command { requester, actor, tag: None, known: None, command });
    }

    /// What a single room can't know: whether it exists, who exists, and which names are taken.
    fn check_command(&self, room: RoomId, command: &RoomCommand) -> Result<(), ErrorCode> {
        if !self.rooms.contains_key(&room) {
            return Err(ErrorCode::NotFound);
        }
        match command {
            RoomCommand::Join { user, .. } if !self.people.is_active(*user, self.clock.wall()) => {
                Err(ErrorCode::NotFound)
            }
            RoomCommand::Change { name: Some(name), .. } if self.is_name_taken(name, Some(room)) => {
                Err(ErrorCode::RoomNameTaken)
            }
            _ => Ok(()),
        }
    }

    fn is_name_taken(&self, wanted: &str, except: Option<RoomId>) -> bool {
        let wanted = mesh_core::fold::fold(wanted);
        self.rooms.iter().any(|(id, live)| {
            let state = live.machine.state();
            Some(*id) != except
                && state.kind == RoomKind::Room
                && mesh_core::fold::fold(&state.name) == wanted
        })
    }

    pub(super) fn create_room(&mut self, actor: &Actor, room: RoomCreate, reply: Reply<RoomId>) {
        match self.new_room(actor, room) {
            Ok((state, members)) => self.store_room(state, actor.user, members, reply),
            Err(code) => {
                let _ = reply.send(Err(code));
            }
        }
    }

    fn new_room(&self, actor: &Actor, room: RoomCreate) -> Result<(RoomState, Vec<UserId>), ErrorCode> {
        authorize(actor, Action::Team(TeamAction::CreateRoom)).map_err(|denied| denied.code())?;
        let wanted = name::check_name(&room.name).map_err(|_| ErrorCode::FieldInvalid)?;
        let topic = name::check_topic(&room.topic).map_err(|_| ErrorCode::FieldInvalid)?;
        if self.rooms.len() >= limit::ROOMS {
            return Err(ErrorCode::LimitReached);
        }
        if self.is_name_taken(&wanted, None) {
            return Err(ErrorCode::RoomNameTaken);
        }
        let mut members = vec![actor.user];
        for user in room.members {
            if !self.people.is_active(user, self.clock.wall()) {
                return Err(ErrorCode::NotFound);
            }
            if !members.contains(&user) {
                members.push(user);
            }
        }
        if members.len() > limit::ROOM_MEMBERS {
            return Err(ErrorCode::RoomFull);
        }
        let mut state = self.empty_room(RoomKind::Room, room.visibility)?;
        state.name = wanted;
        state.topic = topic;
        Ok((state, members))
    }

    fn empty_room(&self, kind: RoomKind, visibility: Visibility) -> Result<RoomState, ErrorCode> {
        Ok(RoomState {
            id: RoomId(secret::random_id().map_err(|_| ErrorCode::Internal)?),
            kind,
            visibility,
            name: String::new(),
            topic: String::new(),
            archived: false,
            members: Vec::new(),
            readers_gone: Vec::new(),
            epoch: Seq::ZERO,
            last_seq: Seq::ZERO,
            last_at: self.clock.wall(),
        })
    }

    pub(super) fn open_direct(&mut self, actor: &Actor, user: UserId, reply: Reply<RoomId>) {
        let both = [actor.user, user];
        let existing = self.rooms.iter().find(|(_, live)| is_direct_of(live.machine.state(), &both));
        if let Some((room, _)) = existing {
            let _ = reply.send(Ok(*room));
            return;
        }
        match self.new_direct(actor, user) {
            Ok(state) => self.store_room(state, actor.user, both.to_vec(), reply),
            Err(code) => {
                let _ = reply.send(Err(code));
            }
        }
    }

    fn new_direct(&self, actor: &Actor, user: UserId) -> Result<RoomState, ErrorCode> {
        let visible = self.visible_users(actor.user).contains(&user);
        if user == actor.user || !visible || !self.people.is_active(user, self.clock.wall()) {
            return Err(ErrorCode::NotFound);
        }
        authorize(actor, Action::Team(TeamAction::OpenDirect)).map_err(|denied| denied.code())?;
        if self.rooms.len() >= limit::ROOMS {
            return Err(ErrorCode::LimitReached);
        }
        self.empty_room(RoomKind::Direct, Visibility::Invited)
    }

    /// Writes a new room with its first events in one transaction.
    fn store_room(&self, state: RoomState, by: UserId, members: Vec<UserId>, reply: Reply<RoomId>) {
        let at = self.clock.wall();
        let room = state.id;
        let created = RoomEventKind::Created { name: state.name.clone() };
        let joined = members.iter().map(|user| RoomEventKind::Joined { user: *user, access: Access::Write });
        let changes: Vec<RoomEventKind> = std::iter::once(created).chain(joined).collect();
        let record_state = state.clone();
        let events = self.events.clone();
        self.store.submit(
            move |change| {
                // Both may open their direct messages at once: the second finds those of the first.
                if record_state.kind == RoomKind::Direct {
                    let found = change.rooms()?.into_iter().find(|room| is_direct_of(room, &members));
                    if let Some(found) = found {
                        return Ok(found);
                    }
                }
                change.create_room(&record_state)?;
                let mut seq = Seq::ZERO;
                for kind in changes {
                    seq = seq.next();
                    change.append_event(&RoomEvent { room, seq, at, by, tag: None, change: kind })?;
                }
                change.room(room)?.ok_or(StoreError::Closed)
            },
            move |result| {
                let (state, result) = match result {
                    Ok(stored) => (stored, Ok(())),
                    Err(error) => (state, Err(error.code())),
                };
                let _ = events.blocking_send(Event::RoomStored { state: Box::new(state), result, reply });
            },
        );
    }

    pub(super) fn room_stored(
        &mut self,
        state: RoomState,
        result: Result<(), ErrorCode>,
        reply: Reply<RoomId>,
    ) {
        let id = state.id;
        if result.is_ok() && !self.rooms.contains_key(&id) {
            let members: Vec<UserId> = state.members.iter().map(|member| member.user).collect();
            self.insert_room(Room::open(state, Vec::new()));
            for user in members {
                self.introduce(id, user);
            }
        }
        let _ = reply.send(result.map(|()| id));
    }

    pub(super) fn delete_room(&mut self, actor: &Actor, room: RoomId, reply: Reply<()>) {
        let allowed = match self.rooms.get(&room) {
            Some(live) => {
                let facts = live.machine.facts(actor.user);
                authorize(actor, Action::Room(RoomAction::DeleteRoom, facts)).map_err(|denied| denied.code())
            }
            None => Err(ErrorCode::NotFound),
        };
        if let Err(code) = allowed {
            let _ = reply.send(Err(code));
            return;
        }
        let events = self.events.clone();
        self.store.submit(
            move |change| change.delete_room(room),
            move |result| {
                let result = result.map_err(|error| error.code());
                let _ = events.blocking_send(Event::RoomDeleted { room, result, reply });
            },
        );
    }

    pub(super) fn room_deleted(&mut self, room: RoomId, result: Result<(), ErrorCode>, reply: Reply<()>) {
        if result.is_ok() {
            // What was sent since the deletion was asked for finds no room on disk, and its answer no machine here.
            self.room_input(room, RoomInput::Deleted);
        }
        if result.is_ok()
            && let Some(live) = self.rooms.remove(&room)
        {
            self.recheck_call(room);
            let gone = ServerMessage::RoomRemoved(RoomRemoved { room });
            self.connections.send_to_users(live.shown_to, &gone);
        }
        let _ = reply.send(result);
    }
}

/// Whether a room is the direct messages of exactly these users.
fn is_direct_of(room: &RoomState, users: &[UserId]) -> bool {
    room.kind == RoomKind::Direct
        && room.members.len() == users.len()
        && users.iter().all(|user| room.member(*user).is_some())
        && room.members.iter().all(|member| users.contains(&member.user))
}
