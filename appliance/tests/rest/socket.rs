//! A WebSocket to the box over loopback, for tests of what ends it.

use std::time::Duration;

use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderValue, StatusCode};
use futures_util::{SinkExt, StreamExt};
use mesh_appliance::listen::{self, Timers};
use mesh_protocol::codec;
use mesh_protocol::control::ServerMessage;
use mesh_protocol::session::Welcome;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::support::{Browser, TestBox};

/// What was used has to be of no use after this long (security.md T5).
const AT_ONCE: Duration = Duration::from_secs(2);

/// The box's router on a loopback port.
pub(crate) struct Door {
    address: std::net::SocketAddr,
    _stop: watch::Sender<bool>,
}

impl Door {
    pub(crate) async fn open(mesh: &TestBox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let (router, admission) = (mesh.router.clone(), mesh.admission.clone());
        tokio::spawn(listen::serve(listener, None, router, admission, Timers::default(), stopped));
        Self { address, _stop: stop }
    }

    /// Opens a WebSocket with the browser's cookies and waits for its snapshot.
    pub(crate) async fn connect(&self, browser: &Browser) -> Result<Socket, StatusCode> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let mut request = "ws://localhost:8443/api/v1/ws".into_client_request().unwrap();
        let cookie =
            format!("__Host-mesh={}", browser.cookies.get("__Host-mesh").cloned().unwrap_or_default());
        let headers = request.headers_mut();
        headers.insert(HOST, HeaderValue::from_static("localhost:8443"));
        headers.insert(ORIGIN, HeaderValue::from_static("https://localhost:8443"));
        headers.insert(COOKIE, cookie.parse().unwrap());
        let mut socket = match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => socket,
            Err(Error::Http(response)) => return Err(response.status()),
            Err(error) => panic!("{error}"),
        };
        let hello = json!({ "type": "hello", "protocol": mesh_protocol::version::CURRENT, "resume": [] });
        socket.send(Message::Text(hello.to_string().into())).await.unwrap();
        let welcome = socket.next().await.unwrap().unwrap();
        match codec::decode_server(welcome.to_text().unwrap()) {
            Ok(ServerMessage::Welcome(welcome)) => Ok(Socket { socket, welcome }),
            other => panic!("{other:?}"),
        }
    }
}

/// An open WebSocket.
pub(crate) struct Socket {
    socket: WebSocketStream<TcpStream>,
    pub(crate) welcome: Box<Welcome>,
}

impl Socket {
    /// The code it is closed with, if it is closed at once.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        let closed = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return None,
                }
            }
        };
        tokio::time::timeout(AT_ONCE, closed).await.ok().flatten()
    }

    /// Sends a message.
    pub(crate) async fn say(&mut self, message: serde_json::Value) {
        self.socket.send(Message::Text(message.to_string().into())).await.unwrap();
    }

    /// The first message, of those that come at once, for which `pick` gives something.
    pub(crate) async fn hear<T>(&mut self, pick: impl Fn(ServerMessage) -> Option<T>) -> Option<T> {
        let heard = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(text))) => {
                        let message = codec::decode_server(&text).unwrap();
                        if let Some(picked) = pick(message) {
                            return Some(picked);
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return None,
                }
            }
        };
        tokio::time::timeout(AT_ONCE, heard).await.ok().flatten()
    }

    /// Whether it still answers.
    pub(crate) async fn is_open(&mut self) -> bool {
        let asked = self.socket.send(Message::Ping(b"there?".as_slice().into())).await;
        let answered = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Pong(_))) => return true,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return false,
                    Some(Ok(_)) => {}
                }
            }
        };
        asked.is_ok() && tokio::time::timeout(AT_ONCE, answered).await == Ok(true)
    }
}
