//! Devices, capabilities and calls through the box: enrolling, joining, signaling, and what ends it all.

use axum::http::StatusCode;
use mesh_core::capability::{
    Expected, Keyring, PublicKey, Refusal, SignedKeyset, SigningKey, Verifier, base64url,
};
use mesh_core::time::Monotonic;
use mesh_protocol::call::Call;
use mesh_protocol::capability::{Capability, Claims, Purpose};
use mesh_protocol::control::ServerMessage;
use mesh_protocol::device::{Device, Devices};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{DeviceId, RoomId};
use mesh_protocol::team::Role;
use serde_json::json;

use crate::socket::{Door, Socket};
use crate::support::{Browser, TestBox};

const SID: &str = "AAAAAAAAAAAAAAAAAAAAAA";
const NONCE: &str = "BBBBBBBBBBBBBBBBBBBBBA";

/// Somebody with an enrolled browser and an open WebSocket.
struct Somebody {
    browser: Browser,
    key: SigningKey,
    device: Device,
    socket: Socket,
}

async fn enrol(browser: &mut Browser, door: &Door, key: &SigningKey) -> Device {
    let session = door.connect(browser).await.unwrap().welcome.session;
    let proof = base64url(&key.sign(Purpose::Device, session.to_string().as_bytes()));
    let body = json!({ "key": base64url(key.public().bytes()), "proof": proof });
    browser.post("/devices", body).await.expect(StatusCode::OK).json()
}

async fn somebody(mut browser: Browser, door: &Door, seed: u8) -> Somebody {
    let key = SigningKey::from_seed([seed; 32]).unwrap();
    let device = enrol(&mut browser, door, &key).await;
    let socket = door.connect(&browser).await.unwrap();
    assert_eq!(socket.welcome.device, Some(device.id));
    Somebody { browser, key, device, socket }
}

impl Somebody {
    async fn join(&mut self, room: RoomId) {
        let shown =
            json!({ "mic": false, "camera": false, "screen": false, "deafened": false, "hand": false });
        self.socket.say(json!({ "type": "call_join", "room": room, "shown": shown })).await;
    }

    /// The call once it has so many participants.
    async fn sees(&mut self, participants: usize) -> Option<Call> {
        self.socket
            .hear(|message| match message {
                ServerMessage::CallChanged(call) if call.participants.len() == participants => Some(call),
                _ => None,
            })
            .await
    }

    async fn ended(&mut self) -> Option<ErrorCode> {
        self.socket
            .hear(|message| match message {
                ServerMessage::CallEnded(ended) => Some(ended.error.code),
                _ => None,
            })
            .await
    }

    async fn devices(&mut self) -> Option<Devices> {
        self.socket
            .hear(|message| match message {
                ServerMessage::DevicesChanged(devices) => Some(devices),
                _ => None,
            })
            .await
    }

    async fn signal(&mut self, room: RoomId, to: DeviceId, body: &str) {
        self.socket.say(json!({ "type": "signal", "room": room, "to": to, "body": body })).await;
    }

    async fn signaled(&mut self) -> Option<(DeviceId, String)> {
        self.socket
            .hear(|message| match message {
                ServerMessage::Signal(signal) => Some((signal.from, signal.body)),
                _ => None,
            })
            .await
    }

    async fn ask(
        &mut self,
        room: RoomId,
        target: DeviceId,
        caps: &[Capability],
    ) -> Result<String, ErrorCode> {
        let request = json!({ "type": "capability", "request": 7, "room": room, "target": target, "sid": SID,
            "caps": caps, "nonce": NONCE });
        self.socket.say(request).await;
        let answer = self.socket.hear(|message| match message {
            ServerMessage::Capability(grant) => Some(Ok(grant.capability)),
            ServerMessage::RequestRefused(refused) => Some(Err(refused.error.code)),
            _ => None,
        });
        answer.await.expect("an answer")
    }

