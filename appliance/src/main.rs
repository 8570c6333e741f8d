//! The appliance's binary: arguments, logging, and the life of the process.

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use mesh_appliance::cli::{self, Arguments, Command, Data, Serve, exit};
use mesh_appliance::clock::Clock;
use mesh_appliance::config::EXAMPLE;
use mesh_appliance::{Appliance, claim, log, systemd};
use tokio::signal::unix::{SignalKind, signal};

#[expect(clippy::print_stdout, reason = "a command's output")]
fn main() -> ExitCode {
    return_large_memory();
    // Whatever the box writes is for its own user's eyes.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    match Arguments::parse().command {
        Command::Serve(arguments) => with_folder(&arguments.data, |folder| serve(&arguments, folder)),
        Command::ClaimCode(data) => with_folder(&data, cli::claim_code),
        Command::RecoveryCode(data) => {
            with_folder(&data, |folder| cli::recovery_code(folder, Clock::system().wall()))
        }
        Command::Check(data) => with_folder(&data, cli::check),
        Command::Config => {
            print!("{EXAMPLE}");
            ExitCode::SUCCESS
        }
    }
}

/// Makes the C library give large blocks back to the system as soon as they are freed. By itself it keeps those of
/// the size that it has seen before, and a box that has hashed two passwords would hold 38 MiB for ever.
#[cfg(target_env = "gnu")]
#[expect(unsafe_code, reason = "a call into the C library, before any other thread runs, with plain numbers")]
fn return_large_memory() {
    const LARGE: libc::c_int = 256 * 1024;
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        // One arena for each of the two worker threads; more only keep more memory apart.
        libc::mallopt(libc::M_ARENA_MAX, 2);
    }
}

/// Other C libraries give large blocks back by themselves.
#[cfg(not(target_env = "gnu"))]
fn return_large_memory() {}

#[expect(clippy::print_stderr, reason = "a failure to start is for the person who typed the command")]
fn fail(code: u8, sentence: &str) -> ExitCode {
    eprintln!("mesh-appliance: {sentence}");
    ExitCode::from(code)
}

fn with_folder(data: &Data, run: impl FnOnce(&Path) -> ExitCode) -> ExitCode {
    match data.folder() {
        Ok(folder) => run(&folder),
        Err(error) => fail(exit::FOLDER, &format!("{error}.")),
    }
}

fn serve(arguments: &Serve, folder: &Path) -> ExitCode {
    let config = match arguments.configuration() {
        Ok(config) => config,
        Err(error) => return fail(exit::CONFIG, &error.to_string()),
    };
    if let Err(error) = log::start(&config.log) {
        return fail(exit::CONFIG, &error);
    }
    // Two threads serve a team of four; password hashing and page reads have a few more, which end when idle.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(exit::FAILURE, &format!("the system gives no threads: {error}")),
    };
    runtime.block_on(async {
        let appliance = match Appliance::start(&config, folder, Clock::system()).await {
            Ok(appliance) => appliance,
            Err(error) => {
                let reason = error.to_string();
                let sentence = format!("{}. {}", reason.trim_end_matches('.'), cli::start_hint(&error));
                return fail(cli::start_code(&error), sentence.trim_end());
            }
        };
        let stop = match stop_signals() {
            Ok(stop) => stop,
            Err(error) => return fail(exit::FAILURE, &format!("the system gives no signals: {error}")),
        };
        let addresses = cli::addresses(&appliance);
        cli::note_addresses(folder, &addresses);
        greet(&appliance, &addresses);
        systemd::ready();
        let alive = tokio::spawn(systemd::keep_alive());
        stop.await;
        tracing::info!("stopping");
        systemd::stopping();
        appliance.shutdown().await;
        alive.abort();
        ExitCode::SUCCESS
    })
}

/// Says where the box is, and how to become its owner.
#[expect(clippy::print_stdout, reason = "what a person who starts the box needs to know")]
fn greet(appliance: &Appliance, addresses: &[String]) {
    let (url, others) = match addresses {
        [url, others @ ..] => (url.as_str(), others),
        [] => ("", addresses),
    };
    println!("Mesh is running at {url}");
    for other in others {
        println!("From other devices: {other}");
    }
    println!("Certificate fingerprint: {}", appliance.certificates().fingerprint());
    if let Some(code) = appliance.claim_code() {
        println!("\nThis box has no owner yet. Open this link once to claim it:");
        println!("  {url}/welcome#code={code}");
        println!("or open {url} and type the code {}", claim::display(code));
    }
    tracing::info!(address = %appliance.address(), http_address = %appliance.http_address(), "listening");
}

/// Ctrl-C or a request to end. They are listened for from the call on, not from the first wait on.
fn stop_signals() -> std::io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
