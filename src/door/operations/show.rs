//! One thing, whole: records, customers, tasks, decisions, their history and their scores.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{CustomerId, DecisionId, ImportId, RecordAddress, Subject, TaskId};

/// One task with everything its screen needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowTask {
    /// The task.
    pub task: TaskId,
}

/// A comparison of customers that no task asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compare {
    /// The customers.
    pub customers: Vec<CustomerId>,
}

/// A source record, now or at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowRecord {
    /// Which.
    pub record: RecordAddress,
    /// When; none: now.
    pub at: Option<Timestamp>,
}

/// A customer, now or at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowCustomer {
    /// Which; a retired id is followed.
    pub customer: CustomerId,
    /// When; none: now.
    pub at: Option<Timestamp>,
}

/// A decision as it was recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowDecision {
    /// The decision.
    pub decision: DecisionId,
}

/// What happened to a thing, latest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The thing; none: everything, the latest 500 decisions.
    pub of: Option<Subject>,
}

/// The waterfall of two records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explain {
    /// One.
    pub left: RecordAddress,
    /// The other.
    pub right: RecordAddress,
}

/// How the group of a task or the records of a customer came together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExplainGroup {
    /// The task or customer.
    pub of: Subject,
}

/// Records that sensitive values of these are shown in clear.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unmask {
    /// Whose; none: of the history of everything.
    pub subjects: Vec<Subject>,
}

/// Records that the rows of an import that are in quarantine are shown in clear.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnmaskRows {
    /// The import.
    pub import: ImportId,
}
