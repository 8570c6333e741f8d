//! The real binary: what it says, its exit codes, and that it overwrites nothing.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are tests, which clippy does not see"
)]

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use mesh_appliance::cli::exit;
use rustix::process::{Pid, Signal, kill_process};

fn mesh(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mesh-appliance"));
    command.args(arguments).env_remove("NOTIFY_SOCKET");
    command
}

/// `serve` on free ports, with more arguments.
fn serve<'a>(data: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let free = ["serve", "--data-dir", data, "--listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0"];
    free.into_iter().chain(more.iter().copied()).collect()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// That it failed with this code and says these words.
#[track_caller]
fn assert_fails(output: &Output, code: u8, words: &[&str]) {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(i32::from(code)), "{said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not in {said:?}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

/// A running box; killed when it is dropped.
struct Running {
    child: Child,
    /// What it printed when it was ready.
    greeting: String,
}

impl Running {
    fn start(data: &str) -> Self {
        let mut child =
            command(&serve(data, &[])).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.contains("type the code") {
            assert!(lines.read_line(&mut greeting).unwrap() > 0, "it ended: {greeting}");
        }
        Self { child, greeting }
    }

    /// Asks it to stop, and gives its exit code, what it logged, and how long it took.
    fn stop(mut self, signal: Signal) -> (Option<i32>, String, Duration) {
        let start = Instant::now();
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        let code = self.child.wait().unwrap().code();
        let took = start.elapsed();
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (code, log, took)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already unless a test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    (folder, data)
}

#[test]
fn version_and_help_say_what_there_is() {
    assert_eq!(stdout(&mesh(&["--version"])), format!("mesh-appliance {}\n", env!("CARGO_PKG_VERSION")));
    let help = stdout(&mesh(&["--help"]));
    for word in [
        "STATE_DIRECTORY",
        "/var/lib/mesh",
        "mesh/appliance",
        "serve",
        "claim-code",
        "recovery-code",
        "check",
        "config",
        "Exit codes",
        "8 certificate",
    ] {
        assert!(help.contains(word), "{word} is not in {help}");
    }
}

#[test]
fn the_example_is_a_configuration_that_can_be_used() {
    let example = mesh(&["config"]);
    let parsed = mesh_appliance::config::Config::parse(&stdout(&example)).unwrap();
    assert_eq!(parsed, mesh_appliance::config::Config::default());
}

#[test]
fn wrong_arguments_are_named() {
    assert_fails(&mesh(&["serve", "--data-dir", "/tmp/x", "--lisen", "1"]), 2, &["--lisen", "--listen"]);
    assert_fails(&mesh(&["serve", "--data-dir", "x", "--listen", "nowhere"]), 2, &["nowhere"]);
    assert_fails(&mesh(&["dance"]), 2, &["dance"]);
    assert_fails(&mesh(&[]), 2, &["Usage"]);
}

#[test]
fn mistakes_in_the_configuration_are_named_with_their_line() {
    let (folder, data) = folder();
    let path = folder.path().join("mesh.toml");
    let path = path.to_str().unwrap();
    for (text, words) in [
        ("[limits]\nconections = 5\n", &["line 2", "conections", "connections"][..]),
        ("[limits]\nconnections = \"many\"\n", &["line 2", "many"]),
        ("[limits\n", &["line 1"]),
        ("[log]\nlevel = \"info,,=\"\n", &["level"]),
        ("[tls]\ncertificate = \"a.pem\"\n", &["set both or none"]),
    ] {
        std::fs::write(path, text).unwrap();
        assert_fails(&mesh(&serve(&data, &["--config", path])), exit::CONFIG, words);
    }
    assert_fails(&mesh(&serve(&data, &["--config", "/nowhere.toml"])), exit::CONFIG, &["/nowhere.toml"]);
    assert!(!Path::new(&data).exists(), "nothing was made");
}

#[test]
fn a_taken_port_is_said_before_anything_is_made() {
    let (_folder, data) = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = mesh(&["serve", "--data-dir", &data, "--listen", &address, "--http-listen", "127.0.0.1:0"]);
    assert_fails(&output, exit::ADDRESS, &[&address, "Another program uses this port", "--listen"]);
    let output = mesh(&["serve", "--data-dir", &data, "--listen", "127.0.0.1:0", "--http-listen", &address]);
    assert_fails(&output, exit::ADDRESS, &[&address]);
    let output =
        mesh(&["serve", "--data-dir", &data, "--listen", "203.0.113.1:1", "--http-listen", "127.0.0.1:0"]);
    assert_fails(&output, exit::ADDRESS, &["Choose an address of this machine"]);
    assert!(!Path::new(&data).join(mesh_appliance::DATABASE).exists(), "nothing was made");
}

#[test]
fn a_folder_that_can_not_be_used_is_said() {
    for data in ["/dev/null/data", "/proc/data", "/dev/null"] {
        assert_fails(&mesh(&serve(data, &[])), exit::FOLDER, &[data, "--data-dir"]);
    }
}

#[test]
fn a_damaged_database_is_said_and_left_alone() {
    let (_folder, data) = folder();
    std::fs::create_dir_all(&data).unwrap();
    let path = Path::new(&data).join(mesh_appliance::DATABASE);
    for damage in [&b"this is no database"[..], &[0; 8192]] {
        std::fs::write(&path, damage).unwrap();
        for arguments in [serve(&data, &[]), vec!["check", "--data-dir", &data]] {
            assert_fails(&mesh(&arguments), exit::DATABASE, &["mesh.redb"]);
            assert_eq!(std::fs::read(&path).unwrap(), damage, "{arguments:?} changed it");
        }
    }
}

#[test]
fn a_certificate_that_can_not_be_used_is_said() {
    let (folder, data) = folder();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (certificate, key, config) = (path("a.pem"), path("a.key"), path("mesh.toml"));
    std::fs::write(&config, format!("[tls]\ncertificate = {certificate:?}\nkey = {key:?}\n")).unwrap();
    let start = || mesh(&serve(&data, &["--config", &config]));
    assert_fails(&start(), exit::CERTIFICATE, &[&certificate]);
    let make = || {
        let key = rcgen::KeyPair::generate().unwrap();
        (rcgen::CertificateParams::new(vec!["a".to_owned()]).unwrap().self_signed(&key).unwrap(), key)
    };
    let ((one, _), (_, other)) = (make(), make());
    std::fs::write(&certificate, one.pem()).unwrap();
    std::fs::write(&key, other.serialize_pem()).unwrap();
    assert_fails(&start(), exit::CERTIFICATE, &[&certificate, &key, "don't belong together"]);
}

#[test]
fn a_box_runs_alone_and_stops_when_it_is_told() {
    let (_folder, data) = folder();
    let none = mesh(&["claim-code", "--data-dir", &data]);
    assert_fails(&none, exit::FOLDER, &["no box", "serve"]);
    let running = Running::start(&data);
    let id = running.child.id().to_string();
    let second = mesh(&serve(&data, &[]));
    assert_fails(&second, exit::IN_USE, &[&data, &format!("process {id}")]);
    assert_fails(&mesh(&["check", "--data-dir", &data]), exit::IN_USE, &["mesh.redb"]);
    let shown = stdout(&mesh(&["claim-code", "--data-dir", &data]));
    let (code, links) = shown.trim().split_once('\n').unwrap();
    let code = code.to_owned();
    assert!(running.greeting.contains(links), "{links} in {}", running.greeting);
    assert!(running.greeting.contains(&code), "{code} in {}", running.greeting);
    let link = format!("/welcome#code={}", code.replace('-', ""));
    let greeting = running.greeting.replace('-', "");
    assert!(greeting.contains("https://127.0.0.1:") && greeting.contains(&link), "{greeting}");
    assert_files_are_private(Path::new(&data));
    let (exit_code, log, took) = running.stop(Signal::TERM);
    assert_eq!(exit_code, Some(0));
    assert!(took < Duration::from_secs(3), "{took:?}");
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("one JSON object a line");
        assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
    }
    assert!(!log.is_empty() && !log.contains(&code), "the log tells no secrets");
    let checked = mesh(&["check", "--data-dir", &data]);
    assert!(checked.status.success() && stdout(&checked).contains("whole"), "{checked:?}");
    let (exit_code, _, _) = Running::start(&data).stop(Signal::INT);
    assert_eq!(exit_code, Some(0));
}

fn assert_files_are_private(folder: &Path) {
    let private = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o077 == 0;
    assert!(private(folder), "{}", folder.display());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_files_are_private(&path);
        }
        assert!(private(&path), "{}", path.display());
    }
}

