//! The call of a room as a machine: who is in it, who calls whom, when it rings and when somebody is gone.
//!
//! The box owns the list: a place in it is a lease held by the device's session, never something that a leaving
//! client has to clean up. A device whose session is lost is shown as away and is out after a grace; one that
//! comes back in time keeps its place, so its peers keep their connections. Nothing here is on disk: after a
//! restart of the box the devices say again that they are in, and the media between them never stopped.
//!
//! Who may take part is asked of [`crate::policy`] by the hub, with [`crate::capability::allowed`]'s words:
//! [`Capability::Call`](mesh_protocol::capability::Capability::Call). Who may no longer is evicted.

use std::collections::VecDeque;

use mesh_protocol::call::{Call as View, Participant, Shown};
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{CallId, DeviceId, RoomId, UserId};
use mesh_protocol::limit;
use mesh_protocol::time::UnixMillis;

use crate::machine::Machine;
use crate::time::{Monotonic, Now};

/// One session of a device with the appliance; another number after every reconnect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat(pub u64);

/// What can happen to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallInput {
    /// A permitted device takes part. `fresh` names the call when this starts one.
    Join {
        /// Through which session.
        seat: Seat,
        /// With which device.
        device: DeviceId,
        /// Whose.
        user: UserId,
        /// What it shows.
        shown: Shown,
        /// A name for a new call.
        fresh: CallId,
    },
    /// A device hangs up.
    Leave {
        /// Which.
        device: DeviceId,
    },
    /// What a device shows changed.
    Show {
        /// Which.
        device: DeviceId,
        /// What it shows now.
        shown: Shown,
    },
    /// A session ended without a word.
    Lost {
        /// Which.
        seat: Seat,
    },
    /// A user may not take part any more.
    Evict {
        /// Who.
        user: UserId,
        /// What they are told.
        code: ErrorCode,
    },
    /// A device was removed.
    Remove {
        /// Which.
        device: DeviceId,
    },
    /// Time passed.
    Tick,
}

/// What a call wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallOutput {
    /// Tell everybody who may see the room.
    Changed(View),
    /// Tell one session that it is not, or no longer, in.
    Ended {
        /// Which.
        seat: Seat,
        /// Why.
        code: ErrorCode,
    },
}

/// Somebody in the call.
#[derive(Debug, Clone, Copy)]
struct Place {
    user: UserId,
    device: DeviceId,
    seat: Seat,
    order: u32,
    shown: Shown,
    /// When they are out; `None` while their session is there.
    out_at: Option<Monotonic>,
}

/// The call of one room. Without participants there is none.
#[derive(Debug)]
pub struct Call {
    room: RoomId,
    id: CallId,
    started_at: UnixMillis,
    ring_until: Option<Monotonic>,
    places: Vec<Place>,
    next_order: u32,
    outputs: VecDeque<CallOutput>,
}

/// Of two participants, the one who joined later calls.
pub fn calls(one: &Participant, other: &Participant) -> bool {
    one.order > other.order
}

/// When both offer at once, the polite one gives way: the one with the lower identity.
pub fn is_polite(own: DeviceId, peer: DeviceId) -> bool {
    own < peer
}

impl Call {
    /// A room in which nobody calls.
    pub fn new(room: RoomId) -> Self {
        Self {
            room,
            id: CallId(0),
            started_at: UnixMillis(0),
            ring_until: None,
            places: Vec::new(),
            next_order: 1,
            outputs: VecDeque::new(),
        }
    }

    /// Whether nobody is in it.
    pub fn is_over(&self) -> bool {
        self.places.is_empty()
    }

    /// The session of a participant's device; `None` while it is away.
    pub fn seat(&self, device: DeviceId) -> Option<Seat> {
        let place = self.places.iter().find(|place| place.device == device)?;
        place.out_at.is_none().then_some(place.seat)
    }

    /// The device that takes part through a session.
    pub fn device(&self, seat: Seat) -> Option<DeviceId> {
        self.places.iter().find(|place| place.seat == seat).map(|place| place.device)
    }

