//! The OpenAPI document of the REST interface, made from the handlers; `make gen` writes it to
//! `docs/openapi.json`.

use mesh_protocol::{error, presence, room, session, team};
use utoipa::OpenApi;

use super::{account, claim, invite, people, room as rooms, session as sessions};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Mesh appliance",
        description = "Accounts, sessions, invites and rooms. Chat goes over the WebSocket, see protocol-events.md."
    ),
    paths(
        claim::status,
        claim::trust,
        claim::start,
        claim::owner,
        claim::step,
        sessions::sign_in,
        sessions::account,
        sessions::sign_out,
        sessions::confirm,
        sessions::list,
        sessions::end,
        sessions::end_others,
        account::change,
        account::password,
        invite::list,
        invite::create,
        invite::revoke,
        invite::show,
        invite::accept::accept,
        invite::user_name,
        people::list,
        people::change,
        people::remove,
        people::reset,
        people::team,
        rooms::create,
        rooms::change,
        rooms::remove,
        rooms::add_member,
        rooms::remove_member,
        rooms::join,
        rooms::leave,
        rooms::direct
    ),
    components(schemas(
        error::ErrorBody,
        error::ErrorCode,
        presence::Availability,
        room::Access,
        room::DirectOpen,
        room::MemberPut,
        room::RoomChange,
        room::RoomCreate,
        room::RoomRef,
        room::Visibility,
        session::PasswordConfirm,
        session::Session,
        session::SignIn,
        team::Account,
        team::AccountChange,
        team::ClaimOwner,
        team::ClaimStart,
        team::Invite,
        team::InviteAccept,
        team::InviteCreate,
        team::InviteCreated,
        team::InviteKind,
        team::InviteState,
        team::InviteView,
        team::PasswordChange,
        team::Person,
        team::PersonChange,
        team::Role,
        team::SetupStep,
        team::Status,
        team::Team,
        team::Trust,
        team::User,
        team::UserNameCheck
    ))
)]
struct Document;

/// The document as pretty JSON.
pub fn json() -> String {
    // Plain data always serialises; an empty document would fail the test below and the generator's check.
    Document::openapi().to_pretty_json().unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_in_the_document() {
        let document: serde_json::Value = serde_json::from_str(&json()).unwrap();
        let sources = [
            include_str!("claim.rs"),
            include_str!("session.rs"),
            include_str!("account.rs"),
            include_str!("invite.rs"),
            include_str!("people.rs"),
            include_str!("room.rs"),
        ];
        let mut routes = 0;
        for source in sources {
            for line in source.lines().filter_map(|line| line.trim().strip_prefix(".route(\"")) {
                let path = line.split('"').next().unwrap();
                assert!(
                    document["paths"].get(format!("/api/v1{path}")).is_some(),
                    "{path} is not documented"
                );
                routes += 1;
            }
        }
        assert!(routes >= 20, "the routes were found");
    }
}
