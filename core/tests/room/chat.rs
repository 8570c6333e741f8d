//! How a command gets its number and its answer.

use mesh_core::room::mention::Mentions;
use mesh_core::room::{Requester, RoomCommand, RoomInput, RoomOutput, Target};
use mesh_protocol::chat::{ClientTag, RoomEventKind};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::RoomId;
use mesh_protocol::limit;
use mesh_protocol::time::{Seq, UnixMillis};

use super::support::*;

#[test]
fn nothing_is_said_before_it_is_on_disk() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    let outputs = bench.tagged(7, &member(ANNA), "t", send("hello"));
    assert!(matches!(outputs.as_slice(), [RoomOutput::Persist { .. }]), "{outputs:?}");
    assert_eq!(bench.room.state().last_seq, Seq::ZERO);
    let outputs = bench.persist();
    let RoomOutput::Broadcast { event } = &outputs[1] else { panic!("{outputs:?}") };
    assert_eq!((event.room, event.seq, event.by), (RoomId(1), Seq(1), ANNA));
    assert_eq!(event.at, UnixMillis(50_000));
    assert_eq!(event.tag, Some(ClientTag("t".to_owned())));
    assert_eq!(
        outputs[2],
        RoomOutput::Ack { requester: Requester(7), tag: Some(ClientTag("t".to_owned())), seq: Seq(1) }
    );
    assert_eq!(bench.room.state().last_seq, Seq(1));
    assert_eq!(bench.room.state().last_at, UnixMillis(50_000));
}

#[test]
fn numbers_follow_each_other_while_the_disk_is_slow() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    for number in 1..=5 {
        assert_eq!(bench.accept(&member(ANNA), send("x")).seq, Seq(number));
    }
    bench.persist();
    assert_eq!(bench.accept(&member(BEN), send("x")).seq, Seq(6));
}

#[test]
fn history_never_runs_backwards_when_the_clock_does() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.done(&member(ANNA), send("x"));
    bench.now.wall = UnixMillis(10);
    assert_eq!(bench.accept(&member(ANNA), send("y")).at, UnixMillis(50_000));
    bench.now.wall = UnixMillis(60_000);
    assert_eq!(bench.accept(&member(ANNA), send("z")).at, UnixMillis(60_000));
    bench.now.wall = UnixMillis(20);
    assert_eq!(bench.accept(&member(ANNA), send("z")).at, UnixMillis(60_000));
}

#[test]
fn a_repeated_tag_waits_for_the_first_one() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.tagged(1, &member(ANNA), "t", send("hello"));
    assert_eq!(bench.tagged(2, &member(ANNA), "t", send("hello")), []);
    assert_eq!(bench.tagged(2, &member(ANNA), "t", send("hello")), [], "waiting once is enough");
    let outputs = bench.persist();
    let acks: Vec<_> = outputs
        .iter()
        .filter_map(|output| match output {
            RoomOutput::Ack { requester, seq, .. } => Some((requester.0, seq.0)),
            _ => None,
        })
        .collect();
    assert_eq!(acks, [(1, 1), (2, 1)]);
    assert!(bench.disk.is_empty(), "nothing was written twice");
}

#[test]
fn the_same_tag_of_somebody_else_is_another_one() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.tagged(1, &member(ANNA), "t", send("hello"));
    let outputs = bench.tagged(2, &member(BEN), "t", send("hello"));
    assert!(matches!(outputs.as_slice(), [RoomOutput::Persist { event, .. }] if event.seq == Seq(2)));
}

#[test]
fn a_tag_on_disk_is_acknowledged_at_once_even_when_writing_is_over() {
    let mut bench = Bench::new(state(&[BEN]));
    let tag = Some(ClientTag("t".to_owned()));
    let known = Some(Seq(3));
    let outputs = bench.input(RoomInput::Command {
        requester: Requester(1),
        actor: member(ANNA),
        tag: tag.clone(),
        known,
        command: send("hello"),
    });
    assert_eq!(outputs, [RoomOutput::Ack { requester: Requester(1), tag, seq: Seq(3) }]);
}

#[test]
fn answers_name_what_is_there() {
    let mut bench = Bench::new(state(&[ANNA]));
    let reply = |seq| RoomCommand::Send {
        text: "x".to_owned(),
        reply_to: Some(Seq(seq)),
        mentions: Mentions::default(),
    };
    bench.done(&member(ANNA), send("first"));
    assert_eq!(bench.refusal(&member(ANNA), reply(0)), ErrorCode::NotFound);
    assert_eq!(bench.refusal(&member(ANNA), reply(2)), ErrorCode::NotFound);
    let event = bench.accept(&member(ANNA), reply(1));
    assert!(matches!(event.change, RoomEventKind::Posted { reply_to: Some(Seq(1)), .. }));
}

