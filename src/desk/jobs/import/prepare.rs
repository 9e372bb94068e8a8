//! Rows on their way to the desk: read on one thread, prepared on others, in the order of the file.
//!
//! Preparing is whatever needs no more of the workspace than its source keys: fingerprints, passing
//! over rows that came before just as they are, harmonising, validating.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use compact_str::CompactString;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::lacking::Wanted;
use domain::{
    Fingerprint, Fingerprinter, QuarantinedRow, Reading, RecordAddress, RecordBody, Severity,
    Skipped, Violation,
};
use door::fault;
use intake::acquire::{AcquireError, Columns, Delivered, Reader, Row, TimeOf};
use intake::{harmonise, validate};
use ledger::ports::Clock;
use settings::{Settings, Source};
use store::KeyLookup;

/// Rows of one chunk, and of the commit it becomes: one record is read from it in about 0.1 ms.
pub(super) const ROWS_A_CHUNK: usize = 256;
/// Bytes after which a chunk is full, however few rows it has: what they become, raw and standard,
/// must fit into a commit.
const BYTES_A_CHUNK: usize = 2 << 20;
/// Threads that prepare. More would not help: the desk takes rows in on one.
const PREPARERS: usize = 2;
/// Chunks that may wait before each thread.
const WAITING: usize = 4;

/// Lines at the beginning of a file whose rows can be shown, whether they are known or not.
const SHOWN_LINES: u64 = 100;

/// A row ready to be taken in.
pub(super) enum Prepared {
    /// It is known just as it is, with so many rows of its key; the fingerprint of its address.
    Unchanged(Fingerprint, u64),
    /// A new record, or other content for a known one.
    Row(PreparedRow),
    /// It cannot become a record; the fingerprint of the address it would have, where that is known.
    Quarantined(QuarantinedRow, Option<Fingerprint>),
    /// What was passed over.
    Skipped(Skipped),
}

/// A row that may change something.
pub(super) struct PreparedRow {
    pub(super) body: RecordBody,
    /// Fingerprint of its address.
    pub(super) key: Fingerprint,
    /// Fingerprint of the row as delivered.
    pub(super) delivered: Fingerprint,
    /// The columns it has.
    pub(super) columns: Arc<Columns>,
    /// Whether it breaks a rule whose severity is `error`.
    pub(super) is_invalid: bool,
    /// Rows of the same file that replace it, in order.
    pub(super) later: VecDeque<PreparedRow>,
}

/// Rows in the order of the file, or why there are no more.
pub(super) type Chunk = Result<Vec<Prepared>, AcquireError>;

type Delivery = Result<Vec<Delivered>, AcquireError>;

/// What preparing depends on.
pub(super) struct Preparer {
    settings: Settings,
    source: Source,
    /// How the file is read.
    reading: Reading,
    fingerprinter: Fingerprinter,
    keys: Arc<RwLock<KeyLookup>>,
    clock: Arc<dyn Clock>,
    /// The day of the import.
    day: Date,
    /// The mapped columns.
    wanted: Wanted,
    /// The declared fields, and how they are read. Read otherwise, the same row may become another
    /// record.
    fields: String,
    /// Up to which line rows are prepared though they are known: they are to be shown.
    shown: u64,
}

impl Preparer {
    /// For one source's rows under these settings, read so on `day`.
    pub(super) fn new(
        (settings, source): (Settings, Source),
        reading: Reading,
        fingerprinter: Fingerprinter,
        keys: Arc<RwLock<KeyLookup>>,
        (clock, day): (Arc<dyn Clock>, Date),
    ) -> Preparer {
        let fields = settings.fields.iter();
        let fields = fields.map(|field| format!("{} {}\n", field.name, field.field_type.name()));
        let fields = fields.chain([harmonise::beyond_customs(&settings, &reading)]).collect();
        let wanted = Wanted::of(&source);
        Preparer {
            settings,
            source,
            reading,
            fingerprinter,
            keys,
            clock,
            day,
            wanted,
            fields,
            shown: 0,
        }
    }

    /// The same, for rows that are to be shown as they are read.
    pub(super) fn showing(self) -> Preparer {
        Preparer { shown: SHOWN_LINES, ..self }
    }

