//! The REST interface of a box, over TLS that trusts exactly the box's own authority.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use mesh_protocol::team::{ClaimOwner, ClaimStart, InviteAccept, InviteCreate, InviteCreated};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::running::Place;

/// A client that trusts one box.
#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    tls: TlsConnector,
    /// The session cookie, once signed in.
    pub cookie: Option<String>,
}

/// A password that every account of the lab has.
const PASSWORD: &str = "correct horse battery";

impl Client {
    /// A client of the box at `place`, nobody signed in.
    ///
    /// # Errors
    /// When the box's authority can't be read.
    pub fn new(place: &Place) -> Result<Self> {
        Self::with_authority(place.address, &place.data.join("tls").join("ca.pem"))
    }

    fn with_authority(address: SocketAddr, authority: &Path) -> Result<Self> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(authority).context("reading the box's authority")?)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_root_certificates(roots)
            .with_no_client_auth();
        // Every connection pays its full handshake, as separate devices would.
        config.resumption = rustls::client::Resumption::disabled();
        Ok(Self { address, tls: TlsConnector::from(Arc::new(config)), cookie: None })
    }

    /// A TLS connection to the box.
    ///
    /// # Errors
    /// When it can't be made.
    pub async fn connect(&self) -> Result<TlsStream<TcpStream>> {
        let tcp = TcpStream::connect(self.address).await?;
        tcp.set_nodelay(true)?;
        Ok(self.tls.connect(ServerName::from(self.address.ip()), tcp).await?)
    }

    /// `host:port` as a browser would name the box.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// One request; remembers the session cookie of the answer.
    ///
    /// # Errors
    /// When the connection fails, or with status and body when the box refuses.
    pub async fn request<T: Serialize>(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&T>,
    ) -> Result<Bytes> {
        let stream = TokioIo::new(self.connect().await?);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await?;
        let driver = tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.host())
            .header(ORIGIN, format!("https://{}", self.host()))
            .header(CONTENT_TYPE, "application/json");
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let body = body.map(serde_json::to_vec).transpose()?.unwrap_or_default();
        let response = sender.send_request(request.body(Full::new(Bytes::from(body)))?).await?;
        for header in response.headers().get_all(SET_COOKIE) {
            let pair = header.to_str()?.split(';').next().unwrap_or_default();
            if pair.starts_with("__Host-mesh") {
                self.cookie = Some(pair.to_owned());
            }
        }
        let status = response.status();
        let bytes = response.into_body().collect().await?.to_bytes();
        driver.abort();
        if !status.is_success() {
            bail!("{path} answered {status}: {}", String::from_utf8_lossy(&bytes));
        }
        Ok(bytes)
    }

    /// A request with a JSON body and a JSON answer.
    ///
    /// # Errors
    /// As [`Client::request`], and when the answer has another form.
    pub async fn post<T: Serialize, R: DeserializeOwned>(&mut self, path: &str, body: &T) -> Result<R> {
        let bytes = self.request(Method::POST, path, Some(body)).await?;
        Ok(serde_json::from_slice(&bytes)?)
    }

    /// Claims a fresh box as its owner `owner`.
    ///
    /// # Errors
    /// When the box refuses.
    pub async fn claim(&mut self, code: &str) -> Result<()> {
        self.request(Method::POST, "/api/v1/claim", Some(&ClaimStart { code: code.to_owned() })).await?;
        let owner = ClaimOwner {
            team: "Lab".to_owned(),
            name: "Owner".to_owned(),
            user_name: "owner".to_owned(),
            password: PASSWORD.to_owned(),
        };
        self.request(Method::POST, "/api/v1/claim/owner", Some(&owner)).await?;
        ensure!(self.cookie.is_some(), "the claim set no session cookie");
        Ok(())
    }

    /// Invites a member into `rooms` and joins as them; gives their client.
    ///
    /// # Errors
    /// When the box refuses.
    pub async fn join(&mut self, user_name: &str, rooms: Vec<mesh_protocol::id::RoomId>) -> Result<Client> {
        let invite = InviteCreate {
            name: user_name.to_owned(),
            role: mesh_protocol::team::Role::Member,
            rooms,
            expires_in: 3600,
        };
        let created: InviteCreated = self.post("/api/v1/invites", &invite).await?;
        let mut joined = Client { cookie: None, ..self.clone() };
        let accept = InviteAccept {
            name: user_name.to_owned(),
            user_name: user_name.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let path = format!("/api/v1/invite/{}/accept", created.token);
        joined.request(Method::POST, &path, Some(&accept)).await?;
        ensure!(joined.cookie.is_some(), "joining set no session cookie");
        Ok(joined)
    }
}
