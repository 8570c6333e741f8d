//! What request handlers share.

use std::path::Path;
use std::sync::Arc;

use crate::claim::Claim;
use crate::clock::Clock;
use crate::hub::{self, HubHandle, Ice, Signing};
use crate::password::Passwords;
use crate::recovery::Recovery;
use crate::session::Sessions;
use crate::store::{Store, StoreError};
use crate::tls::Certificates;
use crate::tries::Tries;

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
    /// Tries of passwords and codes.
    pub tries: Tries,
    /// When sessions were last used.
    pub sessions: Sessions,
    /// The way to the first owner.
    pub claim: Arc<Claim>,
    /// The way back in for an owner who forgot the password.
    pub recovery: Arc<Recovery>,
    /// How the box proves who it is.
    pub certificates: Arc<Certificates>,
    /// WebSocket messages a second that one session may send.
    pub messages_per_second: u32,
}

impl AppState {
    /// Starts the hub and puts together what handlers share. `folder` holds the one-time codes.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn start(
        store: Store,
        clock: Clock,
        certificates: Arc<Certificates>,
        folder: &Path,
        signing: Signing,
        ice: Ice,
        messages_per_second: u32,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            hub: hub::start(store.clone(), clock.clone(), signing, ice)?,
            store,
            clock,
            passwords: Passwords::new(),
            tries: Tries::default(),
            sessions: Sessions::default(),
            claim: Arc::new(Claim::new(folder)),
            recovery: Arc::new(Recovery::new(folder)),
            certificates,
            messages_per_second,
        })
    }
}
