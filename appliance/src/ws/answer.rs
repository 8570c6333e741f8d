//! Reads what the hub has permitted and makes the answer. Runs on a reading thread, never in the hub.

use mesh_protocol::chat::SearchPage;
use mesh_protocol::control::{
    HistoryAnswer, PinsAnswer, RequestRefused, RevisionsAnswer, SearchAnswer, ServerMessage,
};
use mesh_protocol::error::ErrorBody;

use super::fit::{fit_page, fit_revisions};
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
            Ok(ServerMessage::Pins(PinsAnswer { request: ask.request, room: ask.room, messages }))
        }
        ReadRequest::Revisions(ask) => {
            let revisions = store.read(|view| view.revisions(ask.room, ask.target))?;
            let revisions = fit_revisions(revisions);
            Ok(ServerMessage::Revisions(RevisionsAnswer { request: ask.request, revisions }))
        }
        ReadRequest::Search { request, rooms } => {
            let page: SearchPage = store.read(|view| view.search(&rooms, &request))?;
            Ok(ServerMessage::Search(SearchAnswer { request: request.request, page }))
        }
    }
}
