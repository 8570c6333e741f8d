//! Looking at the store and changing it: what a read and an operation of the writer get in hand.
//!
//! Several operations share a transaction. One that is refused, or panics, is undone on its own: each write
//! keeps what it replaced, and undoing puts that back in reverse order.

use std::cell::RefCell;

use redb::{Key, ReadTransaction, ReadableTable, TableDefinition, Value, WriteTransaction};

use super::StoreError;
use super::tag::TagIndex;

/// Something whose tables can be read: a snapshot, or a running change with everything it did so far.
pub trait Tables {
    /// Opens a table for reading. In a change, a table must not be open twice at a time.
    ///
    /// # Errors
    /// Trouble with the disk.
    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<impl ReadableTable<K, V>, StoreError>;

    /// Where client tags may have been used.
    fn tags(&self) -> &TagIndex;
}

/// Everything that was committed when it was taken.
pub struct View<'t> {
    transaction: &'t ReadTransaction,
    tags: &'t TagIndex,
}

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("View")
    }
}

impl<'t> View<'t> {
    pub(super) fn new(transaction: &'t ReadTransaction, tags: &'t TagIndex) -> Self {
        Self { transaction, tags }
    }
}

impl Tables for View<'_> {
    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<impl ReadableTable<K, V>, StoreError> {
        Ok(self.transaction.open_table(table)?)
    }

    fn tags(&self) -> &TagIndex {
        self.tags
    }
}

/// Tells whether the commit that it comes from is on disk.
pub(super) type Witness = Box<dyn Fn(&View<'_>) -> Result<bool, StoreError> + Send>;
type Undo = Box<dyn FnOnce(&WriteTransaction) -> Result<(), StoreError>>;

/// One operation's part of a commit.
pub struct Change<'t> {
    transaction: &'t WriteTransaction,
    tags: &'t TagIndex,
    journal: RefCell<Journal>,
}

#[derive(Default)]
struct Journal {
    undo: Vec<Undo>,
    witness: Option<Witness>,
    leaves_rows: bool,
}

impl std::fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Change").field("writes", &self.journal.borrow().undo.len()).finish()
    }
}

impl Tables for Change<'_> {
    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<impl ReadableTable<K, V>, StoreError> {
        Ok(self.transaction.open_table(table)?)
    }

    fn tags(&self) -> &TagIndex {
        self.tags
    }
}

impl<'t> Change<'t> {
    pub(super) fn new(transaction: &'t WriteTransaction, tags: &'t TagIndex) -> Self {
        Self { transaction, tags, journal: RefCell::default() }
    }

    /// How to tell later whether this was committed; `None` when it changed nothing.
    pub(super) fn into_witness(self) -> Option<Witness> {
        self.journal.into_inner().witness
    }

    /// Rows are left that nobody can reach; the writer sweeps them when it has time.
    pub(super) fn leave_rows(&self) {
        self.journal.borrow_mut().leaves_rows = true;
    }

    pub(super) fn leaves_rows(&self) -> bool {
        self.journal.borrow().leaves_rows
    }

    /// Takes all writes back.
    pub(super) fn undo(self) -> Result<(), StoreError> {
        let transaction = self.transaction;
        self.journal.into_inner().undo.into_iter().rev().try_for_each(|undo| undo(transaction))
    }

    /// Opens a table for writing.
    pub(super) fn write<K: Keep + Key + 'static, V: Keep + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<Rows<'_, K, V>, StoreError> {
        let rows = self.transaction.open_table(table)?;
        Ok(Rows { table, rows, journal: &self.journal })
    }
}

/// A table open for writing; what is written can be undone.
pub(super) struct Rows<'c, K: Keep + Key + 'static, V: Keep + 'static> {
    table: TableDefinition<'static, K, V>,
    rows: redb::Table<'c, K, V>,
    journal: &'c RefCell<Journal>,
}

