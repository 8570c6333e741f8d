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
    Send { tag: String, text: String, mentions: Vec<UserId>, everyone: bool },
    Edit { tag: String, target: Seq, text: String },
    Delete { tag: String, target: Seq },
    React { tag: String, target: Seq, emoji: String, on: bool },
    Pin { tag: String, target: Seq, on: bool },
    Read { seq: Seq },
    Unread { seq: Seq },
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
    /// The counts that every user was last told.
    told: BTreeMap<UserId, Unread>,
}

/// The owner, who is no member and runs the room from outside.
const OWNER: UserId = UserId(99);

pub fn user(client: usize) -> UserId {
    UserId(client as u64 + 1)
}

fn actor(client: usize) -> Actor {
    Actor { user: user(client), role: Role::Member, standing: Standing::Active }
}

fn first_state() -> RoomState {
    let members = (0..CLIENTS).map(|one| Member { user: user(one), access: Access::Write, read: Seq::ZERO });
    RoomState {
        id: RoomId(1),
        kind: RoomKind::Room,
        visibility: Visibility::Open,
        name: "room".to_owned(),
        topic: String::new(),
        archived: false,
        members: members.collect(),
        readers_gone: Vec::new(),
        epoch: Seq::ZERO,
        last_seq: Seq::ZERO,
        last_at: UnixMillis(0),
    }
}

