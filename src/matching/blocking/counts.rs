//! What blocking came to, rule by rule: for reports.

/// How many candidate pairs a rule was the first to bring.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RuleCount {
    /// The rule, in words.
    pub rule: String,
    /// Pairs.
    pub pairs: u64,
    /// The rule was left out: it brings more pairs than a data set of this size can afford.
    pub left_out: bool,
    /// Records of the largest block that was compared whole.
    #[serde(default)]
    pub cap: u64,
    /// Of the second pass: a block holds one record of each group, the cap counts groups.
    #[serde(default)]
    pub between_groups: bool,
}

/// A block too large even after splitting: its pairs were left to other rules.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CutBlock {
    /// The rule, in words.
    pub rule: String,
    /// The shared value that caused it: a name, an address, a placeholder. Personal data.
    pub value: String,
    /// Records that share it.
    pub records: u64,
    /// Of the second pass: these are groups.
    #[serde(default)]
    pub between_groups: bool,
}
