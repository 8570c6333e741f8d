//! Searching a long history for a word of its first message.

use std::time::Instant;

use anyhow::Result;
use mesh_lab::socket::Socket;
use mesh_protocol::chat::SearchRequest;
use mesh_protocol::control::{ClientMessage, ServerMessage};
use tokio::runtime::Runtime;

use super::{Context, Figure, claimed, millis, percentile, tag};

/// Chat messages in the room.
const MESSAGES: usize = 20_000;
/// Unacknowledged chat messages on the way.
const WINDOW: usize = 64;
/// Searches measured.
const SEARCHES: u32 = 11;

pub(super) fn run(runtime: &Runtime, context: &Context) -> Result<Vec<Figure>> {
    runtime.block_on(async {
        let team = claimed(context).await?;
        let (mut socket, _) = Socket::open(&team.owner, vec![]).await?;
        let (mut sent, mut acknowledged) = (0, 0);
        while acknowledged < MESSAGES {
            while sent < MESSAGES && sent - acknowledged < WINDOW {
                let text =
                    if sent == 0 { "un café très tôt" } else { "The build is green again, see the log." };
                socket.chat(team.room, &tag(0, sent), text).await?;
                sent += 1;
            }
            acknowledged += usize::from(matches!(socket.next().await?, ServerMessage::ChatAck(_)));
        }
        let mut times = Vec::new();
        for request in 0..SEARCHES {
            let started = Instant::now();
            let query = "cafe tot".to_owned();
            let (room, by, cursor) = (None, None, None);
            let search = SearchRequest { request, query, room, by, cursor, limit: 25 };
            socket.send(&ClientMessage::Search(search)).await?;
            let mut hits = 0;
            loop {
                match socket.next().await? {
                    ServerMessage::Search(answer) => {
                        hits += answer.page.hits.len();
                        let Some(next) = answer.page.next else { break };
                        let again = SearchRequest {
                            request,
                            query: "cafe tot".to_owned(),
                            room: None,
                            by: None,
                            cursor: Some(next),
                            limit: 25,
                        };
                        socket.send(&ClientMessage::Search(again)).await?;
                    }
                    ServerMessage::RequestRefused(refused) => anyhow::bail!("refused: {:?}", refused.error),
                    _ => {}
                }
            }
            times.push(started.elapsed());
            anyhow::ensure!(hits == 1, "{hits} hits instead of one");
        }
        times.sort_unstable();
        let median = millis(percentile(&times, 0.5));
        Ok(vec![Figure::new("search 20,000 chat messages for a word of the first one, median", median, "–")])
    })
}
