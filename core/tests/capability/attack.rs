//! T2: a genuine capability in the wrong place, the wrong hands or at the wrong time.

use mesh_core::capability::{Epochs, Expected, Refusal, Verifier};
use mesh_core::time::Monotonic;
use mesh_protocol::capability::Capability;
use mesh_protocol::id::{DeviceId, RoomId, UserId};
use mesh_protocol::team::Role;
use mesh_protocol::time::UnixMillis;

use crate::support::{
    ANNA, BEN, Bench, Expectation, ROOM, START, TIME, device_key, key, party, random, request,
};

/// A fresh capability to call, shown to Ben's verifier after the expectation was bent.
fn shown(bend: impl for<'a> FnOnce(&mut Expected<'a>)) -> Result<(), Refusal> {
    let mut bench = Bench::new();
    let grant = bench.issue(&[Capability::Call, Capability::Screen]).unwrap();
    let expectation = Expectation::new();
    let mut expected = expectation.get();
    bend(&mut expected);
    bench.verifier.verify(&grant.text, expected, START).map(drop)
}

#[test]
fn the_right_one_in_the_right_place_opens() {
    assert_eq!(shown(|_| {}), Ok(()));
    assert_eq!(shown(|expected| expected.needs = Capability::Screen), Ok(()));
}

#[test]
fn in_other_hands_or_places_it_opens_nothing() {
    assert_eq!(shown(|expected| expected.presenter = DeviceId(30)), Err(Refusal::Presenter));
    assert_eq!(shown(|expected| expected.user = UserId(3)), Err(Refusal::Presenter));
    assert_eq!(shown(|expected| expected.room = RoomId(4)), Err(Refusal::Room));
    assert_eq!(shown(|expected| expected.needs = Capability::TerminalControl), Err(Refusal::Capability));
    assert_eq!(shown(|expected| expected.needs = Capability::ShareFile), Err(Refusal::Capability));
    let mut bench = Bench::new();
    let grant = bench.issue(&[Capability::Call]).unwrap();
    let expectation = Expectation::new();
    let thief = device_key(DeviceId(30));
    let stolen = Expected { key: &thief, ..expectation.get() };
    assert_eq!(bench.verifier.verify(&grant.text, stolen, START), Err(Refusal::Presenter));
    let (other_sid, other_nonce) = (random(8), random(9));
    let session = Expected { sid: &other_sid, ..expectation.get() };
    assert_eq!(bench.verifier.verify(&grant.text, session, START), Err(Refusal::Session));
    let nonce = Expected { nonce: &other_nonce, ..expectation.get() };
    assert_eq!(bench.verifier.verify(&grant.text, nonce, START), Err(Refusal::Nonce));
    // None of these used it up.
    assert!(bench.verifier.verify(&grant.text, expectation.get(), START).is_ok());
}

#[test]
fn shown_to_another_device_it_opens_nothing() {
    let mut bench = Bench::new();
    let grant = bench.issue(&[Capability::Call]).unwrap();
    let mut chloe = Verifier::new(DeviceId(30), bench.verifier.keyring().clone());
    chloe.learn_time(START, START, TIME);
    assert_eq!(chloe.verify(&grant.text, Expectation::new().get(), START), Err(Refusal::Audience));
    // Sent back to where it came from: Ben can't use what he was shown.
    let mut anna = Verifier::new(ANNA, bench.verifier.keyring().clone());
    anna.learn_time(START, START, TIME);
    assert_eq!(anna.verify(&grant.text, Expectation::new().get(), START), Err(Refusal::Audience));
}

#[test]
fn it_opens_once() {
    let mut bench = Bench::new();
    let grant = bench.issue(&[Capability::Call]).unwrap();
    let expectation = Expectation::new();
    assert!(bench.verifier.verify(&grant.text, expectation.get(), START).is_ok());
    assert_eq!(bench.verifier.verify(&grant.text, expectation.get(), START), Err(Refusal::Replayed));
    // Right up to where its life and the skew are over, and then it is late.
    for later in [1_000, 179_999, 184_999] {
        let verdict = bench.verifier.verify(&grant.text, expectation.get(), START.after(later));
        assert_eq!(verdict, Err(Refusal::Replayed), "{later}");
    }
    let over = bench.verifier.verify(&grant.text, expectation.get(), START.after(185_000));
    assert_eq!(over, Err(Refusal::Late));
}

#[test]
fn sixty_five_in_one_life_are_too_many() {
    let mut bench = Bench::new();
    let expectation = Expectation::new();
    for _ in 0..64 {
        let grant = bench.issue(&[Capability::Call]).unwrap();
        assert!(bench.verifier.verify(&grant.text, expectation.get(), START).is_ok());
    }
    let grant = bench.issue(&[Capability::Call]).unwrap();
    assert_eq!(bench.verifier.verify(&grant.text, expectation.get(), START), Err(Refusal::TooMany));
    let later = START.after(185_000);
    let grant = bench.issue_at(&[Capability::Call], UnixMillis(TIME.0 + 185_000)).unwrap();
    assert!(bench.verifier.verify(&grant.text, expectation.get(), later).is_ok());
}

