//! T3: more than sixty tokens that no issuer of Mesh ever makes. What is wrong is signed with the right key
//! wherever that is possible, so that the signature is never the reason for the refusal.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use mesh_core::capability::{JwsError, Refusal, base64url};
use mesh_protocol::capability::{Capability, header};
use ring::signature::Ed25519KeyPair;

use crate::support::{Bench, Expectation, START, key};

/// Header and claims as texts, signed with the appliance's token key.
fn sign(header: &str, payload: &str) -> String {
    let message = format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()));
    let pair = Ed25519KeyPair::from_seed_unchecked(&[2; 32]).unwrap();
    format!("{message}.{}", base64url(pair.sign(message.as_bytes()).as_ref()))
}

fn kid() -> String {
    key(2).public().thumbprint()
}

fn good_payload(bench: &mut Bench) -> String {
    serde_json::to_string(&bench.issue(&[Capability::Call]).unwrap().claims).unwrap()
}

fn refusal(bench: &mut Bench, token: &str) -> Refusal {
    let verdict = bench.verifier.verify(token, Expectation::new().get(), START);
    verdict.expect_err(token)
}

#[test]
fn the_forger_himself_makes_a_good_one() {
    let mut bench = Bench::new();
    let payload = good_payload(&mut bench);
    let token = sign(&header(&kid()), &payload);
    assert!(bench.verifier.verify(&token, Expectation::new().get(), START).is_ok());
}

