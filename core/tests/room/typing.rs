//! Who is writing, and until when that is believed.

use mesh_core::machine::Machine;
use mesh_core::policy::Actor;
use mesh_core::room::{RoomCommand, RoomInput, RoomOutput};
use mesh_protocol::id::UserId;
use mesh_protocol::limit;
use mesh_protocol::room::Access;

use super::support::*;

fn typing(bench: &mut Bench, actor: &Actor, on: bool) -> Vec<RoomOutput> {
    bench.input(RoomInput::Typing { actor: actor.clone(), on })
}

fn said(user: UserId, on: bool) -> [RoomOutput; 1] {
    [RoomOutput::Typing { user, on }]
}

#[test]
fn typing_is_news_once_and_expires() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    assert_eq!(bench.room.deadline(), None);
    assert_eq!(typing(&mut bench, &member(ANNA), true), said(ANNA, true));
    bench.pass(3_000);
    assert_eq!(typing(&mut bench, &member(ANNA), true), []);
    assert_eq!(bench.room.deadline(), Some(bench.now.mono.after(limit::TYPING_MS)));
    bench.pass(limit::TYPING_MS - 1);
    assert_eq!(bench.input(RoomInput::Tick), []);
    bench.pass(1);
    assert_eq!(bench.input(RoomInput::Tick), said(ANNA, false));
    assert_eq!(bench.input(RoomInput::Tick), []);
    assert_eq!(bench.room.deadline(), None);
}

#[test]
fn the_earliest_mark_is_the_deadline() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    typing(&mut bench, &member(ANNA), true);
    let first = bench.room.deadline();
    bench.pass(100);
    typing(&mut bench, &member(BEN), true);
    assert_eq!(bench.room.deadline(), first);
    assert_eq!(bench.room.typists().collect::<Vec<_>>(), [ANNA, BEN]);
}

#[test]
fn stopping_leaving_and_going_end_it() {
    let mut bench = Bench::new(state(&[ANNA, BEN, CHLOE]));
    for user in [ANNA, BEN, CHLOE] {
        typing(&mut bench, &member(user), true);
    }
    assert_eq!(typing(&mut bench, &member(ANNA), false), said(ANNA, false));
    assert_eq!(typing(&mut bench, &member(ANNA), false), []);
    assert_eq!(bench.input(RoomInput::Gone { user: BEN }), said(BEN, false));
    assert_eq!(bench.input(RoomInput::Gone { user: BEN }), []);
    let outputs = bench.done(&member(CHLOE), RoomCommand::Leave { user: CHLOE });
    assert!(outputs.contains(&said(CHLOE, false)[0]), "{outputs:?}");
}

#[test]
fn what_was_written_ends_the_writing_before_it_is_shown() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    typing(&mut bench, &member(ANNA), true);
    bench.accept(&member(ANNA), send("x"));
    assert_eq!(bench.room.typists().count(), 1, "not yet on disk");
    let outputs = bench.persist();
    assert_eq!(outputs[0], said(ANNA, false)[0]);
    assert_eq!(bench.room.typists().count(), 0);
}

#[test]
fn only_who_may_write_is_shown_writing() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    assert_eq!(typing(&mut bench, &member(EVE), true), []);
    bench.done(&member(ANNA), RoomCommand::Join { user: BEN, access: Access::Read });
    assert_eq!(typing(&mut bench, &member(BEN), true), []);
    bench.done(&owner(ANNA), archive(true));
    assert_eq!(typing(&mut bench, &member(ANNA), true), []);
    assert_eq!(bench.room.deadline(), None);
}
