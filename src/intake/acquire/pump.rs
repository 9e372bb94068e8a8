//! A reader that hands its rows out itself becomes one that they are taken from: it runs on a thread of
//! its own, a little ahead of whoever takes them.
//!
//! Libraries for spreadsheets and databases lend their rows out of what they keep; a thread is where both
//! can stay.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::{io, vec};

/// Rows handed over together.
const BATCH: usize = 128;
/// Bytes after which they are handed over, however few they are.
const BATCH_BYTES: usize = 1 << 20;
/// Batches that may wait.
const WAITING: usize = 2;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is one of a library over a damaged file, and is told as that.
#[must_use]
pub fn guarding() -> bool {
    GUARDED.get()
}

/// Why there are no more rows.
#[derive(Debug)]
pub(super) enum Ended<E> {
    /// What the reader says.
    Failed(E),
    /// The reader gave up: it was not made for such a file.
    GaveUp,
}

/// Where rows are handed out.
pub(super) struct Sink<T, E> {
    to: SyncSender<Result<Vec<T>, Ended<E>>>,
    batch: Vec<T>,
    bytes: usize,
}

impl<T, E> Sink<T, E> {
    /// Hands a row out, which takes so many bytes; false: nobody wants any more.
    pub fn give(&mut self, row: T, bytes: usize) -> bool {
        self.batch.push(row);
        self.bytes += bytes;
        if self.batch.len() < BATCH && self.bytes < BATCH_BYTES {
            return true;
        }
        self.hand_over()
    }

    /// Hands over what there is; false: nobody wants any more.
    pub fn hand_over(&mut self) -> bool {
        self.bytes = 0;
        self.to.send(Ok(std::mem::take(&mut self.batch))).is_ok()
    }
}

/// Rows as they come out of a reader.
pub(super) struct Pump<T, E> {
    batches: Option<Receiver<Result<Vec<T>, Ended<E>>>>,
    batch: vec::IntoIter<T>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static, E: Send + 'static> Pump<T, E> {
    /// Starts a reader.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub fn start(
        read: impl FnOnce(&mut Sink<T, E>) -> Result<(), E> + Send + 'static,
    ) -> io::Result<Self> {
        let (to, batches) = sync_channel(WAITING);
        let thread = Builder::new().name("table".into()).spawn(move || {
            let mut sink = Sink { to, batch: Vec::new(), bytes: 0 };
            GUARDED.set(true);
            let ended = catch_unwind(AssertUnwindSafe(|| read(&mut sink)));
            GUARDED.set(false);
            // Nobody may want to know any more.
            let _ = sink.hand_over();
            let failure = match ended {
                Ok(Ok(())) => return,
                Ok(Err(failure)) => Ended::Failed(failure),
                Err(_) => Ended::GaveUp,
            };
            let _ = sink.to.send(Err(failure));
        })?;
        Ok(Pump { batches: Some(batches), batch: Vec::new().into_iter(), thread: Some(thread) })
    }

    /// The next row; none after the last.
    ///
    /// # Errors
    /// Why there are no more, once.
    pub fn take(&mut self) -> Result<Option<T>, Ended<E>> {
        loop {
            if let Some(row) = self.batch.next() {
                return Ok(Some(row));
            }
            let Some(next) = self.batches.as_ref().and_then(|batches| batches.recv().ok()) else {
                return Ok(None);
            };
            self.batch = next?.into_iter();
        }
    }
}

impl<T, E> Drop for Pump<T, E> {
    fn drop(&mut self) {
        // The reader is told that nobody wants any more, and lets go of its input before we go on.
        drop(self.batches.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pump: &mut Pump<u32, &'static str>) -> (Vec<u32>, Option<Ended<&'static str>>) {
        let mut rows = Vec::new();
        loop {
            match pump.take() {
                Ok(Some(row)) => rows.push(row),
                Ok(None) => return (rows, None),
                Err(ended) => return (rows, Some(ended)),
            }
        }
    }

    #[test]
    fn rows_come_in_order_and_then_what_ended_them() {
        for count in [0, 1, BATCH as u32, 1_000] {
            let read = move |sink: &mut Sink<u32, &'static str>| {
                assert!((0..count).all(|row| sink.give(row, 1)));
                if count == 1 { Err("torn") } else { Ok(()) }
            };
            let (rows, ended) = all(&mut Pump::start(read).unwrap());
            assert!(rows.into_iter().eq(0..count));
            assert_eq!(matches!(ended, Some(Ended::Failed("torn"))), count == 1);
        }
    }

    #[test]
    fn a_reader_that_panics_gave_up_after_what_it_read() {
        let read = |sink: &mut Sink<u32, &'static str>| {
            sink.give(7, 1);
            assert!(guarding());
            std::panic::resume_unwind(Box::new(()));
        };
        let (rows, ended) = all(&mut Pump::start(read).unwrap());
        assert_eq!(rows, [7]);
        assert!(matches!(ended, Some(Ended::GaveUp)));
        assert!(!guarding());
    }

    #[test]
    fn a_reader_ends_when_nobody_takes_its_rows() {
        let read = |sink: &mut Sink<u32, &'static str>| {
            while sink.give(1, BATCH_BYTES) {}
            Ok(())
        };
        let mut pump = Pump::start(read).unwrap();
        assert_eq!(pump.take().unwrap(), Some(1));
        drop(pump);
    }
}
