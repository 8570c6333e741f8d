//! Who may do what: the only authorisation function of Mesh.
//!
//! [`authorize`] takes the actor, the action and the facts about what it concerns, and allows or denies. It is
//! a pure table: no handler and no machine looks at a role itself. Anything that is not allowed below is denied.
//! What an actor may not even know to exist is denied as [`Denied::NotFound`].

use mesh_protocol::capability::Capability;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::UserId;
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::team::Role;

/// Whether an account can be used at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It can.
    Active,
    /// The person left or was removed.
    Removed,
    /// A guest whose time is over.
    Expired,
}

/// Who wants something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Identity.
    pub user: UserId,
    /// Role in the team.
    pub role: Role,
    /// Whether the account can be used.
    pub standing: Standing,
}

/// What the table needs to know about a room, seen from the actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomFacts {
    /// What the room is for.
    pub kind: RoomKind,
    /// Who may enter it.
    pub visibility: Visibility,
    /// Whether it is archived.
    pub archived: bool,
    /// The actor's access; `None` for somebody who is not a member.
    pub access: Option<Access>,
    /// Whether the chat message concerned is the actor's own.
    pub is_author: bool,
    /// Whether the user concerned is the actor.
    pub is_self: bool,
}

/// Things done in or to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoomAction {
    /// Have it in one's list: name, topic, members.
    See,
    /// Read its history, its pins, former texts; search in it.
    Read,
    /// Write a chat message.
    Post,
    /// Replace the text of a chat message.
    Edit,
    /// Delete a chat message.
    Delete,
    /// Set or take back one's reaction.
    React,
    /// Pin or unpin.
    Pin,
    /// Move one's read mark.
    Mark,
    /// Show that one is writing.
    Type,
    /// Enter it oneself.
    Join,
    /// Leave it oneself.
    Leave,
    /// Add somebody else, or change a member's access.
    AddMember,
    /// Remove somebody else.
    RemoveMember,
    /// Change name, topic or visibility.
    Change,
    /// Archive it or take it back.
    Archive,
    /// Delete it and its history for good.
    DeleteRoom,
    /// Use a capability towards the device of another member.
    Use(Capability),
}

/// Things that concern the whole team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TeamAction {
    /// Use Mesh at all: see the team's name, own account, own rooms.
    SeeTeam,
    /// See every user, not only those of common rooms.
    SeeEverybody,
    /// Change the own name, colour, presence, password; list and end own sessions.
    ChangeOwnAccount,
    /// Make a room.
    CreateRoom,
    /// Open direct messages with somebody one sees.
    OpenDirect,
    /// Make, list and revoke invites.
    ManageInvites,
    /// List people with what only owners see, change roles, reset access, remove.
    ManagePeople,
    /// Change the team's name and the steps of the first run.
    ChangeTeam,
}

/// Anything that can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// In or to a room.
    Room(RoomAction, RoomFacts),
    /// In or to the team.
    Team(TeamAction),
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Denied {
    /// The account can't be used.
    #[error("the account can't be used")]
    SignedOut,
    /// The actor may not know whether it exists.
    #[error("not visible to the actor")]
    NotFound,
    /// The role or the situation does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// The member may only read.
    #[error("the member may only read")]
    ReadOnly,
    /// The room is archived.
    #[error("the room is archived")]
    Archived,
    /// Only the author may.
    #[error("only the author may")]
    NotAuthor,
}

impl Denied {
    /// What a client is told.
    pub fn code(self) -> ErrorCode {
        match self {
            Self::SignedOut => ErrorCode::SignedOut,
            Self::NotFound => ErrorCode::NotFound,
            Self::Forbidden => ErrorCode::Forbidden,
            Self::ReadOnly => ErrorCode::ReadOnly,
            Self::Archived => ErrorCode::RoomArchived,
            Self::NotAuthor => ErrorCode::NotAuthor,
        }
    }
}

/// Whether `actor` may do `action`.
///
/// # Errors
/// The reason, when not.
pub fn authorize(actor: &Actor, action: Action) -> Result<(), Denied> {
    if actor.standing != Standing::Active {
        return Err(Denied::SignedOut);
    }
    match action {
        Action::Team(action) => team(actor.role, action),
        Action::Room(action, facts) => room(actor.role, action, facts),
    }
}

