//! What a WebSocket asks the hub: opening, messages, closing.
//!
//! Each message is turned into one input of one machine, or one permitted read that the session then does by
//! itself. Whether the user may is decided by `mesh_core::policy`, here for reads and in the room's machine
//! for changes.

use mesh_core::name;
use mesh_core::policy::{Action, Actor, RoomAction, TeamAction, authorize};
use mesh_core::presence::PresenceInput;
use mesh_core::room::mention;
use mesh_core::room::{PostMark, Requester, RoomCommand, RoomInput, Target};
use mesh_protocol::chat::{ChatMessage, ChatUnread, ClientTag};
use mesh_protocol::control::{ChatRefused, ClientMessage, Ping, Pong, RequestRefused, ServerMessage};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{RoomId, SessionId, UserId};
use mesh_protocol::presence::PresenceSet;
use mesh_protocol::session::{GoodbyeReason, Welcome};
use mesh_protocol::time::Seq;
use mesh_protocol::{limit, version};

use super::Hub;
use super::event::{ConnectionId, Event, Reply};
use super::outbox::{Outbox, Outgoing};
use super::read::ReadRequest;
use crate::store::{PeopleReads, RoomReads, StoreError};

impl Hub {
    pub(super) fn opened(
        &mut self,
        session: SessionId,
        user: UserId,
        outbox: Outbox,
        reply: Reply<(ConnectionId, Box<Welcome>)>,
    ) {
        let actor = self.people.actor(user, self.clock.wall());
        if let Err(denied) = authorize(&actor, Action::Team(TeamAction::SeeTeam)) {
            let _ = reply.send(Err(denied.code()));
            return;
        }
        // It may have ended while the WebSocket was on its way here.
        match self.store.read(|view| view.session(session)) {
            Ok(Some(_)) => {}
            Ok(None) => {
                let _ = reply.send(Err(ErrorCode::SignedOut));
                return;
            }
            Err(error) => {
                let _ = reply.send(Err(error.code()));
                return;
            }
        }
        let id = ConnectionId(self.fresh_number());
        self.connections.insert(id, session, user, outbox);
        self.presence_input(PresenceInput::Connected { user, session: id.0 });
        let answer = self.welcome(session, user).ok_or(ErrorCode::SignedOut);
        if reply.send(answer.map(|welcome| (id, Box::new(welcome)))).is_err() {
            // The WebSocket went away while it was being opened.
            self.closed(id);
        }
    }

    fn welcome(&self, session: SessionId, user: UserId) -> Option<Welcome> {
        let now = self.clock.wall();
        let actor = self.people.actor(user, now);
        let visible = self.visible_users(user);
        Some(Welcome {
            protocol: version::CURRENT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            session,
            now,
            account: self.people.account(user)?,
            team: self.people.team(),
            users: visible.iter().filter_map(|id| self.people.view(*id)).collect(),
            rooms: self
                .rooms
                .values()
                .filter(|live| {
                    let facts = live.machine.facts(user);
                    authorize(&actor, Action::Room(RoomAction::See, facts)).is_ok()
                })
                .map(|live| live.machine.view(user))
                .collect(),
            presence: visible.iter().map(|id| self.presence.view(*id)).collect(),
            device: self.devices.of_session(session),
            devices: self.devices_for(user),
            issuer: self.signing.view.clone(),
            calls: self.calls_for(user),
            storage: self.storage,
        })
    }

    pub(super) fn closed(&mut self, connection: ConnectionId) {
        if let Some(user) = self.connections.remove(connection) {
            self.gone(connection, user);
        }
    }

    /// Ends a connection at once and treats it as closed.
    pub(super) fn dismiss(&mut self, connection: ConnectionId, reason: GoodbyeReason) {
        if let Some(user) = self.connections.dismiss(connection, reason) {
            self.gone(connection, user);
        }
    }

    fn gone(&mut self, connection: ConnectionId, user: UserId) {
        self.seat_lost(connection);
        self.presence_input(PresenceInput::Disconnected { user, session: connection.0 });
        if self.connections.of_user(user).is_empty() {
            let typing: Vec<RoomId> = self
                .rooms
                .iter()
                .filter(|(_, live)| live.machine.typists().any(|typist| typist == user))
                .map(|(room, _)| *room)
                .collect();
            for room in typing {
                self.room_input(room, RoomInput::Gone { user });
            }
        }
    }

