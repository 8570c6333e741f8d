//! Who may open another connection: caps in all, per source, and on those that nobody has signed in on.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::config::LimitsConfig;

/// A stranger has this long for the handshake and a first request before it may have to give way.
const STRANGER_TIME: Duration = Duration::from_secs(1);

/// A source as it is counted: one IPv4 address, or one IPv6 /64, which is what one household has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source([u8; 8]);

impl Source {
    /// The source of an address; an IPv4 address in IPv6 form counts as the IPv4 one.
    pub fn of(address: IpAddr) -> Self {
        let mut key = [0; 8];
        match address.to_canonical() {
            IpAddr::V4(address) => key[..4].copy_from_slice(&address.octets()),
            IpAddr::V6(address) => key.copy_from_slice(&address.octets()[..8]),
        }
        Self(key)
    }
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    of_source: HashMap<Source, usize>,
    /// Connections on which nobody has been authenticated.
    strangers: HashMap<u64, Arc<Place>>,
    next: u64,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// The source has as many connections as one may have.
    Source,
    /// The box has as many connections as it may have.
    All,
    /// As many strangers are connecting as may at once; a place is free in a moment.
    Strangers,
}

/// Counts open connections against the limits.
///
/// A source that asks for more than its share is refused. When strangers hold all the places, one of them gives way
/// to the next: of those that are idle, or else of all, the oldest of the source that holds most, once it had
/// [`STRANGER_TIME`]. So nobody can keep others out by holding places, and whoever is signed in is never cut.
#[derive(Debug)]
pub struct Admission {
    limits: LimitsConfig,
    counts: Mutex<Counts>,
    /// A place was given back.
    freed: Notify,
}

impl Admission {
    /// Nobody is connected.
    pub fn new(limits: LimitsConfig) -> Arc<Self> {
        Arc::new(Self { limits, counts: Mutex::default(), freed: Notify::new() })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for a connection from `peer`; `None` when there is none. The place is given back when the
    /// last clone of the returned value is dropped.
    pub fn admit(this: &Arc<Self>, peer: SocketAddr) -> Option<ConnectionInfo> {
        Self::try_admit(this, peer).ok()
    }

    /// The same, but waits for a stranger to leave or to be signed in.
    pub(super) async fn admit_soon(this: &Arc<Self>, peer: SocketAddr) -> Result<ConnectionInfo, NoPlace> {
        let give_up = Instant::now() + 2 * STRANGER_TIME;
        loop {
            match Self::try_admit(this, peer) {
                Err(NoPlace::Strangers) if Instant::now() < give_up => {}
                decided => return decided,
            }
            // Also looks again when nobody leaves: places come free by age.
            let _ = tokio::time::timeout(STRANGER_TIME / 10, this.freed.notified()).await;
        }
    }

    fn try_admit(this: &Arc<Self>, peer: SocketAddr) -> Result<ConnectionInfo, NoPlace> {
        let source = Source::of(peer.ip());
        let mut counts = this.counts();
        if counts.of_source.get(&source).copied().unwrap_or(0) >= this.limits.connections_per_source {
            return Err(NoPlace::Source);
        }
        if counts.all >= this.limits.connections && !counts.cut_a_stranger() {
            return Err(NoPlace::All);
        }
        if counts.strangers.len() >= this.limits.unauthenticated_connections && !counts.cut_a_stranger() {
            return Err(NoPlace::Strangers);
        }
        let id = counts.next;
        counts.next += 1;
        counts.all += 1;
        *counts.of_source.entry(source).or_default() += 1;
        let place = Arc::new(Place {
            id,
            source,
            since: Instant::now(),
            phase: AtomicU8::new(Phase::Waiting as u8),
            answered: AtomicU32::new(0),
            cut: Notify::new(),
            is_cut: AtomicBool::new(false),
        });
        counts.strangers.insert(id, Arc::clone(&place));
        let held = Held { admission: Arc::clone(this), place };
        Ok(ConnectionInfo { peer, held: Arc::new(held) })
    }
}

impl Counts {
    /// Ends one stranger's connection and takes its place; false when none may be ended.
    fn cut_a_stranger(&mut self) -> bool {
        let now = Instant::now();
        let of_source = &self.of_source;
        let old = self.strangers.values().filter(|place| now - place.since >= STRANGER_TIME);
        let victim = old.max_by_key(|place| {
            let is_idle = place.phase() == Phase::Waiting;
            (is_idle, of_source.get(&place.source).copied(), std::cmp::Reverse(place.since))
        });
        let Some(victim) = victim.cloned() else { return false };
        self.strangers.remove(&victim.id);
        self.leave(victim.source);
        victim.is_cut.store(true, Ordering::Relaxed);
        victim.cut.notify_one();
        true
    }

