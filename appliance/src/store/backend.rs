//! Where the bytes of the database are, and a copy-on-write look at them.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::{BackendError, StorageBackend};

/// Unit in which [`Frozen`] keeps what was written.
const BLOCK: usize = 4096;

/// Any backend behind a pointer.
#[derive(Debug)]
pub(super) struct Boxed(pub(super) Box<dyn StorageBackend>);

/// Reads through to another backend and keeps all writes in memory, so nothing on disk changes. It lets a
/// damaged file be examined, and reading go on while the disk refuses writes. Only repairs write here, so what
/// it keeps stays small.
#[derive(Debug)]
pub(super) struct Frozen {
    below: Boxed,
    above: Mutex<Above>,
}

#[derive(Debug)]
struct Above {
    len: u64,
    /// How much of what is below still shows.
    below_len: u64,
    blocks: BTreeMap<u64, Box<[u8]>>,
}

impl Frozen {
    pub(super) fn new(below: Box<dyn StorageBackend>) -> io::Result<Self> {
        let len = below.len()?;
        let above = Mutex::new(Above { len, below_len: len, blocks: BTreeMap::new() });
        Ok(Self { below: Boxed(below), above })
    }

    fn above(&self) -> MutexGuard<'_, Above> {
        self.above.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Above {
    /// The bytes of a block as they are now.
    fn block(&self, index: u64, below: &Boxed) -> io::Result<Box<[u8]>> {
        if let Some(block) = self.blocks.get(&index) {
            return Ok(block.clone());
        }
        let mut block = vec![0; BLOCK].into_boxed_slice();
        let start = index * BLOCK as u64;
        let shown = self.below_len.saturating_sub(start).min(BLOCK as u64) as usize;
        if let Some(part) = block.get_mut(..shown).filter(|part| !part.is_empty()) {
            below.0.read(start, part)?;
        }
        Ok(block)
    }

    fn write(&mut self, offset: u64, data: &[u8], below: &Boxed) -> io::Result<()> {
        for (index, range, part) in parts(offset, data.len()) {
            let mut block = self.block(index, below)?;
            if let (Some(to), Some(from)) = (block.get_mut(range), data.get(part)) {
                to.copy_from_slice(from);
            }
            self.blocks.insert(index, block);
        }
        Ok(())
    }

    fn read(&self, offset: u64, out: &mut [u8], below: &Boxed) -> io::Result<()> {
        if offset.checked_add(out.len() as u64).is_none_or(|end| end > self.len) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        for (index, range, part) in parts(offset, out.len()) {
            let block = self.block(index, below)?;
            if let (Some(to), Some(from)) = (out.get_mut(part), block.get(range)) {
                to.copy_from_slice(from);
            }
        }
        Ok(())
    }
}

/// The blocks that a stretch of bytes touches: index, bytes within the block, bytes within the stretch.
fn parts(
    offset: u64,
    len: usize,
) -> impl Iterator<Item = (u64, std::ops::Range<usize>, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        if done == len {
            return None;
        }
        let at = offset + done as u64;
        let start = (at % BLOCK as u64) as usize;
        let size = (BLOCK - start).min(len - done);
        let part = (at / BLOCK as u64, start..start + size, done..done + size);
        done += size;
        Some(part)
    })
}

macro_rules! pass_locks {
    ($($field:tt)+) => {
        fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
            self.$($field)+.try_lock_range(start, end)
        }
        fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
            self.$($field)+.try_lock_shared_range(start, end)
        }
        fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
            self.$($field)+.lock_range(start, end)
        }
        fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
            self.$($field)+.lock_shared_range(start, end)
        }
        fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
            self.$($field)+.unlock_range(start, end)
        }
        fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
            self.$($field)+.query_lock_range(start, end)
        }
        fn close(&self) -> io::Result<()> {
            self.$($field)+.close()
        }
    };
}

impl StorageBackend for Boxed {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }
    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
    pass_locks!(0);
}

impl StorageBackend for Frozen {
    fn len(&self) -> io::Result<u64> {
        Ok(self.above().len)
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.above().read(offset, out, &self.below)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut above = self.above();
        if len < above.len {
            let (index, keep) = (len / BLOCK as u64, (len % BLOCK as u64) as usize);
            if keep > 0 {
                let mut block = above.block(index, &self.below)?;
                if let Some(cut) = block.get_mut(keep..) {
                    cut.fill(0);
                }
                above.blocks.insert(index, block);
            }
            above.blocks.retain(|block, _| block * (BLOCK as u64) < len);
            above.below_len = above.below_len.min(len);
        }
        above.len = len;
        Ok(())
    }
    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.above().write(offset, data, &self.below)
    }
    pass_locks!(below.0);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use redb::backends::InMemoryBackend;

    use super::*;

    #[derive(Debug, Clone)]
    enum Step {
        Write(u64, Vec<u8>),
        SetLen(u64),
        Read(u64, usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let place = 0..20_000_u64;
        let step = prop_oneof![
            (place.clone(), proptest::collection::vec(any::<u8>(), 0..9_000))
                .prop_map(|(at, bytes)| Step::Write(at, bytes)),
            place.clone().prop_map(Step::SetLen),
            (place, 0..9_000_usize).prop_map(|(at, len)| Step::Read(at, len)),
        ];
        proptest::collection::vec(step, 1..40)
    }

    fn below(len: u64) -> InMemoryBackend {
        let below = InMemoryBackend::new();
        below.set_len(len).unwrap();
        below.write(0, &vec![9; len as usize]).unwrap();
        below
    }

    proptest! {
        #[test]
        fn a_frozen_disk_behaves_like_a_disk_and_changes_nothing_below(len in 0..20_000_u64, steps in steps()) {
            let plain = below(len);
            let frozen = Frozen::new(Box::new(below(len))).unwrap();
            for step in steps {
                match step {
                    Step::Write(at, bytes) => {
                        if at + bytes.len() as u64 <= plain.len().unwrap() {
                            plain.write(at, &bytes).unwrap();
                            frozen.write(at, &bytes).unwrap();
                        }
                    }
                    Step::SetLen(len) => {
                        plain.set_len(len).unwrap();
                        frozen.set_len(len).unwrap();
                    }
                    Step::Read(at, len) => {
                        let (mut left, mut right) = (vec![0; len], vec![0; len]);
                        let (one, two) = (plain.read(at, &mut left), frozen.read(at, &mut right));
                        prop_assert_eq!(one.is_ok(), two.is_ok());
                        if one.is_ok() {
                            prop_assert!(left == right);
                        }
                    }
                }
                prop_assert_eq!(plain.len().unwrap(), frozen.len().unwrap());
            }
            let mut untouched = vec![0; len as usize];
            frozen.below.0.read(0, &mut untouched).unwrap();
            prop_assert!(untouched.iter().all(|byte| *byte == 9));
        }
    }
}
