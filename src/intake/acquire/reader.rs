//! Opening a file and walking through its rows.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

use compact_str::CompactString;

use domain::{FieldName, OddCells, QuarantineReason, QuarantinedRow, SameName, Skipped};
use settings::{Source, part};

use super::beside::Readers;
use super::columns::Columns;
use super::encoding::{Detector, Encoding, Found, Hints, OddRows, RowEncoding};
use super::error::{AcquireError, EncodingReading};
use super::format::{self, Format};
use super::glance::{Glance, Wanted, by_whole_row};
use super::input::Input;
use super::joining::Joining;
use super::marks::Marks;
use super::quarantine::Kept;
use super::repeats::{Judge, KeyNotes, RepeatedKeys, Settling, TimeOf};
use super::vcard;

/// How to read a file. What is none is found out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The format.
    pub format: Option<Format>,
    /// The file's name without folders: for its extension, and for messages.
    pub file: String,
    /// The encoding, by its name in [`settings::encoding_name`].
    pub encoding: Option<String>,
    /// The encoding of rows that are in another, likewise.
    pub odd_encoding: Option<String>,
    /// Whether the two are what an earlier look at all of the file told.
    pub is_looked_at: bool,
    /// What parts cells.
    pub delimiter: Option<u8>,
    /// The line of the header, counted from 1.
    pub header_row: Option<u64>,
    /// Where the source is, ISO 3166-1 alpha-2: it tips the scales where encodings are close.
    pub region: Option<String>,
    /// What earlier files of the source were in: it does, too.
    pub recorded_encoding: Option<String>,
    /// The sheet of a workbook; else the first in which something stands.
    pub sheet: Option<String>,
    /// The path of a list in a JSON object: `data.customers`.
    pub records: Option<String>,
    /// The widths of the columns of a file in which each has its place.
    pub widths: Option<Vec<usize>>,
    /// Who reads the formats that not every build has.
    pub readers: Readers,
    /// The flags that say something of this file alone: each must mean something to its format.
    pub flags: Vec<&'static str>,
}

/// One row that can become a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the file where it begins, counted from 1.
    pub line: u64,
    /// Its key in the source, without what was written around it.
    pub key: CompactString,
    /// The key as earlier versions kept it, where that is another.
    pub spelling: Option<CompactString>,
    /// The mapped fields that hold something, in the order of the mapping, as delivered; several
    /// columns joined with a space.
    pub fields: Vec<(FieldName, CompactString)>,
    /// The other columns that hold something (neither key nor `updated`), as delivered, and the
    /// parts of a field that is read from several columns.
    pub unmapped: Vec<(CompactString, CompactString)>,
    /// The source's own time of change, as delivered.
    pub updated: Option<String>,
    /// The columns it has, whatever stands in them.
    pub columns: Arc<Columns>,
    /// Rows of the same key that changed after this one, in order: each replaces the one before.
    pub later: Vec<Row>,
    /// Fields whose text was a number with decimals in the file: a point parts them, whatever the
    /// custom of the source is.
    pub decimals: Vec<FieldName>,
    /// Fields whose cell was a yes or no in the file, and no text.
    pub booleans: Vec<FieldName>,
}

/// What a line, or several, turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// A row.
    Row(Row),
    /// What could not become one, kept whole, or its beginning.
    Quarantined(QuarantinedRow),
    /// What was passed over: the last that is delivered, if anything was.
    Skipped(Skipped),
}

/// The key of the record that a row of a stream names.
fn named(is_stream: bool, row: &Row) -> Option<String> {
    let fields = row.fields.iter().filter(|_| is_stream);
    let mut named = fields.filter(|(field, _)| field.as_str() == part::CUSTOMER);
    named.next().map(|(_, text)| text.to_string())
}

/// What a format's reader does.
pub(super) trait Rows {
    /// The next row; blank lines are passed over.
    fn next_row(&mut self) -> std::io::Result<Option<Delivered>>;
    /// The row that was delivered last, as it is kept when it cannot become a record.
    fn set_aside(&mut self, reason: QuarantineReason) -> Option<QuarantinedRow>;
    /// What was passed over so far.
    fn skipped(&self) -> Skipped;
    /// Passes over the next row, notes its key and shows its wanted values; `false` at the end. A
    /// format that can look at a few columns without making a row of all does so here.
    fn glance(
        &mut self,
        wanted: &Wanted,
        show: &mut dyn FnMut(Glance<'_>),
        keys: &mut KeyNotes,
    ) -> std::io::Result<bool> {
        by_whole_row(self, wanted, show, keys)
    }
    /// The header as it stands in the file.
    fn header_line(&self) -> Option<&str>;
    /// Bytes of text taken so far.
    fn bytes_read(&self) -> u64 {
        0
    }
    /// Columns that are called the same but for case as one that is read.
    fn same_names(&self) -> &[SameName] {
        &[]
    }
    /// Cells so far that are not kept as somebody would think.
    fn odd_cells(&self) -> Vec<OddCells> {
        Vec::new()
    }
    /// The rows of a text so far that were read in another encoding than it.
    fn odd_rows(&self) -> OddRows {
        OddRows::default()
    }
    /// What else there is to say about a text: its delimiter.
    fn detail(&self) -> Option<&'static str> {
        None
    }
    /// How the file is read, where its format and encoding do not say it.
    fn description(&self) -> Option<String> {
        None
    }
}

