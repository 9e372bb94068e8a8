//! Trees with a buffer before them: long work folds many commits and writes pages once.
//!
//! What is buffered is read back at once. A process that dies with a full buffer loses nothing:
//! the store is behind the ledger then, and catches up when it is opened.

use super::StoreError;
use super::overlay::{Changes, scan_changed};
use super::sled_trees::SledTrees;
use super::trees::{ApplyChanges, See, Trees, Visit};

/// Bytes held before they are written all the same: sled takes many times its size for a batch.
const LIMIT: usize = 1024 * 1024;

/// A database that may hold changes back.
pub struct Buffered {
    below: SledTrees,
    held: Changes,
    bytes: usize,
    holding: bool,
}

impl Buffered {
    /// Changes go through at once.
    #[must_use]
    pub fn new(below: SledTrees) -> Self {
        Self { below, held: Changes::default(), bytes: 0, holding: false }
    }

    /// From now on changes are kept, up to a limit, until they are released.
    pub fn hold(&mut self) {
        self.holding = true;
    }

    fn write(&mut self) -> Result<(), StoreError> {
        self.bytes = 0;
        self.below.apply(std::mem::take(&mut self.held))
    }

    /// Writes what is held; changes go through at once again.
    ///
    /// # Errors
    /// When the store cannot be written; what was held is lost to it.
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

    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        match self.held.get(key) {
            Some(changed) => {
                see(changed);
                Ok(())
            }
            None => self.below.look(key, see),
        }
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        scan_changed(&self.below, &self.held, prefix, from, visit)
    }
}

impl ApplyChanges for Buffered {
    fn apply(&mut self, changes: Changes) -> Result<(), StoreError> {
        if !self.holding {
            return self.below.apply(changes);
        }
        self.bytes += self.held.absorb(changes);
        if self.bytes < LIMIT { Ok(()) } else { self.write() }
    }
}
