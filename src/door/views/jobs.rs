//! Long work: what waits, what is under way, and what came of it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Evaluation, ExportOutcome, RekeyOutcome, RereadOutcome, ValuesCounted};
use crate::operations::{CountCodes, CountValues, Evaluate, Export, Import, Match, Rekey, Reread};
use crate::{Failure, Job};
use domain::scores::Rung;
use domain::{
    FieldName, ImportId, ImportReport, MatchRunId, Place, Reading, RecordAddress, Shown, counted,
};

/// Tells the jobs of one desk apart, as long as it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JobId(pub u64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "job {}", self.0)
    }
}

/// Long work that waits, is under way, or has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobView {
    /// Which one.
    pub id: JobId,
    /// What kind of work it is.
    pub kind: JobKind,
    /// What it does, in words: `importing crm.csv`.
    pub what: String,
    /// How many jobs are done before it; 0: it is under way, or has ended.
    pub ahead: usize,
    /// The phase it is in: `comparing`. Empty for work of one phase.
    pub phase: String,
    /// The import, where it is one that has begun to write.
    pub import: Option<ImportId>,
    /// Rows done, or units of the phase.
    pub done: u64,
    /// Units of the phase, where they are known.
    pub total: Option<u64>,
    /// It was asked to stop and will.
    pub stopping: bool,
    /// How it ended; `None` means it has not.
    pub ended: Option<JobEnd>,
}

/// A kind of long work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// A file is imported.
    Import,
    /// A file, or its first rows, is read as an import would, and nothing is written.
    Look,
    /// What is held is read by the rules of today.
    Reread,
    /// Records are matched.
    Match,
    /// A data set leaves the workspace.
    Export,
    /// Matching is measured.
    Evaluate,
    /// All keys are replaced.
    Rekey,
    /// The values of fields are counted.
    Count,
}

impl JobKind {
    /// Its name with an article.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            JobKind::Import => "an import",
            JobKind::Look => "a look at a file",
            JobKind::Reread => "a reread",
            JobKind::Match => "a match",
            JobKind::Export => "an export",
            JobKind::Evaluate => "an evaluation",
            JobKind::Rekey => "a replacement of the keys",
            JobKind::Count => "a count of values",
        }
    }

    /// What completes one that was stopped.
    #[must_use]
    pub fn completed_by(self) -> &'static str {
        match self {
            JobKind::Import => "importing the file again completes it",
            JobKind::Reread => "starting it again completes it",
            JobKind::Match => "the next match completes it",
            JobKind::Export => "another export writes it whole",
            JobKind::Look | JobKind::Evaluate | JobKind::Count => "it changed nothing",
            JobKind::Rekey => "`steward rekey` completes it",
        }
    }
}

/// What a match would take from a model that comes from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelView {
    /// The comparisons whose probabilities are taken.
    pub taken: Vec<String>,
    /// The model's comparisons that meet none of this workspace's.
    pub left_over: Vec<String>,
}

/// How long work ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobEnd {
    /// It is done.
    Done(JobReport),
    /// It was stopped; what was committed stays.
    Cancelled,
    /// It failed; what was committed stays.
    Failed(Failure),
}

/// What long work did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobReport {
    /// An import.
    Import(Box<ImportOutcome>),
    /// A reread.
    Reread(Box<RereadOutcome>),
    /// A match.
    Match(MatchOutcome),
    /// An export.
    Export(ExportOutcome),
    /// An evaluation.
    Evaluate(Box<Evaluation>),
    /// A replacement of all keys.
    Rekey(RekeyOutcome),
    /// A count of values.
    CountValues(ValuesCounted),
    /// A count of codes.
    CountCodes(ValuesCounted),
}

macro_rules! jobs {
    ($($job:ident -> $report:ty, writes $writes:expr;)*) => {
        $(
            impl Job for $job {
                type Report = $report;

                fn report(report: JobReport) -> Option<$report> {
                    match report {
                        JobReport::$job(report) => Some(report),
                        _ => None,
                    }
                }

                fn writes(&self) -> bool {
                    let writes: fn(&Self) -> bool = $writes;
                    writes(self)
                }
            }
        )*
    };
}

