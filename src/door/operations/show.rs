//! One thing, whole: records, customers, tasks, decisions, their history and their scores.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{CustomerId, DecisionId, FieldName, RecordAddress, Subject, TaskId};

/// One task with everything its screen needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowTask {
    /// The task.
    pub task: TaskId,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// A comparison of customers that no task asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compare {
    /// The customers.
    pub customers: Vec<CustomerId>,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// Keeps the values of these fields in clear for this session from now on, whoever's they are, for a
/// quarter of an hour; none masks them again. Whose are shown is recorded before they are, once a session
/// and version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeepInClear {
    /// The fields.
    pub fields: Vec<FieldName>,
}

/// A source record, now or at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowRecord {
    /// Which.
    pub record: RecordAddress,
    /// When; `None` means now.
    pub at: Option<Timestamp>,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// A customer, now or at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowCustomer {
    /// Which; a retired id is followed.
    pub customer: CustomerId,
    /// When; `None` means now.
    pub at: Option<Timestamp>,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// A customer's activities and history in one line of time, a page of activities at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// Whose; a retired id is followed.
    pub customer: CustomerId,
    /// The kinds of activities that are wanted, `change` for all that is not an activity; none: everything.
    pub kinds: Vec<String>,
    /// Only activities before the one of that time and ordinal: the last of the page before.
    pub before: Option<(Timestamp, u32)>,
    /// At most so many activities.
    pub limit: usize,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// A customer on one page: who they are, how to reach them, what they allow, what they did last, what waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Whose; a retired id is followed.
    pub customer: CustomerId,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// A decision as it was recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowDecision {
    /// The decision.
    pub decision: DecisionId,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// What happened to a thing, latest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The thing; `None` means everything, the latest 500 decisions.
    pub of: Option<Subject>,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// The waterfall of two records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explain {
    /// One.
    pub left: RecordAddress,
    /// The other.
    pub right: RecordAddress,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// How the group of a task or the records of a customer came together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExplainGroup {
    /// The task or customer.
    pub of: Subject,
}

/// The customer that an id stands for now: itself, or its survivor where it was merged away; none:
/// there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Follow {
    /// The id.
    pub customer: CustomerId,
}

/// Which record has an address, and whose it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindRecord {
    /// The address.
    pub record: RecordAddress,
}
