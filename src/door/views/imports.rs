//! Imports, their quarantine, and work under way.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{ImportId, ImportReport, Shown, SourceName};

/// The imports, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportsView {
    /// The latest.
    pub imports: Vec<ImportView>,
    /// How many there are in all.
    pub total: u64,
    /// The sources that `steward.toml` names.
    pub sources: Vec<SourceName>,
    /// What is under way.
    pub job: Option<JobView>,
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// Its id.
    pub import: ImportId,
    /// The source.
    pub source: SourceName,
    /// The file's name without folders.
    pub file: String,
    /// Format, encoding and delimiter as detected.
    pub format: String,
    /// Who.
    pub actor: String,
    /// When it began.
    pub started: Timestamp,
    /// When it reached the end of the file, and what it counted; none: it was interrupted, or is
    /// under way.
    pub finished: Option<(Timestamp, ImportReport)>,
    /// Its rows that are in quarantine now, by reason.
    pub quarantined: Vec<(String, u64)>,
}

impl ImportView {
    /// How many of its rows are in quarantine now.
    #[must_use]
    pub fn in_quarantine(&self) -> u64 {
        self.quarantined.iter().map(|(_, count)| count).sum()
    }
}

/// The first rows of an import that are in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineView {
    /// The import.
    pub import: ImportId,
    /// The rows, by line.
    pub rows: Vec<QuarantinedRowView>,
    /// Whether there may be more.
    pub more: bool,
}

/// A row that could not become a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedRowView {
    /// Line of the file where it begins.
    pub line: u64,
    /// Why.
    pub reason: String,
    /// Its text.
    pub text: Shown,
}

/// Long work under way, or just ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    /// What kind of work it is.
    pub kind: JobKind,
    /// What it does, in words: `importing crm.csv`.
    pub what: String,
    /// The phase it is in: `comparing`. Empty for work of one phase.
    pub phase: String,
    /// The import, where it is one.
    pub import: Option<ImportId>,
    /// Rows done, or units of the phase.
    pub done: u64,
    /// Units of the phase, where they are known.
    pub total: Option<u64>,
    /// It was asked to stop and will.
    pub stopping: bool,
    /// How it ended; none: it has not.
    pub ended: Option<JobEnd>,
}

/// A kind of long work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// A file is imported.
    Import,
    /// Records are matched.
    Match,
}

impl JobKind {
    /// Its name with an article.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            JobKind::Import => "an import",
            JobKind::Match => "a match",
        }
    }

    /// What completes one that was stopped.
    #[must_use]
    pub fn completed_by(self) -> &'static str {
        match self {
            JobKind::Import => "importing the file again completes it",
            JobKind::Match => "the next match completes it",
        }
    }
}

/// How long work ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobEnd {
    /// It is done: its report, a sentence each.
    Done(Vec<String>),
    /// It was stopped; what was committed stays.
    Cancelled,
    /// It failed; what was committed stays.
    Failed(String),
}
