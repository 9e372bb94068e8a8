//! Duplicate tasks after a matching run: which open, go on under their id, or are settled.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::apply::customers_of;
use crate::draft::Draft;
use crate::elusion::asked;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::merges;
use domain::{CustomerId, RecordId, Task, TaskId, TaskKind, TaskReason, TaskState, Until};

/// A duplicate task that the engine asks for.
pub(super) struct Wanted {
    customers: BTreeSet<CustomerId>,
    /// Of its best link and its weakest pair; none where nothing but the source asks for it.
    scores: Option<(f64, f64)>,
}

impl Wanted {
    pub(super) fn of(
        facts: Facts<'_>,
        records: &[RecordId],
        scores: (f64, f64),
    ) -> Result<Option<Wanted>, DeskError> {
        let customers = customers_of(facts, records)?;
        if customers.len() < 2 {
            return Ok(None);
        }
        let customers = customers.into_iter().map(|(id, _)| id).collect();
        Ok(Some(Wanted { customers, scores: Some(scores) }))
    }

    /// What sources ask for: of each task that waits because of a merge made there, its customers as
    /// merges bring them together.
    pub(super) fn of_sources(
        facts: Facts<'_>,
        about: Option<&BTreeSet<CustomerId>>,
    ) -> Result<Vec<Wanted>, DeskError> {
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut seen = BTreeSet::new();
        if !merges::are_known(facts)? {
            return Ok(wanted);
        }
        for task in pending(facts, about)? {
            if !merges::is_asked_by_source(&task) {
                continue;
            }
            for customer in task.customers {
                if seen.contains(&customer) {
                    continue;
                }
                let customers = merges::group(facts, customer)?;
                seen.extend(customers.iter().copied());
                if customers.len() > 1 {
                    wanted.push(Wanted { customers, scores: None });
                }
            }
        }
        Ok(wanted)
    }
}

/// Groups that share a customer are one.
pub(super) fn join(wanted: Vec<Wanted>) -> Vec<Wanted> {
    // Each group at its place until a later one takes it in; each customer's latest place.
    let mut groups: Vec<Option<Wanted>> = Vec::with_capacity(wanted.len());
    let mut place_of: HashMap<CustomerId, usize> = HashMap::new();
    for mut group in wanted {
        let shared: BTreeSet<usize> =
            group.customers.iter().filter_map(|customer| place_of.get(customer).copied()).collect();
        for other in shared.into_iter().filter_map(|place| groups[place].take()) {
            group.customers.extend(other.customers);
            group.scores = match (group.scores, other.scores) {
                (Some((best, weakest)), Some((other_best, other_weakest))) => {
                    Some((best.max(other_best), weakest.min(other_weakest)))
                }
                (one, other) => one.or(other),
            };
        }
        place_of.extend(group.customers.iter().map(|customer| (*customer, groups.len())));
        groups.push(Some(group));
    }
    let mut joined: Vec<Wanted> = groups.into_iter().flatten().collect();
    joined.sort_by(|left, right| left.customers.cmp(&right.customers));
    joined
}

/// Pending tasks go on under their ids; what nothing asks for any more is settled. Tasks that are
/// not `about` any of these customers stay as they are, and so do those that `spared` says people
/// had to do with: the run did not see them as they are.
///
/// What a source has merged is asked by itself: who only looks alike comes into no task that says "they
/// were merged". Where matching finds no more than the source says, the source's task has its score.
pub(super) fn queue_duplicates(
    draft: &mut Draft<'_>,
    similar: Vec<Wanted>,
    mut of_sources: Vec<Wanted>,
    about: Option<&BTreeSet<CustomerId>>,
    spared: impl Fn(&Task) -> Result<bool, DeskError>,
) -> Result<(), DeskError> {
    let mut others = Vec::with_capacity(similar.len());
    for group in similar {
        let asked = of_sources.iter_mut().find(|it| it.customers.is_superset(&group.customers));
        match asked {
            Some(asked) => asked.scores = asked.scores.or(group.scores),
            None => others.push(group),
        }
    }
    let (merged, alike): (Vec<Task>, Vec<Task>) =
        pending(draft.facts(), about)?.into_iter().partition(merges::is_asked_by_source);
    queue_some(draft, merged, of_sources, &spared)?;
    queue_some(draft, alike, others, &spared)
}

