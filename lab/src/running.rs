//! A box process under test: started on free ports with its own data folder, ended by its own id.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Where a box lives and how it was started.
#[derive(Debug, Clone)]
pub struct Place {
    /// The binary.
    pub binary: PathBuf,
    /// Its data folder.
    pub data: PathBuf,
    /// Its TLS address.
    pub address: SocketAddr,
    /// Its plain HTTP address.
    pub http: SocketAddr,
}

/// Configuration that lifts the per-source limits: all load of a test comes from one address.
const CONFIG: &str = "[limits]\nconnections = 4096\nconnections_per_source = 4096\n\
    unauthenticated_connections = 4096\nmessages_per_second = 100000\n";

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

impl Place {
    /// A place for a new box on free ports of loopback, with its data in `folder`.
    ///
    /// # Errors
    /// When no port or folder can be had.
    pub fn new(binary: &Path, folder: &Path) -> Result<Self> {
        let config = folder.join("lab.toml");
        std::fs::write(&config, CONFIG)?;
        Ok(Self {
            binary: binary.to_owned(),
            data: folder.join("data"),
            address: (Ipv4Addr::LOCALHOST, free_port()?).into(),
            http: (Ipv4Addr::LOCALHOST, free_port()?).into(),
        })
    }

    /// Starts the box and waits until it accepts connections.
    ///
    /// # Errors
    /// When it can't be started or does not answer within 20 s.
    pub fn start(&self) -> Result<RunningBox> {
        let started = Instant::now();
        let log = self.data.with_file_name("box.log");
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
        let child = Command::new(&self.binary)
            .arg("serve")
            .args(["--data-dir".as_ref(), self.data.as_os_str()])
            .args(["--listen", &self.address.to_string(), "--http-listen", &self.http.to_string()])
            .args(["--config".as_ref(), self.data.with_file_name("lab.toml").as_os_str()])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("starting {}", self.binary.display()))?;
        let mut running = RunningBox { place: self.clone(), child };
        // The authority of a first start is there before connections are accepted.
        let authority = self.data.join("tls").join("ca.pem");
        while !authority.exists() || TcpStream::connect(self.address).is_err() {
            if let Some(status) = running.child.try_wait()? {
                bail!(
                    "the box ended at once with {status}; see {}",
                    self.data.with_file_name("box.log").display()
                );
            }
            if started.elapsed() > Duration::from_secs(20) {
                bail!("the box does not answer after 20 s");
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        Ok(running)
    }

    /// The one-time claim code of a fresh box.
    ///
    /// # Errors
    /// When the box wrote none.
    pub fn claim_code(&self) -> Result<String> {
        let path = self.data.join("claim-code");
        // The box listens a moment before it has written everything of its first start.
        let started = Instant::now();
        while !path.exists() && started.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(std::fs::read_to_string(path).context("reading the claim code")?.trim().to_owned())
    }
}

/// A running box; killed when dropped.
#[derive(Debug)]
pub struct RunningBox {
    place: Place,
    child: Child,
}

impl RunningBox {
    /// Where it lives.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it with SIGKILL, as a power cut would end the process.
    ///
    /// # Errors
    /// When the process can't be waited for.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop with SIGTERM and tells how long that took.
    ///
    /// # Errors
    /// When it does not stop cleanly within 10 s.
    pub fn stop(mut self) -> Result<Duration> {
        let started = Instant::now();
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        while started.elapsed() < Duration::from_secs(10) {
            if let Some(status) = self.child.try_wait()? {
                anyhow::ensure!(status.success(), "the box stopped with {status}");
                return Ok(started.elapsed());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!("the box did not stop within 10 s of SIGTERM")
    }

    /// Resident memory now and at its peak, in bytes.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn memory(&self) -> Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let field = |name: &str| -> Result<u64> {
            let line = status.lines().find(|line| line.starts_with(name)).context("field of /proc status")?;
            let kib: u64 = line.split_whitespace().nth(1).context("value of /proc status")?.parse()?;
            Ok(kib * 1024)
        };
        Ok(Memory { resident: field("VmRSS:")?, peak: field("VmHWM:")? })
    }
}

/// Resident memory of a process, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Now.
    pub resident: u64,
    /// At its peak.
    pub peak: u64,
}

impl Drop for RunningBox {
    fn drop(&mut self) {
        // It may have ended already; either way nothing of it is left.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
