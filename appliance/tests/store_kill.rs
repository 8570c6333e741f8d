//! The writing process is killed again and again: what it said was on disk is there once, in order.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a test")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use mesh_appliance::store::{RoomReads, Store, StoreOptions};
use mesh_core::room::RoomState;
use mesh_protocol::chat::{ClientTag, RoomEvent, RoomEventKind};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{RoomKind, Visibility};
use mesh_protocol::time::{Seq, UnixMillis};

const KILLS: u64 = 50;
const ROOM: RoomId = RoomId(9);
/// Tells the test binary, started again, that it is the writer.
const WRITER: &str = "MESH_STORE_KILL_WRITER";

fn room() -> RoomState {
    RoomState {
        id: ROOM,
        kind: RoomKind::Room,
        visibility: Visibility::Open,
        name: "killed".to_owned(),
        topic: String::new(),
        archived: false,
        members: vec![],
        readers_gone: Vec::new(),
        epoch: Seq::ZERO,
        last_seq: Seq::ZERO,
        last_at: UnixMillis(0),
    }
}

fn tag(number: u64) -> ClientTag {
    ClientTag(format!("tag-{number}"))
}

/// Sends chat messages number after number, as a client would: a number that is on disk is not sent again.
/// Prints each one that is acknowledged.
async fn write_for_ever(path: &Path) {
    let store = Store::open(path, StoreOptions::default()).unwrap();
    if store.read(|view| view.room(ROOM)).unwrap().is_none() {
        store.write(|change| change.create_room(&room())).await.unwrap();
    }
    let mut number = 1;
    loop {
        let known = store.read(|view| view.tag(UserId(1), &tag(number))).unwrap();
        if known.is_none() {
            let (last, _) = store.read(|view| view.last_event(ROOM)).unwrap();
            // Several at once, so that kills hit commits of all sizes.
            let waiting: Vec<_> = (0..1 + number % 4)
                .map(|ahead| {
                    let text = format!("message {}", number + ahead);
                    let change =
                        RoomEventKind::Posted { text, reply_to: None, mentions: vec![], everyone: false };
                    let seq = Seq(last.0 + 1 + ahead);
                    let tag = Some(tag(number + ahead));
                    let event =
                        RoomEvent { room: ROOM, seq, at: UnixMillis(seq.0), by: UserId(1), tag, change };
                    let (sender, receiver) = tokio::sync::oneshot::channel();
                    store.submit(
                        move |change| change.append_event(&event),
                        move |result| drop(sender.send(result)),
                    );
                    receiver
                })
                .collect();
            for ack in waiting {
                ack.await.unwrap().unwrap();
                say(number);
                number += 1;
            }
        } else {
            number += 1;
        }
    }
}

fn say(number: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "acked {number}").unwrap();
    out.flush().unwrap();
}

/// Starts the writer, lets it work for a while, kills it. The last number it acknowledged.
fn write_until_killed(path: &Path, after: Duration) -> Option<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "nothing_acknowledged_is_lost_or_doubled_by_fifty_kills", "--nocapture"])
        .env(WRITER, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let lines = BufReader::new(out).lines().map_while(Result::ok);
        lines.filter_map(|line| line.strip_prefix("acked ")?.parse().ok()).last()
    });
    std::thread::sleep(after);
    // SIGKILL.
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_fifty_kills() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    if let Some(path) = std::env::var_os(WRITER) {
        runtime.block_on(write_for_ever(Path::new(&path)));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mesh.redb");
    let mut acked = 0;
    for kill in 0..KILLS {
        let last = write_until_killed(&path, Duration::from_millis(60 + 7 * (kill % 11)));
        acked = acked.max(last.unwrap_or(0));
        let store = Store::open(&path, StoreOptions::default()).unwrap();
        store.examine().unwrap();
        let (last, _) = store.read(|view| view.last_event(ROOM)).unwrap();
        assert!(last.0 >= acked, "kill {kill}: {acked} were acknowledged, {} are there", last.0);
        let events = store.read(|view| view.events(ROOM, Seq::ZERO, last)).unwrap();
        for (number, event) in (1..).zip(&events) {
            assert_eq!(event.seq, Seq(number));
            assert_eq!(event.tag, Some(tag(number)), "kill {kill}: lost or doubled at {number}");
        }
        runtime.block_on(store.shutdown());
    }
    println!("{KILLS} kills, {acked} acknowledged messages");
    assert!(acked > KILLS, "the writer hardly wrote: {acked}");
}
