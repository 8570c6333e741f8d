//! Signing in and out, and the list of sessions.

use axum::extract::State;
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::{delete, get, post};
use axum::{Extension, Router};
use mesh_core::fold::fold;
use mesh_core::policy::{Standing, TeamAction};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::SessionId;
use mesh_protocol::limit;
use mesh_protocol::session::{PasswordConfirm, Session, SignIn};
use mesh_protocol::team::Account;
use mesh_protocol::time::UnixMillis;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::error::Refusal;
use super::extract::{self, Id, Json, Query, SESSION_COOKIE, SignedIn};
use crate::listen::{ConnectionInfo, Source};
use crate::secret::{self, Token};
use crate::session::LIFE_MS;
use crate::state::AppState;
use crate::store::record::{SessionRecord, UserRecord};
use crate::store::{Change, PeopleReads, StoreError};

/// A cookie as a response header.
pub(super) type Cookie = AppendHeaders<[(axum::http::HeaderName, HeaderValue); 1]>;

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/session", post(sign_in).get(account).delete(sign_out))
        .route("/session/confirm", post(confirm))
        .route("/sessions", get(list).delete(end_others))
        .route("/sessions/{id}", delete(end))
}

/// Sets a cookie for `seconds`; zero deletes it.
pub(super) fn set_cookie(name: &str, value: &str, seconds: u64) -> Result<Cookie, Refusal> {
    let text = format!("{name}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Strict");
    let value = HeaderValue::from_str(&text).map_err(|_| Refusal::from(ErrorCode::Internal))?;
    Ok(AppendHeaders([(SET_COOKIE, value)]))
}

/// A new session that the caller still has to write; the token goes into the cookie.
pub(super) fn new_session(
    user: &UserRecord,
    headers: &HeaderMap,
    connection: &ConnectionInfo,
    now: UnixMillis,
) -> Result<(SessionRecord, Token), Refusal> {
    let token = Token::random()?;
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let record = SessionRecord {
        id: SessionId(secret::random_id()?),
        user: user.id,
        token_hash: token.hash(),
        browser: browser(agent),
        address: connection.peer().ip().to_canonical().to_string(),
        created_at: now,
        last_seen: now,
        confirmed_at: now,
    };
    Ok((record, token))
}

/// The session that this browser has at the moment; signing in replaces it, whoever's it is.
pub(super) fn former_session(state: &AppState, headers: &HeaderMap) -> Option<SessionId> {
    extract::session(state, headers).ok().map(|former| former.session.id)
}

/// Writes a session in place of the browser's former one; the oldest of the user end beyond the limit. Tells
/// which ended.
pub(super) fn add_session(
    change: &mut Change<'_>,
    session: &SessionRecord,
    former: Option<SessionId>,
) -> Result<Vec<SessionId>, StoreError> {
    if let Some(former) = former {
        change.delete_session(former)?;
    }
    let mut others = change.sessions_of(session.user)?;
    others.sort_unstable_by_key(|other| std::cmp::Reverse(other.last_seen));
    let oldest = others.iter().skip(limit::SESSIONS_PER_USER - 1).map(|other| other.id);
    let ended: Vec<SessionId> = oldest.collect();
    for id in &ended {
        change.delete_session(*id)?;
    }
    change.put_session(session)?;
    Ok(ended.into_iter().chain(former).collect())
}

/// The cookie of a fresh session.
pub(super) fn session_cookie(token: &Token) -> Result<Cookie, Refusal> {
    set_cookie(SESSION_COOKIE, token.reveal(), LIFE_MS / 1000)
}

