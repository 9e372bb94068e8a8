//! Matching runs beside one another.

use serde::{Deserialize, Serialize};

use domain::MatchRunId;

/// Compares the customers, tasks, model and settings after one matching run with those after a later
/// one, from what the ledger holds in between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareRuns {
    /// The earlier run; `None` means the one before the later.
    pub from: Option<MatchRunId>,
    /// The later run; `None` means the newest.
    pub to: Option<MatchRunId>,
    /// How many things of each kind are named; all are counted.
    pub limit: usize,
}
