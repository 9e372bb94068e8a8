//! A few tasks of a bulk as they are asked for, and what came of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use domain::{BulkId, DecisionId, FieldName, ReasonCode, RuleId, Sequence, TaskId, Until, Verdict};

/// A verdict that fits many tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BulkVerdict {
    /// All customers of a task are one; refused where they contradict each other.
    Merge,
    /// All customers of a task differ.
    NotAMatch,
    /// Invalid: take every suggestion. Challenge: the new data is right.
    Accept,
    /// Challenge: what was decided stays.
    Keep,
    /// Later.
    Defer {
        /// Until when.
        until: Until,
    },
    /// Ask someone else.
    Escalate {
        /// A name or a role.
        to: String,
    },
    /// Invalid: the violations may stand.
    Waive {
        /// Only of these rules; `None` means all of the task's.
        rules: Vec<RuleId>,
    },
    /// Invalid: the record's values are others, or none.
    Correct {
        /// The right values, as typed.
        values: BTreeMap<FieldName, String>,
        /// Fields whose value is removed.
        cleared: Vec<FieldName>,
    },
    /// Invalid: the record is set aside until its source delivers it again.
    Quarantine,
    /// Approval: what is proposed comes to what it came to then, and is carried out.
    Approve,
    /// Approval: what is proposed is dropped.
    Reject,
}

impl BulkVerdict {
    /// The verdict under which it is recorded.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            BulkVerdict::Merge => Verdict::Merge,
            BulkVerdict::NotAMatch => Verdict::NotAMatch,
            BulkVerdict::Accept => Verdict::Accept,
            BulkVerdict::Keep => Verdict::Keep,
            BulkVerdict::Defer { .. } => Verdict::Defer,
            BulkVerdict::Escalate { .. } => Verdict::Escalate,
            BulkVerdict::Waive { .. } => Verdict::Waive,
            BulkVerdict::Correct { .. } => Verdict::Correct,
            BulkVerdict::Quarantine => Verdict::Quarantine,
            BulkVerdict::Approve => Verdict::Approve,
            BulkVerdict::Reject => Verdict::Reject,
        }
    }
}

/// A few tasks of a bulk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BulkStep {
    /// The verdict on each.
    pub verdict: BulkVerdict,
    /// A reason from the closed list.
    pub reason: Option<ReasonCode>,
    /// A note, or the question of an escalation.
    pub note: Option<String>,
    /// The tasks, each with the version seen; `None` means whatever it is.
    pub tasks: Vec<(TaskId, Option<Sequence>)>,
    /// The bulk they belong to; `None` means a new one.
    pub bulk: Option<BulkId>,
    /// How many more of the bulk follow these tasks.
    pub left: u64,
    /// Only say what would be done.
    pub rehearse: bool,
    /// Why it cannot wait for an approval that it needs.
    #[serde(default)]
    pub break_glass: Option<String>,
}

/// What came of a few tasks.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BulkOutcome {
    /// The bulk, once something of it was decided.
    pub bulk: Option<BulkId>,
    /// One for each task, in order, until something failed.
    pub results: Vec<BulkResult>,
    /// What failed; the tasks after it were not looked at.
    pub failed: Option<String>,
    /// Of a rehearsal: rules about masked fields, whose answers would tell values nobody has seen.
    #[serde(default)]
    pub unjudged: Vec<RuleId>,
}

impl BulkOutcome {
    /// Notes rules that were left unjudged, each once.
    pub fn leaves_unjudged(&mut self, rules: Vec<RuleId>) {
        for rule in rules {
            if !self.unjudged.contains(&rule) {
                self.unjudged.push(rule);
            }
        }
    }
}

/// What a task of a bulk is about, for whoever looks over it before it is decided. Names of fields, and names
/// of people as the queue shows them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BulkAbout {
    /// Whom: a name a customer.
    pub names: Vec<String>,
    /// Customers beyond those that are named.
    pub more: usize,
    /// Fields whose values differ.
    pub differ: Vec<FieldName>,
    /// Fields whose values are much alike.
    pub alike: Vec<FieldName>,
    /// Fields of an invalid record that break a rule.
    pub broken: Vec<FieldName>,
    /// What a correction changes, as it may be seen: `1902-01-01 -> (none)`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<(FieldName, String)>,
    /// The match probability of its weakest link, where matching would not even ask about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weakest: Option<f64>,
}

/// What came of one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BulkResult {
    /// The task.
    pub task: Option<TaskId>,
    /// Its version before.
    pub version: Sequence,
    /// The decision, where it was made.
    pub decision: Option<DecisionId>,
    /// What was done, or would be: `merged 2 records into C17`. Empty where it is refused.
    pub summary: String,
    /// The task that asks for its approval, where it was only proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<TaskId>,
    /// Why it is not done.
    pub refusal: Option<Refusal>,
    /// What the task is about, where that was only rehearsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<BulkAbout>,
}
/// How many of a bulk were decided, `proposed` of them only proposed: `2 decided, 3 proposed`.
#[must_use]
pub fn told_done(all: usize, proposed: usize) -> String {
    match all.saturating_sub(proposed) {
        0 if proposed > 0 => format!("{proposed} proposed"),
        decided if proposed > 0 => format!("{decided} decided, {proposed} proposed"),
        decided => format!("{decided} decided"),
    }
}
