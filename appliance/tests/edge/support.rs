//! A listener with limits that a test can wait for, a whole box, and clients that speak byte by byte.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::WebSocketUpgrade;
use axum::routing::get;
use mesh_appliance::Appliance;
use mesh_appliance::clock::Clock;
use mesh_appliance::config::{Config, LimitsConfig, ListenConfig, TlsConfig};
use mesh_appliance::listen::{self, Admission, Timers};
use mesh_appliance::tls::Certificates;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// No test waits longer than this for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Timers that are short, and far enough apart to tell which one ended a connection.
pub(crate) const TIMERS: Timers = Timers {
    handshake: Duration::from_millis(400),
    header: Duration::from_millis(400),
    idle: Duration::from_millis(1_500),
    write: Duration::from_millis(500),
    stop: Duration::from_millis(1_500),
};

/// A listener alone.
pub(crate) struct Edge {
    pub(crate) address: SocketAddr,
    pub(crate) certificates: Option<Arc<Certificates>>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) task: JoinHandle<()>,
    _folder: TempDir,
}

pub(crate) fn router() -> Router {
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/large", get(|| async { vec![b'x'; 64 << 20] }))
        .route("/slow", get(|| async { tokio::time::sleep(Duration::from_millis(700)).await }))
        .route("/panic", get(|| async { assert!(false_of_a_kind(), "on purpose") }))
        .route("/socket", get(|upgrade: WebSocketUpgrade| async { upgrade.on_upgrade(echo_nothing) }))
}

/// False, but the compiler does not know.
fn false_of_a_kind() -> bool {
    std::hint::black_box(false)
}

async fn echo_nothing(mut socket: axum::extract::ws::WebSocket) {
    while socket.recv().await.is_some_and(|message| message.is_ok()) {}
}

pub(crate) fn limits(connections: usize, per_source: usize, unauthenticated: usize) -> LimitsConfig {
    LimitsConfig {
        connections,
        connections_per_source: per_source,
        unauthenticated_connections: unauthenticated,
        ..LimitsConfig::default()
    }
}

impl Edge {
    pub(crate) async fn plain(limits: LimitsConfig, timers: Timers) -> Self {
        Self::start(limits, timers, false).await
    }

    pub(crate) async fn secure() -> Self {
        Self::start(LimitsConfig::default(), TIMERS, true).await
    }

    async fn start(limits: LimitsConfig, timers: Timers, is_secure: bool) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
        let load =
            || Certificates::load(&TlsConfig::default(), folder.path(), names, &Clock::system()).unwrap();
        let certificates = is_secure.then(load);
        let acceptor = certificates.as_ref().map(|certificates| certificates.acceptor().unwrap());
        let (stop, stopped) = watch::channel(false);
        let admission = Admission::new(limits);
        let task = tokio::spawn(listen::serve(listener, acceptor, router(), admission, timers, stopped));
        Self { address, certificates, stop, task, _folder: folder }
    }

    pub(crate) async fn dial(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A connection from another loopback address, which is another source.
    pub(crate) async fn dial_from(&self, last: u8) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(IpAddr::from([127, 0, 0, last]), 0)).unwrap();
        socket.connect(self.address).await.unwrap()
    }
}

/// A whole box on free ports.
pub(crate) struct TestBox {
    pub(crate) appliance: Appliance,
    pub(crate) folder: TempDir,
}

impl TestBox {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listen = ListenConfig { address: any, http_address: any, names: vec!["box.example".to_owned()] };
        let config = Config { listen, ..Config::default() };
        let appliance =
            Appliance::start(&config, &folder.path().join("data"), Clock::system()).await.unwrap();
        Self { appliance, folder }
    }

    /// What the box is called on its secure port.
    pub(crate) fn host(&self) -> String {
        format!("localhost:{}", self.appliance.address().port())
    }

    pub(crate) async fn dial(&self) -> TlsStream<TcpStream> {
        let authority = self.appliance.certificates().authority_pem().unwrap();
        secure(self.appliance.address(), authority, "localhost").await.unwrap()
    }

    /// One request with the given target and header lines on a connection of its own, over TLS.
    pub(crate) async fn ask(&self, method: &str, target: &str, lines: &[&str]) -> Answer {
        exchange(self.dial().await, method, target, lines).await
    }

    /// The same with the box's own `Host`.
    pub(crate) async fn ask_own(&self, method: &str, target: &str, lines: &[&str]) -> Answer {
        let host = format!("Host: {}", self.host());
        let lines: Vec<&str> = std::iter::once(host.as_str()).chain(lines.iter().copied()).collect();
        self.ask(method, target, &lines).await
    }

    /// The same on the plain port.
    pub(crate) async fn ask_plainly(&self, method: &str, target: &str, lines: &[&str]) -> Answer {
        let stream = TcpStream::connect(self.appliance.http_address()).await.unwrap();
        exchange(stream, method, target, lines).await
    }
}

/// A TLS connection that trusts `authority` and nobody else.
pub(crate) async fn secure(
    address: SocketAddr,
    authority: &str,
    name: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let connector = connector(authority, &[]);
    let stream = TcpStream::connect(address).await?;
    connector.connect(ServerName::try_from(name.to_owned()).unwrap(), stream).await
}

pub(crate) fn connector(authority: &str, protocols: &[&[u8]]) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    TlsConnector::from(Arc::new(config))
}

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends one request, asks to close, and reads all there is.
pub(crate) async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    method: &str,
    target: &str,
    lines: &[&str],
) -> Answer {
    let mut request = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
    for line in lines {
        request.push_str(line);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    answer(&read_to_end(&mut stream).await)
}

pub(crate) fn answer(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no header in {:?}", String::from_utf8_lossy(bytes)));
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_ascii_lowercase(), value.trim().to_owned())
    });
    Answer { status, headers: headers.collect(), body: bytes[end + 4..].to_vec() }
}

/// Everything until the other end closes; a reset ends it, too.
pub(crate) async fn read_to_end(stream: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let reading = async { while matches!(stream.read_buf(&mut bytes).await, Ok(read) if read > 0) {} };
    tokio::time::timeout(PATIENCE, reading).await.expect("the connection is closed in the end");
    bytes
}

/// Sends a request on a connection that stays open, and reads the answer.
pub(crate) async fn ask_hello(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Answer {
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut bytes = Vec::new();
    let reading = async {
        while !bytes.ends_with(b"hello") {
            assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "closed instead of answered");
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap();
    answer(&bytes)
}
