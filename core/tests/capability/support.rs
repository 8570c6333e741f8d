//! An appliance, two people with a device each, and a verifier that has just drawn a number.

use mesh_core::capability::{
    Epochs, Expected, Grant, Issuer, Keyring, Party, PublicKey, Request, SignedKeyset, SigningKey, Verifier,
    base64url,
};
use mesh_core::policy::{Actor, RoomFacts, Standing};
use mesh_core::time::Monotonic;
use mesh_protocol::capability::Capability;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{DeviceId, RoomId, UserId};
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::team::Role;
use mesh_protocol::time::UnixMillis;

pub const ROOM: RoomId = RoomId(3);
pub const ANNA: DeviceId = DeviceId(10);
pub const BEN: DeviceId = DeviceId(20);
/// The issuer's clock when the verifier's shows [`START`].
pub const TIME: UnixMillis = UnixMillis(1_795_000_000_000);
pub const START: Monotonic = Monotonic(5_000);

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32]).unwrap()
}

pub fn random(seed: u8) -> String {
    base64url(&[seed; 16])
}

pub fn writer() -> RoomFacts {
    RoomFacts {
        kind: RoomKind::Room,
        visibility: Visibility::Open,
        archived: false,
        access: Some(Access::Write),
        is_author: false,
        is_self: false,
    }
}

pub fn party(device: DeviceId, role: Role) -> Party {
    let actor = Actor { user: UserId(device.0 / 10), role, standing: Standing::Active };
    Party { device, actor, facts: writer(), jkt: device_key(device).thumbprint() }
}

pub fn device_key(device: DeviceId) -> PublicKey {
    key(u8::try_from(device.0).unwrap()).public()
}

pub fn request(caps: &[Capability]) -> Request {
    Request { room: ROOM, sid: random(1), caps: caps.to_vec(), limits: None, nonce: random(2) }
}

/// Keys of the appliance: identity 1, token key 2.
pub struct Bench {
    pub issuer: Issuer,
    pub verifier: Verifier,
    pub names: u8,
}

impl Bench {
    pub fn new() -> Self {
        let identity = key(1);
        let mut keyring = Keyring::new(identity.public(), 0);
        keyring.take(&SignedKeyset::new(&identity, 1, &[key(2).public()])).unwrap();
        let mut verifier = Verifier::new(BEN, keyring);
        verifier.learn_time(START, START, TIME);
        verifier.learn_devices(7, 4);
        verifier.learn_room(ROOM, 5);
        let issuer = Issuer::new(identity.public().thumbprint(), key(2), 7);
        Self { issuer, verifier, names: 100 }
    }

    /// A capability for Anna to reach Ben.
    pub fn issue(&mut self, caps: &[Capability]) -> Result<Grant, ErrorCode> {
        self.issue_at(caps, TIME)
    }

    pub fn issue_at(&mut self, caps: &[Capability], time: UnixMillis) -> Result<Grant, ErrorCode> {
        self.names += 1;
        let (anna, ben) = (party(ANNA, Role::Member), party(BEN, Role::Member));
        let epochs = Epochs { room: 5, devices: 4 };
        self.issuer.issue(&anna, &ben, &request(caps), epochs, [self.names; 16], time)
    }
}

/// What Ben's device expects when Anna's presents a capability to call.
pub struct Expectation {
    key: PublicKey,
    sid: String,
    nonce: String,
}

impl Expectation {
    pub fn new() -> Self {
        Self { key: device_key(ANNA), sid: random(1), nonce: random(2) }
    }

    pub fn get(&self) -> Expected<'_> {
        Expected {
            presenter: ANNA,
            user: UserId(1),
            key: &self.key,
            room: ROOM,
            sid: &self.sid,
            nonce: &self.nonce,
            needs: Capability::Call,
        }
    }
}
