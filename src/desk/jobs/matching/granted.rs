//! What a run merges under grants that people gave earlier: found with everything else, merged in portions
//! of which each is a decision of the grant, and checked afterwards.
//!
//! A grant covers what its stratum holds under the model of its own census. Merges of later runs are on
//! trust: some of them become checks, which people answer blind, and a grant whose checks say that more is
//! wrong than was promised is suspended when the next run begins to write.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::census;
use crate::commands::grant::{InRun, in_run, suspended_in};
use crate::core::Desk;
use crate::draft::Draft;
use crate::error::{DeskError, Stop};
use crate::facts::{Facts, missing};
use crate::grants::{self, Counted, Given, Register};
use domain::event::{Cause, CensusTaken, JoinedUnits};
use domain::grants::Maker;
use domain::{
    CensusId, CustomerId, DecisionId, Fingerprint, MatchRunId, RecordId, Sequence, Task, TaskKind,
    TaskReason, TaskState,
};
use door::views::{SuspendedView, UnderGrantView};
use matching::grants::{JoinState, OpenJoin, check_size, open_joins, probability, under};
use matching::{AutoMerge, Model, Proposal, Request};

/// A grant in force when a run reads, with the model under which its stratum says something.
pub(super) struct InForce {
    taken: CensusTaken,
    model: Arc<Model>,
}

/// The grants in force, and the joins that no run makes under one.
#[derive(Default)]
pub(super) struct GrantsInForce {
    grants: Vec<InForce>,
    kept: HashSet<(Vec<RecordId>, Vec<RecordId>)>,
}

/// What a run may merge under one grant.
pub(super) struct Under {
    taken: CensusTaken,
    joins: VecDeque<OpenJoin>,
    /// What was merged, and by which decision.
    made: Vec<Made>,
    left: u64,
}

struct Made {
    join: OpenJoin,
    by: DecisionId,
    customers: (CustomerId, CustomerId),
}

/// Reads the grants in force; those that are broken are in force no more.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn in_force(facts: Facts<'_>) -> Result<GrantsInForce, DeskError> {
    let mut found = GrantsInForce::default();
    if facts.view.censuses()?.iter().all(|(_, entry)| entry.grants.is_empty()) {
        return Ok(found);
    }
    let register = Register::read(facts, None)?;
    let mut models: HashMap<MatchRunId, Arc<Model>> = HashMap::new();
    for it in &register.all {
        let taken = &it.counted.taken;
        let in_force = it.given.as_ref().filter(|given| given.is_in_force());
        let is_kept = |state: &JoinState| match taken.census.stratum.maker {
            // What a grant made and somebody took back is not made again by any.
            Maker::Grant(_) => !state.may_be_asked,
            Maker::Rules => false,
            // People are asked about them in an order that must stay whole, or took them back; of an
            // interrupted grant they are promised, and made when it is given again, not on trust.
            Maker::Nobody => in_force.is_none_or(|given| given.is_interrupted && state.waits),
        };
        let kept = it.states.iter().zip(&taken.units).filter(|(state, _)| is_kept(state));
        found.kept.extend(kept.map(|(_, units)| sides(units)));
        if in_force.is_none() || register.broken(facts, it)?.is_some() {
            continue;
        }
        let run = taken.census.model;
        let model = match models.get(&run) {
            Some(model) => Arc::clone(model),
            None => Arc::new(model_of(facts, run)?),
        };
        models.insert(run, Arc::clone(&model));
        found.grants.push(InForce { taken: taken.clone(), model });
    }
    Ok(found)
}

fn sides(units: &JoinedUnits) -> (Vec<RecordId>, Vec<RecordId>) {
    let (one, other) = (units.left.clone(), units.right.clone());
    if one < other { (one, other) } else { (other, one) }
}

/// The model that a run learned.
fn model_of(facts: Facts<'_>, run: MatchRunId) -> Result<Model, DeskError> {
    let mut next = facts.view.counters()?.matched.map(|place| place.sequence);
    while let Some(sequence) = next {
        let ended = facts.run_ended_in(sequence)?;
        if ended.run == run {
            return facts.model_learned_in(ended.model_of.unwrap_or(sequence));
        }
        next = ended.previous.filter(|previous| *previous < sequence);
    }
    Err(missing(format!("matching run {run}")))
}

impl GrantsInForce {
    /// The joins of a run's groups that grants cover, each under the first that does.
    pub(super) fn cover(
        &self,
        request: &Request<'_>,
        found: (&[AutoMerge], &[Proposal]),
    ) -> Vec<Under> {
        if self.grants.is_empty() {
            return Vec::new();
        }
        let groups = census::groups(request, found, std::iter::empty());
        let Request { columns, fingerprinter, constraints, .. } = request;
        let mut taken: HashSet<(Vec<RecordId>, Vec<RecordId>)> = self.kept.clone();
        let mut all = Vec::new();
        for InForce { taken: of, model } in &self.grants {
            let joins = open_joins(model, columns, fingerprinter, constraints, &groups);
            let mut joins = under(&of.census, joins).joins;
            joins.retain(|join| taken.insert(sides(&units(join))));
            if !joins.is_empty() {
                let joins = joins.into();
                all.push(Under { taken: of.clone(), joins, made: Vec::new(), left: 0 });
            }
        }
        all
    }
}

fn units(join: &OpenJoin) -> JoinedUnits {
    JoinedUnits { left: join.left.clone(), right: join.right.clone() }
}

impl Under {
    /// The records of each join that waits to be made.
    pub(super) fn records(&self) -> impl Iterator<Item = Vec<RecordId>> {
        self.joins.iter().map(|join| join.left.iter().chain(&join.right).copied().collect())
    }

