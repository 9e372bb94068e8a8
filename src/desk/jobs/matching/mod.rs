//! Matching: the machine merges what it is sure of and queues what a person must decide.
//!
//! The engine is pure; here its outcome meets what people decided. Customers are never split, a
//! not-a-match is never merged, a merge that would break a rule is left to a person.
//!
//! Three parts, of which the middle one needs no desk: [`prepare`] reads (`read`, `decided`) and plans
//! (`plan`), [`MatchInput::run`] finds out, `apply` writes what was found in small commits
//! (`duplicates`). What people changed between the first part and the last is skipped and said.
//! `steps` takes them as a job, between the operations of people who decide.

mod alike;
mod apply;
mod census;
mod decided;
mod duplicates;
mod elusion;
mod granted;
mod plan;
mod read;
mod scorer;
mod sides;
mod stale;
mod steps;

use std::sync::Arc;

use super::Progress;
use crate::columns_file::ColumnsFile;
use crate::error::DeskError;
use crate::facts::Facts;
pub(crate) use alike::alike;
use domain::event::ModelFile;
use domain::scores::{GroupScores, Rung};
use domain::{Fingerprinter, RecordId, Sequence};
use door::operations::{Extent, ModelText};
use door::views::MatchOutcome;
use elusion::Sampling;
use granted::{GrantsInForce, Under};
use matching::grants::Pooled;
use matching::splink::CarriedModel;
use matching::{
    AutoMerge, Columns, ColumnsBuilder, Constraints, Model, Outcome, Proposal, Rerun, Sides, Torn,
};
use plan::{Again, Plan};
use read::Rows;
pub(super) use read::columns;
pub(crate) use scorer::Scorer;
use settings::{MatchingSettings, Settings};
pub(crate) use sides::of_record as sides_of;
pub(super) use steps::Matching;

/// How to match, see [`door::operations::Match`].
#[derive(Debug, Clone, Default)]
pub(crate) struct MatchRequest {
    extent: Extent,
    dry_run: bool,
    /// m and u probabilities to use instead of learned ones, and where they came from: a full run.
    carried: Option<(CarriedModel, ModelFile)>,
    /// Take a census whether one is open or not: a full run.
    census: bool,
}

/// All that a run needs to know; it asks no desk any more.
pub(crate) struct MatchInput {
    columns: ColumnsBuilder,
    /// What rules with `never` say of its records.
    sides: Sides,
    /// Customers that such a rule would not let come about.
    forbidden: u64,
    constraints: Constraints,
    clusters: Vec<Vec<RecordId>>,
    plan: Plan,
    thresholds: MatchingSettings,
    fingerprinter: Fingerprinter,
    ladder: Vec<f64>,
    carried: Option<(CarriedModel, ModelFile)>,
    /// Whether a census is to be taken of what the run leaves to people.
    census: bool,
    /// Grants that people gave, under which it merges.
    in_force: GrantsInForce,
    /// The last commit whose data were read.
    read_up_to: Option<Sequence>,
    sampling: Sampling,
}

/// What a run found.
pub(crate) struct Found {
    auto: Vec<AutoMerge>,
    proposals: Vec<Proposal>,
    /// Records of existing customers that would be given to neither of two today.
    torn: Vec<Torn>,
    /// The model it learned, or the commit that records the one it took.
    model: FoundModel,
    records: u64,
    pairs: u64,
    ladder: Vec<Rung>,
    model_file: Option<ModelFile>,
    read_up_to: Option<Sequence>,
    /// Its groups by score; none where it looked at some records only.
    scores: Option<GroupScores>,
    /// Joins that it leaves to people, where a census is to be taken of them.
    strata: Vec<Pooled>,
    /// Joins that grants cover.
    under: Vec<Under>,
    thresholds: MatchingSettings,
    /// What is drawn from the candidates below review.
    sampling: Sampling,
    /// Customers as they are that a rule with `never` would not let come about; looked for by runs that learn.
    forbidden: u64,
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
    let sides = sides::read(facts, &rows, progress)?;
    let constraints = decided::constraints(facts, &rows)?;
    let judged = constraints.judgements.len();
    let plan = plan::plan(facts, request, &rows, &columns, judged)?;
    let learns = matches!(plan, Plan::Learn) && !request.dry_run;
    let clusters = rows.clusters();
    let forbidden = clusters.iter().filter(|records| sides.part(records)).count() as u64;
    Ok(MatchInput {
        constraints,
        clusters,
        forbidden,
        sampling: Sampling::of(facts, learns)?,
        plan,
        columns,
        sides,
        thresholds: facts.settings.matching,
        fingerprinter: facts.fingerprinter.clone(),
        ladder: if request.dry_run { ladder(facts) } else { Vec::new() },
        carried: request.carried.clone(),
        census: !request.dry_run && (request.census || census::is_due(facts)?),
        in_force: granted::in_force(facts)?,
        read_up_to: head.map(|(sequence, _)| sequence),
    })
}

