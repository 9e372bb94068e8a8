//! The workspace as a whole: numbers, rules, imports.

use serde::{Deserialize, Serialize};

use domain::{ImportId, RuleId};

/// What must be known of the workspace to name things in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {}

/// The state of the workspace in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {}

/// The rules, and what they make of the records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {}

/// The first records that break a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failing {
    /// The rule.
    pub rule: RuleId,
    /// At most so many.
    pub limit: usize,
}

/// The latest imports, and what is under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Imports {}

/// One import, or reread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowImport {
    /// The import.
    pub import: ImportId,
}

/// The first rows of an import that are in quarantine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quarantine {
    /// The import.
    pub import: ImportId,
    /// At most so many.
    pub limit: usize,
    /// Whether the rows are wanted in clear: that is recorded before they are shown.
    pub unmask: bool,
}

/// Ids that begin so, for whoever types one: tasks that wait, customers, decisions, imports. What begins
/// with nothing is a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownIds {
    /// A letter, and digits.
    pub begin: String,
    /// At most so many.
    pub limit: usize,
}