#[test]
fn other_headers_are_refused() {
    let mut bench = Bench::new();
    let payload = good_payload(&mut bench);
    let kid = kid();
    let with = |more: &str| format!(r#"{{"typ":"mesh-cap+jwt","alg":"EdDSA","kid":"{kid}",{more}}}"#);
    let alg = |alg: &str| format!(r#"{{"typ":"mesh-cap+jwt","alg":{alg},"kid":"{kid}"}}"#);
    let named = |kid: &str| format!(r#"{{"typ":"mesh-cap+jwt","alg":"EdDSA","kid":{kid}}}"#);
    let long = format!("\"{}\"", "A".repeat(1_000));
    let headers = [
        alg("\"none\""),
        alg("\"None\""),
        alg("\"HS256\""),
        alg("\"ES256\""),
        alg("\"RS256\""),
        alg("\"ES256K\""),
        alg("\"eddsa\""),
        alg("\"Ed25519\""),
        alg("null"),
        alg("[\"EdDSA\"]"),
        format!(r#"{{"typ":"mesh-cap+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#),
        r#"{"typ":"mesh-cap+jwt","alg":"EdDSA"}"#.to_owned(),
        format!(r#"{{"typ":"JWT","alg":"EdDSA","kid":"{kid}"}}"#),
        format!(r#"{{"typ":"mesh-cap+JWT","alg":"EdDSA","kid":"{kid}"}}"#),
        format!(r#"{{"typ":"at+jwt","alg":"EdDSA","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"EdDSA","typ":"mesh-cap+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"typ":"mesh-cap+jwt","alg":"none","alg":"EdDSA","kid":"{kid}"}}"#),
        format!(r#"{{"typ":"mesh-cap+jwt","alg":"EdDSA","kid":"x","kid":"{kid}"}}"#),
        format!(r#"{{"typ":"mesh-cap+jwt","\u0061lg":"EdDSA","kid":"{kid}"}}"#),
        format!(r#"{{ "typ":"mesh-cap+jwt","alg":"EdDSA","kid":"{kid}"}}"#),
        format!("{{\"typ\":\"mesh-cap+jwt\",\"alg\":\"EdDSA\",\"kid\":\"{kid}\"}}\n"),
        format!("\u{feff}{{\"typ\":\"mesh-cap+jwt\",\"alg\":\"EdDSA\",\"kid\":\"{kid}\"}}"),
        format!("[{}]", header(&kid)),
        String::new(),
        "null".to_owned(),
        named("null"),
        named("7"),
        named("\"\""),
        named("\"../../../etc/passwd\""),
        named("\"' OR 1=1 --\""),
        named("\"http://192.0.2.1/key\""),
        named(&long),
        named(&format!("\"{kid}\\u0000\"")),
        named(&format!("[\"{kid}\"]")),
        with(r#""jku":"https://192.0.2.1/jwks""#),
        with(r#""jwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#),
        with(r#""x5u":"https://192.0.2.1/x""#),
        with(r#""x5c":["AAAA"]"#),
        with(r#""x5t":"AAAA""#),
        with(r#""crit":["exp"]"#),
        with(r#""zip":"DEF""#),
        with(r#""b64":false"#),
        with(r#""cty":"JWT""#),
        with(r#""nonce":"x""#),
        with(r#""enc":"A256GCM""#),
    ];
    for header in &headers {
        let verdict = refusal(&mut bench, &sign(header, &payload));
        assert_eq!(verdict, Refusal::Malformed(JwsError::Header), "{header}");
    }
    assert!(headers.len() > 40);
}

#[test]
fn claims_in_another_spelling_are_refused() {
    let mut bench = Bench::new();
    let good = good_payload(&mut bench);
    let header = header(&kid());
    let swap = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1)
    };
    let payloads = [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        format!(" {good}"),
        format!("{good} "),
        format!("{good}{good}"),
        format!("[{good}]"),
        swap("{\"iss\"", "{ \"iss\""),
        swap("\"exp\":", "\"exp\":1,\"exp\":"),
        swap("\"caps\":[\"call\"]", "\"caps\":[\"call\"],\"caps\":[\"terminal:control\"]"),
        swap("\"exp\":1795000180", "\"exp\":\"1795000180\""),
        swap("\"exp\":1795000180", "\"exp\":1795000180.0"),
        swap("\"exp\":1795000180", "\"exp\":1.79500018e9"),
        swap("\"exp\":1795000180", "\"exp\":-1"),
        swap("\"exp\":1795000180", "\"exp\":01795000180"),
        swap("\"exp\":1795000180", "\"exp\":null"),
        swap("\"exp\":1795000180,", ""),
        swap("\"nbf\":1795000000", "\"nbf\":[1795000000]"),
        swap("\"nbf\":1795000000,", ""),
        swap("\"iat\":1795000000,", ""),
        swap("\"aud\":\"mesh:dev:000000000000m\"", "\"aud\":[\"mesh:dev:000000000000m\"]"),
        swap("\"caps\":[\"call\"]", "\"caps\":\"call\""),
        swap("\"caps\":[\"call\"]", "\"caps\":[\"call\",\"root\"]"),
        swap("\"caps\":[\"call\"]", "\"caps\":{\"call\":true}"),
        swap("\"iss\"", "\"\\u0069ss\""),
        swap("\"sub\":\"000000000000a\"", "\"sub\":\"000000000000A\""),
        swap("\"sub\":\"000000000000a\"", "\"sub\":10"),
        swap("\"re\":5", "\"re\":5,\"admin\":true"),
        swap("\"re\":5", "\"re\":18446744073709551616"),
        swap("\"cnf\":{\"jkt\"", "\"cnf\":{\"jwk\":{},\"jkt\""),
        swap("\"tgt\"", "\"lim\":null,\"tgt\""),
        swap("\"iat\"", "\"lim\":{\"max_size\":\"1\"},\"iat\""),
        swap("\"iat\"", "\"lim\":{\"max_files\":1},\"iat\""),
    ];
    for payload in &payloads {
        let verdict = refusal(&mut bench, &sign(&header, payload));
        assert_eq!(verdict, Refusal::Malformed(JwsError::Claims), "{payload}");
    }
    assert!(payloads.len() > 30);
}

#[test]
fn claims_that_say_too_much_are_refused() {
    let mut bench = Bench::new();
    let good = good_payload(&mut bench);
    let header = header(&kid());
    let max = u64::MAX.to_string();
    for (from, to, why) in [
        ("\"exp\":1795000180", "\"exp\":1795000181", Refusal::Life),
        ("\"exp\":1795000180", "\"exp\":1795000000", Refusal::Life),
        ("\"exp\":1795000180", "\"exp\":0", Refusal::Life),
        ("\"exp\":1795000180", &format!("\"exp\":{max}"), Refusal::Life),
        ("\"iat\":1795000000", &format!("\"iat\":{max}"), Refusal::Life),
        ("\"nbf\":1795000000", "\"nbf\":1794999999", Refusal::Life),
        ("\"nbf\":1795000000", "\"nbf\":1795000180", Refusal::Life),
        ("\"caps\":[\"call\"]", "\"caps\":[]", Refusal::Capability),
        ("\"caps\":[\"call\"]", "\"caps\":[\"call\",\"call\"]", Refusal::Capability),
        ("\"caps\":[\"call\"]", "\"caps\":[\"screen\",\"call\"]", Refusal::Capability),
        ("\"caps\":[\"call\"]", "\"caps\":[\"call\",\"terminal:control\"]", Refusal::Life),
        ("\"tgt\":\"000000000000m\"", "\"tgt\":\"000000000000a\"", Refusal::Audience),
        ("mesh:dev:", "mesh:user:", Refusal::Audience),
        ("mesh:dev:000000000000m", "", Refusal::Audience),
        ("\"boot\":7", "\"boot\":6", Refusal::BeforeRestart),
        ("\"re\":5", "\"re\":4", Refusal::Revoked),
        ("\"de\":4", "\"de\":3", Refusal::Revoked),
    ] {
        let payload = good.replacen(from, to, 1);
        assert_ne!(payload, good, "{from}");
        assert_eq!(refusal(&mut bench, &sign(&header, &payload)), why, "{payload}");
    }
}

#[test]
fn other_encodings_and_shapes_are_refused() {
    let mut bench = Bench::new();
    let payload = good_payload(&mut bench);
    let token = sign(&header(&kid()), &payload);
    let parts: Vec<&str> = token.split('.').collect();
    let [head, body, signature] = [parts[0], parts[1], parts[2]];
    let padded = URL_SAFE.encode(payload.as_bytes());
    let standard = STANDARD_NO_PAD.encode(payload.as_bytes());
    let loose = {
        // The last letter of 64 bytes holds four unused bits.
        let last = signature.chars().last().unwrap();
        let other = if last == 'A' || last == 'Q' || last == 'g' || last == 'w' { 'B' } else { 'x' };
        format!("{}{other}", &signature[..signature.len() - 1])
    };
    let mut shapes = vec![
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        format!("{head}.{body}"),
        format!("{head}.{body}."),
        format!("{head}..{signature}"),
        format!(".{body}.{signature}"),
        format!("{token}."),
        format!("{token}.{signature}"),
        format!(".{token}"),
        format!(" {token}"),
        format!("{token} "),
        format!("{token}\n"),
        format!("{head}.{body}.{signature}="),
        format!("{head}.{body} .{signature}"),
        format!("{head}.{body}.{loose}"),
        format!("{head}.{body}.{}", &signature[1..]),
        format!("{head}.{body}.{}", signature.to_uppercase()),
        format!("{token}\u{0}"),
        "A".repeat(3 * 1_024),
        format!("{head}.{}.{signature}", base64url(token.as_bytes())),
        "not a token".to_owned(),
        "é.é.é".to_owned(),
    ];
    if padded.contains('=') {
        shapes.push(format!("{head}.{padded}.{signature}"));
    }
    if standard != URL_SAFE_NO_PAD.encode(payload.as_bytes()) {
        shapes.push(format!("{head}.{standard}.{signature}"));
    }
    for shape in shapes {
        assert!(matches!(refusal(&mut bench, &shape), Refusal::Malformed(_)), "{shape}");
    }
    assert!(bench.verifier.verify(&token, Expectation::new().get(), START).is_ok());
}

#[test]
fn every_bit_counts() {
    let mut bench = Bench::new();
    let token = bench.issue(&[Capability::Call]).unwrap().text;
    for place in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let bent = String::from_utf8(bytes).unwrap();
        if bent != token {
            assert!(matches!(refusal(&mut bench, &bent), Refusal::Malformed(_)), "{place}");
        }
    }
}

#[test]
fn another_key_or_an_empty_keyset_is_refused() {
    let mut bench = Bench::new();
    let payload = good_payload(&mut bench);
    let foreign = header(&key(3).public().thumbprint());
    assert_eq!(refusal(&mut bench, &sign(&foreign, &payload)), Refusal::Malformed(JwsError::UnknownKey));
    // The device's own key is a good key, but not for this.
    let device = header(&key(10).public().thumbprint());
    assert_eq!(refusal(&mut bench, &sign(&device, &payload)), Refusal::Malformed(JwsError::UnknownKey));
    // HMAC with the public key as the secret, under the right name.
    let message = format!("{}.{}", base64url(header(&kid()).as_bytes()), base64url(payload.as_bytes()));
    let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key(2).public().bytes());
    let mac = ring::hmac::sign(&secret, message.as_bytes());
    let confused = format!("{message}.{}", base64url(mac.as_ref()));
    assert_eq!(refusal(&mut bench, &confused), Refusal::Malformed(JwsError::Signature));
    let zero = format!("{message}.{}", base64url(&[0; 64]));
    assert_eq!(refusal(&mut bench, &zero), Refusal::Malformed(JwsError::Signature));
}
