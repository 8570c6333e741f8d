//! What a room does when the disk says no.

use mesh_core::room::{PENDING_BYTES, PENDING_EVENTS, Requester, RoomInput, RoomOutput};
use mesh_protocol::chat::ClientTag;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::time::Seq;

use super::support::*;

fn refused(outputs: &[RoomOutput]) -> Vec<(u64, ErrorCode)> {
    let one = |output: &RoomOutput| match output {
        RoomOutput::Refuse { requester, code, .. } => (requester.0, *code),
        other => panic!("{other:?}"),
    };
    outputs.iter().map(one).collect()
}

#[test]
fn a_refused_event_takes_everything_behind_it_along() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    for requester in 1..=4 {
        bench.tagged(requester, &member(ANNA), &format!("t{requester}"), send("x"));
    }
    bench.persist();
    let outputs = bench.fail(ErrorCode::StorageFull);
    let full = ErrorCode::StorageFull;
    assert_eq!(refused(&outputs), [(2, full), (3, full), (4, full)]);
    assert_eq!(bench.room.state().last_seq, Seq(1));
    assert_eq!(bench.accept(&member(ANNA), send("again")).seq, Seq(2), "the numbers were taken back");
}

#[test]
fn the_late_fate_of_refused_events_is_ignored() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.accept(&member(ANNA), send("a"));
    bench.accept(&member(ANNA), send("b"));
    let late = bench.disk[1].0;
    bench.fail(ErrorCode::StorageFull);
    bench.disk.clear();
    assert_eq!(bench.input(RoomInput::PersistFailed { op: late, code: ErrorCode::Busy }), []);
    assert_eq!(bench.input(RoomInput::Persisted { op: late }), []);
    bench.accept(&member(ANNA), send("c"));
    assert_eq!(bench.input(RoomInput::PersistFailed { op: late, code: ErrorCode::Busy }), []);
    assert_eq!(bench.input(RoomInput::Persisted { op: late }), []);
    assert!(matches!(
        bench.persist().as_slice(),
        [.., RoomOutput::Broadcast { .. }, RoomOutput::Ack { .. }, _]
    ));
}

#[test]
fn everybody_who_waits_for_a_tag_is_refused() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.tagged(1, &member(ANNA), "t", send("x"));
    bench.tagged(2, &member(ANNA), "t", send("x"));
    let outputs = bench.fail(ErrorCode::StorageFailing);
    assert_eq!(refused(&outputs), [(1, ErrorCode::StorageFailing), (2, ErrorCode::StorageFailing)]);
}

#[test]
fn a_tag_that_was_refused_can_be_tried_again() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.tagged(1, &member(ANNA), "t", send("x"));
    bench.fail(ErrorCode::StorageFull);
    assert_eq!(bench.tagged(1, &member(ANNA), "t", send("x")).len(), 1);
    let outputs = bench.persist();
    let tag = Some(ClientTag("t".to_owned()));
    assert!(outputs.contains(&RoomOutput::Ack { requester: Requester(1), tag, seq: Seq(1) }));
}

#[test]
fn who_could_not_join_is_not_in() {
    let mut bench = Bench::new(state(&[ANNA]));
    bench.accept(&member(BEN), join(BEN));
    bench.fail(ErrorCode::StorageFull);
    assert!(bench.room.state().member(BEN).is_none());
    assert_eq!(bench.refusal(&member(BEN), send("x")), ErrorCode::Forbidden);
}

#[test]
fn counts_and_marks_move_only_with_the_disk() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.accept(&member(ANNA), send("x"));
    assert_eq!(bench.counts(BEN), (0, 0));
    bench.fail(ErrorCode::StorageFull);
    assert_eq!(bench.counts(BEN), (0, 0));
    assert_eq!(bench.room.state().member(ANNA).unwrap().read, Seq::ZERO);
}

#[test]
fn a_disk_that_hangs_is_not_waited_for_by_ever_more_events() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    for _ in 0..PENDING_EVENTS {
        bench.accept(&member(ANNA), send("x"));
    }
    assert_eq!(bench.refusal(&member(ANNA), send("x")), ErrorCode::Busy);
    assert_eq!(bench.disk.len(), PENDING_EVENTS, "the refused one took no number");
    assert_eq!(bench.refusal(&guest(CHLOE), send("x")), ErrorCode::NotFound, "policy is asked first");
}

#[test]
fn a_disk_that_hangs_is_not_waited_for_by_ever_longer_texts() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    let text = "x".repeat(16 * 1024);
    for _ in 0..2 * PENDING_BYTES / text.len() {
        bench.command(&member(ANNA), send(&text));
    }
    let texts = bench.disk.len() * text.len();
    assert!(texts <= PENDING_BYTES && texts > PENDING_BYTES / 2, "{texts}");
    assert_eq!(bench.refusal(&member(BEN), send(&text)), ErrorCode::Busy);
}

#[test]
fn who_was_refused_for_want_of_space_stays_so_until_nothing_is_pending() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    let text = "x".repeat(PENDING_BYTES / 4);
    for _ in 0..3 {
        bench.accept(&member(ANNA), send(&text));
    }
    assert_eq!(bench.refusal(&member(ANNA), send(&text)), ErrorCode::Busy);
    assert_eq!(bench.refusal(&member(ANNA), send("small")), ErrorCode::Busy, "it would overtake");
    bench.accept(&member(BEN), send("small"));
    for _ in 0..3 {
        bench.persist();
        assert_eq!(bench.refusal(&member(ANNA), send("small")), ErrorCode::Busy, "it would overtake");
    }
    bench.persist();
    bench.accept(&member(ANNA), send(&text));
    bench.fail(ErrorCode::StorageFull);
    for _ in 0..3 {
        bench.accept(&member(ANNA), send(&text));
    }
    assert_eq!(bench.refusal(&member(ANNA), send(&text)), ErrorCode::Busy);
    bench.fail(ErrorCode::StorageFull);
    bench.disk.clear();
    bench.accept(&member(ANNA), send(&text));
}

#[test]
fn what_is_on_its_way_already_is_no_new_event() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.tagged(1, &member(ANNA), "t", send("x"));
    for _ in 1..PENDING_EVENTS {
        bench.accept(&member(BEN), send("x"));
    }
    assert_eq!(bench.tagged(2, &member(ANNA), "t", send("x")), [], "it waits for the same event");
}

#[test]
fn a_deleted_room_refuses_everything_that_waits() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.tagged(1, &member(ANNA), "t", send("x"));
    bench.tagged(2, &member(BEN), "u", send("x"));
    let outputs = bench.input(RoomInput::Deleted);
    assert_eq!(refused(&outputs), [(1, ErrorCode::NotFound), (2, ErrorCode::NotFound)]);
    assert_eq!(bench.fail(ErrorCode::NotFound), [], "the late fate is ignored");
}
