//! The web interface: REST under `/api/v1`, the WebSocket, and the web client's files.
//!
//! One module per feature gives its routes; this one puts them behind what concerns all of them, outermost first:
//! headers, the host and origin check, the limits on body and time. No handler looks at roles.

mod account;
mod claim;
mod device;
pub mod error;
mod extract;
mod headers;
mod invite;
pub mod openapi;
pub mod origin;
mod people;
pub mod plain;
mod recovery;
mod room;
mod session;
mod ui;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, Request, State, WebSocketUpgrade};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use futures_util::FutureExt;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::limit;
use mesh_protocol::session::StorageState;
use serde::Serialize;

use crate::state::AppState;
use crate::ws::{self, Visitor};
use error::Refusal;
use extract::SignedIn;
use headers::PubliclyTrusted;
use origin::AllowedHosts;

pub use invite::enter::complete as complete_invites;
pub(crate) use invite::enter::keep_complete as keep_invites_complete;

/// Bytes of a request's body.
const BODY_BYTES: usize = 64 * 1024;
/// How long a request may take; an upgraded one is no longer a request.
const REQUEST_TIME: Duration = Duration::from_secs(30);
/// Bytes of a WebSocket's buffers: an idle one costs little, a slow one is cut (security.md section 6).
const WS_READ_BUFFER: usize = 4 * 1024;
/// The writer flushes each message at once; this is where what the socket does not take collects.
const WS_WRITE_BUFFER: usize = 0;

/// Everything that the TLS listener serves.
pub fn router(state: AppState, hosts: Arc<AllowedHosts>, publicly_trusted: bool) -> Router {
    let api = Router::new()
        .merge(claim::routes())
        .merge(session::routes())
        .merge(account::routes())
        .merge(device::routes())
        .merge(invite::routes())
        .merge(people::routes())
        .merge(recovery::routes())
        .merge(room::routes())
        .route("/ws", get(upgrade))
        .fallback(any(|| async { Refusal::from(ErrorCode::NotFound) }))
        .method_not_allowed_fallback(method_not_allowed);
    Router::new()
        .nest("/api/v1", api)
        .route("/healthz", get(health))
        .route("/ca.crt", get(authority))
        .fallback(ui::serve)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(state)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn(bound))
        .layer(middleware::from_fn_with_state(hosts, origin::guard))
        .layer(middleware::from_fn_with_state(PubliclyTrusted(publicly_trusted), headers::add))
}

async fn method_not_allowed() -> Refusal {
    ErrorCode::MethodNotAllowed.into()
}

/// Refuses a request that says it is too large before anything of it is read, and ends one that takes too long or
/// whose handler panics: that is one answer, not the connection.
async fn bound(request: Request, next: Next) -> Response {
    if request.body().size_hint().lower() > BODY_BYTES as u64 {
        return Refusal::from(ErrorCode::TooLarge).into_response();
    }
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(REQUEST_TIME, answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Refusal::from(ErrorCode::Internal).into_response(),
        Err(_) => Refusal::from(ErrorCode::Busy).into_response(),
    }
}

/// Opens the WebSocket of the control protocol.
async fn upgrade(
    State(state): State<AppState>,
    me: SignedIn,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let upgrade = upgrade.map_err(|_| Refusal::from(ErrorCode::Malformed))?;
    let visitor =
        Visitor { session: me.session.id, user: me.user.id, messages_per_second: state.messages_per_second };
    let upgrade = upgrade
        .read_buffer_size(WS_READ_BUFFER)
        .write_buffer_size(WS_WRITE_BUFFER)
        .max_write_buffer_size(limit::SESSION_QUEUE_BYTES)
        .max_message_size(limit::MESSAGE_BYTES)
        .max_frame_size(limit::MESSAGE_BYTES);
    Ok(upgrade.on_upgrade(move |socket| ws::serve(socket, visitor, state)))
}

/// `GET /healthz`.
#[derive(Debug, Serialize)]
struct Health {
    ok: bool,
    version: &'static str,
    storage: StorageState,
}

async fn health(State(state): State<AppState>) -> Json<Health> {
    let storage = *state.store.storage().borrow();
    Json(Health { ok: storage == StorageState::Ok, version: env!("CARGO_PKG_VERSION"), storage })
}

/// The authority's certificate, for devices to install.
async fn authority(State(state): State<AppState>) -> Response {
    plain::authority_file(&state.certificates)
}
