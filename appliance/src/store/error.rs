//! What can go wrong with the store, in the three ways that matter to a caller: refused, no space, broken.

use mesh_protocol::error::ErrorCode;

/// Why the store could not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The operation found a reason not to be done; nothing was written.
    #[error("refused: {0:?}")]
    Refused(ErrorCode),
    /// The disk is full; nothing was written. Reading goes on.
    #[error("the disk is full")]
    Full,
    /// The disk reports an error; nothing was written.
    #[error("the disk reports an error: {0}")]
    Failing(String),
    /// What is on disk can't be what was written.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// Too many operations wait.
    #[error("too many operations wait")]
    Busy,
    /// The store was shut down.
    #[error("the store is closed")]
    Closed,
    /// The operation or the read panicked; nothing was written.
    #[error("the operation failed inside")]
    Panicked,
}

impl StoreError {
    /// What a client is told.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(code) => *code,
            Self::Full => ErrorCode::StorageFull,
            Self::Failing(_) => ErrorCode::StorageFailing,
            Self::Damaged(_) | Self::Panicked => ErrorCode::Internal,
            Self::Busy | Self::Closed => ErrorCode::Busy,
        }
    }

    /// Whether the engine may have lost its footing and has to be opened anew.
    pub(super) fn is_io(&self) -> bool {
        matches!(self, Self::Full | Self::Failing(_))
    }
}

fn from_io(error: &std::io::Error) -> StoreError {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    match error.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => StoreError::Full,
        _ => StoreError::Failing(error.to_string()),
    }
}

fn from_redb(error: redb::Error) -> StoreError {
    match error {
        redb::Error::Io(error) => from_io(&error),
        redb::Error::Corrupted(text) => StoreError::Damaged(text),
        redb::Error::PreviousIo | redb::Error::DatabaseClosed => {
            StoreError::Failing("an earlier disk error has not been repaired".to_owned())
        }
        other => StoreError::Damaged(other.to_string()),
    }
}

macro_rules! from_redb {
    ($($error:ty),*) => {$(
        impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                from_redb(error.into())
            }
        }
    )*};
}
from_redb!(
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError,
    redb::DatabaseError
);

/// Why a database can't be opened. Nothing was changed in any case.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the database is in use by another process; stop that one first")]
    Locked,
    /// It was written by a newer version.
    #[error(
        "the database was written by a newer version of Mesh (schema {found}, this one knows {known}); install that version again"
    )]
    TooNew {
        /// Its schema.
        found: u32,
        /// The newest schema this build knows.
        known: u32,
    },
    /// It is no database, or not a whole one.
    #[error("the database is damaged ({0}); restore a backup, or move the file away to start empty")]
    Damaged(String),
    /// It can't be reached.
    #[error("the database can't be opened: {0}")]
    Io(String),
}

impl From<redb::DatabaseError> for OpenError {
    fn from(error: redb::DatabaseError) -> Self {
        match error {
            redb::DatabaseError::DatabaseAlreadyOpen => Self::Locked,
            redb::DatabaseError::Storage(redb::StorageError::Io(error))
                if error.kind() != std::io::ErrorKind::InvalidData
                    && error.kind() != std::io::ErrorKind::UnexpectedEof =>
            {
                Self::Io(error.to_string())
            }
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Damaged(text) => Self::Damaged(text),
            other => Self::Io(other.to_string()),
        }
    }
}

impl From<std::io::Error> for OpenError {
    fn from(error: std::io::Error) -> Self {
        redb::DatabaseError::from(error).into()
    }
}