impl<K: Keep + Key + 'static, V: Keep + 'static> Rows<'_, K, V> {
    pub(super) fn insert(&mut self, key: K::SelfType<'_>, value: V::SelfType<'_>) -> Result<(), StoreError> {
        let (kept_key, kept_value) = (K::keep(&key), V::keep(&value));
        let former = self.rows.insert(key, value)?.map(|former| V::keep(&former.value()));
        if former.as_ref() != Some(&kept_value) {
            self.wrote(kept_key.clone(), Some(kept_value));
        }
        self.can_undo(kept_key, former);
        Ok(())
    }

    pub(super) fn remove(&mut self, key: K::SelfType<'_>) -> Result<bool, StoreError> {
        let kept_key = K::keep(&key);
        let Some(former) = self.rows.remove(key)?.map(|former| V::keep(&former.value())) else {
            return Ok(false);
        };
        self.wrote(kept_key.clone(), None);
        self.can_undo(kept_key, Some(former));
        Ok(true)
    }

    /// Removes the rows of a range, at most `most`; how many there were.
    pub(super) fn remove_range<'k>(
        &mut self,
        range: impl std::ops::RangeBounds<K::SelfType<'k>> + 'k,
        most: usize,
    ) -> Result<usize, StoreError>
    where
        K::SelfType<'k>: 'k,
    {
        let keys: Result<Vec<K::Kept>, StoreError> = self
            .rows
            .range::<K::SelfType<'k>>(range)?
            .take(most)
            .map(|row| Ok(K::keep(&row?.0.value())))
            .collect();
        let keys = keys?;
        for key in &keys {
            self.remove(K::lend(key))?;
        }
        Ok(keys.len())
    }

    /// Remembers one difference that the commit makes.
    fn wrote(&self, key: K::Kept, value: Option<V::Kept>) {
        let table = self.table;
        let mut journal = self.journal.borrow_mut();
        journal.witness.get_or_insert_with(|| {
            Box::new(move |view| {
                let now = view.table(table)?.get(K::lend(&key))?.map(|now| V::keep(&now.value()));
                Ok(now == value)
            })
        });
    }

    fn can_undo(&self, key: K::Kept, former: Option<V::Kept>) {
        let table = self.table;
        self.journal.borrow_mut().undo.push(Box::new(move |transaction| {
            let mut rows = transaction.open_table(table)?;
            match former {
                Some(former) => rows.insert(K::lend(&key), V::lend(&former))?,
                None => rows.remove(K::lend(&key))?,
            };
            Ok(())
        }));
    }
}

/// A key or value that can be kept aside and put back.
pub(super) trait Keep: Value + Send {
    type Kept: Clone + PartialEq + Send + 'static;
    fn keep(value: &Self::SelfType<'_>) -> Self::Kept;
    fn lend(kept: &Self::Kept) -> Self::SelfType<'_>;
}

macro_rules! keep_copies {
    ($($number:ty),*) => {$(
        impl Keep for $number {
            type Kept = Self;
            fn keep(value: &Self) -> Self {
                *value
            }
            fn lend(kept: &Self) -> Self {
                *kept
            }
        }
    )*};
}
keep_copies!(u64, (u64, u64));

macro_rules! keep_owned {
    ($($lent:ty => $kept:ty),*) => {$(
        impl Keep for &'static $lent {
            type Kept = $kept;
            fn keep(value: &Self::SelfType<'_>) -> $kept {
                <$kept>::from(*value)
            }
            fn lend(kept: &$kept) -> Self::SelfType<'_> {
                kept
            }
        }
    )*};
}
keep_owned!([u8] => Vec<u8>, str => String);

impl<const N: usize> Keep for &'static [u8; N] {
    type Kept = [u8; N];
    fn keep(value: &Self::SelfType<'_>) -> [u8; N] {
        **value
    }
    fn lend(kept: &[u8; N]) -> Self::SelfType<'_> {
        kept
    }
}
