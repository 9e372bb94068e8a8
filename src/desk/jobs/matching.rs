//! Matching: the machine merges what it is sure of and queues what a person must decide.
//!
//! The engine is pure; here its outcome meets what people decided. Customers are never split, a
//! not-a-match is never merged, a merge that would break a rule is left to a person.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::Progress;
use super::challenges::contradicted_memberships;
use super::duplicates::{Wanted, join, queue_duplicates};
use crate::desk::core::Desk;
use crate::desk::draft::Draft;
use crate::desk::enforce;
use crate::desk::error::DeskError;
use crate::desk::facts::{Facts, missing};
use crate::domain::event::{Cause, MatchFinished};
use crate::domain::scores::GroupScores;
use crate::domain::{CustomerId, CustomerState, Event, MatchRunId, RecordId, TaskKind, Values};
use crate::matching::{self, AutoMerge, Columns, ColumnsBuilder, Constraints, Model, Outcome};
use crate::merge::membership;
use crate::review;

/// Merges in one commit.
const MERGES_A_COMMIT: usize = 200;

/// How to match.
#[derive(Debug, Clone, Copy, Default)]
pub struct MatchRequest {
    /// Report what it would do, but write nothing.
    pub dry_run: bool,
}

/// What a matching run did.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchOutcome {
    /// The run; none for a dry run.
    pub run: Option<MatchRunId>,
    /// Records compared.
    pub records: u64,
    /// Pairs scored.
    pub pairs: u64,
    /// Customers merged away by the machine.
    pub merged: u64,
    /// Sure merges left to a person, since they would break a rule or a decision.
    pub left: u64,
    /// Duplicate tasks opened.
    pub opened: u64,
    /// Pending duplicate tasks afterwards.
    pub pending: u64,
    /// Challenges opened: decisions that new data contradicts.
    pub challenges: u64,
}

impl Desk {
    /// Matches all records.
    ///
    /// # Errors
    /// When it is cancelled (nothing was written, or what was merged so far stays and running it
    /// again completes it), or ledger or store fail.
    pub fn match_records(
        &mut self,
        request: &MatchRequest,
        progress: &dyn Progress,
    ) -> Result<MatchOutcome, DeskError> {
        if !request.dry_run {
            self.adopt_settings()?;
        }
        let columns = columns(self.facts(), progress)?;
        let outcome = run_engine(self.facts(), &columns, progress, true)?;
        drop(columns);
        let mut done = MatchOutcome {
            run: None,
            records: u64::from(self.facts().view.counters()?.present_records()),
            pairs: outcome.report.kinds.iter().map(|kind| kind.candidates).sum(),
            merged: 0,
            left: 0,
            opened: 0,
            pending: 0,
            challenges: 0,
        };
        if request.dry_run {
            return count_only(self.facts(), &outcome, done);
        }
        let run = MatchRunId(self.facts().view.counters()?.runs + 1);
        let model =
            serde_json::to_value(&outcome.model).map_err(|error| missing(error.to_string()))?;
        progress.phase("merging", Some(outcome.auto.len() as u64));
        let mut left = Vec::new();
        self.with_changes_held(|desk| {
            for chunk in outcome.auto.chunks(MERGES_A_COMMIT) {
                if progress.cancelled() {
                    return Err(DeskError::Cancelled);
                }
                desk.merge_chunk(run, chunk, &mut left, &mut done)?;
                progress.advance(chunk.len() as u64);
            }
            progress.phase("queueing", None);
            desk.queue(run, &outcome, &left, &mut done)
        })?;
        let previous = self.facts().view.counters()?.matched.map(|place| place.sequence);
        let finished = MatchFinished {
            run,
            previous,
            model,
            records: done.records,
            pairs: done.pairs,
            merged: done.merged,
            tasks: done.opened,
            scores: Some(scores(self.facts(), &outcome)),
        };
        self.commit(vec![finished.into()])?;
        done.run = Some(run);
        Ok(done)
    }

