//! The table of who may do what, written a second time in the words of the issue, and held against
//! [`mesh_core::policy`] for every role, standing, action and combination of facts.

use mesh_core::policy::{Action, Actor, Denied, RoomAction, RoomFacts, Standing, TeamAction, authorize};
use mesh_protocol::capability::Capability;
use mesh_protocol::id::UserId;
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::team::Role;

const ROLES: [Role; 3] = [Role::Guest, Role::Member, Role::Owner];
const STANDINGS: [Standing; 3] = [Standing::Active, Standing::Removed, Standing::Expired];

const TEAM_ACTIONS: [TeamAction; 8] = [
    TeamAction::SeeTeam,
    TeamAction::SeeEverybody,
    TeamAction::ChangeOwnAccount,
    TeamAction::CreateRoom,
    TeamAction::OpenDirect,
    TeamAction::ManageInvites,
    TeamAction::ManagePeople,
    TeamAction::ChangeTeam,
];

const ROOM_ACTIONS: [RoomAction; 22] = [
    RoomAction::See,
    RoomAction::Read,
    RoomAction::Post,
    RoomAction::Edit,
    RoomAction::Delete,
    RoomAction::React,
    RoomAction::Pin,
    RoomAction::Mark,
    RoomAction::Type,
    RoomAction::Join,
    RoomAction::Leave,
    RoomAction::AddMember,
    RoomAction::RemoveMember,
    RoomAction::Change,
    RoomAction::Archive,
    RoomAction::DeleteRoom,
    RoomAction::Use(Capability::Call),
    RoomAction::Use(Capability::Screen),
    RoomAction::Use(Capability::ShareFile),
    RoomAction::Use(Capability::ShareFolder),
    RoomAction::Use(Capability::TerminalView),
    RoomAction::Use(Capability::TerminalControl),
];

/// A new variant does not compile until it has its place in the lists above.
fn place_of_team_action(action: TeamAction) -> usize {
    match action {
        TeamAction::SeeTeam => 0,
        TeamAction::SeeEverybody => 1,
        TeamAction::ChangeOwnAccount => 2,
        TeamAction::CreateRoom => 3,
        TeamAction::OpenDirect => 4,
        TeamAction::ManageInvites => 5,
        TeamAction::ManagePeople => 6,
        TeamAction::ChangeTeam => 7,
    }
}

fn place_of_room_action(action: RoomAction) -> usize {
    match action {
        RoomAction::See => 0,
        RoomAction::Read => 1,
        RoomAction::Post => 2,
        RoomAction::Edit => 3,
        RoomAction::Delete => 4,
        RoomAction::React => 5,
        RoomAction::Pin => 6,
        RoomAction::Mark => 7,
        RoomAction::Type => 8,
        RoomAction::Join => 9,
        RoomAction::Leave => 10,
        RoomAction::AddMember => 11,
        RoomAction::RemoveMember => 12,
        RoomAction::Change => 13,
        RoomAction::Archive => 14,
        RoomAction::DeleteRoom => 15,
        RoomAction::Use(Capability::Call) => 16,
        RoomAction::Use(Capability::Screen) => 17,
        RoomAction::Use(Capability::ShareFile) => 18,
        RoomAction::Use(Capability::ShareFolder) => 19,
        RoomAction::Use(Capability::TerminalView) => 20,
        RoomAction::Use(Capability::TerminalControl) => 21,
    }
}

fn all_facts() -> Vec<RoomFacts> {
    let mut all = Vec::new();
    for kind in [RoomKind::Room, RoomKind::Direct] {
        for visibility in [Visibility::Open, Visibility::Invited] {
            for access in [None, Some(Access::Read), Some(Access::Write)] {
                for bits in 0..8 {
                    let (archived, is_author, is_self) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
                    all.push(RoomFacts { kind, visibility, archived, access, is_author, is_self });
                }
            }
        }
    }
    all
}

fn ask(role: Role, standing: Standing, action: Action) -> Result<(), Denied> {
    authorize(&Actor { user: UserId(1), role, standing }, action)
}

