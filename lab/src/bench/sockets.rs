//! Memory of 2,000 idle WebSockets, and how fast they all come back after a restart of the box.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use mesh_lab::rest::Client;
use mesh_lab::socket::Socket;
use mesh_protocol::control::ServerMessage;
use mesh_protocol::id::RoomId;
use mesh_protocol::session::ResumePoint;
use mesh_protocol::time::Seq;
use tokio::runtime::Runtime;

use super::{Context, Figure, claimed, mebibytes, millis};

/// WebSockets opened.
const SOCKETS: usize = 2_000;
/// Handshakes in flight at once.
const IN_FLIGHT: usize = 64;

pub(super) fn run(runtime: &Runtime, context: &Context) -> Result<Vec<Figure>> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    rustix::process::setrlimit(
        rustix::process::Resource::Nofile,
        rustix::process::Rlimit { current: limit.maximum, maximum: limit.maximum },
    )?;
    runtime.block_on(async {
        let team = claimed(context).await?;
        let place = team.running.place().clone();
        team.running.stop()?;
        let running = place.start()?;
        let before = running.memory()?.resident;
        let sockets = open_all(&team.owner, vec![]).await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        let after = running.memory()?.resident;
        let each = (after.saturating_sub(before)) as f64 / SOCKETS as f64 / 1024.0;
        running.kill()?;
        drop(sockets);
        let running = place.start()?;
        let started = Instant::now();
        let resume = vec![ResumePoint { room: team.room, seq: Seq(1) }];
        let sockets = resume_all(&team.owner, resume, team.room).await?;
        let storm = started.elapsed();
        let peak = running.memory()?.peak;
        drop(sockets);
        Ok(vec![
            Figure::new("2,000 idle TLS WebSockets: each", format!("{each:.1} KiB"), "16 KiB"),
            Figure::new("2,000 idle TLS WebSockets: resident in all", mebibytes(after), "48 MiB"),
            Figure::new("2,000 resume after a kill: all caught up after", millis(storm), "10 s"),
            Figure::new("2,000 resume after a kill: peak memory", mebibytes(peak), "1.5 × of idle"),
        ])
    })
}

async fn open_all(client: &Client, resume: Vec<ResumePoint>) -> Result<Vec<Socket>> {
    stream::iter(0..SOCKETS)
        .map(|_| async { anyhow::Ok(Socket::open(client, resume.clone()).await?.0) })
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await
}

async fn resume_all(client: &Client, resume: Vec<ResumePoint>, room: RoomId) -> Result<Vec<Socket>> {
    stream::iter(0..SOCKETS)
        .map(|_| async {
            let (mut socket, _) = Socket::open(client, resume.clone()).await?;
            let mut resumed = false;
            loop {
                match socket.next().await? {
                    ServerMessage::RoomEvents(events) if events.room == room => resumed = true,
                    ServerMessage::CaughtUp(_) => break,
                    _ => {}
                }
            }
            anyhow::ensure!(resumed, "a session was caught up without the event that it missed");
            Ok(socket)
        })
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await
}
