//! A box in a temporary folder, browsers that talk to its router, and a clock that the test moves.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use mesh_appliance::Ice;
use mesh_appliance::clock::Clock;
use mesh_appliance::config::{LimitsConfig, TlsConfig};
use mesh_appliance::http::origin::AllowedHosts;
use mesh_appliance::identity::Identity;
use mesh_appliance::listen::{Admission, ConnectionInfo};
use mesh_appliance::state::AppState;
use mesh_appliance::store::{RoomReads, Store, StoreOptions};
use mesh_appliance::tls::Certificates;
use mesh_core::time::{Monotonic, Now};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::team::{Account, InviteCreated, Role};
use mesh_protocol::time::UnixMillis;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const MINUTE: u64 = 60 * 1000;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// When every box starts: some day in 2027.
const START: u64 = 1_800_000_000_000;

/// A box without an owner.
pub(crate) struct TestBox {
    pub(crate) state: AppState,
    pub(crate) admission: Arc<Admission>,
    pub(crate) router: Router,
    pub(crate) folder: TempDir,
    passed: Arc<AtomicU64>,
    hosts: AtomicU64,
}

impl TestBox {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let passed = Arc::new(AtomicU64::new(0));
        let source = passed.clone();
        let clock = Clock::from_fn(move || {
            let passed = source.load(Ordering::SeqCst);
            Now { mono: Monotonic(passed), wall: UnixMillis(START + passed) }
        });
        let store = Store::open(&folder.path().join("mesh.redb"), StoreOptions::default()).unwrap();
        let names = vec!["localhost".to_owned()];
        let tls = folder.path().join("tls");
        let certificates = Certificates::load(&TlsConfig::default(), &tls, names, &clock).unwrap();
        let limits = LimitsConfig {
            connections: 10_000,
            connections_per_source: 10_000,
            unauthenticated_connections: 10_000,
            ..LimitsConfig::default()
        };
        let messages = limits.messages_per_second;
        let identity = Identity::load(folder.path(), clock.wall()).unwrap();
        let signing = identity.signing(1).unwrap();
        let ice = Ice { stun_port: Some(3478), servers: Vec::new() };
        let state =
            AppState::start(store, clock, certificates, folder.path(), signing, ice, messages).unwrap();
        let admission = Admission::new(limits);
        let hosts = Arc::new(AllowedHosts::new(vec!["localhost".to_owned()], 8443));
        let router = mesh_appliance::http::router(state.clone(), hosts, false);
        Self { state, admission, router, folder, passed, hosts: AtomicU64::new(1) }
    }

    /// A box with an owner, and the owner's browser.
    pub(crate) async fn claimed() -> (Self, Browser) {
        let mesh = Self::start().await;
        let mut owner = mesh.browser();
        owner.claim(&mesh.code()).await;
        (mesh, owner)
    }

    /// The claim code.
    pub(crate) fn code(&self) -> String {
        self.state.claim.code().unwrap()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, millis: u64) {
        self.passed.fetch_add(millis, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> u64 {
        START + self.passed.load(Ordering::SeqCst)
    }

    /// A fresh browser at an address of its own.
    pub(crate) fn browser(&self) -> Browser {
        let host = self.hosts.fetch_add(1, Ordering::SeqCst);
        self.browser_at(IpAddr::from([10, 0, (host / 250) as u8, (host % 250) as u8]))
    }

    /// A fresh browser at a given address.
    pub(crate) fn browser_at(&self, address: IpAddr) -> Browser {
        let peer = SocketAddr::new(address, 50_000);
        let connection = Admission::admit(&self.admission, peer).unwrap();
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), connection, agent: FIREFOX }
    }

    /// Somebody who has followed a fresh invite.
    pub(crate) async fn join(
        &self,
        owner: &mut Browser,
        user_name: &str,
        role: Role,
        rooms: &[RoomId],
    ) -> Browser {
        let link = owner.invite(role, rooms).await;
        let mut browser = self.browser();
        browser.accept(&link.token, user_name).await.expect(StatusCode::OK);
        browser
    }

    pub(crate) async fn member(&self, owner: &mut Browser, user_name: &str) -> Browser {
        self.join(owner, user_name, Role::Member, &[]).await
    }
}

