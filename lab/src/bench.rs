//! The scenarios of `mesh-bench`, and what they share.

mod catch_up;
mod idle;
mod latency;
mod search;
mod sockets;
mod start;
mod throughput;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use mesh_lab::rest::Client;
use mesh_lab::running::{Place, RunningBox};
use mesh_lab::socket::Socket;
use mesh_protocol::id::RoomId;
use mesh_protocol::room::RoomKind;
use tokio::runtime::Runtime;

/// Where a scenario runs.
pub(crate) struct Context {
    /// The box to measure.
    pub(crate) binary: PathBuf,
    /// An empty folder of its own.
    pub(crate) folder: PathBuf,
}

/// One measured line.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) measured: String,
    pub(crate) aim: &'static str,
}

impl Figure {
    fn new(name: &str, measured: impl Into<String>, aim: &'static str) -> Self {
        Self { name: name.to_owned(), measured: measured.into(), aim }
    }
}

/// A named measurement.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Runtime, &Context) -> Result<Vec<Figure>>,
}

/// All of them, in the order of the document.
pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario { name: "start", run: start::run },
    Scenario { name: "idle", run: idle::run },
    Scenario { name: "latency", run: latency::run },
    Scenario { name: "throughput", run: throughput::run },
    Scenario { name: "sockets", run: sockets::run },
    Scenario { name: "catch-up", run: catch_up::run },
    Scenario { name: "search", run: search::run },
];

/// A claimed box, its owner signed in, and the first room.
struct Claimed {
    running: RunningBox,
    owner: Client,
    room: RoomId,
}

async fn claimed(context: &Context) -> Result<Claimed> {
    let place = Place::new(&context.binary, &context.folder)?;
    let running = place.start()?;
    let mut owner = Client::new(&place)?;
    owner.claim(&place.claim_code()?).await?;
    let (_, welcome) = Socket::open(&owner, vec![]).await?;
    let room = welcome.rooms.iter().find(|room| room.kind == RoomKind::Room).context("a first room")?.id;
    Ok(Claimed { running, owner, room })
}

/// A client tag that is a UUID in form and unique within a run.
fn tag(sender: usize, number: usize) -> String {
    format!("{sender:08x}-0000-4000-8000-{number:012x}")
}

fn millis(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1e3)
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// The value below which `share` (0 to 1) of the sorted samples lie.
fn percentile(sorted: &[Duration], share: f64) -> Duration {
    let last = sorted.len().saturating_sub(1);
    let index = (share * last as f64).round() as usize;
    sorted.get(index.min(last)).copied().unwrap_or_default()
}
