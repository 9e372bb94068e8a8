//! What waits for somebody else's approval.

use serde::{Deserialize, Serialize};

use domain::TaskId;

/// Every task that asks for an approval and waits, the earliest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Approvals {
    /// Only those that whoever asks may approve.
    #[serde(default)]
    pub mine: bool,
}

/// One of them, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowApproval {
    /// The task.
    pub task: TaskId,
    /// Whether sensitive values are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}
