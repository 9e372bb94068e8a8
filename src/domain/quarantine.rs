//! The rows that an import could not use, and why.

use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprinter;
use super::{Fingerprint, ImportId, Place, SourceName, counted};

/// A row that could not become a record, kept whole unless it is too long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedRow {
    /// Line of the file where the row begins, counted from 1.
    pub line: u64,
    /// Why.
    pub reason: QuarantineReason,
    /// The row's text; bytes that are not text are replaced, and `bytes` then holds the original.
    pub text: String,
    /// The row's bytes in hexadecimal, where `text` could not hold them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
    /// Its length in bytes, where only its beginning is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    /// Its key, where that can be told. In the ledger it stands in the text only.
    #[serde(skip)]
    pub key: Option<String>,
    /// Of a row of a stream, the key of the source's record that it names, where that can be told. As its key.
    #[serde(skip)]
    pub named: Option<String>,
}

impl QuarantinedRow {
    /// What tells the row when a file of its source comes again, whatever its line and whatever is wrong
    /// with it then.
    #[must_use]
    pub fn fingerprint(&self, source: &SourceName, fingerprinter: &Fingerprinter) -> Fingerprint {
        let bytes = self.bytes.as_deref().unwrap_or_default();
        fingerprinter.of(["row in quarantine", source.as_str(), self.text.as_str(), bytes])
    }

    /// What it is known again by when its file comes again: all of it but its line.
    #[must_use]
    pub fn content(&self) -> String {
        let bytes = self.bytes.as_deref().unwrap_or_default();
        format!("{}\n{}\n{bytes}", self.why(Place::Line), self.text)
    }

    /// How many rows of its file it may hold of which nobody can tell the key: its own, unless that is
    /// known, and, where a quote is not where it may be, one in each further line.
    #[must_use]
    pub fn nameless_rows(&self, has_key: bool) -> u64 {
        match self.reason {
            QuarantineReason::ColumnNames => 0,
            _ => self.further_rows() + u64::from(!has_key),
        }
    }

    fn further_rows(&self) -> u64 {
        let to = |last: u64| last.saturating_sub(self.line);
        match &self.reason {
            QuarantineReason::TooLong { extent: Some(extent), .. } => to(extent.last_line),
            QuarantineReason::RowsInQuotes { last_line } => to(*last_line),
            QuarantineReason::TextAfterQuote { .. } | QuarantineReason::Ragged { .. } => {
                let lines = self.text.lines().count() as u64;
                lines.saturating_sub(1).max(u64::from(self.length.is_some()))
            }
            _ => 0,
        }
    }

    /// Why, and how much of it is kept where that is not all.
    #[must_use]
    pub fn why(&self, place: Place) -> String {
        let reason = self.reason.told(place);
        match self.length {
            None => reason,
            Some(length) => {
                let kept = self.text.len();
                format!("{reason}; only the first {kept} of its {length} bytes are kept")
            }
        }
    }
}

/// How far a row goes that was set aside unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowExtent {
    /// Its length in bytes.
    pub bytes: u64,
    /// Its last line.
    pub last_line: u64,
    /// Whether its end was found; else a quote was opened in it and never closed.
    pub is_closed: bool,
}

/// Where a quarantined row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct QuarantinedPlace {
    /// The import that quarantined it.
    pub import: ImportId,
    /// Its line in the file.
    pub line: u64,
}

