//! Trees with a buffer before them: long work folds many commits and writes pages once.
//!
//! What is buffered is read back at once. A process that dies with a full buffer loses nothing:
//! the store is behind the ledger then, and catches up when it is opened.

use std::cell::RefCell;
use std::collections::HashMap;

use super::overlay::{Changes, scan_changed};
use super::paged::{Store, StoreReader};
use super::trees::{ApplyChanges, See, Trees, Visit};
use super::{StoreError, keys, packed};

/// Bytes held before they are written all the same: sled takes many times its size for a batch.
const LIMIT: usize = 1024 * 1024;
/// Bytes held by work that changes much all over the store: matching a million records changes
/// most pages of customers a hundred times, and holds some 40 MB when each is written once.
const MANY_LIMIT: usize = 64 * 1024 * 1024;

/// A store that may hold changes back.
pub struct Buffered {
    below: Store,
    /// Pages, as they will stand below.
    held: Changes,
    bytes: usize,
    holding: Holding,
    /// Nothing is written, whatever is held or released: it is in doubt what there will be to write.
    is_grouped: bool,
    /// Nothing is written either: another thread reads the store, and what it reads must be of one commit.
    is_read: bool,
    /// What was held when the group began, where it could not be written.
    before_group: Option<(Changes, usize)>,
    /// Pages of the store as they were read, while many changes are held.
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
    pub fn new(below: Store) -> Self {
        Self {
            below,
            held: Changes::default(),
            bytes: 0,
            holding: Holding::Nothing,
            is_grouped: false,
            is_read: false,
            before_group: None,
            pages: RefCell::default(),
        }
    }

    /// The store itself, without what is held.
    #[must_use]
    pub fn below(&self) -> &Store {
        &self.below
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

    /// Writes what is held; from now on the store below stands still for whoever reads it from another
    /// thread, and changes are kept without a limit.
    ///
    /// # Errors
    /// As [`Buffered::release`]; the store does not stand still then.
    pub fn stand_still(&mut self) -> Result<(), StoreError> {
        if self.bytes > 0 {
            self.write()?;
        }
        self.is_read = true;
        Ok(())
    }

    /// Nobody needs it to stand still any more: the next release writes what was kept.
    pub fn move_on(&mut self) {
        self.is_read = false;
    }

    /// Whether what is held may be written.
    fn may_write(&self) -> bool {
        !self.is_grouped && !self.is_read
    }

    /// Writes what is held; from now on changes are kept without a limit, until the group is released or
    /// dropped.
    ///
    /// # Errors
    /// As [`Buffered::release`]; changes are then kept as before.
    pub fn hold_group(&mut self) -> Result<(), StoreError> {
        if self.bytes > 0 && self.may_write() {
            self.write()?;
        }
        self.before_group = (self.bytes > 0).then(|| (self.held.clone(), self.bytes));
        self.is_grouped = true;
        Ok(())
    }

    /// Writes what was kept since [`Buffered::hold_group`]; where changes are held besides, it is among
    /// those.
    ///
    /// # Errors
    /// As [`Buffered::release`].
    pub fn release_group(&mut self) -> Result<(), StoreError> {
        self.is_grouped = false;
        self.before_group = None;
        self.write_beyond_limit()
    }

    /// Forgets what was kept since [`Buffered::hold_group`].
    pub fn drop_group(&mut self) {
        self.is_grouped = false;
        (self.held, self.bytes) = self.before_group.take().unwrap_or_default();
        self.pages = RefCell::default();
    }

    fn write_beyond_limit(&mut self) -> Result<(), StoreError> {
        let is_due = self.bytes > 0 && self.bytes >= self.limit();
        if is_due && self.may_write() { self.write() } else { Ok(()) }
    }

    fn limit(&self) -> usize {
        match self.holding {
            Holding::Nothing => 0,
            Holding::Batch => LIMIT,
            Holding::Many => MANY_LIMIT,
        }
    }

    /// Reads the store from another thread; what is held back is not in it.
    #[must_use]
    pub fn reader(&self) -> StoreReader {
        self.below.reader()
    }

    fn write(&mut self) -> Result<(), StoreError> {
        self.bytes = 0;
        let held = std::mem::take(&mut self.held);
        if self.holding != Holding::Many {
            return self.below.apply_pages(held);
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
                self.below.apply_pages(std::mem::take(&mut batch))?;
            }
        }
        batch.absorb(last);
        self.below.apply_pages(batch)
    }

    /// Writes what is held and gives the store back.
    ///
    /// # Errors
    /// As [`Buffered::release`].
    pub fn into_released(mut self) -> Result<Store, StoreError> {
        self.release()?;
        Ok(self.below)
    }

    /// Writes what is held; changes go through at once again.
    ///
    /// # Errors
    /// When the store cannot be written; what was held is lost to it.
    pub fn release(&mut self) -> Result<(), StoreError> {
        let written = if self.may_write() { self.write() } else { Ok(()) };
        self.holding = Holding::Nothing;
        self.pages = RefCell::default();
        written
    }
}

