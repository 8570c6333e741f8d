//! The first run: who has the code makes the team, once.

use std::time::Duration;

use axum::http::StatusCode;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::team::{Account, Role, SetupStep, Status, Trust};
use mesh_protocol::time::UnixMillis;
use serde_json::json;

use crate::support::{HOUR, MINUTE, PASSWORD, TestBox, owner_body};

#[tokio::test]
async fn the_code_opens_the_box_and_is_gone_afterwards() {
    let mesh = TestBox::start().await;
    let mut browser = mesh.browser();
    let status: Status = browser.get("/status").await.json();
    assert_eq!((status.claimed, status.team), (false, None));
    let file = mesh.folder.path().join("claim-code");
    let code = mesh.code();
    assert!(file.exists());

    browser.claim(&code.to_lowercase()).await;
    assert!(!file.exists(), "the code is deleted once the owner is on disk");
    let account = browser.account().await;
    assert_eq!((account.user.user_name.as_str(), account.user.role), ("alice", Role::Owner));
    assert_eq!(account.user.name, "Alice Martin");
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["__Host-mesh"], "the claim cookie is gone");
    let status: Status = mesh.browser().get("/status").await.json();
    assert_eq!((status.claimed, status.team.as_deref()), (true, Some("Atelier")));
    assert_eq!(status.claim_since, None);
}

#[tokio::test]
async fn a_claimed_box_cannot_be_claimed_again() {
    let mesh = TestBox::start().await;
    let code = mesh.code();
    let (mut first, mut second) = (mesh.browser(), mesh.browser());
    first.claim(&code).await;
    let body = json!({ "code": code });
    second.post("/claim", body).await.refused(ErrorCode::AlreadyClaimed);
    second.post("/claim/owner", owner_body()).await.refused(ErrorCode::AlreadyClaimed);
}

#[tokio::test]
async fn of_two_browsers_that_claim_at_once_one_becomes_owner() {
    let mesh = TestBox::start().await;
    let mut browser = mesh.browser();
    browser.post("/claim", json!({ "code": mesh.code() })).await.expect(StatusCode::NO_CONTENT);
    let (mut one, mut other) = (browser.clone(), browser.clone());
    let (a, b) =
        tokio::join!(one.post("/claim/owner", owner_body()), other.post("/claim/owner", owner_body()));
    let mut answers = [a, b];
    answers.sort_by_key(|answer| answer.status);
    let [won, lost] = answers;
    let account: Account = won.expect(StatusCode::OK).json();
    lost.refused(ErrorCode::AlreadyClaimed);
    let mut winner = if one.is_signed_in().await { one } else { other };
    assert_eq!(winner.id().await, account.user.id);
}

