//! Writes chat messages through the real store: `store_writes FILE COUNT GROUP PAUSE_MS`. Each time `GROUP`
//! messages are submitted together and their acknowledgements awaited, then a pause. Prints commit latencies.
//! `bench/store_writes.sh` counts what reaches the device meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use mesh_appliance::store::{Change, RoomReads, Store, StoreOptions};
use mesh_core::room::RoomState;
use mesh_protocol::chat::{ClientTag, RoomEvent, RoomEventKind};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::time::{Seq, UnixMillis};

const ROOM: RoomId = RoomId(0x1234_5678_9abc_def0);

fn event(seq: u64, change: RoomEventKind) -> RoomEvent {
    let tag = matches!(change, RoomEventKind::Posted { .. }).then(|| {
        ClientTag(format!("{:08x}-0000-4000-8000-{seq:012x}", seq.wrapping_mul(0x9e37_79b9) as u32))
    });
    RoomEvent {
        room: ROOM,
        seq: Seq(seq),
        at: UnixMillis(1_700_000_000_000 + seq),
        by: UserId(1 + seq % 4),
        tag,
        change,
    }
}

fn posted(seq: u64) -> RoomEventKind {
    let text =
        format!("message {seq}: a lone line of chat, about as long as people write them, give or take");
    RoomEventKind::Posted { text, reply_to: None, mentions: vec![], everyone: false }
}

/// Makes the room when it is not there; the newest event.
async fn prepare(store: &Store) -> anyhow::Result<u64> {
    if let Some(room) = store.read(|view| view.room(ROOM))? {
        return Ok(room.last_seq.0);
    }
    let state = RoomState {
        id: ROOM,
        kind: RoomKind::Room,
        visibility: Visibility::Open,
        name: "General".to_owned(),
        topic: String::new(),
        archived: false,
        members: vec![],
        readers_gone: Vec::new(),
        epoch: Seq::ZERO,
        last_seq: Seq::ZERO,
        last_at: UnixMillis(0),
    };
    let make = move |change: &mut Change<'_>| {
        change.create_room(&state)?;
        (1..=4).try_for_each(|user| {
            let joined = RoomEventKind::Joined { user: UserId(user), access: Access::Write };
            change.append_event(&event(user, joined))
        })
    };
    store.write(make).await?;
    Ok(4)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, count, group, pause] = args.as_slice() else {
        anyhow::bail!("store_writes FILE COUNT GROUP PAUSE_MS");
    };
    let (count, group, pause): (u64, u64, u64) = (count.parse()?, group.parse()?, pause.parse()?);
    let store = Store::open(Path::new(file), StoreOptions::default())?;
    let mut seq = prepare(&store).await?;
    let mut waits = Vec::new();
    for _ in 0..count / group {
        let started = Instant::now();
        let writes: Vec<_> = (0..group)
            .map(|_| {
                seq += 1;
                let event = event(seq, posted(seq));
                let (sender, receiver) = tokio::sync::oneshot::channel();
                store.submit(
                    move |change| change.append_event(&event),
                    move |result| drop(sender.send(result)),
                );
                receiver
            })
            .collect();
        for write in writes {
            write.await??;
        }
        waits.push(started.elapsed());
        if pause > 0 {
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }
    waits.sort_unstable();
    let at = |share: usize| waits.get(waits.len() * share / 100).copied().unwrap_or_default();
    let total: Duration = waits.iter().sum();
    writeln(format!(
        "{count} messages in groups of {group}: commit p50 {:.1?} p99 {:.1?}, {:.0} messages/s",
        at(50),
        at(99),
        count as f64 / total.as_secs_f64()
    ));
    store.shutdown().await;
    Ok(())
}

#[allow(clippy::print_stdout)]
fn writeln(line: String) {
    println!("{line}");
}
