//! Damaged files: opening or examining one never panics, never changes it, and never passes wrong data off as
//! right.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test")]

#[path = "store_support/disk.rs"]
mod disk;
#[path = "store_support/story.rs"]
mod story;

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use mesh_appliance::store::{OpenError, Store, StoreError, StoreOptions, check};
use mesh_protocol::id::UserId;
use mesh_protocol::time::Seq;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use disk::Disk;
use story::{Story, acked_before};

const DAMAGES: u64 = 10_000;

fn options() -> StoreOptions {
    StoreOptions { cache_bytes: 1024 * 1024, ..StoreOptions::default() }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// A store with a story in it, closed.
async fn written(disk: &Disk) -> Story {
    let store = Store::with_backend(disk.factory(), options()).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let mut story = store
        .write(|change| {
            let mut story = Story::default();
            story.begin(change).map(|()| story)
        })
        .await
        .unwrap();
    for _ in 0..80 {
        let step = story.next(&mut rng);
        let events = step.events;
        store
            .write(move |change| events.iter().try_for_each(|event| change.append_event(event)))
            .await
            .unwrap();
    }
    store.shutdown().await;
    story
}

fn damage(bytes: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let at = rng.next_u32() as usize % bytes.len();
    match rng.next_u32() % 8 {
        0 => bytes.truncate(at),
        1 => {
            let end = (at + 4096).min(bytes.len());
            bytes[at..end].fill(0);
        }
        _ => {
            for _ in 0..1 + rng.next_u32() % 4 {
                let at = rng.next_u32() as usize % bytes.len();
                bytes[at] ^= 1 << (rng.next_u32() % 8);
            }
        }
    }
}

#[test]
fn ten_thousand_damaged_files_are_errors_or_harmless_and_never_wrong() {
    let disk = Disk::default();
    let story = run(written(&disk));
    let whole = disk.bytes();
    let last: BTreeMap<_, _> = story.ends.iter().map(|(room, ends)| (*room, *ends.last().unwrap())).collect();
    assert!(acked_before(&[], 0).is_empty());
    let threads = std::thread::available_parallelism().map_or(2, |threads| threads.get() as u64);
    let found: u64 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                let (story, whole, last) = (&story, &whole, &last);
                scope.spawn(move || {
                    let mut found = 0;
                    for seed in (worker..DAMAGES).step_by(threads as usize) {
                        let mut rng = ChaCha8Rng::seed_from_u64(seed);
                        let mut bytes = whole.clone();
                        damage(&mut bytes, &mut rng);
                        let disk = Disk::new(bytes.clone());
                        let opened =
                            catch_unwind(AssertUnwindSafe(|| Store::with_backend(disk.factory(), options())))
                                .unwrap_or_else(|_| panic!("seed {seed}: opening panicked"));
                        match opened {
                            Ok(store) => {
                                story
                                    .verify(&store, last)
                                    .unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
                                run(store.shutdown());
                            }
                            Err(_) => {
                                found += 1;
                                assert!(disk.bytes() == bytes, "seed {seed}: a refused file was changed");
                            }
                        }
                    }
                    found
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    println!("{DAMAGES} damaged files: {found} refused, the others unharmed");
    assert!(found > DAMAGES / 4, "{found}");
}

/// Pages that go bad under an open store end neither a reader nor the writer. A write may stay unanswered while
/// nobody can tell whether it is on disk; shutting down answers it.
#[test]
fn pages_that_go_bad_under_an_open_store_end_nobody() {
    let disk = Disk::default();
    let story = run(written(&disk));
    let whole = disk.bytes();
    let last: BTreeMap<_, _> = story.ends.iter().map(|(room, ends)| (*room, *ends.last().unwrap())).collect();
    let mut noticed = 0;
    for seed in 0..300 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let disk = Disk::new(whole.clone());
        // No cache: every page is read from the disk.
        let store =
            Store::with_backend(disk.factory(), StoreOptions { cache_bytes: 0, ..options() }).unwrap();
        disk.alter(|bytes| damage(bytes, &mut rng));
        noticed += u64::from(story.verify(&store, &last).is_err());
        let (sender, receiver) = mpsc::channel();
        store.submit(
            |change| change.set_read(story::ROOMS[0], UserId(1), Seq(1)),
            move |result| drop(sender.send(result)),
        );
        let early = receiver.recv_timeout(Duration::from_millis(20));
        assert_ne!(early, Ok(Err(StoreError::Closed)), "seed {seed}: the writer ended");
        run(store.shutdown());
        if early.is_err() {
            let late = receiver.recv_timeout(Duration::from_secs(5));
            assert!(late.is_ok(), "seed {seed}: no answer");
        }
    }
    println!("300 stores with bad pages: {noticed} noticed at once");
    assert!(noticed > 30, "{noticed}");
}

fn refused(path: &Path) -> String {
    let before = fs::read(path).unwrap();
    let error = Store::open(path, options()).unwrap_err();
    assert!(matches!(error, OpenError::Damaged(_)), "{error:?}");
    assert!(matches!(check(path), Err(OpenError::Damaged(_))));
    assert_eq!(fs::read(path).unwrap(), before, "nothing is overwritten");
    error.to_string()
}

#[test]
fn files_that_are_no_store_are_refused_with_a_sentence_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mesh.redb");
    fs::write(&path, b"").unwrap();
    assert!(refused(&path).contains("empty"));
    fs::write(&path, "a shopping list\n".repeat(1_000)).unwrap();
    assert!(refused(&path).contains("restore a backup"));
    fs::remove_file(&path).unwrap();
    drop(redb::Database::create(&path).unwrap());
    assert!(refused(&path).contains("something else"));
}

#[test]
fn a_store_that_is_open_is_refused_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mesh.redb");
    let store = Store::open(&path, options()).unwrap();
    assert!(matches!(Store::open(&path, options()), Err(OpenError::Locked)));
    assert!(matches!(check(&path), Err(OpenError::Locked)));
    run(store.shutdown());
    assert_eq!(check(&path).unwrap().schema, 3);
}

#[test]
fn a_folder_that_is_not_there_is_an_error_of_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let error = Store::open(&folder.path().join("none/mesh.redb"), options()).unwrap_err();
    assert!(matches!(error, OpenError::Io(_)), "{error:?}");
}
