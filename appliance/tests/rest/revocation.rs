//! Every kind of credential against every event that ends it (security.md T5): cookie, open WebSocket, links made
//! by the user, links made for the user.

mod stalled;

use axum::http::StatusCode;
use mesh_protocol::session::Session;
use mesh_protocol::team::{InviteCreated, InviteState, InviteView, Role};
use serde_json::json;

use crate::socket::Door;
use crate::support::{Browser, DAY, HOUR, PASSWORD, TestBox, rooms};

const SIGNED_OUT: u16 = 4001;
const COME_BACK: u16 = 1013;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    /// The phone signs out.
    SignOut,
    /// The laptop ends the phone's session.
    EndOne,
    /// The laptop ends all others.
    EndOthers,
    /// The laptop ends all.
    EndAll,
    /// The laptop sets a new password.
    NewPassword,
    /// The user follows a reset link in a third browser.
    Reset,
    /// The user sets a new password with a code from the box, in a third browser.
    Recovery,
    /// Another owner gives the user another role.
    NewRole,
    /// Another owner removes the user.
    Removal,
    /// Nobody uses the phone, the laptop is in use.
    PhoneIdle,
    /// The sessions' longest life is over.
    TooOld,
}

const EVENTS: [Event; 11] = [
    Event::SignOut,
    Event::EndOne,
    Event::EndOthers,
    Event::EndAll,
    Event::NewPassword,
    Event::Reset,
    Event::Recovery,
    Event::NewRole,
    Event::Removal,
    Event::PhoneIdle,
    Event::TooOld,
];

/// What is left of the laptop's session.
#[derive(Debug, PartialEq, Eq)]
enum Laptop {
    Stays,
    Renewed,
    Ended,
}

struct Scene {
    mesh: TestBox,
    alice: Browser,
    laptop: Browser,
    phone: Browser,
    reset: InviteCreated,
}

impl Scene {
    /// The user is bruno, an owner, on a laptop and a phone; alice is the other owner.
    async fn set() -> (Self, InviteCreated) {
        let (mesh, mut alice) = TestBox::claimed().await;
        let mut laptop = mesh.member(&mut alice, "bruno").await;
        let path = format!("/people/{}", laptop.id().await);
        alice.patch(&path, json!({ "role": "owner" })).await.expect(StatusCode::NO_CONTENT);
        let mut phone = mesh.browser();
        for browser in [&mut laptop, &mut phone] {
            browser.sign_in("bruno", PASSWORD).await.expect(StatusCode::OK);
        }
        let link = laptop.invite(Role::Member, &[]).await;
        let reset = alice.post_empty(&format!("{path}/reset")).await.expect(StatusCode::OK).json();
        (Self { mesh, alice, laptop, phone, reset }, link)
    }

    async fn play(&mut self, event: Event) {
        let path = format!("/people/{}", self.laptop.id().await);
        let done = match event {
            Event::SignOut => self.phone.clone().delete("/session").await,
            Event::EndOne => {
                let sessions: Vec<Session> = self.phone.get("/sessions").await.json();
                let phone = sessions.iter().find(|session| session.current).unwrap();
                self.laptop.delete(&format!("/sessions/{}", phone.id)).await
            }
            Event::EndOthers => self.laptop.delete("/sessions").await,
            Event::EndAll => self.laptop.delete("/sessions?all=true").await,
            Event::NewPassword => {
                let body = json!({ "current": PASSWORD, "new": "a new password" });
                self.laptop.post("/account/password", body).await
            }
            Event::Reset => self.mesh.browser().accept(&self.reset.token, "").await,
            Event::Recovery => {
                let code = self.mesh.state.recovery.write(self.mesh.state.clock.wall()).unwrap();
                let body = json!({ "code": code, "userName": "bruno", "password": "a new password" });
                self.mesh.browser().post("/recovery", body).await
            }
            Event::NewRole => self.alice.patch(&path, json!({ "role": "member" })).await,
            Event::Removal => self.alice.delete(&path).await,
            Event::PhoneIdle => {
                self.mesh.pass(6 * HOUR);
                self.laptop.get("/session").await.expect(StatusCode::OK);
                self.mesh.pass(6 * HOUR);
                return self.sweep().await;
            }
            Event::TooOld => {
                self.mesh.pass(30 * DAY);
                return self.sweep().await;
            }
        };
        assert!(done.status.is_success(), "{event:?} {done:?}");
    }

