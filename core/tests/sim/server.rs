//! The box: the real room machine over a model of the disk, which commits late, refuses when full, and loses what it
//! has not committed when the box dies.

use std::collections::{BTreeMap, VecDeque};

use mesh_core::machine::Machine;
use mesh_core::policy::{Actor, Standing};
use mesh_core::room::mention::Mentions;
use mesh_core::room::{
    OpId, PostMark, Requester, Room, RoomCommand, RoomInput, RoomOutput, RoomState, Target, history,
};
use mesh_core::time::Now;
use mesh_protocol::chat::{ChatMessage, ClientTag, RoomEvent, RoomEventKind};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, Member, RoomKind, Unread, Visibility};
use mesh_protocol::team::Role;
use mesh_protocol::time::{Seq, UnixMillis};

use super::{CLIENTS, Chance};

/// What a client sends.
#[derive(Debug, Clone)]
pub enum Request {
    Hello { last: Seq },
    Send { tag: String, text: String },
    Edit { tag: String, target: Seq, text: String },
    Delete { tag: String, target: Seq },
    Read { seq: Seq },
    Typing,
}

/// What the box sends.
#[derive(Debug, Clone)]
pub enum Reply {
    Events(Vec<RoomEvent>),
    Ack { tag: String, seq: Seq },
    Refused { tag: String, code: ErrorCode },
}

/// What survives the death of the box.
struct Disk {
    state: RoomState,
    events: Vec<RoomEvent>,
    messages: BTreeMap<Seq, ChatMessage>,
    tags: BTreeMap<(UserId, String), Seq>,
    full: bool,
}

impl Disk {
    /// Appends an event; the store refuses one that is not the next.
    fn append(&mut self, event: &RoomEvent) -> Result<(), ErrorCode> {
        if self.full {
            return Err(ErrorCode::StorageFull);
        }
        if event.seq != self.state.last_seq.next() {
            return Err(ErrorCode::Busy);
        }
        self.state.apply(event);
        self.events.push(event.clone());
        if let Some(tag) = &event.tag {
            let before = self.tags.insert((event.by, tag.0.clone()), event.seq);
            assert_eq!(before, None, "a tag was written twice");
        }
        if let Some(message) = history::posted(event) {
            self.messages.insert(event.seq, message);
        }
        if let Some(message) = history::target(event).and_then(|target| self.messages.get_mut(&target)) {
            history::apply(message, event);
        }
        Ok(())
    }

    fn marks(&self) -> Vec<PostMark> {
        let mark = |message: &ChatMessage| PostMark {
            seq: message.seq,
            by: message.by,
            mentions: message.mentions.clone(),
            everyone: message.everyone,
            deleted: message.deleted,
        };
        self.messages.values().map(mark).collect()
    }
}

pub struct Server {
    disk: Disk,
    room: Room,
    /// Operations that the machine has put out and the disk has not answered.
    queue: VecDeque<(OpId, RoomEvent)>,
    /// Open connections: client to its number.
    connections: BTreeMap<usize, u64>,
    next: u64,
    out: Vec<(usize, u64, Reply)>,
    /// The newest event that was announced: never one that the disk does not have.
    announced: Seq,
}

pub fn user(client: usize) -> UserId {
    UserId(client as u64 + 1)
}

fn actor(client: usize) -> Actor {
    Actor { user: user(client), role: Role::Member, standing: Standing::Active }
}

impl Server {
    pub fn new() -> Self {
        let members =
            (0..CLIENTS).map(|one| Member { user: user(one), access: Access::Write, read: Seq::ZERO });
        let state = RoomState {
            id: RoomId(1),
            kind: RoomKind::Room,
            visibility: Visibility::Open,
            name: "room".to_owned(),
            topic: String::new(),
            archived: false,
            members: members.collect(),
            last_seq: Seq::ZERO,
            last_at: UnixMillis(0),
        };
        let disk = Disk {
            state: state.clone(),
            events: vec![],
            messages: BTreeMap::new(),
            tags: BTreeMap::new(),
            full: false,
        };
        Self {
            disk,
            room: Room::open(state, vec![]),
            queue: VecDeque::new(),
            connections: BTreeMap::new(),
            next: 1,
            out: vec![],
            announced: Seq::ZERO,
        }
    }

    pub fn history(&self) -> &[RoomEvent] {
        &self.disk.events
    }

    pub fn is_busy(&self) -> bool {
        !self.queue.is_empty()
    }

    pub fn connection(&self, client: usize) -> Option<u64> {
        self.connections.get(&client).copied()
    }

    pub fn replies(&mut self) -> Vec<(usize, u64, Reply)> {
        std::mem::take(&mut self.out)
    }

    pub fn fill_disk(&mut self) {
        self.disk.full = true;
    }

    pub fn free_disk(&mut self) {
        self.disk.full = false;
    }

    pub fn restart(&mut self) {
        self.queue.clear();
        self.out.clear();
        self.connections.clear();
        self.room = Room::open(self.disk.state.clone(), self.disk.marks());
    }

    pub fn disconnect(&mut self, now: Now, client: usize) {
        if self.connections.remove(&client).is_some() {
            self.input(now, RoomInput::Gone { user: user(client) });
        }
    }

