//! A store: entries packed in the pages of a database, and what it says of itself.

use std::sync::Arc;

use super::database::{Database, Opened};
use super::digest::Digest;
use super::keys::Key;
use super::overlay::Changes;
use super::trees::{ApplyChanges, See, Trees, Visit};
use super::{SCHEMA, StoreError, packed};

const SCHEMA_KEY: &[u8] = b"\0schema";
const DIGEST_KEY: &[u8] = b"\0digest";
const MARKS_KEY: &[u8] = b"\0marks";
const UNJUDGED_KEY: &[u8] = b"\0unjudged";

/// A store in its database.
///
/// Closed well, its folder is sealed; one that is not must be looked through with
/// [`Store::check`] before it is believed.
pub struct Store {
    database: Arc<dyn Database>,
    digest: Digest,
    was_sealed: bool,
}

/// Reads a store from any thread while it changes. While there is one, the database stays open.
#[derive(Clone)]
pub struct StoreReader(Arc<dyn Database>);

impl Trees for StoreReader {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        packed::look(&*self.0, key, see)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        packed::scan(&*self.0, prefix, from, visit)
    }
}

impl Store {
    /// The store in a database; an empty one becomes a store.
    ///
    /// # Errors
    /// Damage, another schema (both: rebuild), or a database that cannot be used.
    pub(super) fn over(opened: Opened) -> Result<Store, StoreError> {
        let Opened { database, was_sealed } = opened;
        let mut store = Store { database, digest: Digest::default(), was_sealed };
        let schema = store.database.get(SCHEMA_KEY)?;
        let digest = store.database.get(DIGEST_KEY)?;
        match (schema, digest.as_deref().map(Digest::decode)) {
            (Some(number), Some(Some(digest))) if number == SCHEMA.to_be_bytes() => {
                store.digest = digest;
            }
            (None, None) if store.is_empty()? => {
                store.was_sealed = true;
                let mut own = Changes::default();
                own.insert(SCHEMA_KEY.into(), Some(SCHEMA.to_be_bytes().to_vec()));
                own.insert(DIGEST_KEY.into(), Some(Digest::default().encode().to_vec()));
                store.database.write(own)?;
            }
            (Some(number), _) if number == SCHEMA.to_be_bytes() => {
                store.database.distrust();
                return Err(StoreError::damaged("its digest"));
            }
            _ => {
                store.database.distrust();
                return Err(StoreError::damaged("it was laid out by another version"));
            }
        }
        Ok(store)
    }

    fn is_empty(&self) -> Result<bool, StoreError> {
        let mut is_empty = true;
        self.database.scan(&[], &[], &mut |_, _| {
            is_empty = false;
            Ok(false)
        })?;
        Ok(is_empty)
    }

    /// Whether the folder was as it was closed, and closed well; otherwise it must be checked.
    #[must_use]
    pub fn was_sealed(&self) -> bool {
        self.was_sealed
    }

    /// Reads everything and compares it with the digest kept beside it. Once it was found sound it
    /// counts as sealed.
    ///
    /// # Errors
    /// `Damaged` where anything is missing or is not what was written last.
    pub fn check(&mut self) -> Result<(), StoreError> {
        if Digest::of(&*self.database)? == self.digest {
            self.was_sealed = true;
            return Ok(());
        }
        self.database.distrust();
        Err(StoreError::damaged("entries are missing or older than the rest"))
    }

    /// What was kept beside the content about the bodies of the ledger that were checked.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn marks(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.database.get(MARKS_KEY)
    }

    /// Keeps such marks; they are no part of the content.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_marks(&self, marks: &[u8]) -> Result<(), StoreError> {
        let mut own = Changes::default();
        own.insert(MARKS_KEY.into(), Some(marks.to_vec()));
        self.database.write(own)
    }

    /// Whether its tasks are still to be judged by the settings that it knows.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_unjudged(&self) -> Result<bool, StoreError> {
        Ok(self.database.get(UNJUDGED_KEY)?.is_some())
    }

    /// Notes whether they are; that is no part of the content.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_unjudged(&self, unjudged: bool) -> Result<(), StoreError> {
        let mut own = Changes::default();
        own.insert(UNJUDGED_KEY.into(), unjudged.then(Vec::new));
        self.database.write(own)
    }

    /// Writes what is cached to the disk.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.database.flush()
    }

    /// Reads it from another thread.
    #[must_use]
    pub fn reader(&self) -> StoreReader {
        StoreReader(Arc::clone(&self.database))
    }

    /// The pages that entries are packed in, and what has a key of its own.
    pub(super) fn pages(&self) -> &dyn Trees {
        &*self.database
    }

    /// As [`ApplyChanges::apply`], for pages.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub(super) fn apply_pages(&mut self, mut changes: Changes) -> Result<(), StoreError> {
        let digest = self.digest.after(&*self.database, &changes)?;
        changes.insert(Key::from_slice(DIGEST_KEY), Some(digest.encode().to_vec()));
        self.database.write(changes)?;
        self.digest = digest;
        Ok(())
    }
}

impl Trees for Store {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        packed::look(&*self.database, key, see)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        packed::scan(&*self.database, prefix, from, visit)
    }
}

impl ApplyChanges for Store {
    fn apply(&mut self, changes: Changes) -> Result<(), StoreError> {
        let mut pages = Changes::default();
        packed::pack(&*self.database, changes, &mut pages)?;
        self.apply_pages(pages)
    }
}
