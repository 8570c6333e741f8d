//! What request handlers share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mesh_core::throttle::Throttle;

use crate::claim::Claim;
use crate::clock::Clock;
use crate::hub::HubHandle;
use crate::listen::Source;
use crate::password::Passwords;
use crate::store::Store;
use crate::tls::Certificates;

/// What request handlers share; cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState {
    /// Everything durable.
    pub store: Store,
    /// Everything live.
    pub hub: HubHandle,
    /// Time.
    pub clock: Clock,
    /// Password hashing.
    pub passwords: Passwords,
    /// Failed tries.
    pub tries: Arc<Tries>,
    /// The way to the first owner.
    pub claim: Arc<Claim>,
    /// How the box proves who it is.
    pub certificates: Arc<Certificates>,
    /// WebSocket messages a second that one session may send.
    pub messages_per_second: u32,
}

/// Failed tries by account and by source.
#[derive(Debug, Default)]
pub struct Tries {
    accounts: Mutex<Throttle<String>>,
    sources: Mutex<Throttle<Source>>,
    claims: Mutex<Throttle<Source>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tries {
    /// By folded user name.
    pub fn accounts(&self) -> MutexGuard<'_, Throttle<String>> {
        lock(&self.accounts)
    }

    /// By source, of sign-ins and links.
    pub fn sources(&self) -> MutexGuard<'_, Throttle<Source>> {
        lock(&self.sources)
    }

    /// By source, of claim codes.
    pub fn claims(&self) -> MutexGuard<'_, Throttle<Source>> {
        lock(&self.claims)
    }
}
