//! The devices of the team and the issuer of capabilities, as clients see them.

use std::collections::BTreeMap;

use mesh_core::capability::{Epochs, Grant, Issuer, Party, PublicKey, Request};
use mesh_core::policy::Actor;
use mesh_protocol::call::{CapabilityGrant, CapabilityRequest, IceServer};
use mesh_protocol::control::{RequestRefused, ServerMessage};
use mesh_protocol::device::{self, Devices};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use mesh_protocol::id::{DeviceId, RoomId, SessionId, UserId};

use super::Hub;
use super::event::ConnectionId;
use crate::config::IceServerConfig;
use crate::secret;
use crate::store::record::DeviceRecord;
use crate::store::{DeviceReads, Store, StoreError};

/// The box as an issuer: what signs, and what devices are told of it.
#[derive(Debug)]
pub struct Signing {
    /// Signs capabilities.
    pub issuer: Issuer,
    /// What devices pin.
    pub view: device::Issuer,
}

/// What helps devices to find a path, handed out with every capability.
#[derive(Debug, Default)]
pub struct Ice {
    /// The UDP port of the box's own STUN.
    pub stun_port: Option<u16>,
    /// Servers elsewhere.
    pub servers: Vec<IceServerConfig>,
}

impl Ice {
    /// The servers as `device` may use them until `end`, in seconds since 1970.
    fn servers_for(&self, device: DeviceId, end: u64) -> Vec<IceServer> {
        let credential = |server: &IceServerConfig| {
            let Some(secret) = &server.secret else {
                return IceServer { urls: server.urls.clone(), username: None, credential: None };
            };
            // The scheme of draft-uberti-behave-turn-rest-00, which coturn and others share.
            let username = format!("{end}:{device}");
            let credential = secret::turn_credential(secret, &username);
            IceServer { urls: server.urls.clone(), username: Some(username), credential: Some(credential) }
        };
        self.servers.iter().map(credential).collect()
    }
}

/// The devices as the store last said.
#[derive(Debug, Default)]
pub(super) struct DeviceList {
    devices: BTreeMap<DeviceId, DeviceRecord>,
    epoch: u64,
}

impl DeviceList {
    pub(super) fn load(store: &Store) -> Result<Self, StoreError> {
        store.read(|view| {
            let devices = view.devices()?.into_iter().map(|device| (device.id, device)).collect();
            Ok(Self { devices, epoch: view.device_epoch()? })
        })
    }

    /// The device of a session.
    pub(super) fn of_session(&self, session: SessionId) -> Option<DeviceId> {
        self.devices.values().find(|device| device.session == session).map(|device| device.id)
    }

    pub(super) fn get(&self, device: DeviceId) -> Option<&DeviceRecord> {
        self.devices.get(&device)
    }
}

impl Hub {
    /// The devices of everybody whom `user` may see.
    pub(super) fn devices_for(&self, user: UserId) -> Devices {
        let visible = self.visible_users(user);
        let devices = self.devices.devices.values();
        let devices = devices.filter(|device| visible.contains(&device.user)).map(DeviceRecord::to_device);
        Devices { devices: devices.collect(), epoch: self.devices.epoch }
    }

    /// Devices or their epoch changed in the store: everybody hears of it, and who is gone is out of every call.
    pub(super) fn devices_changed(&mut self) {
        let now = match DeviceList::load(&self.store) {
            Ok(now) => now,
            Err(error) => {
                tracing::error!(%error, "changed devices could not be read");
                return;
            }
        };
        let before = std::mem::replace(&mut self.devices, now);
        let gone = before.devices.keys().filter(|id| self.devices.get(**id).is_none());
        for device in gone.copied().collect::<Vec<_>>() {
            self.device_gone(device);
        }
        if before.epoch == self.devices.epoch && before.devices == self.devices.devices {
            return;
        }
        for user in self.connections.users() {
            let message = ServerMessage::DevicesChanged(self.devices_for(user));
            self.connections.send_to_users([user], &message);
        }
    }

    /// Another key signs from now on: everybody hears of the keyset before of anything that it signed.
    pub(super) fn signing_changed(&mut self, signing: Signing) {
        self.signing = signing;
        let users = self.connections.users();
        self.connections.send_to_users(users, &ServerMessage::IssuerChanged(self.signing.view.clone()));
    }

    /// The device of a connection: that of its session.
    pub(super) fn device_of(&self, connection: ConnectionId) -> Option<DeviceId> {
        self.devices.of_session(self.connections.session(connection)?)
    }

    pub(super) fn capability(&self, connection: ConnectionId, actor: &Actor, asked: CapabilityRequest) {
        let request = asked.request;
        let message = match self.grant(connection, actor, asked) {
            Ok(grant) => ServerMessage::Capability(CapabilityGrant {
                request,
                capability: grant.text,
                stun_port: self.ice.stun_port,
                ice_servers: self.ice.servers_for(grant.claims.sub, grant.claims.exp),
            }),
            Err(code) => {
                ServerMessage::RequestRefused(RequestRefused { request, error: ErrorBody::new(code) })
            }
        };
        self.connections.send(connection, &message);
    }

    fn grant(
        &self,
        connection: ConnectionId,
        actor: &Actor,
        asked: CapabilityRequest,
    ) -> Result<Grant, ErrorCode> {
        let own = self.device_of(connection).ok_or(ErrorCode::DeviceUnknown)?;
        let epoch = self.rooms.get(&asked.room).ok_or(ErrorCode::NotFound)?.machine.state().epoch;
        let presenter = self.party(asked.room, own).filter(|party| party.actor == *actor);
        let presenter = presenter.ok_or(ErrorCode::DeviceUnknown)?;
        let target = self.party(asked.room, asked.target).ok_or(ErrorCode::NotFound)?;
        let CapabilityRequest { room, sid, caps, limits, nonce, .. } = asked;
        let request = Request { room, sid, caps, limits, nonce };
        let epochs = Epochs { room: epoch.0, devices: self.devices.epoch };
        let name = secret::random_name().map_err(|_| ErrorCode::Internal)?;
        let issuer = &self.signing.issuer;
        issuer.issue(&presenter, &target, &request, epochs, name, self.clock.wall())
    }

    /// A device, its user, and how that user stands to a room.
    fn party(&self, room: RoomId, device: DeviceId) -> Option<Party> {
        let record = self.devices.get(device)?;
        let facts = self.rooms.get(&room)?.machine.facts(record.user);
        let actor = self.people.actor(record.user, self.clock.wall());
        let jkt = PublicKey::parse(&record.key).ok()?.thumbprint();
        Some(Party { device, actor, facts, jkt })
    }
}
