//! One WebSocket: hello, snapshot, what was missed, then both directions until somebody ends it.
//!
//! The task reads a message, hands it to the hub, and sends what the hub (and the session's own permitted
//! reads) put into its queue. It subscribes before it reads what was missed, so nothing falls between; the
//! overlap is harmless because events are numbered. A client that sends too fast is read more slowly; one
//! that takes too little is cut and resumes. When the hub ends the session, it ends wherever it is.
//!
//! Close codes: 1000 by the client, [`CLOSE_RESTART`], [`CLOSE_LAGGING`], [`CLOSE_SIGNED_OUT`],
//! [`CLOSE_VERSION`], 1008 for a message that is not one.

mod answer;
mod fit;
mod resume;

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt;
use mesh_core::throttle::Bucket;
use mesh_protocol::codec::{self, DecodeError};
use mesh_protocol::control::{CaughtUp, ChatRefused, ClientMessage, ServerMessage};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{RoomId, SessionId, UserId};
use mesh_protocol::limit;
use mesh_protocol::session::{Goodbye, GoodbyeReason, Hello};
use mesh_protocol::version;

use crate::clock::Clock;
use crate::hub::{ConnectionId, HubHandle, OutboxReceiver, Outgoing, outbox};
use crate::session::Sessions;
use crate::state::AppState;
use crate::store::Store;

/// The box restarts: come back soon.
pub(crate) const CLOSE_RESTART: u16 = 1012;
/// The client did not keep up: resume.
pub(crate) const CLOSE_LAGGING: u16 = 1013;
/// The session was signed out.
pub(crate) const CLOSE_SIGNED_OUT: u16 = 4001;
/// The client's version is not supported.
pub(crate) const CLOSE_VERSION: u16 = 4002;
/// What arrived is not a message of the protocol.
pub(crate) const CLOSE_MALFORMED: u16 = 1008;

/// A message that can't be written to the socket within this time cuts the session (security.md R9).
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// A socket that is silent for two pings and a bit is dead.
const SILENCE_LIMIT: Duration = Duration::from_millis(2 * limit::PING_INTERVAL_MS + 5_000);

/// Who opened the WebSocket, and how fast it may send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visitor {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    /// Messages a second, sustained; the burst is four times as many.
    pub(crate) messages_per_second: u32,
}

/// Why a session ended, as a close code and what to say before.
enum End {
    /// The socket is gone; nothing can be said.
    Gone,
    Refused(u16, ErrorBody),
    Goodbye(GoodbyeReason),
}

/// Serves one WebSocket to its end.
pub(crate) async fn serve(mut socket: WebSocket, visitor: Visitor, state: AppState) {
    let AppState { hub, store, sessions, clock, .. } = state;
    let end = match hello(&mut socket).await {
        Ok(hello) => {
            let (outbox, inbox) = outbox();
            match hub.open(visitor.session, visitor.user, outbox).await {
                Ok((connection, welcome)) => {
                    let id = visitor.session;
                    let session =
                        Session { socket: &mut socket, connection, hub: &hub, store, sessions, id, inbox };
                    let end = session.run(hello, ServerMessage::Welcome(welcome), visitor, &clock).await;
                    hub.closed(connection).await;
                    end
                }
                Err(ErrorCode::SignedOut) => End::Goodbye(GoodbyeReason::SignedOut),
                Err(_) => End::Goodbye(GoodbyeReason::Restarting),
            }
        }
        Err(end) => end,
    };
    finish(&mut socket, end).await;
}

async fn hello(socket: &mut WebSocket) -> Result<Hello, End> {
    let first = tokio::time::timeout(Duration::from_millis(limit::HELLO_TIMEOUT_MS), next_text(socket)).await;
    let Ok(Some(text)) = first else { return Err(End::Gone) };
    match codec::decode_client(&text) {
        Ok(ClientMessage::Hello(hello)) if version::is_supported(hello.protocol) => Ok(hello),
        Ok(ClientMessage::Hello(_)) => {
            Err(End::Refused(CLOSE_VERSION, ErrorBody::new(ErrorCode::VersionUnsupported)))
        }
        _ => Err(End::Refused(CLOSE_MALFORMED, ErrorBody::new(ErrorCode::Malformed))),
    }
}

/// The next text message; `None` when the socket is closed or sends anything but text.
async fn next_text(socket: &mut WebSocket) -> Option<Utf8Bytes> {
    loop {
        match socket.recv().await?.ok()? {
            Message::Text(text) => return Some(text),
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) | Message::Close(_) => return None,
        }
    }
}

async fn finish(socket: &mut WebSocket, end: End) {
    let (code, last) = match end {
        End::Gone => return,
        End::Refused(code, error) => (code, ServerMessage::Error(error)),
        End::Goodbye(reason) => {
            let code = match reason {
                GoodbyeReason::Restarting => CLOSE_RESTART,
                GoodbyeReason::SignedOut => CLOSE_SIGNED_OUT,
                GoodbyeReason::Lagging | GoodbyeReason::AccessChanged => CLOSE_LAGGING,
            };
            (code, ServerMessage::Goodbye(Goodbye { reason }))
        }
    };
    let farewell = async {
        let _ = socket.send(Message::Text(codec::encode_server(&last).into())).await;
        let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::default() }))).await;
        let _ = socket.close().await;
    };
    // A peer that does not take the farewell is left to find out by itself.
    let _ = tokio::time::timeout(Duration::from_secs(2), farewell).await;
}

