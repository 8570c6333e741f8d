//! Reading mentions, folding and searching hostile text: never panics, mentions only members, once each.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesh_core::{fold, name, room::mention};
use mesh_protocol::id::UserId;

fuzz_target!(|text: &str| {
    let members = [(UserId(1), "alice"), (UserId(2), "bruno.p")];
    let found = mention::parse(text, &members);
    assert!(found.users.len() <= members.len());
    let words = fold::words(text);
    assert!(fold::matches(&words, text) || words.is_empty() || !text.is_ascii());
    if let Ok(accepted) = name::check_name(text) {
        assert_eq!(name::check_name(&accepted), Ok(accepted));
    }
    if let Ok(accepted) = name::check_user_name(text) {
        assert_eq!(name::check_user_name(&accepted), Ok(accepted));
    }
});
