//! Whoever is slow is cut, at the time that belongs to what they are slow at; nobody else notices.

use std::time::{Duration, Instant};

use mesh_appliance::config::LimitsConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::support::{Edge, PATIENCE, TIMERS, ask_hello, limits, read_to_end};

async fn edge() -> Edge {
    Edge::plain(LimitsConfig::default(), TIMERS).await
}

/// How long it takes until the other end closes; no answer may come.
async fn time_until_cut(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> Duration {
    let start = Instant::now();
    let bytes = read_to_end(stream).await;
    assert!(bytes.is_empty(), "{:?}", String::from_utf8_lossy(&bytes));
    start.elapsed()
}

#[tokio::test]
async fn a_header_that_trickles_in_is_cut_and_others_are_served() {
    let edge = edge().await;
    let (mut reader, mut writer) = edge.dial().await.into_split();
    let trickle = tokio::spawn(async move {
        for byte in b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ".iter().chain(std::iter::repeat(&b'x')) {
            if writer.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    });
    let others = async {
        for _ in 0..10 {
            assert_eq!(ask_hello(&mut edge.dial().await).await.status, 200);
        }
    };
    let (took, ()) = tokio::join!(time_until_cut(&mut reader), others);
    assert!(took >= TIMERS.header / 2 && took < TIMERS.idle, "{took:?}");
    trickle.abort();
}

#[tokio::test]
async fn a_connection_that_never_asks_is_cut_after_the_time_of_a_header() {
    let edge = edge().await;
    let took = time_until_cut(&mut edge.dial().await).await;
    assert!(took >= TIMERS.header / 2 && took < TIMERS.idle, "{took:?}");
}

#[tokio::test]
async fn a_handshake_that_does_not_come_or_stops_halfway_is_cut() {
    let edge = Edge::secure().await;
    let mut silent = edge.dial().await;
    let mut halfway = edge.dial().await;
    // A record that promises 512 bytes of a handshake and brings one.
    halfway.write_all(&[22, 3, 1, 2, 0, 1]).await.unwrap();
    let (one, two) = tokio::join!(time_until_cut(&mut silent), time_until_cut(&mut halfway));
    for took in [one, two] {
        assert!(took >= TIMERS.handshake / 2 && took < TIMERS.idle, "{took:?}");
    }
}

#[tokio::test]
async fn an_idle_connection_may_wait_longer_than_a_header_and_is_closed_in_the_end() {
    let edge = edge().await;
    let mut stream = edge.dial().await;
    assert_eq!(ask_hello(&mut stream).await.status, 200);
    tokio::time::sleep(TIMERS.header * 2).await;
    assert_eq!(ask_hello(&mut stream).await.status, 200);
    let took = time_until_cut(&mut stream).await;
    assert!(took >= TIMERS.idle / 2 && took < TIMERS.idle * 2, "{took:?}");
}

#[tokio::test]
async fn a_later_header_has_the_time_of_a_header_and_not_of_the_pause() {
    let edge = edge().await;
    let mut stream = edge.dial().await;
    assert_eq!(ask_hello(&mut stream).await.status, 200);
    tokio::time::sleep(TIMERS.idle - TIMERS.header).await;
    stream.write_all(b"GET / HTT").await.unwrap();
    tokio::time::sleep(TIMERS.header / 2).await;
    stream.write_all(b"P/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut first = [0; 12];
    tokio::time::timeout(PATIENCE, stream.read_exact(&mut first)).await.unwrap().unwrap();
    assert_eq!(&first, b"HTTP/1.1 200", "idle time is over, but a header was on its way");
    let mut late = edge.dial().await;
    assert_eq!(ask_hello(&mut late).await.status, 200);
    late.write_all(b"GET / HTT").await.unwrap();
    let took = time_until_cut(&mut late).await;
    assert!(took < TIMERS.idle, "{took:?}");
}

#[tokio::test]
async fn an_answer_may_take_longer_than_any_header() {
    let edge = edge().await;
    let mut stream = edge.dial().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(read_to_end(&mut stream).await.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn whoever_does_not_take_an_answer_is_cut() {
    let edge = Edge::plain(limits(9, 1, 9), TIMERS).await;
    let mut greedy = edge.dial().await;
    greedy.write_all(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let start = Instant::now();
    // There is one place for this source: it is free once the other connection is gone.
    let free = async {
        loop {
            let mut next = edge.dial().await;
            let _ = next.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
            if read_to_end(&mut next).await.starts_with(b"HTTP/1.1 200") {
                return start.elapsed();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let took = tokio::time::timeout(PATIENCE, free).await.unwrap();
    assert!(took >= TIMERS.write / 2 && took < TIMERS.idle + TIMERS.write, "{took:?}");
    drop(greedy);
}
