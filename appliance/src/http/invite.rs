//! Invites: one-use links that make an account, and one-use links that let somebody choose a new password.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{delete, get, post};
use axum::{Extension, Router};
use mesh_core::fold::fold;
use mesh_core::name;
use mesh_core::policy::{Standing, TeamAction};
use mesh_core::room::RoomCommand;
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{InviteId, RoomId, UserId};
use mesh_protocol::limit;
use mesh_protocol::room::{Access, RoomKind};
use mesh_protocol::team::{
    Account, Invite, InviteAccept, InviteCreate, InviteCreated, InviteKind, InviteState, InviteView, Role,
    UserNameCheck,
};
use mesh_protocol::time::UnixMillis;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::claim::new_user;
use super::error::Refusal;
use super::extract::{Id, Json, SignedIn};
use super::session::{account_of, add_session, new_session, session_cookie};
use crate::listen::ConnectionInfo;
use crate::secret::{self, Token};
use crate::state::AppState;
use crate::store::record::{InviteRecord, SessionRecord, UserRecord};
use crate::store::{Change, PeopleReads, RoomReads, StoreError};

/// A guest's access ends this long after joining: 24 hours.
const GUEST_MS: u64 = 24 * 3600 * 1000;
/// A link that was used, revoked or expired is listed this long: 7 days.
const LISTED_MS: u64 = 7 * 24 * 3600 * 1000;

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/invites", get(list).post(create))
        .route("/invites/{id}", delete(revoke))
        .route("/invite/{token}", get(show))
        .route("/invite/{token}/accept", post(accept))
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
#[utoipa::path(get, path = "/api/v1/invites", tag = "invite",
    responses((status = 200, body = Vec<Invite>), (status = 403, body = ErrorBody)))]
pub(crate) async fn list(State(state): State<AppState>, me: SignedIn) -> Result<axum::Json<Vec<Invite>>, Refusal> {
    me.may(TeamAction::ManageInvites)?;
    let now = state.clock.wall();
    let mut invites = state.store.read(|view| view.invites())?;
    invites.sort_unstable_by_key(|invite| std::cmp::Reverse(invite.created_at));
    Ok(axum::Json(invites.iter().map(|invite| listed(invite, now)).collect()))
}

/// Make an invite; its secret is shown this once.
#[utoipa::path(post, path = "/api/v1/invites", tag = "invite", request_body = InviteCreate,
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
    if !(60..=limit::INVITE_SECONDS).contains(&u64::from(body.expires_in)) {
        return Err(Refusal::field("expiresIn"));
    }
    let now = state.clock.wall();
    let (record, token) = new_invite(&me, InviteKind::Join, now, u64::from(body.expires_in) * 1000)?;
    let record = InviteRecord { name, role: body.role, rooms: body.rooms, ..record };
    store_invite(&state, record, token).await.map(axum::Json)
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
    };
    Ok((record, token))
}

/// Writes a new invite, and forgets those that ended long ago.
pub(super) async fn store_invite(
    state: &AppState,
    record: InviteRecord,
    token: Token,
) -> Result<InviteCreated, Refusal> {
    let now = record.created_at;
    let invite = listed(&record, now);
    state
        .store
        .write(move |change| {
            let invites = change.invites()?;
            let open = invites.iter().filter(|invite| state_of(invite, now) == InviteState::Open).count();
            if open >= limit::OPEN_INVITES {
                return Err(StoreError::Refused(ErrorCode::LimitReached));
            }
            let unknown = record.rooms.iter().map(|room| change.room(*room));
            for room in unknown {
                if !room?.is_some_and(|room| room.kind == RoomKind::Room) {
                    return Err(StoreError::Refused(ErrorCode::NotFound));
                }
            }
            for old in invites.iter().filter(|invite| invite.expires_at.0 + LISTED_MS < now.0) {
                change.delete_invite(old.id)?;
            }
            change.put_invite(&record)
        })
        .await?;
    Ok(InviteCreated { invite, token: token.reveal().to_owned() })
}

