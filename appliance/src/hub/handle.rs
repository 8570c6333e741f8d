//! How the rest of the appliance reaches the hub.

use mesh_core::policy::Actor;
use mesh_core::room::RoomCommand;
use mesh_protocol::control::ClientMessage;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, SessionId, UserId};
use mesh_protocol::room::RoomCreate;
use mesh_protocol::session::{GoodbyeReason, StorageState, Welcome};
use mesh_protocol::time::Seq;
use tokio::sync::{mpsc, oneshot};

use super::devices::Signing;
use super::event::{ConnectionId, Event, Reply};
use super::outbox::Outbox;

/// Events that may wait for the hub; senders wait beyond, which slows the one who floods.
pub(crate) const HUB_QUEUE: usize = 1024;

/// A cheap way to reach the hub. All methods fail with [`ErrorCode::Internal`] once it has stopped.
#[derive(Debug, Clone)]
pub struct HubHandle {
    events: mpsc::Sender<Event>,
}

impl HubHandle {
    pub(super) fn new(events: mpsc::Sender<Event>) -> Self {
        Self { events }
    }

    async fn ask<T>(&self, event: impl FnOnce(Reply<T>) -> Event) -> Result<T, ErrorCode> {
        let (reply, answer) = oneshot::channel();
        self.events.send(event(reply)).await.map_err(|_| ErrorCode::Internal)?;
        answer.await.unwrap_or(Err(ErrorCode::Internal))
    }

    async fn tell(&self, event: Event) {
        // Nobody is left to be told after the hub has stopped.
        let _ = self.events.send(event).await;
    }

    /// Registers a WebSocket and gets its snapshot. Everything that happens after the snapshot goes to
    /// `outbox`, in order.
    pub(crate) async fn open(
        &self,
        session: SessionId,
        user: UserId,
        outbox: Outbox,
    ) -> Result<(ConnectionId, Box<Welcome>), ErrorCode> {
        self.ask(|reply| Event::Opened { session, user, outbox, reply }).await
    }

    /// Passes a client's message on.
    pub(crate) async fn message(&self, connection: ConnectionId, message: ClientMessage) {
        self.tell(Event::Message { connection, message }).await;
    }

    /// Says that a WebSocket is gone.
    pub(crate) async fn closed(&self, connection: ConnectionId) {
        self.tell(Event::Closed { connection }).await;
    }

    /// Runs a change of a room through its machine; returns when it is on disk.
    ///
    /// # Errors
    /// What policy or the room refuses, and storage trouble.
    pub async fn room_command(
        &self,
        actor: Actor,
        room: RoomId,
        command: RoomCommand,
    ) -> Result<Seq, ErrorCode> {
        self.ask(|reply| Event::RoomCommand { actor, room, command, reply }).await
    }

    /// Makes a room with its first members.
    ///
    /// # Errors
    /// When policy refuses, the name is taken, or there are too many rooms or members.
    pub async fn create_room(&self, actor: Actor, room: RoomCreate) -> Result<RoomId, ErrorCode> {
        self.ask(|reply| Event::CreateRoom { actor, room, reply }).await
    }

    /// The direct messages between the actor and `user`, made when they don't exist.
    ///
    /// # Errors
    /// When policy refuses or there is no such user.
    pub async fn open_direct(&self, actor: Actor, user: UserId) -> Result<RoomId, ErrorCode> {
        self.ask(|reply| Event::OpenDirect { actor, user, reply }).await
    }

    /// Deletes a room and its history for good.
    ///
    /// # Errors
    /// When policy refuses, and storage trouble.
    pub async fn delete_room(&self, actor: Actor, room: RoomId) -> Result<(), ErrorCode> {
        self.ask(|reply| Event::DeleteRoom { actor, room, reply }).await
    }

    /// The box was claimed: its owner and first room are in the store.
    pub async fn claimed(&self, room: RoomId, owner: UserId) {
        self.tell(Event::Claimed { room, owner }).await;
    }

    /// A user's record is new or changed in the store.
    pub async fn user_changed(&self, user: UserId) {
        self.tell(Event::UserChanged { user }).await;
    }

    /// A user was removed in the store: they leave all rooms.
    pub async fn user_removed(&self, actor: Actor, user: UserId) {
        self.tell(Event::UserRemoved { actor, user }).await;
    }

    /// The team's record changed in the store.
    pub async fn team_changed(&self) {
        self.tell(Event::TeamChanged).await;
    }

    /// Sessions were signed out in the store: their WebSockets say goodbye and close at once.
    pub async fn sessions_ended(&self, sessions: Vec<SessionId>) {
        self.tell(Event::SessionsEnded { sessions, reason: GoodbyeReason::SignedOut }).await;
    }

    /// A browser got another session in place of this one: its WebSockets close at once and come back with it.
    pub async fn session_replaced(&self, session: SessionId) {
        let sessions = vec![session];
        self.tell(Event::SessionsEnded { sessions, reason: GoodbyeReason::AccessChanged }).await;
    }

    /// Devices were enrolled or removed in the store.
    pub async fn devices_changed(&self) {
        self.tell(Event::DevicesChanged).await;
    }

    /// Another key signs capabilities from now on.
    pub(crate) async fn signing_changed(&self, signing: Signing) {
        self.tell(Event::SigningChanged { signing: Box::new(signing) }).await;
    }

    /// The store's disk state changed.
    pub(crate) async fn storage_changed(&self, state: StorageState) {
        self.tell(Event::Storage { state }).await;
    }

    /// Tells every WebSocket to resume and stops the hub.
    pub(crate) async fn stop(&self, reason: GoodbyeReason) {
        let (done, stopped) = oneshot::channel();
        self.tell(Event::Stop { reason, done }).await;
        let _ = stopped.await;
    }
}
