//! Signing in and out, and how long that lasts.

use axum::http::StatusCode;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::session::Session;
use serde_json::json;

use crate::support::{Browser, DAY, HOUR, MINUTE, PASSWORD, TestBox};

async fn sessions(browser: &mut Browser) -> Vec<Session> {
    browser.get("/sessions").await.expect(StatusCode::OK).json()
}

#[tokio::test]
async fn nobody_learns_which_part_was_wrong() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut gone = mesh.member(&mut owner, "gone").await;
    let gone_id = gone.id().await;
    owner.delete(&format!("/people/{gone_id}")).await.expect(StatusCode::NO_CONTENT);
    let mut answers = Vec::new();
    for (name, password) in
        [("alice", "wrong wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("no such name", PASSWORD)]
    {
        let before = mesh.state.passwords.computed();
        let answer = mesh.browser().sign_in(name, password).await.refused(ErrorCode::CredentialsWrong);
        assert_eq!(mesh.state.passwords.computed() - before, 1, "{name} costs one hash like everybody");
        answers.push((answer.status, answer.body, answer.headers));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn user_names_are_taken_without_regard_to_case() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut browser = mesh.browser();
    browser.sign_in(" ALICE ", PASSWORD).await.expect(StatusCode::OK);
    assert_eq!(browser.id().await, owner.id().await);
}

#[tokio::test]
async fn a_session_ends_twelve_hours_after_its_last_use() {
    let (mesh, mut owner) = TestBox::claimed().await;
    for _ in 0..4 {
        mesh.pass(12 * HOUR - 1);
        assert!(owner.is_signed_in().await, "each use starts the time anew");
    }
    mesh.pass(12 * HOUR);
    assert!(!owner.is_signed_in().await);
    assert!(!owner.is_signed_in().await, "asking does not bring it back");
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_much_it_is_used() {
    let (mesh, mut owner) = TestBox::claimed().await;
    for _ in 0..60 {
        mesh.pass(DAY / 2 - 1);
        assert!(owner.is_signed_in().await);
    }
    mesh.pass(60);
    assert!(!owner.is_signed_in().await);
}

#[tokio::test]
async fn the_last_use_is_known_exactly_and_written_rarely() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let id = sessions(&mut owner).await[0].id;
    let on_disk = || {
        use mesh_appliance::store::PeopleReads;
        mesh.state.store.read(|view| view.session(id)).unwrap().unwrap().last_seen.0
    };
    // What nobody waits for goes with the next write of something else.
    let written = {
        owner.patch("/account", json!({ "color": 1 })).await.expect(StatusCode::OK);
        on_disk()
    };
    mesh.pass(9 * MINUTE);
    assert_eq!(sessions(&mut owner).await[0].last_seen.0, mesh.now());
    owner.patch("/account", json!({ "color": 2 })).await.expect(StatusCode::OK);
    assert_eq!(on_disk(), written, "nine minutes are not worth a write");
    mesh.pass(MINUTE);
    owner.patch("/account", json!({ "color": 3 })).await.expect(StatusCode::OK);
    assert_eq!(on_disk(), mesh.now());
}

#[tokio::test]
async fn what_is_over_is_swept_from_the_disk() {
    let (mesh, mut owner) = TestBox::claimed().await;
    mesh.member(&mut owner, "bruno").await;
    mesh.pass(11 * HOUR);
    assert!(owner.is_signed_in().await);
    mesh.pass(HOUR);
    let state = &mesh.state;
    state.sessions.sweep(&state.store, &state.hub, state.clock.wall()).await.unwrap();
    let left = state.store.read(|view| mesh_appliance::store::PeopleReads::sessions(view)).unwrap();
    assert_eq!(left.iter().map(|session| session.user).collect::<Vec<_>>(), [owner.id().await]);
}

#[tokio::test]
async fn signing_in_gives_a_new_session_and_ends_the_browsers_former_one() {
    let (_mesh, mut owner) = TestBox::claimed().await;
    let before = owner.clone();
    owner.sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
    assert_ne!(owner.cookies, before.cookies);
    assert!(!before.clone().is_signed_in().await, "a cookie planted or stolen before is of no use");
    assert_eq!(sessions(&mut owner).await.len(), 1);
}

#[tokio::test]
async fn sessions_are_listed_in_words_and_ended_one_by_one() {
    let (mesh, mut owner) = TestBox::claimed().await;
    mesh.pass(MINUTE);
    let mut phone = mesh.browser_at("2001:db8::7".parse().unwrap());
    phone.agent = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36";
    phone.sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
    let listed = sessions(&mut phone).await;
    assert_eq!(listed.len(), 2);
    assert_eq!((listed[0].browser.as_str(), listed[0].current), ("Chrome, Android", true));
    assert_eq!(listed[0].address, "2001:db8::7");
    assert_eq!((listed[1].browser.as_str(), listed[1].current), ("Firefox, Linux", false));

    let mut bruno = mesh.member(&mut owner, "bruno").await;
    let path = format!("/sessions/{}", listed[1].id);
    bruno.delete(&path).await.refused(ErrorCode::NotFound);
    phone.delete("/sessions/not-an-id").await.refused(ErrorCode::NotFound);
    phone.delete(&path).await.expect(StatusCode::NO_CONTENT);
    assert!(!owner.is_signed_in().await);
    assert!(phone.is_signed_in().await);
    phone.delete(&path).await.refused(ErrorCode::NotFound);
}

#[tokio::test]
async fn signing_out_everywhere_asks_for_the_password() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut phone = mesh.browser();
    phone.sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
    mesh.pass(5 * MINUTE + 1);
    owner.delete("/sessions").await.refused(ErrorCode::ReauthenticationNeeded);
    owner.post("/session/confirm", json!({ "password": "wrong" })).await.refused(ErrorCode::CredentialsWrong);
    owner.delete("/sessions").await.refused(ErrorCode::ReauthenticationNeeded);
    owner.confirm().await;
    owner.delete("/sessions").await.expect(StatusCode::NO_CONTENT);
    assert!(owner.is_signed_in().await && !phone.is_signed_in().await);
    owner.delete("/sessions?all=true").await.expect(StatusCode::NO_CONTENT);
    assert!(!owner.is_signed_in().await);
}

#[tokio::test]
async fn the_oldest_session_makes_room_for_the_twenty_first() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut second = mesh.browser();
    for nth in 1..=20 {
        mesh.pass(1);
        let mut browser = mesh.browser();
        browser.sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
        if nth == 1 {
            second = browser;
        }
    }
    assert!(!owner.is_signed_in().await);
    assert_eq!(sessions(&mut second).await.len(), 20);
}