/// What an active user of each role may do in the team: guest, member, owner.
const TEAM_TABLE: [(TeamAction, [bool; 3]); 8] = [
    (TeamAction::SeeTeam, [true, true, true]),
    (TeamAction::SeeEverybody, [false, true, true]),
    (TeamAction::ChangeOwnAccount, [true, true, true]),
    (TeamAction::CreateRoom, [false, true, true]),
    (TeamAction::OpenDirect, [true, true, true]),
    (TeamAction::ManageInvites, [false, false, true]),
    (TeamAction::ManagePeople, [false, false, true]),
    (TeamAction::ChangeTeam, [false, false, true]),
];

/// How somebody stands to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Neither in it nor allowed to know it.
    Stranger,
    /// Not in it, but it is open to them.
    Passer,
    /// Not in it, invited only; an owner, who runs every room.
    Keeper,
    Reader,
    Writer,
}

fn place(role: Role, facts: RoomFacts) -> Place {
    match (facts.access, facts.kind, facts.visibility, role) {
        (Some(Access::Read), ..) => Place::Reader,
        (Some(Access::Write), ..) => Place::Writer,
        (None, RoomKind::Direct, ..) | (None, _, _, Role::Guest) => Place::Stranger,
        (None, RoomKind::Room, Visibility::Open, Role::Member | Role::Owner) => Place::Passer,
        (None, RoomKind::Room, Visibility::Invited, Role::Owner) => Place::Keeper,
        (None, RoomKind::Room, Visibility::Invited, Role::Member) => Place::Stranger,
    }
}

/// What an active user may do in a room, row by row.
fn expected(role: Role, action: RoomAction, facts: RoomFacts) -> Result<(), Denied> {
    let place = place(role, facts);
    let owner = role == Role::Owner;
    let direct = facts.kind == RoomKind::Direct;
    if place == Place::Stranger {
        return Err(Denied::NotFound);
    }
    match action {
        RoomAction::See => Ok(()),
        RoomAction::Read | RoomAction::Mark => outsiders_may_not(place),
        RoomAction::Post | RoomAction::React | RoomAction::Pin | RoomAction::Type => writing(place, facts),
        RoomAction::Edit | RoomAction::Delete => {
            let moderates = action == RoomAction::Delete && owner && !direct;
            writing(place, facts)?;
            if facts.is_author || moderates { Ok(()) } else { Err(Denied::NotAuthor) }
        }
        RoomAction::Use(capability) => {
            writing(place, facts)?;
            let members_only = matches!(capability, Capability::ShareFolder | Capability::TerminalControl);
            if role == Role::Guest && members_only { Err(Denied::Forbidden) } else { Ok(()) }
        }
        _ if direct => Err(Denied::Forbidden),
        RoomAction::Leave => outsiders_may_not(place),
        RoomAction::RemoveMember | RoomAction::Archive | RoomAction::DeleteRoom if owner => Ok(()),
        RoomAction::RemoveMember | RoomAction::Archive | RoomAction::DeleteRoom => Err(Denied::Forbidden),
        _ if facts.archived => Err(Denied::Archived),
        RoomAction::Join | RoomAction::AddMember | RoomAction::Change if owner => Ok(()),
        RoomAction::Join if role == Role::Member && facts.visibility == Visibility::Open => Ok(()),
        RoomAction::AddMember | RoomAction::Change if role == Role::Member && place == Place::Writer => {
            Ok(())
        }
        RoomAction::Join | RoomAction::AddMember | RoomAction::Change => Err(Denied::Forbidden),
    }
}

fn outsiders_may_not(place: Place) -> Result<(), Denied> {
    match place {
        Place::Reader | Place::Writer => Ok(()),
        Place::Stranger | Place::Passer | Place::Keeper => Err(Denied::Forbidden),
    }
}

fn writing(place: Place, facts: RoomFacts) -> Result<(), Denied> {
    match place {
        Place::Writer if facts.archived => Err(Denied::Archived),
        Place::Writer => Ok(()),
        Place::Reader => Err(Denied::ReadOnly),
        Place::Stranger | Place::Passer | Place::Keeper => Err(Denied::Forbidden),
    }
}

