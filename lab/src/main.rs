//! `mesh-bench`: measures a real, static box on this machine and prints the figures of `docs/benchmarks.md`.
//!
//! Each scenario starts its own box with its own data folder. Figures of one run belong together: machines are
//! noisy, so compare ratios within a run, not numbers between runs.

mod bench;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

/// Measures a Mesh box on this machine.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// The box to measure, as `make dist` builds it.
    #[arg(long, default_value = "dist/x86_64/mesh-appliance")]
    binary: PathBuf,
    /// Folder for the boxes' data, on the disk to measure; a temporary one by default.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Only scenarios whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
}

#[expect(clippy::print_stdout, reason = "a command-line tool prints its results")]
fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!("| figure | measured | aim |\n|---|---|---|");
    for scenario in bench::SCENARIOS {
        if !scenario.name.contains(&arguments.only) {
            continue;
        }
        let folder = match &arguments.folder {
            Some(folder) => tempfile::tempdir_in(folder)?,
            None => tempfile::tempdir()?,
        };
        let context = bench::Context { binary: arguments.binary.clone(), folder: folder.path().to_owned() };
        for figure in (scenario.run)(&runtime, &context)? {
            println!("| {} | {} | {} |", figure.name, figure.measured, figure.aim);
        }
    }
    Ok(())
}