#[tokio::test]
async fn failures_slow_down_and_never_lock_out() {
    let (mesh, _owner) = TestBox::claimed().await;
    let mut stranger = mesh.browser();
    for _ in 0..6 {
        stranger.sign_in("alice", "wrong wrong").await.refused(ErrorCode::CredentialsWrong);
    }
    let before = mesh.state.passwords.computed();
    let slowed = stranger.sign_in("alice", PASSWORD).await.refused(ErrorCode::TooMany);
    assert_eq!(slowed.refusal().retry_after, Some(1));
    assert_eq!(mesh.state.passwords.computed(), before, "who has to wait costs no hash");
    mesh.browser().sign_in("alice", PASSWORD).await.refused(ErrorCode::TooMany);
    mesh.pass(1_000);
    mesh.browser().sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
    for _ in 0..20 {
        stranger.sign_in("alice", "wrong wrong").await;
        mesh.pass(300_000);
    }
    stranger.sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_person_signs_in_on_a_device_in_use_while_a_stranger_fails_in_their_name() {
    let (mesh, owner) = TestBox::claimed().await;
    let mut stranger = mesh.browser();
    for _ in 0..6 {
        stranger.sign_in("alice", "wrong wrong").await;
    }
    let mut other_browser = mesh.browser_at(owner.connection.peer().ip());
    other_browser.sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
    mesh.browser().sign_in("alice", PASSWORD).await.refused(ErrorCode::TooMany);
}

#[tokio::test]
async fn a_flood_of_sign_ins_is_told_when_to_come_back() {
    let (mesh, _owner) = TestBox::claimed().await;
    let mut tasks = tokio::task::JoinSet::new();
    for nth in 0..40 {
        let mut browser = mesh.browser();
        tasks.spawn(async move { browser.sign_in(&format!("user{nth}"), PASSWORD).await });
    }
    let answers = tasks.join_all().await;
    let busy: Vec<_> =
        answers.into_iter().filter(|answer| answer.status == StatusCode::SERVICE_UNAVAILABLE).collect();
    assert!(!busy.is_empty());
    for answer in busy {
        assert_eq!(answer.headers["retry-after"], "2");
        answer.refused(ErrorCode::Busy);
    }
    mesh.browser().sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn signing_out_twice_is_fine() {
    let (_mesh, mut owner) = TestBox::claimed().await;
    let mut copy = owner.clone();
    owner.delete("/session").await.expect(StatusCode::NO_CONTENT);
    assert!(owner.cookies.is_empty());
    assert!(!copy.is_signed_in().await);
    copy.delete("/session").await.expect(StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn odd_cookies_are_nobody() {
    let (mesh, owner) = TestBox::claimed().await;
    let token = owner.cookies["__Host-mesh"].clone();
    let upper = token.to_uppercase();
    let longer = format!("{token}0");
    for odd in ["", "x", upper.as_str(), longer.as_str(), &token[1..]] {
        let mut browser = mesh.browser();
        browser.cookies.insert("__Host-mesh".to_owned(), odd.to_owned());
        browser.get("/session").await.refused(ErrorCode::SignedOut);
    }
    let mut browser = mesh.browser();
    browser.cookies.insert("__host-mesh".to_owned(), token);
    browser.get("/session").await.refused(ErrorCode::SignedOut);
}