fn team(role: Role, action: TeamAction) -> Result<(), Denied> {
    let least = match action {
        TeamAction::SeeTeam | TeamAction::ChangeOwnAccount | TeamAction::OpenDirect => Role::Guest,
        TeamAction::SeeEverybody | TeamAction::CreateRoom => Role::Member,
        TeamAction::ManageInvites | TeamAction::ManagePeople | TeamAction::ChangeTeam => Role::Owner,
    };
    if role >= least { Ok(()) } else { Err(Denied::Forbidden) }
}

fn room(role: Role, action: RoomAction, facts: RoomFacts) -> Result<(), Denied> {
    let is_open = facts.kind == RoomKind::Room && facts.visibility == Visibility::Open;
    let is_visible = facts.access.is_some() || (is_open && role >= Role::Member) || owned(role, facts);
    if !is_visible {
        return Err(Denied::NotFound);
    }
    match action {
        RoomAction::See => Ok(()),
        RoomAction::Read | RoomAction::Mark => member(facts).map(|_| ()),
        RoomAction::Leave => named_room(facts).and_then(|()| member(facts).map(|_| ())),
        RoomAction::Post | RoomAction::React | RoomAction::Pin | RoomAction::Type => writer(facts),
        RoomAction::Edit => writer(facts).and(if facts.is_author { Ok(()) } else { Err(Denied::NotAuthor) }),
        RoomAction::Delete => writer(facts).and_then(|()| {
            let moderates = role == Role::Owner && facts.kind == RoomKind::Room;
            if facts.is_author || moderates { Ok(()) } else { Err(Denied::NotAuthor) }
        }),
        RoomAction::Join => named_room(facts).and_then(|()| not_archived(facts)).and_then(|()| {
            if (is_open && role >= Role::Member) || role == Role::Owner {
                Ok(())
            } else {
                Err(Denied::Forbidden)
            }
        }),
        RoomAction::AddMember => named_room(facts).and_then(|()| not_archived(facts)).and_then(|()| {
            let invites = role >= Role::Member && facts.access == Some(Access::Write);
            if invites || role == Role::Owner { Ok(()) } else { Err(Denied::Forbidden) }
        }),
        RoomAction::Change => named_room(facts).and_then(|()| not_archived(facts)).and_then(|()| {
            let keeps = role >= Role::Member && facts.access == Some(Access::Write);
            if keeps || role == Role::Owner { Ok(()) } else { Err(Denied::Forbidden) }
        }),
        RoomAction::RemoveMember | RoomAction::Archive | RoomAction::DeleteRoom => {
            named_room(facts).and_then(|()| owner(role))
        }
        RoomAction::Use(capability) => {
            writer(facts).and(if role >= least_role(capability) { Ok(()) } else { Err(Denied::Forbidden) })
        }
    }
}

/// Guests meet, show and hand over single files; the team's own folders and machines are its members'.
fn least_role(capability: Capability) -> Role {
    match capability {
        Capability::Call | Capability::Screen | Capability::ShareFile | Capability::TerminalView => {
            Role::Guest
        }
        Capability::ShareFolder | Capability::TerminalControl => Role::Member,
    }
}

/// Owners see every named room, to run them; direct messages are their members' own.
fn owned(role: Role, facts: RoomFacts) -> bool {
    role == Role::Owner && facts.kind == RoomKind::Room
}

fn owner(role: Role) -> Result<(), Denied> {
    if role == Role::Owner { Ok(()) } else { Err(Denied::Forbidden) }
}

fn member(facts: RoomFacts) -> Result<Access, Denied> {
    facts.access.ok_or(Denied::Forbidden)
}

fn writer(facts: RoomFacts) -> Result<(), Denied> {
    match member(facts)? {
        Access::Read => Err(Denied::ReadOnly),
        Access::Write => not_archived(facts),
    }
}

fn not_archived(facts: RoomFacts) -> Result<(), Denied> {
    if facts.archived { Err(Denied::Archived) } else { Ok(()) }
}

/// Direct messages have no settings and no coming and going.
fn named_room(facts: RoomFacts) -> Result<(), Denied> {
    if facts.kind == RoomKind::Room { Ok(()) } else { Err(Denied::Forbidden) }
}
