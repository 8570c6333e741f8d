//! Acknowledged chat messages a second with four senders in one room.

use std::time::Instant;

use anyhow::Result;
use mesh_lab::rest::Client;
use mesh_lab::socket::Socket;
use mesh_protocol::control::ServerMessage;
use mesh_protocol::id::RoomId;
use tokio::runtime::Runtime;

use super::{Context, Figure, claimed, tag};

/// Chat messages of each sender.
const EACH: usize = 5_000;
/// Unacknowledged chat messages that a sender allows itself.
const WINDOW: usize = 32;

pub(super) fn run(runtime: &Runtime, context: &Context) -> Result<Vec<Figure>> {
    runtime.block_on(async {
        let mut team = claimed(context).await?;
        let mut clients = vec![team.owner.clone()];
        for name in ["bruno", "chloe", "dan"] {
            clients.push(team.owner.join(name, vec![team.room]).await?);
        }
        let started = Instant::now();
        let senders: Vec<_> = clients
            .into_iter()
            .enumerate()
            .map(|(number, client)| tokio::spawn(send_all(client, team.room, number)))
            .collect();
        for sender in senders {
            sender.await??;
        }
        let rate = (4 * EACH) as f64 / started.elapsed().as_secs_f64();
        Ok(vec![Figure::new("acknowledged chat messages a second, 4 senders", format!("{rate:.0}"), "–")])
    })
}

async fn send_all(client: Client, room: RoomId, sender: usize) -> Result<()> {
    let (mut socket, _) = Socket::open(&client, vec![]).await?;
    let (mut sent, mut acknowledged) = (0, 0);
    while acknowledged < EACH {
        while sent < EACH && sent - acknowledged < WINDOW {
            socket.chat(room, &tag(sender, sent), "The build is green again.").await?;
            sent += 1;
        }
        match socket.next().await? {
            ServerMessage::ChatAck(_) => acknowledged += 1,
            ServerMessage::ChatRefused(refused) => anyhow::bail!("refused: {:?}", refused.error),
            _ => {}
        }
    }
    Ok(())
}
