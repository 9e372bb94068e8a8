//! Work on a thread of its own, watched from the desk's.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::Progress;
use crate::error::DeskError;
use crate::reader::DeskReader;
use crate::surviving::no_thread;
use door::fault;

/// How far work on another thread is, and whether it is to stop.
#[derive(Default)]
pub(super) struct Watch {
    phase: Mutex<(String, Option<u64>)>,
    done: AtomicU64,
    cancelled: AtomicBool,
}

impl Watch {
    /// The phase, the units done of it, and how many there are, where known.
    pub(super) fn told(&self) -> (String, u64, Option<u64>) {
        let (phase, total) = self.phase.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (phase, self.done.load(Ordering::Relaxed), total)
    }

    /// Asks the work to stop.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

impl Progress for Watch {
    fn phase(&self, name: &str, total: Option<u64>) {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        self.done.store(0, Ordering::Relaxed);
        *phase = (name.to_owned(), total);
    }

    fn advance(&self, units: u64) {
        self.done.fetch_add(units, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// The desk's facts on the worker's thread. While it is there, the worker holds the store.
pub(super) struct Reading {
    pub(super) reader: DeskReader,
    _held: std::sync::mpsc::Sender<Infallible>,
}

/// A thread that gives a `T`. Dropped, it is asked to stop and is no more heard of; the store is
/// free again by then.
pub(super) struct Worker<T> {
    thread: Option<JoinHandle<Result<T, DeskError>>>,
    watch: Arc<Watch>,
    /// Disconnected once the worker holds the store no more.
    holds: Receiver<Infallible>,
}

impl<T: Send + 'static> Worker<T> {
    /// Starts it. It leaves so many cores to whoever works beside it.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub(super) fn start(
        reader: DeskReader,
        watch: &Arc<Watch>,
        spared: usize,
        work: impl FnOnce(Reading, &Watch) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<Self, DeskError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(cores.saturating_sub(spared).max(1))
            .start_handler(|_| fault::pass_on())
            .build()
            .map_err(|error| no_thread(&error))?;
        let (held, holds) = channel();
        let reading = Reading { reader, _held: held };
        let watched = Arc::clone(watch);
        let thread = std::thread::Builder::new()
            .name("beside the desk".into())
            .spawn(move || {
                fault::pass_on();
                threads.install(|| work(reading, &watched))
            })
            .map_err(|error| no_thread(&error))?;
        Ok(Self { thread: Some(thread), watch: Arc::clone(watch), holds })
    }

    /// What it gave; none while it works.
    pub(super) fn ended(&mut self) -> Option<Result<T, DeskError>> {
        self.thread.as_ref()?.is_finished().then(|| self.waited_for())?
    }

    /// What it gives in the end.
    pub(super) fn waited_for(&mut self) -> Option<Result<T, DeskError>> {
        Some(self.thread.take()?.join().unwrap_or(Err(DeskError::Fault)))
    }
}

impl<T> Drop for Worker<T> {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.watch.cancel();
            // Nothing is ever sent: this returns when the store is let go.
            let _ = self.holds.recv();
        }
    }
}
