//! What an audit asks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Starts to list what an audit asks about a span of time: who changed rules and people, who came in and who was
/// refused, what was unmasked, what left the workspace, what was erased, what was decided, and how far the
/// ledger goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// From here on; `None` means from the beginning.
    #[serde(default)]
    pub since: Option<Timestamp>,
    /// Before this; `None` means up to now.
    #[serde(default)]
    pub until: Option<Timestamp>,
}
