//! The task of customers whose records their source says it has merged: it waits until they are one, or
//! somebody has decided that they are not.

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::merges;
use domain::{CustomerId, Task, TaskId, TaskKind, TaskReason, TaskState, Until};

/// The task as the source stands to it: one that it asked for and that it takes back is no more than
/// what matching made of it.
pub(super) fn rechecked(after: Facts<'_>, task: Task) -> Result<Task, DeskError> {
    if !merges::is_asked_by_source(&task) || !task.state.is_pending() {
        return Ok(task);
    }
    for customer in &task.customers {
        let pairs = merges::pairs(after, *customer)?;
        if pairs.iter().any(|(other, _)| task.customers.contains(other)) {
            return Ok(task);
        }
    }
    Ok(match task.score {
        Some(_) => Task { reason: TaskReason::Similar, ..task },
        None => Task { state: TaskState::Settled, ..task },
    })
}

/// Opens the task of a customer that such pairs bring together with others, unless it is asked about
/// them. A task of the source that asks about some of them asks about all; one that asks about just
/// them, since they look alike, becomes the source's. Who only looks alike stays out of it.
pub(super) fn open(
    draft: &mut Draft<'_>,
    after: Facts<'_>,
    customer: CustomerId,
) -> Result<(), DeskError> {
    let Some((_, pair)) = merges::undecided(after, customer)?.into_iter().next() else {
        return Ok(());
    };
    let mut customers = merges::group(after, customer)?;
    let mut pending: BTreeMap<TaskId, Task> = BTreeMap::new();
    for customer in &customers {
        let tasks = draft.pending_tasks_of(*customer)?.into_iter();
        let duplicates = tasks.filter(|task| {
            let is_same = task.customers.iter().all(|id| customers.contains(id));
            task.kind == TaskKind::Duplicate && (merges::is_asked_by_source(task) || is_same)
        });
        pending.extend(duplicates.map(|task| (task.id, task)));
    }
    let holds_all = |task: &&Task| customers.iter().all(|id| task.customers.contains(id));
    let asks = pending.values().find(holds_all);
    if asks.is_some_and(merges::is_asked_by_source) {
        return Ok(());
    }
    let reason = TaskReason::Merged { source: after.body(pair.said_by)?.address.source };
    if let Some(task) = asks {
        return draft.set_task(Task { reason, ..task.clone() });
    }
    let mut pending = pending.into_values();
    let Some(first) = pending.next() else {
        let task = Task {
            id: draft.new_task(),
            kind: TaskKind::Duplicate,
            state: TaskState::Open,
            customers: customers.into_iter().collect(),
            record: None,
            reason,
            score: None,
            weakest: None,
            opened: draft.facts().now,
        };
        return draft.set_task(task);
    };
    for other in pending {
        customers.extend(other.customers.iter().copied());
        draft.set_task(Task { state: TaskState::Settled, ..other })?;
    }
    let state = match first.state {
        TaskState::Deferred { until: Until::DataChanges, .. } => TaskState::Open,
        state => state,
    };
    customers.extend(first.customers);
    let live: BTreeSet<CustomerId> = follow(after, customers)?;
    draft.set_task(Task { state, customers: live.into_iter().collect(), reason, ..first })
}

fn follow(
    after: Facts<'_>,
    customers: BTreeSet<CustomerId>,
) -> Result<BTreeSet<CustomerId>, DeskError> {
    let mut live = BTreeSet::new();
    for customer in customers {
        live.extend(after.view.follow(customer)?);
    }
    Ok(live)
}
