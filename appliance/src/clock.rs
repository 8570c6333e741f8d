//! The only clock of the appliance: everything that depends on time is handed a [`Now`] from here, so tests
//! can hand out their own.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use mesh_core::time::{Monotonic, Now};
use mesh_protocol::time::UnixMillis;

/// A source of [`Now`]; cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Now + Send + Sync>);

impl Clock {
    /// The machine's clocks.
    pub fn system() -> Self {
        let start = Instant::now();
        Self(Arc::new(move || Now {
            mono: Monotonic(u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)),
            wall: UnixMillis(
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX)),
            ),
        }))
    }

    /// A clock that asks `source`, for tests that move time themselves.
    pub fn from_fn(source: impl Fn() -> Now + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// The instant it is.
    pub fn now(&self) -> Now {
        (self.0)()
    }

    /// The wall-clock instant it is.
    pub fn wall(&self) -> UnixMillis {
        self.now().wall
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
