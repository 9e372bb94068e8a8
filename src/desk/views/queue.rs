//! The list of tasks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{Sequence, Subject, TaskId, TaskKind};

/// The queue.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QueueView {
    /// `[workspace] name`.
    pub workspace: String,
    /// The steward.
    pub actor: String,
    /// Counts over everything pending, filter or not.
    pub counts: QueueCounts,
    /// The tasks, best next first.
    pub rows: Vec<QueueRow>,
}

/// How much there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueueCounts {
    /// Wait for a verdict.
    pub open: usize,
    /// Deferred and now due.
    pub due: usize,
    /// Came back: challenges.
    pub back: usize,
    /// Deferred to later.
    pub deferred: usize,
    /// Asked of someone.
    pub escalated: usize,
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
    /// Customers in a duplicate task, violations in an invalid one.
    pub count: usize,
    /// Match probability of the best link, for duplicates.
    pub score: Option<f64>,
    /// When it was opened.
    pub opened: Timestamp,
    /// Whom it is about: `Pace, Thomas`, `Nordwind GmbH`, or a record's address.
    pub subject: String,
    /// `open`, `due`, `deferred`, `escalated`; with details: `back: birth_date changed`.
    pub state: String,
    /// Its version, as decisions must carry it.
    pub version: Sequence,
    /// Why it is here, in full sentences: the queue's lower pane.
    pub detail: Vec<String>,
}

/// One task in a list for programs, pending or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskLine {
    /// The task.
    pub id: TaskId,
    /// Its kind.
    pub kind: TaskKind,
    /// Where it stands: `open`, `due`, `deferred`, `escalated`, `decided`, `settled`.
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
    /// When it was opened.
    pub opened: Timestamp,
}
