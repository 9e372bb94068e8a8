//! A person's verdict, recorded for ever.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::approval::{BrokenGlass, Proposal};
use super::grants::Grant;
use super::ids::CensusId;
use super::{
    BulkId, CustomerId, DecisionId, FieldName, Fingerprint, MatchRunId, ReasonCode, RecordId,
    RequestStep, RuleId, Subject, TaskId, Values,
};

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Groups of customers become one each; different groups are not a match.
    Merge,
    /// The groups are different customers.
    NotAMatch,
    /// A member leaves a customer: they differ.
    Unmerge,
    /// A record's value is wrong.
    Correct,
    /// The golden value is set by hand.
    Pin,
    /// A violation may stand.
    Waive,
    /// A record is set aside: it takes no part until its source delivers it again.
    Quarantine,
    /// Records that their source no longer holds count no more.
    Close,
    /// A closed record counts again, though its source no longer holds it.
    Reopen,
    /// Later.
    Defer,
    /// Someone else is asked.
    Escalate,
    /// What was asked is answered.
    Answer,
    /// The suggestion, or the new data, is right.
    Accept,
    /// What was decided before stays.
    Keep,
    /// Another person's decision is consented to.
    Approve,
    /// Another person's decision is refused.
    Reject,
    /// An earlier decision was not meant.
    Undo,
    /// What was decided before is answered again, blind; it changes no customer.
    SecondLook,
    /// The machine may make the joins of a census that nobody decided; makes them.
    Grant,
    /// No more is merged under a grant.
    Suspend,
    /// Something is said about customers, and nothing is decided.
    Comment,
    /// Records are kept from being erased.
    Hold,
    /// Records are no longer kept from being erased.
    Lift,
    /// A verdict is proposed that somebody else has to approve.
    Propose,
    /// A person's request is recorded, or something is done for it.
    Request,
}

impl Verdict {
    /// Every verdict, in the order of the documentation.
    pub const ALL: [Verdict; 25] = [
        Verdict::Merge,
        Verdict::NotAMatch,
        Verdict::Unmerge,
        Verdict::Correct,
        Verdict::Pin,
        Verdict::Waive,
        Verdict::Quarantine,
        Verdict::Close,
        Verdict::Reopen,
        Verdict::Defer,
        Verdict::Escalate,
        Verdict::Answer,
        Verdict::Accept,
        Verdict::Keep,
        Verdict::Approve,
        Verdict::Reject,
        Verdict::Undo,
        Verdict::SecondLook,
        Verdict::Grant,
        Verdict::Suspend,
        Verdict::Comment,
        Verdict::Hold,
        Verdict::Lift,
        Verdict::Propose,
        Verdict::Request,
    ];

    /// The name on the command line and in exports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Merge => "merge",
            Verdict::NotAMatch => "not-a-match",
            Verdict::Unmerge => "unmerge",
            Verdict::Correct => "correct",
            Verdict::Pin => "pin",
            Verdict::Waive => "waive",
            Verdict::Quarantine => "quarantine",
            Verdict::Close => "close",
            Verdict::Reopen => "reopen",
            Verdict::Defer => "defer",
            Verdict::Escalate => "escalate",
            Verdict::Answer => "answer",
            Verdict::Accept => "accept",
            Verdict::Keep => "keep",
            Verdict::Approve => "approve",
            Verdict::Reject => "reject",
            Verdict::Undo => "undo",
            Verdict::SecondLook => "second-look",
            Verdict::Grant => "grant",
            Verdict::Suspend => "suspend",
            Verdict::Comment => "comment",
            Verdict::Hold => "hold",
            Verdict::Lift => "lift",
            Verdict::Propose => "propose",
            Verdict::Request => "request",
        }
    }
}

/// Until when a task is put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// A point in time.
    Time(Timestamp),
    /// Until a record of the task changes: "cannot tell".
    DataChanges,
}

/// Records that a decision says belong to one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The customer they belong to after the decision.
    pub customer: CustomerId,
    /// The records, ascending.
    pub records: Vec<RecordId>,
}

/// The harmonised values a decision rested on, as fingerprints.
pub type DecisionKey = Vec<KeyedRecord>;

/// One record's part of a decision key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyedRecord {
    /// The record.
    pub record: RecordId,
    /// Its compared fields that had a value, each with the fingerprint of that value.
    pub fields: BTreeMap<FieldName, Fingerprint>,
}

/// What an answer to a question about duplicates says of the customers asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// All are one.
    Merge,
    /// Each is a customer of its own.
    NotAMatch,
    /// Some are one.
    InPart,
}

impl Answer {
    /// The name in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Answer::Merge => "merge",
            Answer::NotAMatch => "not-a-match",
            Answer::InPart => "in part",
        }
    }

    /// Of a partition of customers.
    #[must_use]
    pub fn of(partition: &[Vec<CustomerId>]) -> Answer {
        match partition {
            [_] => Answer::Merge,
            groups if groups.iter().all(|group| group.len() == 1) => Answer::NotAMatch,
            _ => Answer::InPart,
        }
    }
}

/// A decision answered again by a person who was not told what they had said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondLook {
    /// The decision.
    pub of: DecisionId,
    /// What it says.
    pub first: Answer,
    /// What was said now.
    pub second: Answer,
    /// Whether both put the same customers together.
    pub agrees: bool,
    /// What was said now, by the records of then: within a group "the same", across groups
    /// "different". Not among the decision's own groups, since it keeps nobody together or apart.
    pub groups: Vec<Group>,
}

/// One decision, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// What was decided.
    pub verdict: Verdict,
    /// The task it answered, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// The customers and records it is about, as the person saw them.
    pub subjects: Vec<Subject>,
    /// Merge, not-a-match, unmerge: within a group "the same", across groups "different".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// The harmonised values it rested on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: DecisionKey,
    /// Corrections and pins: the value of each field, as typed and as harmonised then.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub values: Values,
    /// Corrections that say that a field has no value: what is delivered for it counts no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<FieldName>,
    /// Corrections and pins that end with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<FieldName>,
    /// Waivers: the rules that may be broken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleId>,
    /// A reason from the closed list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonCode>,
    /// A note, or the question of an escalation, or its answer, or the comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The match probability that was on screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Deferrals and holds: until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
    /// Escalations: who is asked; answers: whoever asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The bulk it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<BulkId>,
    /// How many decisions were still to come in its bulk; 0 in the last one of a complete bulk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk_left: Option<u64>,
    /// Undo: the decisions it takes back, in the order they were taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reverses: Vec<DecisionId>,
    /// Second looks: what was asked again, and what was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<SecondLook>,
    /// Grants: what was known when it was given. The joins of a grant are made in several decisions,
    /// each of which says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
    /// Suspensions: the census under whose grant no more is merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspends: Option<CensusId>,
    /// Grants and suspensions by the machine: the matching run in which it merged under a grant that a
    /// person gave, or found that the grant no longer keeps what was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<MatchRunId>,
    /// Proposals: what is proposed, and who may approve it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Box<Proposal>>,
    /// The proposal that it approves: the decision is the proposed one, and whoever made it approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approves: Option<DecisionId>,
    /// That it needed approval and did not wait for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_glass: Option<Box<BrokenGlass>>,
    /// Requests: what was recorded of one, or done for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Box<RequestStep>>,
}

impl Decision {
    /// Who is asked by it.
    #[must_use]
    pub fn asked(&self) -> Option<&String> {
        self.to.as_ref().filter(|_| self.verdict == Verdict::Escalate)
    }
}
