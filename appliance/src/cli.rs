//! The command line: what can be typed, and what each failure is called.

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mesh_protocol::time::UnixMillis;

use crate::config::{Config, ConfigError};
use crate::recovery::{self, Recovery};
use crate::store::{self, OpenError};
use crate::{Appliance, DATABASE, LockError, StartError, claim};

/// Exit codes, besides 0 for success and 2 for a wrong command line.
pub mod exit {
    /// Something unexpected; the log has it.
    pub const FAILURE: u8 = 1;
    /// The configuration has a mistake.
    pub const CONFIG: u8 = 3;
    /// An address can't be listened on.
    pub const ADDRESS: u8 = 4;
    /// The data folder can't be used.
    pub const FOLDER: u8 = 5;
    /// The data folder is in use.
    pub const IN_USE: u8 = 6;
    /// The database is damaged, or newer than this build.
    pub const DATABASE: u8 = 7;
    /// The certificate can't be used.
    pub const CERTIFICATE: u8 = 8;
}

const EXIT_CODES: &str = "Exit codes:
  0 success            3 mistake in the configuration    6 data folder in use
  1 unexpected error   4 address can't be listened on    7 database damaged or too new
  2 wrong arguments    5 data folder can't be used       8 certificate can't be used";

const DATA_DIR: &str =
    "Without --data-dir, the data is in $STATE_DIRECTORY; or else in /var/lib/mesh, if there is
such a folder; or else where `make run` keeps it: ${XDG_STATE_HOME:-~/.local/state}/mesh/appliance.";

/// The Mesh box: accounts, rooms and chat for a team of two to four, on your own network.
#[derive(Debug, Parser)]
#[command(name = "mesh-appliance", version, after_help = format!("{DATA_DIR}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the box until it is stopped with Ctrl-C or SIGTERM
    Serve(Serve),
    /// Show the one-time code that makes you the owner of a fresh box
    ClaimCode(Data),
    /// Make a one-time code that lets an owner who forgot the password set a new one; the box may be running
    RecoveryCode(Data),
    /// Check that the database is whole; the box must not be running
    Check(Data),
    /// Print a configuration file with every setting, its default and its meaning
    Config,
}

/// Where the box's data is.
#[derive(Debug, clap::Args)]
#[command(after_help = DATA_DIR)]
pub struct Data {
    /// Folder with the box's data; see below for the default
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl Data {
    /// The folder that was typed, or the one where a box of this machine has its data.
    ///
    /// # Errors
    /// When there is no default, because this user has no home.
    pub fn folder(&self) -> Result<PathBuf, NoFolder> {
        match &self.data_dir {
            Some(typed) => Ok(typed.clone()),
            None => default_folder(Path::new(SYSTEM_FOLDER), |name| std::env::var_os(name)),
        }
    }
}

/// Where a box that the system runs keeps its data.
const SYSTEM_FOLDER: &str = "/var/lib/mesh";

/// Nothing was typed, and nothing says where this user's data is.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("this user has no home folder; say with --data-dir where the box's data is")]
pub struct NoFolder;

fn default_folder(system: &Path, variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, NoFolder> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(given) = set("STATE_DIRECTORY") {
        return Ok(given);
    }
    if system.is_dir() {
        return Ok(system.to_owned());
    }
    let state = set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local/state")));
    Ok(state.ok_or(NoFolder)?.join("mesh/appliance"))
}

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The folder for everything the box keeps; made if it is missing.
    #[command(flatten)]
    pub data: Data,
    /// Address of the web client, over TLS; all of this machine's at port 8443 by default
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Address of the plain page that leads to it; all of this machine's at port 8080 by default
    #[arg(long, value_name = "ADDR:PORT")]
    pub http_listen: Option<SocketAddr>,
    /// Configuration file; see `mesh-appliance config`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl Serve {
    /// The configuration: the file's, with what was typed over it.
    ///
    /// # Errors
    /// When the file can't be read or has a mistake.
    pub fn configuration(&self) -> Result<Config, ConfigError> {
        let mut config = match &self.config {
            Some(path) => Config::load(path)?,
            None => Config::default(),
        };
        config.listen.address = self.listen.unwrap_or(config.listen.address);
        config.listen.http_address = self.http_listen.unwrap_or(config.listen.http_address);
        Ok(config)
    }
}

/// The exit code of a box that could not start.
pub fn start_code(error: &StartError) -> u8 {
    match error {
        StartError::Folder(LockError::InUse(..)) | StartError::Database(_, OpenError::Locked) => exit::IN_USE,
        StartError::Folder(LockError::Unusable(..)) | StartError::Claim(_) | StartError::Identity(_) => {
            exit::FOLDER
        }
        StartError::Database(..) => exit::DATABASE,
        StartError::Tls(_) => exit::CERTIFICATE,
        StartError::Listen(..) => exit::ADDRESS,
        StartError::Store(_) => exit::FAILURE,
    }
}

/// What can be done about an address that can't be listened on.
pub fn start_hint(error: &StartError) -> &'static str {
    match error {
        StartError::Listen(_, error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            "Another program uses this port; stop it, or choose another with --listen and --http-listen."
        }
        StartError::Listen(_, error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            "Ports below 1024 need a permission; choose a higher one with --listen and --http-listen."
        }
        StartError::Listen(..) => "Choose an address of this machine with --listen and --http-listen.",
        _ => "",
    }
}

