//! The own account: name, colour, password.

use axum::http::StatusCode;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::team::Account;
use serde_json::json;

use crate::support::{PASSWORD, TestBox};

const NEW: &str = "battery staple horse";

#[tokio::test]
async fn only_what_is_present_changes() {
    let (_mesh, mut owner) = TestBox::claimed().await;
    let account: Account =
        owner.patch("/account", json!({ "name": " Alice  M. " })).await.expect(StatusCode::OK).json();
    assert_eq!((account.user.name.as_str(), account.user.color), ("Alice M.", 0));
    let account: Account = owner.patch("/account", json!({ "color": 7 })).await.expect(StatusCode::OK).json();
    assert_eq!((account.user.name.as_str(), account.user.color), ("Alice M.", 7));
    assert_eq!(owner.account().await, account);
    owner.patch("/account", json!({ "color": 8 })).await.refused_field("color");
    owner.patch("/account", json!({ "name": "\u{200b}" })).await.refused_field("name");
    assert_eq!(owner.account().await, account);
}

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_replaces_this_one() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut phone = mesh.browser();
    phone.sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
    let mut thief = owner.clone();
    owner
        .post("/account/password", json!({ "current": PASSWORD, "new": NEW }))
        .await
        .expect(StatusCode::NO_CONTENT);
    assert!(owner.is_signed_in().await);
    assert!(!phone.is_signed_in().await);
    assert!(!thief.is_signed_in().await, "a copy of the old cookie is of no use");
    mesh.browser().sign_in("alice", PASSWORD).await.refused(ErrorCode::CredentialsWrong);
    mesh.browser().sign_in("alice", NEW).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_new_password_takes_the_current_one() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let mut phone = mesh.browser();
    phone.sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
    let body = json!({ "current": "wrong wrong", "new": NEW });
    for _ in 0..6 {
        owner.post("/account/password", body.clone()).await.refused(ErrorCode::CredentialsWrong);
    }
    owner.post("/account/password", body).await.refused(ErrorCode::TooMany);
    mesh.pass(1_000);
    owner
        .post("/account/password", json!({ "current": PASSWORD, "new": "short" }))
        .await
        .refused_field("new");
    assert!(phone.is_signed_in().await);
    mesh.browser().sign_in("alice", PASSWORD).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn of_two_new_passwords_at_once_one_wins() {
    let (mesh, owner) = TestBox::claimed().await;
    let (mut one, mut other) = (owner.clone(), owner);
    let body = |new: &str| json!({ "current": PASSWORD, "new": new });
    let (a, b) = tokio::join!(
        one.post("/account/password", body("first new password")),
        other.post("/account/password", body("second new password"))
    );
    assert_eq!([a.status, b.status].iter().filter(|status| status.is_success()).count(), 1, "{a:?} {b:?}");
    let wins = if a.status.is_success() { "first new password" } else { "second new password" };
    mesh.browser().sign_in("alice", wins).await.expect(StatusCode::OK);
}
