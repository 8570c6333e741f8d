//! Who comes in, who does not, and what a change of the room forbids.

use mesh_core::policy::{Actor, Standing};
use mesh_core::room::{RoomCommand, RoomOutput, RoomState};
use mesh_protocol::chat::RoomEventKind;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::room::{Access, Visibility};
use mesh_protocol::time::Seq;

use super::support::*;

fn leave(user: mesh_protocol::id::UserId) -> RoomCommand {
    RoomCommand::Leave { user }
}

fn rename(name: &str) -> RoomCommand {
    RoomCommand::Change { name: Some(name.to_owned()), topic: None, visibility: None, archived: None }
}

#[test]
fn the_fifth_member_is_refused() {
    let mut bench = Bench::new(state(&[ANNA, BEN, CHLOE]));
    bench.done(&member(DAN), join(DAN));
    assert_eq!(bench.refusal(&member(EVE), join(EVE)), ErrorCode::RoomFull);
    assert_eq!(bench.refusal(&member(ANNA), join(EVE)), ErrorCode::RoomFull);
    assert_eq!(bench.refusal(&owner(EVE), join(EVE)), ErrorCode::RoomFull);
    bench.done(&member(DAN), leave(DAN));
    bench.done(&member(EVE), join(EVE));
}

#[test]
fn of_two_who_race_for_the_last_place_one_is_refused() {
    let mut bench = Bench::new(state(&[ANNA, BEN, CHLOE]));
    bench.accept(&member(DAN), join(DAN));
    assert_eq!(bench.refusal(&member(EVE), join(EVE)), ErrorCode::RoomFull);
    bench.fail(ErrorCode::StorageFull);
    bench.accept(&member(EVE), join(EVE));
    assert_eq!(bench.refusal(&member(DAN), join(DAN)), ErrorCode::RoomFull);
    bench.persist();
    let members: Vec<_> = bench.room.state().members.iter().map(|member| member.user).collect();
    assert_eq!(members, [ANNA, BEN, CHLOE, EVE]);
}

#[test]
fn a_place_is_free_only_once_the_departure_is_on_disk() {
    let mut bench = Bench::new(state(&[ANNA, BEN, CHLOE, DAN]));
    bench.accept(&member(DAN), leave(DAN));
    assert_eq!(bench.refusal(&member(EVE), join(EVE)), ErrorCode::RoomFull);
    bench.persist();
    bench.accept(&member(EVE), join(EVE));
}

#[test]
fn joining_twice_while_the_disk_is_slow_takes_one_place() {
    let mut bench = Bench::new(state(&[ANNA, BEN, CHLOE]));
    bench.accept(&member(DAN), join(DAN));
    bench.accept(&member(ANNA), join(DAN));
    bench.persist();
    bench.persist();
    assert_eq!(bench.room.state().members.len(), 4);
}

#[test]
fn a_full_room_still_changes_the_access_of_its_members() {
    let mut bench = Bench::new(state(&[ANNA, BEN, CHLOE, DAN]));
    let outputs = bench.done(&member(ANNA), RoomCommand::Join { user: BEN, access: Access::Read });
    assert_eq!(outputs.last(), Some(&RoomOutput::StateChanged));
    assert_eq!(bench.room.state().member(BEN).map(|member| member.access), Some(Access::Read));
    assert_eq!(bench.refusal(&member(BEN), send("x")), ErrorCode::ReadOnly);
    assert_eq!(
        bench.refusal(&member(BEN), join(BEN)),
        ErrorCode::Forbidden,
        "nobody gives themself more access"
    );
}

#[test]
fn who_comes_in_has_nothing_unread() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.done(&member(ANNA), send("before"));
    bench.done(&member(CHLOE), join(CHLOE));
    assert_eq!(bench.room.state().member(CHLOE).map(|member| member.read), Some(Seq(2)));
    assert_eq!(bench.counts(CHLOE), (0, 0));
    bench.done(&member(ANNA), send("after"));
    assert_eq!(bench.counts(CHLOE), (1, 0));
    assert_eq!(bench.counts(BEN), (2, 0));
}

