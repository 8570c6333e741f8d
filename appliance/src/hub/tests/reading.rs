//! Read marks that move back, and what is read from the disk for them.

use mesh_core::policy::{Actor, Standing};
use mesh_core::room::RoomInput;
use mesh_protocol::chat::ChatUnread;

use super::*;

/// Seqs of what would be read from the disk when `user` moves the mark back to before `seq`.
fn window(bench: &Bench, actor: &Actor, seq: u64) -> Vec<u64> {
    let unread = ChatUnread { room: ROOM, seq: Seq(seq) };
    bench.hub.unread_window(actor, &unread).unwrap().into_iter().map(|mark| mark.seq.0).collect()
}

#[tokio::test]
async fn the_disk_is_read_only_for_a_mark_that_moves_back_beyond_what_is_held() {
    let mut bench = Bench::pair(8).await;
    let ben = bench.hub.people.actor(BEN, bench.hub.clock.wall());
    assert_eq!(window(&bench, &ben, 3), [0; 0], "not back: nothing was read yet");
    for user in [ANNA, BEN] {
        let actor = bench.hub.people.actor(user, bench.hub.clock.wall());
        bench.hub.room_input(ROOM, RoomInput::Read { actor, seq: Seq(10) });
    }
    bench.hub.rooms.get_mut(&ROOM).unwrap().machine =
        mesh_core::room::Room::open(bench.hub.rooms[&ROOM].machine.state().clone(), vec![]);
    assert_eq!(window(&bench, &ben, 11), [0; 0], "not back");
    assert_eq!(window(&bench, &ben, 8), [8, 9, 10]);
    bench.hub.unread_from(ben.clone(), ChatUnread { room: ROOM, seq: Seq(8) });
    assert_eq!(bench.hub.rooms[&ROOM].machine.unread(BEN).messages, 3);
    assert_eq!(window(&bench, &ben, 8), [0; 0], "held by now");
}

#[tokio::test]
async fn the_disk_is_not_read_for_somebody_who_may_not_move_a_mark() {
    let bench = Bench::pair(8).await;
    let ben = bench.hub.people.actor(BEN, bench.hub.clock.wall());
    let expired = Actor { standing: Standing::Expired, ..ben.clone() };
    let stranger = Actor { user: UserId(9), ..ben };
    for actor in [expired, stranger] {
        assert_eq!(window(&bench, &actor, 3), [0; 0], "{actor:?}");
    }
    let nowhere = ChatUnread { room: RoomId(99), seq: Seq(1) };
    assert_eq!(
        bench.hub.unread_window(&bench.hub.people.actor(BEN, UnixMillis(START)), &nowhere),
        Ok(vec![])
    );
}
