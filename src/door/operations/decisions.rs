//! Verdicts, what they would do, and the claims that keep others away meanwhile.

use serde::{Deserialize, Serialize};

use crate::bulk::{BulkStep, BulkVerdict};
use crate::request::Request;
use domain::{BulkId, DecisionId, TaskId};

/// What a request would do, or why it would be refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The request.
    pub request: Request,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// Does it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decide {
    /// The request.
    pub request: Request,
}

/// A few tasks of a bulk: judged, or decided one by one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecideSome {
    /// The tasks and the verdict.
    pub step: BulkStep,
}

/// The person's last decision that still stands: what an undo takes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastDecision {
    /// Their last undo that can be redone instead. Redo is a stack: whatever they decide next
    /// clears it.
    pub undone: bool,
}

/// Claims a task, or renews the claim. Answered with the row as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The task.
    pub task: TaskId,
}

/// Releases what this session has claimed; what the person holds in another session stays theirs. Answered
/// with the row as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// The task; `None` means everything the session has claimed, and it leaves.
    pub task: Option<TaskId>,
}

/// Leaves: what belongs to the session goes. What its person has claimed stays claimed for as long as a claim
/// lasts, for they may come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {}

/// Whether one bulk may decide so many tasks: refused where `[decisions] bulk_max` allows fewer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FitBulk {
    /// How many.
    pub tasks: usize,
}

/// The request that answers a whole task with a verdict; refused where its customers contradict each
/// other and would be merged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WholeTask {
    /// The task.
    pub task: TaskId,
    /// The verdict.
    pub verdict: BulkVerdict,
}

/// One request of a bulk whose tasks get a verdict each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecideInBulk {
    /// What is to be done.
    pub request: Request,
    /// The bulk that has begun; `None` means it begins here.
    pub bulk: Option<BulkId>,
    /// How many more of the bulk follow it.
    pub left: u64,
    /// Only say what would come of it.
    pub rehearse: bool,
}

/// The decisions of a bulk that still stand; refused where there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionsOf {
    /// The bulk.
    pub bulk: BulkId,
}

/// Those of some decisions that are not undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The decisions.
    pub decisions: Vec<DecisionId>,
}
