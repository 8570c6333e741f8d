//! What is issued: never more than policy, never more than was asked for, never for longer than it may live.

use mesh_core::capability::{Epochs, Party, PublicKey, Request, SignedKeyset, allowed};
use mesh_core::policy::{Action, Actor, RoomAction, RoomFacts, Standing, authorize};
use mesh_protocol::capability::{Capability, Limits};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::team::Role;
use proptest::prelude::*;

use crate::support::{ANNA, BEN, Bench, Expectation, START, TIME, key, party, random, request};

#[test]
fn a_capability_says_exactly_what_it_should() {
    let mut bench = Bench::new();
    let grant = bench.issue(&[Capability::Screen, Capability::Call]).unwrap();
    let payload = serde_json::to_string(&grant.claims).unwrap();
    let iss = key(1).public().thumbprint();
    let jkt = key(10).public().thumbprint();
    let expected = format!(
        r#"{{"iss":"{iss}","aud":"mesh:dev:000000000000m","sub":"000000000000a","usr":"0000000000001","room":"0000000000003","caps":["call","screen"],"sid":"{}","tgt":"000000000000m","iat":1795000000,"nbf":1795000000,"exp":1795000180,"jti":"{}","cnf":{{"jkt":"{jkt}"}},"nce":"{}","re":5,"de":4,"boot":7}}"#,
        random(1),
        random(101),
        random(2),
    );
    assert_eq!(payload, expected);
    let parts: Vec<&str> = grant.text.split('.').collect();
    assert_eq!(parts.len(), 3);
    assert!(grant.text.len() < 1_000, "{}", grant.text.len());
    let claims = bench.verifier.verify(&grant.text, Expectation::new().get(), START).unwrap();
    assert_eq!(claims, grant.claims);
}

#[test]
fn the_shortest_life_of_what_it_holds_is_the_life_of_all() {
    let mut bench = Bench::new();
    for (caps, seconds) in [
        (&[Capability::Call][..], 180),
        (&[Capability::Call, Capability::ShareFile], 120),
        (&[Capability::ShareFolder, Capability::TerminalControl], 60),
        (&Capability::ALL, 60),
    ] {
        let claims = bench.issue(caps).unwrap().claims;
        assert_eq!(claims.exp - claims.iat, seconds, "{caps:?}");
    }
}

#[test]
fn a_request_that_is_none_is_refused() {
    let bench = Bench::new();
    let (anna, ben) = (party(ANNA, Role::Member), party(BEN, Role::Member));
    let epochs = Epochs { room: 0, devices: 0 };
    let good = request(&[Capability::Call]);
    let issue =
        |target: &Party, request: &Request| bench.issuer.issue(&anna, target, request, epochs, [0; 16], TIME);
    assert!(issue(&ben, &good).is_ok());
    assert_eq!(issue(&anna, &good), Err(ErrorCode::FieldInvalid));
    for text in [
        "",
        "x",
        "AAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAA\"",
        "AAAAAAAAAAAAAAAAAAAAA\n",
    ] {
        let mut bad = good.clone();
        bad.sid = text.to_owned();
        assert_eq!(issue(&ben, &bad), Err(ErrorCode::FieldInvalid), "{text:?}");
        let mut bad = good.clone();
        bad.nonce = text.to_owned();
        assert_eq!(issue(&ben, &bad), Err(ErrorCode::FieldInvalid), "{text:?}");
    }
    assert_eq!(issue(&ben, &request(&[])), Err(ErrorCode::Forbidden));
}

#[test]
fn bounds_travel_with_it() {
    let mut bench = Bench::new();
    let limits = Limits { max_size: Some(1 << 40), max_rate: Some(0) };
    let asked = Request { limits: Some(limits), ..request(&[Capability::Call]) };
    let (anna, ben) = (party(ANNA, Role::Member), party(BEN, Role::Member));
    let grant =
        bench.issuer.issue(&anna, &ben, &asked, Epochs { room: 5, devices: 4 }, [9; 16], TIME).unwrap();
    let claims = bench.verifier.verify(&grant.text, Expectation::new().get(), START).unwrap();
    assert_eq!(claims.lim, Some(limits));
}

