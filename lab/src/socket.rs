//! A WebSocket client of the control protocol, one per simulated browser.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use mesh_protocol::chat::{ChatSend, ClientTag};
use mesh_protocol::codec;
use mesh_protocol::control::{ClientMessage, ServerMessage};
use mesh_protocol::id::RoomId;
use mesh_protocol::session::{Hello, ResumePoint, Welcome};
use mesh_protocol::version;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::rest::Client;

/// An open WebSocket that has said hello.
pub struct Socket {
    stream: WebSocketStream<TlsStream<TcpStream>>,
}

impl Socket {
    /// Opens a WebSocket as the client's session and exchanges hello and welcome.
    ///
    /// # Errors
    /// When the box refuses or the connection fails.
    pub async fn open(client: &Client, resume: Vec<ResumePoint>) -> Result<(Self, Box<Welcome>)> {
        let stream = client.connect().await?;
        let mut request = format!("wss://{}/api/v1/ws", client.host()).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("Origin", HeaderValue::from_str(&format!("https://{}", client.host()))?);
        headers.insert("Cookie", HeaderValue::from_str(client.cookie.as_deref().unwrap_or_default())?);
        let config = WebSocketConfig::default().read_buffer_size(4096);
        let (stream, _) = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await?;
        let mut socket = Self { stream };
        socket.send(&ClientMessage::Hello(Hello { protocol: version::CURRENT, resume })).await?;
        match socket.next().await? {
            ServerMessage::Welcome(welcome) => Ok((socket, welcome)),
            other => bail!("expected welcome, got {other:?}"),
        }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send(&mut self, message: &ClientMessage) -> Result<()> {
        Ok(self.stream.send(Message::text(codec::encode_client(message))).await?)
    }

    /// Sends a chat message under a tag.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn chat(&mut self, room: RoomId, tag: &str, text: &str) -> Result<()> {
        let (tag, text) = (ClientTag(tag.to_owned()), text.to_owned());
        self.send(&ClientMessage::ChatSend(ChatSend { tag, room, text, reply_to: None })).await
    }

    /// The next message of the protocol; pings are answered on the way.
    ///
    /// # Errors
    /// When the connection ends.
    pub async fn next(&mut self) -> Result<ServerMessage> {
        loop {
            match self.stream.next().await.context("the box closed the connection")?? {
                Message::Text(text) => return Ok(codec::decode_server(&text)?),
                Message::Close(frame) => bail!("closed: {frame:?}"),
                _ => {}
            }
        }
    }
}