impl Trees for Buffered {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        packed::look(&Pages(self), key, see)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        packed::scan(&Pages(self), prefix, from, visit)
    }
}

/// The pages as they will be once what is held is written.
struct Pages<'b>(&'b Buffered);

impl Trees for Pages<'_> {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        let Buffered { below, held, holding, pages, .. } = self.0;
        if let Some(changed) = held.get(key) {
            see(changed);
            return Ok(());
        }
        if *holding != Holding::Many || !keys::is_page(key) {
            return below.pages().look(key, see);
        }
        let mut pages = pages.borrow_mut();
        if let Some(page) = pages.get(key) {
            see(Some(page));
            return Ok(());
        }
        below.pages().look(key, &mut |page| {
            if let Some(page) = page {
                pages.insert(key.to_vec(), page.to_vec());
            }
            see(page);
        })
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        scan_changed(self.0.below.pages(), &self.0.held, prefix, from, visit)
    }
}

impl ApplyChanges for Buffered {
    fn apply(&mut self, changes: Changes) -> Result<(), StoreError> {
        if self.holding == Holding::Nothing && self.may_write() {
            return self.below.apply(changes);
        }
        self.bytes += packed::pack(self.below.pages(), changes, &mut self.held)?;
        self.write_beyond_limit()
    }
}

#[cfg(test)]
mod tests {
    use super::super::database::Databases;
    use super::super::difference::difference;
    use super::super::memory::MemoryTrees;
    use super::*;
    use domain::{CustomerId, DecisionId};

    #[test]
    fn entries_read_the_same_while_they_are_held_and_once_they_are_written() {
        let holds: [fn(&mut Buffered); 3] = [|_| {}, Buffered::hold, Buffered::hold_many];
        for hold in holds {
            let folder = tempfile::tempdir().unwrap();
            let mut trees = Buffered::new(Databases::OnDisk.open(folder.path()).unwrap());
            let mut single = MemoryTrees::default();
            hold(&mut trees);
            for round in 0..3u32 {
                let mut changes = Changes::default();
                for number in (0..300u32).filter(|number| number % (round + 1) == 0) {
                    let stays = round < 2 || number % 2 == 0;
                    let value = stays.then(|| vec![round as u8; number as usize % 50]);
                    changes.insert(keys::customer(CustomerId(number)), value.clone());
                    let pair = keys::paired(keys::TASK_OF_CUSTOMER, number / 7, number);
                    changes.insert(pair, value.clone());
                    changes.insert(keys::decision(DecisionId(number)), value);
                }
                single.apply(changes.clone()).unwrap();
                trees.apply(changes).unwrap();
                assert_eq!(difference(&trees, &single).unwrap().differing, 0);
            }
            let mut below = trees.into_released().unwrap();
            let found = difference(&below, &single).unwrap();
            assert_eq!((found.compared, found.differing), (750, 0));
            below.check().unwrap();
        }
    }

    #[test]
    fn a_store_that_stands_still_is_as_it_was_for_whoever_reads_it() {
        let mut trees = Buffered::new(Databases::InMemory.open(std::path::Path::new("/")).unwrap());
        let set = |trees: &mut Buffered, number: u32, value: u8| {
            let mut changes = Changes::default();
            changes.insert(keys::decision(DecisionId(number)), Some(vec![value]));
            trees.apply(changes).unwrap();
        };
        let values = |trees: &dyn Trees| -> Vec<Option<u8>> {
            let value = |number| {
                let mut found = None;
                let key = keys::decision(DecisionId(number));
                trees.look(&key, &mut |value| found = value.map(|it| it[0])).unwrap();
                found
            };
            (1..5).map(value).collect()
        };
        let told = |trees: &Buffered| (values(&trees.reader()), values(trees));
        let still = vec![Some(1), None, None, None];
        set(&mut trees, 1, 1);
        trees.stand_still().unwrap();
        set(&mut trees, 2, 2);
        // Work that holds changes back ends meanwhile, and a group is dropped.
        trees.hold();
        set(&mut trees, 3, 3);
        trees.release().unwrap();
        trees.hold_group().unwrap();
        set(&mut trees, 2, 9);
        set(&mut trees, 4, 9);
        trees.drop_group();
        let kept = vec![Some(1), Some(2), Some(3), None];
        assert_eq!(told(&trees), (still.clone(), kept));
        trees.hold_group().unwrap();
        set(&mut trees, 4, 4);
        trees.release_group().unwrap();
        let kept = vec![Some(1), Some(2), Some(3), Some(4)];
        assert_eq!(told(&trees), (still, kept.clone()));
        trees.move_on();
        trees.release().unwrap();
        assert_eq!(told(&trees), (kept.clone(), kept));
    }
}