    fn prepare(&self, mut rows: Vec<Delivered>) -> Vec<Prepared> {
        self.keep_spellings(&mut rows);
        for delivered in &rows {
            if let Delivered::Row(row) = delivered {
                self.wanted.came(&row.columns);
                row.later.iter().for_each(|row| self.wanted.came(&row.columns));
            }
        }
        let fingerprints: Vec<_> = rows.iter().map(|row| self.fingerprints(row)).collect();
        let unchanged: Vec<bool> = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            let known = |(row, of_row): (&Delivered, &Option<(Fingerprint, Fingerprint)>)| {
                let (Delivered::Row(row), Some((key, delivered))) = (row, of_row) else {
                    return false;
                };
                keys.is_unchanged(*key, *delivered)
                    || keys.get(*key).is_some()
                        && keys.is_unchanged(*key, self.of_part(*delivered, &last(row).columns))
            };
            rows.iter().zip(&fingerprints).map(known).collect()
        };
        let today = self.clock.now().to_zoned(TimeZone::UTC).date();
        let context = validate::Context { today };
        let rows = rows.into_iter().zip(fingerprints).zip(unchanged);
        rows.map(|((row, fingerprints), unchanged)| match (row, fingerprints) {
            (Delivered::Row(row), Some((key, _))) if unchanged && row.line > self.shown => {
                Prepared::Unchanged(key, 1 + row.later.len() as u64)
            }
            (Delivered::Row(mut row), _) => {
                let later = std::mem::take(&mut row.later);
                let later = later.into_iter().map(|row| self.prepared(row, &context));
                let later = later.collect();
                Prepared::Row(PreparedRow { later, ..self.prepared(row, &context) })
            }
            (Delivered::Skipped(skipped), _) => Prepared::Skipped(skipped),
            (Delivered::Quarantined(row), _) => {
                let key = row.key.as_deref().map(|key| self.address(key));
                Prepared::Quarantined(row, key)
            }
        })
        .collect()
    }

    fn prepared(&self, row: Row, context: &validate::Context) -> PreparedRow {
        let (key, delivered) = self.fingerprints_of(&row);
        let columns = Arc::clone(&row.columns);
        let body = self.body(row);
        let is_invalid = self.is_invalid(&body, context);
        PreparedRow { body, key, delivered, columns, is_invalid, later: VecDeque::new() }
    }

    /// A record that is held under another spelling of its key keeps it.
    fn keep_spellings(&self, rows: &mut [Delivered]) {
        let mut keys = None;
        for delivered in rows {
            let Delivered::Row(row) = delivered else { continue };
            if row.spelling.is_none() && row.later.iter().all(|row| row.spelling.is_none()) {
                continue;
            }
            let keys = keys
                .get_or_insert_with(|| self.keys.read().unwrap_or_else(PoisonError::into_inner));
            let is_held = |key: &&CompactString| keys.get(self.address(key)).is_some();
            let later = row.later.iter().filter_map(|row| row.spelling.as_ref());
            let held = row.spelling.iter().chain(later).find(is_held).cloned();
            if let Some(held) = held {
                row.later.iter_mut().for_each(|row| row.key = held.clone());
                row.key = held;
            }
        }
    }

    fn is_invalid(&self, body: &RecordBody, context: &validate::Context) -> bool {
        let is_error = |broken: &Violation| broken.severity == Severity::Error;
        validate::breaks(&self.settings, Severity::Error, &body.values, context)
            || validate::stale(&self.settings, &body.values, body.updated, self.clock.now())
                .iter()
                .any(is_error)
    }

    fn address(&self, key: &str) -> Fingerprint {
        self.fingerprinter.of([self.source.name.as_str(), key])
    }

    /// Of a row's address, and of all that was delivered for it in the end.
    fn fingerprints(&self, delivered: &Delivered) -> Option<(Fingerprint, Fingerprint)> {
        let Delivered::Row(row) = delivered else { return None };
        Some(self.fingerprints_of(last(row)))
    }

    /// Of a row's address, and of all that was delivered for it.
    fn fingerprints_of(&self, row: &Row) -> (Fingerprint, Fingerprint) {
        let key = self.address(&row.key);
        let mapped = row.fields.iter().flat_map(|(field, text)| [field.as_str(), text.as_str()]);
        let unmapped =
            row.unmapped.iter().flat_map(|(column, text)| [column.as_str(), text.as_str()]);
        let parts = [self.fields.as_str()].into_iter().chain(mapped).chain(["\0"]);
        let parts = parts.chain(unmapped).chain(["\0"]).chain(row.updated.as_deref());
        (key, self.fingerprinter.of(parts))
    }

    /// Of a row over a record that keeps what the row has no columns for: the same row with other
    /// columns would be another.
    pub(super) fn of_part(&self, delivered: Fingerprint, columns: &Columns) -> Fingerprint {
        let delivered = delivered.0.to_string();
        self.fingerprinter.of(["part", delivered.as_str()].into_iter().chain(columns.names()))
    }

    /// The mapped columns, and which of them came.
    pub(super) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The source whose rows these are.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// What the record is that a row delivers.
    pub(super) fn body(&self, row: Row) -> RecordBody {
        let Row { line, key, mut fields, mut unmapped, updated, decimals, .. } = row;
        for (field, text) in fields.iter_mut().filter(|(field, _)| decimals.contains(field)) {
            let style = self.reading.numbers.get(&*field).map(|assumed| assumed.value);
            if style.is_some_and(|style| style.decimal() == ',') {
                // As the others of its column are written: so it is read now, and at any time.
                *text = text.replace('.', ",");
            }
        }
        let context = harmonise::of_updated(&self.settings, &self.reading, self.day);
        let read = |text: &str| harmonise::timestamp(text, &context);
        let at = updated.as_deref().and_then(read);
        if let (Some(text), None, Some(column)) = (updated, at, &self.source.updated) {
            // A time nobody can read is still what was delivered.
            unmapped.push((column.as_str().into(), text.into()));
        }
        let read = harmonise::read(
            &self.settings,
            self.source.name.as_str(),
            &self.reading,
            fields,
            self.day,
        );
        RecordBody {
            address: RecordAddress::new(&self.source.name, &key),
            values: read.values,
            absent: read.absent.into_iter().map(|(field, text)| (field, text.into())).collect(),
            unmapped,
            updated: at,
            line,
        }
    }
}

