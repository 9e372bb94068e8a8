//! The queue: what waits, in an order.

use serde::{Deserialize, Serialize};

use crate::listing::TaskListing;
use crate::search::Search;
use domain::{QueueOrder, TaskId};

/// The pending tasks in an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// An expression over the columns of a task, as in `tasks --where`; `None` means everything
    /// pending.
    pub filter: Option<String>,
    /// How they are sorted.
    pub order: QueueOrder,
}

/// What changed in the queue; answered by the whole queue where too much did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueSince {
    /// As the queue was asked for.
    pub filter: Option<String>,
    /// As the queue was asked for.
    pub order: QueueOrder,
    /// The generation last seen.
    pub since: u64,
}

/// Some tasks of the queue in full: those of them that are still pending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueRows {
    /// The tasks.
    pub tasks: Vec<TaskId>,
}

/// Why a task is here, in sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskReasons {
    /// The task.
    pub task: TaskId,
    /// As the queue was asked for: in the order `telling` it is told why the task has its place.
    #[serde(default)]
    pub order: QueueOrder,
}

/// Reads on in what the queue's filter and order ask for, for a few milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrepareQueue {
    /// As the queue was asked for.
    pub filter: Option<String>,
    /// As the queue was asked for.
    pub order: QueueOrder,
}

/// How many tasks there are of each pattern, most first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Patterns {
    /// As in `tasks --where`.
    pub filter: Option<String>,
}

/// How many pending tasks fit each of these filters; none of a filter about what has not been read of all
/// tasks, or of too many tasks to count them in a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountWhere {
    /// As in `tasks --where`.
    pub filters: Vec<String>,
}

/// The tasks of a listing for programs, in the order of `[queue] order`, a part at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListTasks {
    /// Which tasks.
    pub listing: TaskListing,
    /// Which part, from 0. They are cheapest one after the other.
    pub part: usize,
}

/// The pending tasks for which an expression holds, in the order of `[queue] order`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TasksWhere {
    /// As in `tasks --where`.
    pub filter: String,
}

/// Searches; the session's search before is given up. Answered as soon as more is found than was
/// seen, or all is: whoever wants the rest asks again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Find {
    /// Tells the searches of a session apart: a later one has a greater number.
    pub number: u64,
    /// What is searched.
    pub search: Search,
    /// Texts known to be looked at.
    pub seen: u64,
}
