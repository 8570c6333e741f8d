//! How long a session lives, and when it was last used.
//!
//! A session ends when it is not used for [`IDLE_MS`], [`LIFE_MS`] after signing in, and with its user's access.
//! The last use is kept in memory and written at most every [`SAVE_MS`], to spare the disk; a restart forgets
//! that much. [`Sessions::keep`] ends what is over, open WebSockets included.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mesh_core::policy::{Action, TeamAction, authorize};
use mesh_protocol::id::SessionId;
use mesh_protocol::time::UnixMillis;

use crate::clock::Clock;
use crate::hub::HubHandle;
use crate::store::record::{SessionRecord, UserRecord};
use crate::store::{Change, PeopleReads, Store, StoreError};

/// A session that is not used for this long ends: 12 hours.
pub const IDLE_MS: u64 = 12 * 3600 * 1000;
/// A session ends this long after signing in, however much it is used: 30 days.
pub const LIFE_MS: u64 = 30 * 24 * 3600 * 1000;
/// The last use is written at most this often: 10 minutes.
const SAVE_MS: u64 = 10 * 60 * 1000;
/// How often sessions that are over are looked for.
const SWEEP: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy, Default)]
struct Use {
    last: UnixMillis,
    saved: UnixMillis,
}

/// When sessions were last used; cheap to clone. Holds at most the sessions that exist.
#[derive(Debug, Clone, Default)]
pub struct Sessions {
    uses: Arc<Mutex<HashMap<SessionId, Use>>>,
}

impl Sessions {
    fn uses(&self) -> MutexGuard<'_, HashMap<SessionId, Use>> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When a session was last used.
    pub fn last_seen(&self, session: &SessionRecord) -> UnixMillis {
        let used = self.uses().get(&session.id).map_or(UnixMillis(0), |used| used.last);
        used.max(session.last_seen)
    }

    /// Whether a session can be used at `now`.
    pub fn is_alive(&self, session: &SessionRecord, user: &UserRecord, now: UnixMillis) -> bool {
        let idle = now.0.saturating_sub(self.last_seen(session).0);
        let age = now.0.saturating_sub(session.created_at.0);
        let usable = authorize(&user.actor(now), Action::Team(TeamAction::SeeTeam)).is_ok();
        idle < IDLE_MS && age < LIFE_MS && usable
    }

    /// A session is used now.
    pub fn touch(&self, store: &Store, id: SessionId, now: UnixMillis) {
        let mut uses = self.uses();
        let used = uses.entry(id).or_default();
        used.last = used.last.max(now);
        if now.0.saturating_sub(used.saved.0) < SAVE_MS {
            return;
        }
        used.saved = now;
        drop(uses);
        let save = move |change: &mut Change<'_>| match change.session(id)? {
            Some(session) => change.put_session(&SessionRecord { last_seen: now, ..session }),
            None => Ok(()),
        };
        store.defer(save, |result| {
            if let Err(error) = result {
                tracing::debug!(%error, "the last use of a session was not saved");
            }
        });
    }

    /// Ends every [`SWEEP`] what is over; runs until it is aborted.
    pub async fn keep(self, store: Store, hub: HubHandle, clock: Clock) {
        loop {
            tokio::time::sleep(SWEEP).await;
            if let Err(error) = self.sweep(&store, &hub, clock.wall()).await {
                tracing::warn!(%error, "sessions that are over could not be ended");
            }
        }
    }

    /// Ends what is over at `now`.
    ///
    /// # Errors
    /// Trouble with the disk; it is tried again with the next sweep.
    pub async fn sweep(&self, store: &Store, hub: &HubHandle, now: UnixMillis) -> Result<(), StoreError> {
        let (known, over) = store.read(|view| {
            let (mut known, mut over) = (Vec::new(), Vec::new());
            for session in view.sessions()? {
                let user = view.user(session.user)?;
                let alive = user.is_some_and(|user| self.is_alive(&session, &user, now));
                if alive { known.push(session.id) } else { over.push(session.id) }
            }
            Ok((known, over))
        })?;
        self.uses().retain(|id, _| known.contains(id));
        if over.is_empty() {
            return Ok(());
        }
        let ended = over.clone();
        store.write(move |change| over.iter().try_for_each(|id| change.delete_session(*id))).await?;
        tracing::info!(sessions = ended.len(), "sessions are over");
        hub.sessions_ended(ended).await;
        Ok(())
    }
}
