//! The hub: the one task that owns everything live — rooms, presence, open WebSockets.
//!
//! It takes one [`Event`] at a time, asks the machines of `mesh_core` what follows, and performs their outputs
//! ([`effects`]): a message into a session's queue, an operation for the store. It never waits for a write or a
//! socket: the store answers with an event, and a session that does not keep up is cut. What a decision needs from
//! disk it reads itself, from a snapshot, little and after policy. So there is no lock and no order of locks, and
//! what a client sees is the order in which the hub decided.
//!
//! What lives where: [`people`] holds users and who may see whom, [`devices`] their devices
//! and what signs capabilities, [`calls`] who calls where, [`rooms`] makes, changes and deletes rooms
//! for REST, [`client`] answers WebSocket messages, [`connection`] holds the open WebSockets.
//!
//! It ends on [`Event::Stop`], after every session was told to resume.

mod calls;
mod client;
mod connection;
mod devices;
mod effects;
mod event;
mod handle;
mod outbox;
mod people;
mod read;
mod rooms;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use mesh_core::call::Call;
use mesh_core::machine::Machine;
use mesh_core::presence::{PresenceInput, Presences};
use mesh_core::room::{Requester, Room, RoomInput};
use mesh_core::time::Monotonic;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::session::{GoodbyeReason, StorageState};
use mesh_protocol::time::Seq;
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::store::{Store, StoreError};
use connection::Connections;
use devices::DeviceList;
use event::{Event, Reply};
use people::People;

pub use devices::{Ice, Signing};
pub(crate) use event::ConnectionId;
pub use handle::HubHandle;
pub(crate) use outbox::{OutboxReceiver, Outgoing, outbox};
pub(crate) use read::ReadRequest;

/// A room and who was last told about it.
#[derive(Debug)]
struct LiveRoom {
    machine: Room,
    /// Users whose list shows the room; what makes "no longer visible" sayable.
    shown_to: BTreeSet<UserId>,
}

/// The state of the hub task.
#[derive(Debug)]
struct Hub {
    store: Store,
    clock: Clock,
    events: mpsc::Sender<Event>,
    connections: Connections,
    people: People,
    rooms: BTreeMap<RoomId, LiveRoom>,
    /// Of rooms in which somebody is in one.
    calls: BTreeMap<RoomId, Call>,
    devices: DeviceList,
    signing: Signing,
    ice: Ice,
    presence: Presences,
    /// REST calls that wait for a room event to be on disk.
    waiting: HashMap<Requester, Reply<Seq>>,
    /// Numbers for connections and requesters; never reused.
    next_number: u64,
    storage: StorageState,
    /// When to look again for people whose access has ended.
    sweep_at: Monotonic,
}

/// Access ends within this time of its instant, in milliseconds.
const SWEEP_EVERY: u64 = 20_000;

/// Loads live state from the store and starts the hub task.
///
/// # Errors
/// When the store can't be read.
pub(crate) fn start(store: Store, clock: Clock, signing: Signing, ice: Ice) -> Result<HubHandle, StoreError> {
    let (sender, receiver) = mpsc::channel(handle::HUB_QUEUE);
    let hub = Hub::load(store, clock, (signing, ice), sender.clone())?;
    tokio::spawn(hub.run(receiver));
    Ok(HubHandle::new(sender))
}

impl Hub {
    fn load(
        store: Store,
        clock: Clock,
        (signing, ice): (Signing, Ice),
        events: mpsc::Sender<Event>,
    ) -> Result<Self, StoreError> {
        let mut hub = Self {
            presence: Presences::new(),
            rooms: BTreeMap::new(),
            calls: BTreeMap::new(),
            devices: DeviceList::load(&store)?,
            signing,
            ice,
            people: People::load(&store)?,
            events,
            connections: Connections::default(),
            waiting: HashMap::new(),
            next_number: 1,
            storage: StorageState::Ok,
            sweep_at: clock.now().mono,
            store,
            clock,
        };
        hub.load_rooms()?;
        hub.load_presence();
        Ok(hub)
    }

