//! The one mapping from refusals to HTTP.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use mesh_core::policy::Denied;
use mesh_protocol::error::{ErrorBody, ErrorCode};

use crate::store::StoreError;

/// Seconds after which a busy box is worth another try: its queues are empty by then.
const BUSY_SECONDS: u32 = 2;

/// A request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub ErrorBody);

impl Refusal {
    /// A field has a value that is not allowed.
    pub fn field(name: &str) -> Self {
        Self(ErrorBody::new(ErrorCode::FieldInvalid).with_field(name))
    }

    /// The same request makes sense again in `millis`.
    pub fn retry_after_millis(code: ErrorCode, millis: u64) -> Self {
        let seconds = u32::try_from(millis.div_ceil(1000)).unwrap_or(u32::MAX);
        Self(ErrorBody::new(code).with_retry_after(seconds.max(1)))
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        let body = ErrorBody::new(code);
        Self(if code == ErrorCode::Busy { body.with_retry_after(BUSY_SECONDS) } else { body })
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        denied.code().into()
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if !matches!(error, StoreError::Refused(_)) {
            tracing::error!(%error, "a request could not be stored or read");
        }
        error.code().into()
    }
}

impl From<crate::secret::RandomError> for Refusal {
    fn from(error: crate::secret::RandomError) -> Self {
        tracing::error!(%error, "a request needs random numbers");
        ErrorCode::Internal.into()
    }
}

/// The HTTP status of a refusal.
pub fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Malformed | ErrorCode::VersionUnsupported => StatusCode::BAD_REQUEST,
        ErrorCode::FieldInvalid | ErrorCode::TextEmpty | ErrorCode::TextTooLong => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        ErrorCode::SignedOut
        | ErrorCode::CredentialsWrong
        | ErrorCode::ClaimCodeWrong
        | ErrorCode::RecoveryCodeWrong => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden
        | ErrorCode::ReauthenticationNeeded
        | ErrorCode::OriginForeign
        | ErrorCode::ReadOnly
        | ErrorCode::NotAuthor => StatusCode::FORBIDDEN,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::AlreadyClaimed
        | ErrorCode::NotClaimed
        | ErrorCode::UserNameTaken
        | ErrorCode::RoomNameTaken
        | ErrorCode::RoomFull
        | ErrorCode::CallFull
        | ErrorCode::CallMoved
        | ErrorCode::RightsChanged
        | ErrorCode::DeviceUnknown
        | ErrorCode::LimitReached
        | ErrorCode::RoomArchived
        | ErrorCode::MessageDeleted
        | ErrorCode::LastOwner => StatusCode::CONFLICT,
        ErrorCode::InviteUsed | ErrorCode::InviteExpired | ErrorCode::InviteRevoked => StatusCode::GONE,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::HostUnknown => StatusCode::MISDIRECTED_REQUEST,
        ErrorCode::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        ErrorCode::StorageFailing | ErrorCode::Busy => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let retry_after = self.0.retry_after;
        let mut response = (status(self.0.code), Json(self.0)).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
