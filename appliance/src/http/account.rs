//! The own account: name, colour, password.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{patch, post};
use axum::{Extension, Router};
use mesh_core::name;
use mesh_core::policy::TeamAction;
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::SessionId;
use mesh_protocol::team::{Account, AccountChange, PasswordChange};
use zeroize::Zeroizing;

use super::error::Refusal;
use super::extract::{Json, SignedIn};
use super::invite::revoke_invites;
use super::session::{account_of, add_session, authenticate, new_session, session_cookie};
use crate::listen::ConnectionInfo;
use crate::state::AppState;
use crate::store::record::{SessionRecord, UserRecord};
use crate::store::{Change, PeopleReads, StoreError};

/// Person colours that exist (ui.md 5.4).
const COLORS: u8 = 8;

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/account", patch(change)).route("/account/password", post(password))
}

/// Change name or colour.
#[utoipa::path(patch, path = "/api/v1/account",
    operation_id = "changeAccount", tag = "account", request_body = AccountChange,
    responses((status = 200, body = Account), (status = 401, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn change(
    State(state): State<AppState>,
    me: SignedIn,
    Json(body): Json<AccountChange>,
) -> Result<axum::Json<Account>, Refusal> {
    me.may(TeamAction::ChangeOwnAccount)?;
    let name =
        body.name.map(|name| name::check_name(&name)).transpose().map_err(|_| Refusal::field("name"))?;
    if body.color.is_some_and(|color| color >= COLORS) {
        return Err(Refusal::field("color"));
    }
    let (id, credential, now) = (me.user.id, me.credential(), state.clock.wall());
    let user = state
        .store
        .write(move |change| {
            credential.may(change, TeamAction::ChangeOwnAccount, now)?;
            let user = change.user(id)?.ok_or(StoreError::Refused(ErrorCode::SignedOut))?;
            let user = UserRecord {
                name: name.unwrap_or(user.name),
                color: body.color.unwrap_or(user.color),
                ..user
            };
            change.put_user(&user)?;
            Ok(user)
        })
        .await?;
    state.hub.user_changed(id).await;
    account_of(&state, &user).map(axum::Json)
}

/// Change the password. All other sessions and links to choose one end, and this browser gets a fresh session: a
/// stolen copy of the old one, open WebSockets included, is of no use any more.
#[utoipa::path(post, path = "/api/v1/account/password",
    operation_id = "changePassword", tag = "account", request_body = PasswordChange,
    responses((status = 204), (status = 401, body = ErrorBody), (status = 422, body = ErrorBody),
        (status = 429, body = ErrorBody)))]
pub(crate) async fn password(
    State(state): State<AppState>,
    Extension(connection): Extension<ConnectionInfo>,
    headers: HeaderMap,
    me: SignedIn,
    Json(body): Json<PasswordChange>,
) -> Result<impl IntoResponse, Refusal> {
    me.may(TeamAction::ChangeOwnAccount)?;
    let (current, new) = (Zeroizing::new(body.current), Zeroizing::new(body.new));
    name::check_password(&new).map_err(|_| Refusal::field("new"))?;
    let name = mesh_core::fold::fold(&me.user.user_name);
    let verified = authenticate(&state, &connection, &name, current).await?.password_hash;
    let hash = state.passwords.hash(new).await?;
    let (id, credential, now) = (me.user.id, me.credential(), state.clock.wall());
    let (session, token) = new_session(&me.user, &headers, &connection, now)?;
    let ended = state
        .store
        .write(move |change| {
            credential.may(change, TeamAction::ChangeOwnAccount, now)?;
            let user = change.user(id)?.filter(|user| user.password_hash == verified);
            let user = user.ok_or(StoreError::Refused(ErrorCode::CredentialsWrong))?;
            change.put_user(&UserRecord { password_hash: Some(hash), ..user })?;
            revoke_invites(change, |invite| invite.for_user == Some(id))?;
            let ended = change.delete_sessions(id, |_| true)?;
            change.put_session(&session)?;
            Ok(ended)
        })
        .await?;
    let (replaced, ended): (Vec<SessionId>, _) = ended.into_iter().partition(|ended| *ended == me.session.id);
    state.hub.sessions_ended(ended).await;
    for session in replaced {
        state.hub.session_replaced(session).await;
    }
    Ok((session_cookie(&token)?, StatusCode::NO_CONTENT))
}

/// What comes in place of a forgotten password.
pub(super) struct Renewal {
    /// The new password's hash.
    pub(super) hash: Option<String>,
    /// The session of the browser that sets it.
    pub(super) session: SessionRecord,
    /// The session that this browser had, whoever's it was.
    pub(super) former: Option<SessionId>,
}

/// Sets a new password without the old one: every session that the user had ends, and so do all links to choose
/// one. Tells which sessions ended.
pub(super) fn renew_password(
    change: &mut Change<'_>,
    user: UserRecord,
    renewal: Renewal,
) -> Result<(UserRecord, Vec<SessionId>), StoreError> {
    let user = UserRecord { password_hash: renewal.hash, ..user };
    change.put_user(&user)?;
    revoke_invites(change, |invite| invite.for_user == Some(user.id))?;
    let mut ended = change.delete_sessions(user.id, |_| true)?;
    let former = renewal.former.filter(|former| !ended.contains(former));
    ended.extend(add_session(change, &renewal.session, former)?);
    Ok((user, ended))
}
