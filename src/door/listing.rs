//! The tasks that programs are told of.

use serde::{Deserialize, Serialize};

use domain::TaskKind;

/// Which tasks programs are told of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TaskListing {
    /// As in `tasks --where`.
    pub filter: Option<String>,
    /// Only those of this kind.
    pub kind: Option<TaskKind>,
    /// Only those in the state of that name.
    pub state: Option<String>,
    /// Those as well that wait for nobody any more.
    pub finished: bool,
    /// Every column that filters know is told, also those that records must be read for.
    pub whole: bool,
}
