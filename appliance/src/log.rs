//! The log: lines on the standard error output, text for people and JSON for programs; panics included.

use std::io::IsTerminal;

use crate::config::{LogConfig, LogFormat};

/// Starts the log of this process.
///
/// # Errors
/// When the level is not a filter, as one sentence.
pub fn start(config: &LogConfig) -> Result<(), String> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.level)
        .map_err(|error| format!("[log] level {:?} is not a filter: {error}", config.level))?;
    let is_terminal = std::io::stderr().is_terminal();
    let is_text = match config.format {
        LogFormat::Automatic => is_terminal,
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if is_text {
        log.with_ansi(is_terminal).init();
    } else {
        log.json().init();
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // Only what the code says by itself: a formatted message may quote what somebody sent.
        let said = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(not shown)");
        tracing::error!(%place, said, "a task panicked; the others go on");
    }));
    Ok(())
}
