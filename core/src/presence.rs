//! Who is there: from open sessions, activity and what people chose. Nothing here is stored.

use std::collections::{BTreeMap, VecDeque};

use mesh_protocol::id::UserId;
use mesh_protocol::presence::{Availability, Presence, PresenceState};

use crate::machine::Machine;
use crate::time::{Monotonic, Now};

/// Milliseconds that somebody stays visible after their last session closed, so that a reload or a short
/// network failure is no news.
pub const OFFLINE_GRACE_MS: u64 = 10_000;

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PresenceInput {
    /// A session of a user connected.
    Connected {
        /// Who.
        user: UserId,
        /// The connection, opaque.
        session: u64,
    },
    /// A session closed.
    Disconnected {
        /// Who.
        user: UserId,
        /// The connection.
        session: u64,
    },
    /// Somebody is at the session's screen, or no longer.
    Activity {
        /// Who.
        user: UserId,
        /// The connection.
        session: u64,
        /// At the screen or not.
        active: bool,
    },
    /// A user chose how to be reached, or what they chose was read from disk.
    Chosen {
        /// Who.
        user: UserId,
        /// The choice.
        availability: Availability,
        /// Free text.
        text: String,
    },
    /// A user was removed from the team.
    Removed {
        /// Who.
        user: UserId,
    },
    /// The deadline has come.
    Tick,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PresenceOutput {
    /// Tell those who may see the user.
    Changed(Presence),
}

#[derive(Debug, Default)]
struct Person {
    /// Open sessions and whether somebody is at them.
    sessions: BTreeMap<u64, bool>,
    availability: Availability,
    text: String,
    /// Since the last session closed: when the grace ends.
    leaves_at: Option<Monotonic>,
    /// What was last announced.
    shown: (PresenceState, String),
}

impl Person {
    fn state(&self) -> PresenceState {
        if self.sessions.is_empty() && self.leaves_at.is_none() {
            return PresenceState::Offline;
        }
        match self.availability {
            Availability::DoNotDisturb => PresenceState::DoNotDisturb,
            Availability::Away => PresenceState::Away,
            // During the grace nobody is at a screen, but nobody is gone either: keep what was shown.
            Availability::Automatic if self.sessions.is_empty() => self.shown.0,
            Availability::Automatic if self.sessions.values().any(|active| *active) => PresenceState::Online,
            Availability::Automatic => PresenceState::Away,
        }
    }
}

/// The presence of everybody in the team.
#[derive(Debug, Default)]
pub struct Presences {
    people: BTreeMap<UserId, Person>,
    outputs: VecDeque<PresenceOutput>,
}

impl Presences {
    /// Nobody is there.
    pub fn new() -> Self {
        Self::default()
    }

    /// A user's presence as last announced.
    pub fn view(&self, user: UserId) -> Presence {
        let (state, text) = self.people.get(&user).map(|person| person.shown.clone()).unwrap_or_default();
        Presence { user, state, text }
    }

    fn settle(&mut self, user: UserId) {
        let Some(person) = self.people.get_mut(&user) else { return };
        let now = (person.state(), person.text.clone());
        if person.shown != now {
            let (state, text) = now.clone();
            person.shown = now;
            self.outputs.push_back(PresenceOutput::Changed(Presence { user, state, text }));
        }
    }

    fn tick(&mut self, now: Monotonic) {
        let mut gone = Vec::new();
        for (user, person) in &mut self.people {
            if person.leaves_at.is_some_and(|at| at <= now) {
                person.leaves_at = None;
                gone.push(*user);
            }
        }
        for user in gone {
            self.settle(user);
        }
    }
}

impl Machine for Presences {
    type Input = PresenceInput;
    type Output = PresenceOutput;

    fn handle(&mut self, now: Now, input: PresenceInput) {
        let user = match input {
            PresenceInput::Connected { user, session } => {
                let person = self.people.entry(user).or_default();
                person.sessions.insert(session, true);
                person.leaves_at = None;
                user
            }
            PresenceInput::Disconnected { user, session } => {
                let Some(person) = self.people.get_mut(&user) else { return };
                if person.sessions.remove(&session).is_some() && person.sessions.is_empty() {
                    person.leaves_at = Some(now.mono.after(OFFLINE_GRACE_MS));
                }
                user
            }
            PresenceInput::Activity { user, session, active } => {
                let Some(person) = self.people.get_mut(&user) else { return };
                if let Some(known) = person.sessions.get_mut(&session) {
                    *known = active;
                }
                user
            }
            PresenceInput::Chosen { user, availability, text } => {
                let person = self.people.entry(user).or_default();
                person.availability = availability;
                person.text = text;
                user
            }
            PresenceInput::Removed { user } => {
                if let Some(person) = self.people.get_mut(&user) {
                    person.sessions.clear();
                    person.leaves_at = None;
                    person.text.clear();
                }
                user
            }
            PresenceInput::Tick => return self.tick(now.mono),
        };
        self.settle(user);
    }

    fn poll(&mut self) -> Option<PresenceOutput> {
        self.outputs.pop_front()
    }

    fn deadline(&self) -> Option<Monotonic> {
        self.people.values().filter_map(|person| person.leaves_at).min()
    }
}

#[cfg(test)]
mod tests {
    use mesh_protocol::time::UnixMillis;

    use super::*;

    const ANNA: UserId = UserId(1);

    /// The presences of a team of one, at a time that tests move.
    #[derive(Default)]
    struct Bench {
        presences: Presences,
        now: u64,
    }

    impl Bench {
        /// Gives an input; the states that were announced.
        fn input(&mut self, input: PresenceInput) -> Vec<PresenceState> {
            self.presences.handle(Now { mono: Monotonic(self.now), wall: UnixMillis(0) }, input);
            let next = || self.presences.poll();
            std::iter::from_fn(next).map(|PresenceOutput::Changed(presence)| presence.state).collect()
        }

        fn connect(&mut self, session: u64) -> Vec<PresenceState> {
            self.input(PresenceInput::Connected { user: ANNA, session })
        }

        fn disconnect(&mut self, session: u64) -> Vec<PresenceState> {
            self.input(PresenceInput::Disconnected { user: ANNA, session })
        }

        fn active(&mut self, session: u64, active: bool) -> Vec<PresenceState> {
            self.input(PresenceInput::Activity { user: ANNA, session, active })
        }

        fn choose(&mut self, availability: Availability, text: &str) -> Vec<PresenceState> {
            self.input(PresenceInput::Chosen { user: ANNA, availability, text: text.to_owned() })
        }

        fn tick_at(&mut self, now: u64) -> Vec<PresenceState> {
            self.now = now;
            self.input(PresenceInput::Tick)
        }

        fn state(&self) -> PresenceState {
            self.presences.view(ANNA).state
        }
    }

    #[test]
    fn the_first_session_is_news_and_the_second_is_not() {
        let mut bench = Bench::default();
        assert_eq!(bench.state(), PresenceState::Offline);
        assert_eq!(bench.connect(1), [PresenceState::Online]);
        assert_eq!(bench.connect(2), []);
        assert_eq!(bench.disconnect(1), []);
        assert_eq!(bench.presences.deadline(), None);
    }

    #[test]
    fn a_reload_within_the_grace_is_no_news() {
        let mut bench = Bench::default();
        bench.connect(1);
        assert_eq!(bench.disconnect(1), []);
        assert_eq!(bench.presences.deadline(), Some(Monotonic(OFFLINE_GRACE_MS)));
        assert_eq!(bench.tick_at(OFFLINE_GRACE_MS - 1), []);
        assert_eq!(bench.connect(2), []);
        assert_eq!(bench.presences.deadline(), None);
        assert_eq!(bench.tick_at(3 * OFFLINE_GRACE_MS), []);
        assert_eq!(bench.state(), PresenceState::Online);
    }

    #[test]
    fn who_does_not_come_back_is_offline_after_the_grace() {
        let mut bench = Bench::default();
        bench.connect(1);
        bench.active(1, false);
        bench.disconnect(1);
        assert_eq!(bench.state(), PresenceState::Away, "as it was");
        assert_eq!(bench.tick_at(OFFLINE_GRACE_MS), [PresenceState::Offline]);
        assert_eq!(bench.presences.deadline(), None);
    }

    #[test]
    fn closing_a_session_twice_does_not_prolong_the_grace() {
        let mut bench = Bench::default();
        bench.connect(1);
        bench.disconnect(1);
        bench.now = 5_000;
        bench.disconnect(1);
        bench.disconnect(9);
        assert_eq!(bench.presences.deadline(), Some(Monotonic(OFFLINE_GRACE_MS)));
    }

    #[test]
    fn somebody_is_away_when_nobody_is_at_any_screen() {
        let mut bench = Bench::default();
        bench.connect(1);
        bench.connect(2);
        assert_eq!(bench.active(1, false), []);
        assert_eq!(bench.active(2, false), [PresenceState::Away]);
        assert_eq!(bench.active(1, true), [PresenceState::Online]);
        assert_eq!(bench.active(9, false), [], "an unknown session");
        assert_eq!(bench.disconnect(1), [PresenceState::Away], "the one that is left is idle");
    }

    #[test]
    fn what_was_chosen_counts_more_than_activity() {
        let mut bench = Bench::default();
        bench.connect(1);
        assert_eq!(bench.choose(Availability::DoNotDisturb, ""), [PresenceState::DoNotDisturb]);
        assert_eq!(bench.active(1, false), []);
        assert_eq!(bench.choose(Availability::Away, ""), [PresenceState::Away]);
        assert_eq!(bench.active(1, true), []);
        assert_eq!(bench.choose(Availability::Automatic, ""), [PresenceState::Online]);
    }

    #[test]
    fn the_text_is_news_also_of_somebody_offline() {
        let mut bench = Bench::default();
        assert_eq!(bench.choose(Availability::DoNotDisturb, "holiday"), [PresenceState::Offline]);
        assert_eq!(bench.presences.view(ANNA).text, "holiday");
        assert_eq!(bench.choose(Availability::DoNotDisturb, "holiday"), []);
        assert_eq!(bench.connect(1), [PresenceState::DoNotDisturb]);
    }

    #[test]
    fn who_was_removed_is_offline_at_once() {
        let mut bench = Bench::default();
        bench.connect(1);
        bench.choose(Availability::Automatic, "here");
        assert_eq!(bench.input(PresenceInput::Removed { user: ANNA }), [PresenceState::Offline]);
        assert_eq!(bench.presences.view(ANNA).text, "");
        assert_eq!(bench.presences.deadline(), None);
        assert_eq!(bench.input(PresenceInput::Removed { user: UserId(9) }), []);
    }

    #[test]
    fn the_earliest_grace_is_the_deadline() {
        let mut bench = Bench::default();
        let other = UserId(2);
        bench.connect(1);
        bench.input(PresenceInput::Connected { user: other, session: 2 });
        bench.disconnect(1);
        bench.now = 500;
        bench.input(PresenceInput::Disconnected { user: other, session: 2 });
        assert_eq!(bench.presences.deadline(), Some(Monotonic(OFFLINE_GRACE_MS)));
        assert_eq!(bench.tick_at(OFFLINE_GRACE_MS), [PresenceState::Offline]);
        assert_eq!(bench.presences.deadline(), Some(Monotonic(500 + OFFLINE_GRACE_MS)));
    }
}
