//! Rows on their way to the desk: read on one thread, prepared on others, in the order of the file.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use door::fault;
use intake::acquire::{AcquireError, Delivered, Reader, Row};

/// Rows of one chunk, and of the commit it becomes: one record is read from it in about 0.1 ms.
pub(super) const ROWS_A_CHUNK: usize = 256;
/// Bytes after which a chunk is full, however few rows it has: what they become, raw and standard,
/// must fit into a commit.
const BYTES_A_CHUNK: usize = 2 << 20;
/// Threads that prepare. More would not help: the desk takes rows in on one.
const PREPARERS: usize = 2;
/// Chunks that may wait before each thread.
const WAITING: usize = 4;

/// What rows are for the desk, on threads that need nothing of it.
pub(super) trait Prepares: Send + Sync + 'static {
    /// What becomes of a row.
    type Prepared: Send + 'static;
    /// What one thread keeps between rows.
    type Hand<'a>;

    /// What a thread begins with.
    fn hand(&self) -> Self::Hand<'_>;

    /// What each of these rows is, in their order.
    fn prepare(&self, hand: &mut Self::Hand<'_>, rows: Vec<Delivered>) -> Vec<Self::Prepared>;
}

/// Rows in the order of the file, or why there are no more.
pub(super) type Chunk<T> = Result<Vec<T>, AcquireError>;

type Delivery = Result<Vec<Delivered>, AcquireError>;

/// Starts the threads; they end with the file, or when nobody takes what they prepare.
///
/// # Errors
/// When the system starts no thread.
pub(super) fn start<P: Prepares>(
    reader: Reader,
    preparer: Arc<P>,
) -> std::io::Result<Chunks<P::Prepared>> {
    let mut preparers = Vec::with_capacity(PREPARERS);
    let mut prepared = Vec::with_capacity(PREPARERS);
    let mut threads = Vec::with_capacity(PREPARERS + 1);
    for _ in 0..PREPARERS {
        let (to_preparer, rows) = sync_channel::<Delivery>(WAITING);
        let (to_desk, chunks) = sync_channel(WAITING);
        let preparer = Arc::clone(&preparer);
        threads.push(Builder::new().name("prepare".into()).spawn(move || {
            fault::pass_on();
            let mut hand = preparer.hand();
            for rows in rows {
                let prepared = rows.map(|rows| preparer.prepare(&mut hand, rows));
                if to_desk.send(prepared).is_err() {
                    return;
                }
            }
        })?);
        preparers.push(to_preparer);
        prepared.push(chunks);
    }
    threads.push(Builder::new().name("read".into()).spawn(move || {
        fault::pass_on();
        read(reader, &preparers);
    })?);
    Ok(Chunks { prepared, next: 0, threads })
}

/// Hands rows to each preparer in turn.
fn read(reader: Reader, preparers: &[SyncSender<Delivery>]) {
    let mut turns = preparers.iter().cycle();
    let mut hand_over = |rows| turns.next().is_some_and(|turn| turn.send(rows).is_ok());
    let mut rows = Vec::with_capacity(ROWS_A_CHUNK);
    let mut bytes = 0;
    for delivered in reader {
        match delivered {
            Ok(row) => {
                bytes += size(&row);
                rows.push(row);
            }
            Err(error) => {
                // What was read before it failed is as good as if it had not.
                let _ = hand_over(Ok(rows)) && hand_over(Err(error));
                return;
            }
        }
        if rows.len() == ROWS_A_CHUNK || bytes > BYTES_A_CHUNK {
            bytes = 0;
            if !hand_over(Ok(std::mem::replace(&mut rows, Vec::with_capacity(ROWS_A_CHUNK)))) {
                return;
            }
        }
    }
    hand_over(Ok(rows));
}

/// Bytes of values a row holds.
fn size(delivered: &Delivered) -> usize {
    let of_row = |row: &Row| {
        let fields: usize = row.fields.iter().map(|(_, text)| text.len()).sum();
        fields + row.unmapped.iter().map(|(_, text)| text.len()).sum::<usize>()
    };
    match delivered {
        Delivered::Row(row) => of_row(row) + row.later.iter().map(of_row).sum::<usize>(),
        Delivered::Skipped(_) => 0,
        Delivered::Quarantined(row) => row.text.len() + row.bytes.as_ref().map_or(0, String::len),
    }
}