    /// What this device makes of a capability that `peer` presents.
    fn verify(
        &self,
        capability: &str,
        peer: &Somebody,
        room: RoomId,
        devices: u64,
    ) -> Result<Claims, Refusal> {
        let welcome = &self.socket.welcome;
        let mut keyring = Keyring::new(PublicKey::parse(&welcome.issuer.identity).unwrap(), 0);
        let (keyset, signature) = (welcome.issuer.keyset.clone(), welcome.issuer.signature.clone());
        keyring.take(&SignedKeyset { keyset, signature }).unwrap();
        let mut verifier = Verifier::new(self.device.id, keyring);
        verifier.learn_time(Monotonic(0), Monotonic(0), welcome.now);
        verifier.learn_devices(welcome.issuer.boot, devices);
        let expected = Expected {
            presenter: peer.device.id,
            user: peer.device.user,
            key: &peer.key.public(),
            room,
            sid: SID,
            nonce: NONCE,
            needs: Capability::Call,
        };
        verifier.verify(capability, expected, Monotonic(0))
    }
}

/// Alice owns the box, Ben is a member; both are in one room with an enrolled browser each.
async fn two() -> (TestBox, Door, Somebody, Somebody, RoomId) {
    let (mesh, mut owner) = TestBox::claimed().await;
    let room = owner.room("call", "open").await;
    let ben = mesh.join(&mut owner, "ben", Role::Member, &[room]).await;
    let door = Door::open(&mesh).await;
    let alice = somebody(owner, &door, 1).await;
    let ben = somebody(ben, &door, 2).await;
    (mesh, door, alice, ben, room)
}

#[tokio::test]
async fn a_browser_enrols_the_key_that_it_holds() {
    let (mesh, mut owner) = TestBox::claimed().await;
    let door = Door::open(&mesh).await;
    let key = SigningKey::from_seed([1; 32]).unwrap();
    let first = enrol(&mut owner, &door, &key).await;
    let again = enrol(&mut owner, &door, &key).await;
    assert_eq!(first, again);
    let other = SigningKey::from_seed([2; 32]).unwrap();
    let public = base64url(other.public().bytes());
    for (field, key_text, proof) in [
        ("key", "x".to_owned(), String::new()),
        ("key", base64url(&[0; 32]), String::new()),
        ("proof", public.clone(), String::new()),
        ("proof", public.clone(), "=".to_owned()),
        // A signature over something else, and one by another key.
        ("proof", public.clone(), base64url(&other.sign(Purpose::Device, b"0000000000000"))),
        ("proof", public, base64url(&key.sign(Purpose::Device, b"0000000000000"))),
    ] {
        owner.post("/devices", json!({ "key": key_text, "proof": proof })).await.refused_field(field);
    }
    let replaced = enrol(&mut owner, &door, &other).await;
    assert_ne!(replaced.id, first.id);
    mesh.browser().post("/devices", json!({ "key": "", "proof": "" })).await.refused(ErrorCode::SignedOut);
}

#[tokio::test]
async fn two_meet_in_a_call_and_signal_each_other() {
    let (_mesh, door, mut alice, mut ben, room) = two().await;
    alice.join(room).await;
    assert!(ben.sees(1).await.expect("the call").ringing);
    // Who is not in it can't signal.
    ben.signal(room, alice.device.id, "too early").await;
    ben.join(room).await;
    let call = alice.sees(2).await.expect("Ben in the call");
    assert_eq!(
        call.participants.iter().map(|one| one.device).collect::<Vec<_>>(),
        [alice.device.id, ben.device.id]
    );
    assert!(!call.ringing);
    ben.signal(room, alice.device.id, "hello").await;
    assert_eq!(alice.signaled().await, Some((ben.device.id, "hello".to_owned())));
    // Whoever comes later sees the call in the snapshot.
    let later = door.connect(&ben.browser).await.unwrap();
    assert_eq!(later.welcome.calls.iter().map(|call| call.id).collect::<Vec<_>>(), [call.id]);
    assert_eq!(later.welcome.devices.devices.len(), 2);
    ben.socket.say(json!({ "type": "call_leave", "room": room })).await;
    assert!(alice.sees(1).await.is_some());
}

#[tokio::test]
async fn without_a_device_or_a_place_in_the_room_there_is_no_call() {
    let (mesh, door, mut alice, _ben, room) = two().await;
    let stranger = mesh.member(&mut alice.browser, "eve").await;
    let mut eve = somebody(stranger, &door, 3).await;
    eve.join(room).await;
    assert_eq!(eve.ended().await, Some(ErrorCode::Forbidden));
    let plain = mesh.join(&mut alice.browser, "dan", Role::Member, &[room]).await;
    let mut socket = door.connect(&plain).await.unwrap();
    let shown = json!({ "mic": false, "camera": false, "screen": false, "deafened": false, "hand": false });
    socket.say(json!({ "type": "call_join", "room": room, "shown": shown })).await;
    let code = socket.hear(|message| match message {
        ServerMessage::CallEnded(ended) => Some(ended.error.code),
        _ => None,
    });
    assert_eq!(code.await, Some(ErrorCode::DeviceUnknown));
    assert_eq!(eve.ask(room, alice.device.id, &[Capability::Call]).await, Err(ErrorCode::Forbidden));
}

