//! Trees on sled. Every call is guarded: sled panics on damaged pages.
//!
//! Small entries lie packed in pages (`packed`); what stands in sled are pages.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::digest::Digest;
use super::overlay::Changes;
use super::shape::check_shape;
use super::trees::{ApplyChanges, See, Trees, Visit};
use super::{SCHEMA, StoreError, View, packed, seal};

/// sled's cache, in bytes.
const CACHE: u64 = 64 * 1024 * 1024;
/// How long a database that was just closed may take to let go of its lock.
const UNLOCKED_WITHIN: Duration = Duration::from_secs(10);
const SCHEMA_KEY: &[u8] = b"\0schema";
const DIGEST_KEY: &[u8] = b"\0digest";
const MARKS_KEY: &[u8] = b"\0marks";

/// A sled database; everything lies in its default tree, so that one batch is atomic.
///
/// Closed well, its folder is sealed; one that is not must be looked through with
/// [`SledTrees::check`] before it is believed.
pub struct SledTrees {
    folder: PathBuf,
    /// None only while it is being closed.
    reader: Option<SledReader>,
    digest: Digest,
    was_sealed: bool,
    /// No call has failed: what is closed can be sealed.
    sound: Arc<AtomicBool>,
}

/// Reads a database from any thread while it changes: each value is whole, but two values may be
/// from before and after a change. Must be dropped before the database is closed.
#[derive(Clone)]
pub struct SledReader {
    database: sled::Db,
    /// Shared with the database: no call has failed.
    sound: Arc<AtomicBool>,
}

impl SledReader {
    /// A guarded call. After one that failed the store is looked through when it is next opened.
    fn call<T>(
        &self,
        what: &str,
        call: impl FnOnce(&sled::Tree) -> sled::Result<T>,
    ) -> Result<T, StoreError> {
        let outcome = guarded(what, || call(&self.database));
        if outcome.is_err() {
            self.sound.store(false, Ordering::Relaxed);
        }
        outcome
    }
}

impl Trees for SledReader {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        packed::look(&Pages(Some(self)), key, see)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        packed::scan(&Pages(Some(self)), prefix, from, visit)
    }
}

/// What stands in sled, as it stands there; nothing once the database is being closed.
pub(super) struct Pages<'t>(Option<&'t SledReader>);

impl Pages<'_> {
    fn reader(&self) -> Result<&SledReader, StoreError> {
        self.0.ok_or_else(|| StoreError::damaged("a closed database"))
    }
}

impl Trees for Pages<'_> {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        let value = self.reader()?.call("a page", |database| database.get(key))?;
        see(value.as_deref());
        Ok(())
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let reader = self.reader()?;
        let start = prefix.max(from).to_vec();
        let mut entries = reader.call("a range", |database| Ok(database.range(start..)))?;
        while let Some((key, value)) = reader.call("a range", |_| entries.next().transpose())? {
            if !key.starts_with(prefix) || !visit(&key, &value)? {
                break;
            }
        }
        Ok(())
    }
}

impl SledTrees {
    /// Opens or makes the database in `folder`.
    ///
    /// # Errors
    /// Damage, another schema (both: rebuild), or a disk that cannot be used.
    pub fn open(folder: &Path) -> Result<SledTrees, StoreError> {
        check_shape(folder)?;
        remove_half_written_snapshots(folder);
        let was_sealed = seal::is_whole(folder);
        seal::remove(folder).map_err(|error| StoreError::Failed { reason: error.to_string() })?;
        let database = guarded("its files are not as they were written", || open_unlocked(folder))?;
        let sound = Arc::new(AtomicBool::new(true));
        let mut trees = SledTrees {
            folder: folder.to_owned(),
            reader: Some(SledReader { database, sound: Arc::clone(&sound) }),
            digest: Digest::default(),
            was_sealed,
            sound,
        };
        let (schema, digest) = (trees.get(SCHEMA_KEY)?, trees.get(DIGEST_KEY)?);
        match (schema, digest.as_deref().map(Digest::decode)) {
            (Some(number), Some(Some(digest))) if number == SCHEMA.to_be_bytes() => {
                trees.digest = digest;
            }
            (None, None) if trees.call("a range", |database| Ok(database.is_empty()))? => {
                trees.was_sealed = true;
                trees.call("the schema", |database| {
                    let mut batch = sled::Batch::default();
                    batch.insert(SCHEMA_KEY, &SCHEMA.to_be_bytes());
                    batch.insert(DIGEST_KEY, &Digest::default().encode());
                    database.apply_batch(batch)
                })?;
            }
            (Some(number), _) if number == SCHEMA.to_be_bytes() => {
                trees.be_unsound();
                return Err(StoreError::damaged("its digest"));
            }
            _ => {
                trees.be_unsound();
                return Err(StoreError::damaged("it was laid out by another version"));
            }
        }
        Ok(trees)
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
        if Digest::of(&self.pages())? == self.digest {
            self.was_sealed = true;
            return Ok(());
        }
        self.be_unsound();
        Err(StoreError::damaged("entries are missing or older than the rest"))
    }

