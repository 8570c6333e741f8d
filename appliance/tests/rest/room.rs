//! Rooms: made, changed, entered, left and deleted by those who may.

use axum::http::StatusCode;
use mesh_core::room::RoomState;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, RoomRef, Visibility};
use mesh_protocol::team::Role;
use serde_json::json;

use crate::support::{TestBox, rooms};

fn room(mesh: &TestBox, id: RoomId) -> RoomState {
    rooms(mesh).into_iter().find(|room| room.id == id).unwrap()
}

fn access(mesh: &TestBox, id: RoomId, user: UserId) -> Option<Access> {
    room(mesh, id).member(user).map(|member| member.access)
}

#[tokio::test]
async fn members_make_rooms_and_guests_do_not() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let id = bruno.room("Backend", "invited").await;
    assert_eq!(room(&mesh, id).members.len(), 1);
    let body = |name: &str| json!({ "name": name, "topic": "", "visibility": "open", "members": [] });
    bruno.post("/rooms", body("bäckend")).await.refused(ErrorCode::RoomNameTaken);
    bruno.post("/rooms", body(" ")).await.refused_field("name");
    let topic = json!({ "name": "x", "topic": "\u{202e}", "visibility": "open", "members": [] });
    bruno.post("/rooms", topic).await.refused_field("topic");
    let stranger = json!({ "name": "x", "topic": "", "visibility": "open", "members": [UserId(7)] });
    bruno.post("/rooms", stranger).await.refused(ErrorCode::NotFound);
    let mut guest = mesh.join(&mut owner, "gaston", Role::Guest, &[id]).await;
    guest.post("/rooms", body("mine")).await.refused(ErrorCode::Forbidden);
    mesh.browser().post("/rooms", body("mine")).await.refused(ErrorCode::SignedOut);
}

#[tokio::test]
async fn settings_change_for_those_who_may() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let (mut bruno, mut carla) =
        (mesh.member(&mut owner, "bruno").await, mesh.member(&mut owner, "carla").await);
    let id = bruno.room("backend", "invited").await;
    let path = format!("/rooms/{id}");
    bruno
        .patch(&path, json!({ "topic": "servers", "visibility": "open" }))
        .await
        .expect(StatusCode::NO_CONTENT);
    let state = room(&mesh, id);
    assert_eq!((state.name.as_str(), state.topic.as_str()), ("backend", "servers"));
    assert_eq!(state.visibility, Visibility::Open);
    carla.patch(&path, json!({ "topic": "mine" })).await.refused(ErrorCode::Forbidden);
    bruno.patch(&path, json!({ "name": "" })).await.refused_field("name");
    bruno.patch(&path, json!({ "name": "General" })).await.refused(ErrorCode::RoomNameTaken);
    bruno.patch(&path, json!({ "archived": true })).await.refused(ErrorCode::Forbidden);
    owner.patch(&path, json!({ "archived": true })).await.expect(StatusCode::NO_CONTENT);
    bruno.patch(&path, json!({ "topic": "late" })).await.refused(ErrorCode::RoomArchived);
    carla.patch("/rooms/0000000000007", json!({ "topic": "x" })).await.refused(ErrorCode::NotFound);
}

#[tokio::test]
async fn open_rooms_are_entered_and_left_and_invited_ones_are_not_seen() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let user = bruno.id().await;
    let (open, closed) = (owner.room("open", "open").await, owner.room("closed", "invited").await);
    bruno.post_empty(&format!("/rooms/{open}/join")).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(access(&mesh, open, user), Some(Access::Write));
    bruno.post_empty(&format!("/rooms/{open}/leave")).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(access(&mesh, open, user), None);
    bruno.post_empty(&format!("/rooms/{closed}/join")).await.refused(ErrorCode::NotFound);
    bruno.post_empty(&format!("/rooms/{closed}/leave")).await.refused(ErrorCode::NotFound);
    bruno.post_empty("/rooms/nonsense/join").await.refused(ErrorCode::NotFound);
}