#[test]
fn a_rotated_key_signs_and_the_one_before_still_counts_as_long_as_it_is_in_the_keyset() {
    let mut bench = Bench::new();
    let old = bench.issue(&[Capability::Call]).unwrap();
    bench.issuer.rotate(key(3));
    let new = bench.issue(&[Capability::Call]).unwrap();
    let expected = Expectation::new();
    assert!(bench.verifier.verify(&new.text, expected.get(), START).is_err(), "not in the keyset yet");
    let identity = key(1);
    let keys: Vec<PublicKey> = vec![key(3).public(), key(2).public()];
    let both = SignedKeyset::new(&identity, 2, &keys);
    bench.verifier.keyring().take(&both).unwrap();
    assert!(bench.verifier.verify(&old.text, expected.get(), START).is_ok());
    assert!(bench.verifier.verify(&new.text, expected.get(), START).is_ok());
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Guest), Just(Role::Member), Just(Role::Owner)]
}

fn actor_of(party: &mut Actor, role: Role, standing: u8) {
    party.role = role;
    party.standing = [Standing::Active, Standing::Removed, Standing::Expired][usize::from(standing % 3)];
}

prop_compose! {
    fn facts()(direct: bool, invited: bool, archived: bool, access in 0_usize..3) -> RoomFacts {
        RoomFacts {
            kind: if direct { RoomKind::Direct } else { RoomKind::Room },
            visibility: if invited { Visibility::Invited } else { Visibility::Open },
            archived,
            access: [None, Some(Access::Read), Some(Access::Write)][access],
            is_author: false,
            is_self: false,
        }
    }
}

/// The table of the issue in other words than policy's: what each role may hold in a room it writes in.
fn table(role: Role) -> &'static [Capability] {
    match role {
        Role::Guest => {
            &[Capability::Call, Capability::Screen, Capability::ShareFile, Capability::TerminalView]
        }
        Role::Member | Role::Owner => &Capability::ALL,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    /// T4: issued is within allowed, within requested, and empty for who is out.
    #[test]
    fn what_is_issued_never_exceeds_policy(
        roles in (role(), role()),
        standings in (0_u8..6, 0_u8..6),
        places in (facts(), facts()),
        wanted in proptest::collection::vec(proptest::sample::select(&Capability::ALL[..]), 0..8),
    ) {
        let (mut anna, mut ben) = (party(ANNA, roles.0), party(BEN, roles.1));
        // Most of the time both are active, or nothing would be issued at all.
        actor_of(&mut anna.actor, roles.0, if standings.0 > 2 { 0 } else { standings.0 });
        actor_of(&mut ben.actor, roles.1, if standings.1 > 2 { 0 } else { standings.1 });
        (anna.facts, ben.facts) = places;
        let is_in = |party: &Party| {
            party.actor.standing == Standing::Active
                && party.facts.access == Some(Access::Write)
                && !party.facts.archived
        };
        let caps = allowed(&anna, &ben, &wanted);
        for cap in &caps {
            prop_assert!(wanted.contains(cap));
            prop_assert!(table(roles.0).contains(cap) && is_in(&anna) && is_in(&ben));
            prop_assert!(authorize(&anna.actor, Action::Room(RoomAction::Use(*cap), anna.facts)).is_ok());
        }
        let bench = Bench::new();
        let issued =
            bench.issuer.issue(&anna, &ben, &request(&wanted), Epochs { room: 1, devices: 1 }, [1; 16], TIME);
        match issued {
            Ok(grant) => prop_assert_eq!(grant.claims.caps, caps),
            Err(code) => {
                prop_assert_eq!(code, ErrorCode::Forbidden);
                prop_assert!(caps.is_empty());
            }
        }
        // And nothing is withheld that both may have.
        for cap in wanted {
            let mutual = is_in(&anna) && is_in(&ben) && table(roles.0).contains(&cap);
            prop_assert_eq!(mutual, allowed(&anna, &ben, &[cap]).contains(&cap));
        }
    }
}
