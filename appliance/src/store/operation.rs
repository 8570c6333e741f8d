//! An operation on its way: what to do, and whom to tell.

use super::change::Change;
use super::error::StoreError;

/// An operation with whoever waits for it.
pub(super) trait Operation: Send {
    /// Does the operation's part of a commit; nothing when it is settled.
    fn apply(&mut self, change: &mut Change<'_>) -> Result<(), StoreError>;
    /// It will not be done, whatever becomes of the commit.
    fn settle(&mut self, error: StoreError);
    /// Answers; without an error, and unless it is settled, what `apply` made is on disk.
    fn finish(&mut self, error: Option<StoreError>);
}

/// The closures of [`super::Store::submit`].
pub(super) struct Submitted<T, A, D>
where
    D: FnOnce(Result<T, StoreError>),
{
    apply: Option<A>,
    done: Option<D>,
    result: Option<Result<T, StoreError>>,
}

impl<T, A, D> Submitted<T, A, D>
where
    D: FnOnce(Result<T, StoreError>),
{
    pub(super) fn new(apply: A, done: D) -> Self {
        Self { apply: Some(apply), done: Some(done), result: None }
    }
}

impl<T, A, D> Operation for Submitted<T, A, D>
where
    T: Send,
    A: FnOnce(&mut Change<'_>) -> Result<T, StoreError> + Send,
    D: FnOnce(Result<T, StoreError>) + Send,
{
    fn apply(&mut self, change: &mut Change<'_>) -> Result<(), StoreError> {
        if let Some(apply) = self.apply.take() {
            self.result = Some(Ok(apply(change)?));
        }
        Ok(())
    }

    fn settle(&mut self, error: StoreError) {
        self.apply = None;
        self.result = Some(Err(error));
    }

    fn finish(&mut self, error: Option<StoreError>) {
        let result = match (self.result.take(), error) {
            (Some(Err(settled)), _) => Err(settled),
            (_, Some(error)) => Err(error),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(StoreError::Closed),
        };
        if let Some(done) = self.done.take() {
            done(result);
        }
    }
}

/// Whoever waits hears of an operation that was never done.
impl<T, A, D> Drop for Submitted<T, A, D>
where
    D: FnOnce(Result<T, StoreError>),
{
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            done(Err(StoreError::Closed));
        }
    }
}
