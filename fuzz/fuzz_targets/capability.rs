//! Headers and claims under a genuine signature: the verifier never panics, what it accepts has the one spelling, and
//! jsonwebtoken by itself accepts it with the same claims. What jsonwebtoken refuses, the verifier refuses, too.
#![no_main]

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use libfuzzer_sys::fuzz_target;
use mesh_core::capability::{Expected, Keyring, SignedKeyset, SigningKey, Verifier, base64url};
use mesh_core::time::Monotonic;
use mesh_protocol::capability::{Capability, Claims, header};
use mesh_protocol::id::{DeviceId, RoomId, UserId};
use mesh_protocol::time::UnixMillis;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32]).expect("every seed makes a key")
}

fuzz_target!(|data: &[u8]| {
    // A header and claims, or a whole token when there is no zero byte.
    let parts = data.iter().position(|byte| *byte == 0).map(|place| (&data[..place], &data[place + 1..]));
    let token = match parts {
        Some((header, claims)) => {
            let message = format!("{}.{}", base64url(header), base64url(claims));
            format!("{message}.{}", base64url(&key(2).sign_bytes(message.as_bytes())))
        }
        None => String::from_utf8_lossy(data).into_owned(),
    };
    let mut keyring = Keyring::new(key(1).public(), 0);
    keyring.take(&SignedKeyset::new(&key(1), 1, &[key(2).public()])).expect("a keyset");
    let mut verifier = Verifier::new(DeviceId(20), keyring);
    verifier.learn_time(Monotonic(0), Monotonic(0), UnixMillis(1_795_000_000_000));
    let (presenter, random) = (key(10).public(), |seed| base64url(&[seed; 16]));
    let expected = Expected {
        presenter: DeviceId(10),
        user: UserId(1),
        key: &presenter,
        room: RoomId(3),
        sid: &random(1),
        nonce: &random(2),
        needs: Capability::Call,
    };
    let verdict = verifier.verify(&token, expected, Monotonic(0));
    let mut lenient = Validation::new(Algorithm::EdDSA);
    lenient.validate_exp = false;
    lenient.validate_aud = false;
    lenient.required_spec_claims.clear();
    let other =
        jsonwebtoken::decode::<Claims>(&token, &DecodingKey::from_ed_der(key(2).public().bytes()), &lenient);
    if let Ok(claims) = verdict {
        assert_eq!(other.expect("jsonwebtoken accepts it, too").claims, claims);
        let (head, body) = parts.expect("nobody else signs");
        assert_eq!(head, header(&key(2).public().thumbprint()).as_bytes());
        assert_eq!(body, serde_json::to_vec(&claims).expect("claims").as_slice());
        assert!(verifier.verify(&token, expected, Monotonic(0)).is_err(), "used twice");
    }
});
