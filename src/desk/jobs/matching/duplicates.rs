//! Duplicate tasks after a matching run: which open, go on under their id, or are settled.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::apply::customers_of;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{CustomerId, RecordId, Task, TaskId, TaskKind, TaskReason, TaskState, Until};

/// A duplicate task that the engine asks for.
pub(super) struct Wanted {
    customers: BTreeSet<CustomerId>,
    score: f64,
    weakest: f64,
}

impl Wanted {
    pub(super) fn of(
        facts: Facts<'_>,
        records: &[RecordId],
        (score, weakest): (f64, f64),
    ) -> Result<Option<Wanted>, DeskError> {
        let customers = customers_of(facts, records)?;
        if customers.len() < 2 {
            return Ok(None);
        }
        let customers = customers.into_iter().map(|(id, _)| id).collect();
        Ok(Some(Wanted { customers, score, weakest }))
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
            group.score = group.score.max(other.score);
            group.weakest = group.weakest.min(other.weakest);
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
pub(super) fn queue_duplicates(
    draft: &mut Draft<'_>,
    wanted: Vec<Wanted>,
    about: Option<&BTreeSet<CustomerId>>,
    spared: impl Fn(&Task) -> Result<bool, DeskError>,
) -> Result<(), DeskError> {
    let facts = draft.facts();
    let mut entries = Vec::new();
    match about {
        None => entries = facts.view.pending_tasks()?,
        Some(about) => {
            for customer in about {
                entries.extend(facts.view.tasks_of(*customer)?);
            }
        }
    }
    let mut pending: BTreeMap<TaskId, Task> = entries
        .into_iter()
        .filter(|entry| entry.task.kind == TaskKind::Duplicate)
        .map(|entry| (entry.task.id, entry.task))
        .collect();
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

/// A task for a group: the one there is, changed if its customers changed, or a new one.
fn take_up(draft: &mut Draft<'_>, known: Option<Task>, group: Wanted) -> Result<(), DeskError> {
    let customers: Vec<CustomerId> = group.customers.into_iter().collect();
    let (score, weakest) = (Some(group.score), Some(group.weakest));
    match known {
        Some(task) if task.customers == customers => Ok(()),
        Some(task) => {
            let state = match task.state {
                TaskState::Deferred { until: Until::DataChanges, .. } => TaskState::Open,
                state => state,
            };
            draft.set_task(Task { state, customers, score, weakest, ..task })
        }
        None => {
            let task = Task {
                id: draft.new_task(),
                kind: TaskKind::Duplicate,
                state: TaskState::Open,
                customers,
                record: None,
                reason: TaskReason::Similar,
                score,
                weakest,
                opened: draft.facts().now,
            };
            draft.set_task(task)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_share_a_customer_are_one() {
        let group = |customers: &[u32], score, weakest| Wanted {
            customers: customers.iter().copied().map(CustomerId).collect(),
            score,
            weakest,
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
            .map(|it| (it.customers.iter().map(|id| id.0).collect(), it.score, it.weakest))
            .collect();
        assert_eq!(
            found,
            [(vec![1, 2, 3, 4], 0.8, 0.5), (vec![5, 6], 0.9, 0.9), (vec![7, 8], 0.9, 0.8)]
        );
    }
}
