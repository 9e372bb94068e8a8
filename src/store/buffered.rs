//! Trees with a buffer before them: long work folds many commits and writes pages once.
//!
//! What is buffered is read back at once. A process that dies with a full buffer loses nothing:
//! the store is behind the ledger then, and catches up when it is opened.

use std::cell::RefCell;
use std::collections::HashMap;

use super::overlay::{Changes, scan_changed};
use super::sled_trees::{SledReader, SledTrees};
use super::trees::{ApplyChanges, See, Trees, Visit};
use super::{StoreError, keys};

/// Bytes held before they are written all the same: sled takes many times its size for a batch.
const LIMIT: usize = 1024 * 1024;
/// Bytes held by work that changes much all over the store. At a million records a merge changes
/// two pages of eight kilobytes anywhere; held so long, each of 4,000 is written a few times. In
/// memory changes take several times this: with 160 MiB a million records took 964 MB.
const MANY_LIMIT: usize = 64 * 1024 * 1024;

/// A database that may hold changes back.
pub struct Buffered {
    below: SledTrees,
    held: Changes,
    bytes: usize,
    holding: Holding,
    /// Pages of the database as they were read, while many changes are held.
    pages: RefCell<HashMap<Vec<u8>, Vec<u8>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holding {
    /// Changes go through at once.
    Nothing,
    /// A batch of them, which is written as one.
    Batch,
    /// As much as there is, written in several batches.
    Many,
}

impl Buffered {
    /// Changes go through at once.
    #[must_use]
    pub fn new(below: SledTrees) -> Self {
        Self {
            below,
            held: Changes::default(),
            bytes: 0,
            holding: Holding::Nothing,
            pages: RefCell::default(),
        }
    }

    /// From now on changes are kept, up to a limit, until they are released.
    pub fn hold(&mut self) {
        self.holding = Holding::Batch;
    }

    /// As [`Buffered::hold`], with a far higher limit. What is held is then written in the order of
    /// the keys, in several batches of which the last moves the head and what counts up to it: a
    /// process that dies in between leaves a store that is behind the ledger and has some later
    /// entries, which folding again must make as they are.
    pub fn hold_many(&mut self) {
        self.holding = Holding::Many;
    }

    /// Reads the database from another thread; what is held back is not in it.
    ///
    /// # Errors
    /// When it is being closed.
    pub fn reader(&self) -> Result<SledReader, StoreError> {
        self.below.reader()
    }

    fn write(&mut self) -> Result<(), StoreError> {
        self.bytes = 0;
        let held = std::mem::take(&mut self.held);
        if self.holding != Holding::Many {
            return self.below.apply(held);
        }
        // Pages are read from below again: they are others now.
        self.pages.borrow_mut().clear();
        let (mut batch, mut last, mut bytes) = (Changes::default(), Changes::default(), 0);
        for (key, value) in held.into_entries() {
            if keys::goes_with_head(&key) {
                last.insert(key, value);
                continue;
            }
            bytes += key.len() + value.as_ref().map_or(0, Vec::len);
            batch.insert(key, value);
            if bytes >= LIMIT {
                bytes = 0;
                self.below.apply(std::mem::take(&mut batch))?;
            }
        }
        batch.absorb(last);
        self.below.apply(batch)
    }

    /// Writes what is held; changes go through at once again.
    ///
    /// # Errors
    /// When the store cannot be written; what was held is lost to it.
    pub fn release(&mut self) -> Result<(), StoreError> {
        let written = self.write();
        self.holding = Holding::Nothing;
        self.pages = RefCell::default();
        written
    }
}

impl Trees for Buffered {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let mut found = None;
        self.look(key, &mut |value| found = value.map(<[u8]>::to_vec))?;
        Ok(found)
    }

    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        if let Some(changed) = self.held.get(key) {
            see(changed);
            return Ok(());
        }
        if self.holding != Holding::Many || !keys::is_page(key) {
            return self.below.look(key, see);
        }
        let mut pages = self.pages.borrow_mut();
        if let Some(page) = pages.get(key) {
            see(Some(page));
            return Ok(());
        }
        self.below.look(key, &mut |page| {
            if let Some(page) = page {
                pages.insert(key.to_vec(), page.to_vec());
            }
            see(page);
        })
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        scan_changed(&self.below, &self.held, prefix, from, visit)
    }
}

impl ApplyChanges for Buffered {
    fn apply(&mut self, changes: Changes) -> Result<(), StoreError> {
        let limit = match self.holding {
            Holding::Nothing => return self.below.apply(changes),
            Holding::Batch => LIMIT,
            Holding::Many => MANY_LIMIT,
        };
        self.bytes += self.held.absorb(changes);
        if self.bytes < limit { Ok(()) } else { self.write() }
    }
}
