//! The port to a sorted key-value store.

use super::StoreError;
use super::overlay::Changes;

/// Sees a key and its value; answers whether to go on.
pub type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> Result<bool, StoreError> + 'a;

/// Sees the value of a key, if it has one.
pub type See<'a> = dyn FnMut(Option<&[u8]>) + 'a;

/// Sorted keys and values. Reads only; changes go through an
/// [`Overlay`](super::Overlay) and land atomically.
pub trait Trees {
    /// The value of `key`.
    ///
    /// # Errors
    /// When the store is damaged or cannot be read.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let mut found = None;
        self.look(key, &mut |value| found = value.map(<[u8]>::to_vec))?;
        Ok(found)
    }

    /// Shows the value of `key` without copying it: a page is looked at for one of its rows.
    ///
    /// # Errors
    /// When the store is damaged or cannot be read.
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError>;

    /// Visits every key that begins with `prefix` and is not less than `from`, ascending, until
    /// the visitor answers `false`.
    ///
    /// # Errors
    /// When the store is damaged or cannot be read.
    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError>;
}

/// Trees that can take changes.
pub trait ApplyChanges: Trees {
    /// Applies all changes, or none.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn apply(&mut self, changes: Changes) -> Result<(), StoreError>;
}
