//! Results of the finder.

use serde::{Deserialize, Serialize};

use crate::domain::TaskId;

/// A task that resembles the typed text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinderHit {
    /// The task.
    pub task: TaskId,
    /// The line searched and shown.
    pub line: String,
    /// Which characters of the line matched, counted from 0.
    pub positions: Vec<usize>,
    /// Higher is better.
    pub score: i64,
}
