//! The real box is killed again and again while four people write over TLS: what it acknowledged is there, once.
//!
//! Each person keeps several tagged items under way: posts, edits, reactions. When the connection breaks, they
//! come back with their resume point and send again, under the same tags, whatever was not acknowledged. In the
//! end, what they saw, what they can page through, and what is on disk is the same history.
//!
//! `MESH_KILL_SEED` repeats the moments of a run that failed, as far as a loaded machine can repeat them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests are tests, which clippy does not see"
)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mesh_appliance::store::{RoomReads, Store, StoreOptions};
use mesh_lab::rest::Client;
use mesh_lab::running::{Place, RunningBox};
use mesh_lab::socket::Socket;
use mesh_protocol::chat::{
    ChatEdit, ChatMessage, ChatReact, ChatSend, ClientTag, HistoryItem, HistoryRequest, PageFrom, RoomEvent,
    RoomEventKind,
};
use mesh_protocol::control::{ClientMessage, ServerMessage};
use mesh_protocol::id::RoomId;
use mesh_protocol::limit;
use mesh_protocol::room::RoomKind;
use mesh_protocol::session::ResumePoint;
use mesh_protocol::time::Seq;
use tokio::runtime::Runtime;
use tokio::time::timeout;

const KILLS: usize = 50;
/// Kills that have to hit somebody who waits for an acknowledgement, or the test was idle.
const HITS: usize = 40;
/// Kills that have to fall between a commit and its acknowledgement, where doubling is a danger; and before a
/// commit, where losing is.
const CLOSE_HITS: usize = 10;
/// Items of one person that are under way at once.
const UNDER_WAY: usize = 8;
/// A box that does not answer for this long hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the killer and the writers know of each other.
#[derive(Debug, Default)]
struct Load {
    /// Sent and not acknowledged, of all writers.
    waiting: AtomicUsize,
    acknowledged: AtomicUsize,
    kills: AtomicUsize,
    is_over: AtomicBool,
}

/// What kills left of the items under way, by the number of the kill: seen by the writers as they come back.
#[derive(Debug, Default)]
struct Found {
    /// On disk, and only the acknowledgement was lost.
    written: BTreeMap<usize, usize>,
    /// Lost with the box.
    unwritten: BTreeMap<usize, usize>,
}

impl Found {
    fn add(&mut self, other: Found) {
        for (mine, others) in [(&mut self.written, other.written), (&mut self.unwritten, other.unwritten)] {
            for (kill, items) in others.into_iter().filter(|(_, items)| *items > 0) {
                *mine.entry(kill).or_default() += items;
            }
        }
    }
}

#[derive(Debug)]
struct Item {
    tag: ClientTag,
    message: ClientMessage,
}

/// Somebody who writes without pause.
struct Writer {
    client: Client,
    room: RoomId,
    number: usize,
    load: Arc<Load>,
    sent: usize,
    /// In the order in which they were sent first.
    under_way: VecDeque<Item>,
    acknowledged: BTreeMap<ClientTag, Seq>,
    /// Own posts that nothing was done with yet.
    fresh: VecDeque<Seq>,
    /// The history as this person has seen it; event `n` is at `n - 1`.
    seen: Vec<RoomEvent>,
    found: Found,
}

impl Writer {
    fn new(client: Client, room: RoomId, number: usize, load: Arc<Load>) -> Self {
        Self {
            client,
            room,
            number,
            load,
            sent: 0,
            under_way: VecDeque::new(),
            acknowledged: BTreeMap::new(),
            fresh: VecDeque::new(),
            seen: Vec::new(),
            found: Found::default(),
        }
    }

