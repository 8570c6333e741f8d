//! People and the team, for owners: list, role, reset access, remove, rename the team.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, patch, post};
use mesh_core::name;
use mesh_core::policy::TeamAction;
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{SessionId, UserId};
use mesh_protocol::room::RoomKind;
use mesh_protocol::team::{InviteCreated, InviteKind, Person, PersonChange, Role, Team};

use super::error::Refusal;
use super::extract::{Id, Json, SignedIn};
use super::invite::{new_invite, revoke_invites, store_invite};
use crate::state::AppState;
use crate::store::record::{InviteRecord, UserRecord};
use crate::store::{Change, PeopleReads, RoomReads, StoreError};

/// Life of a link to choose a new password: one day.
const RESET_MS: u64 = 24 * 3600 * 1000;

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/people", get(list))
        .route("/people/{user}", patch(change).delete(remove))
        .route("/people/{user}/reset", post(reset))
        .route("/team", patch(team))
}

/// Everybody, with what only owners see.
#[utoipa::path(get, path = "/api/v1/people",
    operation_id = "people", tag = "people",
    responses((status = 200, body = Vec<Person>), (status = 403, body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    me: SignedIn,
) -> Result<axum::Json<Vec<Person>>, Refusal> {
    me.may(TeamAction::ManagePeople)?;
    let people = state.store.read(|view| {
        let (sessions, rooms) = (view.sessions()?, view.rooms()?);
        let person = |user: UserRecord| {
            let own = sessions.iter().filter(|session| session.user == user.id);
            let entered = rooms.iter().filter(|room| room.kind == RoomKind::Room);
            Person {
                joined_at: user.joined_at,
                last_seen: own.clone().map(|session| state.sessions.last_seen(session)).max(),
                sessions: own.count() as u32,
                rooms: entered.filter(|room| room.member(user.id).is_some()).count() as u32,
                user: user.to_user(),
            }
        };
        Ok(view.users()?.into_iter().map(person).collect())
    })?;
    Ok(axum::Json(people))
}

/// Refuses to leave the team without an owner.
fn keep_an_owner(change: &Change<'_>, leaving: &UserRecord) -> Result<(), StoreError> {
    let is_owner = |user: &UserRecord| user.role == Role::Owner && !user.removed;
    let others = change.users()?.iter().filter(|user| is_owner(user) && user.id != leaving.id).count();
    if is_owner(leaving) && others == 0 { Err(StoreError::Refused(ErrorCode::LastOwner)) } else { Ok(()) }
}

fn present(change: &Change<'_>, id: UserId) -> Result<UserRecord, StoreError> {
    change.user(id)?.filter(|user| !user.removed).ok_or(StoreError::Refused(ErrorCode::NotFound))
}

/// Change somebody's role. Their sessions end, so that nothing of the old role lives on; a guest who became a
/// member without having a password comes back by a reset link.
#[utoipa::path(patch, path = "/api/v1/people/{user}",
    operation_id = "changeRole", tag = "people", params(("user" = String, Path)),
    request_body = PersonChange,
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody)))]
pub(crate) async fn change(
    State(state): State<AppState>,
    me: SignedIn,
    Id(id): Id<UserId>,
    Json(body): Json<PersonChange>,
) -> Result<StatusCode, Refusal> {
    me.may(TeamAction::ManagePeople)?;
    me.confirmed(state.clock.wall())?;
    if body.role == Role::Guest {
        // A guest's access ends by itself and is for named rooms: that takes an invite.
        return Err(Refusal::field("role"));
    }
    let (credential, now) = (me.credential(), state.clock.wall());
    let ended = state
        .store
        .write(move |change| {
            credential.may(change, TeamAction::ManagePeople, now)?;
            set_role(change, id, body.role)
        })
        .await?;
    state.hub.sessions_ended(ended).await;
    state.hub.user_changed(id).await;
    Ok(StatusCode::NO_CONTENT)
}

fn set_role(change: &mut Change<'_>, id: UserId, role: Role) -> Result<Vec<SessionId>, StoreError> {
    let user = present(change, id)?;
    if user.role == role {
        return Ok(Vec::new());
    }
    keep_an_owner(change, &user)?;
    if user.role == Role::Owner {
        revoke_invites(change, |invite| invite.created_by == id)?;
    }
    change.put_user(&UserRecord { role, expires_at: None, ..user })?;
    change.delete_sessions(id, |_| true)
}

/// Remove somebody from the team; what they wrote stays.
#[utoipa::path(delete, path = "/api/v1/people/{user}",
    operation_id = "removePerson", tag = "people", params(("user" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody)))]
pub(crate) async fn remove(
    State(state): State<AppState>,
    me: SignedIn,
    Id(id): Id<UserId>,
) -> Result<StatusCode, Refusal> {
    me.may(TeamAction::ManagePeople)?;
    me.confirmed(state.clock.wall())?;
    let (credential, now) = (me.credential(), state.clock.wall());
    let ended = state
        .store
        .write(move |change| {
            credential.may(change, TeamAction::ManagePeople, now)?;
            let user = present(change, id)?;
            keep_an_owner(change, &user)?;
            let status_text = String::new();
            change.put_user(&UserRecord { removed: true, password_hash: None, status_text, ..user })?;
            revoke_invites(change, |invite| invite.created_by == id || invite.for_user == Some(id))?;
            change.delete_sessions(id, |_| true)
        })
        .await?;
    state.hub.sessions_ended(ended).await;
    state.hub.user_removed(me.actor, id).await;
    Ok(StatusCode::NO_CONTENT)
}

/// A one-use link that lets somebody choose a new password.
#[utoipa::path(post, path = "/api/v1/people/{user}/reset",
    operation_id = "resetPerson", tag = "people", params(("user" = String, Path)),
    responses((status = 200, body = InviteCreated), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(crate) async fn reset(
    State(state): State<AppState>,
    me: SignedIn,
    Id(id): Id<UserId>,
) -> Result<axum::Json<InviteCreated>, Refusal> {
    me.may(TeamAction::ManagePeople)?;
    let now = state.clock.wall();
    me.confirmed(now)?;
    let user =
        state.store.read(|view| view.user(id))?.filter(|user| !user.removed).ok_or(ErrorCode::NotFound)?;
    let (record, token) = new_invite(&me, InviteKind::Reset, now, RESET_MS)?;
    let record = InviteRecord { name: user.name, role: user.role, for_user: Some(id), ..record };
    store_invite(&state, &me, record, token).await.map(axum::Json)
}

/// Rename the team.
#[utoipa::path(patch, path = "/api/v1/team",
    operation_id = "renameTeam", tag = "people", request_body = Team,
    responses((status = 200, body = Team), (status = 403, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn team(
    State(state): State<AppState>,
    me: SignedIn,
    Json(body): Json<Team>,
) -> Result<axum::Json<Team>, Refusal> {
    me.may(TeamAction::ChangeTeam)?;
    let name = name::check_name(&body.name).map_err(|_| Refusal::field("name"))?;
    let (saved, credential, now) = (name.clone(), me.credential(), state.clock.wall());
    state
        .store
        .write(move |change| {
            credential.may(change, TeamAction::ChangeTeam, now)?;
            let mut team = change.team()?.ok_or(StoreError::Refused(ErrorCode::NotClaimed))?;
            team.name = saved;
            change.put_team(&team)
        })
        .await?;
    state.hub.team_changed().await;
    Ok(axum::Json(Team { name }))
}
