//! The first run: status, claim, and the steps that the owner has done.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Extension, Router};
use mesh_core::name;
use mesh_core::policy::TeamAction;
use mesh_core::room::RoomState;
use mesh_protocol::chat::{RoomEvent, RoomEventKind};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::presence::Availability;
use mesh_protocol::room::{Access, RoomKind, Visibility};
use mesh_protocol::team::{Account, ClaimOwner, ClaimStart, Role, SetupStep, Status, Trust};
use mesh_protocol::time::{Seq, UnixMillis};
use zeroize::Zeroizing;

use super::error::Refusal;
use super::extract::{CLAIM_COOKIE, Json, SignedIn, cookie};
use super::session::{add_session, new_session, session_cookie, set_cookie};
use crate::listen::ConnectionInfo;
use crate::secret::{self, Token};
use crate::state::AppState;
use crate::store::record::{TeamRecord, UserRecord};
use crate::store::{Change, PeopleReads, StoreError};

/// The room that every team starts with.
const FIRST_ROOM: &str = "general";

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/status", get(status))
        .route("/trust", get(trust))
        .route("/claim", post(start))
        .route("/claim/owner", post(owner))
        .route("/setup/{step}", post(step))
}

/// What anybody who reaches the box may know.
#[utoipa::path(get, path = "/api/v1/status",
    operation_id = "status", tag = "claim", responses((status = 200, body = Status)))]
pub(crate) async fn status(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<axum::Json<Status>, Refusal> {
    let team = state.store.read(|view| view.team())?;
    let (claimed, now) = (team.is_some(), state.clock.wall());
    let is_somebody_else = !claims(&state, &headers);
    Ok(axum::Json(Status {
        claimed,
        team: team.map(|team| team.name),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        claim_since: state.claim.since(now).filter(|_| !claimed && is_somebody_else),
    }))
}

/// Whether this browser has shown the code.
fn claims(state: &AppState, headers: &HeaderMap) -> bool {
    let token = cookie(headers, CLAIM_COOKIE).and_then(Token::from_text);
    token.is_some_and(|token| state.claim.is_running(&token, state.clock.wall()))
}

/// How the box proves who it is.
#[utoipa::path(get, path = "/api/v1/trust",
    operation_id = "trust", tag = "claim", responses((status = 200, body = Trust)))]
pub(crate) async fn trust(State(state): State<AppState>) -> axum::Json<Trust> {
    let certificates = &state.certificates;
    axum::Json(Trust {
        fingerprint: certificates.fingerprint().to_owned(),
        own_certificate: certificates.authority_pem().is_none(),
        expires_at: certificates.expires_at(),
        names: certificates.names().to_vec(),
    })
}

/// Show the claim code; a claim that another browser had started ends.
#[utoipa::path(post, path = "/api/v1/claim",
    operation_id = "startClaim", tag = "claim", request_body = ClaimStart,
    responses((status = 204), (status = 401, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 429, body = ErrorBody)))]
pub(crate) async fn start(
    State(state): State<AppState>,
    Extension(connection): Extension<ConnectionInfo>,
    Json(body): Json<ClaimStart>,
) -> Result<impl IntoResponse, Refusal> {
    let code = Zeroizing::new(body.code);
    if state.store.read(|view| view.team())?.is_some() {
        return Err(ErrorCode::AlreadyClaimed.into());
    }
    let now = state.clock.now();
    let attempt = state
        .tries
        .claim(now.mono, connection.source())
        .map_err(|wait| Refusal::retry_after_millis(ErrorCode::TooMany, wait.0))?;
    if !state.claim.is_code(&code) {
        return Err(match attempt.failed(now.mono) {
            Err(wait) => Refusal::retry_after_millis(ErrorCode::ClaimCodeWrong, wait.0),
            Ok(left) => Refusal(ErrorBody::new(ErrorCode::ClaimCodeWrong).with_tries_left(left)),
        });
    }
    attempt.succeeded();
    let token = state.claim.start(now.wall)?;
    Ok((set_cookie(CLAIM_COOKIE, token.reveal(), 3600)?, StatusCode::NO_CONTENT))
}

/// Make the team and its owner, and sign the owner in.
#[utoipa::path(post, path = "/api/v1/claim/owner",
    operation_id = "claimOwner", tag = "claim", request_body = ClaimOwner,
    responses((status = 200, body = Account), (status = 401, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody)))]
