//! What is kept for the few things that differ from the rest, as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::scores::GroupScores;
use crate::domain::{
    BulkId, CustomerState, DecisionId, Group, MatchRunId, RecordState, Sequence, Task, TaskId,
    Verdict,
};

/// An event's place in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The commit.
    pub sequence: Sequence,
    /// The event's index in it.
    pub index: u16,
}

/// The groups by score of the last matching run that counted all there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountedScores {
    /// The run.
    pub run: MatchRunId,
    /// Where it ended.
    pub place: Place,
    /// Its groups.
    pub scores: GroupScores,
}

/// The next free numbers, and where the things of which there is one stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counters {
    /// Next record: also how many there ever were.
    pub records: u32,
    /// How many of them were erased.
    #[serde(default)]
    pub erased: u32,
    /// Next customer; customers count from 1.
    pub customers: u32,
    /// Next task.
    pub tasks: u32,
    /// Next decision.
    pub decisions: u32,
    /// Next bulk.
    pub bulks: u32,
    /// Next import.
    pub imports: u32,
    /// Next matching run.
    pub runs: u32,
    /// The settings in force.
    pub settings: Option<Place>,
    /// The last matching run.
    pub matched: Option<Place>,
}

impl Counters {
    /// How many records there are.
    #[must_use]
    pub fn present_records(&self) -> u32 {
        self.records.saturating_sub(self.erased)
    }
}

/// What people put over a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordEntry {
    /// The layers.
    pub state: RecordState,
    /// The last commit that changed them.
    pub version: Sequence,
}

/// A customer that is not just one untouched record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerEntry {
    /// Its facts.
    pub state: CustomerState,
    /// The last commit that touched it.
    pub version: Sequence,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskEntry {
    /// The task.
    pub task: Task,
    /// The last commit that touched it.
    pub version: Sequence,
}

/// A decision, without what it says in words and values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionEntry {
    /// Where it stands whole.
    pub place: Place,
    /// The verdict.
    pub verdict: Verdict,
    /// The task it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// Who belongs together, who apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// The decisions it takes back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reverses: Vec<DecisionId>,
    /// The bulk it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<BulkId>,
    /// The decision that took it back, while that one stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<DecisionId>,
}

impl DecisionEntry {
    /// Whether it has not been taken back.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.undone_by.is_none()
    }
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportEntry {
    /// Where it began.
    pub started: Place,
    /// Where it ended; none: it was interrupted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Place>,
    /// Fingerprint of source and file name: a later import of the same file replaces its
    /// quarantine.
    pub file: u64,
    /// Its rows that are in quarantine now, by the kind of their reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub quarantined: BTreeMap<String, u32>,
}

/// A quarantined row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineEntry {
    /// Where it stands whole.
    pub place: Place,
    /// The kind of its reason: what is counted, without a word of the row.
    pub reason: String,
}