/// Sign in with user name and password.
#[utoipa::path(post, path = "/api/v1/session",
    operation_id = "signIn", tag = "session", request_body = SignIn,
    responses((status = 200, body = Account), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
pub(crate) async fn sign_in(
    State(state): State<AppState>,
    Extension(connection): Extension<ConnectionInfo>,
    headers: HeaderMap,
    Json(body): Json<SignIn>,
) -> Result<impl IntoResponse, Refusal> {
    let SignIn { user_name, password } = body;
    let password = Zeroizing::new(password);
    let name = fold(user_name.trim());
    let user = authenticate(&state, &connection, &name, password).await?;
    let now = state.clock.wall();
    let (session, token) = new_session(&user, &headers, &connection, now)?;
    let (former, verified) = (former_session(&state, &headers), user.password_hash.clone());
    let ended = state
        .store
        .write(move |change| {
            // While the hash was computed, the password may have been changed and its sessions ended.
            let user = change.user(session.user)?.filter(|user| user.password_hash == verified);
            if !user.is_some_and(|user| user.actor(now).standing == Standing::Active) {
                return Err(StoreError::Refused(ErrorCode::CredentialsWrong));
            }
            add_session(change, &session, former)
        })
        .await?;
    state.hub.sessions_ended(ended).await;
    connection.mark_authenticated();
    let account = account_of(&state, &user)?;
    Ok((session_cookie(&token)?, axum::Json(account)))
}

/// Checks a password with all throttles; the answer never tells which part was wrong, and a user who does not
/// exist costs the same work as one who does.
pub(super) async fn authenticate(
    state: &AppState,
    connection: &ConnectionInfo,
    name: &str,
    password: Zeroizing<String>,
) -> Result<UserRecord, Refusal> {
    let now = state.clock.now();
    let source = connection.source();
    let (user, in_use) = state.store.read(|view| {
        let user = view.user_by_name(name)?;
        let is_theirs = |session: &SessionRecord| user.as_ref().is_some_and(|user| user.id == session.user);
        let in_use = view.sessions()?.iter().any(|session| is_from(session, source) && is_theirs(session));
        Ok((user, in_use))
    })?;
    let attempt = state
        .tries
        .password(now.mono, name, source, in_use)
        .map_err(|wait| Refusal::retry_after_millis(ErrorCode::TooMany, wait.0))?;
    let usable = user.filter(|user| user.actor(now.wall).standing == Standing::Active);
    let hash = usable.as_ref().and_then(|user| user.password_hash.clone());
    let fits = state.passwords.verify(password, hash).await?;
    match usable {
        Some(user) if fits => {
            attempt.succeeded();
            Ok(user)
        }
        _ => {
            attempt.failed(state.clock.now().mono);
            Err(ErrorCode::CredentialsWrong.into())
        }
    }
}

fn is_from(session: &SessionRecord, source: Source) -> bool {
    session.address.parse().is_ok_and(|address| Source::of(address) == source)
}

pub(super) fn account_of(state: &AppState, user: &UserRecord) -> Result<Account, Refusal> {
    let team = state.store.read(|view| view.team())?.unwrap_or_default();
    Ok(Account {
        user: user.to_user(),
        availability: user.availability,
        status_text: user.status_text.clone(),
        setup_done: team.setup_done,
    })
}

/// The own account.
#[utoipa::path(get, path = "/api/v1/session",
    operation_id = "account", tag = "session",
    responses((status = 200, body = Account), (status = 401, body = ErrorBody)))]
pub(crate) async fn account(
    State(state): State<AppState>,
    me: SignedIn,
) -> Result<axum::Json<Account>, Refusal> {
    account_of(&state, &me.user).map(axum::Json)
}

/// Sign out this session. Whoever is signed out already gets the same answer.
#[utoipa::path(delete, path = "/api/v1/session",
    operation_id = "signOut", tag = "session", responses((status = 204)))]
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
    if let Some(id) = former_session(&state, &headers) {
        state.store.write(move |change| change.delete_session(id)).await?;
        state.hub.sessions_ended(vec![id]).await;
    }
    Ok((set_cookie(SESSION_COOKIE, "", 0)?, StatusCode::NO_CONTENT))
}