    /// What was kept beside the content about the bodies of the ledger that were checked.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn marks(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(MARKS_KEY)
    }

    /// Keeps such marks; they are no part of the content.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_marks(&self, marks: &[u8]) -> Result<(), StoreError> {
        self.call("the marks", |database| database.insert(MARKS_KEY, marks)).map(|_| ())
    }

    /// Writes what is cached to the disk.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.call("flushing", sled::Tree::flush).map(|_| ())
    }

    /// Reads it from another thread.
    ///
    /// # Errors
    /// When it is being closed.
    pub fn reader(&self) -> Result<SledReader, StoreError> {
        self.reading().cloned()
    }

    fn reading(&self) -> Result<&SledReader, StoreError> {
        self.reader.as_ref().ok_or_else(|| StoreError::damaged("a closed database"))
    }

    fn be_unsound(&self) {
        self.sound.store(false, Ordering::Relaxed);
    }

    fn call<T>(
        &self,
        what: &str,
        call: impl FnOnce(&sled::Tree) -> sled::Result<T>,
    ) -> Result<T, StoreError> {
        self.reading()?.call(what, call)
    }
}

impl Drop for SledTrees {
    fn drop(&mut self) {
        let head = View::over(&*self).head().ok().flatten();
        let reader = self.reader.take();
        let closed = guarded("closing", || {
            drop(reader);
            Ok(())
        });
        if closed.is_ok() && self.sound.load(Ordering::Relaxed) {
            seal::set(&self.folder, head);
        }
    }
}

impl Trees for SledTrees {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        self.reading()?.look(key, see)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.reading()?.scan(prefix, from, visit)
    }
}

impl ApplyChanges for SledTrees {
    fn apply(&mut self, changes: Changes) -> Result<(), StoreError> {
        let mut pages = Changes::default();
        packed::pack(&self.pages(), changes, &mut pages)?;
        self.apply_pages(pages)
    }
}

impl SledTrees {
    /// The pages that entries are packed in, and what has a key of its own.
    pub(super) fn pages(&self) -> Pages<'_> {
        Pages(self.reader.as_ref())
    }

    /// As [`ApplyChanges::apply`], for pages.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub(super) fn apply_pages(&mut self, changes: Changes) -> Result<(), StoreError> {
        let digest = self.digest.after(&self.pages(), &changes)?;
        let mut batch = sled::Batch::default();
        for (key, value) in changes.into_entries() {
            match value {
                Some(value) => batch.insert(&*key, value),
                None => batch.remove(&*key),
            }
        }
        batch.insert(DIGEST_KEY, &digest.encode());
        self.call("a batch", |database| database.apply_batch(batch))?;
        self.digest = digest;
        Ok(())
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
    static GUARDING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a guarded call, or one of the library's own: a panic there is
/// answered, not reported.
#[must_use]
pub fn guarding() -> bool {
    let is_its_own = |name: &str| name == "log flusher" || name.starts_with("sled-");
    GUARDING.get() || std::thread::current().name().is_some_and(is_its_own)
}

fn guarded<T>(what: &str, call: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreError> {
    let before = GUARDING.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(call));
    GUARDING.set(before);
    match outcome {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(error))) if is_refusal(&error) => {
            Err(StoreError::Failed { reason: error.to_string() })
        }
        Ok(Err(_)) | Err(_) => Err(StoreError::damaged(what)),
    }
}

/// Whether the system refused; sled also calls what makes no sense to it an error of input and
/// output. A refusal that it passed on is known by its words only.
fn is_refusal(error: &std::io::Error) -> bool {
    let invalid = rustix::io::Errno::INVAL.raw_os_error();
    let refused = error.raw_os_error().is_some_and(|code| code != invalid);
    refused || is_lock(error) || error.to_string().contains("Os {")
}
