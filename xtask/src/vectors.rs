//! Test vectors for capabilities: genuine, bent and misplaced ones with the verdict of `mesh_core`'s verifier.
//! `protocol/fixtures/capability.json` is made from here and read by the web client's verifier.

use anyhow::{Context, Result};
use mesh_core::capability::{
    Epochs, Expected, Issuer, JwsError, Keyring, Party, PublicKey, Refusal, Request, SignedKeyset,
    SigningKey, Verifier, base64url,
};
use mesh_core::policy::{Actor, RoomFacts, Standing};
use mesh_core::time::Monotonic;
use mesh_protocol::capability::{Capability, header};
use mesh_protocol::id::{DeviceId, RoomId, UserId};
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::team::Role;
use mesh_protocol::time::UnixMillis;
use serde_json::{Value, json};

const ROOM: RoomId = RoomId(3);
const ANNA: DeviceId = DeviceId(10);
const BEN: DeviceId = DeviceId(20);
const TIME: UnixMillis = UnixMillis(1_795_000_000_000);
const START: Monotonic = Monotonic(5_000);
const ROOM_EPOCH: u64 = 5;
const DEVICE_EPOCH: u64 = 4;
const BOOT: u64 = 7;

/// One thing that is shown to a verifier, and when.
struct Step {
    token: String,
    now: u64,
    room: RoomId,
    needs: Capability,
}

/// The fixture's text.
pub(crate) fn json() -> Result<String> {
    let bench = Bench::new()?;
    let cases: Result<Vec<Value>> =
        cases(&bench)?.into_iter().map(|(name, steps)| bench.case(&name, &steps)).collect();
    let file = json!({
        "identity": base64url(bench.identity.public().bytes()),
        "keyset": bench.keyset.keyset,
        "signature": bench.keyset.signature,
        "me": BEN,
        "time": { "own": START.0, "issuer": TIME },
        "boot": BOOT,
        "deviceEpoch": DEVICE_EPOCH,
        "room": ROOM,
        "roomEpoch": ROOM_EPOCH,
        "presenter": { "device": ANNA, "user": UserId(1), "key": base64url(device_key(ANNA)?.bytes()) },
        "sid": random(1),
        "nonce": random(2),
        "cases": cases?,
    });
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

fn key(seed: u8) -> Result<SigningKey> {
    SigningKey::from_seed([seed; 32]).context("a key")
}

fn device_key(device: DeviceId) -> Result<PublicKey> {
    Ok(key(u8::try_from(device.0)?)?.public())
}

fn random(seed: u8) -> String {
    base64url(&[seed; 16])
}

/// An appliance and the devices of two people.
struct Bench {
    identity: SigningKey,
    token: SigningKey,
    keyset: SignedKeyset,
    issuer: Issuer,
}

impl Bench {
    fn new() -> Result<Self> {
        let (identity, token) = (key(1)?, key(2)?);
        let keyset = SignedKeyset::new(&identity, 1, &[token.public()]);
        let issuer = Issuer::new(identity.public().thumbprint(), key(2)?, BOOT);
        Ok(Self { identity, token, keyset, issuer })
    }

    fn party(device: DeviceId) -> Result<Party> {
        let actor = Actor { user: UserId(device.0 / 10), role: Role::Member, standing: Standing::Active };
        let facts = RoomFacts {
            kind: RoomKind::Room,
            visibility: Visibility::Open,
            archived: false,
            access: Some(Access::Write),
            is_author: false,
            is_self: false,
        };
        Ok(Party { device, actor, facts, jkt: device_key(device)?.thumbprint() })
    }

    fn issue(&self, name: u8, caps: &[Capability], time: UnixMillis) -> Result<(String, String)> {
        let request =
            Request { room: ROOM, sid: random(1), caps: caps.to_vec(), limits: None, nonce: random(2) };
        let epochs = Epochs { room: ROOM_EPOCH, devices: DEVICE_EPOCH };
        let grant =
            self.issuer.issue(&Self::party(ANNA)?, &Self::party(BEN)?, &request, epochs, [name; 16], time);
        let grant = grant.map_err(|code| anyhow::anyhow!("{code:?}"))?;
        Ok((grant.text, serde_json::to_string(&grant.claims)?))
    }

    /// Any header and claims, signed as the appliance would sign them.
    fn sign(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
        format!("{message}.{}", base64url(&self.token.sign_bytes(message.as_bytes())))
    }

    fn verifier(&self) -> Result<Verifier> {
        let mut keyring = Keyring::new(self.identity.public(), 0);
        keyring.take(&self.keyset)?;
        let mut verifier = Verifier::new(BEN, keyring);
        verifier.learn_time(START, START, TIME);
        verifier.learn_devices(BOOT, DEVICE_EPOCH);
        verifier.learn_room(ROOM, ROOM_EPOCH);
        Ok(verifier)
    }

    fn case(&self, name: &str, steps: &[Step]) -> Result<Value> {
        let mut verifier = self.verifier()?;
        let mut told = Vec::new();
        for Step { token, now, room, needs } in steps {
            let expected = Expected {
                presenter: ANNA,
                user: UserId(1),
                key: &device_key(ANNA)?,
                room: *room,
                sid: &random(1),
                nonce: &random(2),
                needs: *needs,
            };
            let verdict = verifier.verify(token, expected, Monotonic(*now)).map_or_else(word, |_| "ok");
            told.push(
                json!({ "token": token, "now": now, "room": room, "needs": needs, "verdict": verdict }),
            );
        }
        Ok(json!({ "name": name, "steps": told }))
    }
}

/// A refusal as both languages name it.
fn word(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed(JwsError::UnknownKey) => "unknown_key",
        Refusal::Malformed(JwsError::Signature) => "signature",
        Refusal::Malformed(_) => "malformed",
        Refusal::NoClock => "no_clock",
        Refusal::Issuer => "issuer",
        Refusal::Audience => "audience",
        Refusal::Presenter => "presenter",
        Refusal::Room => "room",
        Refusal::Session => "session",
        Refusal::Capability => "capability",
        Refusal::Nonce => "nonce",
        Refusal::Life => "life",
        Refusal::Early => "early",
        Refusal::Late => "late",
        Refusal::BeforeRestart => "before_restart",
        Refusal::Revoked => "revoked",
        Refusal::Replayed => "replayed",
        Refusal::TooMany => "too_many",
    }
}