    /// Writes until the load is over and everything sent is acknowledged.
    async fn write(mut self) -> Self {
        let mut answered = Instant::now();
        while !self.is_done() {
            let before = self.acknowledged.len();
            // Errors are what this test makes: the box is gone, or not there yet.
            if let Err(error) = self.connected().await {
                if self.acknowledged.len() > before {
                    answered = Instant::now();
                }
                assert!(answered.elapsed() < PATIENCE, "writer {} can't come back: {error:#}", self.number);
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
        self
    }

    fn is_done(&self) -> bool {
        self.load.is_over.load(Ordering::SeqCst) && self.under_way.is_empty()
    }

    async fn open(&self) -> anyhow::Result<Socket> {
        let resume = vec![ResumePoint { room: self.room, seq: Seq(self.seen.len() as u64) }];
        let opened = timeout(PATIENCE, Socket::open(&self.client, resume)).await;
        Ok(opened.expect("a box that is there answers")?.0)
    }

    /// One connection, until it breaks or everything is done.
    async fn connected(&mut self) -> anyhow::Result<()> {
        let mut socket = self.open().await?;
        let missing: BTreeSet<ClientTag> = self.under_way.iter().map(|item| item.tag.clone()).collect();
        for item in &self.under_way {
            socket.send(&item.message).await?;
        }
        while !self.is_done() {
            while self.under_way.len() < UNDER_WAY && !self.load.is_over.load(Ordering::SeqCst) {
                let item = self.next_item();
                self.under_way.push_back(item);
                self.load.waiting.fetch_add(1, Ordering::SeqCst);
                socket.send(&self.under_way.back().unwrap().message).await?;
            }
            match timeout(PATIENCE, socket.next()).await.expect("what was sent is answered")? {
                ServerMessage::RoomEvents(events) => {
                    events.events.into_iter().for_each(|event| self.see(event))
                }
                ServerMessage::CaughtUp(_) => self.count(&missing),
                ServerMessage::ChatAck(ack) => self.acknowledged(ack.tag, ack.seq),
                ServerMessage::ChatRefused(refused) => panic!("{refused:?}"),
                ServerMessage::RoomReset(reset) => panic!("what was seen is gone: {:?}", reset.room),
                _ => {}
            }
        }
        Ok(())
    }

    fn next_item(&mut self) -> Item {
        self.sent += 1;
        // A UUID in form.
        let tag = ClientTag(format!("{:08x}-0000-4000-8000-{:012x}", self.number, self.sent));
        let (room, text) = (self.room, format!("item {} of writer {}", self.sent, self.number));
        let target = if self.sent.is_multiple_of(3) { self.fresh.pop_front() } else { None };
        let message = match target {
            None => ClientMessage::ChatSend(ChatSend { tag: tag.clone(), room, text, reply_to: None }),
            Some(target) if self.sent.is_multiple_of(2) => {
                ClientMessage::ChatEdit(ChatEdit { tag: tag.clone(), room, target, text })
            }
            Some(target) => {
                let emoji = "👍".to_owned();
                ClientMessage::ChatReact(ChatReact { tag: tag.clone(), room, target, emoji, on: true })
            }
        };
        Item { tag, message }
    }

    fn see(&mut self, event: RoomEvent) {
        match self.seen.get(event.seq.0 as usize - 1) {
            Some(seen) => assert_eq!(*seen, event, "what was seen never changes"),
            None => {
                assert_eq!(event.seq.0 as usize, self.seen.len() + 1, "events come without a gap");
                self.seen.push(event);
            }
        }
    }

    /// What was missed is here: tells what became of the items that were under way.
    fn count(&mut self, missing: &BTreeSet<ClientTag>) {
        let tags: BTreeSet<&ClientTag> = self.seen.iter().filter_map(|event| event.tag.as_ref()).collect();
        let written = missing.iter().filter(|tag| tags.contains(tag)).count();
        let kill = self.load.kills.load(Ordering::SeqCst);
        let [written, unwritten] =
            [written, missing.len() - written].map(|items| BTreeMap::from([(kill, items)]));
        self.found.add(Found { written, unwritten });
    }

    fn acknowledged(&mut self, tag: ClientTag, seq: Seq) {
        let place = self.under_way.iter().position(|item| item.tag == tag);
        let item = self.under_way.remove(place.expect("what is acknowledged was asked")).unwrap();
        if matches!(item.message, ClientMessage::ChatSend(_)) {
            self.fresh.push_back(seq);
        }
        assert_eq!(self.acknowledged.insert(tag, seq), None);
        self.load.waiting.fetch_sub(1, Ordering::SeqCst);
        self.load.acknowledged.fetch_add(1, Ordering::SeqCst);
    }

    /// Comes back a last time for what others wrote.
    async fn catch_up(&mut self) {
        let mut socket = self.open().await.unwrap();
        loop {
            match timeout(PATIENCE, socket.next()).await.unwrap().unwrap() {
                ServerMessage::RoomEvents(events) => {
                    events.events.into_iter().for_each(|event| self.see(event))
                }
                ServerMessage::CaughtUp(_) => return,
                _ => {}
            }
        }
    }
}

/// Numbers that look random and are the same for the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

fn seed() -> u64 {
    let from_outside = std::env::var("MESH_KILL_SEED").ok().and_then(|seed| seed.parse().ok());
    from_outside.unwrap_or_else(|| u64::from(std::process::id()))
}

/// Starts the box again. While it was gone, a connection of another program may have got its port.
fn restart(place: &Place) -> RunningBox {
    let started = Instant::now();
    loop {
        match place.start() {
            Ok(running) => return running,
            Err(error) if error.to_string().contains("exit status: 4") && started.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(error) => {
                let log = std::fs::read_to_string(place.data.with_file_name("box.log")).unwrap_or_default();
                panic!("{error:#}\n{log}");
            }
        }
    }
}

/// Kills the box and starts it again; most often while acknowledgements flow, every fifth time while it starts
/// and people come back. Tells how many waited for an acknowledgement, kill by kill.
fn kill_again_and_again(
    place: &Place,
    mut running: RunningBox,
    load: &Load,
    dice: &mut Dice,
) -> (RunningBox, Vec<usize>) {
    let mut waiting = Vec::new();
    for kill in 0..KILLS {
        let (before, started) = (load.acknowledged.load(Ordering::SeqCst), Instant::now());
        while kill % 5 != 4 && load.acknowledged.load(Ordering::SeqCst) == before {
            assert!(started.elapsed() < PATIENCE, "nothing is acknowledged after kill {kill}");
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_micros(dice.below(150_000)));
        waiting.push(load.waiting.load(Ordering::SeqCst));
        running.kill().unwrap();
        load.kills.fetch_add(1, Ordering::SeqCst);
        running = restart(place);
    }
    (running, waiting)
}

/// A claimed box, and four people in its first room.
async fn team(place: &Place, load: &Arc<Load>) -> (RoomId, Vec<Writer>) {
    let mut owner = Client::new(place).unwrap();
    owner.claim(&place.claim_code().unwrap()).await.unwrap();
    let (_, welcome) = Socket::open(&owner, vec![]).await.unwrap();
    let room = welcome.rooms.iter().find(|room| room.kind == RoomKind::Room).unwrap().id;
    let mut clients = Vec::new();
    for name in ["bruno", "chloe", "dan"] {
        clients.push(owner.join(name, vec![room]).await.unwrap());
    }
    clients.push(owner);
    let people = clients.into_iter().enumerate();
    (room, people.map(|(number, client)| Writer::new(client, room, number, load.clone())).collect())
}

/// Chat messages as they stand after all events.
fn messages(events: &[RoomEvent]) -> BTreeMap<Seq, (String, usize)> {
    let mut messages: BTreeMap<Seq, (String, usize)> = BTreeMap::new();
    for event in events {
        match &event.change {
            RoomEventKind::Posted { text, .. } => drop(messages.insert(event.seq, (text.clone(), 0))),
            RoomEventKind::Edited { target, text, .. } => {
                messages.get_mut(target).unwrap().0.clone_from(text)
            }
            RoomEventKind::Reacted { target, .. } => messages.get_mut(target).unwrap().1 += 1,
            _ => {}
        }
    }
    messages
}

/// The whole history as somebody without a copy pages through it.
async fn paged(client: &Client, room: RoomId) -> BTreeMap<Seq, (String, usize)> {
    let (mut socket, _) = Socket::open(client, vec![]).await.unwrap();
    let (mut messages, mut last, mut request) = (BTreeMap::new(), Seq::ZERO, 0);
    loop {
        request += 1;
        let from = PageFrom::After { seq: last };
        let asked = HistoryRequest { request, room, from, limit: limit::PAGE_ITEMS };
        socket.send(&ClientMessage::History(asked)).await.unwrap();
        let page = loop {
            match timeout(PATIENCE, socket.next()).await.unwrap().unwrap() {
                ServerMessage::History(answer) if answer.request == request => break answer.page,
                ServerMessage::RequestRefused(refused) => panic!("{refused:?}"),
                _ => {}
            }
        };
        for item in page.items {
            last = match item {
                HistoryItem::Notice(notice) => notice.seq,
                HistoryItem::Message(ChatMessage { seq, text, reactions, .. }) => {
                    let reacted = reactions.iter().map(|reaction| reaction.users.len()).sum();
                    assert_eq!(messages.insert(seq, (text, reacted)), None, "{seq:?} is there twice");
                    seq
                }
            };
        }
        if page.at_end {
            return messages;
        }
    }
}

fn on_disk(data: &Path, room: RoomId) -> Vec<RoomEvent> {
    let store = Store::open(&data.join(mesh_appliance::DATABASE), StoreOptions::default()).unwrap();
    store.examine().unwrap();
    let (last, _) = store.read(|view| view.last_event(room)).unwrap();
    store.read(|view| view.events(room, Seq::ZERO, last)).unwrap()
}

/// What was acknowledged is in `events` exactly once, where it was said to be, and nothing else is.
fn assert_nothing_lost_or_doubled(writers: &[Writer], events: &[RoomEvent]) {
    let mut written: BTreeMap<&ClientTag, Vec<Seq>> = BTreeMap::new();
    for (seq, event) in (1..).map(Seq).zip(events) {
        assert_eq!(event.seq, seq, "numbers have no gap");
        if let Some(tag) = &event.tag {
            written.entry(tag).or_default().push(seq);
        }
    }
    let (mut lost, mut doubled, mut sent) = (0, 0, 0);
    for writer in writers {
        assert_eq!(writer.acknowledged.len(), writer.sent, "everything sent was acknowledged in the end");
        sent += writer.sent;
        for (tag, seq) in &writer.acknowledged {
            let places = written.get(tag).map(Vec::as_slice).unwrap_or_default();
            lost += usize::from(!places.contains(seq));
            doubled += usize::from(places.len() > 1);
        }
    }
    assert_eq!((lost, doubled), (0, 0), "of {sent} acknowledged, lost and doubled");
    assert_eq!(written.len(), sent, "nothing is there that nobody sent");
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_fifty_kills_under_load() {
    let seed = seed();
    println!("MESH_KILL_SEED={seed}");
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(Path::new(env!("CARGO_BIN_EXE_mesh-appliance")), folder.path()).unwrap();
    let running = place.start().unwrap();
    let runtime = Runtime::new().unwrap();
    let load = Arc::new(Load::default());
    let (room, writers) = runtime.block_on(team(&place, &load));
    let client = writers[0].client.clone();
    let writing: Vec<_> = writers.into_iter().map(|writer| runtime.spawn(writer.write())).collect();

    let (running, waiting) = kill_again_and_again(&place, running, &load, &mut Dice(seed));
    load.is_over.store(true, Ordering::SeqCst);
    let mut writers = Vec::new();
    for task in writing {
        writers.push(runtime.block_on(task).unwrap());
    }
    for writer in &mut writers {
        runtime.block_on(writer.catch_up());
    }
    let paged = runtime.block_on(paged(&client, room));
    running.stop().unwrap();

    let events = on_disk(&place.data, room);
    assert_nothing_lost_or_doubled(&writers, &events);
    for writer in &writers {
        assert_eq!(writer.seen, events, "what writer {} saw is the history", writer.number);
    }
    assert_eq!(paged, messages(&events), "and so is what can be paged through");
    let acknowledged = load.acknowledged.load(Ordering::SeqCst);
    println!("{acknowledged} acknowledged, 0 lost, 0 doubled, {:?}", began.elapsed());
    assert_kills_hit(writers, &waiting);
}

/// That kills fell where they could do harm, so that the test can't pass idle.
fn assert_kills_hit(writers: Vec<Writer>, waiting: &[usize]) {
    let hits = waiting.iter().filter(|waiting| **waiting > 0).count();
    let mut found = Found::default();
    writers.into_iter().for_each(|writer| found.add(writer.found));
    let (written, unwritten) = (found.written.len(), found.unwritten.len());
    println!(
        "{KILLS} kills, {hits} with acknowledgements outstanding; {written} lost the acknowledgement of what was on \
         disk ({} items), {unwritten} lost what was not ({} items)",
        found.written.values().sum::<usize>(),
        found.unwritten.values().sum::<usize>(),
    );
    assert!(hits >= HITS, "only {hits} kills hit somebody who waited");
    assert!(written >= CLOSE_HITS && unwritten >= CLOSE_HITS, "{written} and {unwritten} kills hit closely");
}
