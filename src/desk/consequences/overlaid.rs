//! The task of a record that was delivered as somebody else's: it waits as long as nobody has said whose it is, and its
//! source has not delivered the former values again.

use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::overlays;
use domain::{CustomerId, DecisionId, Overlaid, RecordId, Task, TaskKind, TaskReason, TaskState};

/// What a person is yet to decide about a record.
fn undecided(after: Facts<'_>, record: RecordId) -> Result<Option<Overlaid>, DeskError> {
    let row = after.view.record(record)?;
    if row.erased || !row.touched {
        return Ok(None);
    }
    Ok(after.view.record_state(record)?.overlaid.filter(Overlaid::is_undecided))
}

fn reason(after: Facts<'_>, record: RecordId, overlaid: Overlaid) -> Result<TaskReason, DeskError> {
    let says = overlays::says(after, record)?;
    Ok(TaskReason::Overlaid { import: overlaid.import, says, held: overlaid.held })
}

/// The task as its record stands: with whoever has it now, or settled.
pub(super) fn rechecked(
    after: Facts<'_>,
    task: &Task,
    decision: Option<DecisionId>,
) -> Result<Task, DeskError> {
    let Some(record) = task.record else { return Ok(task.clone()) };
    if let Some(overlaid) = undecided(after, record)? {
        let customers = vec![after.view.customer_of(record)?];
        return Ok(Task { customers, reason: reason(after, record, overlaid)?, ..task.clone() });
    }
    let state = match decision {
        Some(decision) => TaskState::Decided { decision },
        None => TaskState::Settled,
    };
    Ok(Task { state, ..task.clone() })
}

/// Opens the tasks of a customer's records that were delivered so and of which none asks.
pub(super) fn open(
    draft: &mut Draft<'_>,
    after: Facts<'_>,
    customer: CustomerId,
    pending: &[Task],
) -> Result<(), DeskError> {
    let state = after.view.customer(customer)?.filter(|state| state.is_live());
    for record in state.into_iter().flat_map(|state| state.members) {
        let Some(overlaid) = undecided(after, record)? else { continue };
        let asks = |task: &Task| task.kind == TaskKind::Overlay && task.record == Some(record);
        if pending.iter().any(asks) {
            continue;
        }
        let task = Task {
            id: draft.new_task(),
            kind: TaskKind::Overlay,
            state: TaskState::Open,
            customers: vec![customer],
            record: Some(record),
            reason: reason(after, record, overlaid)?,
            score: None,
            weakest: None,
            opened: draft.facts().now,
        };
        draft.set_task(task)?;
    }
    Ok(())
}
