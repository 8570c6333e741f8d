//! The schema's number and the chain of migrations.
//!
//! Each step takes a database of one schema to the next in one transaction that also writes the new number. A
//! crash leaves the former schema, and the next open starts the step again.

mod v1;

use redb::{Database, WriteTransaction};

use super::disk::begin_write;
use super::error::StoreError;
use super::table;

/// The schema of this build.
pub(super) const CURRENT: u32 = 3;

type Step = fn(&WriteTransaction) -> Result<(), StoreError>;

/// The step from schema n + 1 to n + 2, for each n.
const STEPS: [Step; (CURRENT - 1) as usize] = [v1::to_v2, to_v3];

/// Schema 3 has devices. Rooms and invites have grown fields, too: their records are brought up to date when they are next
/// read and written, and the new number keeps older builds from reading what they don't know.
fn to_v3(transaction: &WriteTransaction) -> Result<(), StoreError> {
    transaction.open_table(table::DEVICES)?;
    Ok(())
}

/// What a database's schema is to this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Schema {
    /// It can be brought up to date.
    Known(u32),
    /// A newer build wrote it.
    TooNew(u32),
    /// The database holds none.
    Missing,
}

/// Reads the schema's number.
pub(super) fn schema(database: &Database) -> Result<Schema, StoreError> {
    let transaction = redb::ReadableDatabase::begin_read(database)?;
    let meta = match transaction.open_table(table::META) {
        Ok(meta) => meta,
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Schema::Missing),
        Err(error) => return Err(error.into()),
    };
    let version = meta.get(table::META_SCHEMA)?;
    let version = version.and_then(|bytes| bytes.value().try_into().ok().map(u32::from_le_bytes));
    Ok(match version {
        Some(version) if version > CURRENT => Schema::TooNew(version),
        Some(version) if version > 0 => Schema::Known(version),
        _ => Schema::Missing,
    })
}

/// Makes every table of a new database.
pub(super) fn create(database: &Database) -> Result<(), StoreError> {
    let transaction = begin_write(database)?;
    create_tables(&transaction)?;
    put_schema(&transaction, CURRENT)?;
    Ok(transaction.commit()?)
}

fn create_tables(transaction: &WriteTransaction) -> Result<(), StoreError> {
    transaction.open_table(table::META)?;
    transaction.open_table(table::USERS)?;
    transaction.open_table(table::USER_NAMES)?;
    transaction.open_table(table::SESSIONS)?;
    transaction.open_table(table::SESSION_TOKENS)?;
    transaction.open_table(table::DEVICES)?;
    transaction.open_table(table::INVITES)?;
    transaction.open_table(table::INVITE_TOKENS)?;
    transaction.open_table(table::ROOMS)?;
    transaction.open_table(table::LOG)?;
    Ok(())
}

fn put_schema(transaction: &WriteTransaction, version: u32) -> Result<(), StoreError> {
    transaction.open_table(table::META)?.insert(table::META_SCHEMA, version.to_le_bytes().as_slice())?;
    Ok(())
}

/// Takes a database from schema `from` to [`CURRENT`], one step and one commit at a time.
pub(super) fn migrate(database: &Database, from: u32) -> Result<(), StoreError> {
    let done = usize::try_from(from - 1).unwrap_or(usize::MAX);
    for (step, to) in STEPS.iter().zip(2..).skip(done) {
        tracing::info!(schema = to, "bringing the store up to date");
        let transaction = begin_write(database)?;
        step(&transaction)?;
        put_schema(&transaction, to)?;
        transaction.commit()?;
    }
    Ok(())
}
