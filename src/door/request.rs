//! What a person asks to be done, and what they are told once it is.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::views::TypedValue;
use domain::{
    BulkId, CensusId, CustomerId, DecisionId, FieldName, ReasonCode, RecordAddress, RecordId,
    RequestStep, Requested, RuleId, Sequence, TaskId, Until,
};

/// A verdict with its circumstances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The verdict.
    pub action: Action,
    /// The task it answers.
    #[serde(default)]
    pub task: Option<TaskId>,
    /// The version of the task (or, without one, of the subject) that was on screen; `None` means
    /// whatever it is.
    #[serde(default)]
    pub seen: Option<Sequence>,
    /// A reason from the closed list.
    #[serde(default)]
    pub reason: Option<ReasonCode>,
    /// A note, or the question of an escalation, or its answer.
    #[serde(default)]
    pub note: Option<String>,
    /// New `error`s of these rules are waived; needs a reason.
    #[serde(default)]
    pub waive: Vec<RuleId>,
    /// The bulk this belongs to.
    #[serde(default)]
    pub bulk: Option<BulkId>,
    /// How many decisions are still to come in that bulk.
    #[serde(default)]
    pub bulk_left: Option<u64>,
    /// Why it cannot wait for an approval that it needs: it is done at once, and reviewed afterwards.
    #[serde(default)]
    pub break_glass: Option<String>,
}

impl Request {
    /// That action, without a task, a version, a reason or a note.
    #[must_use]
    pub fn new(action: Action) -> Self {
        Self {
            action,
            task: None,
            seen: None,
            reason: None,
            note: None,
            waive: Vec::new(),
            bulk: None,
            bulk_left: None,
            break_glass: None,
        }
    }

    /// The same request as the answer to `task`, seen at `version`.
    #[must_use]
    pub fn for_task(mut self, task: TaskId, version: Sequence) -> Self {
        self.task = Some(task);
        self.seen = Some(version);
        self
    }
}

/// The verdict asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Each group becomes one customer; different groups become not-a-match.
    Merge {
        /// The groups; a group of one only takes part in the not-a-match.
        groups: Vec<Vec<CustomerId>>,
        /// The survivor, where it is not the lowest id of its group.
        into: Option<CustomerId>,
        /// Golden values chosen on the way: pins of the first group's survivor.
        picks: BTreeMap<FieldName, Pick>,
        /// What happens to the task's customers that no group names.
        rest: Rest,
    },
    /// Customers of different groups are different; within a group nothing is said.
    NotAMatch {
        /// The groups.
        groups: Vec<Vec<CustomerId>>,
    },
    /// Records leave their customer and are not-a-match with those who stay.
    Unmerge {
        /// The customer.
        customer: CustomerId,
        /// The leaving records, which stay together.
        records: Vec<RecordAddress>,
    },
    /// A record's delivered values are wrong; an empty text withdraws a correction.
    Correct {
        /// The record.
        record: RecordAddress,
        /// The right values, as typed.
        values: BTreeMap<FieldName, String>,
        /// Values offered with a violation, by their labels: for whoever may not see the value.
        #[serde(default)]
        chosen: BTreeMap<FieldName, String>,
        /// Fields whose value is removed: what is delivered for them counts no more.
        #[serde(default)]
        cleared: Vec<FieldName>,
    },
    /// Golden values are set by hand.
    Pin {
        /// The customer.
        customer: CustomerId,
        /// What they are set to.
        picks: BTreeMap<FieldName, Pick>,
    },
    /// Violations of a record's customer may stand.
    Waive {
        /// The record.
        record: RecordAddress,
        /// The rules; `None` means every rule the task names.
        rules: Vec<RuleId>,
    },
    /// A record is set aside: it stays a member of its customer, but none of its values survives,
    /// nothing is compared with it and nothing is asked about it, until its source delivers it
    /// with other content.
    Quarantine {
        /// The record.
        record: RecordAddress,
    },
    /// Closed records count again, though their source no longer holds them.
    Reopen {
        /// The records.
        records: Vec<RecordAddress>,
    },
    /// The joins of a census that nobody decided are made, as far as one decision makes them.
    Grant {
        /// The census.
        census: CensusId,
        /// How many joins wait, as the person read and typed it.
        joins: u64,
    },
    /// No more is merged under the grant of a census; what was merged stays.
    Suspend {
        /// The census.
        census: CensusId,
    },
    /// The task waits.
    Defer {
        /// Until when.
        until: Until,
    },
    /// Someone else is asked.
    Escalate {
        /// A name or a role.
        to: String,
    },
    /// A task is opened that asks somebody about these customers; the question is the note.
    Ask {
        /// The customers.
        customers: Vec<CustomerId>,
        /// A name or a role.
        to: String,
    },
    /// Something is said about the task's customers, or about these where there is no task: the note. Nothing is
    /// decided.
    Comment {
        /// The customers; none with a task.
        customers: Vec<CustomerId>,
    },
    /// A customer's records are kept from being erased, by people and by retention.
    Hold {
        /// The customer.
        customer: CustomerId,
        /// The last day on which it holds; none means until it is lifted.
        until: Option<Date>,
    },
    /// The holds on a customer's records are lifted.
    Lift {
        /// The customer.
        customer: CustomerId,
    },
    /// A person's request is recorded, with what was said in the note: a task with its last day.
    Record {
        /// The customer who asks.
        customer: CustomerId,
        /// What for.
        requested: Requested,
    },
    /// Something is done for the request that is the task; words are in the note.
    Step {
        /// What.
        step: RequestStep,
    },
    /// What was asked with the task is answered, in the note: it goes back to whoever asked.
    Answer,
    /// Invalid: take every suggestion. Challenge: the new data is right. Vanished: close the records.
    Accept,
    /// Challenge: what was decided stays. Vanished: the records go on counting.
    Keep,
    /// What the task asks about is approved: a proposal is carried out, a decision that did not wait was right.
    Approve {
        /// What the proposal must come to, as `steward show` names it; `None` means what it came to when it
        /// was proposed.
        #[serde(default)]
        expect: Option<String>,
    },
    /// What the task asks about is refused: a proposal is dropped, a decision that did not wait was wrong.
    Reject,
    /// Earlier decisions were not meant.
    Undo {
        /// The decisions.
        decisions: Vec<DecisionId>,
        /// Undo what builds on them as well, unless `choices` says otherwise.
        with_dependents: bool,
        /// What becomes of later decisions that build on them.
        #[serde(default)]
        choices: BTreeMap<DecisionId, DependantChoice>,
    },
}

