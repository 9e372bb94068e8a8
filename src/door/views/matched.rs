//! What the last matching run knows.

use serde::{Deserialize, Serialize};

use super::{GrantsView, RecallView, SaidView, SecondLooksView, Share};
use domain::MatchRunId;

/// The state of matching: the last run, and what decisions taught it. No value of anybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchStatusView {
    /// The last run; none before the first.
    pub run: Option<MatchRunId>,
    /// Thresholds in force.
    pub auto: f64,
    /// See `auto`.
    pub review: f64,
    /// Fewer judged joins than this teach nothing.
    pub least_joins: u64,
    /// What decisions taught the model in force, by kind of record.
    pub learned: Vec<TaughtView>,
    /// How far people agree with themselves: no model is surer than what it is taught.
    #[serde(default)]
    pub second: SecondLooksView,
    /// What people said of tasks, whenever they were decided, beside those that wait.
    #[serde(default)]
    pub said: SaidView,
    /// How much of what reaches a person or the machine is joined; none before the first decision.
    #[serde(default)]
    pub found: Option<FoundView>,
    /// How much of all that there is to find was found; none where no pairs below review were drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<RecallView>,
    /// What is promised of merges under grants, and what may be granted.
    pub grants: GrantsView,
}

/// How much of what reaches review is joined by now: the recall of what people and the machine were
/// shown. What scores below review, and pairs that were never compared, are no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FoundView {
    /// Joins that stand: customers that were merged away.
    pub joins: u64,
    /// The true ones that are expected among waiting tasks, one a task.
    pub expected: f64,
    /// The share of both that stands.
    pub share: Share,
}

/// What decisions taught about one kind of record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaughtView {
    /// `person` or `organisation`.
    pub kind: String,
    /// Decisions it was learned from.
    pub decisions: u64,
    /// Joins that people made, or let stand where they decided about the group.
    pub same: u64,
    /// Joins that people refused.
    pub different: u64,
    /// By how much of itself a weight counts more.
    pub slope: f64,
    /// What every pair gets, log2 of the odds.
    pub shift: f64,
    /// What the weight alone stated of judged joins, beside what people said; from the highest
    /// probability down.
    pub before: Vec<StatedView>,
    /// The same with what was learned, each join stated by what other decisions taught.
    pub stated: Vec<StatedView>,
}

/// One band of match probability: stated against observed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StatedView {
    /// The least probability in it.
    pub from: f64,
    /// Its end.
    pub to: f64,
    /// Judged joins in it.
    pub joins: u64,
    /// Their mean probability.
    pub stated: f64,
    /// The share of them that people made.
    pub observed: f64,
    /// The interval of that share, at 95 % confidence (Wilson).
    pub least: f64,
    /// See `least`.
    pub most: f64,
}
