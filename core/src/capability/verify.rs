//! Verifying: the device that is reached judges by itself, with nothing but what it has pinned and drawn.

use std::collections::BTreeMap;

use mesh_protocol::capability::{Capability, Claims, audience};
use mesh_protocol::id::{DeviceId, RoomId, UserId};
use mesh_protocol::time::UnixMillis;

use super::clock::IssuerClock;
use super::jws::{self, JwsError};
use super::key::PublicKey;
use super::keyring::Keyring;
use super::replay::{ReplayCache, Taken};
use crate::time::Monotonic;

/// Issued further ahead than this, in milliseconds, a capability is not early but wrong.
const FUTURE_MS: u64 = 30_000;

/// Why a capability opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// It is not one.
    #[error("not a capability: {0}")]
    Malformed(#[from] JwsError),
    /// The issuer's time is not known yet.
    #[error("the appliance's time is not known yet")]
    NoClock,
    /// From another appliance.
    #[error("issued by another appliance")]
    Issuer,
    /// For another device.
    #[error("for another device")]
    Audience,
    /// Presented by another device than it was issued to.
    #[error("presented by another device than it was issued to")]
    Presenter,
    /// For another room.
    #[error("for another room")]
    Room,
    /// For another session.
    #[error("for another session")]
    Session,
    /// Does not hold what is asked for.
    #[error("does not hold what is asked for")]
    Capability,
    /// Does not answer the number that was drawn for it.
    #[error("not the answer to this request")]
    Nonce,
    /// Lives longer than it may, or its times contradict each other.
    #[error("its times contradict each other")]
    Life,
    /// Does not hold yet.
    #[error("does not hold yet")]
    Early,
    /// Is over.
    #[error("is over")]
    Late,
    /// Issued before this device started, or before the appliance did.
    #[error("from before a restart")]
    BeforeRestart,
    /// Issued before somebody's rights changed.
    #[error("from before somebody's rights changed")]
    Revoked,
    /// Used before.
    #[error("used before")]
    Replayed,
    /// Too many were used in too short a time.
    #[error("too many in too short a time")]
    TooMany,
}

/// What the device that is reached expects of a capability.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The device at the other end, as proven by its key.
    pub presenter: DeviceId,
    /// Whose device that is.
    pub user: UserId,
    /// The key that it has proven.
    pub key: &'a PublicKey,
    /// In which room.
    pub room: RoomId,
    /// For which session.
    pub sid: &'a str,
    /// The number that was drawn for this request.
    pub nonce: &'a str,
    /// What it is about to do.
    pub needs: Capability,
}

/// The device that is reached.
#[derive(Debug, Clone)]
pub struct Verifier {
    me: DeviceId,
    keyring: Keyring,
    clock: IssuerClock,
    /// On the issuer's clock, once that is known.
    started: Option<UnixMillis>,
    boot: u64,
    devices: u64,
    rooms: BTreeMap<RoomId, u64>,
    used: ReplayCache,
}

impl Verifier {
    /// The verifier of the device `me`.
    pub fn new(me: DeviceId, keyring: Keyring) -> Self {
        Self {
            me,
            keyring,
            clock: IssuerClock::default(),
            started: None,
            boot: 0,
            devices: 0,
            rooms: BTreeMap::new(),
            used: ReplayCache::default(),
        }
    }

    /// The keys that may sign.
    pub fn keyring(&mut self) -> &mut Keyring {
        &mut self.keyring
    }

    /// Takes the issuer's time from an authenticated exchange.
    pub fn learn_time(&mut self, sent: Monotonic, received: Monotonic, issuer: UnixMillis) {
        self.clock.learn(sent, received, issuer);
        if self.started.is_none() {
            // What is uncertain counts for the one who asks: the nonce keeps older capabilities out anyway.
            self.started = self.clock.read(sent).map(|(time, _)| UnixMillis(time.0 / 1_000 * 1_000));
        }
    }

    /// Takes the appliance's count of starts and the epoch of the team's devices; neither ever goes back.
    pub fn learn_devices(&mut self, boot: u64, epoch: u64) {
        self.boot = self.boot.max(boot);
        self.devices = self.devices.max(epoch);
    }

    /// Takes a room's epoch; it never goes back.
    pub fn learn_room(&mut self, room: RoomId, epoch: u64) {
        let known = self.rooms.entry(room).or_default();
        *known = epoch.max(*known);
    }

    /// Whether `text` lets the presenter do what it is about to do, now and once.
    ///
    /// # Errors
    /// The first reason why not, in the order of the checks.
    pub fn verify(&mut self, text: &str, expected: Expected<'_>, now: Monotonic) -> Result<Claims, Refusal> {
        let claims = jws::decode(text, |kid| self.keyring.key(kid))?;
        let (time, skew) = self.clock.read(now).ok_or(Refusal::NoClock)?;
        self.check_parties(&claims, expected)?;
        check_life(&claims, time, skew)?;
        self.check_epochs(&claims)?;
        let end = UnixMillis(claims.exp.saturating_mul(1_000).saturating_add(skew));
        self.used.take(claims.sub, &claims.jti, end, time).map_err(|taken| match taken {
            Taken::Before => Refusal::Replayed,
            Taken::Full => Refusal::TooMany,
        })?;
        Ok(claims)
    }

    fn check_parties(&self, claims: &Claims, expected: Expected<'_>) -> Result<(), Refusal> {
        let checks = [
            (claims.iss == self.keyring.issuer(), Refusal::Issuer),
            (claims.aud == audience(self.me) && claims.tgt == self.me, Refusal::Audience),
            (claims.sub == expected.presenter && claims.usr == expected.user, Refusal::Presenter),
            (claims.cnf.jkt == expected.key.thumbprint(), Refusal::Presenter),
            (claims.room == expected.room, Refusal::Room),
            (claims.sid == expected.sid, Refusal::Session),
            (claims.nce == expected.nonce, Refusal::Nonce),
            (
                claims.caps.contains(&expected.needs) && claims.caps.is_sorted_by(|a, b| a < b),
                Refusal::Capability,
            ),
        ];
        checks.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, refusal)| Err(refusal))
    }

    fn check_epochs(&self, claims: &Claims) -> Result<(), Refusal> {
        let started = self.started.ok_or(Refusal::NoClock)?;
        if claims.boot < self.boot || claims.iat.saturating_mul(1_000) < started.0 {
            return Err(Refusal::BeforeRestart);
        }
        let room = self.rooms.get(&claims.room).copied().unwrap_or_default();
        if claims.re < room || claims.de < self.devices { Err(Refusal::Revoked) } else { Ok(()) }
    }
}

/// Times in order, a life no longer than the shortest of what it holds, and now within it.
fn check_life(claims: &Claims, now: UnixMillis, skew: u64) -> Result<(), Refusal> {
    let most = claims.caps.iter().map(|capability| capability.seconds()).min().unwrap_or_default();
    let is_life = claims.iat <= claims.nbf
        && claims.nbf < claims.exp
        && claims.exp.checked_sub(claims.iat).is_some_and(|life| life <= most);
    let (Some(nbf), Some(exp), Some(iat)) =
        (claims.nbf.checked_mul(1_000), claims.exp.checked_mul(1_000), claims.iat.checked_mul(1_000))
    else {
        return Err(Refusal::Life);
    };
    if !is_life || iat > now.0.saturating_add(FUTURE_MS) {
        return Err(Refusal::Life);
    }
    if nbf > now.0.saturating_add(skew) {
        return Err(Refusal::Early);
    }
    if exp.saturating_add(skew) <= now.0 { Err(Refusal::Late) } else { Ok(()) }
}
