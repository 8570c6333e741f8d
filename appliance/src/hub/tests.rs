//! The hub without its task: a test gives it events one by one, and says when the store's answers arrive.

mod reading;

use mesh_core::room::RoomState;
use mesh_core::time::{Monotonic, Now};
use mesh_protocol::chat::{RoomEvent, RoomEventKind};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::presence::Availability;
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::team::Role;
use mesh_protocol::time::{Seq, UnixMillis};
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::event::Event;
use super::{Hub, Ice};
use crate::clock::Clock;
use crate::identity::Identity;
use crate::store::record::UserRecord;
use crate::store::{Store, StoreOptions};

const ANNA: UserId = UserId(1);
const BEN: UserId = UserId(2);
const ROOM: RoomId = RoomId(1);
const START: u64 = 1_800_000_000_000;

/// A hub over a store of its own.
struct Bench {
    hub: Hub,
    _events: mpsc::Receiver<Event>,
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
        let clock = Clock::from_fn(|| Now { mono: Monotonic(0), wall: UnixMillis(START) });
        let signing = Identity::load(folder.path(), clock.wall()).unwrap().signing(1).unwrap();
        let (sender, _events) = mpsc::channel(64);
        let hub = Hub::load(store, clock, (signing, Ice::default()), sender).unwrap();
        Self { hub, _events, _folder: folder }
    }

    /// Anna, an owner, and Ben, a member, in one room where Anna has written `posts` chat messages.
    async fn pair(posts: usize) -> Self {
        let users = vec![user(ANNA, "anna", Role::Owner), user(BEN, "ben", Role::Member)];
        let joined = |user| RoomEventKind::Joined { user, access: Access::Write };
        let mut changes = vec![joined(ANNA), joined(BEN)];
        changes.extend((0..posts).map(|_| posted("x")));
        Self::new(users, changes).await
    }
}

fn posted(text: &str) -> RoomEventKind {
    RoomEventKind::Posted { text: text.to_owned(), reply_to: None, mentions: vec![], everyone: false }
}