    fn merge_chunk(
        &mut self,
        run: MatchRunId,
        merges: &[AutoMerge],
        left: &mut Vec<Vec<RecordId>>,
        done: &mut MatchOutcome,
    ) -> Result<(), DeskError> {
        let facts = self.facts();
        let mut draft = Draft::new(facts, Cause::Match(run))?;
        for merge in merges {
            let customers = customers_of(facts, &merge.records)?;
            if customers.len() < 2 {
                continue;
            }
            let survivor = customers[0].0;
            let states = membership::merge(survivor, &customers);
            let merged = states.iter().find(|(id, _)| *id == survivor);
            let breaks = match merged {
                Some((_, merged)) => enforce::would_break(facts, merged)?,
                None => false,
            };
            if breaks || is_contradicted(facts, &customers)? {
                left.push(merge.records.clone());
                done.left += 1;
                continue;
            }
            for (id, state) in states {
                draft.set_customer(id, state)?;
            }
            done.merged += customers.len() as u64 - 1;
        }
        let touched = draft.touched_customers();
        let events = self.with_consequences(draft, &touched)?;
        if !events.is_empty() {
            self.commit(events)?;
        }
        Ok(())
    }

    /// Opens, changes and settles duplicate tasks, and opens challenges.
    fn queue(
        &mut self,
        run: MatchRunId,
        outcome: &Outcome,
        left: &[Vec<RecordId>],
        done: &mut MatchOutcome,
    ) -> Result<(), DeskError> {
        let events = {
            let facts = self.facts();
            let mut draft = Draft::new(facts, Cause::Match(run))?;
            let mut wanted: Vec<Wanted> = Vec::new();
            for proposal in &outcome.proposals {
                let scores = (proposal.score, proposal.weakest);
                wanted.extend(Wanted::of(facts, &proposal.records, scores)?);
            }
            for records in left {
                let sure = facts.settings.matching.auto;
                wanted.extend(Wanted::of(facts, records, (sure, sure))?);
            }
            queue_duplicates(&mut draft, join(wanted))?;
            done.opened = draft.opened_tasks();
            let model = Arc::new(outcome.model.clone());
            contradicted_memberships(&mut draft, &Scorer { facts, model })?;
            done.challenges = draft.opened_tasks() - done.opened;
            draft.events()?
        };
        for chunk in events.chunks(1_000) {
            self.commit(chunk.to_vec())?;
        }
        let pending = self.facts().view.pending_tasks()?;
        done.pending =
            pending.iter().filter(|entry| entry.task.kind == TaskKind::Duplicate).count() as u64;
        Ok(())
    }
}

/// Runs the engine over the columns of all records; `decided` with people's decisions and existing
/// customers, else from single records alone.
pub(super) fn run_engine(
    facts: Facts<'_>,
    columns: &Columns,
    progress: &dyn Progress,
    decided: bool,
) -> Result<Outcome, DeskError> {
    let (constraints, clusters) =
        if decided { constraints(facts)? } else { (Constraints::default(), Vec::new()) };
    let request = matching::Request {
        columns,
        constraints: &constraints,
        clusters: &clusters,
        thresholds: facts.settings.matching,
        fingerprinter: facts.fingerprinter,
    };
    Ok(matching::run(&request, &Watched(progress))?)
}

/// Interns the values of every record, corrections applied.
pub(super) fn columns(facts: Facts<'_>, progress: &dyn Progress) -> Result<Columns, DeskError> {
    let total = facts.view.counters()?.records;
    progress.phase("reading", Some(u64::from(total)));
    let mut builder = ColumnsBuilder::new(facts.settings);
    for number in 0..total {
        if number % 1_024 == 0 {
            if progress.cancelled() {
                return Err(DeskError::Cancelled);
            }
            progress.advance(1_024.min(u64::from(total - number)));
        }
        let record = RecordId(number);
        if !facts.view.record(record)?.erased {
            builder.push(record, &values_of(facts, record)?);
        }
    }
    Ok(builder.finish())
}

