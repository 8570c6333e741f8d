//! The appliance: accounts, sessions, rooms, chat, and the web client's files.
//!
//! [`Appliance::start`] builds everything from a configuration and gives back a handle with the addresses; `main`
//! and the tests use it alike. What runs then: the hub's task, the store's writer thread, two listeners, and the
//! certificate's renewal. [`Appliance::shutdown`] ends them in the order that loses nothing: listeners stop
//! taking connections, the hub tells everybody to resume, the store commits what waits.

pub mod claim;
pub mod cli;
pub mod clock;
pub mod config;
mod file;
pub mod http;
mod hub;
pub mod identity;
pub mod listen;
mod lock;
pub mod log;
pub mod password;
pub mod recovery;
pub mod secret;
pub mod session;
pub mod state;
pub mod store;
pub mod stun;
pub mod systemd;
pub mod tls;
pub mod tries;
mod ws;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mesh_protocol::session::{GoodbyeReason, StorageState};
use tokio::net::{TcpListener, TcpSocket, UdpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use clock::Clock;
use config::{Config, IceConfig};
use http::origin::AllowedHosts;
use identity::{Identity, IdentityError};
use listen::{Admission, Timers};
use state::AppState;
use store::{DeviceReads, OpenError, PeopleReads, Store, StoreError, StoreOptions};
use tls::{Certificates, TlsError, names};

pub use hub::{HubHandle, Ice};
pub use lock::LockError;

/// The database file in the data folder.
pub const DATABASE: &str = "mesh.redb";

/// Why the box can't start, as one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder can't be used.
    #[error(transparent)]
    Folder(#[from] LockError),
    /// The database can't be opened.
    #[error("{path}: {error}", path = .0.display(), error = .1)]
    Database(PathBuf, OpenError),
    /// The database can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// An address can't be listened on.
    #[error("can't listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// There are no keys to sign with.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The claim code can't be written.
    #[error("the claim code can't be written into the data folder: {0}")]
    Claim(std::io::Error),
}

/// A running box.
#[derive(Debug)]
pub struct Appliance {
    address: SocketAddr,
    http_address: SocketAddr,
    claim_code: Option<String>,
    certificates: Arc<Certificates>,
    stop: watch::Sender<bool>,
    /// The listeners: they end by themselves once `stop` is true.
    listeners: Vec<JoinHandle<()>>,
    /// Tasks that wait for something all their life.
    watchers: Vec<JoinHandle<()>>,
    hub: HubHandle,
    store: Store,
    /// Held until everything else has ended.
    _lock: lock::FolderLock,
}

impl Appliance {
    /// Starts a box with its data in `folder`.
    ///
    /// # Errors
    /// When the folder is in use or can't be used, the database is damaged, an address is taken, or there is no
    /// certificate. Nothing was changed then.
    pub async fn start(config: &Config, folder: &Path, clock: Clock) -> Result<Self, StartError> {
        let lock = lock::FolderLock::take(folder)?;
        let (listener, address) = bind(config.listen.address)?;
        let (http_listener, http_address) = bind(config.listen.http_address)?;
        let path = folder.join(DATABASE);
        let store =
            Store::open(&path, StoreOptions::default()).map_err(|error| StartError::Database(path, error))?;
        let configured = config.listen.names.clone();
        let find = move || names::discover(&configured, address);
        let names = find();
        let certificates = Certificates::load(&config.tls, &folder.join("tls"), names.certified, &clock)?;
        let messages = config.limits.messages_per_second;
        let identity = Identity::load(folder, clock.wall())?;
        let boot = count_boot(&store).await?;
        let signing = identity.signing(boot)?;
        let (ice, stun) = find_paths(&config.ice).await;
        let held = Arc::clone(&certificates);
        let state = AppState::start(store.clone(), clock.clone(), held, folder, signing, ice, messages)?;
        let hub = state.hub.clone();
        let mut watchers = watch_people(&state);
        let claim_code = claim_code(&state)?;
        let (stop, stopped) = watch::channel(false);
        let hosts = Arc::new(AllowedHosts::new(names.open, address.port()));
        let router = http::router(state, Arc::clone(&hosts), config.tls.publicly_trusted);
        let plain = http::plain::router(Arc::clone(&certificates), Arc::clone(&hosts));
        let timers = Timers::default();
        let admission = Admission::new(config.limits);
        let secure = listen::serve(
            listener,
            Some(certificates.acceptor()?),
            router,
            Arc::clone(&admission),
            timers,
            stopped.clone(),
        );
        let answer = |socket| tokio::spawn(stun::serve(socket, clock.clone(), stopped.clone()));
        let mut listeners: Vec<_> = stun.into_iter().map(answer).collect();
        listeners.extend([
            tokio::spawn(secure),
            tokio::spawn(listen::serve(http_listener, None, plain, admission, timers, stopped)),
        ]);
        watchers.extend([
            tokio::spawn(identity.keep_fresh(boot, hub.clone(), clock.clone())),
            tokio::spawn(Arc::clone(&certificates).keep_fresh(clock, hosts, find)),
            tokio::spawn(report_storage(store.storage(), hub.clone())),
        ]);
        Ok(Self {
            address,
            http_address,
            claim_code,
            certificates,
            stop,
            listeners,
            watchers,
            hub,
            store,
            _lock: lock,
        })
    }

    /// Where the web client and the API are.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the plain page is.
    pub fn http_address(&self) -> SocketAddr {
        self.http_address
    }

    /// The one-time code, while the box has no owner.
    pub fn claim_code(&self) -> Option<&str> {
        self.claim_code.as_deref()
    }

    /// How the box proves who it is.
    pub fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// Stops within three seconds: everybody is told to resume, and what was accepted is on disk.
    pub async fn shutdown(self) {
        // Nobody listens for it only if both listeners have ended already.
        let _ = self.stop.send(true);
        self.hub.stop(GoodbyeReason::Restarting).await;
        self.store.shutdown().await;
        self.watchers.iter().for_each(JoinHandle::abort);
        for task in self.listeners {
            if let Err(error) = task.await
                && error.is_panic()
            {
                tracing::error!("a listener's task panicked");
            }
        }
    }
}

/// Ends sessions that are over, and lets people into the rooms that they were invited to.
fn watch_people(state: &AppState) -> Vec<JoinHandle<()>> {
    let parts = || (state.store.clone(), state.hub.clone(), state.clock.clone());
    let (store, hub, clock) = parts();
    let sessions = tokio::spawn(state.sessions.clone().keep(store, hub, clock));
    let (store, hub, clock) = parts();
    vec![sessions, tokio::spawn(http::keep_invites_complete(store, hub, clock))]
}

/// The one-time code, while the box has no owner.
fn claim_code(state: &AppState) -> Result<Option<String>, StartError> {
    if state.store.read(|view| view.team())?.is_none() {
        return state.claim.code().map(Some).map_err(StartError::Claim);
    }
    state.claim.finish();
    Ok(None)
}

/// The box's own STUN, if it can have its ports, and the configured servers.
async fn find_paths(config: &IceConfig) -> (Ice, Vec<UdpSocket>) {
    let address = config.stun_address;
    let sockets: Vec<UdpSocket> = match stun::bind(address).await {
        Ok(sockets) => sockets.into(),
        Err(error) => {
            tracing::warn!(%address, %error, "no STUN, its port can't be had: people in other networks may not reach each other; set [ice] stun_address");
            Vec::new()
        }
    };
    let bound = sockets.first().and_then(|socket| socket.local_addr().ok());
    (Ice { stun_port: bound.map(|bound| bound.port()), servers: config.servers.clone() }, sockets)
}

/// Counts this start. A full disk keeps nobody from reading: what was issued before then ends by its own time.
async fn count_boot(store: &Store) -> Result<u64, StoreError> {
    let counted = store.write(|change| change.count_boot()).await;
    if let Err(error) = counted {
        tracing::warn!(%error, "this start of the box could not be counted");
        return Ok(store.read(|view| view.boots())? + 1);
    }
    store.read(|view| view.boots())
}

/// Tells the hub whenever the disk's state changes.
async fn report_storage(mut storage: watch::Receiver<StorageState>, hub: HubHandle) {
    while storage.changed().await.is_ok() {
        let state = *storage.borrow_and_update();
        hub.storage_changed(state).await;
    }
}

/// Listens on an address; an unspecified IPv6 one takes IPv4, too, also where the system has no IPv6.
fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let any4 = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
    let bound = match listen_on(address) {
        Err(error) if address.ip() == Ipv6Addr::UNSPECIFIED && lacks_ipv6(&error) => listen_on(any4),
        bound => bound,
    };
    bound
        .and_then(|listener| listener.local_addr().map(|bound| (listener, bound)))
        .map_err(|error| StartError::Listen(address, error))
}

fn listen_on(address: SocketAddr) -> std::io::Result<TcpListener> {
    /// Connections that the system may hold before they are accepted.
    const BACKLOG: u32 = 1024;
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn lacks_ipv6(error: &std::io::Error) -> bool {
    use rustix::io::Errno;
    let codes = [Errno::AFNOSUPPORT, Errno::ADDRNOTAVAIL];
    error.raw_os_error().is_some_and(|code| codes.iter().any(|errno| errno.raw_os_error() == code))
}
