//! The call of a room: joining, leaving, losing the connection, ringing, moving to another device.

use mesh_core::call::{Call, CallInput, CallOutput, Seat, calls, is_polite};
use mesh_core::machine::Machine;
use mesh_core::time::{Monotonic, Now};
use mesh_protocol::call::{Call as View, Shown};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{CallId, DeviceId, RoomId, UserId};
use mesh_protocol::limit;
use mesh_protocol::time::UnixMillis;

struct Bench {
    call: Call,
    time: u64,
}

impl Bench {
    fn new() -> Self {
        Self { call: Call::new(RoomId(1)), time: 0 }
    }

    fn give(&mut self, input: CallInput) -> Vec<CallOutput> {
        let now = Now { mono: Monotonic(self.time), wall: UnixMillis(1_000 + self.time) };
        self.call.handle(now, input);
        std::iter::from_fn(|| self.call.poll()).collect()
    }

    /// User n joins with device 10 n through seat 100 n + `turn`.
    fn join(&mut self, user: u64, turn: u64) -> Vec<CallOutput> {
        self.give(join(user, user * 10, user * 100 + turn))
    }

    fn wait(&mut self, millis: u64) -> Vec<CallOutput> {
        self.time += millis;
        self.give(CallInput::Tick)
    }

    fn users(&self) -> Vec<u64> {
        self.call.users().map(|user| user.0).collect()
    }
}

fn join(user: u64, device: u64, seat: u64) -> CallInput {
    CallInput::Join {
        seat: Seat(seat),
        device: DeviceId(device),
        user: UserId(user),
        shown: Shown::default(),
        fresh: CallId(seat),
    }
}

fn last_view(outputs: &[CallOutput]) -> &View {
    let mut views = outputs.iter().filter_map(|output| match output {
        CallOutput::Changed(view) => Some(view),
        CallOutput::Ended { .. } => None,
    });
    views.next_back().expect("the call changed")
}

#[test]
fn the_first_starts_a_call_that_rings_until_somebody_answers() {
    let mut bench = Bench::new();
    let started = bench.join(1, 0);
    let view = last_view(&started);
    assert!(view.ringing);
    assert_eq!((view.id, view.started_at, view.participants.len()), (CallId(100), UnixMillis(1_000), 1));
    bench.time = 5_000;
    let answered = bench.join(2, 0);
    let view = last_view(&answered);
    assert!(!view.ringing);
    assert_eq!((view.id, view.started_at), (CallId(100), UnixMillis(1_000)));
    assert_eq!(bench.call.deadline(), None);
}

#[test]
fn ringing_ends_by_itself() {
    let mut bench = Bench::new();
    bench.join(1, 0);
    assert_eq!(bench.call.deadline(), Some(Monotonic(limit::CALL_RING_MS)));
    assert!(bench.wait(limit::CALL_RING_MS - 1).is_empty());
    assert!(!last_view(&bench.wait(1)).ringing);
    assert_eq!(bench.users(), [1]);
}

#[test]
fn the_fifth_is_refused_and_a_place_that_is_left_is_free() {
    let mut bench = Bench::new();
    for user in 1..=4 {
        bench.join(user, 0);
    }
    let full = CallOutput::Ended { seat: Seat(500), code: ErrorCode::CallFull };
    assert_eq!(bench.join(5, 0), [full]);
    bench.give(CallInput::Leave { device: DeviceId(20) });
    assert_eq!(last_view(&bench.join(5, 0)).participants.len(), 4);
    assert_eq!(bench.users(), [1, 3, 4, 5]);
}

#[test]
fn a_place_is_kept_for_who_comes_back_in_time() {
    let mut bench = Bench::new();
    bench.join(1, 0);
    let before = last_view(&bench.join(2, 0)).participants[1];
    let away = bench.give(CallInput::Lost { seat: Seat(200) });
    assert!(last_view(&away).participants[1].away);
    assert_eq!(bench.call.seat(DeviceId(20)), None);
    assert!(bench.wait(limit::CALL_GRACE_MS - 1).is_empty());
    let back = bench.join(2, 1);
    assert_eq!(last_view(&back).participants[1], before);
    assert_eq!(bench.call.seat(DeviceId(20)), Some(Seat(201)));
    // The old session's end comes late and means nothing.
    assert!(bench.give(CallInput::Lost { seat: Seat(200) }).is_empty());
    assert!(bench.wait(limit::CALL_GRACE_MS).is_empty());
}

