//! Why two records are suspected, or not.

use serde::{Deserialize, Serialize};

use super::{Competing, Unmerged};
use domain::{RecordAddress, Shown};

/// The waterfall of one pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExplanationView {
    /// One record.
    pub left: RecordAddress,
    /// The other.
    pub right: RecordAddress,
    /// Match probability, 0 to 1.
    pub probability: f64,
    /// Sum of all weights, log2.
    pub match_weight: f64,
    /// The weight every pair starts with: how rare matches are, log2.
    pub prior: f64,
    /// Field by field, largest effect first.
    pub steps: Vec<StepView>,
    /// What the pair looks like, most likely first: `the same customer`, `the same household`, with
    /// probability.
    pub classes: Vec<(String, f64)>,
    /// The blocking rule that brings them together; `None` means no rule does.
    pub blocking: Option<String>,
    /// Rules that met but were left out of the run, and, where none met, those that nearly did.
    pub blocking_notes: Vec<String>,
    /// What keeps the machine from merging them by itself, however probable the match.
    pub unearned: Vec<String>,
    /// What keeps them apart whatever they score, a rule of `steward.toml` or their own generations: they are no
    /// task either.
    #[serde(default)]
    pub never: Option<String>,
    /// Why the machine does not merge them by itself.
    #[serde(default)]
    pub unmerged: Unmerged,
    /// What competes with their being one.
    #[serde(default)]
    pub competing: Option<Competing>,
}

/// One comparison's part in a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    /// Short label: `birth`, `phone`.
    pub label: String,
    /// The fields.
    pub fields: Vec<String>,
    /// The left value.
    pub left: Shown,
    /// The right value.
    pub right: Shown,
    /// The level in words: `day and month swapped`.
    pub level: String,
    /// Its weight, log2(m/u).
    pub weight: f64,
    /// What made it heavier or lighter: `1 in 310`.
    pub note: Option<String>,
    /// Whether a value comes from a sensitive field and is masked on screen.
    pub sensitive: bool,
    /// Whether the values were compared; else `level` says why they do not count.
    pub counts: bool,
}
