//! One task with everything its screen needs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::together::CommentView;
use super::{Column, Dispute, ExplanationView, TaskSummary};
use domain::{
    CustomerId, DecisionId, FieldName, FieldType, Golden, RecordAddress, RecordId, RuleId,
    Sequence, Severity, Shown, Task, TaskReason, Verdict,
};

/// A task, or (without one) a comparison asked for by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskView {
    /// The task.
    pub task: Option<Task>,
    /// The version decisions must carry.
    pub version: Sequence,
    /// The rows: the fields any column has a value for, in the order of the settings.
    pub fields: Vec<FieldView>,
    /// The customers. An invalid record's task has one: its customer.
    pub columns: Vec<Column>,
    /// What would survive if every column merged (a fix: what survives now).
    pub golden: Golden<Shown>,
    /// The addresses of the records that golden values came from.
    #[serde(default)]
    pub origins: BTreeMap<RecordId, RecordAddress>,
    /// The pairs of columns, the first column's first, each by its best pair of records.
    pub pairs: Vec<ExplanationView>,
    /// How each two columns go together, by their places: also those that are not explained.
    #[serde(default)]
    pub links: Vec<LinkScore>,
    /// Which two columns contradict each other, or are likelier two customers, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<ApartView>,
    /// The threshold below which matching asks about nobody: a group with a weaker link is merged only
    /// by whoever insists.
    #[serde(default)]
    pub review: f64,
    /// What it is about in few words; none of what is asked blind.
    #[serde(default)]
    pub summary: Option<TaskSummary>,
    /// Of a challenge, what the dispute is about.
    #[serde(default)]
    pub dispute: Option<Dispute>,
    /// For an invalid record.
    pub fix: Option<FixView>,
    /// Why the task is here: `T7: birth_date of C88 is pinned …`, one sentence a line.
    pub reasons: Vec<String>,
    /// What was asked of someone about the task, and what they answered.
    pub asked: Vec<String>,
    /// What people said about it, the earliest first; none of what is asked blind.
    #[serde(default)]
    pub comments: Vec<CommentView>,
    /// What was decided about these customers before, latest first.
    pub earlier: Vec<EarlierDecision>,
    /// Reason codes offered for each verdict, in order.
    pub reason_codes: Vec<(Verdict, Vec<String>)>,
    /// Verdicts that need a reason.
    pub reason_required: Vec<Verdict>,
    /// Whether each merge and not-a-match is asked for a reason and a note.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_reason: bool,
    /// Why whoever asks may not answer what somebody was asked about the task.
    #[serde(default)]
    pub not_yours_to_answer: Option<String>,
    /// A hint, put in by whoever runs the demo; the desk itself gives none.
    pub coach: Option<CoachLine>,
}

/// Two columns that are not merged unasked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApartView {
    /// The place of the left one.
    pub left: usize,
    /// The place of the right one, which is higher.
    pub right: usize,
    /// Why, in few words: `date of birth contradicts`.
    pub why: String,
}

impl TaskView {
    /// Whether it is asked since a source says that it has merged them: no comparison tells that.
    #[must_use]
    pub fn is_merged_in_source(&self) -> bool {
        self.task.as_ref().is_some_and(|task| matches!(task.reason, TaskReason::Merged { .. }))
    }

    /// Whether it asks again, blind, what was decided.
    #[must_use]
    pub fn is_second_look(&self) -> bool {
        self.task.as_ref().is_some_and(|task| task.asked_as_before().is_some())
    }
}

/// How two columns go together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LinkScore {
    /// The place of one column.
    pub left: usize,
    /// The place of the other.
    pub right: usize,
    /// The match probability of their records that are least alike: the link is no stronger.
    pub least: f64,
}

/// A row of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    /// The field.
    pub name: FieldName,
    /// Its type.
    pub field_type: FieldType,
    /// Masked until unmasked.
    pub sensitive: bool,
    /// The fields that survive together with it, itself included; empty: it survives alone.
    pub group: Vec<FieldName>,
    /// What it means, as the settings say.
    #[serde(default)]
    pub description: Option<String>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
}

impl FieldView {
    /// `Who may be written to (owner: marketing)`; none where nothing is said of it.
    #[must_use]
    pub fn about(&self) -> Option<String> {
        match (&self.description, &self.owner) {
            (None, None) => None,
            (Some(description), None) => Some(description.clone()),
            (None, Some(owner)) => Some(format!("owner: {owner}")),
            (Some(description), Some(owner)) => Some(format!("{description} (owner: {owner})")),
        }
    }
}

/// An invalid record: what is wrong, what is suggested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FixView {
    /// The record.
    pub record: RecordAddress,
    /// The record's customer.
    pub customer: CustomerId,
    /// Its violations, errors first.
    pub violations: Vec<ViolationView>,
}

/// A violation with what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViolationView {
    /// The rule.
    pub rule: RuleId,
    /// The field.
    pub field: FieldName,
    /// How bad.
    pub severity: Severity,
    /// The value as delivered.
    pub delivered: Option<Shown>,
    /// The value now: harmonised, corrected.
    pub now: Option<Shown>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: Option<String>,
    /// A value that would mend it.
    pub suggestion: Option<Shown>,
    /// Nothing else is suggested, and that the value is removed would mend it.
    #[serde(default)]
    pub removes: bool,
    /// Labelled values to take: the suggestion, then what other members hold.
    pub choices: Vec<(String, Shown)>,
    /// The customers that hold the same value, where only one may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<CustomerId>,
    /// The field that the value is compared with, and its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<(FieldName, Option<Shown>)>,
    /// The waiver that lets it stand.
    pub waived: Option<DecisionId>,
}

impl ViolationView {
    /// The label of the suggestion among the choices.
    pub const SUGGESTED: &str = "suggested";
    /// The label, among the choices, of having no value any more.
    pub const REMOVED: &str = "remove it";

    /// Whether something is suggested: a value, or that there be none.
    #[must_use]
    pub fn is_suggested(&self) -> bool {
        self.suggestion.is_some() || self.removes
    }
}

/// A decision about the same customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierDecision {
    /// The decision.
    pub decision: DecisionId,
    /// `D56 not a match: C40, C77 (household)`.
    pub line: String,
}

/// A hint shown with a task of the demo; `{merge}` stands for the key of that name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoachLine(pub String);
