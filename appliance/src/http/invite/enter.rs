//! The rooms of who came with an invite.
//!
//! The account and the used link are one transaction; each room is entered afterwards, through its machine, which
//! alone numbers what happens in it. The link keeps the rooms that are yet to be entered, and loses each in the
//! transaction that has the user in it. So whatever fails in between — the power, the disk — is made good later.

use std::time::Duration;

use mesh_core::room::RoomCommand;
use mesh_protocol::error::ErrorCode;
use mesh_protocol::id::UserId;
use mesh_protocol::room::Access;
use mesh_protocol::time::UnixMillis;

use crate::clock::Clock;
use crate::hub::HubHandle;
use crate::store::record::InviteRecord;
use crate::store::{PeopleReads, Store, StoreError};

/// How often what was left undone is looked for.
const EVERY: Duration = Duration::from_secs(60);
/// Whoever came this recently may still be entering by themselves, in milliseconds.
const PATIENCE: u64 = 60_000;

/// Adds a new user to the rooms that are left, in the name of who invited. A room that can't be entered, because it is
/// full by now, is left out: the account exists, and an owner can make room.
pub(super) async fn rooms(
    store: &Store,
    hub: &HubHandle,
    now: UnixMillis,
    user: UserId,
) -> Result<(), StoreError> {
    let theirs = |invite: &InviteRecord| invite.used_by == Some(user) && !invite.entering.is_empty();
    for invite in store.read(|view| view.invites())?.into_iter().filter(theirs) {
        let inviter = store.read(|view| view.user(invite.created_by))?.map(|user| user.actor(now));
        for room in invite.entering {
            let command = RoomCommand::Join { user, access: Access::Write };
            let entered = match &inviter {
                Some(inviter) => hub.room_command(inviter.clone(), room, command).await.map(drop),
                None => Err(ErrorCode::NotFound),
            };
            if let Err(code) = entered {
                tracing::warn!(%room, %user, ?code, "an invited user could not enter a room");
                if !passes(code) {
                    // The disk may fail by now: then it is refused once more later.
                    let _ = store.write(move |change| change.entered(user, room)).await;
                }
            }
        }
    }
    Ok(())
}

/// Whether another try may succeed.
fn passes(code: ErrorCode) -> bool {
    use ErrorCode::{Busy, Internal, StorageFailing, StorageFull};
    matches!(code, StorageFull | StorageFailing | Busy | Internal)
}

/// Lets those into their rooms for whom something failed when they came.
///
/// # Errors
/// Trouble with the disk.
pub async fn complete(store: &Store, hub: &HubHandle, now: UnixMillis) -> Result<(), StoreError> {
    let waiting: Vec<UserId> = store.read(|view| {
        let left = view.invites()?.into_iter().filter(|invite| !invite.entering.is_empty());
        let users: Result<Vec<_>, StoreError> =
            left.filter_map(|invite| invite.used_by).map(|user| view.user(user)).collect();
        let users = users?.into_iter().flatten();
        Ok(users.filter(|user| user.joined_at.0 + PATIENCE <= now.0).map(|user| user.id).collect())
    })?;
    for user in waiting {
        rooms(store, hub, now, user).await?;
    }
    Ok(())
}

/// Does so now and from time to time.
pub(crate) async fn keep_complete(store: Store, hub: HubHandle, clock: Clock) {
    loop {
        if let Err(error) = complete(&store, &hub, clock.wall()).await {
            tracing::warn!(%error, "rooms of invited users could not be looked for");
        }
        tokio::time::sleep(EVERY).await;
    }
}
