//! The OpenAPI document of the REST interface, made from the handlers; `make gen` writes it to
//! `docs/openapi.json`.

use mesh_protocol::{device as devices, error, presence, room, session, team};
use utoipa::OpenApi;

use super::{account, claim, device, invite, people, recovery, room as rooms, session as sessions};

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
        device::enrol,
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
        recovery::recover,
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
        devices::Device,
        devices::DeviceEnrol,
        devices::DeviceKind,
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
        team::Recovery,
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
    use std::collections::BTreeSet;

    use super::*;

    /// Method and path of each route in a module's source.
    fn routes(source: &str) -> BTreeSet<(String, String)> {
        let mut routes = BTreeSet::new();
        for route in source.split(".route(\"").skip(1) {
            let (path, rest) = route.split_once('"').unwrap();
            // Up to where the next call of the chain, or the function, begins.
            let methods = rest.split([';', '}']).next().unwrap();
            let methods = methods.split("\n        .").next().unwrap();
            for method in ["get", "post", "put", "patch", "delete"] {
                if methods.contains(&format!("{method}(")) {
                    routes.insert((method.to_owned(), format!("/api/v1{path}")));
                }
            }
        }
        routes
    }

    #[test]
    fn the_document_has_every_route_and_nothing_else() {
        let document: serde_json::Value = serde_json::from_str(&json()).unwrap();
        let documented: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone()))
            })
            .collect();
        let sources = [
            include_str!("claim.rs"),
            include_str!("session.rs"),
            include_str!("account.rs"),
            include_str!("device.rs"),
            include_str!("invite.rs"),
            include_str!("people.rs"),
            include_str!("recovery.rs"),
            include_str!("room.rs"),
        ];
        let served: BTreeSet<(String, String)> = sources.into_iter().flat_map(routes).collect();
        assert_eq!(documented, served);
        assert!(served.len() >= 35, "the routes were found: {served:?}");
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let document: serde_json::Value = serde_json::from_str(&json()).unwrap();
        let items = document["paths"].as_object().unwrap().values();
        let operations: Vec<_> = items.flat_map(|item| item.as_object().unwrap().values()).collect();
        let names: BTreeSet<&str> =
            operations.iter().map(|operation| operation["operationId"].as_str().unwrap()).collect();
        assert_eq!(names.len(), operations.len());
    }
}
