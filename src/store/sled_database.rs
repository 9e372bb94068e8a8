//! A database on sled. Every call is guarded: sled panics on damaged pages.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::database::{Database, Opened};
use super::overlay::Changes;
use super::shape::check_shape;
use super::trees::{See, Trees, Visit};
use super::{StoreError, View, seal};

/// sled's cache, in bytes.
const CACHE: u64 = 64 * 1024 * 1024;
/// How long a database that was just closed may take to let go of its lock.
const UNLOCKED_WITHIN: Duration = Duration::from_secs(10);

/// A sled database; everything lies in its default tree, so that one batch is atomic. Closed well,
/// its folder is sealed.
pub(super) struct SledDatabase {
    folder: PathBuf,
    /// None only while it is being closed.
    tree: Option<sled::Db>,
    /// No call has failed: what is closed can be sealed.
    sound: AtomicBool,
}

impl SledDatabase {
    /// Opens or makes the database in `folder`.
    ///
    /// # Errors
    /// Damage, or a disk that cannot be used.
    pub(super) fn open(folder: &Path) -> Result<Opened, StoreError> {
        check_shape(folder)?;
        remove_half_written_snapshots(folder);
        let was_sealed = seal::is_whole(folder);
        seal::remove(folder).map_err(|error| StoreError::Failed { reason: error.to_string() })?;
        let tree =
            guarded("its files have changed since they were written", || open_unlocked(folder))?;
        let (folder, sound) = (folder.to_owned(), AtomicBool::new(true));
        Ok(Opened { database: Arc::new(Self { folder, tree: Some(tree), sound }), was_sealed })
    }

    /// A guarded call. After one that failed the store is looked through when it is next opened.
    fn call<T>(
        &self,
        what: &str,
        call: impl FnOnce(&sled::Tree) -> sled::Result<T>,
    ) -> Result<T, StoreError> {
        let tree = self.tree.as_ref().ok_or_else(|| StoreError::damaged("a closed database"))?;
        let outcome = guarded(what, || call(tree));
        if outcome.is_err() {
            self.distrust();
        }
        outcome
    }
}

impl Trees for SledDatabase {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        let value = self.call("a page", |tree| tree.get(key))?;
        see(value.as_deref());
        Ok(())
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let start = prefix.max(from).to_vec();
        let mut entries = self.call("a range", |tree| Ok(tree.range(start..)))?;
        while let Some((key, value)) = self.call("a range", |_| entries.next().transpose())? {
            if !key.starts_with(prefix) || !visit(&key, &value)? {
                break;
            }
        }
        Ok(())
    }
}

impl Database for SledDatabase {
    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, value) in changes.into_entries() {
            match value {
                Some(value) => batch.insert(&*key, value),
                None => batch.remove(&*key),
            }
        }
        self.call("a batch", |tree| tree.apply_batch(batch))
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.call("flushing", sled::Tree::flush).map(|_| ())
    }

    fn distrust(&self) {
        self.sound.store(false, Ordering::Relaxed);
    }
}

impl Drop for SledDatabase {
    fn drop(&mut self) {
        let head = View::over(&*self).head().ok().flatten();
        let tree = self.tree.take();
        let closed = guarded("closing", || {
            drop(tree);
            Ok(())
        });
        if closed.is_ok() && self.sound.load(Ordering::Relaxed) {
            seal::set(&self.folder, head);
        }
    }
}

/// Milliseconds between two flushes. Sled synchronises its file each time, also where nothing was written, which
/// keeps the disk of an idle computer awake; whatever a killed process has not flushed is read from the ledger
/// again.
const FLUSHED_EVERY: u64 = 60_000;

/// Opens the database, waiting while it is locked: sled's own threads may hold a database that was
/// closed a moment ago, and other processes are kept out by the ledger's lock.
fn open_unlocked(folder: &Path) -> sled::Result<sled::Db> {
    let began = Instant::now();
    loop {
        let opened = sled::Config::new()
            .path(folder)
            .cache_capacity(CACHE)
            .mode(sled::Mode::HighThroughput)
            .flush_every_ms(Some(FLUSHED_EVERY))
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
            Err(StoreError::Failed { reason: in_words(&error) })
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

/// What the system said, in its own words also where sled has only passed on their debug form:
/// `Os { code: 28, kind: StorageFull, message: "No space left on device" }`.
fn in_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    let inner = text.split_once("Os { code: ").and_then(|(before, rest)| {
        let (code, rest) = rest.split_once(',')?;
        let (_, after) = rest.split_once('}')?;
        let told = std::io::Error::from_raw_os_error(code.parse().ok()?);
        Some(format!("{before}{told}{after}"))
    });
    inner.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_refused_is_said_in_its_words() {
        let full = std::io::Error::from_raw_os_error(28);
        for text in [format!("{full:?}"), format!("Io({full:?})"), format!("a, {{b}}: {full:?}")] {
            let told = in_words(&std::io::Error::other(text));
            assert!(told.contains("No space left on device (os error 28)"), "{told}");
            assert!(!told.contains("kind:"), "{told}");
        }
        assert_eq!(in_words(&full), full.to_string());
        for odd in ["Os { code: many, kind: Other }", "Os { code: 28", "Os { code: 28, kind", ""] {
            assert_eq!(in_words(&std::io::Error::other(odd)), odd);
        }
    }
}
