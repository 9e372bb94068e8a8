//! Imports and their quarantine.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::JobView;
use domain::{Evidence, ImportId, ImportReport, Place, Reading, Shown, SourceName, StreamName};

/// The imports, latest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportsView {
    /// The latest.
    pub imports: Vec<ImportView>,
    /// How many there are in all.
    pub total: u64,
    /// The sources that `steward.toml` names.
    pub sources: Vec<SourceName>,
    /// What is under way.
    pub job: Option<Box<JobView>>,
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// Its id.
    pub import: ImportId,
    /// The source.
    pub source: SourceName,
    /// The stream that it delivered; none: its rows are records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamName>,
    /// The file's name without folders.
    pub file: String,
    /// Format, encoding and delimiter as detected.
    pub format: String,
    /// How it was read; `None` for imports from before this was recorded.
    pub reading: Option<Reading>,
    /// Who.
    pub actor: String,
    /// How they came; none from before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// When it began.
    pub started: Timestamp,
    /// When it reached the end of the file, and what it counted; `None` means it was interrupted,
    /// or is under way.
    pub finished: Option<(Timestamp, ImportReport)>,
    /// Its rows that are in quarantine now, by reason.
    pub quarantined: Vec<(String, u64)>,
}

impl ImportView {
    /// What its rows are numbered by.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::of_format(&self.format)
    }

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
    /// What its rows are numbered by.
    #[serde(default)]
    pub place: Place,
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
