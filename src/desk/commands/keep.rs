//! Keep: what was decided before stays, now in the knowledge of the new data.

use super::accept::{decided, record_of};
use super::command::{Command, does_not_apply};
use super::{correct, overlaid, vanished};
use crate::error::Decided;
use domain::{DecisionId, FieldName, Group, Subject, Task, TaskReason};
use intake::review;

pub(super) fn decide(command: &mut Command<'_, '_>) -> Decided<()> {
    let task = command.task()?;
    match &task.reason {
        TaskReason::NotAMatchChanged { .. } => apart_still(command, &task)?,
        TaskReason::MergeContradicted { .. } | TaskReason::MergeContested => {
            together_still(command, &task)?;
        }
        TaskReason::ValueContradicted { decision, field } => {
            value_still(command, &task, *decision, field)?;
        }
        TaskReason::Vanished { .. } => return vanished::decide(command, &task, false),
        TaskReason::Overlaid { .. } => return overlaid::keep(command, &task),
        TaskReason::Disagreement { .. } => first_verdict_still(command, &task),
        TaskReason::Similar
        | TaskReason::Breaks { .. }
        | TaskReason::Merged { .. }
        | TaskReason::SecondLook { .. }
        | TaskReason::Check { .. }
        | TaskReason::Approval { .. }
        | TaskReason::BreakGlass { .. }
        | TaskReason::Requested { .. } => {
            return Err(does_not_apply(format!("{} does not challenge a decision", task.id)));
        }
    }
    decided(command, &task)
}

/// Of two verdicts that differ the first one, which stands anyway.
fn first_verdict_still(command: &mut Command<'_, '_>, task: &Task) {
    command.decision.subjects = task.customers.iter().copied().map(Subject::Customer).collect();
}

/// The same groups under a new key.
fn apart_still(command: &mut Command<'_, '_>, task: &Task) -> Decided<()> {
    let mut groups = Vec::new();
    for id in &task.customers {
        groups.push(Group { customer: *id, records: command.live(*id)?.members });
        command.draft.touch_customer(*id)?;
        command.decision.subjects.push(Subject::Customer(*id));
    }
    command.add_groups(groups)
}

fn together_still(command: &mut Command<'_, '_>, task: &Task) -> Decided<()> {
    let customer = command.facts.view.record(record_of(task)?)?.customer;
    let records = command.live(customer)?.members;
    command.draft.touch_customer(customer)?;
    command.decision.subjects.push(Subject::Customer(customer));
    command.add_groups(vec![Group { customer, records }])
}

/// The correction or pin goes on over the value delivered now.
fn value_still(
    command: &mut Command<'_, '_>,
    task: &Task,
    earlier: DecisionId,
    field: &FieldName,
) -> Decided<()> {
    let facts = command.facts;
    let record = facts.record(record_of(task)?)?;
    let earlier_decision = facts.decision(earlier)?;
    let customer = facts.view.customer_of(record.id)?;
    command.decision.subjects.push(Subject::Record(record.body.address.clone()));
    if earlier_decision.cleared.contains(field) {
        correct::keep_cleared(command, &record, field)?;
        command.draft.touch_customer(customer)?;
        return Ok(());
    }
    let value = earlier_decision.values.get(field.as_str()).cloned();
    let value = value.ok_or_else(|| does_not_apply(format!("{earlier} did not set {field}")))?;
    if record.state.corrections.contains_key(field) {
        correct::correct(command, &record, field, value)?;
        command.draft.touch_customer(customer)?;
        return Ok(());
    }
    let mut state = command.live(customer)?;
    if let Some(pin) = state.pins.get_mut(field) {
        pin.decision = command.decision.id;
    }
    for member in facts.members(&state)? {
        let fields = std::slice::from_ref(field);
        let values = &member.body.values;
        let seen = review::keys::keyed_record(member.id, values, fields, facts.fingerprinter);
        command.decision.key.push(seen);
    }
    command.decision.values.set(field.clone(), value);
    command.draft.set_customer(customer, state)?;
    Ok(())
}