/// Why a row was quarantined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuarantineReason {
    /// Another number of fields than the header.
    Ragged {
        /// Fields in the header.
        expected: usize,
        /// Fields in the row.
        found: usize,
    },
    /// Bytes that the file's encoding does not allow.
    BadEncoding {
        /// The encoding the file was read in.
        encoding: String,
    },
    /// There is no key in the key column.
    MissingKey {
        /// The column.
        column: String,
        /// What became of the one that stood there, without its value; none where nothing did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lost: Option<String>,
    },
    /// The key stands in the same file with other values.
    RepeatedKey {
        /// The other line; the first one in old ledgers.
        first: u64,
        /// Whether the rows of a record are to be joined, and these were too many, or too far apart.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        apart: bool,
    },
    /// Longer than the limit.
    TooLong {
        /// The limit in bytes.
        limit: usize,
        /// How far it goes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extent: Option<RowExtent>,
        /// The column in which it passed the limit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        column: Option<String>,
    },
    /// A quote was opened and never closed.
    UnclosedQuote,
    /// A quoted cell goes over lines that look like rows: a stray quote may have opened it.
    RowsInQuotes {
        /// The line in which it ends.
        last_line: u64,
    },
    /// Something stands between a closing quote and the next delimiter or line end.
    TextAfterQuote {
        /// The line of the file in which it stands.
        line: u64,
        /// The column.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        column: Option<String>,
    },
    /// A floating-point number of more digits than such numbers hold.
    DigitsLost {
        /// The column.
        column: String,
    },
    /// A floating-point number that is infinite.
    Infinite {
        /// The column.
        column: String,
    },
    /// Bytes that are no text in a mapped column.
    Binary {
        /// The column.
        column: String,
    },
    /// A formula, without the value that came of it.
    NotComputed {
        /// The column.
        column: String,
    },
    /// Not a JSON object.
    NotAnObject {
        /// What the parser says, without any value.
        detail: String,
    },
    /// Not a card of an address book.
    NotACard {
        /// What is wrong with it, without any value.
        detail: String,
    },
    /// A mapped column holds several values, a list or an object, where one is read.
    Nested {
        /// The column.
        column: String,
        /// The dotted name of the first value in it.
        path: String,
    },
    /// It stands above the header, and looks like a row of the table.
    AboveHeader {
        /// Where the header stands.
        header: u64,
    },
    /// A JSON object without a column that its source must deliver.
    Lacks {
        /// The column.
        column: String,
    },
    /// Rows that follow each other seem to be one: a line break stands in a cell that is not quoted.
    BrokenRow {
        /// The line in which it begins.
        first: u64,
        /// The line to which it goes on.
        last: u64,
    },
    /// It holds the names of columns, or their types.
    ColumnNames,
    /// A header within the file has other columns than the first one, or has them in another order.
    OtherOrder {
        /// Where that header stands.
        header: u64,
    },
    /// An activity without a time, or with one that cannot be read.
    NoTime {
        /// The column.
        column: String,
    },
    /// An activity later than the day after its import.
    InTheFuture {
        /// The column.
        column: String,
    },
    /// A sum of an activity that cannot be read, or has more than four decimals.
    NotAnAmount {
        /// The column.
        column: String,
    },
    /// A currency of an activity that ISO 4217 does not know.
    NotACurrency {
        /// The column.
        column: String,
    },
    /// An activity whose kind cannot be told.
    NoKind {
        /// The column.
        column: String,
    },
    /// A key unlike those of the other rows, with hardly anything beside it or a sign before it.
    OddKey {
        /// The column of the key.
        column: String,
    },
}

impl QuarantineReason {
    /// The detail of a line that is no JSON at all.
    pub const NOT_JSON: &'static str = "not JSON";

    /// The kind of a key that stands in the same file with other values.
    pub const REPEATED_KEY: &'static str = "a key that another row has, too";

    /// The kind of the reason, without its details: what is counted.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            QuarantineReason::Ragged { .. } => "another number of fields than the header",
            QuarantineReason::BadEncoding { .. } => "bytes that are no text",
            QuarantineReason::MissingKey { .. } => "no key",
            QuarantineReason::RepeatedKey { apart: false, .. } => Self::REPEATED_KEY,
            QuarantineReason::RepeatedKey { apart: true, .. } => "rows too far apart to be joined",
            QuarantineReason::TooLong {
                extent: Some(RowExtent { is_closed: false, .. }), ..
            } => "a quote that is never closed",
            QuarantineReason::TooLong { .. } => "too long",
            QuarantineReason::UnclosedQuote => "a quote that is never closed",
            QuarantineReason::RowsInQuotes { .. } => "rows inside of quotes",
            QuarantineReason::TextAfterQuote { .. } => "text after a closing quote",
            QuarantineReason::DigitsLost { .. } => "a number that lost digits",
            QuarantineReason::Infinite { .. } => "an infinite number",
            QuarantineReason::Binary { .. } => "binary data in a mapped column",
            QuarantineReason::NotComputed { .. } => "a formula without its value",
            QuarantineReason::NotAnObject { .. } => "not a JSON object",
            QuarantineReason::NotACard { .. } => "not a vCard",
            QuarantineReason::Nested { .. } => "several values in a mapped column",
            QuarantineReason::AboveHeader { .. } => "above the header",
            QuarantineReason::Lacks { .. } => "without a required column",
            QuarantineReason::BrokenRow { .. } => "part of a row with a line break in it",
            QuarantineReason::ColumnNames => "names of columns",
            QuarantineReason::OtherOrder { .. } => "below a header with other columns",
            QuarantineReason::OddKey { .. } => "a key unlike all others",
            QuarantineReason::NoTime { .. } => "no time",
            QuarantineReason::InTheFuture { .. } => "a time in the future",
            QuarantineReason::NotAnAmount { .. } => "an amount that cannot be read",
            QuarantineReason::NotACurrency { .. } => "an unknown currency",
            QuarantineReason::NoKind { .. } => "no kind",
        }
    }
}

impl std::fmt::Display for QuarantineReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.write(f, Place::Line)
    }
}

/// A reason, where rows are numbered by that.
struct Told<'r>(&'r QuarantineReason, Place);

impl std::fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.write(f, self.1)
    }
}

impl QuarantineReason {
    /// The reason, where rows are numbered by that.
    #[must_use]
    pub fn told(&self, place: Place) -> String {
        Told(self, place).to_string()
    }

