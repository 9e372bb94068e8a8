//! Trees on sled. Every call is guarded: sled panics on damaged pages.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use super::overlay::Changes;
use super::trees::{ApplyChanges, See, Trees, Visit};
use super::{SCHEMA, StoreError};

/// sled's cache, in bytes.
const CACHE: u64 = 64 * 1024 * 1024;
/// How long a database that was just closed may take to let go of its lock.
const UNLOCKED_WITHIN: Duration = Duration::from_secs(10);
const SCHEMA_KEY: &[u8] = b"\0schema";

/// A sled database; everything lies in its default tree, so that one batch is atomic.
pub struct SledTrees {
    database: sled::Db,
}

impl SledTrees {
    /// Opens or makes the database in `folder`.
    ///
    /// # Errors
    /// Damage, another schema (both: rebuild), or a disk that cannot be used.
    pub fn open(folder: &Path) -> Result<SledTrees, StoreError> {
        remove_half_written_snapshots(folder);
        let database = guarded("the store's files", || open_unlocked(folder))?;
        let trees = SledTrees { database };
        match trees.get(SCHEMA_KEY)? {
            Some(number) if number == SCHEMA.to_be_bytes() => Ok(trees),
            None if trees.database.is_empty() => {
                guarded("the schema", || trees.database.insert(SCHEMA_KEY, &SCHEMA.to_be_bytes()))?;
                Ok(trees)
            }
            _ => Err(StoreError::damaged("it was laid out by another version")),
        }
    }

    /// Writes what is cached to the disk.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub fn flush(&self) -> Result<(), StoreError> {
        guarded("flushing", || self.database.flush()).map(|_| ())
    }
}

impl Trees for SledTrees {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        guarded("a page", || self.database.get(key)).map(|found| found.map(|value| value.to_vec()))
    }

    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        let value = guarded("a page", || self.database.get(key))?;
        see(value.as_deref());
        Ok(())
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let start = prefix.max(from).to_vec();
        let mut entries = guarded("a range", || Ok(self.database.range(start..)))?;
        while let Some((key, value)) = guarded("a range", || entries.next().transpose())? {
            if !key.starts_with(prefix) || !visit(&key, &value)? {
                break;
            }
        }
        Ok(())
    }
}

impl ApplyChanges for SledTrees {
    fn apply(&mut self, changes: Changes) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, value) in changes.into_entries() {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        guarded("a batch", || self.database.apply_batch(batch))
    }
}

/// Opens the database, waiting while it is locked: sled's own threads may hold a database that was
/// closed a moment ago, and other processes are kept out by the ledger's lock.
fn open_unlocked(folder: &Path) -> sled::Result<sled::Db> {
    let began = Instant::now();
    loop {
        let opened = sled::Config::new()
            .path(folder)
            .cache_capacity(CACHE)
            .mode(sled::Mode::HighThroughput)
            .flush_every_ms(Some(1_000))
            .open();
        match opened {
            Err(sled::Error::Io(error)) if is_lock(&error) && began.elapsed() < UNLOCKED_WITHIN => {
                std::thread::sleep(Duration::from_millis(5));
            }
            opened => return opened,
        }
    }
}

/// sled tells of a lock in words only.
fn is_lock(error: &std::io::Error) -> bool {
    error.to_string().contains("could not acquire lock")
}

/// A full disk leaves these behind, and sled never opens again until they are gone.
fn remove_half_written_snapshots(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

thread_local! {
    static GUARDING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether this thread is inside a guarded call: a panic there is answered, not reported.
#[must_use]
pub fn guarding() -> bool {
    GUARDING.get()
}

fn guarded<T>(what: &str, call: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreError> {
    let before = GUARDING.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(call));
    GUARDING.set(before);
    match outcome {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Corruption { .. })) | Err(_) => Err(StoreError::damaged(what)),
        Ok(Err(error)) => Err(StoreError::Failed { reason: error.to_string() }),
    }
}