/// What happens to keys that stand in a file more than once.
enum Keys {
    /// They are noted, and every row is delivered.
    Noted(KeyNotes),
    /// They are known, and settled.
    Settled(Settling),
}

/// The rows of one file, read as they are asked for.
///
/// A file is read twice: first for what only all of it tells, its keys among that
/// ([`Reader::repeated_keys`]), then with that knowledge ([`Reader::settling`]).
///
/// Memory stays constant but for about 20 bytes a row, which tell repeated keys. An `Err` is the
/// last thing delivered: the input failed, or nearly all of it is no use.
pub struct Reader {
    rows: Box<dyn Rows + Send>,
    description: String,
    /// Of text; a workbook has none.
    encoding: Option<RowEncoding>,
    /// What the text reads better in than in what it is said to be in.
    likelier: Option<Encoding>,
    is_proof: bool,
    file: String,
    read: u64,
    kept: Kept,
    keys: Keys,
    /// The column of the key.
    key: String,
    /// Whether that column alone says what a row is about.
    has_own_keys: bool,
    /// Whether its rows are of a stream of activities.
    is_stream: bool,
    joining: Option<Joining>,
    /// What says whether a row can be used, where its source alone does not.
    judge: Option<Judge>,
    ready: VecDeque<Delivered>,
    ended: bool,
}

impl Reader {
    /// Finds out encoding, format and delimiter, and reads the header.
    ///
    /// # Errors
    /// Whatever makes the whole file unusable; see [`AcquireError`].
    pub fn open(input: Input, source: &Source, options: &Options) -> Result<Reader, AcquireError> {
        let file = options.file.clone();
        let format::Opened { rows, encoding, likelier, is_proof, description } =
            format::open(&input, source, options)?;
        let keys = Keys::Noted(KeyNotes::of(source));
        let (key, joining) = (source.key.clone(), Joining::of(source));
        let (kept, ready) = (Kept::default(), VecDeque::new());
        Ok(Reader {
            rows,
            description,
            encoding,
            likelier,
            is_proof,
            file,
            read: 0,
            kept,
            keys,
            key,
            has_own_keys: !source.keys_recur,
            is_stream: source.stream.is_some(),
            joining,
            judge: None,
            ready,
            ended: false,
        })
    }

    /// The same, with the keys known that stand in the file more than once; `time` reads a time of
    /// change.
    #[must_use]
    pub fn settling(self, repeated: RepeatedKeys, time: TimeOf) -> Reader {
        let settling = Settling::of(repeated, time, self.joining);
        Reader { keys: Keys::Settled(settling), joining: None, ..self }
    }

    /// The same, for rows that must stand that test as well; rows of one key that are joined, once they are.
    #[must_use]
    pub fn judging(mut self, judge: Judge) -> Reader {
        match &mut self.keys {
            Keys::Settled(settling) if settling.joins() => settling.judge = Some(judge),
            _ => self.judge = Some(judge),
        }
        self
    }

    /// The keys that stand in the file more than once, when it was read or looked at to its end.
    #[must_use]
    pub fn repeated_keys(self) -> RepeatedKeys {
        match self.keys {
            Keys::Noted(notes) => notes.finish(),
            Keys::Settled(_) => RepeatedKeys::default(),
        }
    }

