//! Reads what the hub has permitted and makes the answer. Runs on a reading thread, never in the hub.

use mesh_protocol::chat::SearchRequest;
use mesh_protocol::codec;
use mesh_protocol::control::{
    HistoryAnswer, PinsAnswer, RequestRefused, RevisionsAnswer, SearchAnswer, ServerMessage,
};
use mesh_protocol::error::ErrorBody;
use mesh_protocol::id::RoomId;
use mesh_protocol::limit;

use super::fit::{fit_page, fit_pins, fit_revisions};
use crate::hub::ReadRequest;
use crate::store::{RoomReads, SearchReads, Store, StoreError};

/// The answer to a permitted read; trouble with the store becomes a refusal of the request.
pub(super) fn answer(store: &Store, request: ReadRequest) -> ServerMessage {
    let number = number(&request);
    read(store, request).unwrap_or_else(|error| {
        tracing::error!(%error, "a request could not be read");
        ServerMessage::RequestRefused(RequestRefused { request: number, error: ErrorBody::new(error.code()) })
    })
}

fn number(request: &ReadRequest) -> u32 {
    match request {
        ReadRequest::History(ask) => ask.request,
        ReadRequest::Pins(ask) => ask.request,
        ReadRequest::Revisions(ask) => ask.request,
        ReadRequest::Search { request, .. } => request.request,
    }
}

fn read(store: &Store, request: ReadRequest) -> Result<ServerMessage, StoreError> {
    match request {
        ReadRequest::History(ask) => {
            let page = store.read(|view| view.history(ask.room, ask.from, ask.limit))?;
            let page = fit_page(page, ask.from);
            Ok(ServerMessage::History(HistoryAnswer { request: ask.request, room: ask.room, page }))
        }
        ReadRequest::Pins(ask) => {
            let messages = store.read(|view| view.pins(ask.room))?;
            let (messages, left_out) = fit_pins(messages);
            Ok(ServerMessage::Pins(PinsAnswer { request: ask.request, room: ask.room, messages, left_out }))
        }
        ReadRequest::Revisions(ask) => {
            let revisions = store.read(|view| view.revisions(ask.room, ask.target))?;
            let revisions = fit_revisions(revisions);
            Ok(ServerMessage::Revisions(RevisionsAnswer { request: ask.request, revisions }))
        }
        ReadRequest::Search { request, rooms } => search(store, request, &rooms),
    }
}

/// Halves the page until its answer is within [`limit::MESSAGE_BYTES`]; the rest is behind its cursor. One hit always
/// goes.
fn search(store: &Store, mut request: SearchRequest, rooms: &[RoomId]) -> Result<ServerMessage, StoreError> {
    loop {
        let page = store.read(|view| view.search(rooms, &request))?;
        let hits = page.hits.len();
        let answer = ServerMessage::Search(SearchAnswer { request: request.request, page });
        if hits <= 1 || codec::encode_server(&answer).len() <= limit::MESSAGE_BYTES {
            return Ok(answer);
        }
        request.limit = u32::try_from(hits / 2).unwrap_or(1);
    }
}

#[cfg(test)]
mod tests {
    use mesh_core::room::RoomState;
    use mesh_protocol::chat::{RoomEvent, RoomEventKind};
    use mesh_protocol::id::UserId;
    use mesh_protocol::room::{RoomKind, Visibility};
    use mesh_protocol::time::{Seq, UnixMillis};

    use super::*;
    use crate::store::StoreOptions;

    const ROOM: RoomId = RoomId(1);

    async fn store(texts: Vec<String>) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("mesh.redb"), StoreOptions::default()).unwrap();
        let wrote = store.write(move |change| {
            change.create_room(&RoomState {
                id: ROOM,
                kind: RoomKind::Room,
                visibility: Visibility::Open,
                name: "room".to_owned(),
                topic: String::new(),
                archived: false,
                members: vec![],
                readers_gone: vec![],
                epoch: Seq::ZERO,
                last_seq: Seq::ZERO,
                last_at: UnixMillis(0),
            })?;
            for (text, seq) in texts.into_iter().zip(1..) {
                let change_of =
                    RoomEventKind::Posted { text, reply_to: None, mentions: vec![], everyone: false };
                let (seq, at, by) = (Seq(seq), UnixMillis(seq), UserId(1));
                change.append_event(&RoomEvent { room: ROOM, seq, at, by, tag: None, change: change_of })?;
            }
            Ok(())
        });
        wrote.await.unwrap();
        (folder, store)
    }

    #[tokio::test]
    async fn results_that_take_much_space_come_in_more_pages_and_none_is_lost() {
        let long = format!("word {}", "\u{1}".repeat(5_000));
        let (_folder, store) = store(vec![long; 20]).await;
        let (mut cursor, mut found, mut pages) = (None, Vec::new(), 0);
        loop {
            let query = "word".to_owned();
            let request = SearchRequest {
                request: 1,
                query,
                room: None,
                by: None,
                cursor,
                limit: limit::SEARCH_RESULTS,
            };
            let answer = answer(&store, ReadRequest::Search { request, rooms: vec![ROOM] });
            let bytes = codec::encode_server(&answer).len();
            let ServerMessage::Search(SearchAnswer { page, .. }) = answer else { panic!("{answer:?}") };
            assert!(bytes <= limit::MESSAGE_BYTES, "{bytes} bytes with {} hits", page.hits.len());
            found.extend(page.hits.iter().map(|hit| hit.message.seq.0));
            pages += 1;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(found, (1..=20).rev().collect::<Vec<u64>>());
        assert!(pages >= 10, "{pages}");
    }
}