impl MatchInput {
    /// Finds out who is one.
    ///
    /// # Errors
    /// When it is cancelled.
    pub(crate) fn run(self, progress: &dyn Progress) -> Result<Found, DeskError> {
        let MatchInput { columns, sides, constraints, clusters, plan, .. } = self;
        let MatchInput { read_up_to, sampling, forbidden, .. } = self;
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
                let columns = columns.finish().with_sides(sides);
                let request = request(&columns);
                let outcome = matching::run(&request, progress)?;
                let Outcome { model, auto, proposals, torn, report } = outcome;
                let (from, known) = ((&model, &columns), (clusters.as_slice(), auto.as_slice()));
                let sampling = sampling.draw(
                    from,
                    known,
                    &self.fingerprinter,
                    self.thresholds.review,
                    progress,
                )?;
                let under = self.in_force.cover(&request, (&auto, &proposals));
                let strata = match self.census {
                    true => {
                        let made = under.iter().flat_map(Under::records);
                        let groups = census::groups(&request, (&auto, &proposals), made);
                        census::pooled(&request, &model, &groups)
                    }
                    false => Vec::new(),
                };
                Ok(Found {
                    strata,
                    under,
                    scores: Some(scores(self.thresholds, &auto, &proposals)),
                    auto,
                    proposals,
                    torn,
                    model: FoundModel::Learned(Arc::new(model)),
                    records: columns.len() as u64,
                    pairs: report.kinds.iter().map(|kind| kind.candidates).sum(),
                    ladder: report.ladder,
                    model_file,
                    read_up_to,
                    thresholds: self.thresholds,
                    sampling,
                    forbidden,
                })
            }
            Plan::Again(Again { model, learned, seeds, set_aside }) => {
                let (rerun, under) = if seeds.is_empty() {
                    (Rerun::default(), Vec::new())
                } else {
                    let columns =
                        columns.finish_under(&model, &self.fingerprinter).with_sides(sides);
                    let request = request(&columns);
                    let rerun = matching::rerun(&request, &model, &seeds, progress)?;
                    let under = self.in_force.cover(&request, (&rerun.auto, &rerun.proposals));
                    (rerun, under)
                };
                let records = rerun.records.len() as u64;
                let mut about = rerun.records;
                about.extend(set_aside);
                about.sort_unstable();
                Ok(Found {
                    auto: rerun.auto,
                    proposals: rerun.proposals,
                    torn: rerun.torn,
                    records,
                    pairs: rerun.pairs,
                    model: FoundModel::Taken { model, learned, about },
                    ladder: Vec::new(),
                    model_file,
                    read_up_to,
                    scores: None,
                    strata: Vec::new(),
                    under,
                    thresholds: self.thresholds,
                    sampling,
                    forbidden: 0,
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
            forbidden: self.forbidden,
            ..MatchOutcome::default()
        }
    }
}

/// The groups of a run by score, as the thresholds in force divided them.
fn scores(thresholds: MatchingSettings, auto: &[AutoMerge], proposals: &[Proposal]) -> GroupScores {
    let mut scores = GroupScores::under(thresholds.auto, thresholds.review);
    auto.iter().for_each(|merge| scores.count_merged(merge.score, merge.doubt));
    let mut count = |it: &Proposal| scores.count_proposed(it.score, it.weakest, it.doubt);
    proposals.iter().for_each(&mut count);
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
    Ok(matching::run(&request, progress)?)
}

impl From<matching::Cancelled> for DeskError {
    fn from(_: matching::Cancelled) -> Self {
        DeskError::Cancelled
    }
}