#[test]
fn commands_become_the_events_they_name() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.done(&member(ANNA), mention(&[BEN], true));
    let one = target(1, ANNA);
    let made = |bench: &mut Bench, command| bench.accept(&member(ANNA), command).change;
    assert_eq!(
        made(&mut bench, edit(one)),
        RoomEventKind::Edited { target: Seq(1), text: "new".to_owned(), mentions: vec![], everyone: false }
    );
    let emoji = || "👍".to_owned();
    let react = RoomCommand::React { target: one, emoji: emoji(), on: true, kinds: 0 };
    let reacted = RoomEventKind::Reacted { target: Seq(1), emoji: emoji(), on: true };
    assert_eq!(made(&mut bench, react), reacted);
    let pin = RoomCommand::Pin { target: one, on: true, pins: 0 };
    assert_eq!(made(&mut bench, pin), RoomEventKind::Pinned { target: Seq(1), on: true });
    let delete = RoomCommand::Delete { target: one };
    assert_eq!(made(&mut bench, delete), RoomEventKind::Deleted { target: Seq(1) });
}

#[test]
fn only_authors_edit_and_only_authors_and_owners_delete() {
    let mut bench = Bench::new(state(&[ANNA, BEN, CHLOE]));
    let one = target(1, ANNA);
    assert_eq!(bench.refusal(&member(BEN), edit(one)), ErrorCode::NotAuthor);
    assert_eq!(bench.refusal(&owner(CHLOE), edit(one)), ErrorCode::NotAuthor);
    assert_eq!(bench.refusal(&member(BEN), RoomCommand::Delete { target: one }), ErrorCode::NotAuthor);
    bench.accept(&owner(CHLOE), RoomCommand::Delete { target: one });
}

#[test]
fn a_deleted_message_takes_nothing_more_from_the_moment_of_the_wish() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    let one = target(1, ANNA);
    bench.accept(&member(ANNA), RoomCommand::Delete { target: one });
    let react = |target: Target| RoomCommand::React { target, emoji: "👍".to_owned(), on: true, kinds: 0 };
    let pin = |target: Target| RoomCommand::Pin { target, on: true, pins: 0 };
    let delete = |target: Target| RoomCommand::Delete { target };
    let deleted = Target { seq: Seq(2), by: ANNA, deleted: true };
    for target in [one, deleted] {
        for command in [edit(target), react(target), pin(target), delete(target)] {
            assert_eq!(bench.refusal(&member(ANNA), command), ErrorCode::MessageDeleted);
        }
    }
    bench.accept(&member(ANNA), edit(target(3, ANNA)));
}

#[test]
fn a_deletion_that_failed_forbids_nothing() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.accept(&member(ANNA), RoomCommand::Delete { target: target(1, ANNA) });
    bench.fail(ErrorCode::StorageFull);
    bench.accept(&member(ANNA), edit(target(1, ANNA)));
}

#[test]
fn reactions_are_limited_in_kinds_also_while_the_disk_is_slow() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    let react = |emoji: &str, on, kinds| RoomCommand::React {
        target: target(1, ANNA),
        emoji: emoji.to_owned(),
        on,
        kinds,
    };
    let most = limit::REACTION_KINDS;
    assert_eq!(bench.refusal(&member(BEN), react("👍", true, most)), ErrorCode::LimitReached);
    bench.accept(&member(BEN), react("👍", false, most));
    bench.accept(&member(BEN), react("👍", true, most - 1));
    assert_eq!(bench.refusal(&member(ANNA), react("🎉", true, most - 1)), ErrorCode::LimitReached);
    bench.accept(&member(ANNA), react("👍", true, most - 1));
    bench.accept(&member(ANNA), react("🎉", true, most - 2));
    let elsewhere =
        RoomCommand::React { target: target(2, ANNA), emoji: "👀".to_owned(), on: true, kinds: most - 1 };
    bench.accept(&member(ANNA), elsewhere);
}

#[test]
fn pins_are_limited_also_while_the_disk_is_slow() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    let pin = |seq, on, pins| RoomCommand::Pin { target: target(seq, ANNA), on, pins };
    let most = limit::PINS_PER_ROOM;
    assert_eq!(bench.refusal(&member(BEN), pin(1, true, most)), ErrorCode::LimitReached);
    bench.accept(&member(BEN), pin(1, false, most));
    bench.accept(&member(BEN), pin(1, true, most - 1));
    bench.accept(&member(ANNA), pin(1, true, most - 1));
    assert_eq!(bench.refusal(&member(ANNA), pin(2, true, most - 1)), ErrorCode::LimitReached);
    bench.accept(&member(ANNA), pin(2, true, most - 3));
}
