//! What a session reads from the store by itself, after the hub has allowed it.

use mesh_protocol::chat::{HistoryRequest, PinsRequest, RevisionsRequest, SearchRequest};
use mesh_protocol::id::RoomId;

/// A permitted read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReadRequest {
    /// A page of history.
    History(HistoryRequest),
    /// The pinned chat messages.
    Pins(PinsRequest),
    /// Former texts.
    Revisions(RevisionsRequest),
    /// A search in these rooms.
    Search {
        /// What was asked for.
        request: SearchRequest,
        /// The rooms that the user may search.
        rooms: Vec<RoomId>,
    },
}
