//! Verdicts, what they would do, and the claims that keep others away meanwhile.

use serde::{Deserialize, Serialize};

use crate::bulk::BulkStep;
use crate::request::Request;
use domain::TaskId;

/// What a request would do, or why it would be refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The request.
    pub request: Request,
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
    /// Their last undo that can be redone instead. Redo is a stack: whatever they decide anew
    /// clears it.
    pub undone: bool,
}

/// Claims a task, or renews the claim. Answered with the row as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The task.
    pub task: TaskId,
}

/// Releases a task. Answered with the row as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// The task; none: everything this person has claimed, as a session does that ends.
    pub task: Option<TaskId>,
}
