//! The own account: name, colour, password.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{patch, post};
use mesh_core::name;
use mesh_core::policy::TeamAction;
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::team::{Account, AccountChange, PasswordChange};
use zeroize::Zeroizing;

use super::error::Refusal;
use super::extract::{Json, SignedIn};
use crate::state::AppState;
use crate::store::record::UserRecord;
use crate::store::{PeopleReads, StoreError};

/// Person colours that exist (ui.md 5.4).
const COLORS: u8 = 8;

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/account", patch(change)).route("/account/password", post(password))
}

/// Change name or colour.
#[utoipa::path(patch, path = "/api/v1/account", tag = "account", request_body = AccountChange,
    responses((status = 200, body = Account), (status = 401, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn change(
    State(state): State<AppState>,
    me: SignedIn,
    Json(body): Json<AccountChange>,
) -> Result<axum::Json<Account>, Refusal> {
    me.may(TeamAction::ChangeOwnAccount)?;
    let name = body.name.map(|name| name::check_name(&name)).transpose().map_err(|_| Refusal::field("name"))?;
    if body.color.is_some_and(|color| color >= COLORS) {
        return Err(Refusal::field("color"));
    }
    let id = me.user.id;
    let user = state
        .store
        .write(move |change| {
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
    super::session::account_of(&state, &user).map(axum::Json)
}

/// Change the password; all other sessions end.
#[utoipa::path(post, path = "/api/v1/account/password", tag = "account", request_body = PasswordChange,
    responses((status = 204), (status = 401, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn password(
    State(state): State<AppState>,
    connection: axum::Extension<crate::listen::ConnectionInfo>,
    me: SignedIn,
    Json(body): Json<PasswordChange>,
) -> Result<StatusCode, Refusal> {
    me.may(TeamAction::ChangeOwnAccount)?;
    let (current, new) = (Zeroizing::new(body.current), Zeroizing::new(body.new));
    name::check_password(&new).map_err(|_| Refusal::field("new"))?;
    let name = mesh_core::fold::fold(&me.user.user_name);
    super::session::authenticate(&state, &connection, &name, current).await?;
    let hash = state.passwords.hash(new).await?;
    let (id, session) = (me.user.id, me.session.id);
    let ended = state
        .store
        .write(move |change| {
            let user = change.user(id)?.ok_or(StoreError::Refused(ErrorCode::SignedOut))?;
            change.put_user(&UserRecord { password_hash: Some(hash), ..user })?;
            change.delete_sessions(id, |other| other.id != session)
        })
        .await?;
    state.hub.sessions_ended(ended).await;
    Ok(StatusCode::NO_CONTENT)
}
