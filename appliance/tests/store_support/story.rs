//! A random story of two rooms: what is submitted, what was acknowledged when, and what a store must say.
#![allow(dead_code, reason = "each test that includes this uses a part")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use mesh_appliance::store::{Change, RoomReads, Store, StoreError};
use mesh_core::room::{RoomState, history};
use mesh_protocol::chat::{ChatMessage, ClientTag, RoomEvent, RoomEventKind};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::time::{Seq, UnixMillis};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

pub const ROOMS: [RoomId; 2] = [RoomId(3), RoomId(u64::MAX - 3)];
const USERS: u64 = 3;

/// Events that go to disk together or not at all.
#[derive(Debug, Clone)]
pub struct Step {
    pub room: RoomId,
    pub events: Vec<RoomEvent>,
}

/// What was made up so far, as the hub would number it.
#[derive(Debug, Default)]
pub struct Story {
    /// By room: every event in order.
    pub events: BTreeMap<RoomId, Vec<RoomEvent>>,
    /// By room: positions at which a step ends.
    pub ends: BTreeMap<RoomId, Vec<Seq>>,
}

/// (changing calls of the disk before, room, position): known to be on disk from then on.
pub type Acks = Arc<Mutex<Vec<(usize, RoomId, Seq)>>>;

impl Story {
    /// Rooms with their first events.
    pub fn begin(&mut self, change: &mut Change<'_>) -> Result<(), StoreError> {
        for room in ROOMS {
            change.create_room(&RoomState {
                id: room,
                kind: RoomKind::Room,
                visibility: Visibility::Open,
                name: format!("room {room}"),
                topic: String::new(),
                archived: false,
                members: vec![],
                readers_gone: Vec::new(),
                epoch: Seq::ZERO,
                last_seq: Seq::ZERO,
                last_at: UnixMillis(0),
            })?;
            let joined = |user| RoomEventKind::Joined { user: UserId(user), access: Access::Write };
            let kinds = (1..=USERS).map(joined).collect();
            for event in &self.step(room, kinds).events {
                change.append_event(event)?;
            }
        }
        Ok(())
    }

    fn step(&mut self, room: RoomId, kinds: Vec<RoomEventKind>) -> Step {
        let told = self.events.entry(room).or_default();
        let mut events = Vec::new();
        for change in kinds {
            let seq = Seq(told.len() as u64 + 1);
            let by = UserId(1 + seq.0 % USERS);
            let tag = Some(ClientTag(format!("{room}-{}", seq.0)));
            let event = RoomEvent { room, seq, at: UnixMillis(1_000 + seq.0), by, tag, change };
            told.push(event.clone());
            events.push(event);
        }
        self.ends.entry(room).or_default().push(Seq(told.len() as u64));
        Step { room, events }
    }

    /// The next thing that somebody does.
    pub fn next(&mut self, rng: &mut ChaCha8Rng) -> Step {
        let room = ROOMS[rng.next_u32() as usize % ROOMS.len()];
        let count = if rng.next_u32().is_multiple_of(8) { 3 } else { 1 };
        let kinds = (0..count).map(|_| self.kind(room, rng)).collect();
        self.step(room, kinds)
    }

    fn kind(&self, room: RoomId, rng: &mut ChaCha8Rng) -> RoomEventKind {
        let posts: Vec<Seq> = self.events[&room]
            .iter()
            .filter(|event| matches!(event.change, RoomEventKind::Posted { .. }))
            .map(|event| event.seq)
            .collect();
        let target = posts.get(rng.next_u32() as usize % posts.len().max(1)).copied();
        let length = if rng.next_u32().is_multiple_of(10) { 9_000 } else { rng.next_u32() as usize % 200 };
        let text = "word ".repeat(1 + length / 5);
        let (mentions, everyone, on) = (vec![UserId(1)], false, rng.next_u32().is_multiple_of(2));
        match (rng.next_u32() % 12, target) {
            (0 | 1, Some(target)) => RoomEventKind::Edited { target, text, mentions, everyone },
            (2, Some(target)) => RoomEventKind::Deleted { target },
            (3, Some(target)) => RoomEventKind::Reacted { target, emoji: "👍".to_owned(), on },
            (4, Some(target)) => RoomEventKind::Pinned { target, on },
            (5, _) => {
                let topic = Some(text);
                RoomEventKind::Changed { name: None, topic, visibility: None, archived: None }
            }
            _ => RoomEventKind::Posted { text, reply_to: None, mentions, everyone },
        }
    }

    /// Compares a store with the story: at least what `acked` says is there, whole steps only, and nothing else.
    pub fn verify(&self, store: &Store, acked: &BTreeMap<RoomId, Seq>) -> Result<(), String> {
        store.examine().map_err(|error| error.to_string())?;
        for room in ROOMS {
            let (last, _) = store.read(|view| view.last_event(room)).map_err(|error| error.to_string())?;
            let least = acked.get(&room).copied().unwrap_or_default();
            if last < least {
                return Err(format!("lost: {room} ends at {last:?}, acknowledged {least:?}"));
            }
            let is_whole = last == Seq::ZERO || self.ends[&room].contains(&last);
            if !is_whole {
                return Err(format!("half of a step: {room} ends at {last:?}"));
            }
            self.verify_room(store, room, last)?;
        }
        Ok(())
    }

    fn verify_room(&self, store: &Store, room: RoomId, last: Seq) -> Result<(), String> {
        let told = &self.events[&room][..last.0 as usize];
        let mut messages: BTreeMap<Seq, ChatMessage> = BTreeMap::new();
        for event in told {
            if let Some(message) = history::posted(event) {
                messages.insert(message.seq, message);
            } else if let Some(message) = history::target(event).and_then(|target| messages.get_mut(&target))
            {
                history::apply(message, event);
            }
        }
        let stored =
            store.read(|view| view.events(room, Seq::ZERO, last)).map_err(|error| error.to_string())?;
        let told: Vec<RoomEvent> = told.iter().map(|event| without_deleted_words(event, &messages)).collect();
        if stored != told {
            return Err(format!("{room}: other events than were told"));
        }
        for (seq, message) in messages {
            let stored = store.read(|view| view.message(room, seq)).map_err(|error| error.to_string())?;
            if stored.as_ref() != Some(&message) {
                return Err(format!("{room}: message {seq:?} is {stored:?}, not {message:?}"));
            }
        }
        Ok(())
    }
}

/// What the log says of an event once its chat message was deleted.
fn without_deleted_words(event: &RoomEvent, messages: &BTreeMap<Seq, ChatMessage>) -> RoomEvent {
    let mut event = event.clone();
    let of = history::target(&event).unwrap_or(event.seq);
    if messages.get(&of).is_some_and(|message| message.deleted)
        && let RoomEventKind::Posted { text, mentions, everyone, .. }
        | RoomEventKind::Edited { text, mentions, everyone, .. } = &mut event.change
    {
        text.clear();
        mentions.clear();
        *everyone = false;
    }
    event
}

/// What was acknowledged before the disk had seen `calls` changing calls.
pub fn acked_before(acks: &[(usize, RoomId, Seq)], calls: usize) -> BTreeMap<RoomId, Seq> {
    let mut acked = BTreeMap::new();
    for (_, room, seq) in acks.iter().filter(|(at, ..)| *at <= calls) {
        let newest: &mut Seq = acked.entry(*room).or_default();
        *newest = (*newest).max(*seq);
    }
    acked
}
