//! Rules, and the records that break them.

use serde::{Deserialize, Serialize};

use domain::{CustomerId, Dimension, FieldName, RecordAddress, RuleId, Severity, TaskId};

/// One rule and what it makes of the records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleView {
    /// Its id.
    pub rule: RuleId,
    /// The field it looks at.
    pub field: FieldName,
    /// What it measures.
    pub dimension: Dimension,
    /// How bad a breach is.
    pub severity: Severity,
    /// What a breach is called.
    pub message: String,
    /// What to do about one.
    pub remedy: Option<String>,
    /// How it is counted.
    pub counted: Counted,
    /// All sources together.
    pub all: RuleCounts,
    /// Source by source, in the order of the settings; records of sources that are no longer
    /// named come last, under an empty name.
    pub sources: Vec<(String, RuleCounts)>,
    /// Pending tasks that name it.
    pub tasks: u64,
}

/// How a rule's breaches are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// In records, each as of the day on which it was last touched.
    Records,
    /// `unique`: in pending tasks, for other records decide. Sources count the records with a value.
    Tasks,
    /// `fresh`: nowhere, for it changes with nothing but time.
    WhenRead,
}

/// Records by what a rule says of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RuleCounts {
    /// Records it applies to.
    pub applies: u64,
    /// Records that break it, without a waiver.
    pub failing: u64,
    /// Records that break it and may.
    pub waived: u64,
}

impl RuleCounts {
    /// The share of the records it applies to that do not break it, 0 to 1; none where it applies to
    /// none.
    #[must_use]
    pub fn pass_rate(&self) -> Option<f64> {
        let passing = self.applies.saturating_sub(self.failing + self.waived);
        (self.applies > 0).then(|| super::share(passing, self.applies))
    }
}

/// The first records that break a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailingView {
    /// The rule.
    pub rule: RuleId,
    /// The records, by number.
    pub records: Vec<FailingRecord>,
    /// Whether there may be more.
    pub more: bool,
}

/// A record that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailingRecord {
    /// Its address.
    pub record: RecordAddress,
    /// Its customer.
    pub customer: CustomerId,
    /// Whom it is about.
    pub name: String,
    /// The pending task that asks to mend it.
    pub task: Option<TaskId>,
}