pub(crate) async fn owner(
    State(state): State<AppState>,
    Extension(connection): Extension<ConnectionInfo>,
    headers: HeaderMap,
    Json(body): Json<ClaimOwner>,
) -> Result<impl IntoResponse, Refusal> {
    let now = state.clock.wall();
    if state.store.read(|view| view.team())?.is_some() {
        return Err(ErrorCode::AlreadyClaimed.into());
    }
    if !claims(&state, &headers) {
        return Err(ErrorCode::ClaimCodeWrong.into());
    }
    let ClaimOwner { team, name, user_name, password } = body;
    let password = Zeroizing::new(password);
    let team = name::check_name(&team).map_err(|_| Refusal::field("team"))?;
    let name = name::check_name(&name).map_err(|_| Refusal::field("name"))?;
    let user_name = name::check_user_name(&user_name).map_err(|_| Refusal::field("userName"))?;
    name::check_password(&password).map_err(|_| Refusal::field("password"))?;
    let hash = state.passwords.hash(password).await?;
    let owner = new_user(user_name, name, Role::Owner, Some(hash), now)?;
    let (session, token) = new_session(&owner, &headers, &connection, now)?;
    let team = TeamRecord { name: team, claimed_at: now, setup_done: Vec::new() };
    let (room, record) = (RoomId(secret::random_id()?), owner.clone());
    state
        .store
        .write(move |change| {
            if change.team()?.is_some() {
                return Err(StoreError::Refused(ErrorCode::AlreadyClaimed));
            }
            change.put_team(&team)?;
            change.put_user(&record)?;
            add_session(change, &session, None)?;
            first_room(change, room, record.id, now)
        })
        .await?;
    state.claim.finish();
    state.hub.claimed(room, owner.id).await;
    connection.mark_authenticated();
    let account = super::session::account_of(&state, &owner)?;
    Ok((set_cookie(CLAIM_COOKIE, "", 0)?, session_cookie(&token)?, axum::Json(account)))
}

/// A user who has just come in.
pub(super) fn new_user(
    user_name: String,
    name: String,
    role: Role,
    password_hash: Option<String>,
    now: UnixMillis,
) -> Result<UserRecord, Refusal> {
    Ok(UserRecord {
        id: UserId(secret::random_id()?),
        user_name,
        name,
        role,
        color: 0,
        removed: false,
        expires_at: None,
        password_hash,
        availability: Availability::Automatic,
        status_text: String::new(),
        joined_at: now,
    })
}

fn first_room(change: &mut Change<'_>, id: RoomId, owner: UserId, at: UnixMillis) -> Result<(), StoreError> {
    let name = FIRST_ROOM.to_owned();
    change.create_room(&RoomState {
        id,
        kind: RoomKind::Room,
        visibility: Visibility::Open,
        name: name.clone(),
        topic: String::new(),
        archived: false,
        members: Vec::new(),
        readers_gone: Vec::new(),
        epoch: Seq::ZERO,
        last_seq: Seq::ZERO,
        last_at: at,
    })?;
    let joined = RoomEventKind::Joined { user: owner, access: Access::Write };
    for (seq, kind) in [(Seq(1), RoomEventKind::Created { name }), (Seq(2), joined)] {
        change.append_event(&RoomEvent { room: id, seq, at, by: owner, tag: None, change: kind })?;
    }
    Ok(())
}

/// Remember that a step of the first run is done.
#[utoipa::path(post, path = "/api/v1/setup/{step}",
    operation_id = "finishSetupStep", tag = "claim", params(("step" = SetupStep, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn step(
    State(state): State<AppState>,
    me: SignedIn,
    step: Result<axum::extract::Path<SetupStep>, axum::extract::rejection::PathRejection>,
) -> Result<StatusCode, Refusal> {
    me.may(TeamAction::ChangeTeam)?;
    let (credential, now) = (me.credential(), state.clock.wall());
    let axum::extract::Path(step) = step.map_err(|_| Refusal::from(ErrorCode::NotFound))?;
    state
        .store
        .write(move |change| {
            credential.may(change, TeamAction::ChangeTeam, now)?;
            let mut team = change.team()?.ok_or(StoreError::Refused(ErrorCode::NotClaimed))?;
            if team.setup_done.contains(&step) {
                return Ok(());
            }
            team.setup_done.push(step);
            change.put_team(&team)
        })
        .await?;
    state.hub.team_changed().await;
    state.hub.user_changed(me.user.id).await;
    Ok(StatusCode::NO_CONTENT)
}
