//! What handlers ask of a request: who is signed in, a JSON body, an identity from the path.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_ENCODING, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use mesh_core::policy::{Action, Actor, TeamAction, authorize};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{SessionId, UserId};
use mesh_protocol::time::UnixMillis;
use serde::de::DeserializeOwned;

use super::error::Refusal;
use crate::listen::ConnectionInfo;
use crate::secret::Token;
use crate::state::AppState;
use crate::store::record::{SessionRecord, UserRecord};
use crate::store::{Change, PeopleReads, StoreError};

/// The session's cookie. The prefix makes browsers refuse it without `Secure`, with `Domain`, or for a path.
pub(super) const SESSION_COOKIE: &str = "__Host-mesh";
/// The cookie of a started claim.
pub(super) const CLAIM_COOKIE: &str = "__Host-mesh-claim";

/// A password given this recently need not be given again: 5 minutes.
const CONFIRMED_MS: u64 = 5 * 60 * 1000;

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A signed-in user whose account can be used.
#[derive(Debug)]
pub(crate) struct SignedIn {
    /// As policy sees them.
    pub(super) actor: Actor,
    /// The user's record.
    pub(super) user: UserRecord,
    /// The session that asks.
    pub(super) session: SessionRecord,
}

impl SignedIn {
    /// Asks policy.
    ///
    /// # Errors
    /// What policy denies.
    pub(super) fn may(&self, action: TeamAction) -> Result<(), Refusal> {
        Ok(authorize(&self.actor, Action::Team(action))?)
    }

    /// Asks that the password was given within the last five minutes. A guest without one has nothing to give.
    ///
    /// # Errors
    /// [`ErrorCode::ReauthenticationNeeded`] when it was not.
    pub(super) fn confirmed(&self, now: UnixMillis) -> Result<(), Refusal> {
        let confirmed_at = self.session.confirmed_at;
        // A clock that was set back makes nothing fresh again.
        let is_fresh = confirmed_at <= now && now.0 - confirmed_at.0 <= CONFIRMED_MS;
        if is_fresh || self.user.password_hash.is_none() {
            Ok(())
        } else {
            Err(ErrorCode::ReauthenticationNeeded.into())
        }
    }

    /// What a change can check again when it is made.
    pub(super) fn credential(&self) -> Credential {
        Credential { user: self.user.id, session: self.session.id }
    }
}

/// Who asked for a change, to be looked up again in the transaction that makes it: between the request's arrival
/// and the change, the session may have ended and the role changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Credential {
    user: UserId,
    session: SessionId,
}

impl Credential {
    /// The actor as they are now, if they may still do it.
    ///
    /// # Errors
    /// [`ErrorCode::SignedOut`] without the session, what policy denies, and trouble with the disk.
    pub(super) fn may(
        self,
        change: &Change<'_>,
        action: TeamAction,
        now: UnixMillis,
    ) -> Result<Actor, StoreError> {
        let signed_out = || StoreError::Refused(ErrorCode::SignedOut);
        change.session(self.session)?.ok_or_else(signed_out)?;
        let actor = change.user(self.user)?.ok_or_else(signed_out)?.actor(now);
        match authorize(&actor, Action::Team(action)) {
            Ok(()) => Ok(actor),
            Err(denied) => Err(StoreError::Refused(denied.code())),
        }
    }
}

/// The session and user of a cookie, if both can be used.
///
/// # Errors
/// [`ErrorCode::SignedOut`], and trouble with the disk.
pub(super) fn session(state: &AppState, headers: &HeaderMap) -> Result<SignedIn, Refusal> {
    let now = state.clock.wall();
    let token = cookie(headers, SESSION_COOKIE).and_then(Token::from_text).ok_or(ErrorCode::SignedOut)?;
    let found = state.store.read(|view| {
        let Some(session) = view.session_by_hash(&token.hash())? else { return Ok(None) };
        Ok(view.user(session.user)?.map(|user| (session, user)))
    })?;
    let (session, user) = found.ok_or(ErrorCode::SignedOut)?;
    if !state.sessions.is_alive(&session, &user, now) {
        return Err(ErrorCode::SignedOut.into());
    }
    state.sessions.touch(&state.store, session.id, now);
    Ok(SignedIn { actor: user.actor(now), user, session })
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let signed_in = session(state, &parts.headers)?;
        if let Some(info) = parts.extensions.get::<ConnectionInfo>() {
            info.mark_authenticated();
        }
        Ok(signed_in)
    }
}

/// A JSON body.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let malformed = || Refusal::from(ErrorCode::Malformed);
        let unsupported = || (StatusCode::UNSUPPORTED_MEDIA_TYPE, malformed()).into_response();
        // A packed body would be a way around the limit on its size.
        if request.headers().contains_key(CONTENT_ENCODING) {
            return Err(unsupported());
        }
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(unsupported()),
            Err(JsonRejection::BytesRejection(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Refusal::from(ErrorCode::TooLarge).into_response())
            }
            Err(_) => Err(malformed().into_response()),
        }
    }
}

/// An identity from the path.
#[derive(Debug)]
pub(crate) struct Id<T>(pub(super) T);

impl<T, S> FromRequestParts<S> for Id<T>
where
    T: std::str::FromStr + Send,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let text = path.map_err(|_| Refusal::from(ErrorCode::NotFound))?;
        text.parse().map(Self).map_err(|_| ErrorCode::NotFound.into())
    }
}

/// Two identities from the path.
#[derive(Debug)]
pub(super) struct Ids<A, B>(pub(super) A, pub(super) B);

impl<A, B, S> FromRequestParts<S> for Ids<A, B>
where
    A: std::str::FromStr + Send,
    B: std::str::FromStr + Send,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = axum::extract::Path::<(String, String)>::from_request_parts(parts, state).await;
        let axum::extract::Path((a, b)) = path.map_err(|_| Refusal::from(ErrorCode::NotFound))?;
        match (a.parse(), b.parse()) {
            (Ok(a), Ok(b)) => Ok(Self(a, b)),
            _ => Err(ErrorCode::NotFound.into()),
        }
    }
}

/// The query.
#[derive(Debug)]
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(_) => Err(ErrorCode::Malformed.into()),
        }
    }
}
