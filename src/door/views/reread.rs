//! What a reread did.

use serde::{Deserialize, Serialize};

use domain::counted;
use domain::{FieldName, ImportId, RecordAddress, Shown, SourceName};

/// What a reread did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RereadOutcome {
    /// The reread that was taken back, if this took one back.
    pub undoes: Option<ImportId>,
    /// Each source that was read.
    pub sources: Vec<RereadOf>,
    /// How many values of each field changed.
    pub fields: Vec<(FieldName, u64)>,
    /// How many values of each field could be read in several ways, and nothing says in which: they keep
    /// the value they had by the same type, and are unreadable by another.
    pub undecided: Vec<(FieldName, u64)>,
    /// How many values of each field cannot be read any more.
    #[serde(default)]
    pub unreadable: Vec<(FieldName, u64)>,
    /// How many values of each field stay as they are, since its column was not kept as text.
    #[serde(default)]
    pub lost: Vec<(FieldName, u64)>,
    /// Corrections that today's rules cannot read.
    #[serde(default)]
    pub corrections: u64,
    /// Pins that today's rules cannot read.
    #[serde(default)]
    pub pins: u64,
    /// Some of what changed.
    pub examples: Vec<RereadExample>,
    /// Tasks opened for records that are invalid now.
    pub tasks: u64,
}

/// What a reread did to one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RereadOf {
    /// The source.
    pub source: SourceName,
    /// Its id, by which it is undone; none where nothing changed, or nothing was written.
    pub import: Option<ImportId>,
    /// Records read.
    pub read: u64,
    /// Records that have other values now.
    pub changed: u64,
}

/// A value that is read otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RereadExample {
    /// The record.
    pub record: RecordAddress,
    /// The field.
    pub field: FieldName,
    /// As it was delivered.
    pub raw: Option<Shown>,
    /// As it was read before; none where it could not be, or there was none.
    pub before: Option<Shown>,
    /// As it is read now.
    pub after: Option<Shown>,
}

impl RereadOutcome {
    /// Records read, of all sources.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.sources.iter().map(|of| of.read).sum()
    }

    /// Records that have other values now.
    #[must_use]
    pub fn changed(&self) -> u64 {
        self.sources.iter().map(|of| of.changed).sum()
    }

    pub(super) fn sentences(&self) -> Vec<String> {
        let read = counted(self.read(), "record", "records");
        let mut lines = vec![format!("{read} read, {} changed", self.changed())];
        if self.tasks > 0 {
            let tasks = counted(self.tasks, "task", "tasks");
            lines.push(format!("{tasks} opened for invalid records"));
        }
        lines
    }
}