#[test]
fn the_lists_of_actions_are_whole() {
    for (index, action) in TEAM_ACTIONS.into_iter().enumerate() {
        assert_eq!(place_of_team_action(action), index);
        assert_eq!(TEAM_TABLE[index].0, action);
    }
    for (index, action) in ROOM_ACTIONS.into_iter().enumerate() {
        assert_eq!(place_of_room_action(action), index);
    }
    assert_eq!(all_facts().len(), 2 * 2 * 3 * 8);
}

#[test]
fn every_role_may_do_in_the_team_what_the_table_says() {
    for (action, allowed) in TEAM_TABLE {
        for (role, may) in ROLES.into_iter().zip(allowed) {
            let expected = if may { Ok(()) } else { Err(Denied::Forbidden) };
            assert_eq!(ask(role, Standing::Active, Action::Team(action)), expected, "{role:?} {action:?}");
        }
    }
}

#[test]
fn every_role_may_do_in_every_room_what_the_table_says() {
    for role in ROLES {
        for action in ROOM_ACTIONS {
            for facts in all_facts() {
                let verdict = ask(role, Standing::Active, Action::Room(action, facts));
                assert_eq!(verdict, expected(role, action, facts), "{role:?} {action:?} {facts:?}");
            }
        }
    }
}

#[test]
fn who_left_or_expired_may_do_nothing() {
    for standing in STANDINGS.into_iter().filter(|standing| *standing != Standing::Active) {
        for role in ROLES {
            for action in TEAM_ACTIONS {
                assert_eq!(ask(role, standing, Action::Team(action)), Err(Denied::SignedOut));
            }
            for action in ROOM_ACTIONS {
                for facts in all_facts() {
                    assert_eq!(ask(role, standing, Action::Room(action, facts)), Err(Denied::SignedOut));
                }
            }
        }
    }
}

/// A denied step up: whatever a guest may do, a member may; whatever a member may do, an owner may.
#[test]
fn a_higher_role_never_may_less() {
    for pair in ROLES.windows(2) {
        for action in TEAM_ACTIONS {
            let may = |role| ask(role, Standing::Active, Action::Team(action)).is_ok();
            assert!(!may(pair[0]) || may(pair[1]), "{action:?}");
        }
        for action in ROOM_ACTIONS {
            for facts in all_facts() {
                let may = |role| ask(role, Standing::Active, Action::Room(action, facts)).is_ok();
                assert!(!may(pair[0]) || may(pair[1]), "{action:?} {facts:?}");
            }
        }
    }
}

/// Direct messages belong to their two members: no role reaches into them.
#[test]
fn nobody_reaches_into_the_direct_messages_of_others() {
    for facts in
        all_facts().into_iter().filter(|facts| facts.kind == RoomKind::Direct && facts.access.is_none())
    {
        for role in ROLES {
            for action in ROOM_ACTIONS {
                let verdict = ask(role, Standing::Active, Action::Room(action, facts));
                assert_eq!(verdict, Err(Denied::NotFound), "{role:?} {action:?}");
            }
        }
    }
}

/// Running a room is not reading it: an owner who is not a member enters first, which everybody sees.
#[test]
fn owners_read_no_room_that_they_are_not_in() {
    for facts in all_facts().into_iter().filter(|facts| facts.access.is_none()) {
        for action in
            [RoomAction::Read, RoomAction::Post, RoomAction::Edit, RoomAction::Delete, RoomAction::Mark]
        {
            assert!(
                ask(Role::Owner, Standing::Active, Action::Room(action, facts)).is_err(),
                "{action:?} {facts:?}"
            );
        }
    }
}

#[test]
fn every_reason_has_its_own_code() {
    use mesh_protocol::error::ErrorCode;
    for (reason, code) in [
        (Denied::SignedOut, ErrorCode::SignedOut),
        (Denied::NotFound, ErrorCode::NotFound),
        (Denied::Forbidden, ErrorCode::Forbidden),
        (Denied::ReadOnly, ErrorCode::ReadOnly),
        (Denied::Archived, ErrorCode::RoomArchived),
        (Denied::NotAuthor, ErrorCode::NotAuthor),
    ] {
        assert_eq!(reason.code(), code);
        assert!(!reason.to_string().is_empty());
    }
}
