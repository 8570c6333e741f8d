//! What handlers ask of a request: who is signed in, a JSON body, an identity from the path.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, COOKIE};
use axum::http::request::Parts;
use mesh_core::policy::{Action, Actor, Standing, TeamAction, authorize};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::time::UnixMillis;
use serde::de::DeserializeOwned;

use super::error::Refusal;
use crate::listen::ConnectionInfo;
use crate::secret;
use crate::state::AppState;
use crate::store::record::{SessionRecord, UserRecord};
use crate::store::{PeopleReads, StoreError};

/// The session's cookie. The prefix makes browsers refuse it without `Secure`, with `Domain`, or for a path.
pub(super) const SESSION_COOKIE: &str = "__Host-mesh";
/// The cookie of a started claim.
pub(super) const CLAIM_COOKIE: &str = "__Host-mesh-claim";

/// A session that is not used for this long ends: 12 hours.
pub(super) const SESSION_IDLE_MS: u64 = 12 * 3600 * 1000;
/// A session ends after this long in any case: 30 days.
pub(super) const SESSION_LIFE_MS: u64 = 30 * 24 * 3600 * 1000;
/// The last use is written to disk at most this often: 10 minutes.
const SEEN_MS: u64 = 10 * 60 * 1000;
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

    /// Asks that the password was given within the last five minutes.
    ///
    /// # Errors
    /// [`ErrorCode::ReauthenticationNeeded`] when it was not.
    pub(super) fn confirmed(&self, now: UnixMillis) -> Result<(), Refusal> {
        if now.0.saturating_sub(self.session.confirmed_at.0) <= CONFIRMED_MS {
            Ok(())
        } else {
            Err(ErrorCode::ReauthenticationNeeded.into())
        }
    }
}

/// The session and user of a cookie, if both can be used at `now`.
///
/// # Errors
/// [`ErrorCode::SignedOut`], and trouble with the disk.
pub(super) fn session(state: &AppState, headers: &HeaderMap) -> Result<SignedIn, Refusal> {
    let now = state.clock.wall();
    let token = cookie(headers, SESSION_COOKIE).ok_or(ErrorCode::SignedOut)?;
    let hash = secret::hash(token);
    let found = state.store.read(|view| {
        let Some(session) = view.session_by_hash(&hash)? else { return Ok(None) };
        Ok(view.user(session.user)?.map(|user| (session, user)))
    })?;
    let (session, user) = found.ok_or(ErrorCode::SignedOut)?;
    let idle = now.0.saturating_sub(session.last_seen.0);
    let age = now.0.saturating_sub(session.created_at.0);
    let actor = user.actor(now);
    if idle > SESSION_IDLE_MS + SEEN_MS || age > SESSION_LIFE_MS || actor.standing != Standing::Active {
        return Err(ErrorCode::SignedOut.into());
    }
    if idle > SEEN_MS {
        touch(state, &session, now);
    }
    Ok(SignedIn { actor, user, session })
}

fn touch(state: &AppState, session: &SessionRecord, now: UnixMillis) {
    let id = session.id;
    state.store.submit(
        move |change| match change.session(id)? {
            Some(session) => change.put_session(&SessionRecord { last_seen: now, ..session }),
            None => Ok(()),
        },
        |result: Result<(), StoreError>| {
            if let Err(error) = result {
                tracing::debug!(%error, "the last use of a session was not saved");
            }
        },
    );
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
pub(crate) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        if request.headers().contains_key(CONTENT_ENCODING) {
            return Err(ErrorCode::Malformed.into());
        }
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(JsonRejection::BytesRejection(error)) if error.status() == 413 => Err(ErrorCode::TooLarge.into()),
            Err(_) => Err(ErrorCode::Malformed.into()),
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
