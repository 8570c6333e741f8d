//! Files that are made from the code: TypeScript types, the OpenAPI document, golden samples.
//!
//! A file is rewritten only when it differs, so builds that depend on it are not disturbed. `--check` writes
//! nothing and says which files are out of date.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mesh_protocol::control::{ClientMessage, ServerMessage};
use mesh_protocol::{error, room, session, team};
use ts_rs::{Config, TS};

/// What to do with files that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

const TYPES: &str = "webui/src/protocol/generated";
const LIMITS: &str = "protocol/src/limit.rs";

/// Makes all files; false when some differ and only a check was wanted.
#[expect(clippy::print_stderr, reason = "says which files are out of date")]
pub(crate) fn run(root: &Path, mode: Mode) -> Result<bool> {
    let mut wanted: BTreeMap<PathBuf, String> = types()?;
    let source = std::fs::read_to_string(root.join(LIMITS)).context(LIMITS)?;
    wanted.insert(Path::new(TYPES).join("limit.ts"), limits(&source)?);
    wanted.insert("docs/openapi.json".into(), mesh_appliance::http::openapi::json());
    for (name, text) in mesh_protocol::fixture::files() {
        wanted.insert(Path::new("protocol/fixtures").join(name), text);
    }
    wanted.insert("protocol/fixtures/capability.json".into(), crate::vectors::json()?);
    let mut is_current = true;
    for (path, text) in &wanted {
        let full = root.join(path);
        if std::fs::read_to_string(&full).is_ok_and(|current| current == *text) {
            continue;
        }
        is_current = false;
        if mode == Mode::Check {
            eprintln!("{} is out of date: run `make gen`", path.display());
            continue;
        }
        std::fs::create_dir_all(full.parent().context("a generated file has a folder")?)?;
        std::fs::write(&full, text).with_context(|| full.display().to_string())?;
    }
    let stale = remove_stale(root, &wanted, mode)?;
    Ok(mode == Mode::Write || (is_current && !stale))
}

/// Types that no longer exist leave files behind.
#[expect(clippy::print_stderr, reason = "says which files are out of date")]
fn remove_stale(root: &Path, wanted: &BTreeMap<PathBuf, String>, mode: Mode) -> Result<bool> {
    let mut found = false;
    let Ok(entries) = std::fs::read_dir(root.join(TYPES)) else { return Ok(false) };
    for entry in entries {
        let path = Path::new(TYPES).join(entry?.file_name());
        if !wanted.contains_key(&path) {
            found = true;
            match mode {
                Mode::Check => eprintln!("{} is of a type that is gone: run `make gen`", path.display()),
                Mode::Write => std::fs::remove_file(root.join(&path))?,
            }
        }
    }
    Ok(found)
}

/// The limits of the protocol in TypeScript: their values are written the same in both languages.
fn limits(source: &str) -> Result<String> {
    let mut text = format!("// Made from {LIMITS} by `make gen`. Do not edit.\n");
    let mut said: Vec<&str> = Vec::new();
    for line in source.lines().filter(|line| !line.is_empty() && !line.starts_with("//!")) {
        if let Some(words) = line.strip_prefix("///") {
            said.push(words.trim());
            continue;
        }
        let constant = line.strip_prefix("pub const ").and_then(|rest| rest.strip_suffix(';'));
        let (name, value) = constant
            .and_then(|constant| constant.split_once(": "))
            .and_then(|(name, rest)| Some((name, rest.split_once(" = ")?.1)))
            .with_context(|| format!("{LIMITS} holds constants of one line, not: {line}"))?;
        writeln!(text, "\n/** {} */\nexport const {name} = {value};", said.join(" "))?;
        said.clear();
    }
    Ok(text)
}

/// One TypeScript file: all types of the protocol, in the order of their names.
fn types() -> Result<BTreeMap<PathBuf, String>> {
    let folder = std::env::temp_dir().join(format!("mesh-types-{}", std::process::id()));
    let config = Config::new().with_out_dir(&folder).with_large_int("number");
    macro_rules! export {
        ($($name:ty),* $(,)?) => { $(<$name as TS>::export_all(&config)?;)* };
    }
    export!(
        ClientMessage,
        ServerMessage,
        error::ErrorBody,
        session::SignIn,
        session::PasswordConfirm,
        session::Session,
        team::Account,
        team::AccountChange,
        team::PasswordChange,
        team::SetupStep,
        team::Status,
        team::Trust,
        team::ClaimStart,
        team::ClaimOwner,
        team::InviteCreate,
        team::InviteCreated,
        team::Invite,
        team::InviteView,
        team::InviteAccept,
        team::Recovery,
        team::UserNameCheck,
        team::Person,
        team::PersonChange,
        room::RoomCreate,
        room::DirectOpen,
        room::RoomRef,
        room::RoomChange,
        room::MemberPut,
    );
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(&folder)? {
        let entry = entry?;
        let text = std::fs::read_to_string(entry.path())?;
        files.insert(Path::new(TYPES).join(entry.file_name()), text);
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::limits;

    #[test]
    fn limits_are_the_same_in_typescript() {
        let made =
            limits("//! Head.\n\n/// Bytes: a\n/// page.\npub const TEXT: usize = 16 * 1024;\n").unwrap();
        assert!(made.ends_with("\n/** Bytes: a page. */\nexport const TEXT = 16 * 1024;\n"), "{made}");
    }

    #[test]
    fn what_is_not_understood_is_not_left_out() {
        assert!(limits("pub const A: usize =\n    1;\n").is_err());
        assert!(limits("pub fn a() {}\n").is_err());
    }
}
