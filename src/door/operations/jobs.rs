//! Long work. It begins, or waits for its turn, and goes on between other operations; [`Watch`]
//! tells how far it is.

use serde::{Deserialize, Serialize};

use crate::views::JobId;
use domain::SourceName;

/// Imports a file, which comes as the operation's input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The source, as in `steward.toml`.
    pub source: SourceName,
    /// The file's name without folders.
    pub file: String,
    /// The name of its format; none: it is found out.
    pub format: Option<String>,
    /// Count, but write nothing.
    pub dry_run: bool,
    /// What the file is beside others of its source.
    #[serde(default)]
    pub delivery: Delivery,
}

impl Import {
    /// A file of that source.
    #[must_use]
    pub fn of(source: SourceName, file: impl Into<String>) -> Self {
        let delivery = Delivery::default();
        Self { source, file: file.into(), format: None, dry_run: false, delivery }
    }
}

/// What a file is beside what its source delivered before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Delivery {
    /// Rows count that are older than what is held.
    pub accept_older: bool,
    /// It is everything that its source has: what it does not hold has vanished there.
    pub complete: bool,
    /// However much has vanished, the file is right.
    pub accept_vanished: bool,
}

/// Matches records.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Match {
    /// Which records to look at.
    pub extent: Extent,
    /// Report what a full run would do, at other thresholds as well, but write nothing.
    pub dry_run: bool,
    /// Where m and u probabilities come from that are used instead of learned ones: a full run.
    pub model: Option<ModelText>,
}

/// Which records a match looks at, and under which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// New and changed records and those decided about since the last run, against all, under the
    /// recorded model. As [`Extent::Full`] where there is none, the settings changed, a kind of
    /// record is new, or a tenth of the records came, changed or went since it was learned.
    #[default]
    Changed,
    /// All records under the recorded model, where [`Extent::Changed`] would take it.
    Everything,
    /// All records; the model is learned anew.
    Full,
}

/// A model from elsewhere: Splink settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelText {
    /// The file's name without folders.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What a match would take from a model, see [`Match::model`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadModel {
    /// The model.
    pub model: ModelText,
}

/// Waits until a job is further than that, or has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Which one; none: the one under way, or the last that was.
    pub job: Option<JobId>,
    /// The phase it was in.
    pub phase: String,
    /// Units known to be done.
    pub done: u64,
}

/// Stops a job, or takes it out of those that wait; what was committed stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancel {
    /// Which one; none: the one under way.
    pub job: Option<JobId>,
}
