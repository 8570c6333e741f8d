//! The command as a stranger would type it.

use std::process::{Command, Output};

fn mesh(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mesh")).args(arguments).output().unwrap()
}

#[test]
fn it_says_its_version() {
    let output = mesh(&["--version"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("mesh {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn it_says_what_it_is_for() {
    let output = mesh(&["--help"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(text.contains("laptop to laptop") && text.contains("--version"), "{text}");
}

#[test]
fn a_wrong_command_is_refused_in_words() {
    let output = mesh(&["sned"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains("sned") && text.contains("--help"), "{text}");
}
