//! Time from sending a chat message to its arrival at another member, on disk and over TLS.

use std::time::{Duration, Instant};

use anyhow::Result;
use mesh_lab::socket::Socket;
use mesh_protocol::control::ServerMessage;
use tokio::runtime::Runtime;

use super::{Context, Figure, claimed, millis, percentile, tag};

/// Chat messages measured.
const MESSAGES: usize = 1_000;
/// The first ones warm caches and are not counted.
const WARM_UP: usize = 50;

pub(super) fn run(runtime: &Runtime, context: &Context) -> Result<Vec<Figure>> {
    runtime.block_on(async {
        let mut team = claimed(context).await?;
        let bruno = team.owner.join("bruno", vec![team.room]).await?;
        let (mut sender, _) = Socket::open(&team.owner, vec![]).await?;
        let (mut receiver, _) = Socket::open(&bruno, vec![]).await?;
        let mut received = Vec::new();
        let mut acknowledged = Vec::new();
        for number in 0..MESSAGES + WARM_UP {
            let sent = Instant::now();
            sender.chat(team.room, &tag(0, number), "The build is green again.").await?;
            wait(&mut receiver, |message| matches!(message, ServerMessage::RoomEvents(_))).await?;
            let arrived = sent.elapsed();
            wait(&mut sender, |message| matches!(message, ServerMessage::ChatAck(_))).await?;
            if number >= WARM_UP {
                received.push(arrived);
                acknowledged.push(sent.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        received.sort_unstable();
        acknowledged.sort_unstable();
        Ok(vec![
            Figure::new("chat send to receive, durable, p50", millis(percentile(&received, 0.5)), "3 ms"),
            Figure::new("chat send to receive, durable, p99", millis(percentile(&received, 0.99)), "15 ms"),
            Figure::new("chat send to acknowledgement, p50", millis(percentile(&acknowledged, 0.5)), "–"),
        ])
    })
}

async fn wait(socket: &mut Socket, wanted: impl Fn(&ServerMessage) -> bool) -> Result<()> {
    while !wanted(&socket.next().await?) {}
    Ok(())
}