    pub(super) fn client_message(&mut self, connection: ConnectionId, message: ClientMessage) {
        let Some(user) = self.connections.user(connection) else { return };
        let actor = self.people.actor(user, self.clock.wall());
        match message {
            ClientMessage::Hello(_) => {
                let error = ServerMessage::Error(ErrorBody::new(ErrorCode::Malformed));
                self.connections.send(connection, &error);
            }
            ClientMessage::Ping(Ping { nonce }) => {
                let pong = Pong { nonce, now: self.clock.wall() };
                self.connections.send(connection, &ServerMessage::Pong(pong));
            }
            ClientMessage::CallJoin(join) => self.call_join(connection, &actor, join.room, join.shown),
            ClientMessage::CallLeave(leave) => self.call_leave(connection, leave.room),
            ClientMessage::CallShow(show) => self.call_show(connection, show.room, show.shown),
            ClientMessage::CallReact(react) => self.call_react(connection, user, react.room, react.emoji),
            ClientMessage::Signal(signal) => self.signal(connection, signal),
            ClientMessage::Capability(request) => self.capability(connection, &actor, request),
            ClientMessage::ChatTyping(typing) => {
                self.room_input(typing.room, RoomInput::Typing { actor, on: typing.on });
            }
            ClientMessage::ChatRead(read) => {
                self.room_input(read.room, RoomInput::Read { actor, seq: read.seq });
            }
            ClientMessage::ChatUnread(unread) => {
                self.unread_from(actor, unread);
            }
            ClientMessage::PresenceSet(set) => self.set_presence(connection, &actor, set),
            ClientMessage::PresenceActivity(activity) => {
                let active = activity.active;
                self.presence_input(PresenceInput::Activity { user, session: connection.0, active });
            }
            ClientMessage::History(_)
            | ClientMessage::Pins(_)
            | ClientMessage::Revisions(_)
            | ClientMessage::Search(_) => self.read(connection, &actor, message),
            ClientMessage::ChatSend(_)
            | ClientMessage::ChatEdit(_)
            | ClientMessage::ChatDelete(_)
            | ClientMessage::ChatReact(_)
            | ClientMessage::ChatPin(_) => self.chat(connection, actor, message),
        }
    }

    pub(super) fn unread_from(&mut self, actor: Actor, unread: ChatUnread) {
        match self.unread_window(&actor, &unread) {
            Ok(window) => {
                self.room_input(unread.room, RoomInput::Unread { actor, seq: unread.seq, window });
            }
            Err(error) => tracing::warn!(%error, "a read mark could not be moved back"),
        }
    }

    /// The chat messages from `unread.seq` on. Up to [`limit::UNREAD_WINDOW`] are read here, in the hub, so they
    /// are read only when the room needs them for somebody who may move the mark.
    pub(super) fn unread_window(
        &self,
        actor: &Actor,
        unread: &ChatUnread,
    ) -> Result<Vec<PostMark>, StoreError> {
        let wants = self.rooms.get(&unread.room).is_some_and(|live| {
            let facts = live.machine.facts(actor.user);
            authorize(actor, Action::Room(RoomAction::Mark, facts)).is_ok()
                && live.machine.wants_window(actor.user, unread.seq)
        });
        if !wants {
            return Ok(Vec::new());
        }
        let after = Seq(unread.seq.0.saturating_sub(1));
        self.store.read(|view| view.post_marks(unread.room, after, limit::UNREAD_WINDOW))
    }

    fn chat(&mut self, connection: ConnectionId, actor: Actor, message: ClientMessage) {
        let (room, tag) = match &message {
            ClientMessage::ChatSend(chat) => (chat.room, chat.tag.clone()),
            ClientMessage::ChatEdit(chat) => (chat.room, chat.tag.clone()),
            ClientMessage::ChatDelete(chat) => (chat.room, chat.tag.clone()),
            ClientMessage::ChatReact(chat) => (chat.room, chat.tag.clone()),
            ClientMessage::ChatPin(chat) => (chat.room, chat.tag.clone()),
            _ => return,
        };
        let prepared = if self.rooms.contains_key(&room) {
            self.prepare(&actor, room, &tag, message)
        } else {
            Err(ErrorCode::NotFound)
        };
        match prepared {
            Ok((known, command)) => {
                let requester = Requester(connection.0);
                self.room_input(
                    room,
                    RoomInput::Command { requester, actor, tag: Some(tag), known, command },
                );
            }
            Err(code) => {
                let error = ErrorBody::new(code);
                let refused = ServerMessage::ChatRefused(ChatRefused { tag, room, error });
                self.connections.send(connection, &refused);
            }
        }
    }

    /// Looks up on disk what the room's machine needs to know about a message and its target.
    fn prepare(
        &self,
        actor: &Actor,
        room: RoomId,
        tag: &ClientTag,
        message: ClientMessage,
    ) -> Result<(Option<Seq>, RoomCommand), ErrorCode> {
        let known = self.store.read(|view| view.tag(actor.user, tag)).map_err(|error| error.code())?;
        let known = known.filter(|(in_room, _)| *in_room == room).map(|(_, seq)| seq);
        let mentions = |text: &str| mention::parse(text, &self.member_names(room));
        let command = match message {
            ClientMessage::ChatSend(chat) => {
                let mentions = mentions(&chat.text);
                RoomCommand::Send { text: chat.text, reply_to: chat.reply_to, mentions }
            }
            ClientMessage::ChatEdit(chat) => {
                let (target, _) = self.target(room, chat.target)?;
                let mentions = mentions(&chat.text);
                RoomCommand::Edit { target, text: chat.text, mentions }
            }
            ClientMessage::ChatDelete(chat) => {
                RoomCommand::Delete { target: self.target(room, chat.target)?.0 }
            }
            ClientMessage::ChatReact(chat) => {
                let (target, found) = self.target(room, chat.target)?;
                let others = found.reactions.iter().filter(|reaction| reaction.emoji != chat.emoji);
                let kinds = others.count();
                RoomCommand::React { target, emoji: chat.emoji, on: chat.on, kinds }
            }
            ClientMessage::ChatPin(chat) => {
                let (target, _) = self.target(room, chat.target)?;
                let pins = self.store.read(|view| view.pins(room)).map_err(|error| error.code())?.len();
                RoomCommand::Pin { target, on: chat.on, pins }
            }
            _ => return Err(ErrorCode::Malformed),
        };
        Ok((known, command))
    }

