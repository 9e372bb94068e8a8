//! The port to what holds a store's pages, and where such databases come from.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::StoreError;
use super::failing::{FailingDatabase, Faults};
use super::memory::MemoryTrees;
use super::overlay::Changes;
use super::paged::Store;
use super::sled_database::SledDatabase;
use super::trees::{ApplyChanges, See, Trees, Visit};

/// Sorted keys and values that any thread may read while they change: each value is whole, but two
/// may be from before and after a change. Whoever lets go of it last closes it.
pub(super) trait Database: Trees + Send + Sync {
    /// Writes all changes, or none.
    ///
    /// # Errors
    /// When the database is damaged or cannot be written.
    fn write(&self, changes: Changes) -> Result<(), StoreError>;

    /// Brings what is written to the disk.
    ///
    /// # Errors
    /// When the disk cannot be written.
    fn flush(&self) -> Result<(), StoreError>;

    /// What it holds was found wrong: it must be looked through when it is opened again.
    fn distrust(&self);
}

/// A database that was opened.
pub(super) struct Opened {
    pub(super) database: Arc<dyn Database>,
    /// It is as it was closed, and was closed well.
    pub(super) was_sealed: bool,
}

/// Where stores have their databases.
#[derive(Debug, Clone, Default)]
pub enum Databases {
    /// In folders on the disk.
    #[default]
    OnDisk,
    /// In memory: closed, they are gone.
    InMemory,
    /// As others, but calls fail on request.
    Failing(Box<Databases>, Faults),
}

impl Databases {
    /// Opens or makes the store in `folder`.
    ///
    /// # Errors
    /// Damage, another schema (both: rebuild), or a disk that cannot be used.
    pub fn open(&self, folder: &Path) -> Result<Store, StoreError> {
        Store::over(self.database(folder)?)
    }

    /// Whether a store that was closed is there when it is opened again.
    #[must_use]
    pub fn are_kept(&self) -> bool {
        match self {
            Databases::OnDisk => true,
            Databases::InMemory => false,
            Databases::Failing(others, _) => others.are_kept(),
        }
    }

    fn database(&self, folder: &Path) -> Result<Opened, StoreError> {
        match self {
            Databases::OnDisk => SledDatabase::open(folder),
            Databases::InMemory => {
                Ok(Opened { database: Arc::new(MemoryDatabase::default()), was_sealed: true })
            }
            Databases::Failing(others, faults) => {
                let Opened { database, was_sealed } = others.database(folder)?;
                let database = Arc::new(FailingDatabase::over(database, faults));
                Ok(Opened { database, was_sealed })
            }
        }
    }
}

/// A database in memory. Who reads it sees it as it was when the call began.
#[derive(Default)]
struct MemoryDatabase(Mutex<Arc<MemoryTrees>>);

impl MemoryDatabase {
    fn now(&self) -> Arc<MemoryTrees> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Trees for MemoryDatabase {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        self.now().look(key, see)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.now().scan(prefix, from, visit)
    }
}

impl Database for MemoryDatabase {
    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        let mut trees = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Copied only where somebody is just reading it.
        Arc::make_mut(&mut trees).apply(changes)
    }

    fn flush(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn distrust(&self) {}
}