    async fn run(mut self, mut events: mpsc::Receiver<Event>) {
        loop {
            let wait = self.wait();
            let event = tokio::select! {
                event = events.recv() => event,
                () = tokio::time::sleep(wait) => {
                    self.tick();
                    continue;
                }
            };
            match event {
                Some(Event::Stop { reason, done }) => {
                    self.dismiss_all(reason);
                    let _ = done.send(());
                    return;
                }
                Some(event) => self.handle(event),
                None => return,
            }
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Opened { session, user, outbox, reply } => self.opened(session, user, outbox, reply),
            Event::Message { connection, message } => self.client_message(connection, message),
            Event::Closed { connection } => self.closed(connection),
            Event::RoomCommand { actor, room, command, reply } => {
                self.room_command(actor, room, command, reply);
            }
            Event::CreateRoom { actor, room, reply } => self.create_room(&actor, room, reply),
            Event::OpenDirect { actor, user, reply } => self.open_direct(&actor, user, reply),
            Event::DeleteRoom { actor, room, reply } => self.delete_room(&actor, room, reply),
            Event::Stored { room, op, result } => {
                let input = match result {
                    Ok(()) => RoomInput::Persisted { op },
                    Err(code) => RoomInput::PersistFailed { op, code },
                };
                self.room_input(room, input);
            }
            Event::RoomStored { state, result, reply } => self.room_stored(*state, result, reply),
            Event::RoomDeleted { room, result, reply } => self.room_deleted(room, result, reply),
            Event::PresenceStored { connection, user, result } => {
                self.presence_stored(connection, user, result);
            }
            Event::UserChanged { user } => self.user_changed(user),
            Event::UserRemoved { actor, user } => self.user_removed(&actor, user),
            Event::Claimed { room, owner } => self.claimed(room, owner),
            Event::TeamChanged => self.team_changed(),
            Event::SessionsEnded { sessions, reason } => {
                // Their devices went with them: out of the calls first, so that nobody waits for them.
                self.devices_changed();
                for connection in self.connections.of_sessions(&sessions) {
                    self.dismiss(connection, reason);
                }
            }
            Event::DevicesChanged => self.devices_changed(),
            Event::SigningChanged { signing } => self.signing_changed(*signing),
            Event::Storage { state } => self.storage_changed(state),
            Event::Stop { .. } => {}
        }
    }

    /// How long nothing happens by itself.
    fn wait(&self) -> Duration {
        let now = self.clock.now().mono;
        let next = self
            .rooms
            .values()
            .filter_map(|room| room.machine.deadline())
            .chain(self.calls.values().filter_map(Machine::deadline))
            .chain(self.presence.deadline())
            .fold(self.sweep_at, Monotonic::min);
        Duration::from_millis(next.0.saturating_sub(now.0))
    }

    fn tick(&mut self) {
        let now = self.clock.now();
        let due: Vec<RoomId> = self
            .rooms
            .iter()
            .filter(|(_, room)| room.machine.deadline().is_some_and(|at| at <= now.mono))
            .map(|(id, _)| *id)
            .collect();
        for room in due {
            self.room_input(room, RoomInput::Tick);
        }
        if self.presence.deadline().is_some_and(|at| at <= now.mono) {
            self.presence_input(PresenceInput::Tick);
        }
        self.tick_calls();
        if self.sweep_at <= now.mono {
            self.sweep_at = now.mono.after(SWEEP_EVERY);
            self.end_expired_guests();
            self.leave_rooms_of_the_gone();
        }
    }

    fn fresh_number(&mut self) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        number
    }

    fn dismiss_all(&mut self, reason: GoodbyeReason) {
        for connection in self.connections.all() {
            self.connections.dismiss(connection, reason);
        }
    }
}