    /// Whether the file is text.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.encoding.is_some()
    }

    /// The encoding of rows that are in another than the file, where that is known.
    #[must_use]
    pub fn odd_encoding(&self) -> Option<&'static str> {
        self.encoding.and_then(|it| it.odd).map(Encoding::name)
    }

    /// How many rows so far were read in another encoding than the file.
    #[must_use]
    pub fn odd_rows(&self) -> Option<domain::OddRows> {
        let OddRows { rows, line } = self.rows.odd_rows();
        let encoding = self.odd_encoding()?.to_owned();
        (rows > 0).then_some(domain::OddRows { encoding, rows, line })
    }

    /// The encoding in which the text reads better than in the one that is declared for it.
    #[must_use]
    pub fn likelier_encoding(&self) -> Option<&'static str> {
        self.likelier.map(Encoding::name)
    }

    /// Whether the file tells its encoding from others that are about as common, so that it is known of
    /// the next file, too.
    #[must_use]
    pub fn tells_encoding(&self) -> bool {
        self.is_proof
    }

    /// Passes over the next row, notes its key and shows its wanted values; `false` at the end.
    ///
    /// # Errors
    /// When the input fails.
    pub fn glance(
        &mut self,
        wanted: &Wanted,
        show: &mut dyn FnMut(Glance<'_>),
    ) -> Result<bool, AcquireError> {
        let unreadable = |cause| AcquireError::Unreadable { file: self.file.clone(), cause };
        let mut none = KeyNotes::default();
        let notes = match &mut self.keys {
            Keys::Noted(notes) => notes,
            Keys::Settled(_) => &mut none,
        };
        self.rows.glance(wanted, show, notes).map_err(unreadable)
    }

    /// Bytes of text dealt with so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.rows.bytes_read()
    }

    /// How the file is read: `csv, UTF-8, comma`.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The columns that are called the same but for case as one that is read, and are not read.
    #[must_use]
    pub fn same_names(&self) -> &[SameName] {
        self.rows.same_names()
    }

    /// Cells so far that are not kept as somebody would think.
    #[must_use]
    pub fn odd_cells(&self) -> Vec<OddCells> {
        self.rows.odd_cells()
    }

    /// The encoding of a text: `windows-1252`.
    #[must_use]
    pub fn encoding(&self) -> Option<&'static str> {
        self.encoding.map(|it| it.of.name())
    }

    /// What parts the cells of delimited text: `semicolon`.
    #[must_use]
    pub fn delimiter(&self) -> Option<&str> {
        self.rows.detail()
    }

    /// The header as it stands in the file, without its line end: before mended rows of the
    /// quarantine it makes them a file again. `None` where the format has no header.
    #[must_use]
    pub fn header_line(&self) -> Option<&str> {
        self.rows.header_line()
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("description", &self.description).finish_non_exhaustive()
    }
}

impl Iterator for Reader {
    type Item = Result<Delivered, AcquireError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            let delivered = self.ready.pop_front()?;
            return Some(Ok(self.noted(delivered)));
        }
        if self.kept.is_hopeless(self.read) {
            self.ended = true;
            return Some(Err(AcquireError::Hopeless { file: self.file.clone(), rows: self.read }));
        }
        if let Some(delivered) = self.ready.pop_front() {
            return Some(Ok(self.noted(delivered)));
        }
        loop {
            match self.rows.next_row() {
                Ok(Some(delivered)) => {
                    let delivered = match delivered {
                        Delivered::Row(row) => self.settled(row),
                        other => {
                            if let Keys::Settled(settling) = &mut self.keys {
                                settling.is_parted();
                            }
                            Some(other)
                        }
                    };
                    if let Some(delivered) = delivered {
                        return Some(Ok(self.noted(delivered)));
                    }
                }
                Ok(None) => return self.end().map(|delivered| Ok(self.noted(delivered))),
                Err(cause) => {
                    self.ended = true;
                    let file = self.file.clone();
                    return Some(Err(AcquireError::Unreadable { file, cause }));
                }
            }
        }
    }
}

impl Reader {
    /// Counts what is delivered.
    fn noted(&mut self, mut delivered: Delivered) -> Delivered {
        match &mut delivered {
            Delivered::Row(_) => self.read += 1,
            Delivered::Quarantined(row) => {
                self.read += 1;
                self.kept.note(row);
            }
            Delivered::Skipped(_) => {}
        }
        delivered
    }

    /// What becomes of a row: of one whose key stands in the file more than once, whatever is
    /// settled with it. The first is given, others are ready.
    fn settled(&mut self, row: Row) -> Option<Delivered> {
        if let Some(reason) = self.judge.as_ref().and_then(|judge| judge(&row))
            && let Some(aside) = self.rows.set_aside(reason)
        {
            if let Keys::Settled(settling) = &mut self.keys {
                settling.is_parted();
                settling.is_set_aside(&row);
            }
            let key = (self.has_own_keys && !row.key.is_empty()).then(|| row.key.to_string());
            let named = named(self.is_stream, &row);
            return Some(Delivered::Quarantined(QuarantinedRow { key, named, ..aside }));
        }
        match &mut self.keys {
            Keys::Noted(notes) => {
                notes.note_key(&row.key);
                Some(Delivered::Row(row))
            }
            Keys::Settled(settling) if settling.is_no_customer(&row) => {
                settling.is_parted();
                let reason = QuarantineReason::OddKey { column: self.key.clone() };
                let key = Some(row.key.to_string());
                let named = named(self.is_stream, &row);
                Some(match self.rows.set_aside(reason) {
                    Some(aside) => Delivered::Quarantined(QuarantinedRow { key, named, ..aside }),
                    None => Delivered::Row(row),
                })
            }
            Keys::Settled(settling) if settling.concerns(&row) => {
                let has_key = !row.key.is_empty();
                let reason = match has_key {
                    true => QuarantineReason::RepeatedKey { first: row.line, apart: false },
                    false => QuarantineReason::MissingKey { column: self.key.clone(), lost: None },
                };
                let Some(aside) = self.rows.set_aside(reason) else {
                    return has_key.then_some(Delivered::Row(row));
                };
                let key = has_key.then(|| row.key.to_string());
                let named = named(self.is_stream, &row);
                self.ready.extend(settling.take(row, QuarantinedRow { key, named, ..aside }));
                self.ready.pop_front()
            }
            Keys::Settled(settling) => {
                settling.is_parted();
                Some(Delivered::Row(row))
            }
        }
    }

