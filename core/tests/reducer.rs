//! The reducer makes of every fixture what the fixture says; the web client's reducer is held to the same file.

use mesh_core::room::history;
use mesh_protocol::fixture;

#[test]
fn events_make_of_chat_messages_what_the_fixtures_say() {
    for case in fixture::reducer() {
        let mut message = case.before;
        for event in &case.events {
            history::apply(&mut message, event);
        }
        assert_eq!(message, case.after, "{}", case.name);
    }
}

#[test]
fn applying_everything_again_changes_nothing() {
    for case in fixture::reducer() {
        let mut message = case.after.clone();
        for event in &case.events {
            history::apply(&mut message, event);
        }
        assert_eq!(message, case.after, "{}", case.name);
    }
}
