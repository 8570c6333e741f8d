//! The command `mesh`: the program on each laptop of the team.
//!
//! This version carries the command's frame: it says what it is and which version. What it does for files, folders,
//! sync and terminals needs a paired device, and every one of those commands will be listed by `mesh --help`.

use clap::{CommandFactory, Parser};

/// Mesh on this computer: files, folders and terminals of your team, from laptop to laptop.
///
/// Mesh needs a box on your network: open its address in a browser to chat and to invite people.
#[derive(Debug, Parser)]
#[command(
    name = "mesh",
    version,
    arg_required_else_help = true,
    after_help = "Open the address of your box in a browser to use Mesh: `make run` prints it."
)]
struct Arguments {}

#[expect(clippy::print_stdout, reason = "a command's output")]
fn main() {
    Arguments::parse();
    println!("{}", Arguments::command().render_help());
}
