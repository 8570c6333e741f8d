//! The way back in for an owner who forgot the password: a code from the box itself, used once, soon.

use axum::http::StatusCode;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::team::{Account, InviteCreated, Role};
use serde_json::{Value, json};

use crate::socket::Door;
use crate::support::{Browser, MINUTE, PASSWORD, TestBox};

const NEW: &str = "a password found again";

/// The code that `mesh-appliance recovery-code` would make now.
fn make(mesh: &TestBox) -> String {
    mesh.state.recovery.write(mesh.state.clock.wall()).unwrap()
}

fn there_is_a_file(mesh: &TestBox) -> bool {
    mesh.folder.path().join("recovery-code").exists()
}

fn body(code: &str, user_name: &str) -> Value {
    json!({ "code": code, "userName": user_name, "password": NEW })
}

async fn assert_old_password_works(mesh: &TestBox) {
    mesh.browser().sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_sole_owner_comes_back_and_everything_of_before_ends() {
    let (mesh, mut laptop) = TestBox::claimed().await;
    let door = Door::open(&mesh).await;
    let mut socket = door.connect(&laptop).await.unwrap();
    let code = make(&mesh);
    let mut phone = mesh.browser();
    let answer = phone.post("/recovery", body(&code.to_lowercase(), " Alice ")).await.expect(StatusCode::OK);
    let account: Account = answer.json();
    assert_eq!((account.user.user_name.as_str(), account.user.role), ("alice", Role::Owner));
    assert!(!there_is_a_file(&mesh));
    assert_eq!(socket.close_code().await, Some(4001), "a live WebSocket is closed at once");
    assert!(!laptop.is_signed_in().await && phone.is_signed_in().await);
    assert!(door.connect(&phone).await.is_ok());
    mesh.browser().sign_in("alice", PASSWORD).await.refused(ErrorCode::CredentialsWrong);
    mesh.browser().sign_in("alice", NEW).await.expect(StatusCode::OK);
    mesh.browser().post("/recovery", body(&code, "alice")).await.refused(ErrorCode::RecoveryCodeWrong);
}

#[tokio::test]
async fn links_to_a_new_password_end_and_the_browsers_former_session_too() {
    let (mesh, mut alice) = TestBox::claimed().await;
    let mut bruno = mesh.member(&mut alice, "bruno").await;
    let path = format!("/people/{}/reset", alice.id().await);
    let link: InviteCreated = alice.post_empty(&path).await.expect(StatusCode::OK).json();
    let before = bruno.clone();
    bruno.post("/recovery", body(&make(&mesh), "alice")).await.expect(StatusCode::OK);
    assert_eq!(bruno.account().await.user.user_name, "alice", "the browser is alice's now");
    assert!(!before.clone().is_signed_in().await);
    mesh.browser().accept(&link.token, "").await.refused(ErrorCode::InviteRevoked);
}

#[tokio::test]
async fn whoever_is_no_owner_gets_the_answer_of_a_wrong_code() {
    let (mesh, mut alice) = TestBox::claimed().await;
    let mut bruno = mesh.member(&mut alice, "bruno").await;
    let mut carla = mesh.member(&mut alice, "carla").await;
    let carla_id = carla.id().await;
    let path = format!("/people/{carla_id}");
    alice.patch(&path, json!({ "role": "owner" })).await.expect(StatusCode::NO_CONTENT);
    alice.delete(&path).await.expect(StatusCode::NO_CONTENT);
    let code = make(&mesh);
    let before = mesh.state.passwords.computed();
    let mut answers = Vec::new();
    for (code, name) in
        [(code.as_str(), "bruno"), (&code, "carla"), (&code, "nobody"), (&code, ""), ("00000000", "alice")]
    {
        let answer = mesh.browser().post("/recovery", body(code, name)).await;
        answers.push(answer.refused(ErrorCode::RecoveryCodeWrong).body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "all are answered alike");
    assert!(String::from_utf8_lossy(&answers[0]).contains("ask an owner for a link"));
    assert_eq!(mesh.state.passwords.computed(), before, "a refusal costs no hash");
    assert!(bruno.is_signed_in().await && there_is_a_file(&mesh), "nothing happened");
    mesh.browser().post("/recovery", body(&code, "alice")).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn without_a_code_on_the_box_every_code_is_wrong() {
    let (mesh, _alice) = TestBox::claimed().await;
    for code in ["", "00000000", "K7QD-92XM", &"0".repeat(10_000)] {
        let answer = mesh.browser().post("/recovery", body(code, "alice")).await;
        let refusal = answer.refused(ErrorCode::RecoveryCodeWrong).refusal();
        assert_eq!((refusal.tries_left, refusal.retry_after), (None, None));
    }
    assert_old_password_works(&mesh).await;
}

#[tokio::test]
async fn a_code_lasts_a_quarter_of_an_hour() {
    let (mesh, _alice) = TestBox::claimed().await;
    let code = make(&mesh);
    mesh.pass(15 * MINUTE);
    mesh.browser().post("/recovery", body(&code, "alice")).await.refused(ErrorCode::RecoveryCodeWrong);
    assert!(!there_is_a_file(&mesh), "an old code is deleted");
    assert_old_password_works(&mesh).await;
    let code = make(&mesh);
    mesh.pass(15 * MINUTE - 1);
    mesh.browser().post("/recovery", body(&code, "alice")).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_fresh_box_is_claimed_not_recovered() {
    let mesh = TestBox::start().await;
    let code = make(&mesh);
    for code in [code.as_str(), "00000000"] {
        mesh.browser().post("/recovery", body(code, "alice")).await.refused(ErrorCode::NotClaimed);
    }
}

#[tokio::test]
async fn a_password_that_is_not_accepted_uses_nothing_up() {
    let (mesh, _alice) = TestBox::claimed().await;
    let code = make(&mesh);
    let mut browser = mesh.browser();
    for password in ["", "too short", &"x".repeat(1025)] {
        let refused = json!({ "code": code, "userName": "alice", "password": password });
        for _ in 0..7 {
            browser.post("/recovery", refused.clone()).await.refused_field("password");
        }
    }
    browser.post("/recovery", body(&code, "alice")).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn guessing_is_slowed_down_by_source_and_never_locks_out() {
    let (mesh, _alice) = TestBox::claimed().await;
    let code = make(&mesh);
    let mut stranger = mesh.browser();
    for try_number in 1..=6 {
        let answer = stranger.post("/recovery", body("00000000", "alice")).await;
        let waits = answer.refused(ErrorCode::RecoveryCodeWrong).refusal().retry_after;
        assert_eq!(waits, (try_number == 6).then_some(1), "try {try_number}");
    }
    let slowed = stranger.post("/recovery", body(&code, "alice")).await.refused(ErrorCode::TooMany);
    assert_eq!(slowed.headers["retry-after"], "1");
    mesh.pass(1_000);
    stranger.post("/recovery", body(&code, "alice")).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn of_two_who_show_the_code_at_once_one_gets_in() {
    let (mesh, _alice) = TestBox::claimed().await;
    let code = make(&mesh);
    let show = async |mut browser: Browser, password: &'static str| {
        let body = json!({ "code": code, "userName": "alice", "password": password });
        let answer = browser.post("/recovery", body).await;
        (answer.status, password)
    };
    let (one, other) =
        tokio::join!(show(mesh.browser(), "the first of both"), show(mesh.browser(), "the second of both"));
    let mut answers = [one, other];
    answers.sort_unstable();
    let [(won, password), (lost, _)] = answers;
    assert_eq!((won, lost), (StatusCode::OK, StatusCode::UNAUTHORIZED));
    mesh.browser().sign_in("alice", password).await.expect(StatusCode::OK);
}
