//! What comes next in the queue.

use jiff::Timestamp;

use crate::domain::{Task, TaskKind, TaskState, Until};

/// Where a task stands in "best next": smaller comes first. Returned, due, then score, then age.
#[must_use]
pub fn rank(task: &Task, now: Timestamp) -> (u8, i64, i64, u32) {
    let class = match (&task.state, task.kind) {
        (TaskState::Open, TaskKind::Challenge) => 0,
        (TaskState::Deferred { .. }, _) if is_due(task, now) => 1,
        (TaskState::Open, _) => 2,
        (TaskState::Escalated { .. }, _) => 3,
        _ => 4,
    };
    // Scores of one millionth apart are the same to a person; the order must not depend on more.
    let score = (task.score.unwrap_or(0.0) * 1e6) as i64;
    (class, -score, task.opened.as_second(), task.id.0)
}

/// Whether a deferred task has come due.
#[must_use]
pub fn is_due(task: &Task, now: Timestamp) -> bool {
    matches!(task.state, TaskState::Deferred { until: Until::Time(until), .. } if until <= now)
}

/// Whether a verdict is wanted now.
#[must_use]
pub fn is_actionable(task: &Task, now: Timestamp) -> bool {
    task.state == TaskState::Open || is_due(task, now)
}