#[test]
fn nobody_stays_as_a_ghost() {
    let mut bench = Bench::new();
    bench.join(1, 0);
    bench.join(2, 0);
    bench.give(CallInput::Lost { seat: Seat(200) });
    assert_eq!(bench.call.deadline(), Some(Monotonic(limit::CALL_GRACE_MS)));
    assert_eq!(last_view(&bench.wait(limit::CALL_GRACE_MS)).participants.len(), 1);
    bench.give(CallInput::Lost { seat: Seat(100) });
    assert!(last_view(&bench.wait(limit::CALL_GRACE_MS)).participants.is_empty());
    assert!(bench.call.is_over());
    assert_eq!(bench.call.deadline(), None);
    // The next call is another one.
    assert_eq!(last_view(&bench.join(3, 0)).id, CallId(300));
}

#[test]
fn a_person_is_in_a_call_once_and_may_move_it_to_another_device() {
    let mut bench = Bench::new();
    bench.join(1, 0);
    let moved = bench.give(join(1, 11, 111));
    assert_eq!(moved[0], CallOutput::Ended { seat: Seat(100), code: ErrorCode::CallMoved });
    assert_eq!(last_view(&moved).participants.len(), 1);
    assert_eq!(bench.call.device(Seat(111)), Some(DeviceId(11)));
    // Another page of the same browser takes it over, too.
    let again = bench.give(join(1, 11, 112));
    assert_eq!(again[0], CallOutput::Ended { seat: Seat(111), code: ErrorCode::CallMoved });
    assert_eq!(bench.give(join(1, 11, 112)).len(), 1, "said twice is once");
    // Also into a full call.
    for user in 2..=4 {
        bench.join(user, 0);
    }
    assert_eq!(last_view(&bench.join(1, 1)).participants.len(), 4);
}

#[test]
fn who_may_no_longer_is_out_at_once_and_is_told() {
    let mut bench = Bench::new();
    bench.join(1, 0);
    bench.join(2, 0);
    let out = bench.give(CallInput::Evict { user: UserId(2), code: ErrorCode::Forbidden });
    assert_eq!(out[0], CallOutput::Ended { seat: Seat(200), code: ErrorCode::Forbidden });
    assert_eq!(last_view(&out).participants.len(), 1);
    let out = bench.give(CallInput::Remove { device: DeviceId(10) });
    assert_eq!(out[0], CallOutput::Ended { seat: Seat(100), code: ErrorCode::SignedOut });
    assert!(bench.call.is_over());
    assert!(bench.give(CallInput::Evict { user: UserId(2), code: ErrorCode::Forbidden }).is_empty());
}

#[test]
fn what_is_shown_is_news_once() {
    let mut bench = Bench::new();
    bench.join(1, 0);
    let shown = Shown { mic: true, hand: true, ..Shown::default() };
    let show = || CallInput::Show { device: DeviceId(10), shown };
    assert_eq!(last_view(&bench.give(show())).participants[0].shown, shown);
    assert!(bench.give(show()).is_empty());
    assert!(bench.give(CallInput::Show { device: DeviceId(99), shown }).is_empty());
}

#[test]
fn of_two_exactly_one_calls_and_exactly_one_is_polite() {
    let mut bench = Bench::new();
    for user in [3, 1, 4, 2] {
        bench.join(user, 0);
    }
    let view = bench.call.view();
    for one in &view.participants {
        for other in view.participants.iter().filter(|other| other.device != one.device) {
            assert!(calls(one, other) != calls(other, one));
            assert!(is_polite(one.device, other.device) != is_polite(other.device, one.device));
        }
    }
    assert!(calls(&view.participants[3], &view.participants[0]), "the newcomer calls");
}
