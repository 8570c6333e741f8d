//! The accept loop, with every limit and timer of `security.md` section 6.
//!
//! `axum::serve` installs no timer, so a slow client could hold a connection for ever; this loop does it itself:
//! a cap on connections in all, per source and before anybody signed in ([`admission`]), a timer on the TLS
//! handshake, on the header, between requests, on taking an answer ([`stream`]) and on the whole request, and small
//! buffers. A connection is a task of its own: a panic in it ends it and nothing else.
//!
//! It ends when `stop` becomes true: no new connections, requests in flight are finished. WebSockets are ended
//! by the hub, which tells them to resume.

mod admission;
mod stream;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt;

use admission::Phase;
use stream::Timed;

pub use admission::{Admission, ConnectionInfo, Source};

/// Timers and buffer sizes of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Timers {
    /// For the TLS handshake.
    pub handshake: Duration,
    /// For the header of each request, from its first byte; for the first one, from the handshake.
    pub header: Duration,
    /// Between requests.
    pub idle: Duration,
    /// For the other end to take anything of an answer.
    pub write: Duration,
    /// For the rest once `stop` is true.
    pub stop: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(5),
            header: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            write: Duration::from_secs(30),
            stop: Duration::from_millis(2_500),
        }
    }
}

/// Bytes of a request's header, and of the read buffer.
const HEADER_BYTES: usize = 16 * 1024;
/// Fields of a request's header.
const HEADER_FIELDS: usize = 64;
/// Pause after the system refused to accept, usually for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `stop` is true. Without `tls`, in the clear.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    admission: Arc<Admission>,
    timers: Timers,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stop) => break,
            Some(ended) = connections.join_next() => {
                report(ended);
                continue;
            }
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "the system accepts no connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // Whoever waits here waits in the system's queue, which costs nothing.
        let admitted = tokio::select! {
            admitted = Admission::admit_soon(&admission, peer) => admitted,
            () = stopped(&mut stop) => break,
        };
        match admitted {
            Ok(info) => {
                let (tls, router, stop) = (tls.clone(), router.clone(), stop.clone());
                connections.spawn(connection(stream, tls, router, info, timers, stop));
            }
            Err(reason) => tracing::debug!(%peer, ?reason, "connection refused: too many"),
        }
    }
    drop(listener);
    let finish = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(timers.stop, finish).await.is_err() {
        tracing::info!("some connections did not end in time and are cut");
    }
}

/// Completes when `stop` is true; the guard it is seen through can't be held across a wait.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // The sender lives as long as the box; without it, it is time to stop, too.
    let _ = stop.wait_for(|stop| *stop).await;
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!("a connection's task panicked; it was closed, nothing else is affected");
    }
}

async fn connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    router: Router,
    info: ConnectionInfo,
    timers: Timers,
    stop: watch::Receiver<bool>,
) {
    let peer = info.peer();
    // Messages are small and should leave at once.
    let _ = stream.set_nodelay(true);
    let watched = info.clone();
    let served = async {
        match tls {
            None => http(stream, router, info, timers, stop).await,
            Some(acceptor) => match tokio::time::timeout(timers.handshake, handshake(acceptor, stream)).await
            {
                Ok(Ok(stream)) => http(stream, router, info, timers, stop).await,
                Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS handshake"),
                Err(_) => tracing::debug!(%peer, "the TLS handshake took too long"),
            },
        }
    };
    tokio::select! {
        () = served => {}
        () = watched.cut() => tracing::debug!(%peer, "a stranger's connection gave way to another"),
    }
}

/// What somebody gets who speaks plain HTTP to the secure port, usually by leaving out the `s`.
const NOT_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
    X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: 71\r\n\r\n\
    This is the secure port: write https:// in front of the box's address.\n";

async fn handshake(acceptor: TlsAcceptor, mut stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
    let mut first = [0];
    stream.peek(&mut first).await?;
    // The first letter of a method; a TLS record starts with 22 (RFC 8446 section 5.1).
    if first[0].is_ascii_uppercase() {
        // Left unread, the request would make the system reset the connection before the answer is seen.
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await?;
        stream.write_all(NOT_TLS).await?;
        stream.shutdown().await?;
        return Err(std::io::Error::other("plain HTTP on the secure port"));
    }
    acceptor.accept(stream).await
}

async fn http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    info: ConnectionInfo,
    timers: Timers,
    mut stop: watch::Receiver<bool>,
) {
    let peer: SocketAddr = info.peer();
    let stream = Timed::new(stream, info.clone(), timers);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        answer(request, router.clone(), info.clone())
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // The stream's own timers are stricter; this one also ends what trickles in below TLS.
        .header_read_timeout(timers.idle + timers.header)
        .max_headers(HEADER_FIELDS)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopped(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection ended");
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    router: Router,
    info: ConnectionInfo,
) -> Result<axum::response::Response, Infallible> {
    info.enter(Phase::Answering);
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(info.clone());
    let Ok(response) = router.oneshot(request).await;
    let is_upgraded = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    info.enter(if is_upgraded { Phase::Upgraded } else { Phase::Waiting });
    Ok(response)
}
