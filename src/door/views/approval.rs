//! What waits for somebody else's approval, and what was done without.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CommentView, PreviewView};
use domain::{
    Approver, BulkId, CustomerId, DecisionId, FieldName, RecordAddress, Shown, TaskId, Verdict,
    counted,
};

/// One task that asks for an approval, in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovalRow {
    /// The task.
    pub task: TaskId,
    /// What it asks about: the proposal, or the decision that did not wait.
    pub decision: DecisionId,
    /// Whether it is done already, and only reviewed.
    pub done: bool,
    /// The verdict that is proposed, or was given.
    pub verdict: Verdict,
    /// It in a sentence, without values: `merge C4 and C9`.
    pub line: String,
    /// Who proposed or gave it.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// What they said.
    pub note: Option<String>,
    /// Why it could not wait.
    pub broken_glass: Option<String>,
    /// The decision that undid since what did not wait; it is reviewed all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<DecisionId>,
    /// Who may approve it.
    pub by: Approver,
    /// The rule that asks for approval, as it was written; empty where no rule of the settings did.
    pub rule: String,
    /// When it should be approved or rejected.
    pub due: Option<Timestamp>,
    /// The bulk it belongs to.
    pub bulk: Option<BulkId>,
    /// The task that is answered once it is approved.
    pub answers: Option<TaskId>,
    /// The customers it is about.
    pub customers: Vec<CustomerId>,
    /// Why whoever asks may not approve it; none where they may.
    pub not_yours: Option<String>,
    /// The people of the settings who may.
    pub may: Vec<String>,
    /// That nobody may, and the way out.
    pub stuck: Option<String>,
}

/// How many approvals wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ApprovalsLine {
    /// All that wait.
    pub waiting: u64,
    /// Of them those that whoever asks may give.
    pub yours: u64,
    /// Of those the ones whose day has come.
    pub due: u64,
}

impl ApprovalsLine {
    /// What waits for whoever asks, in few words; none where nothing does.
    #[must_use]
    pub fn in_short(&self) -> Option<String> {
        let yours = counted(self.yours, "approval", "approvals");
        match (self.yours, self.due) {
            (0, _) => None,
            (_, 0) => Some(format!("{yours} for you")),
            (_, due) => Some(format!("{yours} for you, {due} due")),
        }
    }
}

/// A task that asks for an approval, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovalView {
    /// As in the list.
    #[serde(flatten)]
    pub row: ApprovalRow,
    /// Whether it still waits; else what became of it.
    pub waits: bool,
    /// How it ended, in a sentence.
    pub ended: Option<String>,
    /// What happened since to what it is about, a line each.
    pub since: Vec<String>,
    /// Whether it would come to something else now than when it was proposed.
    pub differs: bool,
    /// What it would come to now: an approval may name it. None where it would be refused, or is done.
    pub digest: Option<String>,
    /// What was said about its customers, the earliest first.
    #[serde(default)]
    pub comments: Vec<CommentView>,
    /// What it would do now; none of what is done.
    pub preview: Option<PreviewView>,
    /// What becomes of each value: of the records that it changes, then of the golden records.
    #[serde(default)]
    pub values: Vec<ProposedValue>,
    /// How many records and customers `values` leaves out.
    #[serde(default)]
    pub more: usize,
}

/// What becomes of one value by what is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedValue {
    /// The record whose value it is; `None` for a golden value.
    pub record: Option<RecordAddress>,
    /// The customer.
    pub customer: CustomerId,
    /// The field.
    pub field: FieldName,
    /// Whether the proposal names the field; else it follows from what is proposed.
    pub named: bool,
    /// What it is now; none: no value.
    pub was: Option<Shown>,
    /// What it would become now.
    pub becomes: Option<Shown>,
    /// Both when it was proposed, if that is not the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<ProposedThen>,
}

/// What a value was when something was proposed of it, and what it would have become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedThen {
    /// What it was; none: no value.
    pub was: Option<Shown>,
    /// What it would have become.
    pub becomes: Option<Shown>,
}

impl ProposedValue {
    /// `email of crm:1130: a@x.example -> b@x.example`, and what was proposed if that was something else.
    #[must_use]
    pub fn line(&self) -> String {
        let ProposedValue { field, was, becomes, .. } = self;
        let of = match &self.record {
            Some(record) => record.to_string(),
            None => format!("{}, golden", self.customer),
        };
        let then = match &self.then {
            Some(then) => {
                format!("; when proposed: {}", change(then.was.as_ref(), then.becomes.as_ref()))
            }
            None => String::new(),
        };
        format!("{field} of {of}: {}{then}", change(was.as_ref(), becomes.as_ref()))
    }
}

fn change(was: Option<&Shown>, becomes: Option<&Shown>) -> String {
    let text = |value: Option<&Shown>| value.map_or("(no value)", |it| it.as_str()).to_owned();
    match was == becomes {
        true => format!("{} stays", text(was)),
        false => format!("{} -> {}", text(was), text(becomes)),
    }
}