/// The groups that are asked about for one reason, and the tasks there are for it.
fn queue_some(
    draft: &mut Draft<'_>,
    pending: Vec<Task>,
    wanted: Vec<Wanted>,
    spared: &impl Fn(&Task) -> Result<bool, DeskError>,
) -> Result<(), DeskError> {
    let mut pending: BTreeMap<TaskId, Task> =
        pending.into_iter().map(|task| (task.id, task)).collect();
    let mut of_customer: BTreeMap<CustomerId, BTreeSet<TaskId>> = BTreeMap::new();
    for task in pending.values() {
        for customer in &task.customers {
            of_customer.entry(*customer).or_default().insert(task.id);
        }
    }
    for group in wanted {
        let known: BTreeSet<TaskId> = group
            .customers
            .iter()
            .filter_map(|customer| of_customer.get(customer))
            .flatten()
            .copied()
            .filter(|id| pending.contains_key(id))
            .collect();
        let kept = known.first().and_then(|id| pending.remove(id));
        for id in known.iter().skip(1) {
            if let Some(task) = pending.remove(id) {
                draft.set_task(Task { state: TaskState::Settled, ..task })?;
            }
        }
        take_up(draft, kept, group)?;
    }
    for task in pending.into_values() {
        if task.state == TaskState::Open && !spared(&task)? {
            draft.set_task(Task { state: TaskState::Settled, ..task })?;
        }
    }
    Ok(())
}

/// The duplicate tasks that wait: all of them, or those of some customers; but not those that ask about
/// what was drawn below review.
fn pending(facts: Facts<'_>, about: Option<&BTreeSet<CustomerId>>) -> Result<Vec<Task>, DeskError> {
    let mut entries = Vec::new();
    match about {
        None => entries = facts.view.pending_tasks()?,
        Some(about) => {
            for customer in about {
                entries.extend(facts.view.tasks_of(*customer)?);
            }
        }
    }
    let sampled = asked(facts)?;
    let tasks = entries.into_iter().map(|entry| entry.task);
    let is_proposed = |task: &Task| task.kind == TaskKind::Duplicate && !sampled.contains(&task.id);
    Ok(tasks.filter(is_proposed).collect())
}

/// A task for a group: the one there is, changed if its customers changed, or a new one.
fn take_up(draft: &mut Draft<'_>, known: Option<Task>, group: Wanted) -> Result<(), DeskError> {
    let customers: Vec<CustomerId> = group.customers.into_iter().collect();
    let (score, weakest) = group.scores.unzip();
    match known {
        Some(task) if task.customers == customers && (score.is_none() || task.score.is_some()) => {
            Ok(())
        }
        Some(task) => {
            let state = match task.state {
                TaskState::Deferred { until: Until::DataChanges, .. } => TaskState::Open,
                state => state,
            };
            draft.set_task(Task { state, customers, score, weakest, ..task })
        }
        None => {
            let task = similar(draft.new_task(), customers, (0.0, 0.0), draft.facts().now);
            draft.set_task(Task { score, weakest, ..task })
        }
    }
}

/// A new task of customers that look alike, with the scores of its best link and its weakest pair.
pub(super) fn similar(
    id: TaskId,
    customers: Vec<CustomerId>,
    (score, weakest): (f64, f64),
    now: Timestamp,
) -> Task {
    Task {
        id,
        kind: TaskKind::Duplicate,
        state: TaskState::Open,
        customers,
        record: None,
        reason: TaskReason::Similar,
        score: Some(score),
        weakest: Some(weakest),
        opened: now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_share_a_customer_are_one() {
        let group = |customers: &[u32], score, weakest| Wanted {
            customers: customers.iter().copied().map(CustomerId).collect(),
            scores: Some((score, weakest)),
        };
        let joined = join(vec![
            group(&[7, 8], 0.9, 0.8),
            group(&[1, 2], 0.7, 0.7),
            group(&[3, 4], 0.8, 0.6),
            group(&[2, 3], 0.6, 0.5),
            group(&[5, 6], 0.9, 0.9),
        ]);
        let found: Vec<(Vec<u32>, f64, f64)> = joined
            .into_iter()
            .map(|it| {
                let (score, weakest) = it.scores.unwrap();
                (it.customers.iter().map(|id| id.0).collect(), score, weakest)
            })
            .collect();
        assert_eq!(
            found,
            [(vec![1, 2, 3, 4], 0.8, 0.5), (vec![5, 6], 0.9, 0.9), (vec![7, 8], 0.9, 0.8)]
        );
    }
}
