//! Issuing: what the request and policy have in common, for the shortest life that any of it may have.

use mesh_protocol::capability::{
    Capability, Claims, Confirmation, Limits, RANDOM_CHARS, audience, is_base64url,
};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{DeviceId, RoomId};
use mesh_protocol::time::UnixMillis;

use super::jws;
use super::key::{SigningKey, base64url};
use crate::policy::{Action, Actor, RoomAction, RoomFacts, authorize};

/// A device that takes part, its user, and how that user stands to the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Which device.
    pub device: DeviceId,
    /// Whose.
    pub actor: Actor,
    /// The room as policy sees it from there.
    pub facts: RoomFacts,
    /// Thumbprint of the device's key.
    pub jkt: String,
}

/// What a device asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// In which room.
    pub room: RoomId,
    /// The peer-to-peer session: 128 random bits in base64url.
    pub sid: String,
    /// What it wants to do.
    pub caps: Vec<Capability>,
    /// Bounds that it asks to be held to.
    pub limits: Option<Limits>,
    /// The number that the verifier drew.
    pub nonce: String,
}

/// What a capability is worth until somebody's rights change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epochs {
    /// Of the room.
    pub room: u64,
    /// Of the team's devices.
    pub devices: u64,
}

/// A capability that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// In compact form, to be presented.
    pub text: String,
    /// What it says.
    pub claims: Claims,
}

/// Which of `wanted` policy lets `presenter` do to the device of `target`, in rising order. Both have to be in
/// the room and able to do the same: nobody is reached in a way that they could not answer.
pub fn allowed(presenter: &Party, target: &Party, wanted: &[Capability]) -> Vec<Capability> {
    let may = |party: &Party, capability| {
        let action = Action::Room(RoomAction::Use(capability), party.facts);
        authorize(&party.actor, action).is_ok()
    };
    let is_target = |capability| match capability {
        // Showing a terminal or a folder to a guest asks nothing of the guest's role.
        Capability::TerminalControl | Capability::ShareFolder => may(target, Capability::Call),
        _ => may(target, capability),
    };
    let mut caps: Vec<Capability> =
        wanted.iter().copied().filter(|&one| may(presenter, one) && is_target(one)).collect();
    caps.sort_unstable();
    caps.dedup();
    caps
}

/// The appliance's part: signs capabilities.
#[derive(Debug)]
pub struct Issuer {
    name: String,
    key: SigningKey,
    boot: u64,
}

impl Issuer {
    /// `name` is the thumbprint of the appliance's identity key, `boot` how often it has started.
    pub fn new(name: String, key: SigningKey, boot: u64) -> Self {
        Self { name, key, boot }
    }

    /// Changes the key that signs.
    pub fn rotate(&mut self, key: SigningKey) {
        self.key = key;
    }

    /// The key that signs.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Issues what `request` and policy have in common. `random` becomes the capability's name.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] when they have nothing in common, [`ErrorCode::FieldInvalid`] for a request that
    /// is none or asks a device for itself, [`ErrorCode::Busy`] when signing fails.
    pub fn issue(
        &self,
        presenter: &Party,
        target: &Party,
        request: &Request,
        epochs: Epochs,
        random: [u8; 16],
        now: UnixMillis,
    ) -> Result<Grant, ErrorCode> {
        let is_random = |text: &str| is_base64url(text, RANDOM_CHARS);
        if presenter.device == target.device || !is_random(&request.sid) || !is_random(&request.nonce) {
            return Err(ErrorCode::FieldInvalid);
        }
        let caps = allowed(presenter, target, &request.caps);
        let seconds = caps.iter().map(|capability| capability.seconds()).min().ok_or(ErrorCode::Forbidden)?;
        let iat = now.0 / 1_000;
        let claims = Claims {
            iss: self.name.clone(),
            aud: audience(target.device),
            sub: presenter.device,
            usr: presenter.actor.user,
            room: request.room,
            caps,
            sid: request.sid.clone(),
            tgt: target.device,
            lim: request.limits,
            iat,
            nbf: iat,
            exp: iat + seconds,
            jti: base64url(&random),
            cnf: Confirmation { jkt: presenter.jkt.clone() },
            nce: request.nonce.clone(),
            re: epochs.room,
            de: epochs.devices,
            boot: self.boot,
        };
        let text = jws::encode(&claims, &self.key).map_err(|_| ErrorCode::Busy)?;
        Ok(Grant { text, claims })
    }
}