struct Session<'a> {
    socket: &'a mut WebSocket,
    connection: ConnectionId,
    hub: &'a HubHandle,
    store: Store,
    sessions: Sessions,
    id: SessionId,
    inbox: OutboxReceiver,
}

impl Session<'_> {
    async fn run(mut self, hello: Hello, welcome: ServerMessage, visitor: Visitor, clock: &Clock) -> End {
        let cut = self.inbox.cut();
        tokio::select! {
            // Whoever was signed out gets nothing more, also in the middle of what was missed or of a message.
            biased;
            reason = cut => End::Goodbye(reason),
            end = self.converse(hello, welcome, visitor, clock) => end,
        }
    }

    async fn converse(
        &mut self,
        hello: Hello,
        welcome: ServerMessage,
        visitor: Visitor,
        clock: &Clock,
    ) -> End {
        match self.catch_up(hello, welcome).await {
            Ok(()) => {}
            Err(end) => return end,
        }
        let rate = visitor.messages_per_second;
        let mut bucket = Bucket::new(rate, rate.saturating_mul(4), clock.now().mono);
        let mut ping = tokio::time::interval(Duration::from_millis(limit::PING_INTERVAL_MS));
        ping.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut heard = tokio::time::Instant::now();
        loop {
            let step = tokio::select! {
                outgoing = self.inbox.next() => self.outgoing(outgoing).await,
                received = self.socket.recv() => {
                    heard = tokio::time::Instant::now();
                    self.received(received, &mut bucket, clock).await
                }
                _ = ping.tick() => {
                    if heard.elapsed() > SILENCE_LIMIT {
                        Err(End::Gone)
                    } else {
                        self.write(Message::Ping(bytes::Bytes::new())).await
                    }
                }
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Sends the snapshot and everything that the client missed.
    async fn catch_up(&mut self, hello: Hello, welcome: ServerMessage) -> Result<(), End> {
        let ends: Vec<(RoomId, mesh_protocol::time::Seq)> = match &welcome {
            ServerMessage::Welcome(welcome) => {
                let user = welcome.account.user.id;
                let rooms = welcome.rooms.iter();
                rooms
                    .filter(|room| room.members.iter().any(|member| member.user == user))
                    .map(|room| (room.id, room.last_seq))
                    .collect()
            }
            _ => Vec::new(),
        };
        self.send(&welcome).await?;
        let mut plan = resume::Plan::new(&hello.resume, &ends);
        while let Some(part) = plan.next_part() {
            let store = self.store.clone();
            let messages = tokio::task::spawn_blocking(move || resume::load(&store, part)).await;
            match messages {
                Ok(Ok(messages)) => {
                    for text in messages {
                        self.write(Message::Text(text)).await?;
                    }
                }
                Ok(Err(error)) => {
                    tracing::error!(%error, "missed events could not be read");
                    return Err(End::Goodbye(GoodbyeReason::Restarting));
                }
                Err(_) => return Err(End::Goodbye(GoodbyeReason::Restarting)),
            }
        }
        self.send(&ServerMessage::CaughtUp(CaughtUp {})).await
    }

    async fn outgoing(&mut self, outgoing: Option<Outgoing>) -> Result<(), End> {
        match outgoing {
            Some(Outgoing::Text(text)) => self.write(Message::Text(text)).await,
            Some(Outgoing::Read(request)) => {
                let store = self.store.clone();
                let answer = tokio::task::spawn_blocking(move || answer::answer(&store, *request)).await;
                match answer {
                    Ok(message) => self.send(&message).await,
                    Err(_) => Err(End::Goodbye(GoodbyeReason::Restarting)),
                }
            }
            None => Err(End::Goodbye(self.inbox.ended())),
        }
    }

    async fn received(
        &mut self,
        received: Option<Result<Message, axum::Error>>,
        bucket: &mut Bucket,
        clock: &Clock,
    ) -> Result<(), End> {
        let text = match received {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Binary(_))) => {
                return Err(End::Refused(CLOSE_MALFORMED, ErrorBody::new(ErrorCode::Malformed)));
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(End::Gone),
        };
        // Too fast is not an error: the client is read as fast as it may send.
        while let Err(wait) = bucket.take(clock.now().mono) {
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        match codec::decode_client(&text) {
            Ok(message) => {
                self.sessions.touch(&self.store, self.id, clock.wall());
                self.hub.message(self.connection, message).await;
                Ok(())
            }
            Err(error) => self.refuse(error).await,
        }
    }

    /// A field out of bounds is refused by name; anything that is no message ends the session.
    async fn refuse(&mut self, error: DecodeError) -> Result<(), End> {
        match error {
            DecodeError::OutOfBounds { field, code, item } => {
                let error = ErrorBody::new(code).with_field(field);
                let message = match item {
                    Some((room, tag)) => ServerMessage::ChatRefused(ChatRefused { tag, room, error }),
                    None => ServerMessage::Error(error),
                };
                self.send(&message).await
            }
            DecodeError::TooLarge(_) => {
                Err(End::Refused(CLOSE_MALFORMED, ErrorBody::new(ErrorCode::TooLarge)))
            }
            DecodeError::Malformed(_) => {
                Err(End::Refused(CLOSE_MALFORMED, ErrorBody::new(ErrorCode::Malformed)))
            }
        }
    }

    async fn send(&mut self, message: &ServerMessage) -> Result<(), End> {
        self.write(Message::Text(codec::encode_server(message).into())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), End> {
        match tokio::time::timeout(WRITE_TIMEOUT, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Goodbye(GoodbyeReason::Lagging)),
        }
    }
}
