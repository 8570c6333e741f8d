//! What a client missed: exactly the events after its last one, or a fresh page where that is too much.

use axum::extract::ws::Utf8Bytes;
use mesh_protocol::chat::{PageFrom, RoomEvent};
use mesh_protocol::codec;
use mesh_protocol::control::ServerMessage;
use mesh_protocol::id::RoomId;
use mesh_protocol::limit;
use mesh_protocol::session::{ResumePoint, RoomEvents, RoomReset};
use mesh_protocol::time::Seq;

use super::fit::fit_page;
use crate::store::{RoomReads, Store, StoreError};

/// Items of the page that a room starts over with.
const RESET_ITEMS: u32 = 50;

/// One bounded piece of work for a reading thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The events after `after` up to `up_to`, at most [`limit::EVENTS_PER_MESSAGE`] of them.
    Events { room: RoomId, after: Seq, up_to: Seq },
    /// The newest page.
    Reset { room: RoomId },
}

/// What has to be sent, in order, one part at a time.
#[derive(Debug)]
pub(super) struct Plan {
    parts: std::collections::VecDeque<Part>,
}

impl Plan {
    /// `ends` are the rooms that the user is in and their newest events on disk when the session subscribed.
    pub(super) fn new(points: &[ResumePoint], ends: &[(RoomId, Seq)]) -> Self {
        let mut budget = limit::RESUME_EVENTS;
        let mut parts = std::collections::VecDeque::new();
        for (room, end) in ends {
            let Some(point) = points.iter().find(|point| point.room == *room) else { continue };
            let missed = end.0.checked_sub(point.seq.0);
            match missed {
                Some(0) => {}
                Some(missed) if missed <= budget => {
                    budget -= missed;
                    let step = limit::EVENTS_PER_MESSAGE as u64;
                    let mut after = point.seq.0;
                    while after < end.0 {
                        let up_to = end.0.min(after + step);
                        parts.push_back(Part::Events { room: *room, after: Seq(after), up_to: Seq(up_to) });
                        after = up_to;
                    }
                }
                // Too much, or a client from the future: one whose box was restored from a backup.
                _ => parts.push_back(Part::Reset { room: *room }),
            }
        }
        Self { parts }
    }

    pub(super) fn next_part(&mut self) -> Option<Part> {
        self.parts.pop_front()
    }
}

/// Reads one part and encodes it as messages, each within [`limit::MESSAGE_BYTES`].
pub(super) fn load(store: &Store, part: Part) -> Result<Vec<Utf8Bytes>, StoreError> {
    match part {
        Part::Events { room, after, up_to } => {
            let events = store.read(|view| view.events(room, after, up_to))?;
            if events.len() as u64 == up_to.0 - after.0 {
                Ok(encode_events(room, events))
            } else {
                // The log no longer reaches back that far.
                Ok(vec![reset(store, room)?])
            }
        }
        Part::Reset { room } => Ok(vec![reset(store, room)?]),
    }
}

fn reset(store: &Store, room: RoomId) -> Result<Utf8Bytes, StoreError> {
    let page = store.read(|view| view.history(room, PageFrom::Latest, RESET_ITEMS))?;
    let page = fit_page(page, PageFrom::Latest);
    Ok(codec::encode_server(&ServerMessage::RoomReset(RoomReset { room, page })).into())
}

fn encode_events(room: RoomId, events: Vec<RoomEvent>) -> Vec<Utf8Bytes> {
    let mut texts = Vec::new();
    encode_into(room, events, &mut texts);
    texts
}

/// Halves a list until each message fits; a lone event always fits by the limit on its text.
fn encode_into(room: RoomId, mut events: Vec<RoomEvent>, texts: &mut Vec<Utf8Bytes>) {
    let message = ServerMessage::RoomEvents(RoomEvents { room, events: events.clone() });
    let text = codec::encode_server(&message);
    if text.len() <= limit::MESSAGE_BYTES || events.len() <= 1 {
        texts.push(text.into());
        return;
    }
    let rest = events.split_off(events.len() / 2);
    encode_into(room, events, texts);
    encode_into(room, rest, texts);
}

#[cfg(test)]
mod tests {
    use mesh_protocol::chat::RoomEventKind;
    use mesh_protocol::id::UserId;
    use mesh_protocol::time::UnixMillis;

    use super::*;

    fn point(room: u64, seq: u64) -> ResumePoint {
        ResumePoint { room: RoomId(room), seq: Seq(seq) }
    }

    fn parts(points: &[ResumePoint], ends: &[(RoomId, Seq)]) -> Vec<Part> {
        let mut plan = Plan::new(points, ends);
        std::iter::from_fn(|| plan.next_part()).collect()
    }

    #[test]
    fn exactly_the_missed_events_are_planned() {
        let ends = [(RoomId(1), Seq(250)), (RoomId(2), Seq(9)), (RoomId(3), Seq(5))];
        let planned = parts(&[point(1, 10), point(2, 9)], &ends);
        let events = |after, up_to| Part::Events { room: RoomId(1), after: Seq(after), up_to: Seq(up_to) };
        assert_eq!(planned, [events(10, 210), events(210, 250)]);
    }

    #[test]
    fn ten_thousand_are_replayed_and_one_more_starts_over() {
        assert_eq!(parts(&[point(1, 0)], &[(RoomId(1), Seq(10_000))]).len(), 50);
        let reset = [Part::Reset { room: RoomId(1) }];
        assert_eq!(parts(&[point(1, 0)], &[(RoomId(1), Seq(10_001))]), reset);
    }

    #[test]
    fn the_budget_is_shared_by_all_rooms() {
        let ends = [(RoomId(1), Seq(9_000)), (RoomId(2), Seq(2_000))];
        let planned = parts(&[point(1, 0), point(2, 0)], &ends);
        assert_eq!(planned.last(), Some(&Part::Reset { room: RoomId(2) }));
        assert_eq!(planned.len(), 46);
    }

    #[test]
    fn a_client_from_the_future_starts_over() {
        let reset = [Part::Reset { room: RoomId(1) }];
        assert_eq!(parts(&[point(1, 8)], &[(RoomId(1), Seq(7))]), reset);
    }

    #[test]
    fn long_texts_are_split_over_messages_within_the_limit() {
        let events: Vec<RoomEvent> = (1..=20)
            .map(|seq| RoomEvent {
                room: RoomId(1),
                seq: Seq(seq),
                at: UnixMillis(seq),
                by: UserId(1),
                tag: None,
                change: RoomEventKind::Posted {
                    text: "\u{1}".repeat(limit::CHAT_TEXT_BYTES / 2),
                    reply_to: None,
                    mentions: vec![],
                    everyone: false,
                },
            })
            .collect();
        let texts = encode_events(RoomId(1), events);
        assert!(texts.iter().all(|text| text.len() <= limit::MESSAGE_BYTES));
        let total: usize = texts
            .iter()
            .map(|text| match codec::decode_server(text) {
                Ok(ServerMessage::RoomEvents(events)) => events.events.len(),
                other => panic!("unexpected {other:?}"),
            })
            .sum();
        assert_eq!(total, 20);
    }
}
