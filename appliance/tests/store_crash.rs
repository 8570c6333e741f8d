//! Power cuts at random calls of the disk, half of them followed by another one during recovery: nothing that
//! was acknowledged is lost, no file is unopenable, and no operation is there by halves.
//!
//! `MESH_SEED=n` replays one seed; `MESH_IMAGES=n` sets how many images are made.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test")]

#[path = "store_support/disk.rs"]
mod disk;
#[path = "store_support/story.rs"]
mod story;

use std::sync::{Arc, Mutex};
use std::time::Instant;

use mesh_appliance::store::{RoomReads, Store, StoreOptions};
use mesh_protocol::chat::{RoomEvent, RoomEventKind};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::time::Seq;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use disk::{Call, Disk, cut, cut_after};
use story::{Acks, Story, acked_before};

/// Power cuts, each one image of a disk; second cuts during recovery come on top of half of them.
const IMAGES: u64 = 20_000;
/// Steps of one story.
const STEPS: u64 = 60;
/// Images that are made of one story.
const IMAGES_PER_STORY: u64 = 200;

fn options() -> StoreOptions {
    StoreOptions { cache_bytes: 1024 * 1024, ..StoreOptions::default() }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

/// A story that was played to its end: the disk before it, every call, and when what was acknowledged.
struct Played {
    story: Story,
    before: Vec<u8>,
    tape: Vec<Call>,
    acks: Vec<(usize, RoomId, Seq)>,
}

fn play(rng: &mut ChaCha8Rng) -> Played {
    let disk = Disk::default();
    let store = Store::with_backend(disk.factory(), options()).unwrap();
    let acks: Acks = Arc::new(Mutex::new(Vec::new()));
    runtime().block_on(async {
        let mut story = store
            .write(|change| {
                let mut story = Story::default();
                story.begin(change).map(|()| story)
            })
            .await
            .unwrap();
        disk.take_tape();
        let before = disk.bytes();
        for room in story::ROOMS {
            let last = *story.ends[&room].last().unwrap();
            acks.lock().unwrap().push((0, room, last));
        }
        let mut left = STEPS;
        while left > 0 {
            let burst = (1 + u64::from(rng.next_u32() % 6)).min(left);
            left -= burst;
            for _ in 0..burst {
                let step = story.next(rng);
                let (room, last) = (step.room, step.events.last().unwrap().seq);
                let (acks, disk) = (acks.clone(), disk.clone());
                store.submit(
                    move |change| step.events.iter().try_for_each(|event| change.append_event(event)),
                    move |result| {
                        result.unwrap();
                        acks.lock().unwrap().push((disk.tape_len(), room, last));
                    },
                );
            }
            // Everything of the burst is on disk before the next one.
            store.write(|_| Ok(())).await.unwrap();
        }
        // No shutdown: the power goes while the store is open.
        let tape = disk.take_tape();
        store.shutdown().await;
        let acks = acks.lock().unwrap().clone();
        Played { story, before, tape, acks }
    })
}

/// A recovered store takes writes.
fn goes_on(store: &Store) -> Result<(), String> {
    let room = story::ROOMS[0];
    let (last, at) = store.read(|view| view.last_event(room)).map_err(|error| error.to_string())?;
    let change = RoomEventKind::Changed { name: None, topic: None, visibility: None, archived: Some(true) };
    let event = RoomEvent { room, seq: last.next(), at, by: UserId(1), tag: None, change };
    let written = runtime().block_on(store.write(move |change| change.append_event(&event)));
    written.map_err(|error| format!("a recovered store refuses: {error}"))
}

/// Opens an image and holds it against the story; `Err` tells what is wrong with it.
fn recover(played: &Played, image: Vec<u8>, calls: usize, rng: &mut ChaCha8Rng) -> Result<u64, String> {
    let acked = acked_before(&played.acks, calls);
    let disk = Disk::new(image.clone());
    let store =
        Store::with_backend(disk.factory(), options()).map_err(|error| format!("unopenable: {error}"))?;
    played.story.verify(&store, &acked)?;
    let tape = disk.take_tape();
    goes_on(&store)?;
    runtime().block_on(store.shutdown());
    if rng.next_u32().is_multiple_of(2) || tape.is_empty() {
        return Ok(1);
    }
    let second = cut(&image, &tape[..rng.next_u32() as usize % (tape.len() + 1)], rng);
    let disk = Disk::new(second);
    let store = Store::with_backend(disk.factory(), options())
        .map_err(|error| format!("unopenable after a second cut: {error}"))?;
    played.story.verify(&store, &acked).map_err(|wrong| format!("after a second cut: {wrong}"))?;
    runtime().block_on(store.shutdown());
    Ok(2)
}

/// One story and its images; how many stores were opened.
fn run_seed(seed: u64, images: u64) -> u64 {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let played = play(&mut rng);
    let mut opened = 0;
    for image in 0..images {
        let calls = rng.next_u32() as usize % (played.tape.len() + 1);
        let bytes = cut(&played.before, &played.tape[..calls], &mut rng);
        match recover(&played, bytes, calls, &mut rng) {
            Ok(stores) => opened += stores,
            Err(wrong) => panic!("MESH_SEED={seed}, image {image}, cut after call {calls}: {wrong}"),
        }
    }
    opened
}

#[test]
fn no_power_cut_loses_what_was_acknowledged() {
    let started = Instant::now();
    let seeds: Vec<u64> = match number("MESH_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("MESH_IMAGES").unwrap_or(IMAGES).div_ceil(IMAGES_PER_STORY)).collect(),
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            let mine: Vec<u64> = seeds.iter().copied().skip(worker).step_by(threads).collect();
            std::thread::spawn(move || {
                mine.into_iter().map(|seed| run_seed(seed, IMAGES_PER_STORY)).sum::<u64>()
            })
        })
        .collect();
    let mut opened = 0;
    let mut failed = Vec::new();
    for worker in workers {
        match worker.join() {
            Ok(stores) => opened += stores,
            Err(panic) => {
                failed.push(panic.downcast::<String>().map_or_else(|_| "?".to_owned(), |text| *text))
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let images = seeds.len() as u64 * IMAGES_PER_STORY;
    println!(
        "{images} power cuts, {} second ones during recovery, in {:.0?}",
        opened - images,
        started.elapsed()
    );
    assert!(opened > images, "no second cut was made");
}

/// The harness itself: on a disk that drops what it said was synced, it must find losses (in a fifth of the cuts everything arrives by luck).
#[test]
fn a_disk_that_lies_about_syncing_is_caught() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let played = play(&mut rng);
    let calls = played.tape.len();
    let caught = (0..50)
        .filter(|_| {
            let image = cut_after(&played.before, &played.tape, calls / 2, &mut rng);
            recover(&played, image, calls, &mut rng).is_err()
        })
        .count();
    assert!(caught >= 25, "only {caught} of 50 lying disks were caught");
}
