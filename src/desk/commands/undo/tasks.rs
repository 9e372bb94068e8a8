//! Tasks that an undo brings back for another look. Whether they wait then is not decided here:
//! `consequences.rs` asks for each whether its cause is still there.

use std::collections::BTreeSet;

use super::commit::commit_of;
use super::dependants;
use crate::approvals::was_before;
use crate::draft::Draft;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::turned::Turned;
use domain::event::TaskChanged;
use domain::{
    Commit, CustomerId, DecisionId, Event, Task, TaskKind, TaskReason, TaskState, Verdict,
};

/// Takes back what a decision did to a task: its state, unless it was changed since, and which
/// customers it is about.
pub(super) fn back(
    draft: &mut Draft<'_>,
    turned: &Turned,
    changed: &TaskChanged,
) -> Result<(), DeskError> {
    let Some(now) = draft.task(changed.task)? else { return Ok(()) };
    let Some(before) = &changed.before else {
        // It was opened by the decision, and ids are never taken back. A question that was asked with it
        // is asked no more.
        let is_question = matches!(
            changed.after.state,
            TaskState::Escalated { decision, .. } if now.state == changed.after.state
                && draft.facts().view.decision(decision)?.is_some_and(|it| it.task == Some(now.id))
        );
        // Nobody approves what is proposed no more. A decision that did not wait is reviewed all the same: undoing
        // it does not make it unmade.
        let asks = matches!(changed.after.reason, TaskReason::Approval { .. })
            && now.state == changed.after.state;
        // So is a request that was not meant.
        let is_request = now.kind == TaskKind::Request && now.state.is_pending();
        let is_over = is_question || asks || is_request;
        let state = if is_over { TaskState::Settled } else { now.state.clone() };
        return draft.set_task(Task { state, ..now });
    };
    let approved = is_approved(draft, turned, changed)?;
    // What was approved and is undone is not asked of anybody again, nor is it proposed again.
    if approved && before.kind == TaskKind::Approval {
        return draft.set_task(now);
    }
    let before = &match approved {
        true => Task { state: was_before(&before.state), ..before.clone() },
        false => before.clone(),
    };
    let was =
        if is_asked_no_more(draft, turned, before)? { &TaskState::Settled } else { &before.state };
    if now == changed.after {
        return draft.set_task(Task { state: was.clone(), ..before.clone() });
    }
    let (gone, came) = (without(before, &changed.after), without(&changed.after, before));
    let mut customers: BTreeSet<CustomerId> = now.customers.iter().copied().collect();
    customers.retain(|customer| !came.contains(customer));
    customers.extend(&gone);
    let closed_it = before.state.is_pending()
        && !changed.after.state.is_pending()
        && now.state == changed.after.state;
    let widens = !gone.is_empty() && before.state.is_pending();
    let state = if closed_it || widens { was.clone() } else { now.state.clone() };
    draft.set_task(Task { state, customers: customers.into_iter().collect(), ..now })
}

/// Whether what is taken back of a task is that a proposal about it was approved.
fn is_approved(
    draft: &Draft<'_>,
    turned: &Turned,
    changed: &TaskChanged,
) -> Result<bool, DeskError> {
    let waited = changed.before.as_ref().is_some_and(|before| {
        before.kind == TaskKind::Approval || matches!(before.state, TaskState::Proposed { .. })
    });
    let TaskState::Decided { decision } = changed.after.state else { return Ok(false) };
    Ok(waited
        && turned.down.contains(&decision)
        && draft.facts().decision(decision)?.approves.is_some())
}

/// Whether a task was opened by a question that was taken back meanwhile: nobody asks it any more.
fn is_asked_no_more(draft: &Draft<'_>, turned: &Turned, task: &Task) -> Result<bool, DeskError> {
    let question = match task.state {
        TaskState::Escalated { decision, .. } => decision,
        TaskState::Answered { question, .. } => question,
        _ => return Ok(false),
    };
    // What matching proposes has a score.
    let is_only_asked = task.kind == TaskKind::Duplicate
        && task.reason == TaskReason::Similar
        && task.score.is_none();
    let asked = draft.facts().view.decision(question)?;
    let is_undone = asked.is_some_and(|asked| !asked.stands()) && !turned.up.contains(&question);
    Ok(is_only_asked && is_undone)
}

/// The customers that a task is about and another version of it is not.
fn without(task: &Task, other: &Task) -> BTreeSet<CustomerId> {
    task.customers.iter().filter(|it| !other.customers.contains(it)).copied().collect()
}

/// Looks again at the tasks that these decisions answered: how they wait may have changed, though
/// others changed them since.
pub(super) fn answered(draft: &mut Draft<'_>, turned: &Turned) -> Decided<()> {
    let view = draft.facts().view;
    for id in turned.down.iter().chain(&turned.up) {
        // A comment answered nothing.
        let entry = view.decision(*id)?.filter(|entry| entry.verdict != Verdict::Comment);
        let task = entry.and_then(|entry| entry.task);
        if let Some(task) = task
            && let Some(now) = draft.task(task)?
        {
            draft.set_task(now)?;
        }
    }
    Ok(())
}

/// Looks again at the duplicate tasks that later decisions closed: with `commit` undone they may have
/// something to decide again, though those decisions stand.
pub(super) fn closed_since(
    facts: Facts<'_>,
    draft: &mut Draft<'_>,
    commit: &Commit,
    undone: &BTreeSet<DecisionId>,
) -> Decided<()> {
    for later in dependants::later_decisions(facts, commit)? {
        if undone.contains(&later.id) {
            continue;
        }
        for event in &commit_of(facts, later.id)?.events {
            let Event::TaskChanged(changed) = event else { continue };
            if changed.after.kind != TaskKind::Duplicate || changed.after.state.is_pending() {
                continue;
            }
            match draft.task(changed.task)? {
                Some(now) if now.state == changed.after.state => {
                    draft.set_task(Task { state: TaskState::Open, ..now })?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}