jobs! {
    Import -> Box<ImportOutcome>, writes |import| !import.dry_run;
    Reread -> Box<RereadOutcome>, writes |reread| !reread.dry_run;
    Match -> MatchOutcome, writes |run| !run.dry_run;
    Export -> ExportOutcome, writes |export| !export.dry_run;
    Evaluate -> Box<Evaluation>, writes |_| false;
    Rekey -> RekeyOutcome, writes |_| true;
    CountValues -> ValuesCounted, writes |_| false;
    CountCodes -> ValuesCounted, writes |_| false;
}

impl JobReport {
    /// What it did, a sentence each.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        match self {
            JobReport::Import(outcome) => outcome.sentences(),
            JobReport::Reread(outcome) => outcome.sentences(),
            JobReport::Match(outcome) => outcome.sentences(),
            JobReport::Export(outcome) => {
                vec![format!("{} rows exported, up to commit {}", outcome.rows, outcome.up_to)]
            }
            JobReport::Evaluate(found) => vec![format!(
                "{} records compared with what is known of them, {} true pairs among them",
                found.records, found.true_pairs
            )],
            JobReport::CountValues(it) | JobReport::CountCodes(it) => {
                vec![format!("{} counted, {} distinct values", it.looked_at, it.distinct)]
            }
            JobReport::Rekey(outcome) => vec![format!(
                "{} segments rewritten; key {} is the only one",
                outcome.rewritten, outcome.key
            )],
        }
    }
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportOutcome {
    /// Its id; none for a dry run.
    pub import: Option<ImportId>,
    /// Format, encoding and delimiter as detected.
    pub format: String,
    /// The counts.
    pub report: ImportReport,
    /// Tasks opened for invalid records.
    pub tasks: u64,
    /// The first quarantined rows: line and reason.
    pub quarantined: Vec<(u64, String)>,
    /// How many rows were quarantined, by kind of reason.
    #[serde(default)]
    pub quarantined_by: BTreeMap<String, u64>,
    /// How the file was read.
    pub reading: Box<Reading>,
    /// Of a dry run: the first rows as they would be read.
    pub preview: Vec<PreviewRow>,
    /// Columns that steward.toml maps and no row had: what is held there stays.
    pub lacking: Vec<Lacking>,
    /// The first records that a complete delivery did not hold.
    pub vanished: Vec<RecordAddress>,
    /// Tasks opened for customers whose records vanished.
    pub vanished_tasks: u64,
    /// Tasks opened for customers whose records the source says it has merged.
    #[serde(default)]
    pub merged_tasks: u64,
    /// Why nothing became of the records that vanished.
    pub held_back: Option<HeldBack>,
    /// Values that were taken in and not understood, by field and kind: counted where rows changed
    /// something.
    pub troubles: Vec<Troubled>,
}

/// What may be wrong with a value that was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It could not be read.
    Unread,
    /// Letters of it were lost or misread before it came (`JosÃ©`).
    Garbled,
    /// A time of change that could not be read: its row counts whatever is held.
    UnreadTime,
    /// A time of change that is a spreadsheet's number of days, likewise.
    SerialTime,
    /// A time of change that is still to come.
    TimeToCome,
}

/// So many values of a field that something is wrong with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Troubled {
    /// What is wrong.
    pub trouble: Trouble,
    /// The field; of times of change, the column.
    pub field: String,
    /// How many there are.
    pub count: u64,
    /// Where the first is: its line, or its row.
    pub first: u64,
}

