//! What a room does when the disk says no.

use mesh_core::room::{Requester, RoomInput, RoomOutput};
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
