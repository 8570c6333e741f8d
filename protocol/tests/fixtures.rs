//! The committed fixture files are what this build says and understands.

use std::collections::BTreeSet;
use std::path::Path;

use mesh_protocol::chat::RoomEventKind;
use mesh_protocol::codec::{decode_client, decode_server, encode_client, encode_server};
use mesh_protocol::control::{ClientMessage, ServerMessage};
use mesh_protocol::fixture::{self, Sample};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn committed(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run `make gen`", path.display()))
}

/// The names of all variants, from what serde says when it meets an unknown one.
fn variants<T: DeserializeOwned>() -> BTreeSet<String> {
    let error =
        serde_json::from_str::<T>(r#"{"type":"?"}"#).err().expect("an unknown type is refused").to_string();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

fn type_of<T: Serialize>(message: &T) -> String {
    serde_json::to_value(message).unwrap()["type"].as_str().expect("a tagged message").to_owned()
}

#[test]
fn committed_files_are_current() {
    for (name, text) in fixture::files() {
        assert!(committed(name) == text, "{name} is out of date: run `make gen`");
    }
}

#[test]
fn committed_samples_decode_to_the_same_messages() {
    let client: Vec<Sample<ClientMessage>> = serde_json::from_str(&committed("client.json")).unwrap();
    assert_eq!(client, fixture::client());
    let server: Vec<Sample<ServerMessage>> = serde_json::from_str(&committed("server.json")).unwrap();
    assert_eq!(server, fixture::server());
}

#[test]
fn every_sample_survives_the_wire() {
    for Sample { name, message } in fixture::client() {
        assert_eq!(decode_client(&encode_client(&message)), Ok(message), "{name}");
    }
    for Sample { name, message } in fixture::server() {
        assert_eq!(decode_server(&encode_server(&message)), Ok(message), "{name}");
    }
}

#[test]
fn every_client_message_has_a_sample() {
    let sampled: BTreeSet<String> = fixture::client().iter().map(|sample| type_of(&sample.message)).collect();
    assert_eq!(sampled, variants::<ClientMessage>());
    assert!(sampled.contains("hello") && sampled.contains("ping"));
}

#[test]
fn every_server_message_has_a_sample() {
    let sampled: BTreeSet<String> = fixture::server().iter().map(|sample| type_of(&sample.message)).collect();
    assert_eq!(sampled, variants::<ServerMessage>());
    assert!(sampled.contains("welcome") && sampled.contains("goodbye"));
}

#[test]
fn every_kind_of_room_event_has_a_sample() {
    let mut sampled = BTreeSet::new();
    for sample in fixture::server() {
        if let ServerMessage::RoomEvents(events) = sample.message {
            sampled.extend(events.events.iter().map(|event| type_of(&event.change)));
        }
    }
    assert_eq!(sampled, variants::<RoomEventKind>());
}

#[test]
fn names_tell_samples_apart() {
    let names = |names: Vec<String>| {
        let count = names.len();
        assert_eq!(names.into_iter().collect::<BTreeSet<_>>().len(), count);
    };
    names(fixture::client().into_iter().map(|sample| sample.name).collect());
    names(fixture::server().into_iter().map(|sample| sample.name).collect());
    names(fixture::reducer().into_iter().map(|case| case.name).collect());
}
