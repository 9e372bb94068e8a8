//! What is held, and what retention comes to.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use domain::{CustomerId, DecisionId, ReasonCode, RecordAddress, Sequence, StreamName};

/// A hold on a customer's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldView {
    /// The decision that put it there.
    pub decision: DecisionId,
    /// The customer.
    pub customer: CustomerId,
    /// Which of its records are held.
    pub records: Vec<RecordAddress>,
    /// Since when.
    pub since: Timestamp,
    /// Who put it there.
    pub by: String,
    /// Why, from the closed list.
    pub reason: Option<ReasonCode>,
    /// The last day on which it holds; none means until it is lifted.
    pub until: Option<Date>,
    /// Whether that day has passed.
    pub lapsed: bool,
}

/// What the rules of retention come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionView {
    /// The day it was judged on, of UTC.
    pub on: Date,
    /// The rules in words.
    pub rules: Vec<String>,
    /// Who is erased.
    pub erased: Vec<Retained>,
    /// Who would be erased, but must be kept.
    pub kept: Vec<Retained>,
    /// Who would be erased, but is held.
    pub held: Vec<Retained>,
    /// Who becomes due soon.
    pub due: Vec<Retained>,
    /// How far ahead that is.
    pub warn: String,
    /// How many customers there are.
    pub customers: u64,
    /// The commit of the erasure; none where nothing was written.
    pub sequence: Option<Sequence>,
    /// Files that earlier exports left unfinished, and that were removed.
    #[serde(default)]
    pub cleared: Vec<String>,
    /// Activities that belong to nobody; none where no rule is about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unattached: Option<UnattachedRetention>,
}

impl RetentionView {
    /// How many activities of nobody's are erased, or are to be.
    #[must_use]
    pub fn unattached_erased(&self) -> u64 {
        let erased = self.unattached.iter().flat_map(|it| &it.erased);
        erased.map(|it| it.count).sum()
    }
}

/// What the rules of retention come to for activities that belong to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UnattachedRetention {
    /// Those that are erased.
    pub erased: Vec<RetainedActivities>,
    /// Those that would be, but must be kept.
    pub kept: Vec<RetainedActivities>,
    /// How many would be, and may be of somebody who is held.
    pub held: u64,
    /// Those that become due soon.
    pub due: Vec<RetainedActivities>,
}

/// Activities of nobody's that retention is about, by rule and stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetainedActivities {
    /// The rule that speaks, as a place among the rules.
    pub rule: usize,
    /// The stream.
    pub stream: StreamName,
    /// How many.
    pub count: u64,
    /// The first day since when one has been due, or until when one is kept, or on which one becomes due.
    pub day: Date,
}

/// A customer that retention is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retained {
    /// The customer.
    pub customer: CustomerId,
    /// How many records it has.
    pub records: u64,
    /// The rule that speaks, as a place among the rules; none of one that is held.
    pub rule: Option<usize>,
    /// Since when it has been due, or until when it is kept, or when it becomes due.
    pub day: Option<Date>,
    /// The decisions that hold it.
    pub holds: Vec<DecisionId>,
}
