//! What people may be called, and what a password may be. Names are shown to others, so they hold no control
//! characters and nothing that changes the direction or the look of the text around them.

use mesh_protocol::limit;

/// Why a name or password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing is left after trimming.
    #[error("it is empty")]
    Empty,
    /// It is longer than allowed.
    #[error("it is too long")]
    TooLong,
    /// It is shorter than allowed.
    #[error("it is too short")]
    TooShort,
    /// It has a character that is not allowed.
    #[error("it has a character that is not allowed")]
    Character,
    /// It means something else.
    #[error("it is reserved")]
    Reserved,
}

/// Invisible characters that reorder or disguise text: bidirectional controls, zero-width and filler characters,
/// line and paragraph separators, tags.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

fn check_line(text: &str, most: usize) -> Result<String, NameError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().any(|c| c.is_control() || is_deceptive(c)) {
        return Err(NameError::Character);
    }
    if text.chars().count() > most {
        return Err(NameError::TooLong);
    }
    Ok(text)
}

/// A display name, room name or team name: trimmed, inner white space made single.
///
/// # Errors
/// When it is empty, longer than [`limit::NAME_CHARS`], or has deceptive characters.
pub fn check_name(text: &str) -> Result<String, NameError> {
    let name = check_line(text, limit::NAME_CHARS)?;
    // Joiners and marks alone leave nothing to read.
    if name.chars().any(char::is_alphanumeric)
        || name.chars().any(|c| ('\u{1f000}'..='\u{1faff}').contains(&c))
    {
        Ok(name)
    } else if name.is_empty() {
        Err(NameError::Empty)
    } else {
        Err(NameError::Character)
    }
}

/// A room topic; may be empty.
///
/// # Errors
/// When it is longer than [`limit::TOPIC_CHARS`] or has deceptive characters.
pub fn check_topic(text: &str) -> Result<String, NameError> {
    check_line(text, limit::TOPIC_CHARS)
}

/// The free text beside presence; may be empty.
///
/// # Errors
/// When it is longer than [`limit::STATUS_TEXT_CHARS`] or has deceptive characters.
pub fn check_status_text(text: &str) -> Result<String, NameError> {
    check_line(text, limit::STATUS_TEXT_CHARS)
}

/// A user name, made lower case: `a-z 0-9 . _ -`, first and last a letter or digit.
///
/// # Errors
/// When it is none, or reserved.
pub fn check_user_name(text: &str) -> Result<String, NameError> {
    let name = text.trim().to_ascii_lowercase();
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > limit::USER_NAME_BYTES {
        return Err(NameError::TooLong);
    }
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    let is_edge =
        |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !name.bytes().all(is_inner) || !is_edge(name.bytes().next()) || !is_edge(name.bytes().last()) {
        return Err(NameError::Character);
    }
    if matches!(name.as_str(), crate::room::mention::EVERYONE | "here" | "channel" | "room" | "mesh") {
        return Err(NameError::Reserved);
    }
    Ok(name)
}

/// A password, as it is: long enough to resist guessing, short enough to hash.
///
/// # Errors
/// When it is shorter than [`limit::PASSWORD_MIN_CHARS`] or longer than [`limit::PASSWORD_MAX_BYTES`].
pub fn check_password(text: &str) -> Result<(), NameError> {
    if text.len() > limit::PASSWORD_MAX_BYTES {
        return Err(NameError::TooLong);
    }
    if text.chars().count() < limit::PASSWORD_MIN_CHARS {
        return Err(NameError::TooShort);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_trimmed_and_their_white_space_made_single() {
        assert_eq!(check_name("  Chloé \u{a0} d’Arc\n"), Ok("Chloé d’Arc".to_owned()));
        assert_eq!(check_name("日本 チーム"), Ok("日本 チーム".to_owned()));
        assert_eq!(check_name("🚀"), Ok("🚀".to_owned()));
    }

    #[test]
    fn names_hold_something_to_read() {
        for text in ["", "  ", "\u{3000}"] {
            assert_eq!(check_name(text), Err(NameError::Empty), "{text:?}");
        }
        for text in ["-", "…", "\u{200d}", "\u{300}", "\u{f0000}", "\u{10ffff}"] {
            assert_eq!(check_name(text), Err(NameError::Character), "{text:?}");
        }
    }

    #[test]
    fn names_hide_and_reorder_nothing() {
        for c in [
            '\0',
            '\u{7}',
            '\u{1b}',
            '\u{7f}',
            '\u{9f}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{200f}',
            '\u{202a}',
            '\u{202e}',
            '\u{2066}',
            '\u{2069}',
            '\u{3164}',
            '\u{feff}',
            '\u{fffb}',
            '\u{e0041}',
        ] {
            for check in [check_name, check_topic, check_status_text] {
                assert_eq!(check(&format!("a{c}b")), Err(NameError::Character), "{c:?}");
            }
        }
        // Breaks are white space, so they become a space.
        assert_eq!(check_name("a\u{2028}b\tc"), Ok("a b c".to_owned()));
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        for (check, most) in [
            (check_name as fn(&str) -> Result<String, NameError>, limit::NAME_CHARS),
            (check_topic, limit::TOPIC_CHARS),
            (check_status_text, limit::STATUS_TEXT_CHARS),
        ] {
            assert_eq!(check(&"é".repeat(most)), Ok("é".repeat(most)));
            assert_eq!(check(&"é".repeat(most + 1)), Err(NameError::TooLong));
        }
        assert_eq!(check_topic(" "), Ok(String::new()));
        assert_eq!(check_status_text(""), Ok(String::new()));
    }

    #[test]
    fn user_names_are_plain_and_lower_case() {
        for (text, name) in [(" Anna ", "anna"), ("a", "a"), ("0x", "0x"), ("a.b_c-d", "a.b_c-d")] {
            assert_eq!(check_user_name(text).as_deref(), Ok(name));
        }
        assert_eq!(check_user_name(&"a".repeat(32)), Ok("a".repeat(32)));
        assert_eq!(check_user_name(&"a".repeat(33)), Err(NameError::TooLong));
        assert_eq!(check_user_name(" "), Err(NameError::Empty));
        for text in [".a", "a.", "-a", "a-", "_a", "a_", "a b", "é", "a@b", "a/b", "\u{202e}a", "аnna"] {
            assert_eq!(check_user_name(text), Err(NameError::Character), "{text}");
        }
        for text in ["everyone", "Everyone", "HERE", "channel", "room", "mesh"] {
            assert_eq!(check_user_name(text), Err(NameError::Reserved), "{text}");
        }
    }

    #[test]
    fn passwords_are_bounded_both_ways() {
        assert_eq!(check_password(&"x".repeat(limit::PASSWORD_MIN_CHARS)), Ok(()));
        assert_eq!(check_password(&"é".repeat(limit::PASSWORD_MIN_CHARS)), Ok(()));
        assert_eq!(check_password(&"é".repeat(limit::PASSWORD_MIN_CHARS - 1)), Err(NameError::TooShort));
        assert_eq!(check_password(&"x".repeat(limit::PASSWORD_MAX_BYTES)), Ok(()));
        assert_eq!(check_password(&"x".repeat(limit::PASSWORD_MAX_BYTES + 1)), Err(NameError::TooLong));
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_accepted_again_unchanged(text in ".{0,60}") {
            for check in [check_name, check_topic, check_status_text, check_user_name] {
                if let Ok(name) = check(&text) {
                    prop_assert_eq!(check(&name), Ok(name.clone()));
                }
            }
        }
    }
}