/// The row that counts in the end of those of one key.
fn last(row: &Row) -> &Row {
    row.later.last().unwrap_or(row)
}

/// Reads the time of change of a source whose file is read so.
pub(super) fn time_of(settings: &Settings, reading: &Reading, day: Date) -> TimeOf {
    let (settings, reading) = (settings.clone(), reading.clone());
    Arc::new(move |text| {
        harmonise::timestamp(text, &harmonise::of_updated(&settings, &reading, day))
    })
}

/// Starts the threads; they end with the file, or when nobody takes what they prepare.
///
/// # Errors
/// When the system starts no thread.
pub(super) fn start(reader: Reader, preparer: Arc<Preparer>) -> std::io::Result<Chunks> {
    let mut preparers = Vec::with_capacity(PREPARERS);
    let mut prepared = Vec::with_capacity(PREPARERS);
    let mut threads = Vec::with_capacity(PREPARERS + 1);
    for _ in 0..PREPARERS {
        let (to_preparer, rows) = sync_channel::<Delivery>(WAITING);
        let (to_desk, chunks) = sync_channel(WAITING);
        let preparer = Arc::clone(&preparer);
        threads.push(Builder::new().name("prepare".into()).spawn(move || {
            fault::pass_on();
            for rows in rows {
                if to_desk.send(rows.map(|rows| preparer.prepare(rows))).is_err() {
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
pub(super) struct Chunks {
    prepared: Vec<Receiver<Chunk>>,
    next: usize,
    threads: Vec<JoinHandle<()>>,
}

/// What is to be taken from the threads.
pub(super) enum Taken {
    /// Rows.
    Chunk(Chunk),
    /// Nothing so far.
    NotYet,
    /// Nothing any more.
    End,
}

impl Chunks {
    /// The next rows of the file, waited for no longer than `patience`.
    pub(super) fn take(&mut self, patience: Duration) -> Taken {
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
    fn end(&mut self) -> Taken {
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

    use super::*;
    use intake::acquire::{Input, Options};

    const SETTINGS: &str = "[workspace]\nname = \"a\"\nregion = \"US\"\n[fields.city]\ntype = \"city\"\n\
        [sources.crm]\nkey = \"id\"\nmap = { city = \"city\" }\n";

    /// Fails when it is asked for the time so often.
    struct BrokenClock(AtomicU32);

    impl Clock for BrokenClock {
        fn now(&self) -> Timestamp {
            assert_ne!(self.0.fetch_sub(1, Ordering::Relaxed), 1, "a record's value");
            Timestamp::UNIX_EPOCH
        }
    }

    /// The keys of the records that rows with these keys become, where one is held under that address.
    fn keys_of(cells: &[&str], held: &str) -> Vec<String> {
        let settings = settings::parse(SETTINGS).unwrap();
        let source = settings.sources[0].clone();
        let options = Options { file: "crm.csv".to_owned(), ..Options::default() };
        let rows: String = cells.iter().map(|cell| format!("{cell},Omaha\n")).collect();
        let input = Input::of(format!("id,city\n{rows}").into_bytes());
        let reader = Reader::open(input, &source, &options).unwrap();
        let fingerprinter = Fingerprinter::new([7; 32]);
        let mut keys = KeyLookup::default();
        keys.note(fingerprinter.of(["crm", held]), domain::RecordId(0), Fingerprint(1));
        let keys = Arc::new(RwLock::new(keys));
        let clock: Arc<dyn Clock> = Arc::new(BrokenClock(AtomicU32::new(0)));
        let clock = (clock, jiff::civil::date(1970, 1, 1));
        let read_as = (settings, source);
        let preparer = Preparer::new(read_as, Reading::default(), fingerprinter, keys, clock);
        let prepared = preparer.prepare(reader.map(Result::unwrap).collect());
        let rows = prepared.into_iter().filter_map(|prepared| match prepared {
            Prepared::Row(row) => Some(row.body.address.key.to_string()),
            _ => None,
        });
        rows.collect()
    }

    #[test]
    fn a_key_already_held_keeps_its_spelling() {
        let cells = ["1001.0", "=1002", "1003"];
        assert_eq!(keys_of(&cells, "1001.0"), ["1001.0", "=1002", "1003"]);
        assert_eq!(keys_of(&cells, "1001"), ["1001", "=1002", "1003"]);
        assert_eq!(keys_of(&["'7", "8.0"], "'7"), ["'7", "8"]);
    }

    /// More rows than can wait before all threads, so that one that nobody listens to would block.
    fn chunks(fails_at: u32) -> Chunks {
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