    /// The disk answers some of what waits, in order.
    pub fn disk_step(&mut self, now: Now, chance: &mut Chance) {
        for _ in 0..=chance.below(4) {
            let Some((op, event)) = self.queue.pop_front() else { return };
            let input = match self.disk.append(&event) {
                Ok(()) => RoomInput::Persisted { op },
                Err(code) => RoomInput::PersistFailed { op, code },
            };
            self.input(now, input);
        }
    }

    pub fn receive(&mut self, now: Now, client: usize, request: Request) {
        if let Request::Hello { last } = request {
            if !self.connections.contains_key(&client) {
                self.hello(client, last);
            }
            return;
        }
        let Some(connection) = self.connection(client) else { return };
        let command = match request {
            Request::Hello { .. } => return,
            Request::Read { seq } => return self.input(now, RoomInput::Read { actor: actor(client), seq }),
            Request::Typing => return self.input(now, RoomInput::Typing { actor: actor(client), on: true }),
            Request::Send { tag, text } => {
                (tag, RoomCommand::Send { text, reply_to: None, mentions: Mentions::default() })
            }
            Request::Edit { tag, target, text } => match self.target(target) {
                Some(target) => (tag, RoomCommand::Edit { target, text, mentions: Mentions::default() }),
                None => return self.refuse(client, connection, tag, ErrorCode::NotFound),
            },
            Request::Delete { tag, target } => match self.target(target) {
                Some(target) => (tag, RoomCommand::Delete { target }),
                None => return self.refuse(client, connection, tag, ErrorCode::NotFound),
            },
        };
        let (tag, command) = command;
        let known = self.disk.tags.get(&(user(client), tag.clone())).copied();
        let tag = Some(ClientTag(tag));
        let requester = Requester(connection);
        self.input(now, RoomInput::Command { requester, actor: actor(client), tag, known, command });
    }

    fn target(&self, seq: Seq) -> Option<Target> {
        let message = self.disk.messages.get(&seq)?;
        Some(Target { seq, by: message.by, deleted: message.deleted })
    }

    fn refuse(&mut self, client: usize, connection: u64, tag: String, code: ErrorCode) {
        self.out.push((client, connection, Reply::Refused { tag, code }));
    }

    fn hello(&mut self, client: usize, last: Seq) {
        let connection = self.next;
        self.next += 1;
        self.connections.insert(client, connection);
        // What is announced from here on goes to the connection; before, exactly what was missed.
        let end = self.room.state().last_seq;
        let missed = self.disk.events.iter().filter(|event| event.seq > last && event.seq <= end);
        self.out.push((client, connection, Reply::Events(missed.cloned().collect())));
    }

    fn input(&mut self, now: Now, input: RoomInput) {
        self.room.handle(now, input);
        while let Some(output) = self.room.poll() {
            self.perform(output);
        }
    }

    fn perform(&mut self, output: RoomOutput) {
        match output {
            RoomOutput::Persist { op, event } => self.queue.push_back((op, event)),
            RoomOutput::Broadcast { event } => {
                let on_disk = self.disk.events.get(event.seq.0 as usize - 1);
                assert_eq!(on_disk, Some(&event), "announced before it was on disk");
                assert_eq!(event.seq, self.announced.next().max(event.seq), "announced out of order");
                self.announced = event.seq;
                for (client, connection) in &self.connections {
                    self.out.push((*client, *connection, Reply::Events(vec![event.clone()])));
                }
            }
            RoomOutput::Ack { requester, tag, seq } => {
                self.answer(requester, tag, |tag| Reply::Ack { tag, seq })
            }
            RoomOutput::Refuse { requester, tag, code } => {
                self.answer(requester, tag, |tag| Reply::Refused { tag, code });
            }
            RoomOutput::SaveRead { user, seq } => {
                if let Some(member) = self.disk.state.members.iter_mut().find(|member| member.user == user) {
                    member.read = seq;
                }
            }
            RoomOutput::ReadMark { .. }
            | RoomOutput::UnreadChanged { .. }
            | RoomOutput::Typing { .. }
            | RoomOutput::StateChanged => {}
        }
    }

    fn answer(&mut self, requester: Requester, tag: Option<ClientTag>, reply: impl FnOnce(String) -> Reply) {
        let client = self.connections.iter().find(|(_, connection)| **connection == requester.0);
        if let (Some((client, connection)), Some(tag)) = (client, tag) {
            self.out.push((*client, *connection, reply(tag.0)));
        }
    }

    /// Unread counts are what a naive recount of the disk gives.
    pub fn check_counts(&self) {
        for member in &self.room.state().members {
            let unread =
                self.disk.messages.values().filter(|message| {
                    message.seq > member.read && message.by != member.user && !message.deleted
                });
            let naive = Unread { messages: unread.count() as u32, mentions: 0 };
            assert_eq!(self.room.unread(member.user), naive, "the count of {:?} is wrong", member.user);
        }
    }
}

/// Whether an event is the one that a tag made.
pub fn has_tag(event: &RoomEvent, by: UserId, tag: &str) -> bool {
    event.by == by && event.tag.as_ref().is_some_and(|of| of.0 == tag)
}

/// Whether an event is a chat message.
pub fn is_post(event: &RoomEvent) -> bool {
    matches!(event.change, RoomEventKind::Posted { .. })
}
