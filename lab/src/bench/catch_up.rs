//! Time from connecting to having 1,000 missed chat messages.

use std::time::Instant;

use anyhow::Result;
use mesh_lab::socket::Socket;
use mesh_protocol::control::ServerMessage;
use mesh_protocol::session::ResumePoint;
use tokio::runtime::Runtime;

use super::{Context, Figure, claimed, millis, percentile, tag};

/// Chat messages missed.
const MISSED: usize = 1_000;
/// Times measured.
const TIMES: usize = 11;

pub(super) fn run(runtime: &Runtime, context: &Context) -> Result<Vec<Figure>> {
    runtime.block_on(async {
        let team = claimed(context).await?;
        let (mut socket, welcome) = Socket::open(&team.owner, vec![]).await?;
        let before = welcome.rooms.iter().find(|room| room.id == team.room).map(|room| room.last_seq);
        for number in 0..MISSED {
            socket.chat(team.room, &tag(0, number), "The build is green again, see the log.").await?;
        }
        let mut acknowledged = 0;
        while acknowledged < MISSED {
            acknowledged += usize::from(matches!(socket.next().await?, ServerMessage::ChatAck(_)));
        }
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let started = Instant::now();
            let resume = vec![ResumePoint { room: team.room, seq: before.unwrap_or_default() }];
            let (mut socket, _) = Socket::open(&team.owner, resume).await?;
            let mut events = 0;
            loop {
                match socket.next().await? {
                    ServerMessage::RoomEvents(missed) => events += missed.events.len(),
                    ServerMessage::CaughtUp(_) => break,
                    _ => {}
                }
            }
            times.push(started.elapsed());
            anyhow::ensure!(events == MISSED, "{events} events were replayed instead of {MISSED}");
        }
        times.sort_unstable();
        let median = millis(percentile(&times, 0.5));
        Ok(vec![Figure::new("connect and catch up 1,000 missed chat messages, median", median, "200 ms")])
    })
}
