//! Approvals: nobody is asked to approve what is proposed no more, nor anything about somebody who was erased.

use crate::approvals::was_before;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Task, TaskReason, TaskState};

/// The task of an approval as it is left by a draft.
pub(super) fn rechecked(
    draft: &mut Draft<'_>,
    after: Facts<'_>,
    task: &Task,
) -> Result<Task, DeskError> {
    let settled = || Task { state: TaskState::Settled, ..task.clone() };
    let mut is_erased = false;
    for customer in &task.customers {
        is_erased |= after.view.erased_in(*customer)?.is_some();
    }
    let TaskReason::Approval { decision } = task.reason else {
        return Ok(if is_erased { settled() } else { task.clone() });
    };
    let entry = after.view.decision(decision)?;
    let answered = entry.as_ref().and_then(|entry| entry.task);
    let answered = answered.map(|id| draft.task(id)).transpose()?.flatten();
    let is_proposed = |state: &TaskState| matches!(state, TaskState::Proposed { decision: by, .. } if *by == decision);
    if is_erased
        && let Some(answered) = answered.clone().filter(|answered| is_proposed(&answered.state))
    {
        let state = was_before(&answered.state);
        draft.set_task(Task { state, ..answered })?;
    }
    let waits = answered.is_none_or(|answered| is_proposed(&answered.state));
    Ok(if is_erased || !waits { settled() } else { task.clone() })
}