#[test]
fn a_box_with_an_owner_has_no_claim_code() {
    let (_folder, data) = folder();
    Running::start(&data).stop(Signal::TERM);
    // As the claim leaves it: the file goes once the owner is on disk.
    std::fs::remove_file(Path::new(&data).join("claim-code")).unwrap();
    let output = mesh(&["claim-code", "--data-dir", &data]);
    assert_fails(&output, exit::FAILURE, &["has an owner already"]);
}

#[test]
fn the_commands_find_the_box_of_this_machine_by_themselves() {
    let (folder, data) = folder();
    let at = |variable: &str, value: &Path, arguments: &[&str]| {
        let mut command = command(arguments);
        command.env_remove("STATE_DIRECTORY").env_remove("XDG_STATE_HOME").env_remove("HOME");
        command.env(variable, value).output().unwrap()
    };
    let running = Running::start(&data);
    let shown = at("STATE_DIRECTORY", Path::new(&data), &["claim-code"]);
    assert!(shown.status.success(), "{}", stderr(&shown));
    assert!(running.greeting.contains(stdout(&shown).lines().next().unwrap()));
    assert_fails(&at("STATE_DIRECTORY", Path::new(&data), &["recovery-code"]), exit::FAILURE, &["no owner"]);
    running.stop(Signal::TERM);
    assert!(at("STATE_DIRECTORY", Path::new(&data), &["check"]).status.success());
    if !Path::new("/var/lib/mesh").exists() {
        let missing = folder.path().join("mesh/appliance");
        let missing = missing.to_str().unwrap();
        assert_fails(&at("XDG_STATE_HOME", folder.path(), &["claim-code"]), exit::FOLDER, &[missing]);
        assert_fails(&at("NOTHING", folder.path(), &["check"]), exit::FOLDER, &["--data-dir"]);
    }
}

