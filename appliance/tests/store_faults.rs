//! A full or failing disk at any call: no panic, no false acknowledgement, reading goes on, and writing resumes
//! by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test")]

#[path = "store_support/disk.rs"]
mod disk;
#[path = "store_support/story.rs"]
mod story;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mesh_appliance::store::{RoomReads, Store, StoreError, StoreOptions};
use mesh_protocol::chat::RoomEvent;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::RoomId;
use mesh_protocol::session::StorageState;
use mesh_protocol::time::Seq;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use disk::{Disk, Fault};
use story::Story;

/// The largest N at which the N-th call fails.
const MOST_CALLS: u64 = 2_000;
const STEPS: usize = 64;
const PATIENCE: Duration = Duration::from_secs(5);

static PANICS: AtomicU64 = AtomicU64::new(0);

fn count_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            default(panic);
        }));
    });
}

fn options() -> StoreOptions {
    // Next to no cache, so that reading needs the disk; probing often, so that the test is quick.
    StoreOptions { cache_bytes: 64 * 1024, probe_every: Duration::from_millis(2) }
}

/// Writes a step as the hub and its clients do: what was refused is sent again with the same tag, unless the
/// tag turns out to be on disk.
async fn persist(store: &Store, events: &[RoomEvent]) -> Result<(), StoreError> {
    let started = Instant::now();
    loop {
        let own = events.to_vec();
        let written =
            store.write(move |change| own.iter().try_for_each(|event| change.append_event(event))).await;
        let error = match written {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        assert!(
            matches!(error.code(), ErrorCode::StorageFull | ErrorCode::StorageFailing | ErrorCode::Internal),
            "{error:?}"
        );
        // Refused means: not there, then and later.
        let last = events[events.len() - 1].seq;
        if let Ok((on_disk, _)) = store.read(|view| view.last_event(events[0].room)) {
            assert!(on_disk < last, "refused with {error:?}, but on disk");
        }
        if started.elapsed() > PATIENCE {
            return Err(error);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

struct Ended {
    disk: Disk,
    story: Story,
    acked: BTreeMap<RoomId, Seq>,
}

/// Plays a story on a disk that fails as `fault` says, and returns when all of it is acknowledged.
async fn play(fault: Option<Fault>) -> Ended {
    let disk = Disk::default();
    let store = Store::with_backend(disk.factory(), options()).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut story = store
        .write(|change| {
            let mut story = Story::default();
            story.begin(change).map(|()| story)
        })
        .await
        .unwrap();
    let (calls, _) = disk.calls();
    disk.set_fault(fault.map(|fault| Fault {
        first: calls + fault.first,
        last: calls + fault.last,
        ..fault
    }));
    let mut acked = BTreeMap::new();
    for _ in 0..STEPS {
        let step = story.next(&mut rng);
        persist(&store, &step.events)
            .await
            .unwrap_or_else(|error| panic!("{fault:?}: never resumed: {error:?}"));
        acked.insert(step.room, step.events[step.events.len() - 1].seq);
        // One read may meet the fault itself; the next one must not.
        let read = || store.read(|view| view.events(step.room, Seq::ZERO, Seq(u64::MAX)));
        let started = Instant::now();
        while let Err(error) = read() {
            assert!(started.elapsed() < PATIENCE, "{fault:?}: reading does not go on: {error:?}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    disk.set_fault(None);
    let mut state = store.storage();
    let healthy = state.wait_for(|state| *state == StorageState::Ok);
    tokio::time::timeout(PATIENCE, healthy).await.expect("the state becomes healthy").unwrap();
    // The database may only now notice that a read failed.
    let started = Instant::now();
    while let Err(wrong) = story.verify(&store, &acked) {
        assert!(started.elapsed() < PATIENCE, "{fault:?}: {wrong}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    store.shutdown().await;
    Ended { disk, story, acked }
}

fn run(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future);
}

#[test]
fn an_error_at_any_call_costs_nothing_that_was_acknowledged() {
    count_panics();
    let threads = std::thread::available_parallelism().map_or(2, |threads| threads.get() as u64);
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            std::thread::spawn(move || {
                let mut failed = 0;
                for n in (1..=MOST_CALLS).skip(worker as usize).step_by(threads as usize) {
                    // Some faults are over at once, some last; some say full, some say broken.
                    let kind = if n % 2 == 0 { ErrorKind::StorageFull } else { ErrorKind::Other };
                    let last = n + [0, 0, 2, 40][n as usize / 2 % 4];
                    run(async {
                        let ended = play(Some(Fault { first: n, last, kind })).await;
                        failed += u64::from(ended.disk.calls().1 > 0);
                        let again = Disk::new(ended.disk.bytes());
                        let store = Store::with_backend(again.factory(), options()).unwrap();
                        ended
                            .story
                            .verify(&store, &ended.acked)
                            .unwrap_or_else(|wrong| panic!("call {n}: {wrong}"));
                        store.shutdown().await;
                    });
                }
                failed
            })
        })
        .collect();
    let failed: u64 = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
    println!("{MOST_CALLS} runs, {failed} met the error");
    assert!(failed > MOST_CALLS / 4, "the story is too short: {failed}");
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
}

#[test]
fn a_full_disk_is_told_apart_and_reading_goes_on() {
    run(async {
        let disk = Disk::default();
        let store = Store::with_backend(disk.factory(), options()).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(8);
        let mut story = store
            .write(|change| {
                let mut story = Story::default();
                story.begin(change).map(|()| story)
            })
            .await
            .unwrap();
        let mut state = store.storage();
        assert_eq!(*state.borrow_and_update(), StorageState::Ok);
        let (calls, _) = disk.calls();
        // Reads are not refused by a full disk; syncing and writing are, whatever the call.
        let step = story.next(&mut rng);
        let own = step.events.clone();
        disk.set_full(true);
        let refused =
            store.write(move |change| own.iter().try_for_each(|event| change.append_event(event))).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::StorageFull);
        state.wait_for(|state| *state == StorageState::Full).await.unwrap();
        for _ in 0..20 {
            let rooms = store.read(|view| view.rooms()).unwrap();
            assert_eq!(rooms.len(), 2);
            let again =
                store.write(|change| change.set_read(story::ROOMS[0], mesh_protocol::id::UserId(1), Seq(1)));
            assert_eq!(again.await.unwrap_err().code(), ErrorCode::StorageFull);
        }
        disk.set_full(false);
        tokio::time::timeout(PATIENCE, state.wait_for(|state| *state == StorageState::Ok))
            .await
            .unwrap()
            .unwrap();
        persist(&store, &step.events).await.unwrap();
        assert!(disk.calls().0 > calls);
        store.shutdown().await;
    });
}