/// Prepared chunks, taken from each preparer in turn.
pub(super) struct Chunks<T> {
    prepared: Vec<Receiver<Chunk<T>>>,
    next: usize,
    threads: Vec<JoinHandle<()>>,
}

/// What is to be taken from the threads.
pub(super) enum Taken<T> {
    /// Rows.
    Chunk(Chunk<T>),
    /// Nothing so far.
    NotYet,
    /// Nothing any more.
    End,
}

impl<T> Chunks<T> {
    /// The next rows of the file, waited for no longer than `patience`.
    pub(super) fn take(&mut self, patience: Duration) -> Taken<T> {
        // Whose turn it is has the next chunk, or there is none.
        let turns = self.prepared.len().max(1);
        let Some(turn) = self.prepared.get(self.next % turns) else { return Taken::End };
        match turn.recv_timeout(patience) {
            Ok(chunk) => {
                self.next += 1;
                Taken::Chunk(chunk)
            }
            Err(RecvTimeoutError::Timeout) => Taken::NotYet,
            Err(RecvTimeoutError::Disconnected) => self.end(),
        }
    }

    /// A thread that panicked has read no end of the file.
    fn end(&mut self) -> Taken<T> {
        // A thread that waits for somebody to take its chunk would never end; the one whose turn it
        // was has ended, the others may still wait for the file.
        let turn = self.next % self.prepared.len().max(1);
        self.prepared.clear();
        let turn = turn.min(self.threads.len());
        self.threads.rotate_left(turn);
        for thread in self.threads.drain(..) {
            if let Err(panic) = thread.join() {
                std::panic::resume_unwind(panic);
            }
        }
        Taken::End
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicU32, Ordering};

    use jiff::Timestamp;

    use super::super::prepare::tests::SETTINGS;
    use super::super::prepare::{Prepared, Preparer};
    use super::*;
    use domain::{Fingerprinter, Reading};
    use intake::acquire::{Input, Options};
    use ledger::ports::Clock;

    /// Fails when it is asked for the time so often.
    struct BrokenClock(AtomicU32);

    impl Clock for BrokenClock {
        fn now(&self) -> Timestamp {
            assert_ne!(self.0.fetch_sub(1, Ordering::Relaxed), 1, "a record's value");
            Timestamp::UNIX_EPOCH
        }
    }

    /// More rows than can wait before all threads, so that one that nobody listens to would block.
    fn chunks(fails_at: u32) -> Chunks<Prepared> {
        let rows: String = (0..ROWS_A_CHUNK * 40).map(|id| format!("{id},Omaha\n")).collect();
        let settings = settings::parse(SETTINGS).unwrap();
        let source = settings.sources[0].clone();
        let options = Options { file: "crm.csv".to_owned(), ..Options::default() };
        let input = Input::of(format!("id,city\n{rows}").into_bytes());
        let reader = Reader::open(input, &source, &options).unwrap();
        let fingerprinter = Fingerprinter::new([7; 32]);
        let clock: Arc<dyn Clock> = Arc::new(BrokenClock(AtomicU32::new(fails_at)));
        let clock = (clock, jiff::civil::date(1970, 1, 1));
        let read_as = (settings, source);
        let preparer =
            Preparer::new(read_as, Reading::default(), fingerprinter, Arc::default(), clock);
        start(reader, Arc::new(preparer)).unwrap()
    }

    #[test]
    fn a_thread_that_fails_is_a_failure_and_nobody_waits_for_the_others() {
        for fails_at in 1..=6 {
            let mut chunks = chunks(fails_at);
            let ended = catch_unwind(AssertUnwindSafe(|| {
                while let Taken::Chunk(chunk) = chunks.take(Duration::from_secs(60)) {
                    chunk.unwrap();
                }
            }));
            assert!(ended.is_err(), "the file was not read to its end");
        }
    }
}
