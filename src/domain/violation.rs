//! A breach of a data-quality rule.

use serde::{Deserialize, Serialize};

use super::{FieldName, RuleId, SourceName};

/// How bad a breach is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Counted and shown.
    Warn,
    /// Makes a task, and blocks a decision that would newly cause it.
    Error,
}

impl Severity {
    /// The name in `steward.toml` and in exports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Warn => "warn",
            Severity::Error => "error",
        }
    }
}

/// The quality dimension a rule measures (ISO 8000 and DAMA's six).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Values are there.
    Completeness,
    /// Values have the right form.
    Validity,
    /// One real thing, one record.
    Uniqueness,
    /// Values agree with each other.
    Consistency,
    /// Values are recent enough.
    Timeliness,
    /// Values are true.
    Accuracy,
}

impl Dimension {
    /// The name in `steward.toml` and in exports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Dimension::Completeness => "completeness",
            Dimension::Validity => "validity",
            Dimension::Uniqueness => "uniqueness",
            Dimension::Consistency => "consistency",
            Dimension::Timeliness => "timeliness",
            Dimension::Accuracy => "accuracy",
        }
    }
}

/// How the rules of one dimension judged the records of one source at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityMeasure {
    /// The source.
    pub source: SourceName,
    /// The dimension.
    pub dimension: Dimension,
    /// Judgements: records times the rules that apply to them.
    pub judged: u64,
    /// Those that found a breach nobody waived.
    pub broken: u64,
}

/// What a rule says of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Its `when` does not hold, or there is no value to look at.
    DoesNotApply,
    /// It holds.
    Passes,
    /// It is broken.
    Fails,
    /// It is broken, and may be.
    Waived,
}

/// One breach. Names the rule and the field; never holds the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The rule.
    pub rule: RuleId,
    /// The field.
    pub field: FieldName,
    /// How bad.
    pub severity: Severity,
    /// What it measures.
    pub dimension: Dimension,
    /// What is wrong, in the rule's words.
    pub message: String,
    /// What to do about it, in the rule's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// A value that would mend it, where one can be derived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// Nothing else is suggested, and that the value is removed would mend it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removes: bool,
    /// Values that may be meant, where none is likelier than the others: two numbers in one cell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
}
