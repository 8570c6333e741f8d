//! Rooms: make, change, enter, leave, delete. The hub does all of it; nothing is decided here.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{patch, post, put};
use mesh_core::name;
use mesh_core::room::RoomCommand;
use mesh_protocol::error::ErrorBody;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::room::{Access, DirectOpen, MemberPut, RoomChange, RoomCreate, RoomRef};

use super::error::Refusal;
use super::extract::{Id, Ids, Json, SignedIn};
use crate::state::AppState;

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/rooms", post(create))
        .route("/rooms/{room}", patch(change).delete(remove))
        .route("/rooms/{room}/members/{user}", put(add_member).delete(remove_member))
        .route("/rooms/{room}/join", post(join))
        .route("/rooms/{room}/leave", post(leave))
        .route("/direct", post(direct))
}

async fn command(
    state: &AppState,
    me: SignedIn,
    room: RoomId,
    command: RoomCommand,
) -> Result<StatusCode, Refusal> {
    state.hub.room_command(me.actor, room, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says which of the words is refused; the hub checks them again and stores them in their one spelling.
fn check_words(name: Option<&str>, topic: Option<&str>) -> Result<(), Refusal> {
    name.map(name::check_name).transpose().map_err(|_| Refusal::field("name"))?;
    topic.map(name::check_topic).transpose().map_err(|_| Refusal::field("topic"))?;
    Ok(())
}

/// Make a room.
#[utoipa::path(post, path = "/api/v1/rooms",
    operation_id = "createRoom", tag = "room", request_body = RoomCreate,
    responses((status = 200, body = RoomRef), (status = 403, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    me: SignedIn,
    Json(body): Json<RoomCreate>,
) -> Result<axum::Json<RoomRef>, Refusal> {
    check_words(Some(&body.name), Some(&body.topic))?;
    let room = state.hub.create_room(me.actor, body).await?;
    Ok(axum::Json(RoomRef { room }))
}

/// Change a room's name, topic, visibility, or archive it.
#[utoipa::path(patch, path = "/api/v1/rooms/{room}",
    operation_id = "changeRoom", tag = "room", params(("room" = String, Path)),
    request_body = RoomChange,
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn change(
    State(state): State<AppState>,
    me: SignedIn,
    Id(room): Id<RoomId>,
    Json(body): Json<RoomChange>,
) -> Result<StatusCode, Refusal> {
    let RoomChange { name, topic, visibility, archived } = body;
    check_words(name.as_deref(), topic.as_deref())?;
    command(&state, me, room, RoomCommand::Change { name, topic, visibility, archived }).await
}

/// Delete a room and its history for good.
#[utoipa::path(delete, path = "/api/v1/rooms/{room}",
    operation_id = "deleteRoom", tag = "room", params(("room" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn remove(
    State(state): State<AppState>,
    me: SignedIn,
    Id(room): Id<RoomId>,
) -> Result<StatusCode, Refusal> {
    me.confirmed(state.clock.wall())?;
    state.hub.delete_room(me.actor, room).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Add a member, or change what they may do in the room.
#[utoipa::path(put, path = "/api/v1/rooms/{room}/members/{user}",
    operation_id = "putMember", tag = "room",
    params(("room" = String, Path), ("user" = String, Path)), request_body = MemberPut,
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody)))]
pub(crate) async fn add_member(
    State(state): State<AppState>,
    me: SignedIn,
    Ids(room, user): Ids<RoomId, UserId>,
    Json(body): Json<MemberPut>,
) -> Result<StatusCode, Refusal> {
    command(&state, me, room, RoomCommand::Join { user, access: body.access }).await
}

/// Remove a member.
#[utoipa::path(delete, path = "/api/v1/rooms/{room}/members/{user}",
    operation_id = "removeMember", tag = "room",
    params(("room" = String, Path), ("user" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn remove_member(
    State(state): State<AppState>,
    me: SignedIn,
    Ids(room, user): Ids<RoomId, UserId>,
) -> Result<StatusCode, Refusal> {
    command(&state, me, room, RoomCommand::Leave { user }).await
}

/// Enter an open room.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/join",
    operation_id = "joinRoom", tag = "room", params(("room" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody)))]
pub(crate) async fn join(
    State(state): State<AppState>,
    me: SignedIn,
    Id(room): Id<RoomId>,
) -> Result<StatusCode, Refusal> {
    let user = me.actor.user;
    command(&state, me, room, RoomCommand::Join { user, access: Access::Write }).await
}

/// Leave a room.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/leave",
    operation_id = "leaveRoom", tag = "room", params(("room" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn leave(
    State(state): State<AppState>,
    me: SignedIn,
    Id(room): Id<RoomId>,
) -> Result<StatusCode, Refusal> {
    let user = me.actor.user;
    command(&state, me, room, RoomCommand::Leave { user }).await
}

/// Find or open the direct messages with somebody.
#[utoipa::path(post, path = "/api/v1/direct",
    operation_id = "openDirect", tag = "room", request_body = DirectOpen,
    responses((status = 200, body = RoomRef), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn direct(
    State(state): State<AppState>,
    me: SignedIn,
    Json(body): Json<DirectOpen>,
) -> Result<axum::Json<RoomRef>, Refusal> {
    let room = state.hub.open_direct(me.actor, body.user).await?;
    Ok(axum::Json(RoomRef { room }))
}
