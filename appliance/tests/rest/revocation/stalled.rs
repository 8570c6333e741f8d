//! Revocation while a WebSocket is in the middle of a long catch-up: it ends at once, however slowly it is read.

use std::time::{Duration, Instant};

use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderValue, StatusCode};
use futures_util::{SinkExt, StreamExt};
use mesh_appliance::listen::{self, Timers};
use mesh_core::policy::{Actor, Standing};
use mesh_core::room::RoomCommand;
use mesh_core::room::mention::Mentions;
use mesh_protocol::id::RoomId;
use mesh_protocol::limit;
use mesh_protocol::team::Role;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::SIGNED_OUT;
use crate::support::{Browser, TestBox, rooms};

/// Chat messages of the longest kind, 12 MiB: more than the buffers of both ends of a connection hold.
const POSTS: usize = 768;
/// The box gives a farewell two seconds.
const SOON: Duration = Duration::from_secs(5);

struct Scene {
    mesh: TestBox,
    owner: Browser,
    room: RoomId,
    _stop: watch::Sender<bool>,
    address: std::net::SocketAddr,
}

impl Scene {
    async fn set() -> Self {
        let (mesh, mut owner) = TestBox::claimed().await;
        let room = rooms(&mesh)[0].id;
        let actor = Actor { user: owner.id().await, role: Role::Owner, standing: Standing::Active };
        for _ in 0..POSTS / 16 {
            let post = || {
                let text = "x".repeat(limit::CHAT_TEXT_BYTES);
                let command = RoomCommand::Send { text, reply_to: None, mentions: Mentions::default() };
                mesh.state.hub.room_command(actor.clone(), room, command)
            };
            for posted in futures_util::future::join_all((0..16).map(|_| post())).await {
                posted.unwrap();
            }
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let (router, admission) = (mesh.router.clone(), mesh.admission.clone());
        tokio::spawn(listen::serve(listener, None, router, admission, Timers::default(), stopped));
        Self { mesh, owner, room, _stop: stop, address }
    }

    /// A WebSocket that asks for everything and has read its snapshot.
    async fn behind(&self) -> WebSocketStream<TcpStream> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let mut request = "ws://localhost:8443/api/v1/ws".into_client_request().unwrap();
        let cookie = format!("__Host-mesh={}", self.owner.cookies["__Host-mesh"]);
        let headers = request.headers_mut();
        headers.insert(HOST, HeaderValue::from_static("localhost:8443"));
        headers.insert(ORIGIN, HeaderValue::from_static("https://localhost:8443"));
        headers.insert(COOKIE, cookie.parse().unwrap());
        let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
        let resume = json!([{ "room": self.room, "seq": 0 }]);
        let hello = json!({ "type": "hello", "protocol": mesh_protocol::version::CURRENT, "resume": resume });
        socket.send(Message::Text(hello.to_string().into())).await.unwrap();
        let welcome = socket.next().await.unwrap().unwrap();
        assert!(welcome.to_text().unwrap().contains("welcome"), "{welcome:?}");
        // The box writes until nothing more fits.
        tokio::time::sleep(Duration::from_millis(500)).await;
        socket
    }

    async fn revoke(&mut self) {
        self.owner.delete("/session").await.expect(StatusCode::NO_CONTENT);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_catches_up_is_cut_off_in_the_middle() {
    let mut scene = Scene::set().await;
    let mut socket = scene.behind().await;
    scene.revoke().await;
    let mut texts = 0;
    let code = loop {
        match socket.next().await {
            Some(Ok(Message::Close(frame))) => break frame.map(|frame| u16::from(frame.code)),
            Some(Ok(Message::Text(_))) => texts += 1,
            Some(Ok(_)) => {}
            Some(Err(error)) => panic!("{error}"),
            None => break None,
        }
    };
    assert_eq!(code, Some(SIGNED_OUT));
    // Three of the longest texts fit into one message.
    assert!(texts < POSTS / 4, "{texts} messages after the session had ended");
    drop(scene.mesh);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_takes_nothing_is_cut_off_as_well() {
    let mut scene = Scene::set().await;
    let mut socket = scene.behind().await;
    scene.revoke().await;
    let since = Instant::now();
    // Nothing is read here: that the box has closed shows by its refusing what is sent.
    while socket.send(Message::Ping(b"there?".as_slice().into())).await.is_ok() {
        assert!(since.elapsed() < SOON, "the box still holds on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
