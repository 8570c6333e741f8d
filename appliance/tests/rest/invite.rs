//! Links: who makes them, what they show, and that each is used once.

use axum::http::StatusCode;
use mesh_appliance::http::complete_invites;
use mesh_appliance::store::PeopleReads;
use mesh_appliance::store::record::InviteRecord;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::RoomId;
use mesh_protocol::team::{
    Account, Invite, InviteCreated, InviteKind, InviteState, InviteView, Role, UserNameCheck,
};
use serde_json::{Value, json};

use crate::support::{Browser, DAY, HOUR, PASSWORD, TestBox, rooms};

fn create(role: Role, rooms: &[RoomId], expires_in: u64) -> Value {
    json!({ "name": "Bruno", "role": role, "rooms": rooms, "expiresIn": expires_in })
}

async fn view(browser: &mut Browser, token: &str) -> InviteView {
    browser.get(&format!("/invite/{token}")).await.expect(StatusCode::OK).json()
}

async fn listed(owner: &mut Browser) -> Vec<Invite> {
    owner.get("/invites").await.expect(StatusCode::OK).json()
}

#[tokio::test]
async fn an_invited_person_sees_who_invites_joins_and_is_in_the_rooms() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let backend = owner.room("backend", "invited").await;
    let made = owner.post("/invites", create(Role::Member, &[backend], 3600)).await;
    let made: InviteCreated = made.expect(StatusCode::OK).json();
    let mut browser = mesh.browser();
    let seen = view(&mut browser, &made.token).await;
    assert_eq!((seen.kind, seen.state, seen.role), (InviteKind::Join, InviteState::Open, Role::Member));
    assert_eq!((seen.team.as_str(), seen.invited_by.as_str()), ("Atelier", "Alice Martin"));
    assert_eq!((seen.name.as_str(), seen.rooms.as_slice()), ("Bruno", ["backend".to_owned()].as_slice()));
    assert_eq!(seen.user_name, None);

    let account: Account = browser.accept(&made.token, "bruno").await.expect(StatusCode::OK).json();
    assert_eq!((account.user.role, account.user.color), (Role::Member, 1));
    assert_eq!(browser.id().await, account.user.id);
    let room = rooms(&mesh).into_iter().find(|room| room.id == backend).unwrap();
    assert!(room.member(account.user.id).is_some());
    let invites = listed(&mut owner).await;
    assert_eq!((invites[0].state, invites[0].used_by), (InviteState::Used, Some(account.user.id)));
    mesh.browser().accept(&made.token, "carla").await.refused(ErrorCode::InviteUsed);
    mesh.browser().sign_in("bruno", PASSWORD).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn of_two_who_follow_a_link_at_once_one_gets_in() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let link = owner.invite(Role::Member, &[]).await;
    let (mut one, mut other) = (mesh.browser(), mesh.browser());
    let (a, b) = tokio::join!(one.accept(&link.token, "one"), other.accept(&link.token, "other"));
    let mut answers = [a, b];
    answers.sort_by_key(|answer| answer.status);
    let [won, lost] = answers;
    won.expect(StatusCode::OK);
    lost.refused(ErrorCode::InviteUsed);
    assert_ne!(one.is_signed_in().await, other.is_signed_in().await);
}