/// What becomes of a later decision that builds on one that is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DependantChoice {
    /// It is undone too.
    UndoToo,
    /// It stands, and what it brought stays with the survivor.
    Stay,
    /// It stands, and what it brought (records, pins) goes with the customer that comes back.
    MoveBack,
}

/// A golden value chosen by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pick {
    /// The value of this member record.
    From(RecordId),
    /// The golden value of this customer.
    FromCustomer(CustomerId),
    /// This text; harmonised before it is set.
    Typed(String),
    /// Whatever survivorship chooses: a pin is withdrawn.
    Survivorship,
}

/// What a merge says about the customers of the task that it does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rest {
    /// Nothing; they stay in the task with the survivor.
    #[default]
    Stay,
    /// They are different from every group, and from each other.
    NotAMatch,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The decision.
    pub decision: DecisionId,
    /// The commit.
    pub sequence: Sequence,
    /// One line for the status bar: `merged 3 records into C17`.
    pub summary: String,
    /// The task it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// The bulk it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<BulkId>,
    /// What was typed and is read as something else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typed: Vec<TypedValue>,
    /// Exports made since the decision that an undo takes back: who received what is now undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exported_meanwhile: Vec<String>,
    /// Other tasks that waited and have nothing left to ask since.
    #[serde(default, skip_serializing_if = "is_none")]
    pub settled: u64,
    /// The filter of the tasks that are like the one it answered: of its kind and pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like_it: Option<String>,
    /// The task that asks for the approval of what was only proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<TaskId>,
    /// What decisions teach by now, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taught: Option<Lesson>,
}

/// What decisions teach about the duplicates that wait, as of today: a run that learns judges by it, and
/// until then no score that is shown goes by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lesson {
    /// How many come to `auto`, that were below it.
    pub sure: u64,
    /// How many fall below `review`.
    pub dropped: u64,
}

fn waiting(count: u64) -> String {
    format!("{count} waiting {}", if count == 1 { "task" } else { "tasks" })
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Receipt {
    /// What the decision brought beyond its own task, in a sentence; nothing where that is nothing.
    #[must_use]
    pub fn brought(&self) -> Option<String> {
        let mut said = Vec::new();
        match self.settled {
            0 => {}
            1 => said.push("this answer settled 1 other task".to_owned()),
            others => said.push(format!("this answer settled {others} other tasks")),
        }
        if let Some(Lesson { sure, dropped }) = self.taught
            && sure + dropped > 0
        {
            // The numbers come first: what does not fit a line is its end.
            let reach = if sure == 1 { "reaches" } else { "reach" };
            let fall = if dropped == 1 { "falls" } else { "fall" };
            said.push(match (sure, dropped) {
                (_, 0) => format!("{} {reach} auto through what decisions taught", waiting(sure)),
                (0, _) => {
                    format!(
                        "{} {fall} below review through what decisions taught",
                        waiting(dropped)
                    )
                }
                _ => format!(
                    "{} {reach} auto, {dropped} {fall} below review, through what decisions taught",
                    waiting(sure)
                ),
            });
        }
        (!said.is_empty()).then(|| said.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{DecisionId, Sequence};

    #[test]
    fn what_a_decision_brought_is_told_with_its_numbers_first() {
        let told = |settled, sure, dropped| {
            let receipt = Receipt {
                decision: DecisionId(1),
                sequence: Sequence::default(),
                summary: String::new(),
                task: None,
                bulk: None,
                typed: Vec::new(),
                exported_meanwhile: Vec::new(),
                settled,
                like_it: None,
                proposed: None,
                taught: Some(Lesson { sure, dropped }),
            };
            receipt.brought().unwrap_or_default()
        };
        assert_eq!(told(0, 0, 0), "");
        assert_eq!(told(37, 0, 0), "this answer settled 37 other tasks");
        assert_eq!(
            told(1, 12, 134),
            "this answer settled 1 other task; 12 waiting tasks reach auto, 134 fall below review, through what decisions taught"
        );
        assert_eq!(told(0, 1, 0), "1 waiting task reaches auto through what decisions taught");
        assert_eq!(
            told(0, 0, 2),
            "2 waiting tasks fall below review through what decisions taught"
        );
    }
}
