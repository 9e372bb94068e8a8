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

#[cfg(test)]
mod tests {
    use super::super::failing::DatabaseCall;
    use super::super::keys::Key;
    use super::*;

    fn sets(keys: &[u8]) -> Changes {
        let mut changes = Changes::default();
        keys.iter().for_each(|key| changes.insert(Key::from_slice(&[*key]), Some(vec![*key])));
        changes
    }

    fn open(databases: &Databases) -> Arc<dyn Database> {
        databases.database(Path::new("nowhere")).unwrap().database
    }

    fn found(database: &dyn Database) -> Result<Vec<u8>, StoreError> {
        let mut found = Vec::new();
        database.scan(&[], &[], &mut |key, _| {
            found.extend_from_slice(key);
            Ok(true)
        })?;
        Ok(found)
    }

    #[test]
    fn who_reads_memory_neither_waits_for_a_change_nor_sees_half_of_it() {
        let database = open(&Databases::InMemory);
        database.write(sets(b"ac")).unwrap();
        let mut seen: Vec<u8> = Vec::new();
        database
            .scan(&[], &[], &mut |key, _| {
                seen.extend_from_slice(key);
                database.write(sets(b"bd")).map(|()| true)
            })
            .unwrap();
        assert_eq!(seen, b"ac");
        assert_eq!(found(&*database).unwrap(), b"abcd");
        assert_eq!(found(&*open(&Databases::InMemory)).unwrap(), b"");
    }

    #[test]
    fn a_call_fails_when_it_was_asked_to_and_then_does_nothing() {
        let faults = Faults::default();
        let database = open(&Databases::Failing(Box::new(Databases::InMemory), faults.clone()));
        faults.fail(DatabaseCall::Write, 1..2);
        database.write(sets(b"a")).unwrap();
        database.write(sets(b"b")).unwrap_err();
        database.write(sets(b"c")).unwrap();
        assert_eq!(found(&*database).unwrap(), b"ac");
        // The range, its first entry, its second.
        for number in 0..3 {
            faults.fail(DatabaseCall::Read, number..number + 1);
            found(&*database).unwrap_err();
            assert_eq!(faults.made(DatabaseCall::Read), number + 1);
        }
        faults.fail(DatabaseCall::Flush, 0..u64::MAX);
        assert_eq!(found(&*database).unwrap(), b"ac");
        database.flush().unwrap_err();
        faults.mend();
        database.flush().unwrap();
        faults.interrupt(DatabaseCall::Write, 1..2, || panic!("a fault in the code"));
        database.write(sets(b"d")).unwrap();
        let write = || database.write(sets(b"e"));
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(write)).unwrap_err();
        assert_eq!(found(&*database).unwrap(), b"acd");
    }
}
