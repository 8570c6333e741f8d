//! Following a link: an account is made, or a new password set, and the browser is signed in.
//!
//! A link is used up in the transaction that makes what it promises, so of two who follow it at once one gets in.
//! The rooms follow ([`super::enter`]).

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use mesh_core::fold::fold;
use mesh_core::name;
use mesh_core::policy::Standing;
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{InviteId, RoomId, SessionId, UserId};
use mesh_protocol::limit;
use mesh_protocol::team::{Account, InviteAccept, InviteKind, Role};
use mesh_protocol::time::UnixMillis;
use zeroize::Zeroizing;

use super::{enter, find, refused, state_of};
use crate::http::account::{Renewal, renew_password};
use crate::http::claim::new_user;
use crate::http::error::Refusal;
use crate::http::extract::{Id, Json};
use crate::http::session::{account_of, add_session, former_session, new_session, session_cookie};
use crate::listen::ConnectionInfo;
use crate::state::AppState;
use crate::store::record::{InviteRecord, SessionRecord, UserRecord};
use crate::store::{Change, PeopleReads, RoomReads, StoreError};

/// A guest's access ends this long after joining: 24 hours. The link may wait longer to be used.
const GUEST_MS: u64 = 24 * 3600 * 1000;

/// Join, or set the new password, and be signed in.
#[utoipa::path(post, path = "/api/v1/invite/{token}/accept",
    operation_id = "acceptInvite", tag = "invite", params(("token" = String, Path)),
    request_body = InviteAccept,
    responses((status = 200, body = Account), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 410, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn accept(
    State(state): State<AppState>,
    Extension(connection): Extension<ConnectionInfo>,
    headers: HeaderMap,
    Id(token): Id<String>,
    Json(body): Json<InviteAccept>,
) -> Result<impl IntoResponse, Refusal> {
    let InviteAccept { name, user_name, password } = body;
    let password = Zeroizing::new(password);
    let invite = find(&state, &token)?;
    let now = state.clock.wall();
    refused(state_of(&invite, now))?;
    let user = match (invite.kind, invite.for_user) {
        (InviteKind::Reset, Some(user)) => renewed(&state, user, password).await?,
        _ => joining(&state, &invite, &name, &user_name, password, now).await?,
    };
    let (session, token) = new_session(&user, &headers, &connection, now)?;
    let entry = Entry { invite: invite.id, session, former: former_session(&state, &headers), now };
    let (user, ended) = match invite.kind {
        InviteKind::Reset => reset(&state, entry, user).await?,
        InviteKind::Join => join(&state, entry, user).await?,
    };
    state.hub.sessions_ended(ended).await;
    if invite.kind == InviteKind::Join {
        state.hub.user_changed(user.id).await;
        if let Err(error) = enter::rooms(&state.store, &state.hub, now, user.id).await {
            tracing::warn!(%error, user = %user.id, "the rooms of an invited user are entered later");
        }
    }
    tracing::info!(user = %user.id, invite = %invite.id, "a link was used");
    connection.mark_authenticated();
    Ok((session_cookie(&token)?, axum::Json(account_of(&state, &user)?)))
}

/// How somebody comes in.
struct Entry {
    invite: InviteId,
    session: SessionRecord,
    former: Option<SessionId>,
    now: UnixMillis,
}

async fn hashed(state: &AppState, password: Zeroizing<String>) -> Result<Option<String>, Refusal> {
    name::check_password(&password).map_err(|_| Refusal::field("password"))?;
    Ok(Some(state.passwords.hash(password).await?))
}

/// The user with the new password.
async fn renewed(state: &AppState, user: UserId, password: Zeroizing<String>) -> Result<UserRecord, Refusal> {
    let user = state.store.read(|view| view.user(user))?.ok_or(ErrorCode::NotFound)?;
    Ok(UserRecord { password_hash: hashed(state, password).await?, ..user })
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
    if state.store.read(|view| view.user_by_name(&fold(&user_name)))?.is_some() {
        return Err(ErrorCode::UserNameTaken.into());
    }
    let is_guest = invite.role == Role::Guest;
    let hash = if is_guest && password.is_empty() { None } else { hashed(state, password).await? };
    let user = new_user(user_name, display_name, invite.role, hash, now)?;
    Ok(UserRecord { expires_at: is_guest.then_some(UnixMillis(now.0 + GUEST_MS)), ..user })
}

async fn join(
    state: &AppState,
    entry: Entry,
    user: UserRecord,
) -> Result<(UserRecord, Vec<SessionId>), Refusal> {
    let Entry { invite, session, former, now } = entry;
    let joined = state.store.write(move |change| {
        let invite = open_invite(change, invite, now)?;
        let users = change.users()?;
        let usable = users.iter().filter(|user| user.actor(now).standing == Standing::Active);
        if usable.count() >= limit::USERS {
            return Err(StoreError::Refused(ErrorCode::LimitReached));
        }
        // Somebody who sees nothing but these rooms has nowhere to go when all are full.
        if invite.role == Role::Guest && !has_place(change, &invite.rooms)? {
            return Err(StoreError::Refused(ErrorCode::RoomFull));
        }
        let user = UserRecord { color: (users.len() % 8) as u8, ..user };
        change.put_user(&user)?;
        let (used_by, entering) = (Some(user.id), invite.rooms.clone());
        change.put_invite(&InviteRecord { used_by, entering, ..invite })?;
        let ended = add_session(change, &session, former)?;
        Ok((user, ended))
    });
    Ok(joined.await?)
}

fn has_place(change: &Change<'_>, rooms: &[RoomId]) -> Result<bool, StoreError> {
    for room in rooms {
        let room = change.room(*room)?;
        if room.is_some_and(|room| !room.archived && room.members.len() < limit::ROOM_MEMBERS) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn open_invite(change: &Change<'_>, id: InviteId, now: UnixMillis) -> Result<InviteRecord, StoreError> {
    let invite = change.invite(id)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
    refused(state_of(&invite, now)).map_err(StoreError::Refused)?;
    Ok(invite)
}

/// Sets the new password; every session the user had ends.
async fn reset(
    state: &AppState,
    entry: Entry,
    renewed: UserRecord,
) -> Result<(UserRecord, Vec<SessionId>), Refusal> {
    let Entry { invite, session, former, now } = entry;
    let done = state.store.write(move |change| {
        let invite = open_invite(change, invite, now)?;
        let user = change.user(renewed.id)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
        if user.actor(now).standing != Standing::Active {
            return Err(StoreError::Refused(ErrorCode::NotFound));
        }
        change.put_invite(&InviteRecord { used_by: Some(user.id), ..invite })?;
        renew_password(change, user, Renewal { hash: renewed.password_hash, session, former })
    });
    Ok(done.await?)
}