/// Whether a name of the box can lead another device to it, and people would type it: one that the local network
/// resolves, or an address other than the machine's own for itself.
fn is_for_other_devices(name: &str) -> bool {
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => !address.is_loopback() && !address.is_link_local(),
        Ok(IpAddr::V6(_)) => false,
        Err(_) => name.contains('.'),
    }
}

/// The file in the data folder that says where the box is, one address a line, for the commands that print links.
const ADDRESSES: &str = "address";

/// Where the box is: the address for this machine first, then those for other devices.
pub fn addresses(appliance: &Appliance) -> Vec<String> {
    let address = appliance.address();
    let port = address.port();
    let of_this_machine = match address.ip() {
        ip if ip.is_unspecified() => format!("https://localhost:{port}"),
        IpAddr::V6(ip) => format!("https://[{ip}]:{port}"),
        IpAddr::V4(ip) => format!("https://{ip}:{port}"),
    };
    let mut addresses = vec![of_this_machine];
    if address.ip().is_unspecified() {
        let names = appliance.certificates().names();
        let of_others = names.iter().filter(|name| is_for_other_devices(name));
        addresses.extend(of_others.map(|name| format!("https://{name}:{port}")));
    }
    addresses
}

/// Notes where the box is, for [`claim_code`] and [`recovery_code`].
pub fn note_addresses(folder: &Path, addresses: &[String]) {
    let text: String = addresses.iter().map(|address| format!("{address}\n")).collect();
    if let Err(error) = std::fs::write(folder.join(ADDRESSES), text) {
        tracing::warn!(%error, "the box's address could not be noted; commands print codes without links");
    }
}

/// Prints a code, and the links that carry it where the box's address is known.
#[expect(clippy::print_stdout, reason = "a command's output")]
fn print_code(folder: &Path, code: &str, page: &str) {
    println!("{}", claim::display(code));
    // Without it, there is still the code to type.
    for address in std::fs::read_to_string(folder.join(ADDRESSES)).unwrap_or_default().lines() {
        println!("{address}{page}{code}");
    }
}

fn no_box(folder: &Path) -> String {
    format!("There is no box in {}. Start one with `mesh-appliance serve`.", folder.display())
}

/// `mesh-appliance recovery-code`.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command's output")]
pub fn recovery_code(folder: &Path, now: UnixMillis) -> ExitCode {
    if !folder.join(DATABASE).exists() {
        eprintln!("{}", no_box(folder));
        return ExitCode::from(exit::FOLDER);
    }
    if folder.join(claim::FILE).exists() {
        eprintln!("This box has no owner yet: claim it with the code of `mesh-appliance claim-code`.");
        return ExitCode::from(exit::FAILURE);
    }
    match Recovery::new(folder).write(now) {
        Ok(code) => {
            print_code(folder, &code, "/recover#");
            let minutes = recovery::LIFE_MS / 60_000;
            println!(
                "Sets an owner's new password, once, within {minutes} minutes, on the box's page /recover."
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("The recovery code can't be written into {}: {error}.", folder.display());
            eprintln!("Run the command as root, or as the user that runs the box.");
            ExitCode::from(exit::FOLDER)
        }
    }
}

/// `mesh-appliance claim-code`.
#[expect(clippy::print_stderr, reason = "a command's output")]
pub fn claim_code(folder: &Path) -> ExitCode {
    match std::fs::read_to_string(folder.join(claim::FILE)) {
        Ok(code) => {
            print_code(folder, code.trim(), "/welcome#code=");
            ExitCode::SUCCESS
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && folder.join(DATABASE).exists() => {
            eprintln!("This box has an owner already: there is no claim code.");
            ExitCode::from(exit::FAILURE)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("{}", no_box(folder));
            ExitCode::from(exit::FOLDER)
        }
        Err(error) => {
            eprintln!("The claim code in {} can't be read: {error}.", folder.display());
            ExitCode::from(exit::FOLDER)
        }
    }
}

/// `mesh-appliance check`.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command's output")]
pub fn check(folder: &Path) -> ExitCode {
    let path = folder.join(DATABASE);
    match store::check(&path) {
        Ok(report) => {
            println!("The database is whole (schema {}).", report.schema);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}.", path.display());
            ExitCode::from(match error {
                OpenError::Locked => exit::IN_USE,
                OpenError::Damaged(_) | OpenError::TooNew { .. } => exit::DATABASE,
                OpenError::Io(_) => exit::FOLDER,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_looked_for_where_it_would_be_started() {
        let there = tempfile::tempdir().unwrap();
        let missing = there.path().join("missing");
        let find = |system: &Path, set: &[(&str, &str)]| {
            let value = |name: &str| set.iter().find(|(of, _)| *of == name).map(|(_, value)| value.into());
            default_folder(system, value)
        };
        let service = [("STATE_DIRECTORY", "/var/lib/other"), ("HOME", "/home/anna")];
        assert_eq!(find(there.path(), &service), Ok("/var/lib/other".into()));
        assert_eq!(find(there.path(), &[("HOME", "/home/anna")]), Ok(there.path().to_owned()));
        let home = "/home/anna/.local/state/mesh/appliance".into();
        assert_eq!(find(&missing, &[("HOME", "/home/anna"), ("XDG_STATE_HOME", "")]), Ok(home));
        let state = [("HOME", "/home/anna"), ("XDG_STATE_HOME", "/state")];
        assert_eq!(find(&missing, &state), Ok("/state/mesh/appliance".into()));
        assert_eq!(find(&missing, &[]), Err(NoFolder));
    }
}
