//! Decoding what nobody should send: never a panic, never more than the bounds, always the same message back.

use mesh_protocol::chat::{
    ChatEdit, ChatReact, ChatSend, ClientTag, HistoryRequest, PageFrom, SearchRequest,
};
use mesh_protocol::codec::{DecodeError, decode_client, decode_server, encode_client, encode_server};
use mesh_protocol::control::ClientMessage;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::{RoomId, UserId};
use mesh_protocol::presence::{Availability, PresenceSet};
use mesh_protocol::session::{Hello, ResumePoint};
use mesh_protocol::time::{MAX_SAFE_INTEGER, Seq};
use mesh_protocol::{fixture, limit};
use proptest::prelude::*;

const ROOM: &str = "0000000000001";
const TAG: &str = "0192f3a4-5b6c-7d8e-9f00-000000000001";

fn send(text: &str) -> ClientMessage {
    ClientMessage::ChatSend(ChatSend {
        tag: ClientTag(TAG.to_owned()),
        room: RoomId(1),
        text: text.to_owned(),
        reply_to: None,
    })
}

fn react(emoji: &str) -> ClientMessage {
    ClientMessage::ChatReact(ChatReact {
        tag: ClientTag(TAG.to_owned()),
        room: RoomId(1),
        target: Seq(1),
        emoji: emoji.to_owned(),
        on: true,
    })
}

/// What the decoder says of a message that its sender's own encoder let through.
fn verdict(message: &ClientMessage) -> Result<(), DecodeError> {
    decode_client(&encode_client(message)).map(|decoded| assert_eq!(decoded, *message))
}

fn refused_field(message: &ClientMessage) -> (&'static str, ErrorCode, Option<ClientTag>) {
    match verdict(message) {
        Err(DecodeError::OutOfBounds { field, code, item }) => {
            assert!(
                item.as_ref().is_none_or(|(room, _)| *room == RoomId(1)),
                "the room it was for: {item:?}"
            );
            (field, code, item.map(|(_, tag)| tag))
        }
        other => panic!("{other:?}"),
    }
}

fn is_malformed(text: &str) -> bool {
    matches!(decode_client(text), Err(DecodeError::Malformed(_)))
}

#[test]
fn what_is_no_message_is_refused() {
    for text in [
        "",
        " ",
        "null",
        "true",
        "7",
        "\"hello\"",
        "[]",
        "{}",
        "[[]]",
        "{",
        "}",
        "\u{feff}{}",
        "\0",
        r#"{"type":"ping"}"#,
        r#"{"type":null,"nonce":1}"#,
        r#"{"type":"PING","nonce":1}"#,
        r#"{"type":"welcome"}"#,
        r#"{"nonce":1}"#,
        r#"{"type":"ping","nonce":1} {}"#,
        r#"{"type":"ping","nonce":1},"#,
        r#"{"type":"ping","nonce":1"#,
        r#"{'type':'ping','nonce':1}"#,
        r#"{"type":"ping","nonce":NaN}"#,
        r#"{"type":"ping","nonce":"\ud800"}"#,
    ] {
        assert!(is_malformed(text), "{text}");
        assert!(decode_server(text).is_err(), "{text}");
    }
}

