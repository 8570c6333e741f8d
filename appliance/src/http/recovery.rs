//! An owner who forgot the password, and has no other owner to ask, sets a new one with a code from the box.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Extension, Router};
use mesh_core::fold::fold;
use mesh_core::name;
use mesh_core::policy::{Action, TeamAction, authorize};
use mesh_core::throttle::RetryAfter;
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::team::{Account, Recovery};
use mesh_protocol::time::UnixMillis;
use zeroize::Zeroizing;

use super::account::{Renewal, renew_password};
use super::error::Refusal;
use super::extract::Json;
use super::session::{account_of, former_session, new_session, session_cookie};
use crate::listen::ConnectionInfo;
use crate::state::AppState;
use crate::store::record::UserRecord;
use crate::store::{PeopleReads, StoreError};

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/recovery", post(recover))
}

/// Set an owner's new password with a code from the box itself, and be signed in. Every session of that owner ends,
/// and the code is used up. Whoever is no owner gets the answer of a wrong code.
#[utoipa::path(post, path = "/api/v1/recovery",
    operation_id = "recover", tag = "session", request_body = Recovery,
    responses((status = 200, body = Account), (status = 401, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody), (status = 429, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn recover(
    State(state): State<AppState>,
    Extension(connection): Extension<ConnectionInfo>,
    headers: HeaderMap,
    Json(body): Json<Recovery>,
) -> Result<impl IntoResponse, Refusal> {
    let Recovery { code, user_name, password } = body;
    let (code, password) = (Zeroizing::new(code), Zeroizing::new(password));
    if state.store.read(|view| view.team())?.is_none() {
        return Err(ErrorCode::NotClaimed.into());
    }
    name::check_password(&password).map_err(|_| Refusal::field("password"))?;
    let now = state.clock.now();
    let attempt = state
        .tries
        .recovery(now.mono, connection.source())
        .map_err(|wait| Refusal::retry_after_millis(ErrorCode::TooMany, wait.0))?;
    let user = state.store.read(|view| view.user_by_name(&fold(user_name.trim())))?;
    let owner = user.filter(|user| may_recover(user, now.wall));
    let Some(owner) = owner.filter(|_| state.recovery.is_code(&code, now.wall)) else {
        return Err(refused(&connection, attempt.failed(now.mono)));
    };
    let hash = state.passwords.hash(password).await?;
    let now = state.clock.now();
    if !state.recovery.take(&code, now.wall).map_err(|error| undeletable(&error))? {
        return Err(refused(&connection, attempt.failed(now.mono)));
    }
    attempt.succeeded();
    let (session, token) = new_session(&owner, &headers, &connection, now.wall)?;
    let renewal = Renewal { hash: Some(hash), session, former: former_session(&state, &headers) };
    let (owner, ended) = state
        .store
        .write(move |change| {
            let owner = change.user(owner.id)?.filter(|owner| may_recover(owner, now.wall));
            renew_password(change, owner.ok_or(StoreError::Refused(ErrorCode::RecoveryCodeWrong))?, renewal)
        })
        .await?;
    state.hub.sessions_ended(ended).await;
    tracing::info!(user = %owner.id, address = %connection.peer().ip(), "an owner came back with a recovery code");
    connection.mark_authenticated();
    Ok((session_cookie(&token)?, axum::Json(account_of(&state, &owner)?)))
}

/// Those whom nobody else may have to help: who may make links to new passwords for others.
fn may_recover(user: &UserRecord, now: UnixMillis) -> bool {
    authorize(&user.actor(now), Action::Team(TeamAction::ManagePeople)).is_ok()
}

fn refused(connection: &ConnectionInfo, failed: Result<u32, RetryAfter>) -> Refusal {
    tracing::warn!(address = %connection.peer().ip(), "a recovery code was refused");
    match failed {
        Err(wait) => Refusal::retry_after_millis(ErrorCode::RecoveryCodeWrong, wait.0),
        Ok(_) => ErrorCode::RecoveryCodeWrong.into(),
    }
}

/// A code that can't be used up must not be used.
fn undeletable(error: &std::io::Error) -> Refusal {
    tracing::error!(%error, "the recovery code could not be deleted");
    ErrorCode::StorageFailing.into()
}
