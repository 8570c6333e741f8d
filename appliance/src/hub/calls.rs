//! The calls of the rooms, and the signaling between their devices.

use mesh_core::call::{Call, CallInput, CallOutput, Seat};
use mesh_core::machine::Machine;
use mesh_core::policy::{Action, Actor, RoomAction, authorize};
use mesh_protocol::call::{self, CallEnded, CallReaction, Shown, Signal, SignalSend};
use mesh_protocol::capability::Capability;
use mesh_protocol::control::ServerMessage;
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{CallId, DeviceId, RoomId, UserId};

use super::Hub;
use super::event::ConnectionId;
use crate::secret;

impl Hub {
    pub(super) fn call_join(&mut self, connection: ConnectionId, actor: &Actor, room: RoomId, shown: Shown) {
        match self.seat(connection, actor, room) {
            Ok((device, fresh)) => {
                let seat = Seat(connection.0);
                self.calls.entry(room).or_insert_with(|| Call::new(room));
                self.call_input(room, CallInput::Join { seat, device, user: actor.user, shown, fresh });
            }
            Err(code) => self.call_ended(room, Seat(connection.0), code),
        }
    }

    /// What somebody needs who wants to take part: the right, a device, and a name should this start a call.
    fn seat(
        &self,
        connection: ConnectionId,
        actor: &Actor,
        room: RoomId,
    ) -> Result<(DeviceId, CallId), ErrorCode> {
        self.may_call(actor, room)?;
        let device = self.device_of(connection).ok_or(ErrorCode::DeviceUnknown)?;
        let fresh = secret::random_id().map_err(|_| ErrorCode::Internal)?;
        Ok((device, CallId(fresh)))
    }

    fn may_call(&self, actor: &Actor, room: RoomId) -> Result<(), ErrorCode> {
        let live = self.rooms.get(&room).ok_or(ErrorCode::NotFound)?;
        let action = RoomAction::Use(Capability::Call);
        authorize(actor, Action::Room(action, live.machine.facts(actor.user))).map_err(|denied| denied.code())
    }

    pub(super) fn call_leave(&mut self, connection: ConnectionId, room: RoomId) {
        if let Some(device) = self.participant(connection, room) {
            self.call_input(room, CallInput::Leave { device });
        }
    }

    pub(super) fn call_show(&mut self, connection: ConnectionId, room: RoomId, shown: Shown) {
        if let Some(device) = self.participant(connection, room) {
            self.call_input(room, CallInput::Show { device, shown });
        }
    }

    pub(super) fn call_react(&self, connection: ConnectionId, user: UserId, room: RoomId, emoji: String) {
        if self.participant(connection, room).is_some()
            && let Some(call) = self.calls.get(&room)
        {
            let reaction = ServerMessage::CallReaction(CallReaction { room, user, emoji });
            for seat in call.seats() {
                self.connections.send(ConnectionId(seat.0), &reaction);
            }
        }
    }

    /// The device that takes part in a room's call through this very connection.
    fn participant(&self, connection: ConnectionId, room: RoomId) -> Option<DeviceId> {
        self.calls.get(&room)?.device(Seat(connection.0))
    }

    /// Passes signaling on between two devices of the same call, unread.
    pub(super) fn signal(&self, connection: ConnectionId, signal: SignalSend) {
        let SignalSend { room, to, body } = signal;
        let Some(from) = self.participant(connection, room) else { return };
        // Who is away gets nothing: both ends start over when they are back.
        if let Some(seat) = self.calls.get(&room).and_then(|call| call.seat(to)) {
            let message = ServerMessage::Signal(Signal { room, from, body });
            self.connections.send(ConnectionId(seat.0), &message);
        }
    }

    /// The calls in the rooms that somebody may see.
    pub(super) fn calls_for(&self, user: UserId) -> Vec<call::Call> {
        let actor = self.people.actor(user, self.clock.wall());
        let is_seen = |room: &RoomId| {
            self.rooms.get(room).is_some_and(|live| {
                let facts = live.machine.facts(user);
                authorize(&actor, Action::Room(RoomAction::See, facts)).is_ok()
            })
        };
        self.calls.iter().filter(|(room, _)| is_seen(room)).map(|(_, call)| call.view()).collect()
    }

    /// Gives a call one input and performs what follows; one that is over is forgotten.
    pub(super) fn call_input(&mut self, room: RoomId, input: CallInput) {
        let now = self.clock.now();
        let Some(call) = self.calls.get_mut(&room) else { return };
        call.handle(now, input);
        while let Some(output) = self.calls.get_mut(&room).and_then(Machine::poll) {
            match output {
                CallOutput::Changed(view) => {
                    let seen_by = self.rooms.get(&room).map(|live| live.shown_to.clone()).unwrap_or_default();
                    self.connections.send_to_users(seen_by, &ServerMessage::CallChanged(view));
                }
                CallOutput::Ended { seat, code } => self.call_ended(room, seat, code),
            }
        }
        if self.calls.get(&room).is_some_and(Call::is_over) {
            self.calls.remove(&room);
        }
    }

    fn call_ended(&self, room: RoomId, seat: Seat, code: ErrorCode) {
        let ended = ServerMessage::CallEnded(CallEnded { room, error: ErrorBody::new(code) });
        self.connections.send(ConnectionId(seat.0), &ended);
    }

    /// A connection is gone: its place in a call is kept for a while.
    pub(super) fn seat_lost(&mut self, connection: ConnectionId) {
        let seat = Seat(connection.0);
        let rooms = self.calls.iter().filter(|(_, call)| call.device(seat).is_some());
        for room in rooms.map(|(room, _)| *room).collect::<Vec<_>>() {
            self.call_input(room, CallInput::Lost { seat });
        }
    }

    /// A device was removed: it is out of every call at once.
    pub(super) fn device_gone(&mut self, device: DeviceId) {
        for room in self.calls.keys().copied().collect::<Vec<_>>() {
            self.call_input(room, CallInput::Remove { device });
        }
    }

    /// Members or settings of a room changed: who may no longer take part is out at once.
    pub(super) fn recheck_call(&mut self, room: RoomId) {
        let Some(call) = self.calls.get(&room) else { return };
        let refused = call.users().filter_map(|user| {
            let actor = self.people.actor(user, self.clock.wall());
            self.may_call(&actor, room).err().map(|code| (user, code))
        });
        for (user, code) in refused.collect::<Vec<_>>() {
            self.call_input(room, CallInput::Evict { user, code });
        }
    }

    /// What a user may do in the team changed: they are out of every call, and may come back if they still may.
    pub(super) fn leave_calls(&mut self, user: UserId) {
        for room in self.calls.keys().copied().collect::<Vec<_>>() {
            self.call_input(room, CallInput::Evict { user, code: ErrorCode::RightsChanged });
        }
    }

    /// Lets time pass in every call.
    pub(super) fn tick_calls(&mut self) {
        let now = self.clock.now().mono;
        let due = self.calls.iter().filter(|(_, call)| call.deadline().is_some_and(|at| at <= now));
        for room in due.map(|(room, _)| *room).collect::<Vec<_>>() {
            self.call_input(room, CallInput::Tick);
        }
    }
}