impl Troubled {
    /// What people are told: `phone: 2 values could not be read, the first in line 9`.
    #[must_use]
    pub fn sentence(&self, place: Place) -> String {
        let Troubled { trouble, field, count, first } = self;
        let what = match trouble {
            Trouble::Unread => format!("{} could not be read", counted(*count, "value", "values")),
            Trouble::Garbled => {
                format!("{} with garbled letters", counted(*count, "value", "values"))
            }
            Trouble::UnreadTime => {
                let rows = counted(*count, "row was", "rows were");
                format!("{rows} taken in whose time of change could not be read")
            }
            Trouble::SerialTime => {
                let rows = counted(*count, "row was", "rows were");
                format!(
                    "{rows} taken in whose time of change is a number of days, as spreadsheets keep \
                     it, and is not read: give the column the format of a date there and export it \
                     again"
                )
            }
            Trouble::TimeToCome => {
                format!("{} of change still to come", counted(*count, "time", "times"))
            }
        };
        format!("{field}: {what}, the first in {place} {first}")
    }
}

/// A row as it would be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// The line of the file.
    pub line: u64,
    /// Its key in the source.
    pub key: String,
    /// Its values.
    pub values: Vec<PreviewValue>,
}

/// A value as it would be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewValue {
    /// The field.
    pub field: FieldName,
    /// As delivered.
    pub raw: Shown,
    /// In standard form; `None` where it cannot be read.
    pub standard: Option<Shown>,
}

/// Nothing became of the records that a complete delivery did not hold: a person must look first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBack {
    /// How many there are.
    pub vanished: u64,
    /// How many records the source had.
    pub of: u64,
    /// Why.
    pub why: WhyHeldBack,
}

/// What is doubtful about a complete delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyHeldBack {
    /// More than a tenth of the source's records would vanish.
    Many,
    /// Rows are in quarantine whose key cannot be told: they may be of these records.
    Nameless {
        /// How many.
        rows: u64,
    },
    /// Rows are older than what is held: the file may not be the latest.
    Older {
        /// How many.
        rows: u64,
    },
}

impl fmt::Display for HeldBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let HeldBack { vanished, of, why } = self;
        let share = 100 * vanished / (*of).max(1);
        let of = counted(*of, "record", "records");
        let are = if *vanished == 1 { "is" } else { "are" };
        write!(f, "{vanished} of {of} ({share} %) {are} not in the file")?;
        match why {
            WhyHeldBack::Many => f.write_str(", more than a tenth"),
            WhyHeldBack::Nameless { rows: 1 } => {
                f.write_str(", and the key of 1 quarantined row cannot be read")
            }
            WhyHeldBack::Nameless { rows } => {
                write!(f, ", and the keys of {rows} quarantined rows cannot be read")
            }
            WhyHeldBack::Older { rows } => {
                let rows = counted(*rows, "row is", "rows are");
                write!(f, ", and {rows} older than what is held")
            }
        }
    }
}

/// A mapped column that no row of a file had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// The column, as steward.toml names it.
    pub column: String,
    /// The most similar column of the file, if one is similar.
    pub nearest: Option<String>,
}

impl Lacking {
    /// What it means.
    #[must_use]
    pub fn sentence(&self) -> String {
        let nearest = match &self.nearest {
            Some(nearest) => format!(" (did you mean `{nearest}`?)"),
            None => String::new(),
        };
        format!("no column `{}`{nearest}: what is held there stays", self.column)
    }
}

