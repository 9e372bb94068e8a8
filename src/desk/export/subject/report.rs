//! The report as a plain value. Every list may be empty; times are UTC.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use domain::{
    BulkId, CustomerId, DecisionId, FieldName, ImportId, Place, ReasonCode, RecordAddress,
    RequestStep, RuleId, Sequence, Severity, TaskId,
};

/// Everything held on one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubjectReport {
    /// The person's customer.
    pub customer: CustomerId,
    /// Customer ids that were merged into it and lead to it.
    pub merged_ids: Vec<CustomerId>,
    /// The workspace's name.
    pub workspace: String,
    /// When the report was made.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// The last commit whose effects are in it.
    pub up_to: Sequence,
    /// The ledger's chain hash after that commit, hexadecimal.
    pub hash: String,
    /// The consolidated values.
    pub golden: Vec<GoldenHeld>,
    /// Golden values set by hand.
    pub pins: Vec<PinHeld>,
    /// What the sources delivered.
    pub records: Vec<RecordHeld>,
    /// Permissions given and refused: now and before, earliest first.
    pub consent: Vec<ConsentEntry>,
    /// What keeps the person's records from being used, by their requests.
    pub restrictions: Vec<RestrictionHeld>,
    /// What people decided, earliest first.
    pub decisions: Vec<DecisionHeld>,
    /// How the person's records came together and apart, earliest first.
    pub memberships: Vec<MembershipChange>,
    /// Work that the person's records made.
    pub tasks: Vec<TaskHeld>,
    /// Rows that could not become records and hold one of the person's source keys.
    pub quarantine: Vec<QuarantinedHeld>,
    /// What the person did, or what was done with them, earliest first.
    pub activities: Vec<ActivityHeld>,
    /// Data that left the workspace.
    pub exports: Vec<ExportHeld>,
    /// How many notes, values and rows are left out because other persons' data may be in them.
    pub withheld: usize,
}

/// An activity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActivityHeld {
    /// When it was, as the source has it: a time with its offset, or a day.
    pub at: String,
    /// The stream that delivered it.
    pub stream: String,
    /// The kind: `purchase`.
    pub kind: String,
    /// Its key in the stream.
    pub key: String,
    /// The sum.
    pub amount: Option<String>,
    /// Its currency.
    pub currency: Option<String>,
    /// What else is kept of it.
    pub properties: BTreeMap<String, String>,
    /// The record that it is known by.
    pub record: Option<RecordAddress>,
    /// The import that brought it.
    pub import: ImportId,
    /// Whether it counts: it was neither replaced by a later version nor withdrawn.
    pub counts: bool,
}

/// What keeps the person's records from being used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RestrictionHeld {
    /// The decision that recorded the request.
    pub decision: DecisionId,
    /// In words: `objected to newsletter`.
    pub what: String,
}

/// A golden value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GoldenHeld {
    /// The field.
    pub field: FieldName,
    /// What it means, as the settings say.
    pub description: Option<String>,
    /// The value.
    pub value: String,
    /// Whether it could be read as its field's type.
    pub readable: bool,
    /// The record it came from, unless it was typed.
    pub record: Option<RecordAddress>,
    /// The survivorship strategy that chose it, unless a person did.
    pub strategy: Option<String>,
    /// The decision that pinned it.
    pub decision: Option<DecisionId>,
}

/// A golden value set by hand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PinHeld {
    /// The field.
    pub field: FieldName,
    /// The value.
    pub value: String,
    /// The decision.
    pub decision: DecisionId,
}

/// A source record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordHeld {
    /// `source:key`.
    pub record: RecordAddress,
    /// Who is responsible for the source.
    pub owner: Option<String>,
    /// How far the source is trusted, 0 to 100; none for a source that is no longer known.
    pub trust: Option<u8>,
    /// The values as they count now.
    pub values: Vec<ValueHeld>,
    /// Delivered columns that are kept as they came.
    pub unmapped: Vec<UnmappedHeld>,
    /// What is found wrong with its values.
    pub violations: Vec<ViolationHeld>,
    /// Rules it may break.
    pub waivers: Vec<WaiverHeld>,
    /// Every delivery, earliest first.
    pub revisions: Vec<RevisionHeld>,
}

/// A value of a record as it counts now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueHeld {
    /// The field.
    pub field: FieldName,
    /// As delivered; `None` means a person put it there.
    pub delivered: Option<String>,
    /// Harmonised and corrected.
    pub value: String,
    /// Whether it could be read as its field's type.
    pub readable: bool,
    /// The correction over it.
    pub correction: Option<DecisionId>,
    /// Whether the correction says that there is no value: what was delivered does not count.
    pub removed: bool,
}

/// A delivered column, kept as it came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnmappedHeld {
    /// Its name.
    pub column: String,
    /// As delivered.
    pub value: String,
    /// What is read from it: it is a part of a field, or says when the record changed; `None` means
    /// nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_for: Option<String>,
}

