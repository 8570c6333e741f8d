//! People and the team: roles, removal, reset links, and the last owner.

use axum::http::StatusCode;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::team::{InviteCreated, InviteKind, InviteView, Person, Role, Team};
use serde_json::{Value, json};

use crate::support::{DAY, MINUTE, PASSWORD, TestBox, rooms};

fn role(role: Role) -> Value {
    json!({ "role": role })
}

#[tokio::test]
async fn owners_list_people_with_what_only_owners_see() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut bruno = mesh.join(&mut owner, "bruno", Role::Member, &[rooms(&mesh)[0].id]).await;
    mesh.pass(MINUTE);
    let id = bruno.id().await;
    owner.post("/direct", json!({ "user": id })).await.expect(StatusCode::OK);
    let people: Vec<Person> = owner.get("/people").await.expect(StatusCode::OK).json();
    assert_eq!(people.len(), 2);
    let person = people.iter().find(|person| person.user.id == id).unwrap();
    assert_eq!((person.sessions, person.rooms), (1, 1), "direct messages are not counted");
    assert_eq!(person.last_seen.unwrap().0, mesh.now());
    bruno.get("/people").await.refused(ErrorCode::Forbidden);
    mesh.browser().get("/people").await.refused(ErrorCode::SignedOut);
}

#[tokio::test]
async fn sensitive_actions_ask_for_the_password_after_five_minutes() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let room = rooms(&mesh)[0].id;
    let path = format!("/people/{}", bruno.id().await);
    mesh.pass(5 * MINUTE + 1);
    let before = mesh.state.store.read(|view| mesh_appliance::store::PeopleReads::users(view)).unwrap();
    owner.patch(&path, role(Role::Owner)).await.refused(ErrorCode::ReauthenticationNeeded);
    owner.delete(&path).await.refused(ErrorCode::ReauthenticationNeeded);
    owner.post_empty(&format!("{path}/reset")).await.refused(ErrorCode::ReauthenticationNeeded);
    owner.delete(&format!("/rooms/{room}")).await.refused(ErrorCode::ReauthenticationNeeded);
    let after = mesh.state.store.read(|view| mesh_appliance::store::PeopleReads::users(view)).unwrap();
    assert!(before == after && bruno.is_signed_in().await);
    owner.confirm().await;
    owner.patch(&path, role(Role::Owner)).await.expect(StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_new_role_ends_the_sessions_of_the_old_one() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let path = format!("/people/{}", bruno.id().await);
    owner.patch(&path, role(Role::Member)).await.expect(StatusCode::NO_CONTENT);
    assert!(bruno.is_signed_in().await, "nothing changed");
    owner.patch(&path, role(Role::Guest)).await.refused_field("role");
    owner.patch(&path, role(Role::Owner)).await.expect(StatusCode::NO_CONTENT);
    assert!(!bruno.is_signed_in().await);
    bruno.sign_in("bruno", PASSWORD).await.expect(StatusCode::OK);
    assert_eq!(bruno.account().await.user.role, Role::Owner);
    bruno.get("/people").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_guest_who_becomes_a_member_stays() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut guest = mesh.join(&mut owner, "gaston", Role::Guest, &[rooms(&mesh)[0].id]).await;
    let path = format!("/people/{}", guest.id().await);
    owner.patch(&path, role(Role::Member)).await.expect(StatusCode::NO_CONTENT);
    mesh.pass(2 * DAY);
    guest.sign_in("gaston", PASSWORD).await.expect(StatusCode::OK);
    assert_eq!(guest.account().await.user.expires_at, None);
}

#[tokio::test]
async fn the_last_owner_stays_owner() {
    let (mesh, mut owner) = TestBox::claimed().await;
    mesh.member(&mut owner, "bruno").await;
    let path = format!("/people/{}", owner.id().await);
    owner.patch(&path, role(Role::Member)).await.refused(ErrorCode::LastOwner);
    owner.delete(&path).await.refused(ErrorCode::LastOwner);
    assert_eq!(owner.account().await.user.role, Role::Owner);
}

#[tokio::test]
async fn of_two_owners_who_demote_each_other_at_once_one_stays() {
    for removes in [false, true] {
        let (mesh, mut alice) = TestBox::claimed().await;
        let mut bruno = mesh.member(&mut alice, "bruno").await;
        let of_alice = format!("/people/{}", alice.id().await);
        let of_bruno = format!("/people/{}", bruno.id().await);
        alice.patch(&of_bruno, role(Role::Owner)).await.expect(StatusCode::NO_CONTENT);
        bruno.sign_in("bruno", PASSWORD).await.expect(StatusCode::OK);
        let (a, b) = if removes {
            tokio::join!(alice.delete(&of_bruno), bruno.delete(&of_alice))
        } else {
            let (one, other) = (role(Role::Member), role(Role::Member));
            tokio::join!(alice.patch(&of_bruno, one), bruno.patch(&of_alice, other))
        };
        assert_eq!([a.status, b.status].iter().filter(|s| s.is_success()).count(), 1, "{a:?} {b:?}");
        let users = mesh.state.store.read(|view| mesh_appliance::store::PeopleReads::users(view)).unwrap();
        let owners = users.iter().filter(|user| user.role == Role::Owner && !user.removed);
        assert_eq!(owners.count(), 1);
    }
}

