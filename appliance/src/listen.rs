//! The accept loop, with every limit and timer of `security.md` section 6.
//!
//! `axum::serve` installs no timer, so a slow client could hold a connection for ever; this loop does it itself:
//! a cap on connections in all, per source and before anybody signed in ([`admission`]), a timer on the TLS
//! handshake, on the header and on the whole request, and small buffers. A connection is a task of its own: a
//! panic in it ends it and nothing else.
//!
//! It ends when `stop` becomes true: no new connections, requests in flight are finished. WebSockets are ended
//! by the hub, which tells them to resume.

mod admission;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

pub use admission::{Admission, ConnectionInfo, Source};

/// Timers and buffer sizes of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Timers {
    /// For the TLS handshake.
    pub handshake: Duration,
    /// For the header of each request, and between requests.
    pub header: Duration,
    /// For the rest once `stop` is true.
    pub stop: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(5),
            header: Duration::from_secs(10),
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
        match accepted {
            Ok((stream, peer)) => {
                let Some(info) = Admission::admit(&admission, peer) else {
                    tracing::debug!(%peer, "connection refused: too many");
                    continue;
                };
                let (tls, router, stop) = (tls.clone(), router.clone(), stop.clone());
                connections.spawn(connection(stream, tls, router, info, timers, stop));
            }
            Err(error) => {
                tracing::warn!(%error, "the system accepts no connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
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
    match tls {
        None => http(stream, router, info, timers, stop).await,
        Some(acceptor) => match tokio::time::timeout(timers.handshake, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => http(stream, router, info, timers, stop).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS handshake"),
            Err(_) => tracing::debug!(%peer, "the TLS handshake took too long"),
        },
    }
}

async fn http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    info: ConnectionInfo,
    timers: Timers,
    mut stop: watch::Receiver<bool>,
) {
    let peer: SocketAddr = info.peer();
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let (mut request, router) = (request.map(Body::new), router.clone());
        request.extensions_mut().insert(info.clone());
        async move {
            match router.oneshot(request).await {
                Ok(response) => Ok::<_, Infallible>(response),
                Err(never) => match never {},
            }
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(timers.header)
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
