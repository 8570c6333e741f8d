//! Stopping: what is in flight is finished, what is idle is closed, and it ends in time.

use std::time::{Duration, Instant};

use mesh_appliance::config::LimitsConfig;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::support::{Edge, PATIENCE, TIMERS, TestBox, ask_hello, read_to_end};

#[tokio::test]
async fn a_request_in_flight_is_answered_and_an_idle_connection_closed() {
    let edge = Edge::plain(LimitsConfig::default(), TIMERS).await;
    let mut idle = edge.dial().await;
    ask_hello(&mut idle).await;
    let mut busy = edge.dial().await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    edge.stop.send(true).unwrap();
    let start = Instant::now();
    assert!(read_to_end(&mut idle).await.is_empty());
    assert!(start.elapsed() < Duration::from_millis(400), "idle connections go at once");
    assert!(read_to_end(&mut busy).await.starts_with(b"HTTP/1.1 200"));
    tokio::time::timeout(PATIENCE, edge.task).await.unwrap().unwrap();
    assert!(TcpStream::connect(edge.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn whoever_does_not_end_is_cut_when_the_time_is_over() {
    let edge = Edge::plain(LimitsConfig::default(), TIMERS).await;
    let mut stuck = edge.dial().await;
    stuck.write_all(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    edge.stop.send(true).unwrap();
    let start = Instant::now();
    tokio::time::timeout(PATIENCE, edge.task).await.unwrap().unwrap();
    assert!(start.elapsed() < TIMERS.stop + Duration::from_millis(500), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_whole_box_with_open_connections_stops_within_three_seconds() {
    let mesh = TestBox::start().await;
    let _idle = mesh.dial().await;
    let mut half = TcpStream::connect(mesh.appliance.address()).await.unwrap();
    half.write_all(&[22, 3]).await.unwrap();
    let mut slow = TcpStream::connect(mesh.appliance.http_address()).await.unwrap();
    slow.write_all(b"GET / HT").await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let start = Instant::now();
    mesh.appliance.shutdown().await;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}
