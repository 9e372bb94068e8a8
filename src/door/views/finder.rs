//! Results of the finder.

use serde::{Deserialize, Serialize};

use domain::{CustomerId, Subject};

/// Something that resembles the typed text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinderHit {
    /// A task, a customer or a record.
    pub subject: Subject,
    /// The customer it is, belongs to or is first about.
    pub customer: Option<CustomerId>,
    /// The line searched and shown.
    pub line: String,
    /// Which characters of the line matched, counted from 0.
    pub positions: Vec<usize>,
    /// Whether it is a closed record, or a customer whose records are all closed.
    #[serde(default)]
    pub closed: bool,
    /// A task that waits no more, found by its id: `settled by D22`. Its history is what is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<String>,
}

/// What a search has found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinderReport {
    /// The best, best first.
    pub hits: Vec<FinderHit>,
    /// Texts looked at.
    pub searched: u64,
    /// Texts there are.
    pub of: u64,
    /// Commits of the ledger read into the index, and those there are.
    pub read: (u64, u64),
    /// Whether every text was looked at.
    pub finished: bool,
}