    /// The sessions of all who are there.
    pub fn seats(&self) -> impl Iterator<Item = Seat> + '_ {
        self.places.iter().filter(|place| place.out_at.is_none()).map(|place| place.seat)
    }

    /// Who is in, away ones included.
    pub fn users(&self) -> impl Iterator<Item = UserId> + '_ {
        self.places.iter().map(|place| place.user)
    }

    /// The call as everybody sees it.
    pub fn view(&self) -> View {
        let participants = self.places.iter().map(|place| Participant {
            user: place.user,
            device: place.device,
            order: place.order,
            shown: place.shown,
            away: place.out_at.is_some(),
        });
        View {
            room: self.room,
            id: self.id,
            started_at: self.started_at,
            ringing: self.ring_until.is_some(),
            participants: participants.collect(),
        }
    }

    fn join(&mut self, now: Now, seat: Seat, place: (DeviceId, UserId), shown: Shown, fresh: CallId) {
        let (device, user) = place;
        if let Some(place) = self.places.iter_mut().find(|place| place.device == device) {
            let former = std::mem::replace(&mut place.seat, seat);
            let was_there = place.out_at.take().is_none() && former != seat;
            place.shown = shown;
            if was_there {
                // Another page of the same browser, or a reconnect of which the box heard before the loss.
                self.outputs.push_back(CallOutput::Ended { seat: former, code: ErrorCode::CallMoved });
            }
            return self.changed();
        }
        // With another device the call moves there: a person is in it once.
        if let Some(former) = self.places.iter().position(|place| place.user == user) {
            let former = self.places.remove(former);
            self.outputs.push_back(CallOutput::Ended { seat: former.seat, code: ErrorCode::CallMoved });
        } else if self.places.len() >= limit::CALL_PARTICIPANTS {
            return self.outputs.push_back(CallOutput::Ended { seat, code: ErrorCode::CallFull });
        }
        if self.places.is_empty() {
            self.id = fresh;
            self.started_at = now.wall;
            self.ring_until = Some(now.mono.after(limit::CALL_RING_MS));
        } else {
            // Somebody has answered.
            self.ring_until = None;
        }
        let order = self.next_order;
        self.next_order = order.saturating_add(1);
        self.places.push(Place { user, device, seat, order, shown, out_at: None });
        self.changed();
    }

    /// Takes everybody out for whom `is_out`; tells them why when there is something to say.
    fn take_out(&mut self, is_out: impl Fn(&Place) -> bool, code: Option<ErrorCode>) {
        let (out, stay): (Vec<Place>, Vec<Place>) = self.places.iter().partition(|place| is_out(place));
        if out.is_empty() {
            return;
        }
        self.places = stay;
        if self.places.is_empty() {
            self.ring_until = None;
        }
        if let Some(code) = code {
            self.outputs.extend(out.iter().map(|place| CallOutput::Ended { seat: place.seat, code }));
        }
        self.changed();
    }

    fn changed(&mut self) {
        self.outputs.push_back(CallOutput::Changed(self.view()));
    }

    fn tick(&mut self, now: Monotonic) {
        self.take_out(|place| place.out_at.is_some_and(|at| at <= now), None);
        if self.ring_until.is_some_and(|until| until <= now) {
            self.ring_until = None;
            self.changed();
        }
    }
}

impl Machine for Call {
    type Input = CallInput;
    type Output = CallOutput;

    fn handle(&mut self, now: Now, input: CallInput) {
        match input {
            CallInput::Join { seat, device, user, shown, fresh } => {
                self.join(now, seat, (device, user), shown, fresh);
            }
            CallInput::Leave { device } => self.take_out(|place| place.device == device, None),
            CallInput::Show { device, shown } => {
                let place = self.places.iter_mut().find(|place| place.device == device);
                if let Some(place) = place.filter(|place| place.shown != shown) {
                    place.shown = shown;
                    self.changed();
                }
            }
            CallInput::Lost { seat } => {
                let place = self.places.iter_mut().find(|place| place.seat == seat && place.out_at.is_none());
                if let Some(place) = place {
                    place.out_at = Some(now.mono.after(limit::CALL_GRACE_MS));
                    self.changed();
                }
            }
            CallInput::Evict { user, code } => self.take_out(|place| place.user == user, Some(code)),
            CallInput::Remove { device } => {
                self.take_out(|place| place.device == device, Some(ErrorCode::SignedOut));
            }
            CallInput::Tick => self.tick(now.mono),
        }
    }

    fn poll(&mut self) -> Option<CallOutput> {
        self.outputs.pop_front()
    }

    fn deadline(&self) -> Option<Monotonic> {
        self.places.iter().filter_map(|place| place.out_at).chain(self.ring_until).min()
    }
}