/// A browser: its cookies and where it is.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) connection: ConnectionInfo,
    pub(crate) agent: &'static str,
}

impl Browser {
    pub(crate) async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        request = request
            .header(USER_AGENT, self.agent)
            .header(HOST, "localhost:8443")
            .header(ORIGIN, "https://localhost:8443");
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        let body = match body {
            Some(body) => {
                request = request.header(CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.raw(request.body(body).unwrap()).await
    }

    /// Sends a request as it is and keeps the cookies of the answer.
    pub(crate) async fn raw(&mut self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(self.connection.clone());
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        for header in parts.headers.get_all(SET_COOKIE) {
            let text = header.to_str().unwrap();
            let (pair, attributes) = text.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            for expected in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
                assert!(attributes.split(';').any(|one| one.trim() == expected), "{text}");
            }
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn post_empty(&mut self, path: &str) -> Answer {
        self.send(Method::POST, path, None).await
    }

    pub(crate) async fn patch(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn put(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&mut self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Claims the box as its owner "alice".
    pub(crate) async fn claim(&mut self, code: &str) {
        self.post("/claim", json!({ "code": code })).await.expect(StatusCode::NO_CONTENT);
        self.post("/claim/owner", owner_body()).await.expect(StatusCode::OK);
    }

    pub(crate) async fn sign_in(&mut self, user_name: &str, password: &str) -> Answer {
        self.post("/session", json!({ "userName": user_name, "password": password })).await
    }

    /// Gives the password again.
    pub(crate) async fn confirm(&mut self) {
        self.post("/session/confirm", json!({ "password": PASSWORD })).await.expect(StatusCode::NO_CONTENT);
    }

    pub(crate) async fn account(&mut self) -> Account {
        self.get("/session").await.expect(StatusCode::OK).json()
    }

    pub(crate) async fn id(&mut self) -> UserId {
        self.account().await.user.id
    }

    pub(crate) async fn is_signed_in(&mut self) -> bool {
        let answer = self.get("/session").await;
        match answer.status {
            StatusCode::OK => true,
            StatusCode::UNAUTHORIZED => false,
            other => panic!("{other}"),
        }
    }

    pub(crate) async fn invite(&mut self, role: Role, rooms: &[RoomId]) -> InviteCreated {
        let body = json!({ "name": "", "role": role, "rooms": rooms, "expiresIn": 3600 });
        self.post("/invites", body).await.expect(StatusCode::OK).json()
    }

    pub(crate) async fn accept(&mut self, token: &str, user_name: &str) -> Answer {
        let body = json!({ "name": user_name, "userName": user_name, "password": PASSWORD });
        self.post(&format!("/invite/{token}/accept"), body).await
    }

    pub(crate) async fn room(&mut self, name: &str, visibility: &str) -> RoomId {
        let body = json!({ "name": name, "topic": "", "visibility": visibility, "members": [] });
        let made: mesh_protocol::room::RoomRef =
            self.post("/rooms", body).await.expect(StatusCode::OK).json();
        made.room
    }
}

/// What the first owner fills in.
pub(crate) fn owner_body() -> Value {
    json!({ "team": "Atelier", "name": "Alice Martin", "userName": "alice", "password": PASSWORD })
}

/// What the box answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The refusal's body.
    #[track_caller]
    pub(crate) fn refusal(&self) -> ErrorBody {
        assert!(!self.status.is_success(), "{self:?}");
        self.json()
    }

    /// That it is refused with this code, and with the status that belongs to it.
    #[track_caller]
    pub(crate) fn refused(self, code: ErrorCode) -> Self {
        let refusal = self.refusal();
        assert_eq!(refusal.code, code, "{refusal:?}");
        assert_eq!(self.status, mesh_appliance::http::error::status(code));
        self
    }

    /// That a field is refused, and which.
    #[track_caller]
    pub(crate) fn refused_field(self, field: &str) -> Self {
        let refusal = self.refusal();
        let expected = (ErrorCode::FieldInvalid, Some(field));
        assert_eq!((refusal.code, refusal.field.as_deref()), expected, "{refusal:?}");
        self
    }
}

/// The rooms on disk.
pub(crate) fn rooms(mesh: &TestBox) -> Vec<mesh_core::room::RoomState> {
    mesh.state.store.read(|view| view.rooms()).unwrap()
}