#[test]
fn wrong_types_are_refused() {
    for value in [
        "null",
        "true",
        "\"1\"",
        "[1]",
        "{}",
        "1.5",
        "1e3",
        "-1",
        "4294967296",
        "18446744073709551616",
        "1e999",
    ] {
        assert!(is_malformed(&format!(r#"{{"type":"ping","nonce":{value}}}"#)), "nonce {value}");
    }
    for value in
        ["null", "true", "1", "\"\"", "[]", "\"000000000000i\"", "\"00000000000001\"", "\"g000000000000\""]
    {
        let text = format!(r#"{{"type":"chat_read","room":{value},"seq":1}}"#);
        assert!(is_malformed(&text), "room {value}");
    }
    for value in ["null", "1", "{}", "[\"x\"]"] {
        let text = format!(r#"{{"type":"chat_send","tag":"{TAG}","room":"{ROOM}","text":{value}}}"#);
        assert!(is_malformed(&text), "text {value}");
    }
    for value in ["65536", "-1", "\"1\"", "null"] {
        assert!(
            is_malformed(&format!(r#"{{"type":"hello","protocol":{value},"resume":[]}}"#)),
            "protocol {value}"
        );
    }
}

#[test]
fn positions_that_javascript_cannot_hold_are_refused() {
    let read = |seq: &str| format!(r#"{{"type":"chat_read","room":"{ROOM}","seq":{seq}}}"#);
    assert!(decode_client(&read(&MAX_SAFE_INTEGER.to_string())).is_ok());
    for seq in [(MAX_SAFE_INTEGER + 1).to_string(), u64::MAX.to_string(), "1e15".to_owned(), "9".repeat(400)]
    {
        assert!(is_malformed(&read(&seq)), "{seq}");
    }
}

#[test]
fn a_field_given_twice_is_refused() {
    for text in [
        r#"{"type":"ping","type":"ping","nonce":1}"#.to_owned(),
        r#"{"type":"ping","nonce":1,"nonce":2}"#.to_owned(),
        r#"{"type":"ping","nonce":1,"\u006eonce":2}"#.to_owned(),
        format!(r#"{{"type":"chat_read","room":"{ROOM}","seq":1,"seq":1}}"#),
        format!(r#"{{"type":"hello","protocol":1,"resume":[{{"room":"{ROOM}","seq":1,"room":"{ROOM}"}}]}}"#),
    ] {
        assert!(is_malformed(&text), "{text}");
    }
}

#[test]
fn fields_of_later_versions_are_passed_over() {
    let text = r#"{"later":{"a":[1,null]},"nonce":3,"type":"ping","more":"x"}"#;
    assert!(matches!(decode_client(text), Ok(ClientMessage::Ping(ping)) if ping.nonce == 3));
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        assert!(is_malformed(&deep));
        let inside = format!(r#"{{"type":"ping","nonce":1,"later":{deep}}}"#);
        assert!(decode_client(&inside).is_err());
        assert!(decode_server(&inside).is_err());
    }
}

#[test]
fn the_size_of_a_message_is_bounded_to_the_byte() {
    let ping = r#"{"type":"ping","nonce":1}"#;
    let fits = format!("{ping}{}", " ".repeat(limit::MESSAGE_BYTES - ping.len()));
    assert!(decode_client(&fits).is_ok());
    let large = format!("{fits} ");
    assert_eq!(decode_client(&large), Err(DecodeError::TooLarge(limit::MESSAGE_BYTES + 1)));
}

#[test]
fn the_text_of_a_chat_message_is_bounded_in_bytes() {
    let tag = Some(ClientTag(TAG.to_owned()));
    assert_eq!(verdict(&send(&"x".repeat(limit::CHAT_TEXT_BYTES))), Ok(()));
    assert_eq!(verdict(&send(&"é".repeat(limit::CHAT_TEXT_BYTES / 2))), Ok(()));
    let too_long = ("text", ErrorCode::TextTooLong, tag.clone());
    assert_eq!(refused_field(&send(&"x".repeat(limit::CHAT_TEXT_BYTES + 1))), too_long);
    assert_eq!(refused_field(&send(&"é".repeat(limit::CHAT_TEXT_BYTES / 2 + 1))), too_long);
    for empty in ["", " ", "\n\t \r", "\u{2003}\u{3000}"] {
        assert_eq!(refused_field(&send(empty)), ("text", ErrorCode::TextEmpty, tag.clone()), "{empty:?}");
    }
    let edit = |text: &str| {
        let tag = ClientTag(TAG.to_owned());
        ClientMessage::ChatEdit(ChatEdit { tag, room: RoomId(1), target: Seq(1), text: text.to_owned() })
    };
    assert_eq!(refused_field(&edit(&"x".repeat(limit::CHAT_TEXT_BYTES + 1))), too_long);
    assert_eq!(refused_field(&edit(" ")), ("text", ErrorCode::TextEmpty, tag));
}

#[test]
fn tags_are_short_and_plain_in_every_message_that_has_one() {
    let templates = [
        r#"{"type":"chat_send","tag":"TAG","room":"0000000000001","text":"x"}"#,
        r#"{"type":"chat_edit","tag":"TAG","room":"0000000000001","target":1,"text":"x"}"#,
        r#"{"type":"chat_delete","tag":"TAG","room":"0000000000001","target":1}"#,
        r#"{"type":"chat_react","tag":"TAG","room":"0000000000001","target":1,"emoji":"👍","on":true}"#,
        r#"{"type":"chat_pin","tag":"TAG","room":"0000000000001","target":1,"on":true}"#,
    ];
    for template in templates {
        for tag in ["a", "A-9", &"x".repeat(36)] {
            assert!(decode_client(&template.replace("TAG", tag)).is_ok(), "{template} {tag}");
        }
        for tag in ["", " ", "a b", "é", "a_b", "a.b", "\\u0000", &"x".repeat(37)] {
            let verdict = decode_client(&template.replace("TAG", tag));
            assert!(
                matches!(verdict, Err(DecodeError::OutOfBounds { field: "tag", item: None, .. })),
                "{template} {tag}: {verdict:?}"
            );
        }
    }
}

#[test]
fn reactions_are_emoji_and_nothing_else() {
    for emoji in [
        "👍",
        "👍🏽",
        "❤️",
        "☺",
        "👩🏽‍💻",
        "👨‍👩‍👧‍👦",
        "🇨🇭",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "1️⃣",
        "#️⃣",
        "©️",
        "™️",
        "ℹ️",
        "Ⓜ️",
        "㊗️",
        "⌚",
        "▶️",
        "⭐",
        "🫠",
        "🆗",
    ] {
        assert_eq!(verdict(&react(emoji)), Ok(()), "{emoji}");
    }
    let longest = "👍".repeat(limit::EMOJI_BYTES / 4);
    assert_eq!(verdict(&react(&longest)), Ok(()));
    let too_long = format!("{longest}👍");
    for text in [
        "",
        " ",
        "+1",
        "ok",
        "1",
        "é",
        "中",
        "👍 ",
        "👍a",
        "1👍",
        "\u{202e}",
        "\u{202e}👍",
        "\u{200b}",
        "\u{200d}",
        "\u{fe0f}",
        "\u{e0061}",
        "\u{1f}",
        "\u{2028}",
        "<",
        "a\u{20e3}",
        "\u{20e3}",
        "\u{ad}👍",
        "\u{3164}",
        &too_long,
    ] {
        let tag = Some(ClientTag(TAG.to_owned()));
        assert_eq!(refused_field(&react(text)), ("emoji", ErrorCode::FieldInvalid, tag), "{text:?}");
    }
}

#[test]
fn counts_and_lists_are_bounded() {
    let history = |items| {
        ClientMessage::History(HistoryRequest {
            request: 1,
            room: RoomId(1),
            from: PageFrom::Latest,
            limit: items,
        })
    };
    let search = |query: &str, cursor: Option<&str>, items| {
        ClientMessage::Search(SearchRequest {
            request: 1,
            query: query.to_owned(),
            room: None,
            by: Some(UserId(1)),
            cursor: cursor.map(str::to_owned),
            limit: items,
        })
    };
    let presence = |text: String| {
        ClientMessage::PresenceSet(PresenceSet { availability: Availability::Automatic, text })
    };
    let hello = |rooms: usize| {
        let resume = (0..rooms as u64).map(|room| ResumePoint { room: RoomId(room), seq: Seq(1) }).collect();
        ClientMessage::Hello(Hello { protocol: 1, resume })
    };
    let most = limit::SEARCH_QUERY_BYTES;
    for (field, fits, beyond) in [
        ("limit", history(1), history(0)),
        ("limit", history(limit::PAGE_ITEMS), history(limit::PAGE_ITEMS + 1)),
        ("limit", search("x", None, 1), search("x", None, 0)),
        ("limit", search("", None, limit::SEARCH_RESULTS), search("x", None, limit::SEARCH_RESULTS + 1)),
        ("query", search(&"x".repeat(most), None, 1), search(&"x".repeat(most + 1), None, 1)),
        ("cursor", search("x", Some(&"x".repeat(64)), 1), search("x", Some(&"x".repeat(65)), 1)),
        (
            "text",
            presence("é".repeat(limit::STATUS_TEXT_CHARS)),
            presence("é".repeat(limit::STATUS_TEXT_CHARS + 1)),
        ),
        ("resume", hello(limit::ROOMS), hello(limit::ROOMS + 1)),
    ] {
        assert_eq!(verdict(&fits), Ok(()), "{fits:?}");
        assert_eq!(refused_field(&beyond), (field, ErrorCode::FieldInvalid, None), "{beyond:?}");
    }
}

#[test]
fn every_character_survives_the_wire() {
    for block in 0..=0x10ff_u32 {
        let text: String = (block << 8..(block + 1) << 8).filter_map(char::from_u32).collect();
        let message = send(&format!("x{text}"));
        assert_eq!(verdict(&message), Ok(()), "{block:#x}");
    }
}

#[test]
fn samples_cut_or_altered_anywhere_never_panic() {
    for sample in fixture::client() {
        let text = encode_client(&sample.message);
        for (index, _) in text.char_indices() {
            assert!(is_malformed(&text[..index]), "{}", &text[..index]);
            for other in ["\"", "{", "]", "0", "\\", "\u{0}"] {
                let mut altered = text.clone();
                let end = index + text[index..].chars().next().map_or(0, char::len_utf8);
                altered.replace_range(index..end, other);
                reencode_client(&altered);
            }
        }
    }
}

/// Whatever is accepted is within the bounds, so it is accepted again from our own encoder.
fn reencode_client(text: &str) {
    if let Ok(message) = decode_client(text) {
        assert_eq!(verdict(&message), Ok(()), "{text}");
    }
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<f64>().prop_map(|value| value.to_string()),
        ".{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just(format!("\"{ROOM}\"")),
        Just(format!("\"{TAG}\"")),
    ];
    let key = prop_oneof![
        Just("type"),
        Just("tag"),
        Just("room"),
        Just("text"),
        Just("seq"),
        Just("target"),
        Just("emoji"),
        Just("on"),
        Just("resume"),
        Just("protocol"),
        Just("from"),
        Just("limit"),
        Just("request"),
        Just("query"),
        Just("replyTo"),
    ];
    let kind = prop_oneof![
        Just("hello"),
        Just("chat_send"),
        Just("chat_edit"),
        Just("chat_delete"),
        Just("chat_react"),
        Just("chat_pin"),
        Just("chat_typing"),
        Just("chat_read"),
        Just("chat_unread"),
        Just("history"),
        Just("search"),
        Just("before"),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let field = (key.clone(), inner.clone()).prop_map(|(key, value)| format!("\"{key}\":{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(field.clone(), 0..6).prop_map(|fields| format!("{{{}}}", fields.join(","))),
            (kind.clone(), prop::collection::vec(field, 0..6)).prop_map(|(kind, mut fields)| {
                fields.insert(0, format!("\"type\":\"{kind}\""));
                format!("{{{}}}", fields.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_decoded_or_refused(text in ".{0,200}") {
        reencode_client(&text);
        if let Ok(message) = decode_server(&text) {
            prop_assert_eq!(decode_server(&encode_server(&message)), Ok(message));
        }
    }

    #[test]
    fn anything_that_looks_like_a_message_is_decoded_or_refused(text in json()) {
        reencode_client(&text);
        if let Ok(message) = decode_server(&text) {
            prop_assert_eq!(decode_server(&encode_server(&message)), Ok(message));
        }
    }

    #[test]
    fn chat_messages_survive_the_wire(text in "\\PC{1,80}", tag in "[a-zA-Z0-9-]{1,36}", room: u64, reply in prop::option::of(0..=MAX_SAFE_INTEGER)) {
        prop_assume!(!text.trim().is_empty());
        let message = ClientMessage::ChatSend(ChatSend { tag: ClientTag(tag), room: RoomId(room), text, reply_to: reply.map(Seq) });
        prop_assert_eq!(verdict(&message), Ok(()));
    }
}