    /// Quotes and lengths are told of text only, whose lines are lines.
    fn write(&self, f: &mut std::fmt::Formatter<'_>, place: Place) -> std::fmt::Result {
        match self {
            QuarantineReason::Ragged { expected, found } => {
                let found = counted(*found as u64, "field", "fields");
                write!(f, "{found} where the header has {expected}")
            }
            QuarantineReason::BadEncoding { encoding } => {
                write!(f, "bytes that are not {encoding}")
            }
            QuarantineReason::MissingKey { column, lost } => {
                write!(f, "no key in column `{column}`")?;
                lost.as_ref().map_or(Ok(()), |lost| write!(f, ": {lost}"))
            }
            QuarantineReason::RepeatedKey { first, apart: false } => {
                write!(f, "{place} {first} has the same key")
            }
            QuarantineReason::RepeatedKey { first, apart: true } => write!(
                f,
                "{place} {first} has the same key, and its rows are too many or too far apart to be one \
                 record: sort the file by its key"
            ),
            QuarantineReason::TooLong { limit, extent, column } => {
                let column =
                    column.as_ref().map_or(String::new(), |it| format!(" in column `{it}`"));
                match extent {
                    None => write!(f, "longer than {limit} bytes"),
                    Some(RowExtent { last_line, is_closed: true, .. }) => write!(
                        f,
                        "too long: it passes {limit} bytes{column} and ends in line {last_line}"
                    ),
                    Some(RowExtent { last_line, .. }) => write!(
                        f,
                        "a quote that is never closed{column}: everything up to line {last_line} is \
                         set aside"
                    ),
                }
            }
            QuarantineReason::UnclosedQuote => f.write_str("a quote that is never closed"),
            QuarantineReason::RowsInQuotes { last_line } => write!(
                f,
                "a quoted cell runs to line {last_line}, across lines that look like rows: is there \
                 a stray quote?"
            ),
            QuarantineReason::TextAfterQuote { line, column } => {
                write!(f, "text after a closing quote in line {line}")?;
                column.as_ref().map_or(Ok(()), |column| write!(f, ", column `{column}`"))
            }
            QuarantineReason::DigitsLost { column } => write!(
                f,
                "a number in column `{column}` has more digits than the file can hold: the last \
                 ones are lost, unless the column is stored as text"
            ),
            QuarantineReason::Infinite { column } => {
                write!(f, "column `{column}` is infinite, which is not a number")
            }
            QuarantineReason::Binary { column } => {
                write!(f, "column `{column}` holds binary data, but only text is read")
            }
            QuarantineReason::NotComputed { column } => write!(
                f,
                "the formula in column `{column}` was saved without its value: open the workbook in a \
                 spreadsheet program, save it there, and import it again"
            ),
            QuarantineReason::NotAnObject { detail } if detail == Self::NOT_JSON => {
                f.write_str("this line is not JSON")
            }
            // It says by itself what is wrong with the object.
            QuarantineReason::NotAnObject { detail } if detail.ends_with(" is mapped") => {
                f.write_str(detail)
            }
            QuarantineReason::NotAnObject { detail } => write!(f, "not a JSON object: {detail}"),
            QuarantineReason::NotACard { detail } => write!(f, "not a vCard: {detail}"),
            QuarantineReason::Nested { column, path } => write!(
                f,
                "`{column}` holds a list or an object, but one value is read: map a value in it by its \
                 dotted name, such as `{path}`"
            ),
            QuarantineReason::AboveHeader { header } => write!(
                f,
                "it is above the header ({place} {header}) but has as many cells as a row: if it is a \
                 customer, move it below the header"
            ),
            QuarantineReason::Lacks { column } => write!(f, "it has no `{column}`"),
            QuarantineReason::BrokenRow { first, last } => write!(
                f,
                "{place} {first} seems to continue in {place} {last}: is there a line break in a cell?"
            ),
            QuarantineReason::ColumnNames => f.write_str("it has column names and no values"),
            QuarantineReason::OtherOrder { header } => write!(
                f,
                "the header in {place} {header} has different columns from the first, or a different order: import \
                 the rows below it as a separate file"
            ),
            QuarantineReason::NoTime { column } => {
                write!(f, "column `{column}` does not say when it was")
            }
            QuarantineReason::InTheFuture { column } => {
                write!(f, "the time in column `{column}` is more than a day in the future")
            }
            QuarantineReason::NotAnAmount { column } => {
                write!(f, "column `{column}` does not hold an amount with at most four decimals")
            }
            QuarantineReason::NotACurrency { column } => write!(
                f,
                "column `{column}` does not hold a currency code of ISO 4217, such as EUR"
            ),
            QuarantineReason::NoKind { column } => {
                write!(f, "column `{column}` does not say what kind of activity it is")
            }
            QuarantineReason::OddKey { column } => write!(
                f,
                "column `{column}` holds a key unlike those of the other rows: is it a heading, a remark or \
                 a row that was commented out?"
            ),
        }
    }
}
