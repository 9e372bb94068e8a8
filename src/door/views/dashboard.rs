//! The state of the workspace in numbers.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    ApprovalsLine, EditView, GrantsLine, OwnFigures, RecallView, RequestsLine, SecondLooksView,
};
use domain::scores::GroupScores;
use domain::{Dimension, MatchRunId, TaskKind};

/// Days back to which the ages of waiting tasks are told apart: today, up to two days, a week, a
/// month; the last place counts what is older.
pub const AGES: [u32; 4] = [0, 2, 7, 30];

/// Everything the dashboard shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DashboardView {
    /// What waits, by kind, kinds of which nothing waits left out.
    pub waiting: Vec<WaitingView>,
    /// The last days, earliest first, today last.
    pub days: Vec<DayView>,
    /// Decisions in each of the last 24 hours, the present one last.
    pub hours: Vec<u32>,
    /// Who decided in the last seven days, most first.
    pub people: Vec<PersonView>,
    /// How long a decision takes here.
    pub pace: Pace,
    /// Violations by dimension and source.
    pub quality: Vec<QualityView>,
    /// The groups of the last matching run by score; none before the first one that counted them.
    pub scores: Option<ScoresView>,
    /// How far people agree with themselves.
    #[serde(default)]
    pub second: SecondLooksView,
    /// How much was found; none where no pairs below review were drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<RecallView>,
    /// Merging that people grant.
    #[serde(default)]
    pub grants: GrantsLine,
    /// The figures of whoever asks.
    #[serde(default)]
    pub own: OwnFigures,
    /// Requests of persons that wait.
    #[serde(default)]
    pub requests: RequestsLine,
    /// Approvals that wait.
    #[serde(default)]
    pub approvals: ApprovalsLine,
    /// What has become of `steward.toml` beside the settings in force.
    #[serde(default)]
    pub edit: EditView,
}

/// Pending tasks of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingView {
    /// The kind.
    pub kind: TaskKind,
    /// Waiting for a verdict.
    pub open: u64,
    /// Put off.
    pub deferred: u64,
    /// Asked of someone.
    pub escalated: u64,
    /// All of them by age, as [`AGES`] says.
    pub ages: [u64; AGES.len() + 1],
}

/// Tasks of one day, of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayView {
    /// The day.
    pub day: Date,
    /// Tasks that began to wait.
    pub opened: u64,
    /// Tasks decided or settled.
    pub closed: u64,
    /// Tasks that waited when it ended.
    pub waiting: u64,
}

/// What one person decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// The name.
    pub actor: String,
    /// Decisions since the day began, by UTC.
    pub today: u64,
    /// Decisions of the last seven days.
    pub week: u64,
    /// Seconds a decision took, pauses left out; none before two decisions in a row.
    pub seconds: Option<u64>,
}

/// How long a decision takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Seconds.
    pub seconds: f64,
    /// Decisions it was measured over; `None` means it is assumed.
    pub measured: Option<u64>,
}

/// Breaches in one dimension among the records of one source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityView {
    /// The dimension.
    pub dimension: Dimension,
    /// The source; empty for records of sources that are no longer named.
    pub source: String,
    /// Judgements: records times the rules that apply to them.
    pub judged: u64,
    /// Those that found a breach nobody waived.
    pub broken: u64,
    /// The share of breaches after each of the latest imports that measured it, earliest first.
    pub history: Vec<f64>,
}

impl QualityView {
    /// The share of breaches now, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        share(self.broken, self.judged)
    }
}

/// A share of a whole, 0 to 1; 0 of nothing.
#[must_use]
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The groups of the last matching run that looked at all records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoresView {
    /// The run.
    pub run: MatchRunId,
    /// When it ended.
    pub at: Timestamp,
    /// Its groups.
    pub scores: GroupScores,
    /// The last run, where that looked only at what had changed: its groups are not counted.
    pub later: Option<MatchRunId>,
    /// The auto threshold in force.
    pub auto: f64,
    /// The review threshold in force.
    pub review: f64,
}
