//! Devices in the store, and the two numbers that void capabilities: the epoch of the team's devices and how often
//! the box has started.

use mesh_protocol::id::SessionId;
use redb::ReadableTable;

use super::record::{DeviceRecord, Record};
use super::table::{DEVICES, META, META_BOOTS, META_DEVICE_EPOCH};
use super::{Change, StoreError, Tables};

/// Reading devices; what snapshots and running changes have in common.
pub trait DeviceReads: Tables {
    /// All devices; a team has few.
    ///
    /// # Errors
    /// Trouble with the disk, as for all reads.
    fn devices(&self) -> Result<Vec<DeviceRecord>, StoreError> {
        self.table(DEVICES)?.iter()?.map(|entry| DeviceRecord::decode(entry?.1.value())).collect()
    }

    /// The device of a session.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn device_of(&self, session: SessionId) -> Result<Option<DeviceRecord>, StoreError> {
        Ok(self.devices()?.into_iter().find(|device| device.session == session))
    }

    /// The epoch of the team's devices: rises when one goes, or when what its user may do changes.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn device_epoch(&self) -> Result<u64, StoreError> {
        number(self, META_DEVICE_EPOCH)
    }

    /// How often the box has started.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn boots(&self) -> Result<u64, StoreError> {
        number(self, META_BOOTS)
    }
}

impl<T: Tables> DeviceReads for T {}

fn number(tables: &(impl Tables + ?Sized), key: &'static str) -> Result<u64, StoreError> {
    let Some(bytes) = tables.table(META)?.get(key)?.map(|value| value.value().to_vec()) else { return Ok(0) };
    let bytes = bytes.try_into().map_err(|_| StoreError::Damaged(format!("{key} is not a number")))?;
    Ok(u64::from_le_bytes(bytes))
}

impl Change<'_> {
    /// Writes a device in place of a former one of its session.
    ///
    /// # Errors
    /// Trouble with the disk, as for all writes.
    pub fn put_device(&mut self, device: &DeviceRecord) -> Result<(), StoreError> {
        self.delete_device_of(device.session)?;
        let bytes = device.encode()?;
        self.write(DEVICES)?.insert(device.id.0, bytes.as_slice())
    }

    /// Removes the device of a session, if it has one; capabilities of before are void then.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn delete_device_of(&mut self, session: SessionId) -> Result<(), StoreError> {
        if let Some(device) = self.device_of(session)? {
            self.write(DEVICES)?.remove(device.id.0)?;
            self.raise_device_epoch()?;
        }
        Ok(())
    }

    /// Voids the capabilities of before.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn raise_device_epoch(&mut self) -> Result<(), StoreError> {
        self.count_up(META_DEVICE_EPOCH)
    }

    /// Counts a start of the box.
    ///
    /// # Errors
    /// Trouble with the disk.
    pub fn count_boot(&mut self) -> Result<(), StoreError> {
        self.count_up(META_BOOTS)
    }

    fn count_up(&mut self, key: &'static str) -> Result<(), StoreError> {
        let next = number(self, key)?.saturating_add(1);
        self.write(META)?.insert(key, next.to_le_bytes().as_slice())
    }
}