/// Give the password again, before a sensitive action.
#[utoipa::path(post, path = "/api/v1/session/confirm",
    operation_id = "confirmPassword", tag = "session", request_body = PasswordConfirm,
    responses((status = 204), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
pub(crate) async fn confirm(
    State(state): State<AppState>,
    Extension(connection): Extension<ConnectionInfo>,
    me: SignedIn,
    Json(body): Json<PasswordConfirm>,
) -> Result<StatusCode, Refusal> {
    let name = fold(&me.user.user_name);
    authenticate(&state, &connection, &name, Zeroizing::new(body.password)).await?;
    let (id, now) = (me.session.id, state.clock.wall());
    state
        .store
        .write(move |change| {
            let session = change.session(id)?.ok_or(StoreError::Refused(ErrorCode::SignedOut))?;
            change.put_session(&SessionRecord { confirmed_at: now, ..session })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The own sessions.
#[utoipa::path(get, path = "/api/v1/sessions",
    operation_id = "sessions", tag = "session",
    responses((status = 200, body = Vec<Session>), (status = 401, body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    me: SignedIn,
) -> Result<axum::Json<Vec<Session>>, Refusal> {
    me.may(TeamAction::ChangeOwnAccount)?;
    let mut sessions = state.store.read(|view| view.sessions_of(me.user.id))?;
    for session in &mut sessions {
        session.last_seen = state.sessions.last_seen(session);
    }
    sessions.sort_unstable_by_key(|session| std::cmp::Reverse(session.last_seen));
    let show = |session: SessionRecord| Session {
        id: session.id,
        current: session.id == me.session.id,
        browser: session.browser,
        address: session.address,
        created_at: session.created_at,
        last_seen: session.last_seen,
    };
    Ok(axum::Json(sessions.into_iter().map(show).collect()))
}

/// Sign out one of the own sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}",
    operation_id = "endSession", tag = "session", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ErrorBody)))]
pub(crate) async fn end(
    State(state): State<AppState>,
    me: SignedIn,
    Id(id): Id<SessionId>,
) -> Result<StatusCode, Refusal> {
    me.may(TeamAction::ChangeOwnAccount)?;
    let user = me.user.id;
    let ended =
        state.store.write(move |change| change.delete_sessions(user, |session| session.id == id)).await?;
    if ended.is_empty() {
        return Err(ErrorCode::NotFound.into());
    }
    state.hub.sessions_ended(ended).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Which sessions to end.
#[derive(Debug, Deserialize)]
pub(crate) struct EndQuery {
    /// The asking session, too.
    #[serde(default)]
    all: bool,
}

/// Sign out everywhere: all other own sessions, with `all=true` this one, too.
#[utoipa::path(delete, path = "/api/v1/sessions",
    operation_id = "endSessions", tag = "session", params(("all" = Option<bool>, Query)),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn end_others(
    State(state): State<AppState>,
    me: SignedIn,
    Query(query): Query<EndQuery>,
) -> Result<StatusCode, Refusal> {
    me.may(TeamAction::ChangeOwnAccount)?;
    me.confirmed(state.clock.wall())?;
    let (user, current) = (me.user.id, me.session.id);
    let ended = state
        .store
        .write(move |change| change.delete_sessions(user, |session| query.all || session.id != current))
        .await?;
    state.hub.sessions_ended(ended).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Browser and system in words, from what a browser says of itself. Never more than these words: what arrives
/// is somebody else's text.
fn browser(agent: &str) -> String {
    let pick = |choices: &[(&str, &'static str)]| {
        choices.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, word)| *word)
    };
    let browser = pick(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("HeadlessChrome/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = pick(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_in_words_and_nothing_else_gets_through() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(browser(firefox), "Firefox, Linux");
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150 Safari/537.36 Edg/150";
        assert_eq!(browser(edge), "Edge, Windows");
        assert_eq!(browser("<script>alert(1)</script>"), "");
    }
}
