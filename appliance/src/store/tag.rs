//! Where client tags were used, in memory: what makes a repeated send harmless.
//!
//! The tag is in the log with its event, so no table holds it: random keys would cost a page or more of flash
//! for each chat message. The index is filled from the log when the store opens. It only points; a reader
//! looks into the log whether the row there really carries the tag, so entries of operations that were undone
//! or deleted do no harm.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use mesh_protocol::chat::ClientTag;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::limit;
use mesh_protocol::time::{Seq, UnixMillis};
use redb::ReadableTable;

use super::log::LogRows;
use super::table::{LOG, ROOMS};
use super::{StoreError, Tables};

/// Tags in one generation. With the one before it, at least this many of the newest are known: seven days of
/// more than nine a minute, day and night. An entry takes about 30 bytes.
pub(super) const GENERATION: usize = 100_000;

/// Recently used client tags; two generations, so that old ones go without being looked for.
#[derive(Debug, Default)]
pub struct TagIndex {
    hasher: RandomState,
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<u64, (RoomId, Seq)>,
    old: HashMap<u64, (RoomId, Seq)>,
    /// When the first entry of `young` was written.
    since: Option<UnixMillis>,
}

impl TagIndex {
    fn hash(&self, user: UserId, tag: &ClientTag) -> u64 {
        self.hasher.hash_one((user, tag))
    }

    /// Reads the tags of the last days from the log.
    pub(super) fn fill(&self, tables: &impl Tables) -> Result<(), StoreError> {
        let rooms: Result<Vec<u64>, StoreError> =
            tables.table(ROOMS)?.iter()?.map(|entry| Ok(entry?.0.value())).collect();
        let (rooms, log) = (rooms?, tables.table(LOG)?);
        let mut latest = UnixMillis(0);
        for room in &rooms {
            latest = latest.max(log.last_event(RoomId(*room))?.1);
        }
        let horizon = latest.0.saturating_sub(limit::CLIENT_TAG_SECONDS * 1_000);
        for room in rooms.into_iter().map(RoomId) {
            for row in log.rows(room, Seq::ZERO, Seq(u64::MAX))?.rev().take(GENERATION) {
                let (seq, row) = row?;
                if row.at.0 < horizon {
                    break;
                }
                if let Some(tag) = &row.tag {
                    self.insert(row.by, tag, (room, seq), latest);
                }
            }
        }
        Ok(())
    }

    /// Where the tag may have been used.
    pub(super) fn find(&self, user: UserId, tag: &ClientTag) -> Option<(RoomId, Seq)> {
        let hash = self.hash(user, tag);
        let generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        generations.young.get(&hash).or_else(|| generations.old.get(&hash)).copied()
    }

    pub(super) fn insert(&self, user: UserId, tag: &ClientTag, place: (RoomId, Seq), at: UnixMillis) {
        let hash = self.hash(user, tag);
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let since = *generations.since.get_or_insert(at);
        let is_over = at.0.saturating_sub(since.0) >= limit::CLIENT_TAG_SECONDS * 1_000;
        if is_over || generations.young.len() >= GENERATION {
            generations.old = std::mem::take(&mut generations.young);
            generations.since = Some(at);
        }
        generations.young.insert(hash, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(number: usize) -> ClientTag {
        ClientTag(format!("tag-{number}"))
    }

    #[test]
    fn tags_are_known_for_seven_days_and_forgotten_within_fourteen() {
        let day = |number: u64| UnixMillis(1_700_000_000_000 + number * 24 * 3_600 * 1_000);
        let index = TagIndex::default();
        for number in 0..=20 {
            index.insert(UserId(1), &tag(number as usize), (RoomId(1), Seq(number)), day(number));
            for age in 0..=number.min(6) {
                let known = index.find(UserId(1), &tag((number - age) as usize));
                assert_eq!(known, Some((RoomId(1), Seq(number - age))), "day {number}, {age} days old");
            }
            if number >= 14 {
                assert_eq!(index.find(UserId(1), &tag(number as usize - 14)), None);
            }
        }
    }

    #[test]
    fn a_flood_is_bounded_and_keeps_the_newest() {
        let index = TagIndex::default();
        for number in 0..3 * GENERATION {
            index.insert(UserId(1), &tag(number), (RoomId(1), Seq(number as u64)), UnixMillis(5));
        }
        let generations = index.generations.lock().unwrap();
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION);
        drop(generations);
        assert!(index.find(UserId(1), &tag(2 * GENERATION + 1)).is_some());
        assert_eq!(index.find(UserId(1), &tag(0)), None);
    }

    #[test]
    fn the_same_tag_of_two_users_is_two_tags() {
        let index = TagIndex::default();
        index.insert(UserId(1), &tag(1), (RoomId(1), Seq(1)), UnixMillis(5));
        assert_eq!(index.find(UserId(2), &tag(1)), None);
    }
}
