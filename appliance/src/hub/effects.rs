//! Performs what the machines decided: messages into session queues, operations for the store.

use mesh_core::machine::Machine;
use mesh_core::policy::{Action, RoomAction, authorize};
use mesh_core::presence::{PresenceInput, PresenceOutput};
use mesh_core::room::{OpId, Requester, RoomInput, RoomOutput};
use mesh_protocol::chat::{ClientTag, RoomEvent, RoomEventKind};
use mesh_protocol::control::{
    ChatAck, ChatRefused, ReadMark, RoomRemoved, ServerMessage, Storage, Typing, UnreadChanged,
};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::presence::Presence;
use mesh_protocol::session::{RoomEvents, StorageState};
use mesh_protocol::time::Seq;

use super::Hub;
use super::event::{ConnectionId, Event};

impl Hub {
    /// Gives a room's machine one input and performs everything that follows.
    pub(super) fn room_input(&mut self, room: RoomId, input: RoomInput) {
        let now = self.clock.now();
        let Some(live) = self.rooms.get_mut(&room) else { return };
        live.machine.handle(now, input);
        while let Some(output) = self.rooms.get_mut(&room).and_then(|live| live.machine.poll()) {
            self.perform(room, output);
        }
    }

    fn perform(&mut self, room: RoomId, output: RoomOutput) {
        match output {
            RoomOutput::Persist { op, event } => self.persist(room, op, event),
            RoomOutput::Broadcast { event } => self.broadcast(event),
            RoomOutput::Ack { requester, tag, seq } => self.ack(room, requester, tag, seq),
            RoomOutput::Refuse { requester, tag, code } => self.refuse(room, requester, tag, code),
            RoomOutput::SaveRead { user, seq } => self.save_read(room, user, seq),
            RoomOutput::ReadMark { user, seq } => {
                self.to_members(room, &ServerMessage::ReadMark(ReadMark { room, user, seq }));
            }
            RoomOutput::UnreadChanged { user, unread } => {
                let message = ServerMessage::UnreadChanged(UnreadChanged { room, unread });
                self.connections.send_to_users([user], &message);
            }
            RoomOutput::Typing { user, on } => {
                self.to_members(room, &ServerMessage::Typing(Typing { room, user, on }));
            }
            RoomOutput::StateChanged => {
                self.show_room(room);
                self.recheck_call(room);
            }
        }
    }

    fn persist(&self, room: RoomId, op: OpId, event: RoomEvent) {
        let events = self.events.clone();
        self.store.submit(
            move |change| {
                change.append_event(&event)?;
                match event.change {
                    RoomEventKind::Joined { user, .. } => change.entered(user, room),
                    _ => Ok(()),
                }
            },
            move |result| {
                // Called on the store's writer thread. The hub only stops after the last answer it needs.
                let result = result.map_err(|error| error.code());
                let _ = events.blocking_send(Event::Stored { room, op, result });
            },
        );
    }

    fn save_read(&self, room: RoomId, user: UserId, seq: Seq) {
        // A mark that a power cut takes back is moved again by looking; it is not worth a commit of its own.
        self.store.defer(
            move |change| change.set_read(room, user, seq),
            move |result| {
                if let Err(error) = result {
                    tracing::warn!(%room, %error, "a read mark could not be saved");
                }
            },
        );
    }

    fn broadcast(&mut self, event: RoomEvent) {
        let room = event.room;
        if let RoomEventKind::Joined { user, .. } = event.change {
            self.introduce(room, user);
        }
        self.to_members(room, &ServerMessage::RoomEvents(RoomEvents { room, events: vec![event] }));
    }

    /// Queues a message for every member of a room.
    fn to_members(&self, room: RoomId, message: &ServerMessage) {
        if let Some(live) = self.rooms.get(&room) {
            let members = live.machine.state().members.iter().map(|member| member.user);
            self.connections.send_to_users(members, message);
        }
    }

    fn ack(&mut self, room: RoomId, requester: Requester, tag: Option<ClientTag>, seq: Seq) {
        if let Some(reply) = self.waiting.remove(&requester) {
            let _ = reply.send(Ok(seq));
        } else if let Some(tag) = tag {
            let ack = ServerMessage::ChatAck(ChatAck { tag, room, seq });
            self.connections.send(ConnectionId(requester.0), &ack);
        }
    }

    fn refuse(&mut self, room: RoomId, requester: Requester, tag: Option<ClientTag>, code: ErrorCode) {
        if let Some(reply) = self.waiting.remove(&requester) {
            let _ = reply.send(Err(code));
        } else if let Some(tag) = tag {
            let refused = ServerMessage::ChatRefused(ChatRefused { tag, room, error: ErrorBody::new(code) });
            self.connections.send(ConnectionId(requester.0), &refused);
        }
    }

    /// Tells everybody who may see a room how it is now, and those who no longer may that it is gone.
    pub(super) fn show_room(&mut self, room: RoomId) {
        let Some(live) = self.rooms.get_mut(&room) else { return };
        let machine = &live.machine;
        let may_see = |user: &UserId| {
            let actor = self.people.actor(*user, self.clock.wall());
            authorize(&actor, Action::Room(RoomAction::See, machine.facts(*user))).is_ok()
        };
        let seeing = self.people.ids().filter(may_see).collect();
        let before = std::mem::replace(&mut live.shown_to, seeing);
        for user in &live.shown_to {
            let message = ServerMessage::RoomChanged(live.machine.view(*user));
            self.connections.send_to_users([*user], &message);
        }
        let lost = before.difference(&live.shown_to).copied();
        self.connections.send_to_users(lost, &ServerMessage::RoomRemoved(RoomRemoved { room }));
    }

    /// Gives the presence machine one input and performs everything that follows.
    pub(super) fn presence_input(&mut self, input: PresenceInput) {
        self.presence.handle(self.clock.now(), input);
        while let Some(PresenceOutput::Changed(presence)) = self.presence.poll() {
            self.show_presence(presence);
        }
    }

    fn show_presence(&self, presence: Presence) {
        let watchers = self.watchers(presence.user);
        self.connections.send_to_users(watchers, &ServerMessage::Presence(presence));
    }

    pub(super) fn storage_changed(&mut self, state: StorageState) {
        if self.storage != state {
            self.storage = state;
            tracing::warn!(?state, "the state of the disk changed");
            let users = self.connections.users();
            self.connections.send_to_users(users, &ServerMessage::Storage(Storage { state }));
        }
    }
}