#[tokio::test]
async fn somebody_removed_loses_everything_and_what_they_wrote_stays() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let room = rooms(&mesh)[0].id;
    let mut bruno = mesh.join(&mut owner, "bruno", Role::Member, &[room]).await;
    let id = bruno.id().await;
    let path = format!("/people/{id}");
    bruno.delete(&path).await.refused(ErrorCode::Forbidden);
    owner.delete("/people/0000000000001").await.refused(ErrorCode::NotFound);
    owner.delete(&path).await.expect(StatusCode::NO_CONTENT);
    assert!(!bruno.is_signed_in().await);
    bruno.sign_in("bruno", PASSWORD).await.refused(ErrorCode::CredentialsWrong);
    owner.delete(&path).await.refused(ErrorCode::NotFound);
    owner.post_empty(&format!("{path}/reset")).await.refused(ErrorCode::NotFound);
    owner.patch(&path, role(Role::Owner)).await.refused(ErrorCode::NotFound);
    let people: Vec<Person> = owner.get("/people").await.json();
    assert!(people.iter().any(|person| person.user.id == id && person.user.removed));
    let link = owner.invite(Role::Member, &[]).await;
    mesh.browser().accept(&link.token, "bruno").await.refused(ErrorCode::UserNameTaken);
}

#[tokio::test]
async fn links_die_with_their_makers_right_to_make_them() {
    for removes in [false, true] {
        let (mesh, mut alice) = TestBox::claimed().await;
        let mut bruno = mesh.member(&mut alice, "bruno").await;
        let path = format!("/people/{}", bruno.id().await);
        alice.patch(&path, role(Role::Owner)).await.expect(StatusCode::NO_CONTENT);
        bruno.sign_in("bruno", PASSWORD).await.expect(StatusCode::OK);
        let link = bruno.invite(Role::Member, &[]).await;
        if removes {
            alice.delete(&path).await.expect(StatusCode::NO_CONTENT);
        } else {
            alice.patch(&path, role(Role::Member)).await.expect(StatusCode::NO_CONTENT);
        }
        mesh.browser().accept(&link.token, "carla").await.refused(ErrorCode::InviteRevoked);
    }
}

#[tokio::test]
async fn a_reset_link_sets_a_new_password_once_and_ends_all_sessions() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let path = format!("/people/{}/reset", bruno.id().await);
    bruno.post_empty(&path).await.refused(ErrorCode::Forbidden);
    let first: InviteCreated = owner.post_empty(&path).await.expect(StatusCode::OK).json();
    let link: InviteCreated = owner.post_empty(&path).await.expect(StatusCode::OK).json();
    let mut laptop = mesh.browser();
    laptop.accept(&first.token, "ignored").await.refused(ErrorCode::InviteRevoked);
    let view: InviteView = laptop.get(&format!("/invite/{}", link.token)).await.json();
    assert_eq!((view.kind, view.user_name.as_deref()), (InviteKind::Reset, Some("bruno")));

    let path = format!("/invite/{}/accept", link.token);
    let body = |password: &str| json!({ "name": "", "userName": "", "password": password });
    laptop.post(&path, body("short")).await.refused_field("password");
    laptop.post(&path, body("a new password")).await.expect(StatusCode::OK);
    assert_eq!(laptop.account().await.user.user_name, "bruno");
    assert!(!bruno.is_signed_in().await);
    laptop.post(&path, body("another password")).await.refused(ErrorCode::InviteUsed);
    mesh.browser().sign_in("bruno", PASSWORD).await.refused(ErrorCode::CredentialsWrong);
    mesh.browser().sign_in("bruno", "a new password").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_reset_link_does_not_outlive_the_password_it_replaces() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let path = format!("/people/{}", bruno.id().await);
    let link: InviteCreated = owner.post_empty(&format!("{path}/reset")).await.json();
    let body = json!({ "current": PASSWORD, "new": "a new password" });
    bruno.post("/account/password", body).await.expect(StatusCode::NO_CONTENT);
    mesh.browser().accept(&link.token, "").await.refused(ErrorCode::InviteRevoked);
    let link: InviteCreated = owner.post_empty(&format!("{path}/reset")).await.json();
    owner.delete(&path).await.expect(StatusCode::NO_CONTENT);
    mesh.browser().accept(&link.token, "").await.refused(ErrorCode::InviteRevoked);
}

#[tokio::test]
async fn owners_rename_the_team() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let team: Team = owner.patch("/team", json!({ "name": " Studio " })).await.expect(StatusCode::OK).json();
    assert_eq!(team.name, "Studio");
    owner.patch("/team", json!({ "name": "" })).await.refused_field("name");
    let mut bruno = mesh.member(&mut owner, "bruno").await;
    bruno.patch("/team", json!({ "name": "Mine" })).await.refused(ErrorCode::Forbidden);
    let status: mesh_protocol::team::Status = mesh.browser().get("/status").await.json();
    assert_eq!(status.team.as_deref(), Some("Studio"));
}