#[test]
fn guests_and_strangers_do_not_come_in_by_themselves() {
    let mut bench = Bench::new(state(&[ANNA]));
    assert_eq!(bench.refusal(&guest(BEN), join(BEN)), ErrorCode::NotFound);
    bench.done(&member(ANNA), join(BEN));
    let mut bench = Bench::new(RoomState { visibility: Visibility::Invited, ..state(&[ANNA]) });
    assert_eq!(bench.refusal(&member(BEN), join(BEN)), ErrorCode::NotFound);
    assert_eq!(bench.refusal(&member(BEN), join(CHLOE)), ErrorCode::NotFound);
    bench.done(&owner(BEN), join(BEN));
}

#[test]
fn direct_messages_have_no_coming_going_or_settings() {
    let mut bench = Bench::new(direct([ANNA, BEN]));
    for command in [join(CHLOE), leave(ANNA), leave(BEN), rename("x"), archive(true)] {
        assert_eq!(bench.refusal(&owner(ANNA), command), ErrorCode::Forbidden);
    }
    assert_eq!(bench.refusal(&owner(CHLOE), join(CHLOE)), ErrorCode::NotFound);
    assert_eq!(bench.room.state().capacity(), 2);
    bench.done(&member(BEN), send("x"));
}

#[test]
fn a_reader_who_leaves_comes_back_as_a_reader() {
    let reader = || RoomCommand::Join { user: BEN, access: Access::Read };
    let access = |bench: &Bench| bench.room.state().member(BEN).map(|member| member.access);
    let mut bench = Bench::new(state(&[ANNA]));
    bench.done(&member(ANNA), reader());
    bench.done(&member(BEN), leave(BEN));
    bench.done(&member(BEN), join(BEN));
    assert_eq!(access(&bench), Some(Access::Read));
    // Being removed does not wash it off either; being added does.
    bench.done(&owner(ANNA), leave(BEN));
    bench.done(&member(BEN), join(BEN));
    assert_eq!(access(&bench), Some(Access::Read));
    bench.done(&member(BEN), leave(BEN));
    bench.done(&member(ANNA), join(BEN));
    assert_eq!(access(&bench), Some(Access::Write));
    bench.done(&member(BEN), leave(BEN));
    bench.done(&member(BEN), join(BEN));
    assert_eq!(access(&bench), Some(Access::Write));
}

#[test]
fn nobody_overtakes_being_added_as_a_reader() {
    let mut bench = Bench::new(state(&[ANNA]));
    bench.accept(&member(ANNA), RoomCommand::Join { user: BEN, access: Access::Read });
    let event = bench.accept(&member(BEN), join(BEN));
    assert_eq!(event.change, RoomEventKind::Joined { user: BEN, access: Access::Read });
}

#[test]
fn owners_remove_and_others_only_leave() {
    let mut bench = Bench::new(state(&[ANNA, BEN, CHLOE]));
    assert_eq!(bench.refusal(&member(ANNA), leave(BEN)), ErrorCode::Forbidden);
    assert_eq!(bench.refusal(&owner(ANNA), leave(EVE)), ErrorCode::NotFound);
    bench.done(&owner(ANNA), leave(BEN));
    bench.done(&member(CHLOE), leave(CHLOE));
    assert_eq!(bench.room.state().members.len(), 1);
    assert_eq!(bench.refusal(&member(CHLOE), leave(CHLOE)), ErrorCode::Forbidden);
}

#[test]
fn leaving_twice_while_the_disk_is_slow_is_once() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.accept(&owner(ANNA), leave(BEN));
    assert_eq!(bench.refusal(&owner(ANNA), leave(BEN)), ErrorCode::NotFound);
    assert_eq!(bench.refusal(&member(BEN), leave(BEN)), ErrorCode::Forbidden);
}

#[test]
fn nothing_is_written_behind_a_change_that_forbids_it() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.accept(&member(BEN), leave(BEN));
    assert_eq!(bench.refusal(&member(BEN), send("too late")), ErrorCode::Forbidden);
    bench.fail(ErrorCode::StorageFull);
    bench.done(&member(BEN), send("still here"));
    bench.accept(&member(ANNA), RoomCommand::Join { user: BEN, access: Access::Read });
    assert_eq!(bench.refusal(&member(BEN), send("too late")), ErrorCode::ReadOnly);
    bench.persist();
    bench.accept(&owner(ANNA), archive(true));
    assert_eq!(bench.refusal(&member(ANNA), send("too late")), ErrorCode::RoomArchived);
}

