//! A client of the protocol: applies events by their numbers, resumes after the last one, and sends what waits again
//! under the same tags.

use std::collections::BTreeMap;

use mesh_protocol::chat::RoomEvent;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::time::Seq;

use super::Chance;
use super::server::{Reply, Request, has_tag, is_post, user};

pub struct Client {
    index: usize,
    connected: bool,
    /// In order, without gaps.
    events: Vec<RoomEvent>,
    /// Tag to what waits for it, in the order of the tags.
    pending: BTreeMap<String, Request>,
    /// Tags that the box has acknowledged, with the event it named.
    acknowledged: BTreeMap<String, Seq>,
    /// Tags that were refused for good.
    refused: Vec<String>,
    tags: u64,
}

impl Client {
    pub fn new(index: usize) -> Self {
        Self {
            index,
            connected: false,
            events: vec![],
            pending: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            refused: vec![],
            tags: 0,
        }
    }

    fn last(&self) -> Seq {
        Seq(self.events.len() as u64)
    }

    pub fn is_waiting(&self) -> bool {
        !self.pending.is_empty()
    }

    pub fn connect(&mut self) -> Request {
        self.connected = false;
        Request::Hello { last: self.last() }
    }

    pub fn disconnect(&mut self) {
        self.connected = false;
    }

    /// The person does something; it waits when there is no connection.
    pub fn act(&mut self, chance: &mut Chance) -> Vec<Request> {
        let own: Vec<Seq> = self
            .events
            .iter()
            .filter(|event| is_post(event) && event.by == user(self.index))
            .map(|event| event.seq)
            .collect();
        let pick = own.get(chance.below(own.len() as u64) as usize).copied();
        self.tags += 1;
        let tag = format!("{}-{:06}", self.index, self.tags);
        let request = match (chance.below(10), pick) {
            (0, Some(target)) => Request::Edit { tag: tag.clone(), target, text: format!("edited {tag}") },
            (1, Some(target)) => Request::Delete { tag: tag.clone(), target },
            (2, _) => return self.now(Request::Read { seq: self.last() }),
            (3, _) => return self.now(Request::Typing),
            _ => Request::Send { tag: tag.clone(), text: format!("text {tag}") },
        };
        self.pending.insert(tag, request.clone());
        self.now(request)
    }

    fn now(&self, request: Request) -> Vec<Request> {
        if self.connected { vec![request] } else { vec![] }
    }

    pub fn receive(&mut self, reply: Reply) -> Vec<Request> {
        match reply {
            Reply::Events(events) => self.apply(events),
            Reply::Ack { tag, seq } => {
                let before = self.acknowledged.insert(tag.clone(), seq);
                assert!(before.is_none_or(|before| before == seq), "a tag was acknowledged as two events");
                self.pending.remove(&tag);
                vec![]
            }
            Reply::Refused { tag, code } => {
                let passes = matches!(code, ErrorCode::StorageFull | ErrorCode::Busy);
                if !passes && self.pending.remove(&tag).is_some() {
                    self.refused.push(tag);
                }
                vec![]
            }
        }
    }

    fn apply(&mut self, events: Vec<RoomEvent>) -> Vec<Request> {
        for event in events {
            if event.seq <= self.last() {
                continue;
            }
            if event.seq != self.last().next() {
                // A gap: ask again from what is here. The answer comes as events, too.
                return vec![];
            }
            if let Some(tag) = &event.tag
                && event.by == user(self.index)
            {
                self.pending.remove(&tag.0);
            }
            self.events.push(event);
        }
        let first = !self.connected;
        self.connected = true;
        // After the snapshot, everything that waits is sent again, in order, under its tags.
        if first { self.pending.values().cloned().collect() } else { vec![] }
    }

    /// Everything that the box has is here in the same order, and every acknowledged tag is there exactly once.
    pub fn check(&self, history: &[RoomEvent]) {
        assert_eq!(self.events.len(), history.len(), "client {} has not all events", self.index);
        assert_eq!(self.events, history, "client {} has other events", self.index);
        let count = |tag: &str| history.iter().filter(|event| has_tag(event, user(self.index), tag)).count();
        for (tag, seq) in &self.acknowledged {
            assert_eq!(count(tag), 1, "the acknowledged {tag} is there {} times", count(tag));
            assert!(
                has_tag(&history[seq.0 as usize - 1], user(self.index), tag),
                "{tag} is not event {}",
                seq.0
            );
        }
        for tag in &self.refused {
            assert_eq!(count(tag), 0, "the refused {tag} was written");
        }
        for number in 1..=self.tags {
            let tag = format!("{}-{number:06}", self.index);
            assert!(count(&tag) <= 1, "{tag} was written twice");
        }
    }
}
