//! Who is writing right now. A mark ends by itself unless it is renewed; it is never stored.

use mesh_protocol::id::UserId;
use mesh_protocol::limit;

use crate::time::Monotonic;

/// Who is writing and until when that is believed. At most one entry a member.
#[derive(Debug, Default)]
pub(super) struct Typists(Vec<(UserId, Monotonic)>);

impl Typists {
    /// Starts or renews a mark; tells whether it is a new one.
    pub(super) fn start(&mut self, user: UserId, now: Monotonic) -> bool {
        let until = now.after(limit::TYPING_MS);
        match self.0.iter_mut().find(|(typist, _)| *typist == user) {
            Some(mark) => {
                mark.1 = until;
                false
            }
            None => {
                self.0.push((user, until));
                true
            }
        }
    }

    /// Ends a mark; tells whether there was one.
    pub(super) fn stop(&mut self, user: UserId) -> bool {
        let before = self.0.len();
        self.0.retain(|(typist, _)| *typist != user);
        self.0.len() != before
    }

    /// Ends the marks whose time is over and tells whose they were.
    pub(super) fn expire(&mut self, now: Monotonic) -> Vec<UserId> {
        let over = self.0.iter().filter(|(_, until)| *until <= now).map(|(user, _)| *user).collect();
        self.0.retain(|(_, until)| *until > now);
        over
    }

    pub(super) fn deadline(&self) -> Option<Monotonic> {
        self.0.iter().map(|(_, until)| *until).min()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = UserId> + '_ {
        self.0.iter().map(|(user, _)| *user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_ends_by_itself_unless_renewed() {
        let mut typists = Typists::default();
        assert!(typists.start(UserId(1), Monotonic(0)));
        assert!(!typists.start(UserId(1), Monotonic(4_000)), "renewing is no news");
        assert_eq!(typists.deadline(), Some(Monotonic(10_000)));
        assert!(typists.expire(Monotonic(9_999)).is_empty());
        assert_eq!(typists.expire(Monotonic(10_000)), [UserId(1)]);
        assert_eq!(typists.deadline(), None);
    }

    #[test]
    fn stopping_is_news_once() {
        let mut typists = Typists::default();
        typists.start(UserId(1), Monotonic(0));
        assert!(typists.stop(UserId(1)));
        assert!(!typists.stop(UserId(1)));
    }
}
