//! The open WebSockets and how to reach them.

use std::collections::{BTreeMap, HashMap};

use axum::extract::ws::Utf8Bytes;
use mesh_protocol::codec;
use mesh_protocol::control::ServerMessage;
use mesh_protocol::id::{SessionId, UserId};
use mesh_protocol::session::GoodbyeReason;

use super::event::ConnectionId;
use super::outbox::{Outbox, Outgoing};

#[derive(Debug)]
struct Connection {
    session: SessionId,
    user: UserId,
    outbox: Outbox,
}

/// All open WebSockets, by connection and by user.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    open: HashMap<ConnectionId, Connection>,
    of_user: BTreeMap<UserId, Vec<ConnectionId>>,
}

impl Connections {
    pub(crate) fn insert(&mut self, id: ConnectionId, session: SessionId, user: UserId, outbox: Outbox) {
        self.open.insert(id, Connection { session, user, outbox });
        self.of_user.entry(user).or_default().push(id);
    }

    /// Forgets a connection; tells whose it was.
    pub(crate) fn remove(&mut self, id: ConnectionId) -> Option<UserId> {
        let connection = self.open.remove(&id)?;
        if let Some(ids) = self.of_user.get_mut(&connection.user) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.of_user.remove(&connection.user);
            }
        }
        Some(connection.user)
    }

    pub(crate) fn user(&self, id: ConnectionId) -> Option<UserId> {
        self.open.get(&id).map(|connection| connection.user)
    }

    pub(crate) fn session(&self, id: ConnectionId) -> Option<SessionId> {
        self.open.get(&id).map(|connection| connection.session)
    }

    /// Users with at least one open WebSocket.
    pub(crate) fn users(&self) -> Vec<UserId> {
        self.of_user.keys().copied().collect()
    }

    /// Connections that belong to any of `sessions`.
    pub(crate) fn of_sessions(&self, sessions: &[SessionId]) -> Vec<ConnectionId> {
        self.open.iter().filter(|(_, open)| sessions.contains(&open.session)).map(|(id, _)| *id).collect()
    }

    /// Connections of a user.
    pub(crate) fn of_user(&self, user: UserId) -> Vec<ConnectionId> {
        self.of_user.get(&user).cloned().unwrap_or_default()
    }

    pub(crate) fn all(&self) -> Vec<ConnectionId> {
        self.open.keys().copied().collect()
    }

    /// Queues something for one connection; one that lags is cut and forgets itself by its `Closed` event.
    pub(crate) fn put(&self, id: ConnectionId, outgoing: Outgoing) {
        if let Some(connection) = self.open.get(&id)
            && connection.outbox.put(outgoing).is_err()
        {
            tracing::info!(session = %connection.session, "session lags and is cut; it will resume");
        }
    }

    /// Queues a message for one connection.
    pub(crate) fn send(&self, id: ConnectionId, message: &ServerMessage) {
        self.put(id, Outgoing::Text(encode(message)));
    }

    /// Queues one encoded message for every connection of `users`.
    pub(crate) fn send_to_users(&self, users: impl IntoIterator<Item = UserId>, message: &ServerMessage) {
        let mut text: Option<Utf8Bytes> = None;
        for id in users.into_iter().filter_map(|user| self.of_user.get(&user)).flatten() {
            let text = text.get_or_insert_with(|| encode(message));
            self.put(*id, Outgoing::Text(text.clone()));
        }
    }

    /// Ends a connection and forgets it.
    pub(crate) fn dismiss(&mut self, id: ConnectionId, reason: GoodbyeReason) -> Option<UserId> {
        if let Some(connection) = self.open.get(&id) {
            connection.outbox.end(reason);
        }
        self.remove(id)
    }
}

/// The text of a message, shared by all who get it.
pub(crate) fn encode(message: &ServerMessage) -> Utf8Bytes {
    codec::encode_server(message).into()
}
