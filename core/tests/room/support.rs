//! A room with a disk that answers when a test says so.

use std::collections::VecDeque;

use mesh_core::machine::Machine;
use mesh_core::policy::{Actor, Standing};
use mesh_core::room::mention::Mentions;
use mesh_core::room::{
    OpId, PostMark, Requester, Room, RoomCommand, RoomInput, RoomOutput, RoomState, Target,
};
use mesh_core::time::{Monotonic, Now};
use mesh_protocol::chat::{ClientTag, RoomEvent};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, Member, RoomKind, Visibility};
use mesh_protocol::team::Role;
use mesh_protocol::time::{Seq, UnixMillis};

pub const ANNA: UserId = UserId(1);
pub const BEN: UserId = UserId(2);
pub const CHLOE: UserId = UserId(3);
pub const DAN: UserId = UserId(4);
pub const EVE: UserId = UserId(5);

pub fn member(user: UserId) -> Actor {
    Actor { user, role: Role::Member, standing: Standing::Active }
}

pub fn owner(user: UserId) -> Actor {
    Actor { role: Role::Owner, ..member(user) }
}

pub fn guest(user: UserId) -> Actor {
    Actor { role: Role::Guest, ..member(user) }
}

pub fn state(members: &[UserId]) -> RoomState {
    let members = members.iter().map(|user| Member { user: *user, access: Access::Write, read: Seq::ZERO });
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

pub fn direct(members: [UserId; 2]) -> RoomState {
    RoomState {
        kind: RoomKind::Direct,
        visibility: Visibility::Invited,
        name: String::new(),
        ..state(&members)
    }
}

pub fn send(text: &str) -> RoomCommand {
    RoomCommand::Send { text: text.to_owned(), reply_to: None, mentions: Mentions::default() }
}

pub fn mention(users: &[UserId], everyone: bool) -> RoomCommand {
    let mentions = Mentions { users: users.to_vec(), everyone };
    RoomCommand::Send { text: "look".to_owned(), reply_to: None, mentions }
}

pub fn target(seq: u64, by: UserId) -> Target {
    Target { seq: Seq(seq), by, deleted: false }
}

pub fn edit(target: Target) -> RoomCommand {
    RoomCommand::Edit { target, text: "new".to_owned(), mentions: Mentions::default() }
}

pub fn settings() -> RoomCommand {
    RoomCommand::Change { name: None, topic: None, visibility: None, archived: None }
}

pub fn archive(archived: bool) -> RoomCommand {
    RoomCommand::Change { name: None, topic: None, visibility: None, archived: Some(archived) }
}

pub fn join(user: UserId) -> RoomCommand {
    RoomCommand::Join { user, access: Access::Write }
}

/// A room, what it has put out, and what waits for the disk.
pub struct Bench {
    pub room: Room,
    pub now: Now,
    pub disk: VecDeque<(OpId, RoomEvent)>,
    requests: u64,
}

impl Bench {
    pub fn new(state: RoomState) -> Self {
        Self::open(state, vec![])
    }

    pub fn open(state: RoomState, window: Vec<PostMark>) -> Self {
        let now = Now { mono: Monotonic(1_000), wall: UnixMillis(50_000) };
        Self { room: Room::open(state, window), now, disk: VecDeque::new(), requests: 0 }
    }

    /// Gives one input and drains; what goes to the disk is also kept.
    pub fn input(&mut self, input: RoomInput) -> Vec<RoomOutput> {
        self.room.handle(self.now, input);
        let outputs: Vec<RoomOutput> = std::iter::from_fn(|| self.room.poll()).collect();
        for output in &outputs {
            if let RoomOutput::Persist { op, event } = output {
                self.disk.push_back((*op, event.clone()));
            }
        }
        outputs
    }

    pub fn tagged(
        &mut self,
        requester: u64,
        actor: &Actor,
        tag: &str,
        command: RoomCommand,
    ) -> Vec<RoomOutput> {
        let (requester, tag) = (Requester(requester), Some(ClientTag(tag.to_owned())));
        self.input(RoomInput::Command { requester, actor: actor.clone(), tag, known: None, command })
    }

    pub fn command(&mut self, actor: &Actor, command: RoomCommand) -> Vec<RoomOutput> {
        self.requests += 1;
        let requester = Requester(self.requests);
        self.input(RoomInput::Command { requester, actor: actor.clone(), tag: None, known: None, command })
    }

    /// A command that must be accepted; it waits for the disk.
    pub fn accept(&mut self, actor: &Actor, command: RoomCommand) -> RoomEvent {
        let outputs = self.command(actor, command);
        match outputs.as_slice() {
            [RoomOutput::Persist { event, .. }] => event.clone(),
            other => panic!("not accepted: {other:?}"),
        }
    }

    /// A command that must be refused, and why.
    pub fn refusal(&mut self, actor: &Actor, command: RoomCommand) -> ErrorCode {
        let outputs = self.command(actor, command);
        match outputs.as_slice() {
            [RoomOutput::Refuse { code, .. }] => *code,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// The disk has the oldest waiting event.
    pub fn persist(&mut self) -> Vec<RoomOutput> {
        let (op, _) = self.disk.pop_front().expect("something waits for the disk");
        self.input(RoomInput::Persisted { op })
    }

    /// The disk refuses the oldest waiting event.
    pub fn fail(&mut self, code: ErrorCode) -> Vec<RoomOutput> {
        let (op, _) = self.disk.pop_front().expect("something waits for the disk");
        self.input(RoomInput::PersistFailed { op, code })
    }

    /// A command, accepted and put on disk.
    pub fn done(&mut self, actor: &Actor, command: RoomCommand) -> Vec<RoomOutput> {
        self.accept(actor, command);
        self.persist()
    }

    pub fn pass(&mut self, millis: u64) {
        self.now = Now { mono: self.now.mono.after(millis), wall: UnixMillis(self.now.wall.0 + millis) };
    }

    /// Messages and mentions that wait for a user.
    pub fn counts(&self, user: UserId) -> (u32, u32) {
        let unread = self.room.unread(user);
        (unread.messages, unread.mentions)
    }
}
