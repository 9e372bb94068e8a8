//! The distinct values of a field, and what the code lists make of them.

use serde::{Deserialize, Serialize};

use crate::BulkOutcome;
use crate::operations::ValuesOf;
use crate::views::{NeedsApproval, TypedValue};
use domain::{CustomerId, FieldName, FieldType, RecordAddress, Shown, SourceName};

/// What was counted, without a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValuesCounted {
    /// The fields.
    pub fields: Vec<FieldName>,
    /// Records, or customers, that were looked at.
    pub looked_at: u64,
    /// Distinct values.
    pub distinct: u64,
}

/// The distinct values of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValuesView {
    /// The field.
    pub field: FieldName,
    /// Its type.
    pub field_type: FieldType,
    /// The source whose records were counted; `None` means all.
    pub source: Option<SourceName>,
    /// Which values.
    pub of: ValuesOf,
    /// Records, or customers, that were counted.
    pub counted: u64,
    /// Those without a value.
    pub absent: u64,
    /// Distinct values there are.
    pub distinct: u64,
    /// Whether the values are masked: then nothing is said of which are alike.
    pub masked: bool,
    /// The most frequent values.
    pub rows: Vec<ValueRow>,
    /// Values that are probably one.
    pub clusters: Vec<ClusterView>,
    /// How many of the most frequent values were compared with each other; 0: values of such a field are
    /// not.
    pub compared: u64,
}

/// A value with its counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueRow {
    /// The value.
    pub value: Shown,
    /// Records, or customers, that hold it.
    pub count: u64,
    /// Those whose value could not be read.
    pub unreadable: u64,
    /// The same by source, the most first.
    pub sources: Vec<(SourceName, u64)>,
}

/// Values that are probably one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterView {
    /// What relates them, in words: `the same words`.
    pub why: String,
    /// The values, the most frequent first.
    pub rows: Vec<ValueRow>,
    /// Records, or customers, that hold one of them.
    pub count: u64,
}

/// The records that hold some values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldersView {
    /// The records, in the order of first import.
    pub records: Vec<RecordAddress>,
    /// Records that hold each value, in the order in which they were asked for.
    pub of_each: Vec<u64>,
    /// Their customers.
    pub customers: u64,
    /// Records whose value is a correction by a person already.
    pub corrected: u64,
    /// Customers whose golden value is pinned: it stays.
    pub pinned: u64,
}

/// What came of the same correction of a few records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectedSome {
    /// One result for each record, in order, until something failed.
    pub outcome: BulkOutcome,
    /// Of a rehearsal: the golden values that would change, each record taken by itself.
    pub golden: Vec<GoldenChange>,
    /// Of a rehearsal: how what was typed is read, where that is something else; beside other values of
    /// a record it may be read otherwise.
    #[serde(default)]
    pub typed: Vec<TypedValue>,
    /// Of a rehearsal: who has to approve some of them, and how many those are: they would only be proposed.
    #[serde(default)]
    pub needs: Vec<(NeedsApproval, u64)>,
}

impl CorrectedSome {
    /// Notes that so many more would only be proposed.
    pub fn needs_too(&mut self, needed: NeedsApproval, many: u64) {
        match self.needs.iter_mut().find(|(known, _)| *known == needed) {
            Some((_, count)) => *count += many,
            None => self.needs.push((needed, many)),
        }
    }
}

/// A golden value that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoldenChange {
    /// The customer.
    pub customer: CustomerId,
    /// The field.
    pub field: FieldName,
    /// What it is.
    pub before: Option<Shown>,
    /// What it would be.
    pub after: Option<Shown>,
}

/// What records hold beside what the code lists do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeListsView {
    /// Records that were looked at.
    pub records: u64,
    /// Each field with a code list.
    pub lists: Vec<CodeListView>,
}

/// What records hold of a field beside what its code list does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeListView {
    /// The field.
    pub field: FieldName,
    /// Distinct values, as delivered, that no list holds.
    pub unlisted: u64,
    /// The most frequent of them, each with the words that are nearest to it.
    pub values: Vec<(ValueRow, Vec<String>)>,
    /// Codes that nobody delivers, with the source whose own list has them.
    pub undelivered: Vec<(Option<SourceName>, String)>,
    /// Records that were read before the list was as it is: their values are not its words.
    pub outdated: u64,
    /// Records with a value that is in no list and that its type reads all the same.
    #[serde(default)]
    pub beside: u64,
}
