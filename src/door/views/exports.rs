//! What left the workspace, and how well matching does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use domain::quality::{Quality, Reliability};
use domain::{FieldName, MatchRunId, Sequence};

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportOutcome {
    /// Rows written, the header not counted.
    pub rows: u64,
    /// The last commit whose effects are in it.
    pub up_to: Sequence,
    /// The chain's hash after that commit, in hexadecimal.
    pub chain: String,
    /// The columns of a flat format.
    #[serde(default)]
    pub columns: Vec<ExportColumn>,
    /// Of the ledger's events, every place that could not be read.
    #[serde(default)]
    pub damage: Vec<String>,
    /// The fields that left masked, since the role of whoever exported does not see them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<FieldName>,
    /// What an export for a purpose left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_for: Option<ForPurposeView>,
}

/// What an export for a purpose left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForPurposeView {
    /// The purpose.
    pub purpose: String,
    /// The channel.
    pub channel: Option<String>,
    /// Fields that are not used for it.
    pub fields_left_out: Vec<FieldName>,
    /// Customers whose consent it needs and does not have.
    pub without_consent: u64,
    /// Customers that restricted, objected or opted out.
    pub restricted: u64,
}

/// What a feed told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedOutcome {
    /// Lines of each type that there were any of.
    pub told: BTreeMap<String, u64>,
    /// The last commit whose effects are in it.
    pub up_to: Sequence,
    /// The commit that says that it was about to leave; `None` where it had nothing to tell.
    pub begun: Option<Sequence>,
}

impl FeedOutcome {
    /// How many lines there were.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.told.values().sum()
    }
}

/// A column of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportColumn {
    /// Its name.
    pub name: String,
    /// What its values are: `text`, `day`.
    pub kind: String,
}

/// A model that was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedModel {
    /// Of which kind of record.
    pub kind: String,
    /// Decisions that taught something beside it, which Splink's settings cannot hold.
    #[serde(default)]
    pub decisions: u64,
    /// What was written; its rows are comparisons.
    pub outcome: ExportOutcome,
}

/// What an evaluation found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The customers as they stand now.
    pub customers: Quality,
    /// The groups that the last run merged by itself.
    pub auto: Quality,
    /// That run; none before the first.
    pub run: Option<MatchRunId>,
    /// The groups that a run over everything proposes, merged or as tasks.
    pub proposed: Quality,
    /// Scored pairs at and above each threshold, from the highest down.
    pub pairs: Vec<ThresholdQuality>,
    /// The threshold at which scored pairs have the highest F1.
    pub best: ThresholdQuality,
    /// All pairs that were compared: the recall is the share of the true pairs that blocking brought.
    pub compared: Quality,
    /// Whether match probabilities mean what they say.
    pub reliability: Reliability,
    /// Records of the workspace that the truth names.
    pub records: u64,
    /// True pairs among them.
    pub true_pairs: u64,
    /// Ids of the truth that no record has.
    pub unknown: u64,
    /// Whether pairs were scored by the recorded model, as tasks and explanations are; else by one that
    /// was learned for the purpose.
    pub recorded: bool,
    /// Decisions that taught this model.
    pub learned_from: u64,
}

/// The quality of scored pairs at and above a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ThresholdQuality {
    /// The least match probability.
    pub threshold: f64,
    /// How good these pairs are.
    #[serde(flatten)]
    pub quality: Quality,
}
