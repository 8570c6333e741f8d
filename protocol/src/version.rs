//! The version of the control protocol and its history.

/// The version this build speaks.
///
/// History, newest last; each line says what changed for whom:
/// - 1 (2026-11-24): first version: hello, snapshot, room events with resume, chat, presence, search.
pub const CURRENT: u16 = 1;

/// The oldest version this build still accepts from a web client or an agent.
pub const MINIMUM: u16 = 1;

/// Whether a peer that announces `version` can be served by this build.
pub fn is_supported(version: u16) -> bool {
    (MINIMUM..=CURRENT).contains(&version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_in_the_window_are_supported() {
        assert!(is_supported(CURRENT));
        assert!(is_supported(MINIMUM));
        assert!(!is_supported(CURRENT + 1));
        assert!(!is_supported(MINIMUM - 1));
    }
}