impl Server {
    pub fn new() -> Self {
        let state = first_state();
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
            told: BTreeMap::new(),
        }
    }

    pub fn messages(&self) -> &BTreeMap<Seq, ChatMessage> {
        &self.disk.messages
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
        self.announced = self.disk.state.last_seq;
        self.room = Room::open(self.disk.state.clone(), self.disk.marks());
        // Whoever connects is told the counts anew.
        self.told =
            self.disk.state.members.iter().map(|one| (one.user, self.room.unread(one.user))).collect();
    }

    /// The owner changes who may do what, over REST: no tag, and nobody waits.
    pub fn govern(&mut self, now: Now, chance: &mut Chance) {
        let someone = user(chance.below(CLIENTS as u64 + 1) as usize);
        let access = if chance.percent(20) { Access::Read } else { Access::Write };
        let archived = Some(chance.percent(20));
        let command = match chance.below(6) {
            0 => RoomCommand::Leave { user: someone },
            1..=3 => RoomCommand::Join { user: someone, access },
            _ => RoomCommand::Change { name: None, topic: None, visibility: None, archived },
        };
        let actor = Actor { user: OWNER, role: Role::Owner, standing: Standing::Active };
        let requester = Requester(u64::MAX);
        self.input(now, RoomInput::Command { requester, actor, tag: None, known: None, command });
    }

    /// Gives the room its tick when it is due.
    pub fn tick(&mut self, now: Now) {
        if self.room.deadline().is_some_and(|deadline| deadline <= now.mono) {
            self.input(now, RoomInput::Tick);
            assert!(
                self.room.deadline().is_none_or(|deadline| deadline > now.mono),
                "a tick changes nothing"
            );
        }
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
        let (tag, command) = match request {
            Request::Hello { .. } => return,
            Request::Read { seq } => return self.input(now, RoomInput::Read { actor: actor(client), seq }),
            Request::Unread { seq } => {
                let wants = self.room.wants_window(user(client), seq);
                let window = self.disk.marks().into_iter().filter(|mark| wants && mark.seq >= seq).collect();
                return self.input(now, RoomInput::Unread { actor: actor(client), seq, window });
            }
            Request::Typing => return self.input(now, RoomInput::Typing { actor: actor(client), on: true }),
            Request::Send { tag, text, mentions, everyone } => {
                let mentions = Mentions { users: mentions, everyone };
                (tag, RoomCommand::Send { text, reply_to: None, mentions })
            }
            Request::Edit { tag, target, .. }
            | Request::Delete { tag, target }
            | Request::React { tag, target, .. }
            | Request::Pin { tag, target, .. }
                if !self.disk.messages.contains_key(&target) =>
            {
                return self.refuse(client, connection, tag, ErrorCode::NotFound);
            }
            Request::Edit { tag, target, text } => {
                let target = self.target(target);
                (tag, RoomCommand::Edit { target, text, mentions: Mentions::default() })
            }
            Request::Delete { tag, target } => (tag, RoomCommand::Delete { target: self.target(target) }),
            Request::React { tag, target, emoji, on } => {
                let reactions = &self.disk.messages[&target].reactions;
                let kinds = reactions.iter().filter(|reaction| reaction.emoji != emoji).count();
                (tag, RoomCommand::React { target: self.target(target), emoji, on, kinds })
            }
            Request::Pin { tag, target, on } => {
                let pins = self.disk.messages.values().filter(|message| message.pinned).count();
                (tag, RoomCommand::Pin { target: self.target(target), on, pins })
            }
        };
        let known = self.disk.tags.get(&(user(client), tag.clone())).copied();
        let tag = Some(ClientTag(tag));
        let requester = Requester(connection);
        self.input(now, RoomInput::Command { requester, actor: actor(client), tag, known, command });
    }

    fn target(&self, seq: Seq) -> Target {
        let message = &self.disk.messages[&seq];
        Target { seq, by: message.by, deleted: message.deleted }
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
        self.check_counts();
    }

    fn perform(&mut self, output: RoomOutput) {
        match output {
            RoomOutput::Persist { op, event } => self.queue.push_back((op, event)),
            RoomOutput::Broadcast { event } => {
                let on_disk = self.disk.events.get(event.seq.0 as usize - 1);
                assert_eq!(on_disk, Some(&event), "announced before it was on disk");
                assert_eq!(event.seq, self.announced.next(), "announced out of order");
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
            RoomOutput::UnreadChanged { user, unread } => {
                let before = self.told.insert(user, unread).unwrap_or_default();
                assert_ne!(before, unread, "counts that are no news");
            }
            RoomOutput::StateChanged => {
                let state = self.room.state();
                assert!(state.members.len() <= CLIENTS, "more members than a room can have");
                self.told.retain(|user, _| state.member(*user).is_some());
            }
            RoomOutput::ReadMark { .. } | RoomOutput::Typing { .. } => {}
        }
    }

    fn answer(&mut self, requester: Requester, tag: Option<ClientTag>, reply: impl FnOnce(String) -> Reply) {
        let client = self.connections.iter().find(|(_, connection)| **connection == requester.0);
        if let (Some((client, connection)), Some(tag)) = (client, tag) {
            self.out.push((*client, *connection, reply(tag.0)));
        }
    }

    /// Counts are what a naive recount of the disk gives, and what everybody was told.
    pub fn check_counts(&self) {
        for member in &self.room.state().members {
            let is_waiting =
                |one: &&ChatMessage| one.seq > member.read && one.by != member.user && !one.deleted;
            let waiting: Vec<_> = self.disk.messages.values().filter(is_waiting).collect();
            let calls = |one: &&&ChatMessage| one.everyone || one.mentions.contains(&member.user);
            let mentions = waiting.iter().filter(calls).count() as u32;
            let naive = Unread { messages: waiting.len() as u32, mentions };
            let counts = self.room.unread(member.user);
            assert_eq!(counts, naive, "the count of {:?} is wrong", member.user);
            let told = self.told.get(&member.user).copied().unwrap_or_default();
            assert_eq!(told, counts, "{:?} was told another count", member.user);
        }
    }

    /// After everything, the room is what its history says, and what its disk says.
    pub fn check_state(&self) {
        let mut state = first_state();
        for event in &self.disk.events {
            check_allowed(&state, event);
            state.apply(event);
            assert!(state.members.len() <= CLIENTS, "event {} has a fifth member", event.seq.0);
        }
        let settled = |state: &RoomState| {
            let mut state = state.clone();
            // Read marks also move without an event.
            state.members.iter_mut().for_each(|member| member.read = Seq::ZERO);
            state
        };
        assert_eq!(settled(self.room.state()), settled(&state));
        assert_eq!(self.room.state(), &self.disk.state, "the room is not what a restart would open");
        assert_eq!(self.room.typists().count(), 0, "somebody writes for ever");
    }
}

/// Whoever wrote something was allowed to at that point of history.
fn check_allowed(state: &RoomState, event: &RoomEvent) {
    if !history::is_notice(event) {
        let member = state.member(event.by);
        let may = !state.archived && member.is_some_and(|member| member.access == Access::Write);
        assert!(may, "event {} is by somebody who may not write", event.seq.0);
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