/// Take an invite back.
#[utoipa::path(delete, path = "/api/v1/invites/{id}", tag = "invite", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn revoke(
    State(state): State<AppState>,
    me: SignedIn,
    Id(id): Id<InviteId>,
) -> Result<StatusCode, Refusal> {
    me.may(TeamAction::ManageInvites)?;
    let now = state.clock.wall();
    state
        .store
        .write(move |change| {
            let invite = change.invite(id)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
            refused(state_of(&invite, now)).map_err(StoreError::Refused)?;
            change.put_invite(&InviteRecord { revoked: true, ..invite })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An invite by its secret; strangers who guess are slowed down.
fn find(state: &AppState, connection: &ConnectionInfo, token: &str) -> Result<InviteRecord, Refusal> {
    let (now, source) = (state.clock.now().mono, connection.source());
    state
        .tries
        .sources()
        .check(now, &source)
        .map_err(|wait| Refusal::retry_after_millis(ErrorCode::TooMany, wait.0))?;
    let hash = secret::hash(token);
    match state.store.read(|view| view.invite_by_hash(&hash))? {
        Some(invite) => Ok(invite),
        None => {
            state.tries.sources().failed(now, source);
            Err(ErrorCode::NotFound.into())
        }
    }
}

/// What the invited person sees before joining.
#[utoipa::path(get, path = "/api/v1/invite/{token}", tag = "invite", params(("token" = String, Path)),
    responses((status = 200, body = InviteView), (status = 404, body = ErrorBody)))]
pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(connection): Extension<ConnectionInfo>,
    Path(token): Path<String>,
) -> Result<axum::Json<InviteView>, Refusal> {
    let invite = find(&state, &connection, &token)?;
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

/// Join, or set the new password, and be signed in.
#[utoipa::path(post, path = "/api/v1/invite/{token}/accept", tag = "invite", params(("token" = String, Path)),
    request_body = InviteAccept,
    responses((status = 200, body = Account), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 410, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn accept(
    State(state): State<AppState>,
    Extension(connection): Extension<ConnectionInfo>,
    headers: HeaderMap,
    Path(token): Path<String>,
    Json(body): Json<InviteAccept>,
) -> Result<impl IntoResponse, Refusal> {
    let invite = find(&state, &connection, &token)?;
    let now = state.clock.wall();
    refused(state_of(&invite, now))?;
    let password = Zeroizing::new(body.password);
    let (user, session, cookie) = match (invite.kind, invite.for_user) {
        (InviteKind::Reset, Some(user)) => {
            name::check_password(&password).map_err(|_| Refusal::field("password"))?;
            let hash = state.passwords.hash(password).await?;
            let user = state.store.read(|view| view.user(user))?.ok_or(ErrorCode::NotFound)?;
            let (session, token) = new_session(&user, &headers, &connection, now)?;
            (reset(&state, invite, hash, session.clone(), now).await?, session, session_cookie(&token)?)
        }
        _ => {
            let user = joining(&state, &invite, &body.name, &body.user_name, password, now).await?;
            let (session, token) = new_session(&user, &headers, &connection, now)?;
            let user = join(&state, invite, user, session.clone(), now).await?;
            (user, session, session_cookie(&token)?)
        }
    };
    tracing::info!(user = %user.id, session = %session.id, "a link was used");
    connection.mark_authenticated();
    Ok((cookie, axum::Json(account_of(&state, &user)?)))
}

/// The user that an invite will make, everything about them checked.
async fn joining(
    state: &AppState,
    invite: &InviteRecord,
    display_name: &str,
    user_name: &str,
    password: Zeroizing<String>,
    now: UnixMillis,
) -> Result<UserRecord, Refusal> {
    let display_name = name::check_name(display_name).map_err(|_| Refusal::field("name"))?;
    let user_name = name::check_user_name(user_name).map_err(|_| Refusal::field("userName"))?;
    let is_guest = invite.role == Role::Guest;
    let hash = if is_guest && password.is_empty() {
        None
    } else {
        name::check_password(&password).map_err(|_| Refusal::field("password"))?;
        Some(state.passwords.hash(password).await?)
    };
    let user = new_user(user_name, display_name, invite.role, hash, now)?;
    Ok(UserRecord { expires_at: is_guest.then_some(UnixMillis(now.0 + GUEST_MS)), ..user })
}

async fn join(
    state: &AppState,
    invite: InviteRecord,
    user: UserRecord,
    session: SessionRecord,
    now: UnixMillis,
) -> Result<UserRecord, Refusal> {
    let (id, rooms) = (invite.id, invite.rooms.clone());
    let user = state
        .store
        .write(move |change| {
            let invite = open_invite(change, id, now)?;
            let users = change.users()?;
            if users.iter().filter(|user| !user.removed).count() >= limit::USERS {
                return Err(StoreError::Refused(ErrorCode::LimitReached));
            }
            let user = UserRecord { color: (users.len() % 8) as u8, ..user };
            change.put_user(&user)?;
            change.put_invite(&InviteRecord { used_by: Some(user.id), ..invite })?;
            add_session(change, &session)?;
            Ok(user)
        })
        .await?;
    state.hub.user_changed(user.id).await;
    enter_rooms(state, &invite, user.id, rooms).await;
    Ok(user)
}

/// Adds a new user to the invite's rooms in the name of who invited. A room that is full by now is left out: the
/// account exists, and an owner can make room.
async fn enter_rooms(state: &AppState, invite: &InviteRecord, user: UserId, rooms: Vec<RoomId>) {
    let inviter = match state.store.read(|view| view.user(invite.created_by)) {
        Ok(Some(inviter)) => inviter.actor(state.clock.wall()),
        _ => return,
    };
    for room in rooms {
        let command = RoomCommand::Join { user, access: Access::Write };
        if let Err(code) = state.hub.room_command(inviter.clone(), room, command).await {
            tracing::warn!(%room, %user, ?code, "an invited user could not enter a room");
        }
    }
}

fn open_invite(change: &Change<'_>, id: InviteId, now: UnixMillis) -> Result<InviteRecord, StoreError> {
    let invite = change.invite(id)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
    refused(state_of(&invite, now)).map_err(StoreError::Refused)?;
    Ok(invite)
}

/// Sets the new password; every session the user had ends.
async fn reset(
    state: &AppState,
    invite: InviteRecord,
    hash: String,
    session: SessionRecord,
    now: UnixMillis,
) -> Result<UserRecord, Refusal> {
    let (id, user) = (invite.id, session.user);
    let (user, ended) = state
        .store
        .write(move |change| {
            let invite = open_invite(change, id, now)?;
            let user = change.user(user)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
            if user.actor(now).standing != Standing::Active {
                return Err(StoreError::Refused(ErrorCode::NotFound));
            }
            let user = UserRecord { password_hash: Some(hash), ..user };
            change.put_user(&user)?;
            change.put_invite(&InviteRecord { used_by: Some(user.id), ..invite })?;
            let ended = change.delete_sessions(user.id, |_| true)?;
            add_session(change, &session)?;
            Ok((user, ended))
        })
        .await?;
    state.hub.sessions_ended(ended).await;
    Ok(user)
}

/// Who may ask which user names are free: whoever holds an open invite or has started the claim.
#[derive(Debug, Deserialize)]
pub(crate) struct NameQuery {
    invite: String,
}

/// Whether a user name can be chosen; asked with an open invite.
#[utoipa::path(get, path = "/api/v1/user-names/{name}", tag = "invite",
    params(("name" = String, Path), ("invite" = String, Query)),
    responses((status = 200, body = UserNameCheck), (status = 404, body = ErrorBody)))]
pub(crate) async fn user_name(
    State(state): State<AppState>,
    Extension(connection): Extension<ConnectionInfo>,
    Path(wanted): Path<String>,
    Query(query): Query<NameQuery>,
) -> Result<axum::Json<UserNameCheck>, Refusal> {
    let invite = find(&state, &connection, &query.invite)?;
    refused(state_of(&invite, state.clock.wall()))?;
    let Ok(wanted) = name::check_user_name(&wanted) else {
        return Ok(axum::Json(UserNameCheck { free: false }));
    };
    let taken = state.store.read(|view| view.user_by_name(&fold(&wanted)))?.is_some();
    Ok(axum::Json(UserNameCheck { free: !taken }))
}