#[test]
fn nothing_is_granted_by_what_may_still_fail() {
    let mut bench = Bench::new(state(&[ANNA]));
    bench.accept(&member(BEN), join(BEN));
    assert_eq!(bench.refusal(&member(BEN), send("too early")), ErrorCode::Forbidden);
    bench.persist();
    bench.done(&owner(ANNA), archive(true));
    bench.accept(&owner(ANNA), archive(false));
    assert_eq!(bench.refusal(&member(ANNA), send("too early")), ErrorCode::RoomArchived);
}

#[test]
fn settings_are_checked_and_only_what_is_present_changes() {
    let mut bench = Bench::new(RoomState { topic: "old".to_owned(), ..state(&[ANNA]) });
    assert_eq!(bench.refusal(&member(ANNA), settings()), ErrorCode::FieldInvalid);
    for name in ["", "   ", "a\u{202e}b", &"x".repeat(49)] {
        assert_eq!(bench.refusal(&member(ANNA), rename(name)), ErrorCode::FieldInvalid, "{name:?}");
    }
    let event = bench.accept(&member(ANNA), rename("  The   Room "));
    let name = Some("The Room".to_owned());
    assert_eq!(event.change, RoomEventKind::Changed { name, topic: None, visibility: None, archived: None });
    bench.persist();
    assert_eq!((bench.room.state().name.as_str(), bench.room.state().topic.as_str()), ("The Room", "old"));
    let topic = RoomCommand::Change {
        name: None,
        topic: Some(String::new()),
        visibility: Some(Visibility::Invited),
        archived: None,
    };
    bench.done(&member(ANNA), topic);
    assert_eq!(bench.room.state().name, "The Room");
    assert_eq!(bench.room.state().topic, "");
    assert_eq!(bench.room.state().visibility, Visibility::Invited);
    let long =
        RoomCommand::Change { name: None, topic: Some("x".repeat(201)), visibility: None, archived: None };
    assert_eq!(bench.refusal(&member(ANNA), long), ErrorCode::FieldInvalid);
}

#[test]
fn only_owners_archive_and_an_archived_room_can_be_read_and_taken_back() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    assert_eq!(bench.refusal(&member(BEN), archive(true)), ErrorCode::Forbidden);
    bench.done(&owner(ANNA), archive(true));
    assert!(bench.room.state().archived);
    assert_eq!(bench.refusal(&owner(ANNA), rename("x")), ErrorCode::RoomArchived);
    assert_eq!(bench.refusal(&member(CHLOE), join(CHLOE)), ErrorCode::RoomArchived);
    let both = RoomCommand::Change {
        name: Some("x".to_owned()),
        topic: None,
        visibility: None,
        archived: Some(false),
    };
    assert_eq!(bench.refusal(&owner(ANNA), both), ErrorCode::RoomArchived);
    bench.done(&owner(ANNA), archive(false));
    bench.done(&member(BEN), send("x"));
}

#[test]
fn who_was_removed_from_the_team_is_refused_before_anything_else() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    for standing in [Standing::Removed, Standing::Expired] {
        let actor = Actor { standing, ..owner(ANNA) };
        for command in [send("x"), join(CHLOE), leave(ANNA), rename("x"), archive(true)] {
            assert_eq!(bench.refusal(&actor, command), ErrorCode::SignedOut);
        }
    }
}

#[test]
fn the_view_of_who_is_not_in_the_room_tells_nothing_of_reading() {
    let mut bench = Bench::new(state(&[ANNA, BEN]));
    bench.done(&member(ANNA), send("x"));
    let inside = bench.room.view(BEN);
    assert_eq!((inside.last_seq, inside.members[0].read, inside.unread.messages), (Seq(1), Seq(1), 1));
    let outside = bench.room.view(EVE);
    assert_eq!((outside.last_seq, outside.unread.messages), (Seq::ZERO, 0));
    assert!(outside.members.iter().all(|member| member.read == Seq::ZERO));
    assert_eq!(outside.name, "room");
    assert_eq!(outside.members.len(), 2);
}
