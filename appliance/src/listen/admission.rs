//! Who may open another connection: caps in all, per source, and on those that nobody has signed in on.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::LimitsConfig;

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
    unauthenticated: usize,
    of_source: HashMap<Source, usize>,
}

/// Counts open connections against the limits.
#[derive(Debug)]
pub struct Admission {
    limits: LimitsConfig,
    counts: Mutex<Counts>,
}

impl Admission {
    /// Nobody is connected.
    pub fn new(limits: LimitsConfig) -> Arc<Self> {
        Arc::new(Self { limits, counts: Mutex::default() })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for a connection from `peer`; `None` when there is none. The place is given back when the
    /// last clone of the returned value is dropped.
    pub fn admit(this: &Arc<Self>, peer: SocketAddr) -> Option<ConnectionInfo> {
        let source = Source::of(peer.ip());
        let mut counts = this.counts();
        let of_source = counts.of_source.get(&source).copied().unwrap_or(0);
        if counts.all >= this.limits.connections
            || of_source >= this.limits.connections_per_source
            || counts.unauthenticated >= this.limits.unauthenticated_connections
        {
            return None;
        }
        counts.all += 1;
        counts.unauthenticated += 1;
        counts.of_source.insert(source, of_source + 1);
        let place = Place { admission: Arc::clone(this), source, authenticated: AtomicBool::new(false) };
        Some(ConnectionInfo { peer, place: Arc::new(place) })
    }
}

#[derive(Debug)]
struct Place {
    admission: Arc<Admission>,
    source: Source,
    authenticated: AtomicBool,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.admission.counts();
        counts.all = counts.all.saturating_sub(1);
        if !self.authenticated.load(Ordering::Relaxed) {
            counts.unauthenticated = counts.unauthenticated.saturating_sub(1);
        }
        if let Some(of_source) = counts.of_source.get_mut(&self.source) {
            *of_source = of_source.saturating_sub(1);
            if *of_source == 0 {
                counts.of_source.remove(&self.source);
            }
        }
    }
}

/// What a handler knows of its connection; a request extension.
#[derive(Debug, Clone)]
pub struct ConnectionInfo {
    peer: SocketAddr,
    place: Arc<Place>,
}

impl ConnectionInfo {
    /// Where it comes from.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Where it comes from, as it is counted.
    pub fn source(&self) -> Source {
        self.place.source
    }

    /// Somebody signed in on it: it no longer counts against strangers.
    pub fn mark_authenticated(&self) {
        if !self.place.authenticated.swap(true, Ordering::Relaxed) {
            let mut counts = self.place.admission.counts();
            counts.unauthenticated = counts.unauthenticated.saturating_sub(1);
        }
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
