//! What an import counts, and the rows it could not use.

use serde::{Deserialize, Serialize};

use super::ImportId;

/// The counts of one import. `read` is the sum of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportReport {
    /// Rows read, header not counted.
    pub read: u64,
    /// Rows that became new records.
    pub new: u64,
    /// Rows that revised a known record.
    pub changed: u64,
    /// Rows equal to what is known.
    pub unchanged: u64,
    /// Rows that could not become records.
    pub quarantined: u64,
    /// Rows of people who were erased: left out.
    #[serde(default)]
    pub suppressed: u64,
}

/// A row that could not become a record, kept whole.
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
    /// Its key, where that can be told. In the ledger it stands in the text only.
    #[serde(skip)]
    pub key: Option<String>,
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
    /// The key column is empty.
    MissingKey {
        /// The column.
        column: String,
    },
    /// The key occurred before in the same file.
    RepeatedKey {
        /// Line of the first occurrence.
        first: u64,
    },
    /// Longer than the limit.
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A quote was opened and never closed.
    UnclosedQuote,
    /// Not a JSON object.
    NotAnObject {
        /// What the parser says, without any value.
        detail: String,
    },
}

impl QuarantineReason {
    /// The kind of the reason, without its details: what is counted.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            QuarantineReason::Ragged { .. } => "another number of fields than the header",
            QuarantineReason::BadEncoding { .. } => "bytes that are no text",
            QuarantineReason::MissingKey { .. } => "no key",
            QuarantineReason::RepeatedKey { .. } => "a key that came before",
            QuarantineReason::TooLong { .. } => "too long",
            QuarantineReason::UnclosedQuote => "a quote that is never closed",
            QuarantineReason::NotAnObject { .. } => "not a JSON object",
        }
    }
}

impl std::fmt::Display for QuarantineReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            QuarantineReason::Ragged { expected, found } => {
                write!(f, "{found} fields where the header has {expected}")
            }
            QuarantineReason::BadEncoding { encoding } => {
                write!(f, "bytes that are not {encoding}")
            }
            QuarantineReason::MissingKey { column } => write!(f, "no key in column `{column}`"),
            QuarantineReason::RepeatedKey { first } => {
                write!(f, "its key stands in line {first} already")
            }
            QuarantineReason::TooLong { limit } => write!(f, "longer than {limit} bytes"),
            QuarantineReason::UnclosedQuote => f.write_str("a quote that is never closed"),
            QuarantineReason::NotAnObject { detail } => write!(f, "not a JSON object: {detail}"),
        }
    }
}
