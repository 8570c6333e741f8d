//! Makes a small store with everything in it, and what it must say: `store_fixture FILE.redb FILE.json`. Run
//! by the build of each released schema; the files stay in `tests/fixtures` and are migrated by a test.

use std::path::Path;

use anyhow::Context;
use mesh_appliance::store::record::{InviteRecord, SessionRecord, TeamRecord, UserRecord};
use mesh_appliance::store::{Change, PeopleReads, RoomReads, Store, StoreError, StoreOptions};
use mesh_core::room::RoomState;
use mesh_protocol::chat::{ClientTag, PageFrom, RoomEvent, RoomEventKind};
use mesh_protocol::id::{InviteId, RoomId, SessionId, UserId};
use mesh_protocol::presence::Availability;
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::team::{InviteKind, Role, SetupStep};
use mesh_protocol::time::{Seq, UnixMillis};
use serde_json::json;

const START: u64 = 1_763_900_000_000;
const ROOMS: [RoomId; 2] = [RoomId(0x00c0_ffee_0000_0001), RoomId(0xffff_ffff_ffff_fff0)];

fn user(id: u64, user_name: &str, role: Role) -> UserRecord {
    UserRecord {
        id: UserId(id),
        user_name: user_name.to_owned(),
        name: format!("{user_name} É"),
        role,
        color: (id % 8) as u8,
        removed: id == 4,
        expires_at: (role == Role::Guest).then_some(UnixMillis(START + 1_000_000)),
        password_hash: (role != Role::Guest)
            .then(|| "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned()),
        availability: Availability::DoNotDisturb,
        status_text: "in the train".to_owned(),
        joined_at: UnixMillis(START + id),
    }
}

fn people(change: &mut Change<'_>) -> Result<(), StoreError> {
    let setup_done = vec![SetupStep::Trust];
    change.put_team(&TeamRecord { name: "Atelier".to_owned(), claimed_at: UnixMillis(START), setup_done })?;
    let roles = [Role::Owner, Role::Member, Role::Guest, Role::Member];
    for ((id, name), role) in (1..).zip(["ada", "bob", "chloe", "dan"]).zip(roles) {
        change.put_user(&user(id, name, role))?;
        change.put_session(&SessionRecord {
            id: SessionId(100 + id),
            user: UserId(id),
            token_hash: [id as u8; 32],
            browser: "Firefox, Linux".to_owned(),
            address: "192.0.2.7".to_owned(),
            created_at: UnixMillis(START + id),
            last_seen: UnixMillis(START + 2 * id),
            confirmed_at: UnixMillis(START + id),
        })?;
    }
    change.put_invite(&InviteRecord {
        id: InviteId(7),
        kind: InviteKind::Join,
        token_hash: [7; 32],
        name: "Eve".to_owned(),
        role: Role::Guest,
        rooms: ROOMS.to_vec(),
        created_by: UserId(1),
        created_at: UnixMillis(START),
        expires_at: UnixMillis(START + 9),
        revoked: false,
        used_by: Some(UserId(3)),
        for_user: None,
        entering: vec![],
    })
}

/// What happens in a room: by whom, and what.
fn story() -> Vec<(u64, RoomEventKind)> {
    let post = |text: &str, reply_to: Option<u64>| RoomEventKind::Posted {
        text: text.to_owned(),
        reply_to: reply_to.map(Seq),
        mentions: vec![UserId(2)],
        everyone: reply_to.is_some(),
    };
    let edit = |target, text: &str| RoomEventKind::Edited {
        target: Seq(target),
        text: text.to_owned(),
        mentions: vec![],
        everyone: false,
    };
    let react =
        |target, emoji: &str, on| RoomEventKind::Reacted { target: Seq(target), emoji: emoji.to_owned(), on };
    let pin = |target, on| RoomEventKind::Pinned { target: Seq(target), on };
    vec![
        (1, RoomEventKind::Created { name: "General".to_owned() }),
        (1, RoomEventKind::Joined { user: UserId(1), access: Access::Write }),
        (1, RoomEventKind::Joined { user: UserId(2), access: Access::Write }),
        (1, RoomEventKind::Joined { user: UserId(3), access: Access::Read }),
        (1, post("first, with a typo: recieve @bob", None)), // 5
        (2, post("Bonjour Chloé", Some(5))),
        (1, edit(5, "first, with a typo: receive")),
        (1, edit(5, "first")),
        (2, react(5, "👍", true)),
        (3, react(5, "👍", true)), // 10
        (3, react(5, "🎉", true)),
        (3, react(5, "👍", false)),
        (2, post("said and deleted", None)), // 13
        (2, edit(13, "said, edited and deleted")),
        (2, pin(13, true)), // 15
        (1, RoomEventKind::Deleted { target: Seq(13) }),
        (1, pin(5, true)),
        (1, pin(6, true)),
        (1, pin(6, false)),
        (2, pin(6, true)), // 20
        (2, react(13, "👍", true)),
        (1, RoomEventKind::Left { user: UserId(3) }),
        (1, RoomEventKind::Joined { user: UserId(3), access: Access::Write }),
        (
            1,
            RoomEventKind::Changed {
                name: Some("Main".to_owned()),
                topic: Some("everything".to_owned()),
                visibility: Some(Visibility::Invited),
                archived: None,
            },
        ),
        (3, post("the last word", None)), // 25
        (2, react(6, "👀", true)),
    ]
}

fn rooms(change: &mut Change<'_>) -> Result<(), StoreError> {
    for (room, kind) in ROOMS.into_iter().zip([RoomKind::Room, RoomKind::Room]) {
        change.create_room(&RoomState {
            id: room,
            kind,
            visibility: Visibility::Open,
            name: format!("room {room}"),
            topic: String::new(),
            archived: false,
            members: vec![],
            readers_gone: Vec::new(),
            epoch: Seq::ZERO,
            last_seq: Seq::ZERO,
            last_at: UnixMillis(START),
        })?;
        for (seq, (by, kind)) in (1..).zip(story()) {
            let tag = Some(ClientTag(format!("{room}-{seq}")));
            let at = UnixMillis(START + 1_000 * seq);
            change.append_event(&RoomEvent { room, seq: Seq(seq), at, by: UserId(by), tag, change: kind })?;
        }
        change.set_read(room, UserId(1), Seq(20))?;
        change.set_read(room, UserId(2), Seq(3))?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, words] = args.as_slice() else { anyhow::bail!("store_fixture FILE.redb FILE.json") };
    let store = Store::open(Path::new(file), StoreOptions::default())?;
    store.write(people).await?;
    store.write(rooms).await?;
    let mut said = Vec::new();
    for room in ROOMS {
        let state = store.read(|view| view.room(room))?.context("the room")?;
        let members: Vec<_> =
            state.members.iter().map(|member| (member.user, member.access, member.read)).collect();
        said.push(json!({
            "room": room,
            "name": state.name,
            "topic": state.topic,
            "visibility": state.visibility,
            "lastSeq": state.last_seq,
            "lastAt": state.last_at,
            "members": members,
            "history": store.read(|view| view.history(room, PageFrom::Latest, 100))?,
            "events": store.read(|view| view.events(room, Seq::ZERO, state.last_seq))?,
            "pins": store.read(|view| view.pins(room))?,
            "revisions": store.read(|view| view.revisions(room, Seq(5)))?,
            "deletedRevisions": store.read(|view| view.revisions(room, Seq(13)))?,
            "tag": store.read(|view| view.tag(UserId(2), &ClientTag(format!("{room}-6"))))?,
        }));
    }
    let users = store.read(|view| view.users())?;
    let users: Vec<_> = users.iter().map(UserRecord::to_user).collect();
    let all = json!({ "rooms": said, "users": users });
    std::fs::write(words, serde_json::to_string_pretty(&all)? + "\n")?;
    store.shutdown().await;
    Ok(())
}
