//! A disk in memory that remembers every call, can lose what was not synced, and can fail.
#![allow(dead_code, reason = "each test that includes this uses a part")]

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use mesh_appliance::store::BackendFactory;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;
use redb::StorageBackend;

/// What a power cut can tear.
const SECTOR: usize = 512;

/// A call that changes the disk.
#[derive(Debug, Clone)]
pub enum Call {
    Write { offset: u64, bytes: Vec<u8> },
    SetLen(u64),
    Sync,
}

/// Calls from the first to the last of these fail.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    pub first: u64,
    pub last: u64,
    pub kind: io::ErrorKind,
}

#[derive(Debug, Default)]
struct Inner {
    bytes: Vec<u8>,
    /// Since the disk was made or the tape was taken.
    tape: Vec<Call>,
    calls: u64,
    fault: Option<Fault>,
    failed: u64,
    /// While true, nothing can be written.
    full: bool,
}

/// A handle; all handles of a disk are the same disk.
#[derive(Debug, Clone, Default)]
pub struct Disk(Arc<Mutex<Inner>>);

impl Disk {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(Inner { bytes, ..Inner::default() })))
    }

    pub fn factory(&self) -> BackendFactory {
        let disk = self.clone();
        Box::new(move || Ok(Box::new(disk.clone())))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.lock().bytes.clone()
    }

    /// Changes the disk behind the store's back.
    pub fn alter(&self, change: impl FnOnce(&mut Vec<u8>)) {
        change(&mut self.lock().bytes);
    }

    /// How many changing calls there were.
    pub fn tape_len(&self) -> usize {
        self.lock().tape.len()
    }

    pub fn take_tape(&self) -> Vec<Call> {
        std::mem::take(&mut self.lock().tape)
    }

    /// Calls of all kinds so far, and how many of them failed.
    pub fn calls(&self) -> (u64, u64) {
        let inner = self.lock();
        (inner.calls, inner.failed)
    }

    pub fn set_full(&self, full: bool) {
        self.lock().full = full;
    }

    pub fn set_fault(&self, fault: Option<Fault>) {
        self.lock().fault = fault;
    }
}

impl Inner {
    fn call(&mut self) -> io::Result<()> {
        self.calls += 1;
        if let Some(fault) = self.fault
            && (fault.first..=fault.last).contains(&self.calls)
        {
            self.failed += 1;
            return Err(io::Error::from(fault.kind));
        }
        Ok(())
    }

    fn change(&mut self) -> io::Result<()> {
        if self.full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.call()
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        let mut inner = self.lock();
        inner.call()?;
        Ok(inner.bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut inner = self.lock();
        inner.call()?;
        let from = inner.bytes.get(offset as usize..offset as usize + out.len());
        out.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut inner = self.lock();
        inner.change()?;
        inner.tape.push(Call::SetLen(len));
        inner.bytes.resize(len as usize, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut inner = self.lock();
        inner.call()?;
        inner.tape.push(Call::Sync);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut inner = self.lock();
        let result = inner.change();
        // A write that fails may have got half way.
        let data = if result.is_ok() { data } else { &data[..data.len() / 2 / SECTOR * SECTOR] };
        write_at(&mut inner.bytes, offset, data);
        inner.tape.push(Call::Write { offset, bytes: data.to_vec() });
        result
    }
}

/// Writes as far as the disk reaches.
fn write_at(disk: &mut [u8], offset: u64, data: &[u8]) {
    let start = (offset as usize).min(disk.len());
    let end = (start + data.len()).min(disk.len());
    disk[start..end].copy_from_slice(&data[..end - start]);
}

/// The disk after a power cut: everything up to the last sync, and of the calls after it what luck left. A call
/// is kept, lost, or torn into sectors of which some are kept. Losing any subset covers every order in which
/// calls that do not overlap can reach the disk.
pub fn cut(before: &[u8], calls: &[Call], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let synced = calls.iter().rposition(|call| matches!(call, Call::Sync)).map_or(0, |index| index + 1);
    cut_after(before, calls, synced, rng)
}

/// A power cut on a disk that really has only the first `synced` calls.
pub fn cut_after(before: &[u8], calls: &[Call], synced: usize, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut disk = before.to_vec();
    for call in &calls[..synced] {
        match call {
            Call::Write { offset, bytes } => write_at(&mut disk, *offset, bytes),
            Call::SetLen(len) => disk.resize(*len as usize, 0),
            Call::Sync => {}
        }
    }
    // Now and then everything or nothing arrives; mostly some of it.
    let keep_of_4 = rng.next_u32() % 5;
    for call in &calls[synced..] {
        let luck = rng.next_u32() % 4;
        match call {
            Call::SetLen(len) if luck < keep_of_4 => disk.resize(*len as usize, 0),
            Call::Write { offset, bytes } if luck < keep_of_4 => write_at(&mut disk, *offset, bytes),
            Call::Write { offset, bytes } if rng.next_u32().is_multiple_of(3) => {
                for (index, sector) in bytes.chunks(SECTOR).enumerate() {
                    if rng.next_u32().is_multiple_of(2) {
                        write_at(&mut disk, offset + (index * SECTOR) as u64, sector);
                    }
                }
            }
            _ => {}
        }
    }
    disk
}
