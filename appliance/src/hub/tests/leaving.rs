//! People whose access has ended give their places in rooms back.

use super::*;

#[tokio::test]
async fn a_guest_whose_access_has_ended_leaves_the_rooms() {
    let mut bench = Bench::guest().await;
    bench.hub.tick();
    bench.pass(999);
    bench.hub.tick();
    assert!(bench.events.try_recv().is_err(), "not yet");
    bench.pass(20_000);
    bench.hub.tick();
    bench.stored().await;
    assert_eq!(bench.members(), [ANNA]);
    bench.pass(20_000);
    bench.hub.tick();
    assert!(bench.events.try_recv().is_err(), "once is enough");
    let on_disk = bench.hub.store.read(|view| view.room(ROOM)).unwrap().unwrap();
    assert!(on_disk.member(BEN).is_none());
}

#[tokio::test]
async fn who_was_removed_while_the_disk_was_full_leaves_later() {
    let mut bench = Bench::pair(0).await;
    let removed = UserRecord { removed: true, ..user(BEN, "ben", Role::Member) };
    bench.hub.store.write(move |change| change.put_user(&removed)).await.unwrap();
    bench.hub.user_changed(BEN);
    bench.hub.tick();
    bench.stored().await;
    assert_eq!(bench.members(), [ANNA]);
}

#[tokio::test]
async fn a_busy_box_looks_for_the_gone_as_often_as_an_idle_one() {
    let mut bench = Bench::pair(0).await;
    bench.hub.tick();
    bench.pass(19_000);
    assert_eq!(bench.hub.wait(), std::time::Duration::from_secs(1));
    bench.pass(2_000);
    assert_eq!(bench.hub.wait(), std::time::Duration::ZERO);
}