    async fn sweep(&self) {
        let state = &self.mesh.state;
        state.sessions.sweep(&state.store, &state.hub, state.clock.wall()).await.unwrap();
    }

    async fn link(&self, link: &InviteCreated) -> InviteState {
        let mut browser = self.mesh.browser();
        browser.get(&format!("/invite/{}", link.token)).await.json::<InviteView>().state
    }
}

#[tokio::test]
async fn what_an_event_ends_is_of_no_use_at_once() {
    for event in EVENTS {
        let (mut scene, link) = Scene::set().await;
        let door = Door::open(&scene.mesh).await;
        let mut on_laptop = door.connect(&scene.laptop).await.unwrap();
        let mut on_phone = door.connect(&scene.phone).await.unwrap();
        let (thief, former) = (scene.phone.clone(), scene.laptop.clone());
        scene.play(event).await;

        assert_eq!(on_phone.close_code().await, Some(SIGNED_OUT), "{event:?}: the phone's WebSocket");
        assert!(!thief.clone().is_signed_in().await, "{event:?}: the phone's cookie");
        let refused = door.connect(&thief).await.err();
        assert_eq!(refused, Some(StatusCode::UNAUTHORIZED), "{event:?}: a new WebSocket");

        let laptop = match event {
            Event::SignOut | Event::EndOne | Event::EndOthers | Event::PhoneIdle => Laptop::Stays,
            Event::NewPassword => Laptop::Renewed,
            _ => Laptop::Ended,
        };
        match laptop {
            Laptop::Stays => assert!(on_laptop.is_open().await, "{event:?}: the laptop's WebSocket"),
            Laptop::Renewed => assert_eq!(on_laptop.close_code().await, Some(COME_BACK), "{event:?}"),
            Laptop::Ended => assert_eq!(on_laptop.close_code().await, Some(SIGNED_OUT), "{event:?}"),
        }
        let stays = laptop == Laptop::Stays;
        assert_eq!(former.clone().is_signed_in().await, stays, "{event:?}: the laptop's former cookie");
        assert_eq!(scene.laptop.is_signed_in().await, laptop != Laptop::Ended, "{event:?}: the laptop");
        assert_eq!(door.connect(&scene.laptop).await.is_ok(), laptop != Laptop::Ended, "{event:?}");

        let made = match event {
            Event::NewRole | Event::Removal => InviteState::Revoked,
            Event::PhoneIdle | Event::TooOld => InviteState::Expired,
            _ => InviteState::Open,
        };
        assert_eq!(scene.link(&link).await, made, "{event:?}: a link that the user made");
        let reset = match event {
            Event::NewPassword | Event::Recovery | Event::Removal => InviteState::Revoked,
            Event::Reset => InviteState::Used,
            Event::TooOld => InviteState::Expired,
            _ => InviteState::Open,
        };
        assert_eq!(scene.link(&scene.reset).await, reset, "{event:?}: a link made for the user");
    }
}

#[tokio::test]
async fn a_guests_websocket_ends_with_the_guests_access() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let room = rooms(&mesh)[0].id;
    let mut guest = mesh.join(&mut owner, "gaston", Role::Guest, &[room]).await;
    let door = Door::open(&mesh).await;
    let mut socket = door.connect(&guest).await.unwrap();
    for passes in [8 * HOUR, 8 * HOUR, 8 * HOUR - 1] {
        mesh.pass(passes);
        assert!(guest.is_signed_in().await);
    }
    mesh.pass(1);
    let state = &mesh.state;
    state.sessions.sweep(&state.store, &state.hub, state.clock.wall()).await.unwrap();
    assert_eq!(socket.close_code().await, Some(SIGNED_OUT));
    assert_eq!(door.connect(&guest).await.err(), Some(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn messages_on_a_websocket_keep_its_session_alive() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let door = Door::open(&mesh).await;
    let mut socket = door.connect(&owner).await.unwrap();
    mesh.pass(11 * HOUR);
    socket.say(json!({ "type": "presence_activity", "active": true })).await;
    let id = owner.cookies.clone();
    let state = &mesh.state;
    let seen = || {
        use mesh_appliance::store::PeopleReads;
        let session = state.store.read(|view| view.sessions()).unwrap().remove(0);
        state.sessions.last_seen(&session).0
    };
    while seen() < mesh.now() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    mesh.pass(11 * HOUR);
    assert!(owner.is_signed_in().await && owner.cookies == id);
}
