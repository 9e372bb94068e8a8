//! One decision, whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::HistoryEntry;
use domain::{
    BulkId, CustomerId, DecisionId, FieldName, ReasonCode, RecordAddress, RuleId, Shown, Subject,
    TaskId, Until, Verdict,
};

/// A decision as it was recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionView {
    /// What was decided.
    pub verdict: Verdict,
    /// Its commit, who and when, what it changed.
    #[serde(flatten)]
    pub entry: HistoryEntry,
    /// The task it answered.
    pub task: Option<TaskId>,
    /// What it is about, as the person saw it.
    pub subjects: Vec<Subject>,
    /// Within a group "the same", across groups "different".
    pub groups: Vec<GroupView>,
    /// Values it set.
    pub values: BTreeMap<FieldName, Shown>,
    /// Fields among them that are masked on screen.
    pub sensitive: Vec<FieldName>,
    /// Fields whose value it removed.
    #[serde(default)]
    pub cleared: Vec<FieldName>,
    /// Corrections and pins that ended with it.
    pub withdrawn: Vec<FieldName>,
    /// Rules that may be broken.
    pub rules: Vec<RuleId>,
    /// From the closed list.
    pub reason: Option<ReasonCode>,
    /// A note, or the question of an escalation.
    pub note: Option<String>,
    /// The match probability that was on screen.
    pub score: Option<f64>,
    /// A deferral's end.
    pub until: Option<Until>,
    /// Who was asked; of an answer: whoever asked.
    pub to: Option<String>,
    /// The bulk it belongs to.
    pub bulk: Option<BulkId>,
    /// The decisions it took back.
    pub reverses: Vec<DecisionId>,
    /// The proposal that it approves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approves: Option<DecisionId>,
    /// Who proposed what it approves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<String>,
    /// Why it did not wait for the approval it needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_glass: Option<String>,
    /// The task that asks for its approval, or for the review of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<TaskId>,
    /// The decision that took it back.
    pub undone_by: Option<DecisionId>,
    /// The chain hash of its commit, hexadecimal: what `verify --expect` takes.
    pub hash: String,
}

/// Records that a decision says belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// Their customer after the decision.
    pub customer: CustomerId,
    /// The records.
    pub records: Vec<RecordAddress>,
}

/// A person's last decision that still stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastDecided {
    /// The decision.
    pub decision: DecisionId,
    /// What it said, in a line.
    pub line: String,
    /// The bulk it belongs to.
    pub bulk: Option<BulkId>,
    /// Whether it is one of a grant, of which none is undone alone.
    #[serde(default)]
    pub of_grant: bool,
}
