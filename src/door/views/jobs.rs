//! Long work: what waits, what is under way, and what came of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    AuditView, Evaluation, ExportOutcome, FeedOutcome, ImportOutcome, RekeyOutcome, RereadOutcome,
    RunsDiff, SettingsDiff, ValuesCounted,
};
use super::{SuspendedView, UnderGrantView};
use crate::operations::{
    Audit, CompareRuns, CountCodes, CountValues, Create, DiffSettings, Evaluate, Export, Feed,
    Import, Match, Rekey, Reread,
};
use crate::{Failure, Job};
use domain::scores::Rung;
use domain::{CensusId, ImportId, MatchRunId, counted};

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
    /// What happened to customers leaves the workspace.
    Feed,
    /// Matching is measured.
    Evaluate,
    /// Matching runs are compared.
    CompareRuns,
    /// What settings would change is found out.
    DiffSettings,
    /// All keys are replaced.
    Rekey,
    /// The values of fields are counted.
    Count,
    /// What happened is listed.
    Audit,
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
            JobKind::Feed => "a feed",
            JobKind::Evaluate => "an evaluation",
            JobKind::CompareRuns => "a comparison of runs",
            JobKind::DiffSettings => "a look at what settings would change",
            JobKind::Rekey => "a replacement of the keys",
            JobKind::Count => "a count of values",
            JobKind::Audit => "an audit",
        }
    }

    /// What completes one that was stopped.
    #[must_use]
    pub fn completed_by(self) -> &'static str {
        match self {
            JobKind::Import => "importing the file again completes it",
            JobKind::Reread => "starting it again completes it",
            JobKind::Match => "the next match completes it",
            JobKind::Export => "another export writes it in full",
            JobKind::Feed => "another feed goes on after the last line that arrived",
            JobKind::Look
            | JobKind::Evaluate
            | JobKind::CompareRuns
            | JobKind::DiffSettings
            | JobKind::Count
            | JobKind::Audit => "it changed nothing",
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
    /// A feed.
    Feed(FeedOutcome),
    /// An evaluation.
    Evaluate(Box<Evaluation>),
    /// A comparison of runs.
    CompareRuns(Box<RunsDiff>),
    /// What settings would change.
    DiffSettings(Box<SettingsDiff>),
    /// A replacement of all keys.
    Rekey(RekeyOutcome),
    /// A count of values.
    CountValues(ValuesCounted),
    /// A count of codes.
    CountCodes(ValuesCounted),
    /// What happened.
    Audit(Box<AuditView>),
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
    Feed -> FeedOutcome, writes |feed| !feed.dry_run;
    Evaluate -> Box<Evaluation>, writes |_| false;
    CompareRuns -> Box<RunsDiff>, writes |_| false;
    DiffSettings -> Box<SettingsDiff>, writes |_| false;
    Rekey -> RekeyOutcome, writes |_| true;
    CountValues -> ValuesCounted, writes |_| false;
    CountCodes -> ValuesCounted, writes |_| false;
    Audit -> Box<AuditView>, writes |_| false;
}

/// What comes of a record made by hand is what comes of an import of one row.
impl Job for Create {
    type Report = Box<ImportOutcome>;

    fn report(report: JobReport) -> Option<Box<ImportOutcome>> {
        Import::report(report)
    }

    fn writes(&self) -> bool {
        !self.dry_run
    }
}

impl JobReport {
    /// Whether something of it waits until a person has confirmed it.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        matches!(self, JobReport::Import(outcome) if outcome.held_back.is_some())
    }

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
            JobReport::Feed(outcome) => {
                vec![format!("{} lines told, up to commit {}", outcome.lines(), outcome.up_to)]
            }
            JobReport::Evaluate(found) => vec![format!(
                "{} records compared with what is known about them, {} true pairs among them",
                found.records, found.true_pairs
            )],
            JobReport::CompareRuns(found) => {
                vec![format!("{} compared with {}", found.from.run, found.to.run)]
            }
            JobReport::DiffSettings(diff) => vec![format!(
                "{} tasks would open, {} would close, {} golden records would change",
                diff.opened, diff.closed, diff.customers
            )],
            JobReport::CountValues(it) | JobReport::CountCodes(it) => {
                vec![format!("{} counted, {} distinct values", it.looked_at, it.distinct)]
            }
            JobReport::Audit(found) => {
                vec![format!("{} commits read, up to commit {}", found.commits, found.up_to)]
            }
            JobReport::Rekey(outcome) => vec![format!(
                "{} segments rewritten; key {} is now the only one",
                outcome.rewritten, outcome.key
            )],
        }
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
    /// Sure merges left to a person, since they would break a rule or a decision, or their source merged them.
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
    /// Joins of the census that was taken, by stratum; none where none was.
    #[serde(default)]
    pub census: Vec<(CensusId, u64)>,
    /// What was merged under grants, also counted in `merged`.
    #[serde(default)]
    pub granted: Vec<UnderGrantView>,
    /// Grants that the run suspended, since they no longer keep what was promised.
    #[serde(default)]
    pub suspended: Vec<SuspendedView>,
    /// Of a run that learned: customers of which a rule with `never` keeps two records apart. They were merged
    /// before there was the rule, or by people, and stay.
    #[serde(default)]
    pub forbidden: u64,
    /// Of a dry run: what each threshold would come to, from the highest down, those in force
    /// among them. Merges that a rule or a decision forbids are counted as merges.
    pub ladder: Vec<Rung>,
}

impl MatchOutcome {
    /// That rules with `never` forbid merges that stand; nothing where they forbid none.
    #[must_use]
    pub fn forbids(&self) -> Option<String> {
        let (customers, stay) = match self.forbidden {
            0 => return None,
            1 => ("1 customer has".to_owned(), "it stays as it is"),
            several => (format!("{several} customers have"), "they stay as they are"),
        };
        Some(format!(
            "{customers} records that a `never` rule keeps apart, merged by people or before the rule: {stay}"
        ))
    }

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
            lines.push(format!("{} tasks opened for values that are now too old", self.stale));
        }
        if self.left > 0 {
            lines.push(format!("{} sure merges left to a person", self.left));
        }
        if self.passed_over > 0 {
            let passed = self.passed_over;
            lines.push(format!(
                "{passed} skipped, having changed meanwhile: the next match looks again"
            ));
        }
        lines.extend(self.forbids());
        if !self.census.is_empty() {
            let joins: u64 = self.census.iter().map(|(_, joins)| joins).sum();
            let strata = self.census.len() as u64;
            lines.push(format!(
                "a census was taken: {} in {}; a grant can follow from a sample",
                counted(joins, "join", "joins"),
                counted(strata, "stratum", "strata")
            ));
        }
        lines
    }
}