fn step(token: &str) -> Step {
    Step { token: token.to_owned(), now: START.0, room: ROOM, needs: Capability::Call }
}

fn cases(bench: &Bench) -> Result<Vec<(String, Vec<Step>)>> {
    let (good, claims) = bench.issue(1, &[Capability::Call, Capability::Screen], TIME)?;
    let head = header(&bench.token.public().thumbprint());
    let mut cases = vec![
        ("a genuine one".to_owned(), vec![step(&good)]),
        ("used twice".to_owned(), vec![step(&good), step(&good)]),
        ("for a screen".to_owned(), vec![Step { needs: Capability::Screen, ..step(&good) }]),
        ("for a terminal".to_owned(), vec![Step { needs: Capability::TerminalControl, ..step(&good) }]),
        ("in another room".to_owned(), vec![Step { room: RoomId(4), ..step(&good) }]),
        ("at the end of its life".to_owned(), vec![Step { now: START.0 + 184_999, ..step(&good) }]),
        ("after its life".to_owned(), vec![Step { now: START.0 + 185_000, ..step(&good) }]),
        ("not a token".to_owned(), vec![step("x"), step(""), step(".."), step(&format!("{good}."))]),
        ("cut short".to_owned(), vec![step(&good[..good.len() - 1]), step(&good[1..])]),
    ];
    let (early, _) = bench.issue(2, &[Capability::Call], UnixMillis(TIME.0 + 6_000))?;
    cases.push(("too early".to_owned(), vec![step(&early), Step { now: START.0 + 1_000, ..step(&early) }]));
    let (future, _) = bench.issue(3, &[Capability::Call], UnixMillis(TIME.0 + 31_000))?;
    cases.push(("from the future".to_owned(), vec![step(&future)]));
    let many: Result<Vec<Step>> =
        (0..65).map(|name| Ok(step(&bench.issue(100 + name, &[Capability::Call], TIME)?.0))).collect();
    cases.push(("sixty-five in one life".to_owned(), many?));
    let foreign = header(&key(3)?.public().thumbprint());
    cases.push(("of another key".to_owned(), vec![step(&bench.sign(&foreign, &claims))]));
    let last = if good.ends_with('A') { 'Q' } else { 'A' };
    cases.push(("another signature".to_owned(), vec![step(&format!("{}{last}", &good[..good.len() - 1]))]));
    for (from, to) in BENT {
        anyhow::ensure!(claims.contains(from), "{from} is in {claims}");
        let bent = claims.replacen(from, to, 1);
        cases.push((format!("claims with {to}"), vec![step(&bench.sign(&head, &bent))]));
    }
    for (from, to) in HEADERS {
        anyhow::ensure!(head.contains(from), "{from} is in {head}");
        let bent = head.replacen(from, to, 1);
        cases.push((format!("a header with {to}"), vec![step(&bench.sign(&bent, &claims))]));
    }
    Ok(cases)
}

