//! Matching: the machine merges what it is sure of and queues what a person must decide.
//!
//! The engine is pure; here its outcome meets what people decided. Customers are never split, a
//! not-a-match is never merged, a merge that would break a rule is left to a person.
//!
//! Three steps, of which the middle one needs no desk: [`Desk::prepare_match`] reads (`read`,
//! `decided`) and plans (`plan`), [`Prepared::run`] finds out, [`Desk::apply_match`] writes what was
//! found in small commits (`apply`, `duplicates`). What people changed between the first step and
//! the last is skipped and said. `beside` takes the same steps in small portions while people decide.

mod apply;
mod beside;
mod decided;
mod duplicates;
mod plan;
mod read;
mod scorer;
mod stale;

use std::sync::Arc;

use super::Progress;
use crate::columns_file::ColumnsFile;
use crate::core::Desk;
use crate::error::DeskError;
use crate::facts::Facts;
pub(super) use beside::{MatchStep, Matching};
use domain::event::ModelFile;
use domain::scores::GroupScores;
use domain::{Fingerprinter, MatchRunId, RecordId, Sequence};
use matching::splink::CarriedModel;
use matching::{
    AutoMerge, Columns, ColumnsBuilder, Constraints, Model, Outcome, Proposal, Rerun, Rung,
};
use plan::{Again, Plan};
use read::Rows;
pub(super) use read::columns;
pub(crate) use scorer::Scorer;
use settings::MatchingSettings;

/// Which records a run looks at, and under which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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

/// How to match.
#[derive(Debug, Clone, Default)]
pub struct MatchRequest {
    /// Which records to look at.
    pub extent: Extent,
    /// Report what a full run would do, at other thresholds as well, but write nothing.
    pub dry_run: bool,
    /// m and u probabilities to use instead of learned ones, and where they came from: a full run.
    pub carried: Option<(CarriedModel, ModelFile)>,
}

/// What a matching run did.
#[derive(Debug, Clone, PartialEq, Default)]
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
    /// Of a dry run: what each threshold would come to, from the highest down, those in force
    /// among them. Merges that a rule or a decision forbids are counted as merges.
    pub ladder: Vec<Rung>,
}

/// All that a run needs to know; it asks no desk any more.
pub struct Prepared {
    columns: ColumnsBuilder,
    constraints: Constraints,
    clusters: Vec<Vec<RecordId>>,
    plan: Plan,
    thresholds: MatchingSettings,
    fingerprinter: Fingerprinter,
    ladder: Vec<f64>,
    carried: Option<(CarriedModel, ModelFile)>,
    /// The last commit whose data were read.
    read_up_to: Option<Sequence>,
}

/// What a run found.
pub struct Found {
    auto: Vec<AutoMerge>,
    proposals: Vec<Proposal>,
    /// The model it learned, or the commit that records the one it took.
    model: FoundModel,
    records: u64,
    pairs: u64,
    ladder: Vec<Rung>,
    model_file: Option<ModelFile>,
    read_up_to: Option<Sequence>,
    /// Its groups by score; none where it looked at some records only.
    scores: Option<GroupScores>,
}

enum FoundModel {
    Learned(Arc<Model>),
    Taken {
        model: Arc<Model>,
        learned: Sequence,
        /// The records of the components it looked at and those quarantined since, ascending:
        /// nothing is known of others.
        about: Vec<RecordId>,
    },
}

impl Desk {
    /// Matches records.
    ///
    /// # Errors
    /// When it is cancelled (nothing was written, or what was merged so far stays and running it
    /// again completes it), or ledger or store fail.
    pub fn match_records(
        &mut self,
        request: &MatchRequest,
        progress: &dyn Progress,
    ) -> Result<MatchOutcome, DeskError> {
        let prepared = self.prepare_match(request, progress)?;
        let found = prepared.run(progress)?;
        if request.dry_run { self.count_only(found) } else { self.apply_match(found, progress) }
    }

    /// Reads all that a run needs.
    ///
    /// # Errors
    /// When it is cancelled, or ledger or store fail.
    pub fn prepare_match(
        &mut self,
        request: &MatchRequest,
        progress: &dyn Progress,
    ) -> Result<Prepared, DeskError> {
        if !request.dry_run {
            self.renew_marks()?;
            self.adopt_settings()?;
        }
        let keep = !request.dry_run && !self.is_reading_only();
        prepare(self.facts(), (&self.columns_file(), keep), request, progress)
    }
}

