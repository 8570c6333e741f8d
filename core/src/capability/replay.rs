//! What was presented already: every capability is good once. Held in memory; what is left over from before a
//! restart is refused by its time.

use std::collections::BTreeMap;

use mesh_protocol::id::DeviceId;
use mesh_protocol::limit;
use mesh_protocol::time::UnixMillis;

/// The names of used capabilities, each until it could not be used any more.
#[derive(Debug, Clone, Default)]
pub(super) struct ReplayCache {
    /// By presenter and name: the end of its life on the issuer's clock.
    used: BTreeMap<(DeviceId, String), UnixMillis>,
}

/// Why a name is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It was used before.
    Before,
    /// There is no room; entries that still count are never given up.
    Full,
}

impl ReplayCache {
    /// Marks a name as used until `end`.
    pub(super) fn take(
        &mut self,
        presenter: DeviceId,
        jti: &str,
        end: UnixMillis,
        now: UnixMillis,
    ) -> Result<(), Taken> {
        self.used.retain(|_, end| *end > now);
        let key = (presenter, jti.to_owned());
        if self.used.contains_key(&key) {
            return Err(Taken::Before);
        }
        let of_presenter = self.used.keys().filter(|(device, _)| *device == presenter).count();
        if self.used.len() >= limit::REPLAY_ENTRIES || of_presenter >= limit::REPLAY_ENTRIES_PER_DEVICE {
            return Err(Taken::Full);
        }
        self.used.insert(key, end);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_once_until_its_end() {
        let mut cache = ReplayCache::default();
        let device = DeviceId(1);
        assert_eq!(cache.take(device, "a", UnixMillis(10), UnixMillis(0)), Ok(()));
        assert_eq!(cache.take(device, "a", UnixMillis(10), UnixMillis(9)), Err(Taken::Before));
        assert_eq!(cache.take(device, "a", UnixMillis(30), UnixMillis(10)), Ok(()));
    }

    #[test]
    fn one_presenter_does_not_take_the_room_of_others_and_nothing_is_evicted() {
        let mut cache = ReplayCache::default();
        let end = UnixMillis(10);
        for device in 0..64 {
            for name in 0..limit::REPLAY_ENTRIES_PER_DEVICE {
                assert_eq!(cache.take(DeviceId(device), &name.to_string(), end, UnixMillis(0)), Ok(()));
            }
            assert_eq!(cache.take(DeviceId(device), "more", end, UnixMillis(0)), Err(Taken::Full));
        }
        assert_eq!(cache.take(DeviceId(64), "0", end, UnixMillis(0)), Err(Taken::Full));
        assert_eq!(cache.take(DeviceId(0), "0", end, UnixMillis(0)), Err(Taken::Before));
        assert_eq!(cache.take(DeviceId(64), "0", UnixMillis(20), UnixMillis(10)), Ok(()));
    }
}