#[test]
fn time_is_the_issuers() {
    let expectation = Expectation::new();
    // Issued at an offset to the verifier's idea of the issuer's time, in milliseconds.
    for (offset, verdict) in [
        (0_i64, Ok(())),
        (4_000, Ok(())),
        (6_000, Err(Refusal::Early)),
        (29_000, Err(Refusal::Early)),
        (31_000, Err(Refusal::Life)),
        (i64::from(i32::MAX), Err(Refusal::Life)),
    ] {
        let mut bench = Bench::new();
        let time = UnixMillis(TIME.0.saturating_add_signed(offset));
        let grant = bench.issue_at(&[Capability::Call], time).unwrap();
        let shown = bench.verifier.verify(&grant.text, expectation.get(), START).map(drop);
        assert_eq!(shown, verdict, "{offset}");
    }
    let mut bench = Bench::new();
    let grant = bench.issue(&[Capability::TerminalControl, Capability::Call]).unwrap();
    assert!(bench.verifier.clone().verify(&grant.text, expectation.get(), START.after(64_999)).is_ok());
    assert_eq!(
        bench.verifier.verify(&grant.text, expectation.get(), START.after(65_000)),
        Err(Refusal::Late)
    );
}

#[test]
fn before_the_time_is_known_nothing_opens() {
    let mut bench = Bench::new();
    let grant = bench.issue(&[Capability::Call]).unwrap();
    let mut fresh = Verifier::new(BEN, bench.verifier.keyring().clone());
    assert_eq!(fresh.verify(&grant.text, Expectation::new().get(), START), Err(Refusal::NoClock));
}

#[test]
fn a_restarted_verifier_takes_nothing_from_before() {
    let mut bench = Bench::new();
    let grant = bench.issue(&[Capability::Call]).unwrap();
    let mut again = Verifier::new(BEN, bench.verifier.keyring().clone());
    again.learn_time(Monotonic(0), Monotonic(0), UnixMillis(TIME.0 + 2_000));
    let shown = again.verify(&grant.text, Expectation::new().get(), Monotonic(0));
    assert_eq!(shown, Err(Refusal::BeforeRestart));
}

#[test]
fn a_later_exchange_moves_the_clock_and_a_capability_never_does() {
    let mut bench = Bench::new();
    let expectation = Expectation::new();
    let future = bench.issue_at(&[Capability::Call], UnixMillis(TIME.0 + 60_000)).unwrap();
    assert_eq!(bench.verifier.verify(&future.text, expectation.get(), START), Err(Refusal::Life));
    let now = bench.issue(&[Capability::Call]).unwrap();
    assert!(bench.verifier.verify(&now.text, expectation.get(), START).is_ok());
    bench.verifier.learn_time(START, START, UnixMillis(TIME.0 + 60_000));
    assert!(bench.verifier.verify(&future.text, expectation.get(), START).is_ok());
}

#[test]
fn what_was_issued_before_rights_changed_opens_nothing() {
    let expectation = Expectation::new();
    let mut bench = Bench::new();
    let grant = bench.issue(&[Capability::Call]).unwrap();
    let mut room = bench.verifier.clone();
    room.learn_room(ROOM, 6);
    room.learn_room(ROOM, 2);
    assert_eq!(room.verify(&grant.text, expectation.get(), START), Err(Refusal::Revoked));
    let mut devices = bench.verifier.clone();
    devices.learn_devices(7, 5);
    devices.learn_devices(7, 1);
    assert_eq!(devices.verify(&grant.text, expectation.get(), START), Err(Refusal::Revoked));
    let mut boot = bench.verifier.clone();
    boot.learn_devices(8, 0);
    assert_eq!(boot.verify(&grant.text, expectation.get(), START), Err(Refusal::BeforeRestart));
    bench.verifier.learn_room(RoomId(99), 1_000);
    assert!(bench.verifier.verify(&grant.text, expectation.get(), START).is_ok());
}

#[test]
fn one_of_another_appliance_opens_nothing_even_with_a_key_that_is_pinned() {
    let bench = Bench::new();
    let stranger = mesh_core::capability::Issuer::new(key(66).public().thumbprint(), key(2), 7);
    let (anna, ben) = (party(ANNA, Role::Member), party(BEN, Role::Member));
    let epochs = Epochs { room: 5, devices: 4 };
    let grant = stranger.issue(&anna, &ben, &request(&[Capability::Call]), epochs, [1; 16], TIME).unwrap();
    let shown = bench.verifier.clone().verify(&grant.text, Expectation::new().get(), START);
    assert_eq!(shown, Err(Refusal::Issuer));
}