/// A record's values with corrections, without judging them.
fn values_of(facts: Facts<'_>, record: RecordId) -> Result<Values, DeskError> {
    if facts.view.record(record)?.touched {
        Ok(facts.record(record)?.values)
    } else {
        Ok(facts.body(record)?.values)
    }
}

/// What people decided, and the customers there are.
fn constraints(facts: Facts<'_>) -> Result<(Constraints, Vec<Vec<RecordId>>), DeskError> {
    let mut constraints = Constraints::default();
    for (_, entry) in facts.view.decisions()? {
        if entry.stands() && review::apart::constrains(entry.verdict) {
            for (left, right) in review::apart::pairs(&entry.groups) {
                let rows = (facts.view.record(left)?, facts.view.record(right)?);
                let are_there = !rows.0.erased && !rows.1.erased;
                if are_there && rows.0.customer != rows.1.customer {
                    constraints.cannot_link.push((left, right));
                }
            }
        }
    }
    let mut clusters = Vec::new();
    facts.view.each_customer(&mut |_, state| {
        if state.members.len() > 1 {
            clusters.push(state.members);
        }
        Ok(true)
    })?;
    Ok((constraints, clusters))
}

/// The live customers of records, ascending.
pub(super) fn customers_of(
    facts: Facts<'_>,
    records: &[RecordId],
) -> Result<Vec<(CustomerId, CustomerState)>, DeskError> {
    let mut customers = BTreeMap::new();
    for record in records {
        let id = facts.view.record(*record)?.customer;
        if let Entry::Vacant(unknown) = customers.entry(id) {
            let state = facts.view.customer(id)?;
            unknown.insert(state.ok_or_else(|| missing(format!("customer {id}")))?);
        }
    }
    Ok(customers.into_iter().collect())
}

fn is_contradicted(
    facts: Facts<'_>,
    customers: &[(CustomerId, CustomerState)],
) -> Result<bool, DeskError> {
    for (at, (_, left)) in customers.iter().enumerate() {
        for (_, right) in &customers[at + 1..] {
            if !facts.apart(left, right)?.is_empty() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The groups of a run by score, as the thresholds in force divided them.
fn scores(facts: Facts<'_>, outcome: &Outcome) -> GroupScores {
    let thresholds = facts.settings.matching;
    let mut scores = GroupScores::under(thresholds.auto, thresholds.review);
    outcome.auto.iter().for_each(|merge| scores.count_merged(merge.score));
    outcome.proposals.iter().for_each(|group| scores.count_proposed(group.score, group.weakest));
    scores
}

fn count_only(
    facts: Facts<'_>,
    outcome: &Outcome,
    mut done: MatchOutcome,
) -> Result<MatchOutcome, DeskError> {
    for merge in &outcome.auto {
        done.merged += (customers_of(facts, &merge.records)?.len() as u64).saturating_sub(1);
    }
    done.opened = outcome.proposals.len() as u64;
    done.pending = done.opened;
    Ok(done)
}

/// Scores single pairs under a model.
pub(super) struct Scorer<'a> {
    facts: Facts<'a>,
    model: Arc<Model>,
}

impl Scorer<'_> {
    /// The match probability of two records as they stand.
    pub(super) fn score(&self, left: RecordId, right: RecordId) -> Result<f64, DeskError> {
        let (left, right) = (values_of(self.facts, left)?, values_of(self.facts, right)?);
        let Facts { settings, fingerprinter, .. } = self.facts;
        Ok(matching::score(&self.model, settings, fingerprinter, &left, &right))
    }
}

impl Facts<'_> {
    /// The model of the last run; none before the first.
    ///
    /// # Errors
    /// When the ledger is damaged, or the model cannot be read.
    pub fn model(&self) -> Result<Option<Arc<Model>>, DeskError> {
        let Some(place) = self.view.counters()?.matched else { return Ok(None) };
        let read = || match self.event(place)? {
            Event::MatchFinished(finished) => serde_json::from_value(finished.model)
                .map_err(|error| missing(format!("the model ({error})"))),
            _ => Err(missing("the last matching run")),
        };
        self.caches.model(place, read).map(Some)
    }
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
