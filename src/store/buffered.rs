//! Trees with a buffer before them: long work folds many commits and writes pages once.
//!
//! What is buffered is read back at once. A process that dies with a full buffer loses nothing:
//! the store is behind the ledger then, and catches up when it is opened.

use super::StoreError;
use super::overlay::{Changes, scan_changed};
use super::sled_trees::SledTrees;
use super::trees::{ApplyChanges, Trees, Visit};

/// A database that may hold changes back.
pub struct Buffered {
    below: SledTrees,
    held: Changes,
    holding: bool,
}

impl Buffered {
    /// Changes go through at once.
    #[must_use]
    pub fn new(below: SledTrees) -> Self {
        Self { below, held: Changes::default(), holding: false }
    }

    /// From now on changes are kept until they are written.
    pub fn hold(&mut self) {
        self.holding = true;
    }

    /// Writes what is held, and goes on holding.
    ///
    /// # Errors
    /// When the store cannot be written; what was held is lost to it.
    pub fn write(&mut self) -> Result<(), StoreError> {
        self.below.apply(std::mem::take(&mut self.held))
    }

    /// Writes what is held; changes go through at once again.
    ///
    /// # Errors
    /// As [`Buffered::write`].
    pub fn release(&mut self) -> Result<(), StoreError> {
        self.holding = false;
        self.write()
    }
}

impl Trees for Buffered {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.held.get(key) {
            Some(changed) => Ok(changed.map(<[u8]>::to_vec)),
            None => self.below.get(key),
        }
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        scan_changed(&self.below, &self.held, prefix, from, visit)
    }
}

impl ApplyChanges for Buffered {
    fn apply(&mut self, changes: Changes) -> Result<(), StoreError> {
        if self.holding {
            self.held.absorb(changes);
            return Ok(());
        }
        self.below.apply(changes)
    }
}