    fn target(&self, room: RoomId, seq: Seq) -> Result<(Target, ChatMessage), ErrorCode> {
        let found = self.store.read(|view| view.message(room, seq)).map_err(|error| error.code())?;
        let message = found.ok_or(ErrorCode::NotFound)?;
        Ok((Target { seq, by: message.by, deleted: message.deleted }, message))
    }

    fn member_names(&self, room: RoomId) -> Vec<(UserId, &str)> {
        let members = self.rooms.get(&room).map(|live| live.machine.state().members.as_slice());
        members
            .unwrap_or_default()
            .iter()
            .filter_map(|member| Some((member.user, self.people.user_name(member.user)?)))
            .collect()
    }

    fn read(&mut self, connection: ConnectionId, actor: &Actor, message: ClientMessage) {
        let (request, read) = match message {
            ClientMessage::History(ask) => {
                (ask.request, self.may_read(actor, ask.room).map(|()| ReadRequest::History(ask)))
            }
            ClientMessage::Pins(ask) => {
                (ask.request, self.may_read(actor, ask.room).map(|()| ReadRequest::Pins(ask)))
            }
            ClientMessage::Revisions(ask) => {
                (ask.request, self.may_read(actor, ask.room).map(|()| ReadRequest::Revisions(ask)))
            }
            ClientMessage::Search(request) => {
                let asked = request.room;
                let rooms = self.rooms.keys().copied();
                let rooms: Vec<RoomId> = rooms
                    .filter(|room| {
                        asked.is_none_or(|only| only == *room) && self.may_read(actor, *room).is_ok()
                    })
                    .collect();
                let found =
                    if asked.is_some() && rooms.is_empty() { Err(ErrorCode::NotFound) } else { Ok(()) };
                (request.request, found.map(|()| ReadRequest::Search { request, rooms }))
            }
            _ => return,
        };
        match read {
            Ok(read) => self.connections.put(connection, Outgoing::Read(Box::new(read))),
            Err(code) => {
                let error = ErrorBody::new(code);
                let refused = ServerMessage::RequestRefused(RequestRefused { request, error });
                self.connections.send(connection, &refused);
            }
        }
    }

    fn may_read(&self, actor: &Actor, room: RoomId) -> Result<(), ErrorCode> {
        let live = self.rooms.get(&room).ok_or(ErrorCode::NotFound)?;
        let facts = live.machine.facts(actor.user);
        authorize(actor, Action::Room(RoomAction::Read, facts)).map_err(|denied| denied.code())
    }

    /// Others hear of it once it is on disk.
    fn set_presence(&mut self, connection: ConnectionId, actor: &Actor, set: PresenceSet) {
        let text = match self.check_presence(actor, &set) {
            Ok(text) => text,
            Err(error) => return self.connections.send(connection, &ServerMessage::Error(error)),
        };
        let (user, availability) = (actor.user, set.availability);
        let set = PresenceSet { availability, text: text.clone() };
        let events = self.events.clone();
        self.store.submit(
            move |change| change.set_presence(user, availability, &text),
            move |result| {
                let result = result.map(|()| set).map_err(|error| error.code());
                let _ = events.blocking_send(Event::PresenceStored { connection, user, result });
            },
        );
    }

    fn check_presence(&self, actor: &Actor, set: &PresenceSet) -> Result<String, ErrorBody> {
        authorize(actor, Action::Team(TeamAction::ChangeOwnAccount))
            .map_err(|denied| ErrorBody::new(denied.code()))?;
        name::check_status_text(&set.text)
            .map_err(|_| ErrorBody::new(ErrorCode::FieldInvalid).with_field("text"))
    }

    pub(super) fn presence_stored(
        &mut self,
        connection: ConnectionId,
        user: UserId,
        result: Result<PresenceSet, ErrorCode>,
    ) {
        match result {
            Ok(PresenceSet { availability, text }) => {
                self.user_changed(user);
                self.presence_input(PresenceInput::Chosen { user, availability, text });
            }
            Err(code) => self.connections.send(connection, &ServerMessage::Error(ErrorBody::new(code))),
        }
    }
}
