//! Secrets in no log and no `Debug` (security.md T36): one journey with everything logged, then a search.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use mesh_appliance::store::PeopleReads;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::session::SignIn;
use mesh_protocol::team::{
    ClaimOwner, ClaimStart, InviteAccept, InviteCreated, PasswordChange, Recovery, Role,
};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::socket::Door;
use crate::support::{Browser, HOUR, PASSWORD, TestBox, owner_body, rooms};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

const WRONG: &str = "canary-wrong-password";
const NEW: &str = "canary-new-password";

/// A code is made, refused and used.
async fn recover(mesh: &TestBox, owner: &mut Browser) -> String {
    let code = mesh.state.recovery.write(mesh.state.clock.wall()).unwrap();
    let body = |user_name: &str| json!({ "code": code, "userName": user_name, "password": NEW });
    mesh.browser().post("/recovery", body("bruno")).await.refused(ErrorCode::RecoveryCodeWrong);
    owner.post("/recovery", body("alice")).await.expect(StatusCode::OK);
    code
}

#[tokio::test]
async fn no_secret_gets_into_the_log_or_into_debug_output() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    // For all threads: the store and the hashes have their own.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let mesh = TestBox::start().await;
    let code = mesh.code();
    let mut secrets = vec![PASSWORD.to_owned(), WRONG.to_owned(), NEW.to_owned(), code.clone()];

    let mut owner = mesh.browser();
    owner.post("/claim", json!({ "code": code })).await.expect(StatusCode::NO_CONTENT);
    secrets.push(owner.cookies["__Host-mesh-claim"].clone());
    owner.post("/claim/owner", owner_body()).await.expect(StatusCode::OK);
    secrets.push(owner.cookies["__Host-mesh"].clone());
    mesh.browser().sign_in("alice", WRONG).await.refused(ErrorCode::CredentialsWrong);
    owner.post("/session/confirm", json!({ "password": WRONG })).await.refused(ErrorCode::CredentialsWrong);
    let link = owner.invite(Role::Guest, &[rooms(&mesh)[0].id]).await;
    secrets.push(link.token.clone());
    let mut bruno = mesh.browser();
    bruno.accept(&link.token, "bruno").await.expect(StatusCode::OK);
    secrets.push(bruno.cookies["__Host-mesh"].clone());
    bruno.accept(&link.token, "bruno").await.refused(ErrorCode::InviteUsed);
    let path = format!("/people/{}/reset", bruno.id().await);
    let reset: InviteCreated = owner.post_empty(&path).await.expect(StatusCode::OK).json();
    secrets.push(reset.token.clone());
    let body = json!({ "current": PASSWORD, "new": NEW });
    owner.post("/account/password", body).await.expect(StatusCode::NO_CONTENT);
    secrets.push(owner.cookies["__Host-mesh"].clone());
    let recovery = recover(&mesh, &mut owner).await;
    secrets.push(recovery.clone());
    secrets.push(owner.cookies["__Host-mesh"].clone());
    let door = Door::open(&mesh).await;
    door.connect(&owner).await.unwrap();
    mesh.pass(13 * HOUR);
    assert!(!owner.is_signed_in().await);
    mesh.state.sessions.sweep(&mesh.state.store, &mesh.state.hub, mesh.state.clock.wall()).await.unwrap();

    let (users, sessions, invites) =
        mesh.state.store.read(|view| Ok((view.users()?, view.sessions()?, view.invites()?))).unwrap();
    for user in &users {
        secrets.extend(user.password_hash.clone());
    }
    let bodies = (
        ClaimStart { code: code.clone() },
        serde_json::from_value::<ClaimOwner>(owner_body()).unwrap(),
        SignIn { user_name: "alice".to_owned(), password: PASSWORD.to_owned() },
        PasswordChange { current: PASSWORD.to_owned(), new: NEW.to_owned() },
        InviteAccept { name: String::new(), user_name: String::new(), password: NEW.to_owned() },
        Recovery { code: recovery, user_name: String::new(), password: NEW.to_owned() },
        (link, reset),
    );
    let debug = format!("{:?} {users:?} {sessions:?} {invites:?} {bodies:?}", mesh.state);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a link was used"), "the log was captured: {log}");
    assert_eq!(secrets.len(), 14);
    for secret in &secrets {
        assert!(!secret.is_empty() && !log.contains(secret.as_str()), "{secret} is in the log:\n{log}");
        assert!(!debug.contains(secret.as_str()), "{secret} is in the debug output:\n{debug}");
    }
}

#[tokio::test]
async fn no_secret_but_the_hash_gets_onto_the_disk() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let link = owner.invite(Role::Member, &[]).await;
    let secrets = [PASSWORD, owner.cookies["__Host-mesh"].as_str(), link.token.as_str()];
    let mut searched = 0;
    for entry in std::fs::read_dir(mesh.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            searched += bytes.len();
            for secret in secrets {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{} has a secret", path.display());
            }
        }
    }
    assert!(searched > 4_096, "the store was searched");
}
