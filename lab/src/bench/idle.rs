//! Memory of a claimed box with four people connected and nothing to do.

use std::time::Duration;

use anyhow::Result;
use mesh_lab::socket::Socket;
use tokio::runtime::Runtime;

use super::{Context, Figure, claimed, mebibytes};

pub(super) fn run(runtime: &Runtime, context: &Context) -> Result<Vec<Figure>> {
    runtime.block_on(async {
        let mut team = claimed(context).await?;
        let mut sockets = Vec::new();
        for name in ["bruno", "chloe", "dan"] {
            let client = team.owner.join(name, vec![team.room]).await?;
            sockets.push(Socket::open(&client, vec![]).await?.0);
        }
        sockets.push(Socket::open(&team.owner, vec![]).await?.0);
        tokio::time::sleep(Duration::from_secs(3)).await;
        let after_hashing = team.running.memory()?;
        drop(sockets);
        let place = team.running.place().clone();
        team.running.stop()?;
        // A box that has just been restarted has hashed no password yet.
        let running = place.start()?;
        let socket = Socket::open(&team.owner, vec![]).await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        let idle = running.memory()?;
        drop(socket);
        Ok(vec![
            Figure::new(
                "idle, claimed, after a restart: resident",
                mebibytes(idle.resident),
                "12 MiB, cap 16",
            ),
            Figure::new("idle after four people joined: resident", mebibytes(after_hashing.resident), "–"),
            Figure::new("peak while four passwords were hashed", mebibytes(after_hashing.peak), "–"),
        ])
    })
}