    fn leave(&mut self, source: Source) {
        self.all = self.all.saturating_sub(1);
        if let Some(of_source) = self.of_source.get_mut(&source) {
            *of_source = of_source.saturating_sub(1);
            if *of_source == 0 {
                self.of_source.remove(&source);
            }
        }
    }
}

/// Where a connection is in its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// For a request, or for the rest of its header.
    Waiting,
    /// A request is being answered.
    Answering,
    /// It is a WebSocket now.
    Upgraded,
}

#[derive(Debug)]
struct Place {
    id: u64,
    source: Source,
    since: Instant,
    phase: AtomicU8,
    /// Requests answered on it.
    answered: AtomicU32,
    /// Tells the connection's task to end.
    cut: Notify,
    /// Its place was given to somebody else already.
    is_cut: AtomicBool,
}

impl Place {
    fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::Waiting,
            1 => Phase::Answering,
            _ => Phase::Upgraded,
        }
    }
}

/// Gives a place back.
#[derive(Debug)]
struct Held {
    admission: Arc<Admission>,
    place: Arc<Place>,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut counts = self.admission.counts();
        if !self.place.is_cut.load(Ordering::Relaxed) {
            counts.strangers.remove(&self.place.id);
            counts.leave(self.place.source);
        }
        drop(counts);
        self.admission.freed.notify_one();
    }
}

/// What a handler knows of its connection; a request extension.
#[derive(Debug, Clone)]
pub struct ConnectionInfo {
    peer: SocketAddr,
    held: Arc<Held>,
}

impl ConnectionInfo {
    /// Where it comes from.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Where it comes from, as it is counted.
    pub fn source(&self) -> Source {
        self.held.place.source
    }

    /// Somebody signed in on it: it no longer counts against strangers.
    pub fn mark_authenticated(&self) {
        let was_stranger = self.held.admission.counts().strangers.remove(&self.held.place.id).is_some();
        if was_stranger {
            self.held.admission.freed.notify_one();
        }
    }

    pub(super) fn phase(&self) -> Phase {
        self.held.place.phase()
    }

    pub(super) fn answered(&self) -> u32 {
        self.held.place.answered.load(Ordering::Relaxed)
    }

    pub(super) fn enter(&self, phase: Phase) {
        if phase == Phase::Waiting {
            self.held.place.answered.fetch_add(1, Ordering::Relaxed);
        }
        self.held.place.phase.store(phase as u8, Ordering::Relaxed);
    }

    /// Completes when the place was given to somebody else.
    pub(super) async fn cut(&self) {
        self.held.place.cut.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(connections: usize, per_source: usize, unauthenticated: usize) -> LimitsConfig {
        LimitsConfig {
            connections,
            connections_per_source: per_source,
            unauthenticated_connections: unauthenticated,
            ..LimitsConfig::default()
        }
    }

    fn peer(text: &str) -> SocketAddr {
        SocketAddr::new(text.parse().unwrap(), 1)
    }

    #[test]
    fn a_greedy_source_leaves_room_for_others() {
        let admission = Admission::new(limits(10, 2, 10));
        let first = Admission::admit(&admission, peer("10.0.0.1"));
        let second = Admission::admit(&admission, peer("::ffff:10.0.0.1"));
        assert!(first.is_some() && second.is_some());
        assert!(Admission::admit(&admission, peer("10.0.0.1")).is_none());
        assert!(Admission::admit(&admission, peer("10.0.0.2")).is_some());
        drop(first);
        assert!(Admission::admit(&admission, peer("10.0.0.1")).is_some());
    }

    #[test]
    fn neighbours_of_a_64_are_one_source() {
        assert_eq!(Source::of(peer("2001:db8::1").ip()), Source::of(peer("2001:db8::ffff:2").ip()));
        assert_ne!(Source::of(peer("2001:db8::1").ip()), Source::of(peer("2001:db8:0:1::1").ip()));
    }

    #[test]
    fn strangers_do_not_take_the_places_of_people() {
        let admission = Admission::new(limits(10, 10, 1));
        let one = Admission::admit(&admission, peer("10.0.0.1")).unwrap();
        assert!(Admission::admit(&admission, peer("10.0.0.2")).is_none());
        one.mark_authenticated();
        one.mark_authenticated();
        let two = Admission::admit(&admission, peer("10.0.0.2")).unwrap();
        drop(one);
        assert!(
            Admission::admit(&admission, peer("10.0.0.3")).is_none(),
            "the stranger still holds its place"
        );
        drop(two);
        assert!(Admission::admit(&admission, peer("10.0.0.3")).is_some());
    }
}
