//! A room that is deleted while somebody writes in it.

use mesh_core::room::RoomCommand;
use mesh_protocol::chat::{ChatSend, ClientTag};
use mesh_protocol::control::{ChatRefused, ClientMessage, RoomRemoved};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use tokio::sync::oneshot;

use super::*;

#[tokio::test]
async fn what_is_sent_into_a_room_that_is_being_deleted_is_answered() {
    let mut bench = Bench::pair(1).await;
    let (ben, mut to_ben) = bench.connect(BEN);
    bench.hub.show_room(ROOM);
    let anna = bench.hub.people.actor(ANNA, bench.hub.clock.wall());
    let (reply, deleted) = oneshot::channel();
    bench.hub.delete_room(&anna, ROOM, reply);
    heard(&mut to_ben);
    // The hub has not heard of the deletion yet: both are accepted.
    let tag = ClientTag("t".to_owned());
    let chat = ChatSend { tag: tag.clone(), room: ROOM, text: "x".to_owned(), reply_to: None };
    bench.hub.client_message(ben, ClientMessage::ChatSend(chat));
    let (reply, left) = oneshot::channel();
    bench.hub.room_command(anna, ROOM, RoomCommand::Leave { user: BEN }, reply);
    assert_eq!(heard(&mut to_ben), []);

    bench.stored().await;
    assert_eq!(deleted.await.unwrap(), Ok(()));
    let error = ErrorBody::new(ErrorCode::NotFound);
    let refused = ServerMessage::ChatRefused(ChatRefused { tag, room: ROOM, error });
    assert_eq!(heard(&mut to_ben), [refused, ServerMessage::RoomRemoved(RoomRemoved { room: ROOM })]);
    assert_eq!(left.await.unwrap(), Err(ErrorCode::NotFound));
    // What the store says of them comes too late and to nobody.
    bench.stored().await;
    bench.stored().await;
    assert!(bench.hub.waiting.is_empty() && heard(&mut to_ben).is_empty());
}