#[tokio::test]
async fn members_are_added_up_to_four_and_removed_by_owners() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let id = owner.room("four", "invited").await;
    let mut users = Vec::new();
    for name in ["bruno", "carla", "dora", "emil"] {
        let mut browser = mesh.member(&mut owner, name).await;
        users.push((browser.id().await, browser));
    }
    let path = |user: UserId| format!("/rooms/{id}/members/{user}");
    for (user, _) in users.iter().take(3) {
        owner.put(&path(*user), json!({ "access": "write" })).await.expect(StatusCode::NO_CONTENT);
    }
    owner.put(&path(users[3].0), json!({ "access": "write" })).await.refused(ErrorCode::RoomFull);
    owner.put(&path(users[0].0), json!({ "access": "read" })).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(access(&mesh, id, users[0].0), Some(Access::Read));

    let (emil, dora, carla) = (users[3].0, users[2].0, users[1].0);
    users[0].1.put(&path(emil), json!({ "access": "write" })).await.refused(ErrorCode::Forbidden);
    users[1].1.delete(&path(dora)).await.refused(ErrorCode::Forbidden);
    owner.delete(&path(carla)).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(access(&mesh, id, carla), None);
    users[1].1.delete(&path(emil)).await.refused(ErrorCode::NotFound);
    owner.put(&path(UserId(7)), json!({ "access": "write" })).await.refused(ErrorCode::NotFound);
    owner.put(&path(emil), json!({ "access": "own" })).await.refused(ErrorCode::Malformed);
}

#[tokio::test]
async fn a_room_is_deleted_for_good_by_an_owner() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let id = bruno.room("backend", "open").await;
    let path = format!("/rooms/{id}");
    bruno.delete(&path).await.refused(ErrorCode::Forbidden);
    owner.delete(&path).await.expect(StatusCode::NO_CONTENT);
    assert!(rooms(&mesh).iter().all(|room| room.id != id));
    owner.delete(&path).await.refused(ErrorCode::NotFound);
}

#[tokio::test]
async fn direct_messages_are_found_or_made_and_are_nobody_elses() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let (mut bruno, mut carla) =
        (mesh.member(&mut owner, "bruno").await, mesh.member(&mut owner, "carla").await);
    let with = |user: UserId| json!({ "user": user });
    let (bruno_id, carla_id) = (bruno.id().await, carla.id().await);
    let made: RoomRef = bruno.post("/direct", with(carla_id)).await.expect(StatusCode::OK).json();
    let found: RoomRef = carla.post("/direct", with(bruno_id)).await.expect(StatusCode::OK).json();
    assert_eq!(made, found);
    bruno.post("/direct", with(bruno_id)).await.refused(ErrorCode::NotFound);
    let owner_id = owner.id().await;
    let (one, other) =
        tokio::join!(owner.post("/direct", with(bruno_id)), bruno.post("/direct", with(owner_id)));
    assert_eq!(one.json::<RoomRef>(), other.json::<RoomRef>(), "opened by both at once");
    bruno.post("/direct", with(UserId(7))).await.refused(ErrorCode::NotFound);
    let path = format!("/rooms/{}", made.room);
    owner.patch(&path, json!({ "name": "spy" })).await.refused(ErrorCode::NotFound);
    owner.post_empty(&format!("{path}/join")).await.refused(ErrorCode::NotFound);
    owner.delete(&path).await.refused(ErrorCode::NotFound);
    bruno.post_empty(&format!("{path}/leave")).await.refused(ErrorCode::Forbidden);
}

#[tokio::test]
async fn a_guest_meets_only_people_of_common_rooms() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let id = owner.room("workshop", "invited").await;
    let mut guest = mesh.join(&mut owner, "gaston", Role::Guest, &[id]).await;
    let body = json!({ "user": bruno.id().await });
    guest.post("/direct", body).await.refused(ErrorCode::NotFound);
    let body = json!({ "user": owner.id().await });
    guest.post("/direct", body).await.expect(StatusCode::OK);
    let general = rooms(&mesh).into_iter().find(|room| room.name == "general").unwrap().id;
    guest.post_empty(&format!("/rooms/{general}/join")).await.refused(ErrorCode::NotFound);
}