#[tokio::test]
async fn the_second_browser_sees_that_somebody_is_at_it_and_takes_over_by_the_code() {
    let mesh = TestBox::start().await;
    let code = json!({ "code": mesh.code() });
    let (mut first, mut second) = (mesh.browser(), mesh.browser());
    first.post("/claim", code.clone()).await.expect(StatusCode::NO_CONTENT);
    let since = UnixMillis(mesh.now());
    mesh.pass(5 * MINUTE);
    assert_eq!(second.get("/status").await.json::<Status>().claim_since, Some(since));
    assert_eq!(first.get("/status").await.json::<Status>().claim_since, None, "it is this very browser");

    second.post("/claim", code).await.expect(StatusCode::NO_CONTENT);
    first.post("/claim/owner", owner_body()).await.refused(ErrorCode::ClaimCodeWrong);
    second.post("/claim/owner", owner_body()).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_claim_that_is_left_alone_ends() {
    let mesh = TestBox::start().await;
    let mut browser = mesh.browser();
    browser.post("/claim", json!({ "code": mesh.code() })).await.expect(StatusCode::NO_CONTENT);
    mesh.pass(HOUR);
    assert_eq!(mesh.browser().get("/status").await.json::<Status>().claim_since, None);
    browser.post("/claim/owner", owner_body()).await.refused(ErrorCode::ClaimCodeWrong);
}

#[tokio::test]
async fn guessing_the_code_is_slowed_down_by_source() {
    let mesh = TestBox::start().await;
    let code = mesh.code();
    let mut stranger = mesh.browser();
    for left in (0..5).rev() {
        let refusal = stranger.post("/claim", json!({ "code": "WRONG" })).await;
        let refusal = refusal.refused(ErrorCode::ClaimCodeWrong).refusal();
        assert_eq!((refusal.retry_after, refusal.tries_left), (None, Some(left)));
    }
    let last = stranger.post("/claim", json!({ "code": "WRONG" })).await.refused(ErrorCode::ClaimCodeWrong);
    let last = last.refusal();
    assert_eq!((last.retry_after, last.tries_left), (Some(1), None), "says that the next try has to wait");
    let slowed = stranger.post("/claim", json!({ "code": code })).await.refused(ErrorCode::TooMany);
    assert_eq!(slowed.refusal().retry_after, Some(1));
    assert_eq!(slowed.headers["retry-after"], "1");

    mesh.browser().post("/claim", json!({ "code": code })).await.expect(StatusCode::NO_CONTENT);
    mesh.pass(Duration::from_secs(1).as_millis() as u64);
    stranger.post("/claim", json!({ "code": code })).await.expect(StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_the_owner_fills_in_is_checked_field_by_field() {
    let mesh = TestBox::start().await;
    let mut browser = mesh.browser();
    browser.post("/claim/owner", owner_body()).await.refused(ErrorCode::ClaimCodeWrong);
    browser.post("/claim", json!({ "code": mesh.code() })).await.expect(StatusCode::NO_CONTENT);
    let long = "x".repeat(49);
    for (field, value) in [
        ("team", ""),
        ("team", long.as_str()),
        ("name", "\u{202e}evil"),
        ("userName", "two words"),
        ("userName", "everyone"),
        ("password", "too short"),
    ] {
        let mut body = owner_body();
        body[field] = json!(value);
        browser.post("/claim/owner", body).await.refused_field(field);
    }
    let before = mesh.state.passwords.computed();
    let mut body = owner_body();
    body["password"] = json!("x".repeat(1025));
    browser.post("/claim/owner", body).await.refused_field("password");
    assert_eq!(mesh.state.passwords.computed(), before, "a refused password costs no hash");
    browser.post("/claim/owner", owner_body()).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn the_first_room_is_there_and_the_owner_is_in_it() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let id = owner.id().await;
    let mut member = mesh.member(&mut owner, "bruno").await;
    let rooms = crate::support::rooms(&mesh);
    assert_eq!(rooms.len(), 1);
    let general = &rooms[0];
    assert_eq!(general.name, "general");
    assert_eq!(general.members.iter().map(|member| member.user).collect::<Vec<_>>(), [id]);
    member.post_empty(&format!("/rooms/{}/join", general.id)).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(crate::support::rooms(&mesh)[0].members.len(), 2);
}

#[tokio::test]
async fn steps_of_the_first_run_are_remembered() {
    let (mesh, mut owner) = TestBox::claimed().await;
    assert_eq!(owner.account().await.setup_done, []);
    owner.post_empty("/setup/people").await.expect(StatusCode::NO_CONTENT);
    owner.post_empty("/setup/people").await.expect(StatusCode::NO_CONTENT);
    assert_eq!(owner.account().await.setup_done, [SetupStep::People]);
    owner.post_empty("/setup/dance").await.refused(ErrorCode::NotFound);
    let mut member = mesh.member(&mut owner, "bruno").await;
    member.post_empty("/setup/trust").await.refused(ErrorCode::Forbidden);
    mesh.browser().post_empty("/setup/trust").await.refused(ErrorCode::SignedOut);
}

#[tokio::test]
async fn the_box_says_how_it_proves_who_it_is() {
    let mesh = TestBox::start().await;
    let trust: Trust = mesh.browser().get("/trust").await.expect(StatusCode::OK).json();
    assert_eq!(trust.fingerprint.split(':').count(), 32);
    assert!(!trust.own_certificate);
    assert!(trust.expires_at.0 > mesh.now());
    assert!(trust.names.contains(&"localhost".to_owned()));
}

#[tokio::test]
async fn the_owner_signs_in_again_on_another_device() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut laptop = mesh.browser();
    laptop.sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
    assert_eq!(laptop.id().await, owner.id().await);
}
