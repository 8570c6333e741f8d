//! Invites: one-use links that make an account, and one-use links that let somebody choose a new password.

pub(super) mod accept;
pub(super) mod enter;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use mesh_core::fold::fold;
use mesh_core::name;
use mesh_core::policy::{Action, Actor, RoomAction, RoomFacts, Standing, TeamAction, authorize};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{InviteId, RoomId};
use mesh_protocol::limit;
use mesh_protocol::team::{
    Invite, InviteCreate, InviteCreated, InviteKind, InviteState, InviteView, Role, UserNameCheck,
};
use mesh_protocol::time::UnixMillis;
use serde::Deserialize;

use super::error::Refusal;
use super::extract::{Id, Json, Query, SignedIn};
use crate::secret::{self, Token};
use crate::state::AppState;
use crate::store::record::InviteRecord;
use crate::store::{Change, PeopleReads, RoomReads, StoreError};

/// Links that ended are listed up to this number, the newest first.
const LISTED: usize = 200;
/// A link that was used, revoked or expired is listed this long: 7 days.
const LISTED_MS: u64 = 7 * 24 * 3600 * 1000;

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/invites", get(list).post(create))
        .route("/invites/{id}", delete(revoke))
        .route("/invite/{token}", get(show))
        .route("/invite/{token}/accept", post(accept::accept))
        .route("/user-names/{name}", get(user_name))
}

/// What happened to an invite, at `now`.
pub(super) fn state_of(invite: &InviteRecord, now: UnixMillis) -> InviteState {
    if invite.used_by.is_some() {
        InviteState::Used
    } else if invite.revoked {
        InviteState::Revoked
    } else if invite.expires_at <= now {
        InviteState::Expired
    } else {
        InviteState::Open
    }
}

pub(super) fn listed(invite: &InviteRecord, now: UnixMillis) -> Invite {
    Invite {
        id: invite.id,
        kind: invite.kind,
        name: invite.name.clone(),
        role: invite.role,
        rooms: invite.rooms.clone(),
        created_by: invite.created_by,
        created_at: invite.created_at,
        expires_at: invite.expires_at,
        state: state_of(invite, now),
        used_by: invite.used_by,
    }
}

fn refused(state: InviteState) -> Result<(), ErrorCode> {
    match state {
        InviteState::Open => Ok(()),
        InviteState::Used => Err(ErrorCode::InviteUsed),
        InviteState::Expired => Err(ErrorCode::InviteExpired),
        InviteState::Revoked => Err(ErrorCode::InviteRevoked),
    }
}

