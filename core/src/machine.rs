//! The contract of every machine, written once.

use crate::time::{Monotonic, Now};

/// A deterministic state object.
///
/// The shell gives it one input with [`handle`](Machine::handle), then drains [`poll`](Machine::poll) until it
/// is empty, then waits for the next input or for [`deadline`](Machine::deadline), at which it gives the
/// machine's tick input. Outputs are performed in the order in which they come; the results of those that can
/// fail come back as inputs. The same inputs at the same times always give the same outputs.
pub trait Machine {
    /// What can happen to it.
    type Input;
    /// What it wants done.
    type Output;

    /// Takes one input. Outputs of former inputs have been drained.
    fn handle(&mut self, now: Now, input: Self::Input);

    /// The next thing to do, in order; `None` when nothing is left.
    fn poll(&mut self) -> Option<Self::Output>;

    /// When the machine wants a tick even if nothing else happens.
    fn deadline(&self) -> Option<Monotonic>;
}
