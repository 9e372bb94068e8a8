//! What happened.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{DecisionId, Evidence, Sequence, Shown};

/// One entry of a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The commit.
    pub sequence: Sequence,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// How they came; none from before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// The decision, if it was one.
    pub decision: Option<DecisionId>,
    /// Whether that decision still stands.
    pub stands: bool,
    /// What happened, in a line.
    pub what: String,
    /// Field by field, before and after, where values changed.
    pub changes: Vec<Change>,
}

impl HistoryEntry {
    /// Who, and the door if it leads to elsewhere: `kim over SSH`.
    #[must_use]
    pub fn by(&self) -> String {
        domain::told(&self.actor, self.evidence.as_ref())
    }
}

/// One value's change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field, or `members`.
    pub field: String,
    /// The record or customer whose it is, where an entry tells of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Before; `None` means absent.
    pub before: Option<Shown>,
    /// After; `None` means absent.
    pub after: Option<Shown>,
    /// Masked on screen.
    pub sensitive: bool,
}

impl Change {
    /// What was changed, in words: `birth_date`, `birth_date of crm:1042`.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.of {
            Some(of) => format!("{} of {of}", self.field),
            None => self.field.clone(),
        }
    }
}