/// What in the claims is replaced, and by what.
const BENT: [(&str, &str); 24] = [
    ("\"exp\":1795000180", "\"exp\":1795000181"),
    ("\"exp\":1795000180", "\"exp\":\"1795000180\""),
    ("\"exp\":1795000180", "\"exp\":1795000180.0"),
    ("\"exp\":1795000180", "\"exp\":1.79500018e9"),
    ("\"exp\":1795000180", "\"exp\":-1"),
    ("\"exp\":1795000180", "\"exp\":0"),
    ("\"exp\":1795000180,", ""),
    ("\"nbf\":1795000000", "\"nbf\":1794999999"),
    ("\"nbf\":1795000000", "\"nbf\":[1795000000]"),
    ("\"caps\":[\"call\",\"screen\"]", "\"caps\":[]"),
    ("\"caps\":[\"call\",\"screen\"]", "\"caps\":[\"screen\",\"call\"]"),
    ("\"caps\":[\"call\",\"screen\"]", "\"caps\":[\"call\",\"call\"]"),
    ("\"caps\":[\"call\",\"screen\"]", "\"caps\":\"call\""),
    ("\"caps\":[\"call\",\"screen\"]", "\"caps\":[\"call\",\"root\"]"),
    ("\"caps\":[\"call\",\"screen\"]", "\"caps\":[\"call\",\"terminal:control\"]"),
    ("\"aud\":\"mesh:dev:", "\"aud\":\"mesh:user:"),
    ("\"tgt\":\"000000000000m\"", "\"tgt\":\"000000000000a\""),
    ("\"sub\":\"000000000000a\"", "\"sub\":\"000000000000A\""),
    ("{\"iss\"", "{ \"iss\""),
    ("\"iss\"", "\"\\u0069ss\""),
    ("\"re\":5", "\"re\":4"),
    ("\"re\":5", "\"re\":5,\"admin\":true"),
    ("\"de\":4", "\"de\":3"),
    ("\"boot\":7", "\"boot\":6"),
];

/// What in the header is replaced, and by what.
const HEADERS: [(&str, &str); 8] = [
    ("EdDSA", "none"),
    ("EdDSA", "HS256"),
    ("mesh-cap+jwt", "JWT"),
    ("{\"typ\"", "{ \"typ\""),
    ("\"alg\"", "\"\\u0061lg\""),
    ("\"alg\":\"EdDSA\"", "\"alg\":\"none\",\"alg\":\"EdDSA\""),
    ("\"alg\":\"EdDSA\"", "\"alg\":\"EdDSA\",\"crit\":[\"exp\"]"),
    ("\"alg\":\"EdDSA\"", "\"alg\":\"EdDSA\",\"jku\":\"https://192.0.2.1/keys\""),
];