#[tokio::test]
async fn of_two_who_choose_a_name_at_once_one_gets_it_and_the_other_keeps_the_link() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let links = [owner.invite(Role::Member, &[]).await, owner.invite(Role::Member, &[]).await];
    let (mut one, mut other) = (mesh.browser(), mesh.browser());
    let (a, b) = tokio::join!(one.accept(&links[0].token, "bruno"), other.accept(&links[1].token, "Bruno"));
    let (lost, link, mut loser) =
        if a.status.is_success() { (b, &links[1], other) } else { (a, &links[0], one) };
    lost.refused(ErrorCode::UserNameTaken);
    loser.accept(&link.token, "bruno2").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn links_that_are_over_say_why() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let (expired, revoked) = (owner.invite(Role::Member, &[]).await, owner.invite(Role::Member, &[]).await);
    let path = format!("/invites/{}", revoked.invite.id);
    owner.delete(&path).await.expect(StatusCode::NO_CONTENT);
    owner.delete(&path).await.refused(ErrorCode::InviteRevoked);
    owner.delete("/invites/0000000000001").await.refused(ErrorCode::NotFound);
    mesh.pass(HOUR);
    let mut browser = mesh.browser();
    assert_eq!(view(&mut browser, &expired.token).await.state, InviteState::Expired);
    assert_eq!(view(&mut browser, &revoked.token).await.state, InviteState::Revoked);
    browser.accept(&expired.token, "bruno").await.refused(ErrorCode::InviteExpired);
    browser.accept(&revoked.token, "bruno").await.refused(ErrorCode::InviteRevoked);
    for unknown in ["nonsense", &"0".repeat(64)] {
        browser.get(&format!("/invite/{unknown}")).await.refused(ErrorCode::NotFound);
        browser.accept(unknown, "bruno").await.refused(ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn a_link_is_made_with_care() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let room = rooms(&mesh)[0].id;
    for (field, body) in [
        ("role", create(Role::Owner, &[], 3600)),
        ("rooms", create(Role::Guest, &[], 3600)),
        ("expiresIn", create(Role::Member, &[], 7 * 24 * 3600 + 1)),
        ("expiresIn", create(Role::Member, &[], 3599)),
        ("expiresIn", create(Role::Member, &[], 0)),
        ("name", json!({ "name": "\u{202e}x", "role": "member", "rooms": [], "expiresIn": 3600 })),
    ] {
        owner.post("/invites", body).await.refused_field(field);
    }
    owner.post("/invites", create(Role::Member, &[RoomId(7)], 3600)).await.refused(ErrorCode::NotFound);
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let direct = owner.post("/direct", json!({ "user": bruno.id().await })).await.expect(StatusCode::OK);
    let direct = direct.json::<mesh_protocol::room::RoomRef>().room;
    let refused = owner.post("/invites", create(Role::Guest, &[direct], 3600)).await;
    refused.refused(ErrorCode::Forbidden);

    bruno.post("/invites", create(Role::Guest, &[room], 3600)).await.refused(ErrorCode::Forbidden);
    bruno.get("/invites").await.refused(ErrorCode::Forbidden);
    mesh.browser().post("/invites", create(Role::Guest, &[room], 3600)).await.refused(ErrorCode::SignedOut);
    let id = owner.invite(Role::Member, &[]).await.invite.id;
    bruno.delete(&format!("/invites/{id}")).await.refused(ErrorCode::Forbidden);
}

#[tokio::test]
async fn a_team_has_so_many_open_links_and_old_ones_are_forgotten() {
    let (mesh, mut owner) = TestBox::claimed().await;
    for _ in 0..mesh_protocol::limit::OPEN_INVITES {
        owner.invite(Role::Member, &[]).await;
    }
    owner.post("/invites", create(Role::Member, &[], 3600)).await.refused(ErrorCode::LimitReached);
    mesh.pass(HOUR);
    owner.invite(Role::Member, &[]).await;
    assert_eq!(listed(&mut owner).await.len(), mesh_protocol::limit::OPEN_INVITES + 1);
    for _ in 0..20 {
        mesh.pass(DAY / 2 - 1);
        assert!(owner.is_signed_in().await);
    }
    owner.invite(Role::Member, &[]).await;
    assert_eq!(listed(&mut owner).await.len(), 1);
}

#[tokio::test]
async fn a_guest_comes_without_a_password_for_a_day() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let room = owner.room("workshop", "invited").await;
    let link = owner.invite(Role::Guest, &[room]).await;
    let mut guest = mesh.browser();
    let body = json!({ "name": "Gaston", "userName": "gaston", "password": "" });
    let account: Account =
        guest.post(&format!("/invite/{}/accept", link.token), body).await.expect(StatusCode::OK).json();
    assert_eq!(account.user.role, Role::Guest);
    assert_eq!(account.user.expires_at.unwrap().0, mesh.now() + DAY);
    guest.get("/people").await.refused(ErrorCode::Forbidden);
    guest.delete("/sessions").await.expect(StatusCode::NO_CONTENT);
    guest.post("/session/confirm", json!({ "password": "" })).await.refused(ErrorCode::CredentialsWrong);
    mesh.browser().sign_in("gaston", "").await.refused(ErrorCode::CredentialsWrong);
    for passes in [8 * HOUR, 8 * HOUR, 8 * HOUR - 1] {
        mesh.pass(passes);
        assert!(guest.is_signed_in().await);
    }
    mesh.pass(1);
    assert!(!guest.is_signed_in().await);
}

#[tokio::test]
async fn a_guest_with_a_password_cannot_come_back_after_the_day() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let room = rooms(&mesh)[0].id;
    mesh.join(&mut owner, "gaston", Role::Guest, &[room]).await;
    mesh.browser().sign_in("gaston", PASSWORD).await.expect(StatusCode::OK);
    mesh.pass(DAY);
    mesh.browser().sign_in("gaston", PASSWORD).await.refused(ErrorCode::CredentialsWrong);
}

