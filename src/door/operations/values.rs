//! The distinct values of a field, what their code lists hold, and corrections of many records that hold
//! one value.

use serde::{Deserialize, Serialize};

use domain::{BulkId, FieldName, ReasonCode, RecordAddress, SourceName};

/// Counts the distinct values of a field. What was counted is kept for the session that asked, in the
/// place of what it had counted before; [`Values`] shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountValues {
    /// The field.
    pub field: FieldName,
    /// Only records of this source.
    pub source: Option<SourceName>,
    /// Which values.
    pub of: ValuesOf,
}

/// Which values of a field are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValuesOf {
    /// Those of records as they count: harmonised, corrections applied.
    #[default]
    Standard,
    /// Those of records as they were delivered.
    Raw,
    /// Those of customers.
    Golden,
}

/// The values that this session counted last, the most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// At most so many.
    pub limit: usize,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// The records that hold one of some values, as this session counted them; refused where they are more
/// than one bulk may correct.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holders {
    /// The values.
    pub values: Vec<String>,
    /// Whether it may be recorded that somebody asked, where the field is masked; refused otherwise.
    pub unmask: bool,
}

/// Judges or carries out the same correction of a few records; each is a decision of its own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectSome {
    /// The field.
    pub field: FieldName,
    /// Which values are meant.
    pub of: ValuesOf,
    /// A record that holds none of these any more is left alone.
    pub from: Vec<String>,
    /// What is right; an empty text removes the value.
    pub to: String,
    /// The records.
    pub records: Vec<RecordAddress>,
    /// A reason from the closed list.
    pub reason: Option<ReasonCode>,
    /// A note.
    pub note: Option<String>,
    /// The bulk they belong to; `None` means a new one.
    pub bulk: Option<BulkId>,
    /// How many more of the bulk follow these records.
    pub left: u64,
    /// Only say what would be done.
    pub rehearse: bool,
}

/// Counts, of every field with a code list, what records hold that no list does, and which codes nobody
/// delivers. [`CodeLists`] shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountCodes {}

/// What this session counted of the code lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeLists {
    /// At most so many values of each field.
    pub limit: usize,
}

/// Without the values.
impl std::fmt::Debug for Holders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Holders").field("values", &self.values.len()).finish()
    }
}

/// Without the values.
impl std::fmt::Debug for CorrectSome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CorrectSome")
            .field("field", &self.field)
            .field("records", &self.records.len())
            .field("bulk", &self.bulk)
            .field("rehearse", &self.rehearse)
            .finish_non_exhaustive()
    }
}
