//! How long searches take: `store_search FILE MESSAGES` fills a room with that many chat messages and looks for
//! a word that only the oldest one has, one that many have, and one in another script.

use std::path::Path;
use std::time::Instant;

use mesh_appliance::store::{RoomReads, SearchReads, Store, StoreOptions};
use mesh_core::room::RoomState;
use mesh_protocol::chat::{RoomEvent, RoomEventKind, SearchRequest};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{RoomKind, Visibility};
use mesh_protocol::time::{Seq, UnixMillis};

const ROOM: RoomId = RoomId(42);
const WORDS: [&str; 12] = [
    "déploiement",
    "the",
    "meeting",
    "café",
    "tomorrow",
    "server",
    "naïve",
    "branch",
    "review",
    "ça",
    "merge",
    "lunch",
];

fn event(seq: u64) -> RoomEvent {
    let words: Vec<&str> = (0..16)
        .filter_map(|index| WORDS.get((seq * 7 + index * seq % 5 + index) as usize % 12).copied())
        .collect();
    let text = if seq == 1 { "the needle".to_owned() } else { format!("{} {seq}", words.join(" ")) };
    let change = RoomEventKind::Posted { text, reply_to: None, mentions: vec![], everyone: false };
    RoomEvent { room: ROOM, seq: Seq(seq), at: UnixMillis(seq), by: UserId(seq % 4), tag: None, change }
}

#[allow(clippy::print_stdout)]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, count] = args.as_slice() else { anyhow::bail!("store_search FILE MESSAGES") };
    let count: u64 = count.parse()?;
    let store = Store::open(Path::new(file), StoreOptions::default())?;
    if store.read(|view| view.room(ROOM))?.is_none() {
        let state = RoomState {
            id: ROOM,
            kind: RoomKind::Room,
            visibility: Visibility::Open,
            name: "search".to_owned(),
            topic: String::new(),
            archived: false,
            members: vec![],
            readers_gone: Vec::new(),
            epoch: Seq::ZERO,
            last_seq: Seq::ZERO,
            last_at: UnixMillis(0),
        };
        store.write(move |change| change.create_room(&state)).await?;
        for start in (1..=count).step_by(1_000) {
            store
                .write(move |change| {
                    (start..start + 1_000).try_for_each(|seq| change.append_event(&event(seq)))
                })
                .await?;
        }
    }
    for query in ["needle", "caf", "обед"] {
        let mut request = SearchRequest {
            request: 1,
            query: query.to_owned(),
            room: None,
            by: None,
            cursor: None,
            limit: 50,
        };
        let (started, mut pages, mut hits, mut longest) = (Instant::now(), 0, 0, 0.0_f64);
        loop {
            let began = Instant::now();
            let page = store.read(|view| view.search(&[ROOM], &request))?;
            longest = longest.max(began.elapsed().as_secs_f64());
            pages += 1;
            hits += page.hits.len();
            request.cursor = page.next;
            if request.cursor.is_none() || hits >= 50 {
                break;
            }
        }
        println!(
            "\"{query}\" in {count}: {hits} hits in {pages} pages, {:.0?} in all, longest page {:.1} ms",
            started.elapsed(),
            longest * 1e3
        );
    }
    store.shutdown().await;
    let began = Instant::now();
    let store = Store::open(Path::new(file), StoreOptions::default())?;
    println!("opening {} MB: {:.0?}", std::fs::metadata(file)?.len() / 1_000_000, began.elapsed());
    store.shutdown().await;
    Ok(())
}
