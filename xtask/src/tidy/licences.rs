//! What the shipped and the building packages are licensed under, which of them must not be there at all, and the
//! oldest versions that are acceptable.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Licences that are accepted, alone or as one alternative.
const ACCEPTED: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "Unlicense",
    "CC0-1.0",
    "MIT-0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    "BlueOak-1.0.0",
    "Python-2.0",
    "MPL-2.0",
    "CC-BY-4.0",
    "Apache-2.0 WITH LLVM-exception",
];

/// Crates that must not be in the tree: other crypto providers, C libraries, archive formats.
const BANNED: &[&str] = &["aws-lc-rs", "aws-lc-sys", "openssl", "openssl-sys", "native-tls", "tar", "zip"];

/// The oldest versions without known faults (security.md section 2).
const FLOORS: &[(&str, [u64; 3])] = &[
    ("redb", [4, 6, 0]),
    ("rustls-webpki", [0, 103, 13]),
    ("rustls", [0, 23, 0]),
    ("hyper", [1, 0, 0]),
    ("tungstenite", [0, 29, 0]),
    ("ring", [0, 17, 12]),
];

/// Crates in the whole tree: each one is somebody to trust.
const CRATES: usize = 330;

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--all-features"])
        .current_dir(root)
        .output()?;
    ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let mut problems = check_crates(metadata["packages"].as_array().context("packages of cargo metadata")?);
    let lock = root.join("webui/package-lock.json");
    if let Ok(text) = std::fs::read_to_string(lock) {
        problems.extend(check_npm(&serde_json::from_str(&text)?));
    }
    Ok(problems)
}

fn check_crates(packages: &[Value]) -> Vec<String> {
    let mut problems = Vec::new();
    let foreign: Vec<&Value> = packages.iter().filter(|package| !package["source"].is_null()).collect();
    for package in &foreign {
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        if !is_accepted(text(&package["license"])) {
            problems.push(format!("crate {name}: licence {:?} is not accepted", text(&package["license"])));
        }
        if BANNED.contains(&name) {
            problems
                .push(format!("crate {name} must not be in the tree; `cargo tree -i {name}` says why it is"));
        }
        let floor = FLOORS.iter().find(|(known, _)| *known == name);
        if let Some((_, floor)) = floor
            && parse(version) < *floor
        {
            problems.push(format!(
                "crate {name} {version} is older than {floor:?}, which is the oldest sound one"
            ));
        }
    }
    if foreign.len() > CRATES {
        problems.push(format!("{} crates in the tree, {CRATES} are planned", foreign.len()));
    }
    problems
}

fn check_npm(lock: &Value) -> Vec<String> {
    let Some(packages) = lock["packages"].as_object() else { return Vec::new() };
    packages
        .iter()
        .filter(|(path, _)| !path.is_empty())
        .filter(|(_, package)| !is_accepted(text(&package["license"])))
        .map(|(path, package)| format!("npm {path}: licence {:?} is not accepted", text(&package["license"])))
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Whether an SPDX expression can be satisfied with accepted licences only.
fn is_accepted(expression: &str) -> bool {
    let expression = expression.replace(['(', ')'], " ").replace('/', " OR ");
    expression
        .split(" AND ")
        .all(|part| part.split(" OR ").map(str::trim).any(|licence| ACCEPTED.contains(&licence)))
}

fn parse(version: &str) -> [u64; 3] {
    let mut parts = version.split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn expressions_are_understood() {
        for good in ["MIT", "MIT OR Apache-2.0", "MIT/Apache-2.0", "(MIT OR GPL-2.0) AND Unicode-3.0"] {
            assert!(is_accepted(good), "{good}");
        }
        for bad in ["", "GPL-3.0", "AGPL-3.0-only", "MIT AND GPL-2.0"] {
            assert!(!is_accepted(bad), "{bad}");
        }
    }

    #[test]
    fn old_banned_and_unlicensed_crates_are_found() {
        let crate_of = |name: &str, version: &str, license: &str| json!({"name": name, "version": version, "license": license, "source": "registry"});
        let packages = [
            crate_of("redb", "4.5.9", "MIT"),
            crate_of("aws-lc-sys", "1.0.0", "ISC"),
            crate_of("x", "1.0.0", "GPL-3.0"),
            crate_of("redb", "4.6.0", "MIT"),
        ];
        assert_eq!(check_crates(&packages).len(), 3);
    }

    #[test]
    fn npm_licences_are_looked_at() {
        let lock = json!({"packages": {"": {}, "node_modules/a": {"license": "MIT"}, "node_modules/b": {"license": "GPL-3.0"}}});
        assert_eq!(check_npm(&lock).len(), 1);
    }
}
