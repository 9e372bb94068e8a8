//! Long work. It begins at once and goes on between other operations; [`Watch`] tells how far it is.

use serde::{Deserialize, Serialize};

use domain::SourceName;

/// Imports a file, which comes as the operation's input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// The source, as in `steward.toml`.
    pub source: SourceName,
    /// The file's name without folders.
    pub file: String,
}

/// Matches all records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Match {}

/// Waits until what is under way is further than that, or has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Units known to be done.
    pub done: u64,
}

/// Stops what is under way; what was committed stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cancel {}