#[tokio::test]
async fn a_member_needs_a_password_and_a_name() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let link = owner.invite(Role::Member, &[]).await;
    let mut browser = mesh.browser();
    for (field, value) in
        [("password", ""), ("password", "short"), ("name", ""), ("userName", ""), ("userName", "Al!ce")]
    {
        let mut body = json!({ "name": "Bruno", "userName": "bruno", "password": PASSWORD });
        body[field] = json!(value);
        browser.post(&format!("/invite/{}/accept", link.token), body).await.refused_field(field);
    }
    browser.accept(&link.token, "ALICE").await.refused(ErrorCode::UserNameTaken);
    browser.accept(&link.token, "bruno").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn full_rooms_keep_a_guest_out_and_let_a_member_in() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let room = rooms(&mesh)[0].id;
    let guest = owner.invite(Role::Guest, &[room]).await;
    for name in ["one", "two", "three"] {
        mesh.join(&mut owner, name, Role::Member, &[room]).await;
    }
    let mut late = mesh.join(&mut owner, "late", Role::Member, &[room]).await;
    let late = late.id().await;
    assert!(rooms(&mesh)[0].member(late).is_none());
    mesh.browser().accept(&guest.token, "gaston").await.refused(ErrorCode::RoomFull);
    assert_eq!(view(&mut mesh.browser(), &guest.token).await.state, InviteState::Open);
}

#[tokio::test]
async fn user_names_are_looked_up_by_who_holds_an_open_link() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let link = owner.invite(Role::Member, &[]).await;
    let mut browser = mesh.browser();
    for (name, free) in [("bruno", true), ("Alice", false), ("everyone", false), ("a%20b", false)] {
        let path = format!("/user-names/{name}?invite={}", link.token);
        let check: UserNameCheck = browser.get(&path).await.expect(StatusCode::OK).json();
        assert_eq!(check.free, free, "{name}");
    }
    browser.get("/user-names/alice?invite=guess").await.refused(ErrorCode::NotFound);
    browser.get("/user-names/alice").await.refused(ErrorCode::Malformed);
    mesh.pass(HOUR);
    browser.get(&format!("/user-names/alice?invite={}", link.token)).await.refused(ErrorCode::InviteExpired);
}

#[tokio::test]
async fn joining_in_a_signed_in_browser_replaces_its_session() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let link = owner.invite(Role::Member, &[]).await;
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let mut copy = bruno.clone();
    bruno.accept(&link.token, "carla").await.expect(StatusCode::OK);
    assert_eq!(bruno.account().await.user.user_name, "carla");
    assert!(!copy.is_signed_in().await);
}

#[tokio::test]
async fn who_came_while_the_box_lost_power_still_gets_into_the_rooms_once() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let rooms_of_link = [owner.room("one", "invited").await, owner.room("two", "invited").await];
    let link = owner.invite(Role::Guest, &rooms_of_link).await;
    let mut guest = mesh.browser();
    guest.accept(&link.token, "gaston").await.expect(StatusCode::OK);
    let id = guest.id().await;
    let invite = || mesh.state.store.read(|view| view.invite(link.invite.id)).unwrap().unwrap();
    let is_in = |room: RoomId| rooms(&mesh).iter().any(|one| one.id == room && one.member(id).is_some());
    assert!(invite().entering.is_empty() && rooms_of_link.into_iter().all(is_in));
    for room in rooms_of_link {
        owner.delete(&format!("/rooms/{room}/members/{id}")).await.expect(StatusCode::NO_CONTENT);
    }
    // As the power cut leaves it after the account is made, and after the first room is entered.
    let left = InviteRecord { entering: vec![rooms_of_link[1], RoomId(7)], ..invite() };
    mesh.state.store.write(move |change| change.put_invite(&left)).await.unwrap();
    let complete = || complete_invites(&mesh.state.store, &mesh.state.hub, mesh.state.clock.wall());
    complete().await.unwrap();
    assert!(!is_in(rooms_of_link[1]), "the request itself may still be at it");
    mesh.pass(HOUR);
    complete().await.unwrap();
    assert!(is_in(rooms_of_link[1]) && !is_in(rooms_of_link[0]));
    assert!(invite().entering.is_empty(), "a room that is gone is no longer waited for");
    owner.delete(&format!("/rooms/{}/members/{id}", rooms_of_link[1])).await.expect(StatusCode::NO_CONTENT);
    complete().await.unwrap();
    assert!(!is_in(rooms_of_link[1]), "whoever was removed is not brought back");
}
