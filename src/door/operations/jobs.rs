//! Long work. It begins, or waits for its turn, and goes on between other operations; [`Watch`]
//! tells how far it is.

use serde::{Deserialize, Serialize};

use super::SettingsOf;
use crate::views::{JobId, JobView};
use domain::{DateOrder, ImportId, NumberStyle, SourceName, StreamName};

/// Imports a file, which comes as the operation's input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The source, as in `steward.toml`.
    pub source: SourceName,
    /// The file's name without folders.
    pub file: String,
    /// The name of its format; `None` means it is found out.
    pub format: Option<String>,
    /// Count, and show the first rows as they would be read, but write nothing.
    pub dry_run: bool,
    /// Of a dry run: end once there is enough to show.
    #[serde(default)]
    pub glance: bool,
    /// How the file is written, where that is said for it alone.
    #[serde(default)]
    pub written: TextFile,
    /// The order of its dates, whatever the settings say.
    #[serde(default)]
    pub dates: Option<DateOrder>,
    /// The style of its numbers, whatever the settings say.
    #[serde(default)]
    pub numbers: Option<NumberStyle>,
    /// What the file is beside others of its source.
    #[serde(default)]
    pub delivery: Delivery,
    /// It is one row that somebody typed: said of the import for ever, and whatever its source delivers,
    /// the record is not missed there. Only [`Create`](super::Create) says so.
    #[serde(skip)]
    pub by_hand: bool,
    /// The stream of activities whose file it is; none: its rows are records of the source.
    #[serde(default)]
    pub stream: Option<StreamName>,
}

impl Import {
    /// Imports a file of a source, of which nothing else is said.
    #[must_use]
    pub fn of(source: SourceName, file: impl Into<String>) -> Import {
        let file = file.into();
        Import {
            source,
            file,
            format: None,
            dry_run: false,
            glance: false,
            written: TextFile::default(),
            dates: None,
            numbers: None,
            delivery: Delivery::default(),
            by_hand: false,
            stream: None,
        }
    }
}

/// How a file is written. What is none is as `steward.toml` says, or found out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TextFile {
    /// The encoding, by any name it goes by.
    pub encoding: Option<String>,
    /// What parts cells: a sign, or its name.
    pub delimiter: Option<String>,
    /// The line of the header, counted from 1; of a workbook, the row.
    pub header_row: Option<u64>,
    /// The sheet of a workbook; else the first in which something stands.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Where in a JSON object the list of records stands: `data.customers`.
    #[serde(default)]
    pub records: Option<String>,
    /// The widths of the columns of a file in which each has its place.
    #[serde(default)]
    pub widths: Option<Vec<usize>>,
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
    /// However many rows make another customer of a record, the file is right.
    #[serde(default)]
    pub accept_rekeyed: bool,
}

/// Reads what is held by the rules of today, though nothing is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reread {
    /// Of one source, as in `steward.toml`; else of all.
    pub source: Option<SourceName>,
    /// Put back what was held before this import or reread instead.
    pub undoes: Option<ImportId>,
    /// Count, and show some of what would change, but write nothing.
    pub dry_run: bool,
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
    /// Take a census of the joins that wait, also where one is open, which is given up: a full run.
    #[serde(default)]
    pub census: bool,
    /// For a dry run: the settings that it is to be judged by, where not by those in force.
    #[serde(default)]
    pub under: Option<SettingsOf>,
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
    /// All records; the model is learned again.
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

/// What the last matching run knows: its model, and what decisions taught it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MatchStatus {}

/// Waits until a job is further than that, or has ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Watch {
    /// Which one; without it the one under way, or the last that was.
    pub job: Option<JobId>,
    /// How many jobs were before it.
    pub ahead: usize,
    /// The phase it was in.
    pub phase: String,
    /// Units known to be done.
    pub done: u64,
}

impl Watch {
    /// Waits until a job is further than it is seen here.
    #[must_use]
    pub fn past(job: &JobView) -> Self {
        Self { job: Some(job.id), ahead: job.ahead, phase: job.phase.clone(), done: job.done }
    }

    /// Whether a job is no further than that.
    #[must_use]
    pub fn is_still(&self, job: &JobView) -> bool {
        (self.ahead, &self.phase, self.done) == (job.ahead, &job.phase, job.done)
            && job.ended.is_none()
    }
}

/// Stops a job, or takes it out of those that wait; what was committed stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancel {
    /// Which one; `None` means the one under way.
    pub job: Option<JobId>,
}
