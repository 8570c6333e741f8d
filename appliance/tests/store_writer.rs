//! The writer: operations are refused one by one, answered in order, and never after the store has ended
//! without an answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test")]

#[path = "store_support/disk.rs"]
mod disk;

use std::sync::mpsc;
use std::time::{Duration, Instant};

use mesh_appliance::store::record::{SessionRecord, TeamRecord, UserRecord};
use mesh_appliance::store::{Change, DEFER, PeopleReads, QUEUE_OPS, Store, StoreError, StoreOptions};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{SessionId, UserId};
use mesh_protocol::presence::Availability;
use mesh_protocol::team::Role;
use mesh_protocol::time::UnixMillis;

use disk::Disk;

fn store() -> (Store, Disk) {
    let disk = Disk::default();
    (Store::with_backend(disk.factory(), StoreOptions::default()).unwrap(), disk)
}

fn user(id: u64, name: &str) -> UserRecord {
    UserRecord {
        id: UserId(id),
        user_name: name.to_owned(),
        name: name.to_owned(),
        role: Role::Member,
        color: 0,
        removed: false,
        expires_at: None,
        password_hash: None,
        availability: Availability::Automatic,
        status_text: String::new(),
        joined_at: UnixMillis(1),
    }
}

fn session(id: u64, hash: u8) -> SessionRecord {
    SessionRecord {
        id: SessionId(id),
        user: UserId(1),
        token_hash: [hash; 32],
        browser: String::new(),
        address: String::new(),
        created_at: UnixMillis(1),
        last_seen: UnixMillis(1),
        confirmed_at: UnixMillis(1),
    }
}

