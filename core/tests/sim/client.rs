//! A client of the protocol: applies events by their numbers, resumes after the last one, and sends what waits again
//! under the same tags.

use std::collections::BTreeMap;

use mesh_core::room::history;
use mesh_protocol::chat::{ChatMessage, RoomEvent};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::time::Seq;

use super::Chance;
use super::server::{Reply, Request, has_tag, is_post, user};

pub struct Client {
    index: usize,
    connected: bool,
    /// In order, without gaps.
    events: Vec<RoomEvent>,
    /// As they stand after these events.
    messages: BTreeMap<Seq, ChatMessage>,
    /// Tag to what waits for it, in the order of the tags.
    pending: BTreeMap<String, Request>,
    /// Tags that the box has acknowledged, with the event it named.
    acknowledged: BTreeMap<String, Seq>,
    /// Tags that were refused for a reason that never passes. One that was refused for want of access may still be
    /// written: a second copy of it may arrive when access was given.
    refused: Vec<String>,
    tags: u64,
}

impl Client {
    pub fn new(index: usize) -> Self {
        Self {
            index,
            connected: false,
            events: vec![],
            messages: BTreeMap::new(),
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
        let posts: Vec<&RoomEvent> = self.events.iter().filter(|event| is_post(event)).collect();
        let own: Vec<Seq> =
            posts.iter().filter(|event| event.by == user(self.index)).map(|event| event.seq).collect();
        let mine = own.get(chance.below(own.len() as u64) as usize).copied();
        let any = posts.get(chance.below(posts.len() as u64) as usize).map(|event| event.seq);
        self.tags += 1;
        let tag = format!("{}-{:06}", self.index, self.tags);
        let request = match (chance.below(16), mine, any) {
            (0 | 8, Some(target), _) => {
                Request::Edit { tag: tag.clone(), target, text: format!("edited {tag}") }
            }
            (1, Some(target), _) => Request::Delete { tag: tag.clone(), target },
            (2, ..) => return self.now(Request::Read { seq: self.last() }),
            (3, ..) => return self.now(Request::Typing),
            (4, _, Some(seq)) => return self.now(Request::Unread { seq }),
            (5 | 6, _, Some(target)) => {
                let emoji = ["👍", "🎉"][chance.below(2) as usize].to_owned();
                Request::React { tag: tag.clone(), target, emoji, on: chance.percent(60) }
            }
            (7, _, Some(target)) => Request::Pin { tag: tag.clone(), target, on: chance.percent(60) },
            _ => {
                let mentions = (0..chance.below(3)).map(|_| user(chance.below(5) as usize)).collect();
                let (text, everyone) = (format!("text {tag}"), chance.percent(10));
                Request::Send { tag: tag.clone(), text, mentions, everyone }
            }
        };
        self.pending.insert(tag, request.clone());
        self.now(request)
    }

    fn now(&self, request: Request) -> Vec<Request> {
        if self.connected { vec![request] } else { vec![] }
    }

    /// What to send now; `None` when an event is missing, so the client has to connect again and resume.
    pub fn receive(&mut self, reply: Reply) -> Option<Vec<Request>> {
        match reply {
            Reply::Events(events) => self.apply(events),
            Reply::Ack { tag, seq } => {
                let before = self.acknowledged.insert(tag.clone(), seq);
                assert!(before.is_none_or(|before| before == seq), "a tag was acknowledged as two events");
                self.pending.remove(&tag);
                Some(vec![])
            }
            Reply::Refused { tag, code } => {
                let passes = matches!(code, ErrorCode::StorageFull | ErrorCode::Busy);
                let never_passes = matches!(code, ErrorCode::MessageDeleted | ErrorCode::NotAuthor);
                if !passes && self.pending.remove(&tag).is_some() && never_passes {
                    self.refused.push(tag);
                }
                Some(vec![])
            }
        }
    }

    fn apply(&mut self, events: Vec<RoomEvent>) -> Option<Vec<Request>> {
        for event in events {
            if event.seq <= self.last() {
                continue;
            }
            if event.seq != self.last().next() {
                return None;
            }
            if let Some(tag) = &event.tag
                && event.by == user(self.index)
            {
                self.pending.remove(&tag.0);
            }
            if let Some(message) = history::posted(&event) {
                self.messages.insert(event.seq, message);
            } else if let Some(message) = history::target(&event).and_then(|seq| self.messages.get_mut(&seq))
            {
                history::apply(message, &event);
            }
            self.events.push(event);
        }
        let first = !self.connected;
        self.connected = true;
        // After the snapshot, everything that waits is sent again, in order, under its tags.
        Some(if first { self.pending.values().cloned().collect() } else { vec![] })
    }

    /// Everything that the box has is here in the same order, and every acknowledged tag is there exactly once.
    pub fn check(&self, history: &[RoomEvent], messages: &BTreeMap<Seq, ChatMessage>) {
        assert_eq!(&self.messages, messages, "client {} shows other messages", self.index);
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