impl ImportOutcome {
    /// What its rows are numbered by.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::of_format(&self.format)
    }

    fn sentences(&self) -> Vec<String> {
        let report = &self.report;
        let Some(import) = self.import else {
            let rows = counted(report.read, "row", "rows");
            return vec![format!("{rows} looked at, nothing was written")];
        };
        let mut lines = vec![format!(
            "{import}: {} read: {} new, {} changed, {} unchanged, {} in quarantine",
            counted(report.read, "row", "rows"),
            report.new,
            report.changed,
            report.unchanged,
            report.quarantined
        )];
        if report.suppressed > 0 {
            lines.push(format!(
                "{} of erased people left out",
                counted(report.suppressed, "row", "rows")
            ));
        }
        if report.older > 0 {
            lines.push(format!(
                "{} older than what is held changed nothing",
                counted(report.older, "row", "rows")
            ));
        }
        lines.extend(self.lacking.iter().map(Lacking::sentence));
        lines.extend(self.troubles.iter().map(|troubled| troubled.sentence(self.place())));
        if report.vanished + report.closed > 0 {
            lines.push(format!(
                "{} vanished, {} closed",
                counted(report.vanished, "record", "records"),
                report.closed
            ));
        }
        if report.returned > 0 {
            lines.push(format!(
                "{} came back",
                counted(report.returned, "vanished record", "vanished records")
            ));
        }
        lines.extend(self.held_back.map(|held| format!("{held}: nothing was closed")));
        if self.tasks > 0 {
            lines.push(format!(
                "{} opened for invalid records",
                counted(self.tasks, "task", "tasks")
            ));
        }
        lines.extend(self.reading.remarks(self.place()));
        lines
    }
}

/// What a matching run did.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MatchOutcome {
    /// The run; none for a dry run.
    pub run: Option<MatchRunId>,
    /// Whether the model was learned in this run; else the recorded one was taken.
    pub learned: bool,
    /// Records looked at: all, or those that changed and whatever they may be one with.
    pub records: u64,
    /// Pairs scored.
    pub pairs: u64,
    /// Customers merged away by the machine.
    pub merged: u64,
    /// Sure merges left to a person, since they would break a rule or a decision.
    pub left: u64,
    /// Merges and groups that were passed over, since people changed their customers meanwhile.
    pub passed_over: u64,
    /// Duplicate tasks opened.
    pub opened: u64,
    /// Pending duplicate tasks afterwards.
    pub pending: u64,
    /// Challenges opened: decisions that new data contradicts.
    pub challenges: u64,
    /// Tasks opened for records that break a rule only since time went by.
    pub stale: u64,
    /// From which probability on the machine merged.
    pub auto: f64,
    /// From which probability on it asked a person.
    pub review: f64,
    /// Of a dry run: what each threshold would come to, from the highest down, those in force
    /// among them. Merges that a rule or a decision forbids are counted as merges.
    pub ladder: Vec<Rung>,
}

impl MatchOutcome {
    fn sentences(&self) -> Vec<String> {
        let run = self.run.map_or_else(String::new, |run| format!("{run}: "));
        let mut lines = vec![format!(
            "{run}{} customers merged away, {} tasks opened",
            self.merged,
            self.opened + self.challenges
        )];
        if self.challenges > 0 {
            lines.push(format!("{} of them challenge a decision", self.challenges));
        }
        if self.stale > 0 {
            lines.push(format!("{} tasks opened for values that are too old by now", self.stale));
        }
        if self.left > 0 {
            lines.push(format!("{} sure merges left to a person", self.left));
        }
        if self.passed_over > 0 {
            let passed = self.passed_over;
            lines.push(format!(
                "{passed} passed over, changed meanwhile: the next match looks again"
            ));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_back_is_told_of_one_and_of_several() {
        let held = |vanished, why| HeldBack { vanished, of: 10, why }.to_string();
        assert_eq!(
            held(1, WhyHeldBack::Older { rows: 1 }),
            "1 of 10 records (10 %) is not in the file, and 1 row is older than what is held"
        );
        assert_eq!(
            held(2, WhyHeldBack::Nameless { rows: 3 }),
            "2 of 10 records (20 %) are not in the file, and the keys of 3 quarantined rows cannot be \
             read"
        );
        let report = ImportReport { vanished: 1, older: 2, returned: 1, ..ImportReport::default() };
        let import = Some(ImportId(3));
        let outcome = ImportOutcome { import, report, ..ImportOutcome::default() };
        let told = outcome.sentences().join("; ");
        assert!(told.contains("2 rows older than what is held changed nothing"), "{told}");
        assert!(
            told.contains("1 record vanished, 0 closed; 1 vanished record came back"),
            "{told}"
        );
    }
}
