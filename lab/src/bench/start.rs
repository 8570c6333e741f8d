//! Size of the binary, and the time from start to the first answer.

use std::time::{Duration, Instant};

use anyhow::Result;
use mesh_lab::rest::Client;
use mesh_lab::running::Place;
use tokio::runtime::Runtime;

use super::{Context, Figure, mebibytes, millis, percentile};

/// Starts measured.
const STARTS: usize = 15;

pub(super) fn run(runtime: &Runtime, context: &Context) -> Result<Vec<Figure>> {
    let size = std::fs::metadata(&context.binary)?.len();
    let place = Place::new(&context.binary, &context.folder)?;
    let first = answer_time(runtime, &place)?;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..STARTS {
        times.push(answer_time(runtime, &place)?);
    }
    times.sort_unstable();
    Ok(vec![
        Figure::new("static appliance, web client inside", mebibytes(size), "8 MiB, cap 10"),
        Figure::new("first start ever (keys, certificates, store) to first answer", millis(first), "–"),
        Figure::new("cold start to first answer, median of 15", millis(percentile(&times, 0.5)), "50 ms"),
    ])
}

/// From `exec` to a complete answer of `/healthz` over TLS.
fn answer_time(runtime: &Runtime, place: &Place) -> Result<Duration> {
    let started = Instant::now();
    let running = place.start()?;
    let mut client = Client::new(place)?;
    runtime.block_on(client.request::<()>(hyper::Method::GET, "/healthz", None))?;
    let elapsed = started.elapsed();
    running.stop()?;
    Ok(elapsed)
}