    /// The file has ended: whatever waited for its end is ready.
    fn end(&mut self) -> Option<Delivered> {
        self.ended = true;
        let mut skipped = self.rows.skipped();
        if let Keys::Settled(settling) = &mut self.keys {
            self.ready.extend(settling.finish());
            skipped.repeated = settling.repeated;
            (skipped.joined, skipped.differing) = (settling.joined, settling.differing);
        }
        if !skipped.is_empty() {
            self.ready.push_back(Delivered::Skipped(skipped));
        }
        self.ready.pop_front()
    }
}

/// What the bytes of all of a text tell.
pub(super) struct Told {
    /// What it is in.
    pub encoding: RowEncoding,
    /// What it reads better in than in what it is said to be in.
    pub likelier: Option<Encoding>,
    /// Whether the text tells its encoding from others that are about as common.
    pub is_proof: bool,
    /// What leaves a question about how it is written.
    pub marks: Marks,
}

/// The encoding of a file, as it is said or as all of it tells, and what else all of it tells.
pub(super) fn told_by_all(
    input: &Input,
    marked: Option<Encoding>,
    source: &Source,
    options: &Options,
) -> Result<Told, AcquireError> {
    let named = |name: &Option<String>| name.as_deref().and_then(Encoding::named);
    let said = marked.or_else(|| named(&options.encoding));
    let mut detector = Detector::new();
    let mut marks = Marks::default();
    let mut folds = None;
    let mut input = input.from_the_beginning();
    let mut buffer = vec![0; PIECE];
    loop {
        let read = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            // The first part of it can be read: it fails again where that ends.
            Err(_) => break,
        };
        marks.feed(&buffer[..read]);
        if !options.is_looked_at {
            match folds.get_or_insert_with(|| vcard::Folds::of(&buffer[..read])) {
                Some(folds) => detector.feed(&folds.without(&buffer[..read])),
                None => detector.feed(&buffer[..read]),
            }
        }
    }
    let hints = hints_of(options);
    if let Some(of) = said {
        if options.is_looked_at {
            let odd = named(&options.odd_encoding);
            return Ok(Told {
                encoding: RowEncoding { of, odd },
                likelier: None,
                is_proof: true,
                marks,
            });
        }
        if of != Encoding::Utf8 {
            let encoding = RowEncoding { of, odd: Some(Encoding::Utf8) };
            let likelier = detector.likelier(of, &hints);
            return Ok(Told { encoding, likelier, is_proof: true, marks });
        }
        let odd = odd_in_utf8(detector, hints);
        return Ok(Told {
            encoding: RowEncoding { of, odd },
            likelier: None,
            is_proof: true,
            marks,
        });
    }
    match detector.finish(hints) {
        Found::Sure(encoding) => {
            let is_proof = detector.tells(encoding.of);
            Ok(Told { encoding, likelier: None, is_proof, marks })
        }
        Found::Unread(encoding) => {
            Err(AcquireError::UnreadEncoding { file: options.file.clone(), encoding })
        }
        Found::Unsure(readings) => {
            let readings = readings
                .into_iter()
                .map(|(encoding, words)| EncodingReading { encoding: encoding.name(), words });
            Err(AcquireError::UnsureEncoding {
                file: options.file.clone(),
                source_name: source.name.to_string(),
                readings: readings.collect(),
            })
        }
    }
}

/// What is known of the encoding besides the bytes.
pub(super) fn hints_of(options: &Options) -> Hints {
    let recorded = options.recorded_encoding.as_deref().and_then(Encoding::named);
    Hints { region: options.region.clone(), recorded, guessed: None }
}

/// The encoding of odd rows in a file that is said to be UTF-8.
fn odd_in_utf8(mut detector: Detector, hints: Hints) -> Option<Encoding> {
    match detector.finish(hints) {
        Found::Sure(found) if found.of == Encoding::Utf8 => found.odd,
        Found::Sure(found) => Some(found.of),
        Found::Unsure(_) | Found::Unread(_) => None,
    }
}

/// Bytes looked at at once.
const PIECE: usize = 64 << 10;

#[cfg(test)]
pub(super) mod tests;
