//! Ids that there are, for whoever types one.

use serde::{Deserialize, Serialize};

/// An id, and what it is of in a few words that tell nothing of anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownId {
    /// `T9`, `C17`, `D31`, `I5`.
    pub id: String,
    /// `duplicate, open`; empty where there is nothing to say.
    pub about: String,
}