type Operation = Box<dyn FnOnce(&mut Change<'_>) -> Result<(), StoreError> + Send>;

/// Many operations that land in one commit: while the writer is held up by the first, the others gather.
fn together(store: &Store, operations: Vec<Operation>) -> Vec<Result<(), StoreError>> {
    let (sender, receiver) = mpsc::channel();
    let (go, wait) = mpsc::channel::<()>();
    store.submit(
        move |_| {
            let _ = wait.recv();
            Ok(())
        },
        |_| {},
    );
    let count = operations.len();
    for (index, operation) in operations.into_iter().enumerate() {
        let sender = sender.clone();
        store.submit(operation, move |result| sender.send((index, result)).unwrap());
    }
    go.send(()).unwrap();
    let answers: Vec<(usize, Result<(), StoreError>)> =
        (0..count).map(|_| receiver.recv_timeout(Duration::from_secs(10)).unwrap()).collect();
    assert!(answers.iter().map(|(index, _)| *index).eq(0..count), "answers come in order");
    answers.into_iter().map(|(_, result)| result).collect()
}

#[test]
fn a_refused_operation_leaves_no_trace_and_does_not_concern_the_others() {
    let (store, _) = store();
    let answers = together(
        &store,
        vec![
            Box::new(|change| change.put_user(&user(1, "ada"))),
            Box::new(|change| {
                change.put_user(&user(1, "ada"))?;
                change.put_user(&user(2, "bob"))?;
                change.put_session(&session(5, 5))?;
                change.put_team(&TeamRecord { name: "no".to_owned(), ..TeamRecord::default() })?;
                change.set_presence(UserId(1), Availability::Away, "no")?;
                Err(StoreError::Refused(ErrorCode::Forbidden))
            }),
            Box::new(|change| {
                change.put_user(&user(3, "chloe"))?;
                panic!("an operation may be wrong");
            }),
            Box::new(|change| change.put_user(&user(4, "ADA"))),
            Box::new(|change| change.put_session(&session(6, 6))),
        ],
    );
    assert_eq!(
        answers,
        [
            Ok(()),
            Err(StoreError::Refused(ErrorCode::Forbidden)),
            Err(StoreError::Panicked),
            Err(StoreError::Refused(ErrorCode::UserNameTaken)),
            Ok(()),
        ]
    );
    let users = store.read(|view| view.users()).unwrap();
    assert_eq!(users, [user(1, "ada")]);
    assert_eq!(store.read(|view| view.team()).unwrap(), None);
    assert_eq!(store.read(|view| view.user_by_name("bob")).unwrap(), None);
    assert_eq!(store.read(|view| view.session_by_hash(&[5; 32])).unwrap(), None);
    assert_eq!(store.read(|view| view.session_by_hash(&[6; 32])).unwrap(), Some(session(6, 6)));
    let report = store.examine().unwrap();
    assert_eq!(report.users, 1);
}

#[tokio::test]
async fn sessions_end_by_user_and_are_found_by_their_present_secret_only() {
    let (store, _) = store();
    store
        .write(|change| {
            change.put_session(&session(1, 1))?;
            change.put_session(&session(2, 2))?;
            change.put_session(&session(1, 3))
        })
        .await
        .unwrap();
    assert_eq!(store.read(|view| view.session_by_hash(&[1; 32])).unwrap(), None);
    assert_eq!(store.read(|view| view.session_by_hash(&[3; 32])).unwrap(), Some(session(1, 3)));
    let ended = store.write(|change| change.delete_sessions(UserId(1), |one| one.id != SessionId(2))).await;
    assert_eq!(ended.unwrap(), [SessionId(1)]);
    assert_eq!(store.read(|view| view.sessions_of(UserId(1))).unwrap(), [session(2, 2)]);
    store.examine().unwrap();
}

#[test]
fn more_than_the_queue_holds_is_answered_busy() {
    let (store, _) = store();
    let (go, wait) = mpsc::channel::<()>();
    let (started, begun) = mpsc::channel();
    store.submit(
        move |_| {
            started.send(()).unwrap();
            let _ = wait.recv();
            Ok(())
        },
        |_| {},
    );
    begun.recv().unwrap();
    let (sender, receiver) = mpsc::channel();
    for _ in 0..QUEUE_OPS + 10 {
        let sender = sender.clone();
        store.submit(|_| Ok(()), move |result| sender.send(result).unwrap());
    }
    go.send(()).unwrap();
    let answers: Vec<Result<(), StoreError>> = receiver.iter().take(QUEUE_OPS + 10).collect();
    assert!(answers[..QUEUE_OPS].iter().all(Result::is_ok));
    assert!(answers[QUEUE_OPS..].iter().all(|answer| *answer == Err(StoreError::Busy)));
}

#[test]
fn what_is_deferred_goes_with_the_next_commit() {
    let (store, disk) = store();
    let (sender, receiver) = mpsc::channel();
    let before = disk.tape_len();
    let started = Instant::now();
    let deferred = sender.clone();
    store.defer(
        |change| change.put_session(&session(1, 1)),
        move |result| deferred.send(("deferred", result)).unwrap(),
    );
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(disk.tape_len(), before, "nothing is written for it alone");
    store.submit(
        |change| change.put_user(&user(1, "ada")),
        move |result| sender.send(("now", result)).unwrap(),
    );
    assert_eq!(receiver.recv().unwrap(), ("deferred", Ok(())));
    assert_eq!(receiver.recv().unwrap(), ("now", Ok(())));
    assert!(started.elapsed() < DEFER);
}

#[tokio::test]
async fn shutting_down_does_what_waits_and_refuses_what_comes() {
    let (store, disk) = store();
    let (sender, receiver) = mpsc::channel();
    let deferred = sender.clone();
    store.defer(|change| change.put_user(&user(1, "ada")), move |result| deferred.send(result).unwrap());
    store.shutdown().await;
    assert_eq!(receiver.recv().unwrap(), Ok(()), "what was deferred is on disk");
    assert_eq!(store.read(|view| view.users()), Err(StoreError::Closed));
    assert_eq!(store.write(|change| change.put_user(&user(2, "bob"))).await, Err(StoreError::Closed));
    store.submit(|_| Ok(()), move |result| sender.send(result).unwrap());
    assert_eq!(receiver.recv_timeout(Duration::from_secs(5)).unwrap(), Err(StoreError::Closed));
    let again = Store::with_backend(disk.factory(), StoreOptions::default()).unwrap();
    assert_eq!(again.read(|view| view.users()).unwrap(), [user(1, "ada")]);
}

#[test]
fn whoever_waits_may_panic_without_ending_the_writer() {
    let (store, _) = store();
    store.submit(|_| Ok(()), |_| panic!("the one who waits is wrong"));
    let (sender, receiver) = mpsc::channel();
    store.submit(|change| change.put_user(&user(1, "ada")), move |result| sender.send(result).unwrap());
    assert_eq!(receiver.recv_timeout(Duration::from_secs(5)).unwrap(), Ok(()));
}