/// Reads all that a run needs. What is changed while it reads is read as it was or as it is:
/// whoever writes passes over what was changed after the commit it says it read up to.
///
/// # Errors
/// When it is cancelled, or ledger or store fail.
fn prepare(
    facts: Facts<'_>,
    (file, keep): (&ColumnsFile, bool),
    request: &MatchRequest,
    progress: &dyn Progress,
) -> Result<Prepared, DeskError> {
    let head = facts.view.head()?;
    let rows = Rows::read(facts)?;
    let columns = read::read(facts, &rows, Some(file), head.filter(|_| keep), progress)?;
    Ok(Prepared {
        constraints: decided::constraints(facts, &rows)?,
        clusters: rows.clusters(),
        plan: plan::plan(facts, request, &rows, &columns)?,
        columns,
        thresholds: facts.settings.matching,
        fingerprinter: facts.fingerprinter.clone(),
        ladder: if request.dry_run { ladder(facts) } else { Vec::new() },
        carried: request.carried.clone(),
        read_up_to: head.map(|(sequence, _)| sequence),
    })
}

impl Prepared {
    /// Finds out who is one.
    ///
    /// # Errors
    /// When it is cancelled.
    pub fn run(self, progress: &dyn Progress) -> Result<Found, DeskError> {
        let Prepared { columns, constraints, clusters, plan, read_up_to, .. } = self;
        let request = |columns| matching::Request {
            columns,
            constraints: &constraints,
            clusters: &clusters,
            thresholds: self.thresholds,
            fingerprinter: &self.fingerprinter,
            ladder: &self.ladder,
            carried: self.carried.as_ref().map(|(model, _)| model),
        };
        let model_file = self.carried.as_ref().map(|(_, file)| file.clone());
        match plan {
            Plan::Learn => {
                let columns = columns.finish();
                let outcome = matching::run(&request(&columns), &Watched(progress))?;
                let Outcome { model, auto, proposals, report } = outcome;
                Ok(Found {
                    scores: Some(scores(self.thresholds, &auto, &proposals)),
                    auto,
                    proposals,
                    model: FoundModel::Learned(Arc::new(model)),
                    records: columns.len() as u64,
                    pairs: report.kinds.iter().map(|kind| kind.candidates).sum(),
                    ladder: report.ladder,
                    model_file,
                    read_up_to,
                })
            }
            Plan::Again(Again { model, learned, seeds, set_aside }) => {
                let rerun = if seeds.is_empty() {
                    Rerun::default()
                } else {
                    let columns = columns.finish_under(&model, &self.fingerprinter);
                    matching::rerun(&request(&columns), &model, &seeds, &Watched(progress))?
                };
                let records = rerun.records.len() as u64;
                let mut about = rerun.records;
                about.extend(set_aside);
                about.sort_unstable();
                Ok(Found {
                    auto: rerun.auto,
                    proposals: rerun.proposals,
                    records,
                    pairs: rerun.pairs,
                    model: FoundModel::Taken { model, learned, about },
                    ladder: Vec::new(),
                    model_file,
                    read_up_to,
                    scores: None,
                })
            }
        }
    }
}

impl Found {
    /// What can be said before anything is written.
    fn outcome(&self) -> MatchOutcome {
        MatchOutcome {
            learned: matches!(self.model, FoundModel::Learned(_)),
            records: self.records,
            pairs: self.pairs,
            ladder: self.ladder.clone(),
            ..MatchOutcome::default()
        }
    }
}

/// The groups of a run by score, as the thresholds in force divided them.
fn scores(thresholds: MatchingSettings, auto: &[AutoMerge], proposals: &[Proposal]) -> GroupScores {
    let mut scores = GroupScores::under(thresholds.auto, thresholds.review);
    auto.iter().for_each(|merge| scores.count_merged(merge.score));
    proposals.iter().for_each(|group| scores.count_proposed(group.score, group.weakest));
    scores
}

/// Thresholds to choose from, those in force among them, from the highest down.
fn ladder(facts: Facts<'_>) -> Vec<f64> {
    let mut ladder = matching::LADDER.to_vec();
    ladder.extend([facts.settings.matching.auto, facts.settings.matching.review]);
    ladder.sort_by(|left, right| right.total_cmp(left));
    ladder.dedup();
    ladder
}

/// Runs the engine over single records, without decisions and customers.
pub(super) fn run_undecided(
    facts: Facts<'_>,
    columns: &Columns,
    progress: &dyn Progress,
) -> Result<Outcome, DeskError> {
    let request = matching::Request {
        columns,
        constraints: &Constraints::default(),
        clusters: &[],
        thresholds: facts.settings.matching,
        fingerprinter: facts.fingerprinter,
        ladder: &[],
        carried: None,
    };
    Ok(matching::run(&request, &Watched(progress))?)
}

/// The engine's view of progress.
pub(super) struct Watched<'p>(pub(super) &'p dyn Progress);

impl From<matching::Cancelled> for DeskError {
    fn from(_: matching::Cancelled) -> Self {
        DeskError::Cancelled
    }
}

impl matching::Progress for Watched<'_> {
    fn phase(&self, name: &str, total: Option<u64>) {
        self.0.phase(name, total);
    }

    fn advance(&self, units: u64) {
        self.0.advance(units);
    }

    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}