/// The invites, newest first.
#[utoipa::path(get, path = "/api/v1/invites",
    operation_id = "invites", tag = "invite",
    responses((status = 200, body = Vec<Invite>), (status = 403, body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    me: SignedIn,
) -> Result<axum::Json<Vec<Invite>>, Refusal> {
    me.may(TeamAction::ManageInvites)?;
    let now = state.clock.wall();
    let mut invites = state.store.read(|view| view.invites())?;
    invites.sort_unstable_by_key(|invite| std::cmp::Reverse(invite.created_at));
    Ok(axum::Json(invites.iter().map(|invite| listed(invite, now)).collect()))
}

/// Make an invite; its secret is shown this once.
#[utoipa::path(post, path = "/api/v1/invites",
    operation_id = "createInvite", tag = "invite", request_body = InviteCreate,
    responses((status = 200, body = InviteCreated), (status = 403, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    me: SignedIn,
    Json(body): Json<InviteCreate>,
) -> Result<axum::Json<InviteCreated>, Refusal> {
    me.may(TeamAction::ManageInvites)?;
    let name = if body.name.trim().is_empty() { Ok(String::new()) } else { name::check_name(&body.name) };
    let name = name.map_err(|_| Refusal::field("name"))?;
    if body.role == Role::Owner {
        return Err(Refusal::field("role"));
    }
    if body.rooms.len() > limit::ROOMS || (body.role == Role::Guest && body.rooms.is_empty()) {
        return Err(Refusal::field("rooms"));
    }
    if !(limit::INVITE_MIN_SECONDS..=limit::INVITE_SECONDS).contains(&u64::from(body.expires_in)) {
        return Err(Refusal::field("expiresIn"));
    }
    let now = state.clock.wall();
    let (record, token) = new_invite(&me, InviteKind::Join, now, u64::from(body.expires_in) * 1000)?;
    let record = InviteRecord { name, role: body.role, rooms: body.rooms, ..record };
    store_invite(&state, &me, record, token).await.map(axum::Json)
}

/// An invite that the caller still has to fill in and write.
pub(super) fn new_invite(
    me: &SignedIn,
    kind: InviteKind,
    now: UnixMillis,
    life_ms: u64,
) -> Result<(InviteRecord, Token), Refusal> {
    let token = Token::random()?;
    let record = InviteRecord {
        id: InviteId(secret::random_id()?),
        kind,
        token_hash: token.hash(),
        name: String::new(),
        role: Role::Member,
        rooms: Vec::new(),
        created_by: me.user.id,
        created_at: now,
        expires_at: UnixMillis(now.0 + life_ms),
        revoked: false,
        used_by: None,
        for_user: None,
        entering: Vec::new(),
    };
    Ok((record, token))
}

/// Writes a new invite, and forgets those that ended long ago.
pub(super) async fn store_invite(
    state: &AppState,
    me: &SignedIn,
    record: InviteRecord,
    token: Token,
) -> Result<InviteCreated, Refusal> {
    let now = record.created_at;
    let (invite, credential) = (listed(&record, now), me.credential());
    state
        .store
        .write(move |change| {
            let maker = credential.may(change, TeamAction::ManageInvites, now)?;
            let invites = change.invites()?;
            let open = invites.iter().filter(|invite| state_of(invite, now) == InviteState::Open).count();
            if open >= limit::OPEN_INVITES {
                return Err(StoreError::Refused(ErrorCode::LimitReached));
            }
            for room in &record.rooms {
                may_add(change, &maker, *room)?;
            }
            if let Some(user) = record.for_user {
                let user = change.user(user)?.map(|user| user.actor(now).standing);
                if user != Some(Standing::Active) {
                    return Err(StoreError::Refused(ErrorCode::NotFound));
                }
                revoke_invites(change, |invite| invite.for_user == record.for_user)?;
            }
            forget_old(change, now)?;
            change.put_invite(&record)
        })
        .await?;
    Ok(InviteCreated { invite, token: token.reveal().to_owned() })
}

/// Whether `maker` may let somebody into a room.
fn may_add(change: &Change<'_>, maker: &Actor, room: RoomId) -> Result<(), StoreError> {
    let room = change.room(room)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
    let facts = RoomFacts {
        kind: room.kind,
        visibility: room.visibility,
        archived: room.archived,
        access: room.member(maker.user).map(|member| member.access),
        is_author: false,
        is_self: false,
    };
    authorize(maker, Action::Room(RoomAction::AddMember, facts))
        .map_err(|denied| StoreError::Refused(denied.code()))
}

/// Forgets links that ended long ago, and the oldest of very many.
fn forget_old(change: &mut Change<'_>, now: UnixMillis) -> Result<(), StoreError> {
    let mut ended = change.invites()?;
    ended.retain(|invite| state_of(invite, now) != InviteState::Open);
    ended.sort_unstable_by_key(|invite| std::cmp::Reverse(invite.created_at));
    let is_old = |invite: &InviteRecord| invite.expires_at.0 + LISTED_MS < now.0;
    let forgotten = ended.iter().enumerate().filter(|(place, invite)| *place >= LISTED || is_old(invite));
    for (_, invite) in forgotten {
        change.delete_invite(invite.id)?;
    }
    Ok(())
}

/// Takes back the unused links that `which` picks: a link lives no longer than its maker's right to make it, and
/// than the password it would replace.
pub(super) fn revoke_invites(
    change: &mut Change<'_>,
    which: impl Fn(&InviteRecord) -> bool,
) -> Result<(), StoreError> {
    for invite in change.invites()? {
        if invite.used_by.is_none() && which(&invite) {
            change.put_invite(&InviteRecord { revoked: true, ..invite })?;
        }
    }
    Ok(())
}

/// Take an invite back.
#[utoipa::path(delete, path = "/api/v1/invites/{id}",
    operation_id = "revokeInvite", tag = "invite", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn revoke(
    State(state): State<AppState>,
    me: SignedIn,
    Id(id): Id<InviteId>,
) -> Result<StatusCode, Refusal> {
    me.may(TeamAction::ManageInvites)?;
    let (now, credential) = (state.clock.wall(), me.credential());
    state
        .store
        .write(move |change| {
            credential.may(change, TeamAction::ManageInvites, now)?;
            let invite = change.invite(id)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
            refused(state_of(&invite, now)).map_err(StoreError::Refused)?;
            change.put_invite(&InviteRecord { revoked: true, ..invite })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An invite by its secret: 256 random bits, so there is nothing to guess and nobody to slow down.
fn find(state: &AppState, token: &str) -> Result<InviteRecord, Refusal> {
    let token = Token::from_text(token).ok_or(ErrorCode::NotFound)?;
    let found = state.store.read(|view| view.invite_by_hash(&token.hash()))?;
    Ok(found.ok_or(ErrorCode::NotFound)?)
}

/// What the invited person sees before joining.
#[utoipa::path(get, path = "/api/v1/invite/{token}",
    operation_id = "invite", tag = "invite", params(("token" = String, Path)),
    responses((status = 200, body = InviteView), (status = 404, body = ErrorBody)))]
pub(crate) async fn show(
    State(state): State<AppState>,
    Id(token): Id<String>,
) -> Result<axum::Json<InviteView>, Refusal> {
    let invite = find(&state, &token)?;
    let now = state.clock.wall();
    let view = state.store.read(|view| {
        let rooms: Result<Vec<Option<String>>, StoreError> =
            invite.rooms.iter().map(|room| Ok(view.room(*room)?.map(|room| room.name))).collect();
        let by = view.user(invite.created_by)?.map(|user| user.name).unwrap_or_default();
        let for_user = invite.for_user.map(|user| view.user(user)).transpose()?.flatten();
        Ok(InviteView {
            kind: invite.kind,
            state: state_of(&invite, now),
            team: view.team()?.unwrap_or_default().name,
            invited_by: by,
            name: invite.name.clone(),
            user_name: for_user.map(|user| user.user_name),
            role: invite.role,
            rooms: rooms?.into_iter().flatten().collect(),
            expires_at: invite.expires_at,
        })
    })?;
    Ok(axum::Json(view))
}

/// Who may ask which user names are free: whoever holds an open invite.
#[derive(Debug, Deserialize)]
pub(crate) struct NameQuery {
    invite: String,
}

/// Whether a user name can be chosen; asked with an open invite.
#[utoipa::path(get, path = "/api/v1/user-names/{name}",
    operation_id = "checkUserName", tag = "invite",
    params(("name" = String, Path), ("invite" = String, Query)),
    responses((status = 200, body = UserNameCheck), (status = 404, body = ErrorBody)))]
pub(crate) async fn user_name(
    State(state): State<AppState>,
    Id(wanted): Id<String>,
    Query(query): Query<NameQuery>,
) -> Result<axum::Json<UserNameCheck>, Refusal> {
    let invite = find(&state, &query.invite)?;
    refused(state_of(&invite, state.clock.wall()))?;
    let Ok(wanted) = name::check_user_name(&wanted) else {
        return Ok(axum::Json(UserNameCheck { free: false }));
    };
    let taken = state.store.read(|view| view.user_by_name(&fold(&wanted)))?.is_some();
    Ok(axum::Json(UserNameCheck { free: !taken }))
}
