//! One source record, whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Disputed, HistoryEntry, ViolationView};
use domain::{
    CustomerId, DecisionId, FieldName, ImportId, Place, RecordAddress, Shown, TaskId, Vanished,
};

/// A source record with everything known about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordView {
    /// The record.
    pub record: RecordAddress,
    /// The time the view shows; `None` means now.
    pub at: Option<Timestamp>,
    /// The customer it belonged to then.
    pub customer: CustomerId,
    /// The revision, from 1.
    pub revision: u32,
    /// The import that delivered that revision.
    pub import: ImportId,
    /// When it was imported.
    pub imported: Timestamp,
    /// When the source says it was changed.
    pub updated: Option<Timestamp>,
    /// Line of the imported file.
    pub line: u64,
    /// What that number counts.
    #[serde(default)]
    pub place: Place,
    /// Its source no longer holds it, and what became of it.
    #[serde(default)]
    pub vanished: Option<Vanished>,
    /// The decision that set it aside, where it counts no more.
    #[serde(default)]
    pub quarantined: Option<DecisionId>,
    /// What was delivered as somebody else's, and nobody has taken as theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlaid: Option<OverlaidView>,
    /// The fields that have a value, in the order of the settings.
    pub values: Vec<RecordValueView>,
    /// Columns that nothing is read from, as delivered.
    pub unmapped: Vec<(String, Shown)>,
    /// Columns that are kept as delivered beside what is read from them.
    pub parts: Vec<KeptColumn>,
    /// The rules it breaks, by itself or as the record a golden value came from.
    pub violations: Vec<ViolationView>,
    /// Pending tasks about its customer; none for a time past.
    pub tasks: Vec<TaskId>,
    /// What happened to it, latest first.
    pub history: Vec<HistoryEntry>,
}

/// What was delivered of a record as somebody else's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverlaidView {
    /// The revision that was delivered last.
    pub revision: u32,
    /// The import that delivered somebody else.
    pub import: ImportId,
    /// Whether it is held back, and the former values are in force.
    pub held: bool,
    /// The decision that keeps the former values in force; none before anybody has decided.
    pub decision: Option<DecisionId>,
    /// What is not as it was before: the former value, and the delivered one.
    pub values: Vec<Disputed>,
}

/// A column that is kept beside what is read from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptColumn {
    /// The column.
    pub column: String,
    /// As delivered.
    pub value: Shown,
    /// The field it is a part of; `None` means it says when the record was changed, and cannot be
    /// read.
    pub of: Option<FieldName>,
    /// Whether it is all that was delivered for that field, and says that there is no value.
    pub absent: bool,
    /// Whether it is what other rows of the record said of that field, a line each.
    #[serde(default)]
    pub other: bool,
    /// Masked on screen until unmasked, as its field is.
    pub sensitive: bool,
}

/// One value of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordValueView {
    /// The field.
    pub field: FieldName,
    /// As delivered; `None` means the source delivers nothing, a person put the value there.
    pub delivered: Option<Shown>,
    /// Harmonised and corrected (as delivered where it could not be read).
    pub value: Shown,
    /// Whether it could be read as its field's type.
    pub readable: bool,
    /// The correction over it.
    pub correction: Option<DecisionId>,
    /// Whether that removed the value: what is delivered does not count.
    #[serde(default)]
    pub removed: bool,
    /// Masked on screen until unmasked.
    pub sensitive: bool,
}
