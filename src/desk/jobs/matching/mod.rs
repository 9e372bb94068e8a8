//! Matching: the machine merges what it is sure of and queues what a person must decide.
//!
//! The engine is pure; here its outcome meets what people decided. Customers are never split, a
//! not-a-match is never merged, a merge that would break a rule is left to a person.
//!
//! Three parts, of which the middle one needs no desk: [`prepare`] reads (`read`, `decided`) and plans
//! (`plan`), [`MatchInput::run`] finds out, `apply` writes what was found in small commits
//! (`duplicates`). What people changed between the first part and the last is skipped and said.
//! `steps` takes them as a job, between the operations of people who decide.

mod apply;
mod decided;
mod duplicates;
mod plan;
mod read;
mod scorer;
mod stale;
mod steps;

use std::sync::Arc;

use super::Progress;
use crate::columns_file::ColumnsFile;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::event::ModelFile;
use domain::scores::{GroupScores, Rung};
use domain::{Fingerprinter, RecordId, Sequence};
use door::operations::{Extent, ModelText};
use door::views::MatchOutcome;
use matching::splink::CarriedModel;
use matching::{AutoMerge, Columns, ColumnsBuilder, Constraints, Model, Outcome, Proposal, Rerun};
use plan::{Again, Plan};
use read::Rows;
pub(super) use read::columns;
pub(crate) use scorer::Scorer;
use settings::{MatchingSettings, Settings};
pub(super) use steps::Matching;

/// How to match, see [`door::operations::Match`].
#[derive(Debug, Clone, Default)]
pub(crate) struct MatchRequest {
    extent: Extent,
    dry_run: bool,
    /// m and u probabilities to use instead of learned ones, and where they came from: a full run.
    carried: Option<(CarriedModel, ModelFile)>,
}

/// All that a run needs to know; it asks no desk any more.
pub(crate) struct MatchInput {
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
pub(crate) struct Found {
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
    thresholds: MatchingSettings,
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

/// Understands a model from elsewhere.
///
/// # Errors
/// When it cannot be used under these settings.
pub(crate) fn carried(
    model: &ModelText,
    settings: &Settings,
) -> Result<(CarriedModel, ModelFile), DeskError> {
    let carried = CarriedModel::read(&model.text, settings)?;
    let hash = blake3::hash(model.text.as_bytes()).to_hex().to_string();
    Ok((carried, ModelFile { name: model.name.clone(), hash }))
}

/// Reads all that a run needs. What is changed while it reads is read as it was or as it is:
/// whoever writes passes over what was changed after the commit it says it read up to.
///
/// # Errors
/// When it is cancelled, or ledger or store fail.
pub(crate) fn prepare(
    facts: Facts<'_>,
    (file, keep): (&ColumnsFile, bool),
    request: &MatchRequest,
    progress: &dyn Progress,
) -> Result<MatchInput, DeskError> {
    let head = facts.view.head()?;
    let rows = Rows::read(facts)?;
    let columns = read::read(facts, &rows, Some(file), head.filter(|_| keep), progress)?;
    let constraints = decided::constraints(facts, &rows)?;
    let judged = constraints.judgements.len();
    Ok(MatchInput {
        constraints,
        clusters: rows.clusters(),
        plan: plan::plan(facts, request, &rows, &columns, judged)?,
        columns,
        thresholds: facts.settings.matching,
        fingerprinter: facts.fingerprinter.clone(),
        ladder: if request.dry_run { ladder(facts) } else { Vec::new() },
        carried: request.carried.clone(),
        read_up_to: head.map(|(sequence, _)| sequence),
    })
}

impl MatchInput {
    /// Finds out who is one.
    ///
    /// # Errors
    /// When it is cancelled.
    pub(crate) fn run(self, progress: &dyn Progress) -> Result<Found, DeskError> {
        let MatchInput { columns, constraints, clusters, plan, read_up_to, .. } = self;
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
                    thresholds: self.thresholds,
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
                    thresholds: self.thresholds,
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
            auto: self.thresholds.auto,
            review: self.thresholds.review,
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
