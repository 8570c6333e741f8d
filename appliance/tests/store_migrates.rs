//! Stores of every released schema are brought up to date without losing anything, also when killed midway.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test")]

#[path = "store_support/disk.rs"]
mod disk;

use std::fs;
use std::path::{Path, PathBuf};

use mesh_appliance::store::record::UserRecord;
use mesh_appliance::store::{OpenError, PeopleReads, RoomReads, Store, StoreOptions, check};
use mesh_protocol::chat::{ClientTag, PageFrom};
use mesh_protocol::id::UserId;
use mesh_protocol::time::Seq;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::{Value, json};

use disk::{Disk, Fault, cut};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Everything that a store says, in the form of `examples/store_fixture.rs`.
fn said(store: &Store) -> Value {
    let rooms = store.read(|view| view.rooms()).unwrap();
    let rooms: Vec<Value> = rooms
        .into_iter()
        .map(|state| {
            let room = state.id;
            let members: Vec<_> =
                state.members.iter().map(|member| (member.user, member.access, member.read)).collect();
            json!({
                "room": room,
                "name": state.name,
                "topic": state.topic,
                "visibility": state.visibility,
                "lastSeq": state.last_seq,
                "lastAt": state.last_at,
                "members": members,
                "history": store.read(|view| view.history(room, PageFrom::Latest, 100)).unwrap(),
                "events": store.read(|view| view.events(room, Seq::ZERO, state.last_seq)).unwrap(),
                "pins": store.read(|view| view.pins(room)).unwrap(),
                "revisions": store.read(|view| view.revisions(room, Seq(5))).unwrap(),
                "deletedRevisions": store.read(|view| view.revisions(room, Seq(13))).unwrap(),
                "tag": store.read(|view| view.tag(UserId(2), &ClientTag(format!("{room}-6")))).unwrap(),
            })
        })
        .collect();
    let users = store.read(|view| view.users()).unwrap();
    json!({ "rooms": rooms, "users": users.iter().map(UserRecord::to_user).collect::<Vec<_>>() })
}

#[tokio::test]
async fn a_store_of_every_released_schema_says_the_same_after_migration() {
    let folder = tempfile::tempdir().unwrap();
    for schema in ["v1", "v2"] {
        let path = folder.path().join(format!("{schema}.redb"));
        fs::copy(fixture(&format!("{schema}.redb")), &path).unwrap();
        let expected: Value =
            serde_json::from_slice(&fs::read(fixture(&format!("{schema}.json"))).unwrap()).unwrap();
        let store = Store::open(&path, StoreOptions::default()).unwrap();
        assert_eq!(said(&store), expected, "{schema}");
        store.shutdown().await;
        let report = check(&path).unwrap();
        assert_eq!((report.schema, report.users, report.rooms, report.events), (3, 4, 2, 52));
        // Opened once more: nothing is left to do.
        let store = Store::open(&path, StoreOptions::default()).unwrap();
        assert_eq!(said(&store), expected, "{schema} again");
        store.shutdown().await;
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_with_a_sentence_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.redb");
    {
        let database = redb::Database::create(&path).unwrap();
        let transaction = database.begin_write().unwrap();
        let meta = redb::TableDefinition::<&str, &[u8]>::new("meta");
        transaction.open_table(meta).unwrap().insert("schema", 99_u32.to_le_bytes().as_slice()).unwrap();
        transaction.commit().unwrap();
    }
    let before = fs::read(&path).unwrap();
    let error = Store::open(&path, StoreOptions::default()).unwrap_err();
    assert!(matches!(error, OpenError::TooNew { found: 99, known: 3 }), "{error:?}");
    assert!(error.to_string().contains("newer version"), "{error}");
    assert!(matches!(check(&path), Err(OpenError::TooNew { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
}

/// Power cuts after each call of the migration, several times with other luck, and once more during recovery.
#[tokio::test]
async fn a_migration_that_is_cut_anywhere_completes_at_the_next_start() {
    let old = fs::read(fixture("v1.redb")).unwrap();
    let expected: Value = serde_json::from_slice(&fs::read(fixture("v1.json")).unwrap()).unwrap();
    let disk = Disk::new(old.clone());
    let store = Store::with_backend(disk.factory(), StoreOptions::default()).unwrap();
    let tape = disk.take_tape();
    store.shutdown().await;
    assert!(tape.len() > 10, "the migration is on the tape: {}", tape.len());
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for calls in 0..=tape.len() {
        for _ in 0..4 {
            let once = cut(&old, &tape[..calls], &mut rng);
            let disk = Disk::new(once.clone());
            let store = Store::with_backend(disk.factory(), StoreOptions::default())
                .unwrap_or_else(|error| panic!("cut after call {calls}: {error}"));
            assert_eq!(said(&store), expected, "cut after call {calls}");
            let recovery = disk.take_tape();
            store.shutdown().await;
            let twice = cut(&once, &recovery[..recovery.len() / 2], &mut rng);
            let disk = Disk::new(twice);
            let store = Store::with_backend(disk.factory(), StoreOptions::default())
                .unwrap_or_else(|error| panic!("cut after call {calls} and again: {error}"));
            assert_eq!(said(&store), expected, "cut after call {calls} and again");
            store.shutdown().await;
        }
    }
}

#[tokio::test]
async fn a_disk_that_fails_during_the_migration_costs_nothing() {
    let old = fs::read(fixture("v1.redb")).unwrap();
    let expected: Value = serde_json::from_slice(&fs::read(fixture("v1.json")).unwrap()).unwrap();
    let whole = Disk::new(old.clone());
    Store::with_backend(whole.factory(), StoreOptions::default()).unwrap().shutdown().await;
    for first in 1..=whole.calls().0 {
        let disk = Disk::new(old.clone());
        disk.set_fault(Some(Fault { first, last: u64::MAX, kind: std::io::ErrorKind::StorageFull }));
        match Store::with_backend(disk.factory(), StoreOptions::default()) {
            Ok(store) => store.shutdown().await,
            Err(error) => assert!(matches!(error, OpenError::Io(_)), "call {first}: {error:?}"),
        }
        disk.set_fault(None);
        let store = Store::with_backend(disk.factory(), StoreOptions::default()).unwrap();
        assert_eq!(said(&store), expected, "call {first}");
        store.shutdown().await;
    }
}