#[tokio::test]
async fn a_capability_opens_exactly_the_device_it_was_asked_for() {
    let (_mesh, _door, mut alice, ben, room) = two().await;
    let text = alice.ask(room, ben.device.id, &[Capability::Screen, Capability::Call]).await.unwrap();
    let claims = ben.verify(&text, &alice, room, 0).unwrap();
    assert_eq!(claims.caps, [Capability::Call, Capability::Screen]);
    assert_eq!((claims.sub, claims.tgt, claims.room), (alice.device.id, ben.device.id, room));
    assert_eq!(alice.verify(&text, &alice, room, 0), Err(Refusal::Audience));
    assert_eq!(ben.verify(&text, &ben, room, 0), Err(Refusal::Presenter));
    assert_eq!(alice.ask(room, alice.device.id, &[Capability::Call]).await, Err(ErrorCode::FieldInvalid));
    assert_eq!(alice.ask(room, DeviceId(1), &[Capability::Call]).await, Err(ErrorCode::NotFound));
    assert_eq!(alice.ask(RoomId(1), ben.device.id, &[Capability::Call]).await, Err(ErrorCode::NotFound));
}

#[tokio::test]
async fn a_guest_gets_less_than_they_ask_for() {
    let (mesh, door, mut alice, _ben, room) = two().await;
    let guest = mesh.join(&mut alice.browser, "gast", Role::Guest, &[room]).await;
    let mut guest = somebody(guest, &door, 4).await;
    let text = guest.ask(room, alice.device.id, &Capability::ALL).await.unwrap();
    let claims = alice.verify(&text, &guest, room, 0).unwrap();
    let expected = [Capability::Call, Capability::Screen, Capability::ShareFile, Capability::TerminalView];
    assert_eq!(claims.caps, expected);
    assert_eq!(
        guest.ask(room, alice.device.id, &[Capability::TerminalControl]).await,
        Err(ErrorCode::Forbidden)
    );
}

/// T5: what ends somebody's rights takes them out of the call at once and voids what was issued.
#[tokio::test]
async fn whoever_may_no_longer_is_out_at_once() {
    for event in ["kick", "read only", "new role", "removal", "sign out", "sign out everywhere"] {
        let (_mesh, _door, mut alice, mut ben, room) = two().await;
        alice.join(room).await;
        ben.join(room).await;
        alice.sees(2).await.expect("both in");
        let unused = ben.ask(room, alice.device.id, &[Capability::Call]).await.unwrap();
        let user = ben.device.user;
        alice.browser.confirm().await;
        let owner = &mut alice.browser;
        let answer = match event {
            "kick" => owner.delete(&format!("/rooms/{room}/members/{user}")).await,
            "read only" => {
                owner.put(&format!("/rooms/{room}/members/{user}"), json!({ "access": "read" })).await
            }
            "new role" => owner.patch(&format!("/people/{user}"), json!({ "role": "owner" })).await,
            "removal" => owner.delete(&format!("/people/{user}")).await,
            "sign out" => ben.browser.delete("/session").await,
            _ => {
                ben.browser.confirm().await;
                ben.browser.delete("/sessions?all=true").await
            }
        };
        assert!(answer.status.is_success(), "{event}: {answer:?}");
        assert_eq!(
            alice.sees(1).await.map(|call| call.participants[0].device),
            Some(alice.device.id),
            "{event}"
        );
        if matches!(event, "kick" | "read only") {
            assert!(ben.ended().await.is_some(), "{event}: Ben is told");
            assert!(ben.ask(room, alice.device.id, &[Capability::Call]).await.is_err(), "{event}");
        } else {
            let devices = alice.devices().await.expect(event);
            let shown = alice.verify(&unused, &ben, room, devices.epoch);
            assert_eq!(shown, Err(Refusal::Revoked), "{event}");
        }
    }
}
