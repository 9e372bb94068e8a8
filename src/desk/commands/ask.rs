//! Ask: a person wants these customers looked at, whatever matching says of them. A duplicate task that
//! waits for whoever is asked, with the question as the decision's note: so it is history like any other,
//! is erased with the people in it, and no matching run settles it.

use std::collections::BTreeSet;

use super::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{CustomerId, DecisionId, Subject, Task, TaskKind, TaskReason, TaskState};
use door::Refusal;

pub(super) fn decide(
    command: &mut Command<'_, '_>,
    customers: &[CustomerId],
    to: &str,
) -> Decided<()> {
    let to = to.trim();
    if to.is_empty() {
        return Err(does_not_apply("a question needs someone to ask: --to WHO"));
    }
    if command.decision.note.as_deref().is_none_or(|text| text.trim().is_empty()) {
        return Err(does_not_apply("a question needs a text: --note TEXT"));
    }
    let wanted: Vec<Vec<CustomerId>> = customers.iter().map(|id| vec![*id]).collect();
    let states = command.resolve(&wanted)?;
    if states.len() < 2 {
        return Err(does_not_apply("a question needs two or more customers"));
    }
    let states: Vec<_> = states.into_iter().flatten().collect();
    let mut apart: BTreeSet<DecisionId> = BTreeSet::new();
    let mut is_open = false;
    for (at, (_, left)) in states.iter().enumerate() {
        for (_, right) in &states[at + 1..] {
            let decisions = command.facts.apart(left, right)?;
            is_open |= decisions.is_empty();
            apart.extend(decisions);
        }
    }
    if !is_open {
        return Err(Refusal::NotAMatchStands { decisions: apart.into_iter().collect() }.into());
    }
    let mut ids: Vec<CustomerId> = states.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    if let Some(task) = asked_already(command, &ids)? {
        return Err(does_not_apply(format!(
            "{task} already asks about them: steward decide {task} escalate --to WHO --note TEXT"
        )));
    }
    let (id, decision) = (command.draft.new_task(), command.decision.id);
    command.decision.task = Some(id);
    command.decision.to = Some(to.to_owned());
    command.decision.subjects = ids.iter().copied().map(Subject::Customer).collect();
    command.draft.set_task(Task {
        id,
        kind: TaskKind::Duplicate,
        state: TaskState::Escalated { to: to.to_owned(), decision },
        customers: ids,
        record: None,
        reason: TaskReason::Similar,
        score: None,
        weakest: None,
        opened: command.facts.now,
    })?;
    Ok(())
}

/// The duplicate task that waits and is about all of them.
fn asked_already(
    command: &Command<'_, '_>,
    customers: &[CustomerId],
) -> Decided<Option<domain::TaskId>> {
    let Some(first) = customers.first() else { return Ok(None) };
    let tasks = command.draft.pending_tasks_of(*first)?;
    let is_same = |task: &Task| {
        task.kind == TaskKind::Duplicate && customers.iter().all(|id| task.customers.contains(id))
    };
    Ok(tasks.iter().find(|task| is_same(task)).map(|task| task.id))
}
