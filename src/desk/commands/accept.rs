//! Accept: an invalid record's suggestions, or the new data that contradicts a decision.

mod merge_after_all;

use super::command::{Command, does_not_apply};
use super::{correct, overlaid, unmerge, vanished};
use crate::contradiction;
use crate::error::Decided;
use domain::{
    CustomerId, DecisionId, FieldName, RecordId, Subject, Task, TaskKind, TaskReason, TaskState,
};

pub(super) fn decide(command: &mut Command<'_, '_>) -> Decided<()> {
    let task = command.task()?;
    if task.kind == TaskKind::Challenge && contradiction::examine(command.facts, &task)?.is_none() {
        let kept = match task.reason.decision() {
            Some(decision) => decision.to_string(),
            None => "the merge".to_owned(),
        };
        return Err(does_not_apply(format!(
            "nothing contradicts {kept} any more, so {} has nothing to accept: keep closes it",
            task.id
        )));
    }
    match (&task.kind, &task.reason) {
        (TaskKind::Invalid, _) => suggestions(command, &task),
        (TaskKind::Vanished, _) => vanished::decide(command, &task, true),
        (TaskKind::Overlay, _) => overlaid::accept(command, &task),
        (_, TaskReason::NotAMatchChanged { decision, .. }) => {
            merge_after_all::decide(command, &task, *decision)?;
            decided(command, &task)
        }
        (_, TaskReason::MergeContradicted { .. } | TaskReason::MergeContested) => {
            leave(command, &task)
        }
        (_, TaskReason::ValueContradicted { decision, field }) => {
            take_delivered(command, &task, *decision, field)
        }
        (_, TaskReason::Disagreement { first, .. }) => Err(does_not_apply(format!(
            "undo {first} and answer its task again; keep lets {first} stand"
        ))),
        _ => {
            Err(does_not_apply(format!("{} has nothing to accept: merge or not-a-match", task.id)))
        }
    }
}

/// Every suggestion becomes a correction.
fn suggestions(command: &mut Command<'_, '_>, task: &Task) -> Decided<()> {
    let record = command.facts.record(record_of(task)?)?;
    let mut taken = 0;
    for violation in record.violations.clone() {
        let field = &violation.field;
        let is_set = command.decision.values.get(field.as_str()).is_some();
        if is_set || command.decision.cleared.contains(field) {
            continue;
        }
        let Some(suggestion) = &violation.suggestion else {
            if violation.removes {
                correct::clear(command, &record, field)?;
                taken += 1;
            }
            continue;
        };
        let value = correct::read(command, &record, &violation.field, suggestion)?;
        correct::correct(command, &record, &violation.field, value)?;
        taken += 1;
    }
    if taken == 0 {
        let address = &record.body.address;
        return Err(does_not_apply(format!("nothing is suggested for {address}: fix or waive")));
    }
    command.decision.subjects.push(Subject::Record(record.body.address));
    command.draft.touch_customer(customer_of(task)?)?;
    Ok(())
}

/// The merge no longer holds: the changed record leaves.
fn leave(command: &mut Command<'_, '_>, task: &Task) -> Decided<()> {
    let record = record_of(task)?;
    let customer = command.facts.view.customer_of(record)?;
    command.decision.subjects.push(Subject::Customer(customer));
    command.decision.subjects.push(Subject::Record(command.facts.body(record)?.address));
    unmerge::split(command, customer, vec![record])?;
    decided(command, task)
}

/// What the source delivers is right: the correction or pin ends.
fn take_delivered(
    command: &mut Command<'_, '_>,
    task: &Task,
    earlier: DecisionId,
    field: &FieldName,
) -> Decided<()> {
    let record = record_of(task)?;
    let mut layers = command.draft.record(record)?;
    let customer = command.facts.view.customer_of(record)?;
    let mut state = command.live(customer)?;
    if layers.corrections.get(field).is_some_and(|layer| layer.decision == earlier) {
        layers.corrections.remove(field);
        command.draft.set_record(record, layers)?;
    } else if state.pins.get(field).is_some_and(|pin| pin.decision == earlier) {
        state.pins.remove(field);
    }
    command.draft.set_customer(customer, state)?;
    command.decision.withdrawn.push(field.clone());
    command.decision.subjects.push(Subject::Record(command.facts.body(record)?.address));
    decided(command, task)
}

pub(super) fn decided(command: &mut Command<'_, '_>, task: &Task) -> Decided<()> {
    let state = TaskState::Decided { decision: command.decision.id };
    command.draft.set_task(Task { state, ..task.clone() })?;
    Ok(())
}

pub(super) fn record_of(task: &Task) -> Decided<RecordId> {
    task.record.ok_or_else(|| does_not_apply(format!("{} is not about a single record", task.id)))
}

fn customer_of(task: &Task) -> Decided<CustomerId> {
    let first = task.customers.first().copied();
    first.ok_or_else(|| does_not_apply(format!("{} is not about a customer", task.id)))
}
