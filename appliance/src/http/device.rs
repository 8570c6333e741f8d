//! Devices: a browser enrols its key, so that it can take part in peer-to-peer sessions.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use mesh_core::capability::{PublicKey, from_base64url};
use mesh_core::policy::TeamAction;
use mesh_protocol::capability::Purpose;
use mesh_protocol::device::{Device, DeviceEnrol};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::DeviceId;

use super::error::Refusal;
use super::extract::{Json, SignedIn};
use crate::secret;
use crate::state::AppState;
use crate::store::record::DeviceRecord;
use crate::store::{DeviceReads, PeopleReads, StoreError};

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/devices", post(enrol))
}

/// Enrol the browser of this session. Peers pin the key, so the browser proves that it holds it.
#[utoipa::path(post, path = "/api/v1/devices",
    operation_id = "enrolDevice", tag = "devices", request_body = DeviceEnrol,
    responses((status = 200, body = Device), (status = 401, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn enrol(
    State(state): State<AppState>,
    me: SignedIn,
    Json(body): Json<DeviceEnrol>,
) -> Result<axum::Json<Device>, Refusal> {
    me.may(TeamAction::SeeTeam)?;
    let key = PublicKey::parse(&body.key).map_err(|_| Refusal::field("key"))?;
    let proof = from_base64url(&body.proof).ok_or_else(|| Refusal::field("proof"))?;
    let session = me.session.id;
    if !key.has_signed(Purpose::Device, session.to_string().as_bytes(), &proof) {
        return Err(Refusal::field("proof"));
    }
    let now = state.clock.wall();
    let fresh = DeviceRecord {
        id: DeviceId(secret::random_id()?),
        user: me.user.id,
        session,
        key: body.key,
        created_at: now,
    };
    let credential = me.credential();
    let device = state
        .store
        .write(move |change| {
            credential.may(change, TeamAction::SeeTeam, now)?;
            if change.session(session)?.is_none() {
                return Err(StoreError::Refused(ErrorCode::SignedOut));
            }
            match change.device_of(session)?.filter(|device| device.key == fresh.key) {
                Some(device) => Ok(device),
                None => change.put_device(&fresh).map(|()| fresh),
            }
        })
        .await?;
    state.hub.devices_changed().await;
    Ok(axum::Json(device.to_device()))
}
