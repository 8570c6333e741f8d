//! What systemd is told when it started the box: ready, still alive, stopping. Without systemd, nothing happens.

use std::time::Duration;

use sd_notify::NotifyState;

/// The box answers.
pub fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The box stops because it was told to.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Says "still alive" twice in each watchdog period, for as long as tasks are run. Ends only where there is no
/// watchdog.
pub async fn keep_alive() {
    let mut period = 0;
    if !sd_notify::watchdog_enabled(false, &mut period) || period == 0 {
        return;
    }
    let mut ticks = tokio::time::interval(Duration::from_micros(period) / 2);
    loop {
        ticks.tick().await;
        tell(&[NotifyState::Watchdog]);
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(false, state) {
        tracing::warn!(%error, "systemd can't be told how the box is");
    }
}