    /// How many joins wait to be made.
    pub(super) fn waiting(&self) -> usize {
        self.joins.len()
    }

    /// What a dry run says of it.
    pub(super) fn foreseen(&self) -> UnderGrantView {
        let made = self.joins.len() as u64;
        UnderGrantView { census: self.taken.census.id, made, left: 0, checks: check_size(made) }
    }

    /// Merges the next portion, in one decision; those that were `changed` since the run read are passed
    /// over. Gives how many were looked at, how many were passed over, and the commit.
    pub(super) fn merge(
        &mut self,
        desk: &mut Desk,
        run: MatchRunId,
        most: usize,
        changed: impl Fn(Facts<'_>, &[RecordId]) -> Result<bool, DeskError>,
    ) -> Result<Merged, DeskError> {
        let next: Vec<OpenJoin> = self.joins.drain(..most.min(self.joins.len())).collect();
        let mut portion = Merged { looked_at: next.len(), ..Merged::default() };
        let facts = desk.facts();
        let counted = Counted::read(facts, self.taken.census.id)?;
        let given = Given::of(facts, &counted.entry)?.filter(Given::is_in_force);
        let Some(given) = given else {
            // It was undone or suspended since the run read.
            portion.passed_over = next.len() as u64;
            return Ok(portion);
        };
        let mut joins = Vec::with_capacity(next.len());
        for join in next {
            match changed(facts, &[&join.left[..], &join.right].concat())? {
                true => portion.passed_over += 1,
                false => joins.push(join),
            }
        }
        let all: Vec<JoinedUnits> = joins.iter().map(units).collect();
        let InRun { decided, made: customers } =
            in_run(facts, (run, &given), &counted, &all).map_err(no_refusal)?;
        self.left += customers.iter().filter(|made| made.is_none()).count() as u64;
        let Some((by, draft)) = decided else { return Ok(portion) };
        let made = joins.into_iter().zip(customers);
        self.made.extend(
            made.filter_map(|(join, customers)| Some(Made { join, by, customers: customers? })),
        );
        let touched = draft.touched_customers();
        let foreseen = desk.foresee_draft(draft, &touched)?;
        portion.commit = Some(desk.commit_foreseen(foreseen)?.sequence);
        portion.merged = self.made.iter().filter(|made| made.by == by).count() as u64;
        Ok(portion)
    }

    /// Writes the census of what was merged under the grant, and opens its checks.
    pub(super) fn end(
        self,
        desk: &mut Desk,
        run: MatchRunId,
        read_up_to: Sequence,
    ) -> Result<UnderGrantView, DeskError> {
        let Under { taken, made, left, .. } = self;
        let of = taken.census.id;
        let mut told = UnderGrantView { census: of, made: made.len() as u64, left, checks: 0 };
        if made.is_empty() {
            return Ok(told);
        }
        let joins = made.iter().map(|made| made.join.clone()).collect();
        let checked = census::checked(desk, &taken, joins, read_up_to)?;
        let seed = checked.census.seed;
        let mut by_join: HashMap<Fingerprint, &Made> = HashMap::new();
        for it in &made {
            by_join.insert(seed.join(&it.join.left, &it.join.right), it);
        }
        let census = checked.census.id;
        let size = usize::try_from(check_size(made.len() as u64)).unwrap_or(usize::MAX);
        let facts = desk.facts();
        let mut draft = Draft::new(facts, Cause::Match(run))?;
        for made in checked.census.joins.iter().take(size).filter_map(|join| by_join.get(join)) {
            let mut customers = vec![made.customers.0, made.customers.1];
            customers.sort_unstable();
            let score = Some(probability(made.join.weight));
            let task = Task {
                id: draft.new_task(),
                kind: TaskKind::Check,
                state: TaskState::Open,
                customers,
                record: None,
                reason: TaskReason::Check { census, decision: made.by },
                score,
                weakest: score,
                opened: facts.now,
            };
            draft.set_task(task)?;
            told.checks += 1;
        }
        let mut events = vec![checked.into()];
        events.extend(draft.events()?);
        desk.commit(events)?;
        Ok(told)
    }
}

/// What one portion did.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) looked_at: usize,
    pub(super) merged: u64,
    pub(super) passed_over: u64,
    pub(super) commit: Option<Sequence>,
}

/// Suspends the grants that no longer keep what was promised, each by a decision of its own.
///
/// # Errors
/// When ledger or store fail.
pub(super) fn suspend_broken(
    desk: &mut Desk,
    run: MatchRunId,
) -> Result<Vec<SuspendedView>, DeskError> {
    let mut suspended = Vec::new();
    for (census, why) in broken(desk.facts())? {
        let (decision, draft) =
            suspended_in(desk.facts(), run, census, why.clone()).map_err(no_refusal)?;
        let foreseen = desk.foresee_draft(draft, &[])?;
        desk.commit_foreseen(foreseen)?;
        suspended.push(SuspendedView { census, decision, why });
    }
    Ok(suspended)
}

fn broken(facts: Facts<'_>) -> Result<Vec<(CensusId, String)>, DeskError> {
    if facts.view.censuses()?.iter().all(|(_, entry)| entry.grants.is_empty()) {
        return Ok(Vec::new());
    }
    let register = Register::read(facts, None)?;
    let mut found = Vec::new();
    for it in &register.all {
        if let Some(broken) = register.broken(facts, it)? {
            found.push((it.counted.id(), grants::why(&broken)));
        }
    }
    Ok(found)
}

/// Nobody asked: what is refused here is a fault of what was kept.
fn no_refusal(stop: Stop) -> DeskError {
    match stop {
        Stop::Refused(refusal) => missing(refusal.to_string()),
        Stop::Failed(error) => error,
    }
}
