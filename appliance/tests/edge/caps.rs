//! How many connections there may be, and who has to give way.

use std::time::Duration;

use mesh_appliance::listen::Timers;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::support::{Edge, PATIENCE, ask_hello, exchange, limits, read_to_end};

/// Whether a request on it is answered, rather than the connection closed.
async fn is_served(mut stream: TcpStream) -> bool {
    let request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.is_ok() && read_to_end(&mut stream).await.ends_with(b"hello")
}

#[tokio::test]
async fn a_source_has_its_share_and_others_have_theirs() {
    let edge = Edge::plain(limits(100, 2, 100), Timers::default()).await;
    let mut held = vec![edge.dial().await, edge.dial().await];
    for stream in &mut held {
        ask_hello(stream).await;
    }
    assert!(!is_served(edge.dial().await).await, "the third of one source");
    assert!(is_served(edge.dial_from(2).await).await, "another source");
    held.pop();
    // The box has to notice first.
    let freed = async { while !is_served(edge.dial().await).await {} };
    tokio::time::timeout(PATIENCE, freed).await.unwrap();
}

#[tokio::test]
async fn a_websocket_holds_its_place_for_as_long_as_it_lives() {
    let edge = Edge::plain(limits(100, 1, 100), Timers::default()).await;
    let mut socket = edge.dial().await;
    socket
        .write_all(
            b"GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
              Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        )
        .await
        .unwrap();
    let mut first = [0; 12];
    socket.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 101");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!is_served(edge.dial().await).await, "the socket is this source's one connection");
    drop(socket);
    let freed = async { while !is_served(edge.dial().await).await {} };
    tokio::time::timeout(PATIENCE, freed).await.unwrap();
}

#[tokio::test]
async fn strangers_who_hold_all_places_give_way_to_the_next() {
    let edge = Edge::plain(limits(100, 100, 3), Timers::default()).await;
    let mut idle = vec![edge.dial().await, edge.dial().await, edge.dial().await];
    for stream in &mut idle {
        ask_hello(stream).await;
    }
    assert!(is_served(edge.dial_from(2).await).await, "somebody else comes in");
    let mut oldest = idle.remove(0);
    assert!(read_to_end(&mut oldest).await.is_empty(), "the oldest gave way");
    assert_eq!(ask_hello(&mut idle[1]).await.status, 200, "one was enough");
}

#[tokio::test]
async fn the_box_is_never_full_of_strangers() {
    let edge = Edge::plain(limits(3, 100, 100), Timers::default()).await;
    let mut idle = vec![edge.dial().await, edge.dial().await, edge.dial().await];
    for stream in &mut idle {
        ask_hello(stream).await;
    }
    assert!(!is_served(edge.dial_from(2).await).await, "each stranger has a second");
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert!(is_served(edge.dial_from(2).await).await);
}

#[tokio::test]
async fn a_crowd_that_comes_back_at_once_is_served_one_after_the_other() {
    let edge = Edge::plain(limits(1_000, 1_000, 4), Timers::default()).await;
    let crowd = (0..200).map(|_| async { is_served(edge.dial().await).await });
    let served = futures_util::future::join_all(crowd).await;
    assert_eq!(served.iter().filter(|served| **served).count(), 200);
}

#[tokio::test]
async fn a_panic_ends_its_own_connection_and_no_other() {
    let edge = Edge::plain(limits(100, 100, 100), Timers::default()).await;
    let mut other = edge.dial().await;
    assert_eq!(ask_hello(&mut other).await.status, 200);
    for _ in 0..5 {
        let mut stream = edge.dial().await;
        stream.write_all(b"GET /panic HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        assert!(read_to_end(&mut stream).await.is_empty());
    }
    assert_eq!(ask_hello(&mut other).await.status, 200);
    assert_eq!(exchange(edge.dial().await, "GET", "/", &["Host: a"]).await.status, 200);
}
