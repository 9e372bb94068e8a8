//! The list of tasks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::TaskSummary;
use domain::{Sequence, Subject, TaskId, TaskKind, Urgency};

/// The queue: which tasks, in which order, and the first of them in full.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QueueView {
    /// `[workspace] name`.
    pub workspace: String,
    /// The steward.
    pub actor: String,
    /// Counts over everything pending, filter or not.
    pub counts: QueueCounts,
    /// Every task, in the order asked for.
    pub listed: Vec<Listed>,
    /// The first of them.
    pub rows: Vec<QueueRow>,
    /// What [`QueueSince`](crate::operations::QueueSince) counts from.
    pub generation: u64,
    /// How much has been read of what filter and order ask for, of how much; `None` means
    /// everything. Until then tasks not read yet have no value under those columns.
    pub preparing: Option<(usize, usize)>,
    /// `[views]`: name and filter.
    pub views: Vec<(String, String)>,
    /// Whether `[queue] stake` names a field.
    pub has_stake: bool,
    /// Tasks one bulk may decide at most.
    pub bulk_max: usize,
}

/// A task's place in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The task.
    pub task: TaskId,
    /// Whether a verdict is wanted now: it is not put off or asked of somebody else, and nobody else has
    /// claimed it or looks at it.
    pub waits: bool,
}

/// What changed since a generation of the queue.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QueueChanges {
    /// Counts over everything pending.
    pub counts: QueueCounts,
    /// What the next question counts from.
    pub generation: u64,
    /// Tasks that are pending no more, or no longer fit the filter.
    pub gone: Vec<TaskId>,
    /// Tasks that changed and fit, new ones among them.
    pub kept: Vec<QueueRow>,
}

/// What there is to say of the queue since a generation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueNews {
    /// So much changed that it is told as a whole.
    Whole(QueueView),
    /// What changed.
    Changed(QueueChanges),
}

/// How much has been read of what is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadSoFar {
    /// Tasks read.
    pub done: usize,
    /// Tasks to be read.
    pub total: usize,
}

/// The patterns of the pending tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatternsView {
    /// Most first, as far as they are read.
    pub patterns: Vec<PatternCount>,
    /// How far that is.
    pub prepared: ReadSoFar,
}

/// Tasks of one pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatternCount {
    /// In words: `different family name, same e-mail`.
    pub pattern: String,
    /// The kind of its tasks.
    pub kind: TaskKind,
    /// How many fit the filter.
    pub count: usize,
}

/// How much there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueueCounts {
    /// Wait for a verdict.
    pub open: usize,
    /// Claimed by this steward, or asked of them.
    pub mine: usize,
    /// Deferred and now due, or open for longer than `[queue] due` says.
    pub due: usize,
    /// Asked of someone, who has answered.
    pub answered: usize,
    /// Came back: challenges.
    pub back: usize,
    /// Deferred to later.
    pub deferred: usize,
    /// Asked of someone.
    pub escalated: usize,
    /// A verdict on them is proposed, and waits for an approval.
    #[serde(default)]
    pub proposed: usize,
    /// Ask for an approval.
    #[serde(default)]
    pub approvals: usize,
    /// Decided by this steward since midnight UTC.
    pub decided_today: usize,
}

/// One task in the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueRow {
    /// The task.
    pub task: TaskId,
    /// Its kind.
    pub kind: TaskKind,
    /// Where it stands.
    pub urgency: Urgency,
    /// Customers in a duplicate task, violations in an invalid one.
    pub count: usize,
    /// Match probability of the best link, for duplicates.
    pub score: Option<f64>,
    /// Value at stake, where it has been read.
    pub stake: Option<f64>,
    /// When it was opened.
    pub opened: Timestamp,
    /// Whom it is about: `Pace, Thomas`, `Nordwind GmbH`, or a record's address.
    pub subject: String,
    /// What it is about in few words: of duplicates, and of challenges.
    #[serde(default)]
    pub summary: Option<TaskSummary>,
    /// What is special about it: `back: birth_date changed`, `due today`, `claimed by kim`.
    pub state: String,
    /// Who has claimed it.
    pub claimed: Option<String>,
    /// The others who look at it.
    #[serde(default)]
    pub looking: Vec<String>,
    /// It was given to whoever is told this: they are to decide it, or to answer.
    #[serde(default)]
    pub given: bool,
    /// Its version, as decisions must carry it.
    pub version: Sequence,
}

impl QueueRow {
    /// Its place in the queue for `actor`.
    #[must_use]
    pub fn listed(&self, actor: &str) -> Listed {
        let free = self.claimed.as_deref().is_none_or(|holder| holder == actor);
        let alone = self.looking.is_empty();
        let waits = self.urgency.waits() || self.given;
        Listed { task: self.task, waits: free && alone && waits }
    }
}

/// One task in a list for programs, pending or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskLine {
    /// The task.
    pub id: TaskId,
    /// Its kind.
    pub kind: TaskKind,
    /// Where it stands: `open`, `due`, `deferred`, `escalated`, `answered`, `decided`, `settled`.
    pub state: String,
    /// The version decisions must carry.
    pub version: Sequence,
    /// The customers; for an invalid record and a challenged value, the record first.
    pub subjects: Vec<Subject>,
    /// Match probability of the best link, for duplicates.
    pub score: Option<f64>,
    /// Why it is here, in full sentences.
    pub reason: String,
    /// Whom it is about: `Pace, Thomas`.
    pub name: String,
    /// What it is about in few words: of duplicates, and of challenges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<TaskSummary>,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it is due: deferred until then, or `[queue] due` after it was opened.
    pub due: Option<Timestamp>,
    /// Value at stake, as `[queue] stake` says.
    pub stake: Option<f64>,
    /// Customers of a duplicate, violations of an invalid record.
    pub count: u64,
    /// Days since it was opened.
    pub age: i64,
    /// Whom it was escalated to.
    pub to: Option<String>,
    /// Who has claimed it, else whom it was escalated to, else who asked.
    pub assignee: Option<String>,
    /// Whether the assignee is whoever asks.
    pub mine: bool,
    /// What a list for people does not need.
    #[serde(flatten)]
    pub of_records: Option<TaskRecords>,
}

/// A part of a listing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskPage {
    /// Its tasks.
    pub lines: Vec<TaskLine>,
    /// Whether another part follows.
    pub more: bool,
}

/// What a task's records tell of it; see [`TaskColumn`](domain::TaskColumn).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRecords {
    /// The sources of its records.
    pub source: Vec<String>,
    /// The rules that an invalid record breaks.
    pub rule: Vec<String>,
    /// Its customers.
    pub customer: Vec<String>,
    /// Whom it is about, as `name`.
    pub subject: String,
    /// What agrees and what differs.
    pub pattern: Option<String>,
}
