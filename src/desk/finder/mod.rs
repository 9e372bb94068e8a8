//! The finder: fuzzy search over every task, customer and record, on a thread of its own.
//!
//! Lives here: an index in memory, read in the background from where it is kept and from the ledger;
//! searching it in slices, so that the next key cancels a search and the best so far is shown before
//! the last slice.
//!
//! Does not live here: what is shown of a hit once it is opened; that the desk answers.
//!
//! Start with [`Finder`]; `index` is what is searched, `gather` how it comes from the ledger, `kept`
//! what of it is kept, `rank` what is better than what.

mod gather;
mod index;
mod kept;
mod rank;
mod search;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;

use super::core::Desk;
use super::derived_file::kept::FINDER;
use super::error::DeskError;
use door::Search;
use door::views::FinderReport;
use gather::{Origins, WORTH_KEEPING};
pub use index::Index;

/// Takes what a search has found so far.
pub type Reply = Box<dyn FnMut(FinderReport) + Send>;

/// A search on its way.
struct Asked {
    given_up: Arc<AtomicBool>,
    search: Search,
    reply: Reply,
}

/// What the threads of a finder share.
struct Shared {
    index: RwLock<Index>,
    closed: AtomicBool,
}

impl Shared {
    fn new(index: Index) -> Self {
        Self { index: RwLock::new(index), closed: AtomicBool::new(false) }
    }

    fn read<T>(&self, with: impl FnOnce(&Index) -> T) -> T {
        with(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, with: impl FnOnce(&mut Index) -> T) -> T {
        with(&mut self.index.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_wanted(&self, given_up: &AtomicBool) -> bool {
        !given_up.load(Ordering::Relaxed) && !self.closed.load(Ordering::Relaxed)
    }
}

/// Searches. Its threads have ended once it is dropped: nobody keeps names in the workspace after
/// that.
pub struct Finder {
    shared: Arc<Shared>,
    /// None only while it is dropped.
    searches: Option<Sender<Asked>>,
    threads: Vec<JoinHandle<()>>,
}

impl Finder {
    /// Starts the threads of a finder.
    fn start(origins: Origins) -> std::io::Result<Finder> {
        let (wake, woken) = channel();
        // What has been committed since is read while one searches.
        let before = move || {
            let _ = wake.send(());
        };
        let mut finder = Finder::searching(Index::default(), before)?;
        let shared = Arc::clone(&finder.shared);
        let gathering = std::thread::Builder::new()
            .name("finder index".into())
            .spawn(move || gather::keep_up(&shared, &origins, &woken))?;
        finder.threads.push(gathering);
        Ok(finder)
    }

    /// A finder over an index that is whole already.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub fn over(index: Index) -> std::io::Result<Finder> {
        Finder::searching(index, || ())
    }

    /// Starts the thread that searches; it calls `before` each search.
    fn searching(index: Index, before: impl Fn() + Send + 'static) -> std::io::Result<Finder> {
        let shared = Arc::new(Shared::new(index));
        let (searches, asked): (Sender<Asked>, Receiver<Asked>) = channel();
        let searched = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("finder".into()).spawn(move || {
            while let Ok(mut asked) = asked.recv() {
                before();
                search::run(&searched, &asked.given_up, &asked.search, &mut asked.reply);
            }
        })?;
        Ok(Finder { shared, searches: Some(searches), threads: vec![thread] })
    }
}

impl Finder {
    /// Searches until it is done or given up. `reply` is called on another thread, again as better
    /// hits are found, with the last report marked as such.
    pub fn search(&self, search: Search, reply: Reply) -> Searching {
        let given_up = Arc::default();
        let searching = Searching(Arc::clone(&given_up));
        if let Some(searches) = &self.searches {
            // Without its thread there is nobody to answer, and nothing to find.
            let _ = searches.send(Asked { given_up, search, reply });
        }
        searching
    }
}

/// A search that is given up when this is dropped.
#[must_use]
pub struct Searching(Arc<AtomicBool>);

impl Drop for Searching {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Drop for Finder {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        // With its sender the thread that searches ends, and then the one that it wakes.
        self.searches = None;
        for thread in self.threads.drain(..) {
            // One that panicked has said so.
            let _ = thread.join();
        }
    }
}

impl Desk {
    /// A finder over this workspace.
    ///
    /// # Errors
    /// When the store is damaged, or the system starts no thread.
    pub(super) fn finder(&self) -> Result<Finder, DeskError> {
        let started = Finder::start(self.origins_of_names()?);
        let what = || "starting the finder's threads".to_owned();
        started.map_err(|error| DeskError::File { what: what(), error })
    }

    /// Where a finder's index comes from.
    fn origins_of_names(&self) -> Result<Origins, DeskError> {
        Ok(Origins {
            reader: self.reader.clone(),
            settings: Arc::clone(&self.settings),
            file: self.derived_file(FINDER, &kept::recipe(&self.settings)),
            erased: self.facts().view.counters()?.erased,
            worth_keeping: (!self.is_reading_only()).then_some(WORTH_KEEPING),
        })
    }
}
