//! The hub without its task: a test gives it events one by one, and says when the store's answers arrive.

mod deleting;
mod leaving;
mod presence;
mod reading;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;
use mesh_core::room::RoomState;
use mesh_core::time::{Monotonic, Now};
use mesh_protocol::chat::{RoomEvent, RoomEventKind};
use mesh_protocol::codec;
use mesh_protocol::control::ServerMessage;
use mesh_protocol::id::{RoomId, SessionId, UserId};
use mesh_protocol::presence::Availability;
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::team::Role;
use mesh_protocol::time::{Seq, UnixMillis};
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::event::{ConnectionId, Event};
use super::{Hub, Ice};
use super::{OutboxReceiver, Outgoing, outbox};
use crate::clock::Clock;
use crate::identity::Identity;
use crate::store::record::UserRecord;
use crate::store::{PeopleReads, RoomReads, Store, StoreOptions};

const ANNA: UserId = UserId(1);
const BEN: UserId = UserId(2);
const ROOM: RoomId = RoomId(1);
const START: u64 = 1_800_000_000_000;

/// A hub over a store of its own.
struct Bench {
    hub: Hub,
    events: mpsc::Receiver<Event>,
    passed: Arc<AtomicU64>,
    _folder: TempDir,
}

fn user(id: UserId, name: &str, role: Role) -> UserRecord {
    UserRecord {
        id,
        user_name: name.to_owned(),
        name: name.to_owned(),
        role,
        color: 0,
        removed: false,
        expires_at: None,
        password_hash: None,
        availability: Availability::Automatic,
        status_text: String::new(),
        joined_at: UnixMillis(START),
    }
}

fn room() -> RoomState {
    RoomState {
        id: ROOM,
        kind: RoomKind::Room,
        visibility: Visibility::Open,
        name: "room".to_owned(),
        topic: String::new(),
        archived: false,
        members: vec![],
        readers_gone: vec![],
        epoch: Seq::ZERO,
        last_seq: Seq::ZERO,
        last_at: UnixMillis(START),
    }
}

impl Bench {
    /// A box with these users and one room, whose history `changes` is, by Anna.
    async fn new(users: Vec<UserRecord>, changes: Vec<RoomEventKind>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("mesh.redb"), StoreOptions::default()).unwrap();
        let wrote = store.write(move |change| {
            users.iter().try_for_each(|user| change.put_user(user))?;
            change.create_room(&room())?;
            for (change_of, seq) in changes.into_iter().zip(1..) {
                let (at, by) = (UnixMillis(START), ANNA);
                let event = RoomEvent { room: ROOM, seq: Seq(seq), at, by, tag: None, change: change_of };
                change.append_event(&event)?;
            }
            Ok(())
        });
        wrote.await.unwrap();
        let passed = Arc::new(AtomicU64::new(0));
        let source = passed.clone();
        let clock = Clock::from_fn(move || {
            let passed = source.load(Ordering::SeqCst);
            Now { mono: Monotonic(passed), wall: UnixMillis(START + passed) }
        });
        let signing = Identity::load(folder.path(), clock.wall()).unwrap().signing(1).unwrap();
        let (sender, events) = mpsc::channel(64);
        let hub = Hub::load(store, clock, (signing, Ice::default()), sender).unwrap();
        Self { hub, events, passed, _folder: folder }
    }

    /// Anna, an owner, and Ben, a member, in one room where Anna has written `posts` chat messages.
    async fn pair(posts: usize) -> Self {
        let users = vec![user(ANNA, "anna", Role::Owner), user(BEN, "ben", Role::Member)];
        let joined = |user| RoomEventKind::Joined { user, access: Access::Write };
        let mut changes = vec![joined(ANNA), joined(BEN)];
        changes.extend((0..posts).map(|_| posted("x")));
        Self::new(users, changes).await
    }

    /// Anna, and Ben, a guest in her room whose access ends in a second.
    async fn guest() -> Self {
        let guest =
            UserRecord { expires_at: Some(UnixMillis(START + 1_000)), ..user(BEN, "ben", Role::Guest) };
        let joined = |user| RoomEventKind::Joined { user, access: Access::Write };
        Self::new(vec![user(ANNA, "anna", Role::Owner), guest], vec![joined(ANNA), joined(BEN)]).await
    }

    fn pass(&self, millis: u64) {
        self.passed.fetch_add(millis, Ordering::SeqCst);
    }

    /// A WebSocket of a user's, without the task that would serve it.
    fn connect(&mut self, user: UserId) -> (ConnectionId, OutboxReceiver) {
        let (outbox, inbox) = outbox();
        let id = ConnectionId(self.hub.fresh_number());
        self.hub.connections.insert(id, SessionId(id.0), user, outbox);
        (id, inbox)
    }

    fn members(&self) -> Vec<UserId> {
        self.hub.rooms[&ROOM].machine.state().members.iter().map(|member| member.user).collect()
    }

    /// Lets the hub hear the store's next answer.
    async fn stored(&mut self) {
        let event = self.events.recv().await.unwrap();
        self.hub.handle(event);
    }
}

/// What a WebSocket would send by now.
fn heard(inbox: &mut OutboxReceiver) -> Vec<ServerMessage> {
    let mut heard = Vec::new();
    while let Some(Some(Outgoing::Text(text))) = inbox.next().now_or_never() {
        heard.push(codec::decode_server(&text).unwrap());
    }
    heard
}

fn posted(text: &str) -> RoomEventKind {
    RoomEventKind::Posted { text: text.to_owned(), reply_to: None, mentions: vec![], everyone: false }
}
