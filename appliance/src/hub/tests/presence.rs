//! What users say of themselves: checked, on disk before anybody hears, refused where it is not.

use mesh_protocol::control::ClientMessage;
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::presence::PresenceSet;

use super::*;

fn set(text: &str) -> ClientMessage {
    ClientMessage::PresenceSet(PresenceSet { availability: Availability::Away, text: text.to_owned() })
}

/// Texts that were shown as anybody's.
fn shown<'a>(heard: &'a [ServerMessage]) -> Vec<&'a str> {
    let text = |message: &'a ServerMessage| match message {
        ServerMessage::Presence(presence) => Some(presence.text.as_str()),
        _ => None,
    };
    heard.iter().filter_map(text).collect()
}

#[tokio::test]
async fn a_status_is_shown_once_it_is_on_disk() {
    let mut bench = Bench::pair(0).await;
    let (ben, mut to_ben) = bench.connect(BEN);
    let (_, mut to_anna) = bench.connect(ANNA);
    bench.hub.client_message(ben, set(" out  for lunch "));
    assert_eq!(shown(&heard(&mut to_anna)), [""; 0], "nothing is on disk yet");
    bench.stored().await;
    assert_eq!(shown(&heard(&mut to_anna)), ["out for lunch"]);
    assert!(heard(&mut to_ben).iter().any(|message| matches!(message, ServerMessage::AccountChanged(_))));
    let record = bench.hub.store.read(|view| view.user(BEN)).unwrap().unwrap();
    assert_eq!(record.status_text, "out for lunch");
}

#[tokio::test]
async fn a_deceptive_status_is_refused_by_its_field() {
    let mut bench = Bench::pair(0).await;
    let (ben, mut to_ben) = bench.connect(BEN);
    for text in ["a\u{202e}b", "a\u{0}b"] {
        bench.hub.client_message(ben, set(text));
        let refused = ErrorBody::new(ErrorCode::FieldInvalid).with_field("text");
        assert_eq!(heard(&mut to_ben), [ServerMessage::Error(refused)], "{text:?}");
    }
    assert!(bench.events.try_recv().is_err(), "nothing was written");
}

#[tokio::test]
async fn a_status_that_is_not_on_disk_is_not_shown_and_the_sender_hears_why() {
    let mut bench = Bench::pair(0).await;
    let (ben, mut to_ben) = bench.connect(BEN);
    let result = Err(ErrorCode::StorageFull);
    bench.hub.handle(Event::PresenceStored { connection: ben, user: BEN, result });
    assert_eq!(heard(&mut to_ben), [ServerMessage::Error(ErrorBody::new(ErrorCode::StorageFull))]);
}

#[tokio::test]
async fn whose_access_has_ended_changes_nothing() {
    let mut bench = Bench::guest().await;
    let (ben, mut to_ben) = bench.connect(BEN);
    bench.pass(1_000);
    bench.hub.client_message(ben, set("still here"));
    assert_eq!(heard(&mut to_ben), [ServerMessage::Error(ErrorBody::new(ErrorCode::SignedOut))]);
}