#[test]
fn a_recovery_code_is_made_while_the_box_runs() {
    let (_folder, data) = folder();
    let make = || mesh(&["recovery-code", "--data-dir", &data]);
    assert_fails(&make(), exit::FOLDER, &["no box", "serve"]);
    let running = Running::start(&data);
    assert_fails(&make(), exit::FAILURE, &["no owner yet", "claim-code"]);
    // As the claim leaves it: the file goes once the owner is on disk.
    std::fs::remove_file(Path::new(&data).join("claim-code")).unwrap();
    let (first, second) = (make(), make());
    assert!(first.status.success() && second.status.success(), "{second:?}");
    assert_ne!(first.stdout, second.stdout, "every code is a new one");
    let shown = stdout(&second);
    let [code, link, words] = shown.lines().collect::<Vec<_>>()[..] else { panic!("{shown}") };
    let bare = code.replace('-', "");
    assert_eq!(bare.len(), 8, "{shown}");
    assert!(link.starts_with("https://127.0.0.1:"), "{shown}");
    assert!(link.ends_with(&format!("/recover#{bare}")), "{shown}");
    assert!(words.contains("15 minutes"), "{shown}");
    let file = std::fs::read_to_string(Path::new(&data).join("recovery-code")).unwrap();
    assert!(file.starts_with(&bare), "the newest code counts");
    assert_files_are_private(Path::new(&data));
    let (_, log, _) = running.stop(Signal::TERM);
    assert!(!log.contains(&bare), "the log tells no secrets");
    assert!(make().status.success(), "it works on a stopped box, too");
}

#[test]
fn systemd_is_told_when_the_box_answers_and_when_it_stops() {
    let (folder, data) = folder();
    let path = folder.path().join("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut command = command(&serve(&data, &[]));
    let mut child =
        command.env("NOTIFY_SOCKET", &path).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let read = || {
        let mut buffer = [0; 64];
        let length = socket.recv(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..length]).trim().to_owned()
    };
    assert_eq!(read(), "READY=1");
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(read(), "STOPPING=1");
    assert!(child.wait().unwrap().success());
}
