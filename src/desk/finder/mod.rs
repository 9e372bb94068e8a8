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
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

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
    without_mail: bool,
    reply: Reply,
}

/// What the threads of a finder share.
struct Shared {
    index: RwLock<Index>,
    closed: AtomicBool,
    /// The last commit that the index has been brought past, readable or not.
    through: Mutex<u64>,
    /// The one before has changed, or nobody wants a search any more.
    moved: Condvar,
}

impl Shared {
    fn new(index: Index) -> Self {
        let (index, closed) = (RwLock::new(index), AtomicBool::new(false));
        Self { index, closed, through: Mutex::default(), moved: Condvar::new() }
    }

    fn through(&self) -> MutexGuard<'_, u64> {
        self.through.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index knows every commit up to that one that can be read.
    fn came_through(&self, commit: u64) {
        let mut through = self.through();
        *through = commit.max(*through);
        self.moved.notify_all();
    }

    /// Has whoever waits look whether it is still wanted.
    fn stir(&self) {
        drop(self.through());
        self.moved.notify_all();
    }

    /// Waits until the index has come through that commit, the search is given up, or for so long;
    /// whether the first is so.
    fn awaits(&self, commit: u64, given_up: &AtomicBool, longest: Duration) -> bool {
        let waits = |through: &mut u64| *through < commit && self.is_wanted(given_up);
        let through = self.moved.wait_timeout_while(self.through(), longest, waits);
        *through.unwrap_or_else(PoisonError::into_inner).0 >= commit
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
        let reader = origins.reader.clone();
        // What has been committed since is read while one searches.
        let before = move || {
            let _ = wake.send(());
            reader.head().map_or(0, |head| head.sequence.0)
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
        Finder::searching(index, || 0)
    }

    /// Starts the thread that searches. It calls `before` each search, which gives the commit that the
    /// index has to know for the search to be done.
    fn searching(
        index: Index,
        before: impl Fn() -> u64 + Send + 'static,
    ) -> std::io::Result<Finder> {
        let shared = Arc::new(Shared::new(index));
        let (searches, asked): (Sender<Asked>, Receiver<Asked>) = channel();
        let searched = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("finder".into()).spawn(move || {
            while let Ok(mut asked) = asked.recv() {
                let wanted = search::Asked {
                    up_to: before(),
                    given_up: &asked.given_up,
                    search: &asked.search,
                    without_mail: asked.without_mail,
                };
                search::run(&searched, &wanted, &mut asked.reply);
            }
        })?;
        Ok(Finder { shared, searches: Some(searches), threads: vec![thread] })
    }
}

impl Finder {
    /// Searches until it is done or given up; it is done when everything was looked at that stands in
    /// the ledger as it begins. `reply` is called on another thread, again as better hits are found,
    /// with the last report marked as such.
    pub fn search(&self, search: Search, reply: Reply) -> Searching {
        self.begin(search, false, reply)
    }

    /// The same without whoever is known by a mail address only.
    pub fn search_without_mail(&self, search: Search, reply: Reply) -> Searching {
        self.begin(search, true, reply)
    }

    fn begin(&self, search: Search, without_mail: bool, reply: Reply) -> Searching {
        let given_up = Arc::default();
        let searching = Searching(Arc::clone(&given_up), Arc::clone(&self.shared));
        if let Some(searches) = &self.searches {
            // Without its thread there is nobody to answer, and nothing to find.
            let _ = searches.send(Asked { given_up, search, without_mail, reply });
        }
        searching
    }
}

/// A search that is given up when this is dropped.
#[must_use]
pub struct Searching(Arc<AtomicBool>, Arc<Shared>);

impl Drop for Searching {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        self.1.stir();
    }
}

impl Drop for Finder {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        self.shared.stir();
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
