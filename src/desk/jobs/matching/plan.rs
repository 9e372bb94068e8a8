//! What a run has to do: learn a model from everything, or look at what changed under the recorded
//! one.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::decided::decided_since;
use super::read::Rows;
use super::{Extent, MatchRequest};
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{RecordId, Sequence, TaskKind};
use matching::{ColumnsBuilder, Model};

/// A model is learned again once so many records of a hundred came, changed or went since.
const OUTGROWN: usize = 10;

/// A model is learned again once so many decisions came or went since, and they are half as many
/// as it was learned from: then they teach something new.
const OUTTAUGHT: u64 = 25;

/// How a run comes to its model.
pub(super) enum Plan {
    /// It learns one from all records.
    Learn,
    /// It takes the recorded one.
    Again(Again),
}

/// A run under a recorded model.
pub(super) struct Again {
    pub(super) model: Arc<Model>,
    /// The commit that records it.
    pub(super) learned: Sequence,
    /// The records to look at, with whatever they may be one with.
    pub(super) seeds: Vec<RecordId>,
    /// Records that were quarantined since: nothing is to be asked about them any more.
    pub(super) set_aside: Vec<RecordId>,
}

/// Decides how to run.
pub(super) fn plan(
    facts: Facts<'_>,
    request: &MatchRequest,
    rows: &Rows,
    columns: &ColumnsBuilder,
    judged: usize,
) -> Result<Plan, DeskError> {
    if request.extent == Extent::Full
        || request.dry_run
        || request.census
        || request.carried.is_some()
    {
        return Ok(Plan::Learn);
    }
    let last = (facts.view.counters()?.matched, facts.learned()?);
    let (Some(place), Some((learned, mut run))) = last else { return Ok(Plan::Learn) };
    let settings = Some(&facts.settings.fingerprint);
    let read_up_to = match place.sequence == learned {
        true => run.read_up_to,
        false => facts.last_match()?.and_then(|last| last.read_up_to),
    };
    let (Some(since), Some(learned_at)) = (read_up_to, run.read_up_to) else {
        return Ok(Plan::Learn);
    };
    let present = rows.present().count();
    let later = rows.present().filter(|record| rows.is_later(*record, learned_at)).count();
    let gone = (run.records as usize + later).saturating_sub(present);
    let outgrown = (later + gone) * 100 > run.records as usize * OUTGROWN;
    if run.settings.as_ref() != settings || outgrown {
        return Ok(Plan::Learn);
    }
    let model = facts.model_of(place, &mut run)?;
    if !matching::serves(&model, columns) || is_outtaught(model.judged(), judged as u64) {
        return Ok(Plan::Learn);
    }
    let seeds = match request.extent {
        Extent::Everything => rows.present().collect(),
        _ => seeds(facts, rows, since)?,
    };
    let set_aside = rows.set_aside_since(since).map(|(record, _)| record).collect();
    Ok(Plan::Again(Again { model, learned, seeds, set_aside }))
}

/// Whether the decisions of today teach more than those a model was learned from.
fn is_outtaught(then: u64, now: u64) -> bool {
    let changed = now.abs_diff(then);
    changed >= OUTTAUGHT && changed * 2 >= then
}

/// The records whose groups may be others than the last run found, which read up to a commit.
fn seeds(facts: Facts<'_>, rows: &Rows, since: Sequence) -> Result<Vec<RecordId>, DeskError> {
    let mut seeds: BTreeSet<RecordId> =
        rows.present().filter(|record| rows.is_later(*record, since)).collect();
    seeds.extend(decided_since(facts, since)?);
    let mut tasks = BTreeSet::new();
    if facts.view.erased_after(since)? {
        // Whoever was erased may have been what held a group together.
        for entry in facts.view.pending_tasks()? {
            with_task(facts, &entry.task, &mut tasks, &mut seeds)?;
        }
    }
    for (_, customer) in rows.set_aside_since(since) {
        // So may whoever was quarantined: the others of its customer and of its tasks.
        let members = facts.view.customer(customer)?.map(|state| state.members);
        seeds.extend(members.into_iter().flatten());
        for entry in facts.view.tasks_of(customer)? {
            with_task(facts, &entry.task, &mut tasks, &mut seeds)?;
        }
    }
    let mut open: Vec<RecordId> = seeds.iter().copied().collect();
    while let Some(record) = open.pop() {
        let Some(customer) = rows.customer(record) else { continue };
        for entry in facts.view.tasks_of(customer)? {
            open.extend(with_task(facts, &entry.task, &mut tasks, &mut seeds)?);
        }
    }
    Ok(seeds.into_iter().filter(|record| rows.customer(*record).is_some()).collect())
}

/// Adds the records of a duplicate task's customers; gives those that are new. A record that left
/// the group does not lead to the others any more.
fn with_task(
    facts: Facts<'_>,
    task: &domain::Task,
    known: &mut BTreeSet<domain::TaskId>,
    seeds: &mut BTreeSet<RecordId>,
) -> Result<Vec<RecordId>, DeskError> {
    let mut added = Vec::new();
    if task.kind == TaskKind::Duplicate && known.insert(task.id) {
        for customer in &task.customers {
            let members = facts.view.customer(*customer)?.map(|state| state.members);
            added.extend(members.into_iter().flatten().filter(|record| seeds.insert(*record)));
        }
    }
    Ok(added)
}
