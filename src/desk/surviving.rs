//! What a panic leaves of a desk: the operation or the job that it happened in ends, and the desk goes
//! on. What was derived in memory is dropped; where something may have been written, the workspace is
//! opened again before the next operation.

use std::error::Error;
use std::io;
use std::time::{Duration, Instant};

use super::core::Desk;
use super::error::DeskError;
use super::raise::Wanted;
use door::fault;
use ledger::ports::files::Access;

/// Whether what a desk has in memory can be relied on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    /// Something panicked that may have written: what the files say counts.
    pub(super) must_reopen: bool,
    /// A commit is on its way into the ledger.
    pub(super) is_appending: bool,
    /// The store is behind for want of room on its disk, which may pass.
    pub(super) wants_room: bool,
    /// When that was last looked at.
    tried: Option<Instant>,
}

/// How often a store that is behind is tried to be brought up at most.
const TRIED_EVERY: Duration = Duration::from_secs(1);
/// Bytes that a disk must have room for before that: a store whose disk is full is read as it is.
const ROOM: usize = 1024 * 1024;

impl Desk {
    /// Does something that a panic ends, but not the desk. `writes` tells that it may write; where it
    /// does so all the same, that is noticed.
    ///
    /// # Errors
    /// [`DeskError::Fault`] where it panicked, [`DeskError::NotReopened`] where the desk cannot go on
    /// yet after a panic before this, and what the work says.
    pub(super) fn surviving<T, E: From<DeskError>>(
        &mut self,
        writes: bool,
        work: impl FnOnce(&mut Desk) -> Result<T, E>,
    ) -> Result<T, E> {
        let (before, was_due) = (self.ledger.head(), self.standing.must_reopen);
        let done = fault::caught(|| {
            if writes {
                self.catch_up_if_possible();
            }
            self.reopen_if_due()?;
            work(self)
        });
        done.unwrap_or_else(|| {
            let has_written = self.standing.is_appending || self.ledger.head() != before;
            self.standing.must_reopen |= writes || has_written || was_due;
            self.caches.forget();
            self.queue.forget();
            // Nobody knows what came of it.
            self.news.for_all();
            Err(DeskError::Fault.into())
        })
    }

    /// Has a store that is behind brought up to the ledger, once its full disk takes something again: whoever
    /// comes through a server cannot open the workspace again. A store that failed otherwise is read as it
    /// is, since it might not be opened again either.
    fn catch_up_if_possible(&mut self) {
        let waits = self.standing.tried.is_some_and(|tried| tried.elapsed() < TRIED_EVERY);
        if self.store_behind.is_none() || !self.standing.wants_room || waits {
            return;
        }
        self.standing.tried = Some(Instant::now());
        self.standing.must_reopen |= self.has_room();
    }

    fn has_room(&self) -> bool {
        let (files, path) = (&*self.environment.files, self.workspace.hidden().join("room"));
        let written = files.open(&path, Access::CreateNew).and_then(|file| {
            file.write_at(&vec![0; ROOM], 0)?;
            file.sync()
        });
        // What a process that was killed here left is in nobody's way the next time.
        let removed = files.remove(&path);
        written.and(removed).is_ok()
    }

    fn reopen_if_due(&mut self) -> Result<(), DeskError> {
        if !self.standing.must_reopen {
            return Ok(());
        }
        match self.reopen(Wanted::AsItIs, &mut |_, _| {}) {
            Ok(report) => {
                tracing::warn!(replayed = report.replayed, "reopened after a fault");
                Ok(())
            }
            Err(error) => Err(DeskError::NotReopened { reason: error.to_string() }),
        }
    }
}

/// Begins the threads that work is shared out to, for a process that keeps a desk: what one of them
/// fails at is the fault of whoever shared it out. To be called before anything is.
///
/// # Errors
/// When the system starts no thread: the first work that is shared out would then be a panic.
pub fn begin_pool() -> Result<(), DeskError> {
    match rayon::ThreadPoolBuilder::new().start_handler(|_| fault::pass_on()).build_global() {
        // Without a cause of the system's there are such threads already, begun by an earlier call.
        Err(error) if of_system(&error).is_some() => Err(no_thread(&error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The system started no thread. What builds threads tells why in its own words; the system's say
/// what to do about it.
pub(crate) fn no_thread(error: &(dyn Error + 'static)) -> DeskError {
    let error = of_system(error)
        .map_or_else(|| io::Error::other(error.to_string()), io::Error::from_raw_os_error);
    DeskError::File { what: "starting a thread".to_owned(), error }
}

fn of_system(error: &(dyn Error + 'static)) -> Option<i32> {
    let of_this = error.downcast_ref().and_then(io::Error::raw_os_error);
    of_this.or_else(|| of_system(error.source()?))
}
