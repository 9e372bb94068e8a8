//! Two matching runs beside one another. Ids and counts only: no value of anybody.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{CustomerId, ImportId, MatchRunId, TaskId, TaskKind};

/// The first of so many things.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct First<T> {
    /// How many there are.
    pub count: u64,
    /// Those that are named, the largest change first.
    pub first: Vec<T>,
}

impl<T> Default for First<T> {
    fn default() -> Self {
        Self { count: 0, first: Vec::new() }
    }
}

/// What is different after a later matching run from what it was after an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunsDiff {
    /// The earlier run.
    pub from: RunTold,
    /// The later run.
    pub to: RunTold,
    /// What came between the two.
    pub between: Between,
    /// Customers.
    pub groups: GroupsDiff,
    /// Tasks.
    pub tasks: TasksDiff,
    /// Levels of comparisons that are worth more or less, what moved furthest first; nothing where both
    /// took one model.
    pub weights: Vec<WeightMoved>,
    /// What steward.toml says differently, by key.
    pub settings: Vec<SettingChanged>,
    /// What people said in between of the tasks that waited after the earlier run, by the
    /// probability it stated.
    pub said: SaidView,
}

/// A matching run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunTold {
    /// Its id.
    pub run: MatchRunId,
    /// When it ended.
    pub at: Timestamp,
    /// Whether it learned its model; else it took that of an earlier run.
    pub learned: bool,
    /// Records it compared.
    pub records: u64,
    /// Pairs it scored.
    pub pairs: u64,
    /// Customers it merged away.
    pub merged: u64,
    /// Duplicate tasks it opened.
    pub tasks: u64,
}

/// What the ledger holds between two runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Between {
    /// Matching runs after the earlier one; the later one is the last.
    pub runs: Vec<MatchRunId>,
    /// Imports and rereads that began.
    pub imports: Vec<ImportId>,
    /// Records that came.
    pub new: u64,
    /// Deliveries of records that were known, with other content.
    pub changed: u64,
    /// Decisions.
    pub decisions: u64,
    /// People who were erased.
    pub erased: u64,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct By {
    /// The machine.
    pub machine: bool,
    /// People.
    pub people: bool,
    /// A grant that a person gave.
    #[serde(default)]
    pub grant: bool,
}

impl By {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match (self.machine, self.people, self.grant) {
            (true, false, false) => "by machine",
            (false, true, false) => "by people",
            (true, true, false) => "by both",
            (false, false, true) => "by a grant",
            (true, false, true) => "by machine and by a grant",
            (false, true, true) => "by people and by a grant",
            (true, true, true) => "by both and by a grant",
            (false, false, false) => "",
        }
    }
}

/// What became of customers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GroupsDiff {
    /// Those that hold records that they did not hold.
    pub grew: First<Grew>,
    /// Those whose records belong to several customers now.
    pub split: First<Split>,
    /// Those that are gone.
    pub went: First<Went>,
    /// Joins that the machine made in between.
    pub joined: u64,
    /// Those of them that people have taken apart since.
    pub taken_apart: u64,
}

/// A customer that holds more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grew {
    /// The customer.
    pub customer: CustomerId,
    /// Records it has now.
    pub records: u64,
    /// Those of them that it had not.
    pub came: u64,
    /// The customers that had them; records that came in between had none.
    pub from: Vec<CustomerId>,
    /// Who did it.
    pub by: By,
}

/// A customer that was taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The customer.
    pub customer: CustomerId,
    /// Records it had.
    pub records: u64,
    /// The customers that have them now.
    pub into: Vec<CustomerId>,
    /// Who did it.
    pub by: By,
}

/// A customer that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Went {
    /// The customer.
    pub customer: CustomerId,
    /// The customer it was merged into; none where it was erased or its records went elsewhere.
    pub into: Option<CustomerId>,
    /// Who did it.
    pub by: By,
}

/// What became of tasks.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TasksDiff {
    /// Those that wait and did not.
    pub new: First<TaskTold>,
    /// Those that people decided.
    pub decided: First<TaskTold>,
    /// Those that waited and that nothing is left of to decide.
    pub settled: First<TaskTold>,
    /// Those that came and went in between, settled without a decision.
    pub passed: u64,
}

/// A task.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TaskTold {
    /// Its id.
    pub task: TaskId,
    /// What it asks.
    pub kind: TaskKind,
    /// Match probability of its best link, where it has one.
    pub score: Option<f64>,
}

/// A level of a comparison that is worth more or less than it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightMoved {
    /// `person` or `organisation`.
    pub kind: String,
    /// The comparison.
    pub comparison: String,
    /// The level, in words.
    pub level: String,
    /// log2 of the odds it added; none where the earlier model did not know it.
    pub before: Option<f64>,
    /// What it adds now; none where the later model does not know it.
    pub after: Option<f64>,
    /// By how many bits it moved.
    pub by: f64,
}

/// What steward.toml says differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChanged {
    /// Where: `matching.auto`.
    pub key: String,
    /// What it said; none where it was not there.
    pub before: Option<String>,
    /// What it says; none where it is gone.
    pub after: Option<String>,
}

/// What people said of duplicate tasks, by the match probability each stated of its best link when
/// it was decided. A task is true where the decision made at least one of its customers one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SaidView {
    /// Band by band, from the highest down.
    pub bands: Vec<SaidBand>,
    /// The share of all tasks of the bands in which anybody decided that is true: each band counts as
    /// often as it holds tasks, however many of them were decided.
    pub whole: Option<Share>,
}

/// One band of match probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SaidBand {
    /// The least probability in it.
    pub from: f64,
    /// Its end.
    pub to: f64,
    /// Tasks in it, decided or not.
    pub tasks: u64,
    /// Those that were decided.
    pub decided: u64,
    /// Those that are true.
    pub same: u64,
    /// What the decided ones stated, on average.
    pub stated: f64,
    /// The share of them that is true.
    pub observed: f64,
    /// The interval of that share, at 95 % confidence (Wilson).
    pub least: f64,
    /// See `least`.
    pub most: f64,
}

/// A share with its interval at 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The share, 0 to 1.
    pub share: f64,
    /// The least it may be.
    pub least: f64,
    /// The most it may be.
    pub most: f64,
    /// Of how many things.
    pub of: u64,
}