/// A breach of a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ViolationHeld {
    /// The rule.
    pub rule: RuleId,
    /// The field.
    pub field: FieldName,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, in the rule's words.
    pub message: String,
}

/// A permission to break a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WaiverHeld {
    /// The rule.
    pub rule: RuleId,
    /// The decision that gave it.
    pub decision: DecisionId,
}

/// One delivery of a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RevisionHeld {
    /// From 1.
    pub revision: u32,
    /// When it was imported.
    pub imported: Timestamp,
    /// The import.
    pub import: ImportId,
    /// The imported file's name.
    pub file: Option<String>,
    /// Its line there.
    pub line: u64,
    /// What that number counts.
    #[serde(skip)]
    pub place: Place,
    /// When the source says it was changed.
    pub updated: Option<Timestamp>,
    /// The values.
    pub values: Vec<RevisedValue>,
    /// Columns that are kept as they came.
    pub unmapped: Vec<UnmappedHeld>,
}

/// A value of a delivery.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RevisedValue {
    /// The field.
    pub field: FieldName,
    /// As delivered.
    pub delivered: String,
    /// As read then; none where it could not be read.
    pub harmonised: Option<String>,
}

/// A permission given or refused.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConsentEntry {
    /// When steward learnt of it.
    pub at: Timestamp,
    /// The field.
    pub field: FieldName,
    /// What it says; `None` means it says nothing any more.
    pub value: Option<String>,
    /// The record it stands in; none for a golden value set by hand.
    pub record: Option<RecordAddress>,
    /// `delivered`, `corrected` or `pinned`.
    pub how: &'static str,
    /// The decision, where a person said it.
    pub decision: Option<DecisionId>,
}

/// A decision about the person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DecisionHeld {
    /// Its id.
    pub decision: DecisionId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// What was decided.
    pub verdict: &'static str,
    /// The person's records it was about.
    pub records: Vec<RecordAddress>,
    /// Other customers it was about as well; nothing else of them is told.
    pub others: Vec<CustomerId>,
    /// The reason, from the closed list.
    pub reason: Option<ReasonCode>,
    /// The note.
    pub note: Option<String>,
    /// What the person asked for, or what was done for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestStep>,
    /// Values it set.
    pub values: Vec<RevisedValue>,
    /// Values that it proposes, and that nobody set: somebody else has to approve them first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proposed: Vec<RevisedValue>,
    /// Why it did not wait for an approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken_glass: Option<String>,
    /// Whether a note or values are left out, since they may be about the others.
    pub withheld: bool,
    /// Fields whose value it removed.
    pub cleared: Vec<FieldName>,
    /// Corrections and pins that ended with it.
    pub withdrawn: Vec<FieldName>,
    /// Rules that may be broken.
    pub rules: Vec<RuleId>,
    /// The match probability that was on screen.
    pub score: Option<f64>,
    /// The end of a deferral: a time, or `data changes`.
    pub until: Option<String>,
    /// Who was asked.
    pub asked: Option<String>,
    /// The task it answered.
    pub task: Option<TaskId>,
    /// The bulk it belongs to.
    pub bulk: Option<BulkId>,
    /// Decisions it took back.
    pub reverses: Vec<DecisionId>,
    /// The decision that took it back.
    pub undone_by: Option<DecisionId>,
}

/// A change of who is one with whom.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MembershipChange {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// What happened, in a line of ids.
    pub what: String,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskHeld {
    /// Its id.
    pub task: TaskId,
    /// Its kind.
    pub kind: &'static str,
    /// Where it stands.
    pub state: &'static str,
    /// Why it exists.
    pub reason: String,
    /// The customers in question.
    pub customers: Vec<CustomerId>,
    /// The match probability of its best link.
    pub score: Option<f64>,
    /// Its life, earliest first.
    pub changes: Vec<TaskChange>,
}

/// A step in a task's life.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskChange {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// The state from then on.
    pub state: &'static str,
}

/// A row that could not become a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuarantinedHeld {
    /// The record whose key it holds.
    pub record: RecordAddress,
    /// When it was imported.
    pub at: Timestamp,
    /// The import.
    pub import: ImportId,
    /// The file's name.
    pub file: String,
    /// Its line there.
    pub line: u64,
    /// What that number counts.
    #[serde(skip)]
    pub place: Place,
    /// Why it is no record.
    pub reason: String,
    /// The row; none where it may be another person's.
    pub text: Option<String>,
}

/// An export that held the person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExportHeld {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// The data set.
    pub dataset: String,
    /// The format.
    pub format: String,
    /// Where it went: a file's name, `-` for standard output.
    pub destination: String,
    /// How it was narrowed; empty: not at all.
    pub filter: String,
    /// The last commit whose effects are in it.
    pub up_to: Sequence,
    /// Whether it is certain that the person was in it. Rows are not recorded, so that of data
    /// sets that only hold some persons it is merely possible.
    pub certain: bool,
}
