//! Several people in one workspace: what the others have done, and who is where.

use serde::{Deserialize, Serialize};

use crate::views::Place;
use domain::{Sequence, TaskId};

/// Waits until somebody else has done something that a screen may show: a commit, a claim, a task opened
/// or left. What long work commits is told when the work ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Changes {
    /// How much of it was known, as told before; 0 at first.
    pub since: u64,
}

/// Looks at a task, which others are told, or at none any more. Answered with who else is there, and
/// what has become of the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LookAt {
    /// The task; `None` means the session has left it.
    pub task: Option<TaskId>,
    /// The version that is on the screen.
    pub seen: Option<Sequence>,
}

/// Says where a person is in their review, to come back to if the line is cut.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeepPlace {
    /// Where; `None` means they leave it, and start afresh the next time.
    pub place: Option<Place>,
    /// How many people were erased as far as was known, see [`Changed`](crate::views::Changed): of a place that
    /// was told before somebody was erased, neither filter nor draft is kept.
    #[serde(default)]
    pub erased: u64,
}

/// Takes up where this person was when a session of theirs was cut off, within a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TakeUp {}

/// Gives a claim up, in whichever of their sessions this person made it. Answered with the row as it is
/// now; refused where the task is not theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveUp {
    /// The task.
    pub task: TaskId,
}
