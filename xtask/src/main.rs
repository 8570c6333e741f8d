//! Generates files from the code and holds the code to its rules. Everything a person types is in the Makefile.

mod generate;
mod tidy;
mod vectors;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

#[expect(clippy::print_stderr, reason = "a command-line tool reports")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // Asked of cargo at run time: with a shared target folder, the path built in may be another clone's.
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&folder).parent().unwrap_or(Path::new("."));
    let done: Result<bool> = match arguments.as_slice() {
        ["gen"] => generate::run(root, generate::Mode::Write),
        ["gen", "--check"] => generate::run(root, generate::Mode::Check),
        ["tidy"] => tidy::run(root),
        _ => {
            eprintln!("usage: cargo xtask gen [--check] | tidy");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
