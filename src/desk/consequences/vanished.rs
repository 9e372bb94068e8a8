//! The task of a customer some of whose records their source no longer holds: it waits as long as
//! nobody has said what becomes of them, and they have not come back.

use std::collections::BTreeSet;

use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{CustomerId, DecisionId, Task, TaskKind, TaskReason, TaskState, Vanished};

/// The first record of a live customer that a person is yet to decide about.
fn undecided(after: Facts<'_>, customer: CustomerId) -> Result<Option<Vanished>, DeskError> {
    let state = after.view.customer(customer)?.filter(|state| state.is_live());
    for record in state.into_iter().flat_map(|state| state.members) {
        if !after.view.record(record)?.touched {
            continue;
        }
        let vanished = after.view.record_state(record)?.vanished;
        if let Some(vanished) = vanished.filter(Vanished::is_undecided) {
            return Ok(Some(vanished));
        }
    }
    Ok(None)
}

/// The task as the records stand: with whoever has them now, or settled.
pub(super) fn rechecked(
    after: Facts<'_>,
    task: &Task,
    decision: Option<DecisionId>,
) -> Result<Task, DeskError> {
    let mut customers = BTreeSet::new();
    for customer in &task.customers {
        if let Some(live) = after.view.follow(*customer)?
            && undecided(after, live)?.is_some()
        {
            customers.insert(live);
        }
    }
    if !customers.is_empty() {
        return Ok(Task { customers: customers.into_iter().collect(), ..task.clone() });
    }
    let state = match decision {
        Some(decision) => TaskState::Decided { decision },
        None => TaskState::Settled,
    };
    Ok(Task { state, ..task.clone() })
}

/// Opens the task of a customer that has such records and is asked about in none.
pub(super) fn open(
    draft: &mut Draft<'_>,
    after: Facts<'_>,
    customer: CustomerId,
    pending: &[Task],
) -> Result<(), DeskError> {
    let asks = |task: &Task| task.kind == TaskKind::Vanished && task.customers.contains(&customer);
    if pending.iter().any(asks) {
        return Ok(());
    }
    let Some(vanished) = undecided(after, customer)? else { return Ok(()) };
    let task = Task {
        id: draft.new_task(),
        kind: TaskKind::Vanished,
        state: TaskState::Open,
        customers: vec![customer],
        record: None,
        reason: TaskReason::Vanished { import: vanished.import },
        score: None,
        weakest: None,
        opened: draft.facts().now,
    };
    draft.set_task(task)
}
