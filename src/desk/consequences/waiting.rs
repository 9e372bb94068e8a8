//! Tasks that an undo brings back: how they wait, and whether somebody else is asked already.

use std::collections::BTreeSet;
use std::mem::discriminant;

use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{DecisionId, Event, Sequence, Task, TaskId, TaskKind, TaskState, Until, Verdict};

/// How a task waits that an undo touches: as the last decision left it that still stands. Only its
/// history tells, since what was undone may have come between.
pub(super) fn state(after: Facts<'_>, task: &Task) -> Result<TaskState, DeskError> {
    if task.state != TaskState::Open && holds(after, task, &task.state, Sequence(u64::MAX))? {
        return Ok(task.state.clone());
    }
    for link in after.task_chain(task.id)? {
        let stands = match &link.decision {
            Some(decision) => decision.verdict != Verdict::Undo && stands(after, decision.id)?,
            None => true,
        };
        let left = link.events.iter().rev().find_map(|event| match event {
            Event::TaskChanged(changed) => Some(&changed.after.state),
            _ => None,
        });
        if let Some(state) = left.filter(|_| stands)
            && holds(after, task, state, link.sequence)?
        {
            return Ok(state.clone());
        }
    }
    Ok(TaskState::Open)
}

fn stands(after: Facts<'_>, decision: DecisionId) -> Result<bool, DeskError> {
    Ok(after.view.decision(decision)?.is_some_and(|entry| entry.stands()))
}

/// Whether a task can go on waiting in a state that a commit left it in.
fn holds(
    after: Facts<'_>,
    task: &Task,
    state: &TaskState,
    since: Sequence,
) -> Result<bool, DeskError> {
    match state {
        TaskState::Open => Ok(true),
        TaskState::Deferred { until: Until::DataChanges, decision } => {
            Ok(stands(after, *decision)? && !came_anew(after, task, since)?)
        }
        TaskState::Deferred { decision, .. } | TaskState::Escalated { decision, .. } => {
            stands(after, *decision)
        }
        TaskState::Answered { question, decision, .. } => {
            Ok(stands(after, *question)? && stands(after, *decision)?)
        }
        TaskState::Proposed { decision, approval, .. } => {
            let asks = after.view.task(*approval)?;
            Ok(stands(after, *decision)? && asks.is_some_and(|it| it.task.state.is_pending()))
        }
        TaskState::Decided { .. } | TaskState::Settled => Ok(false),
    }
}

/// Whether a record of the task's customers was delivered again after a commit.
fn came_anew(after: Facts<'_>, task: &Task, since: Sequence) -> Result<bool, DeskError> {
    for customer in &task.customers {
        for record in after.view.customer(*customer)?.into_iter().flat_map(|it| it.members) {
            if after.view.record(record)?.body.sequence > since {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Tasks that were done before the draft and would wait again stay as they were where nothing is
/// left to ask, or where another pending task asks the same. Where the decision that answered one no
/// longer stands, and nothing is left to ask, it is settled.
pub(super) fn leave_what_is_asked_already(
    draft: &mut Draft<'_>,
    after: Facts<'_>,
    ids: impl Iterator<Item = TaskId>,
) -> Result<(), DeskError> {
    if !draft.is_undo() {
        return Ok(());
    }
    for id in ids {
        let (Some(before), Some(now)) = (draft.task_before(id)?, draft.task(id)?) else {
            continue;
        };
        if before.state.is_pending() {
            continue;
        }
        if !now.state.is_pending()
            && let TaskState::Decided { decision } = before.state
            && !stands(after, decision)?
        {
            continue;
        }
        if !now.state.is_pending() || is_asked_by_another(draft, &now)? {
            draft.set_task(before)?;
        }
    }
    Ok(())
}

/// Whether another task that waits asks the same as a task.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn is_asked_by_another(draft: &Draft<'_>, task: &Task) -> Result<bool, DeskError> {
    let mut others = Vec::new();
    for customer in &task.customers {
        others.extend(draft.pending_tasks_of(*customer)?);
    }
    let customers: BTreeSet<_> = task.customers.iter().collect();
    Ok(others.iter().any(|other| {
        let is_same_question = match task.kind {
            TaskKind::Invalid | TaskKind::Overlay => other.record == task.record,
            TaskKind::Second | TaskKind::Request => other.reason == task.reason,
            TaskKind::Check => other.reason == task.reason && other.customers == task.customers,
            TaskKind::Challenge => {
                // What the machine merged can be contradicted and contested, and neither names a decision.
                other.record == task.record
                    && discriminant(&other.reason) == discriminant(&task.reason)
                    && other.reason.decision() == task.reason.decision()
            }
            TaskKind::Approval => other.reason == task.reason,
            TaskKind::Duplicate | TaskKind::Vanished => {
                other.customers.iter().collect::<BTreeSet<_>>().is_superset(&customers)
            }
        };
        other.id != task.id && other.kind == task.kind && is_same_question
    }))
}
