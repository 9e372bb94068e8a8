//! New data against old decisions: what becomes a challenge. What contradicts what stands in
//! `contradiction.rs`.

use std::collections::BTreeSet;

use super::matching::Scorer;
use crate::contradiction;
use crate::contradiction::{
    Contradiction, agrees_with_correction, changed_records, contradicts_correction,
    contradicts_pin, left_behind, machine_merge_contradicted, merge_contested, removes,
    returned_pairs,
};
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{
    CustomerId, DecisionId, FieldName, RecordBody, RecordId, Task, TaskKind, TaskReason, TaskState,
    Verdict,
};
use intake::review;
use matching::Torn;

/// Corrections and pins over a record that is delivered with other values: a correction that the
/// source now delivers itself ends; a third value is a challenge.
pub(crate) fn contradicted_values(
    draft: &mut Draft<'_>,
    record: RecordId,
    known: &RecordBody,
    body: &RecordBody,
) -> Result<(), DeskError> {
    let facts = draft.facts();
    let customer = facts.view.customer_of(record)?;
    let mut layers = draft.record(record)?;
    let before = layers.clone();
    // Other content is examined like any new record's.
    layers.quarantined = None;
    for (field, layer) in &before.corrections {
        let value = body.values.get(field.as_str());
        // What was removed stays removed when the source delivers nothing for a while.
        if agrees_with_correction(facts, layer, value) && !removes(facts, layer) {
            layers.corrections.remove(field);
        } else if contradicts_correction(facts, layer, value)
            && !known.says_alike(body, field.as_str())
        {
            challenge(draft, customer, record, layer.decision, field)?;
        }
    }
    if layers != before {
        draft.set_record(record, layers)?;
    }
    contradicted_pins(draft, customer, record, known, body)
}

/// Pins over a customer one of whose records is read with other values than before.
pub(super) fn contradicted_pins(
    draft: &mut Draft<'_>,
    customer: CustomerId,
    record: RecordId,
    known: &RecordBody,
    body: &RecordBody,
) -> Result<(), DeskError> {
    let facts = draft.facts();
    let Some(state) = facts.view.customer(customer)? else { return Ok(()) };
    for (field, pin) in &state.pins {
        let (was, now) = (known.values.get(field.as_str()), body.values.get(field.as_str()));
        let changed = was.map(|value| value.shown()) != now.map(|value| value.shown());
        let decision = facts.decision(pin.decision)?;
        if changed && contradicts_pin(facts, &decision, (record, field), was, now)? {
            challenge(draft, customer, record, pin.decision, field)?;
        }
    }
    Ok(())
}

fn challenge(
    draft: &mut Draft<'_>,
    customer: CustomerId,
    record: RecordId,
    decision: DecisionId,
    field: &FieldName,
) -> Result<(), DeskError> {
    let reason = TaskReason::ValueContradicted { decision, field: field.clone() };
    let known = draft.pending_tasks_of(customer)?;
    if known.iter().any(|task| task.reason == reason && task.record == Some(record)) {
        return Ok(());
    }
    let task = Task {
        id: draft.new_task(),
        kind: TaskKind::Challenge,
        state: TaskState::Open,
        customers: vec![customer],
        record: Some(record),
        reason,
        score: None,
        weakest: None,
        opened: draft.facts().now,
    };
    draft.set_task(task)
}

/// Decisions about memberships whose key has changed: a not-a-match that now scores for review, a
/// merge that now scores below it. Of all records, or of some (ascending).
pub(super) fn contradicted_memberships(
    draft: &mut Draft<'_>,
    scorer: &Scorer<'_>,
    about: Option<&[RecordId]>,
) -> Result<(), DeskError> {
    let facts = draft.facts();
    let is_meant = |record: &RecordId| about.is_none_or(|it| it.binary_search(record).is_ok());
    for (id, entry) in facts.view.decisions()? {
        if !entry.groups.iter().flat_map(|group| &group.records).any(is_meant) {
            continue;
        }
        if !entry.stands() || !review::apart::constrains(entry.verdict) || entry.groups.is_empty() {
            continue;
        }
        let decision = facts.decision(id)?;
        let changed = changed_records(facts, &decision)?;
        if changed.is_empty() {
            continue;
        }
        for found in returned_pairs(scorer, &decision, &changed)? {
            let fields = found.fields.clone();
            open(draft, None, TaskReason::NotAMatchChanged { decision: id, fields }, found)?;
        }
        if decision.verdict == Verdict::NotAMatch {
            continue;
        }
        for (record, fields) in changed {
            if let Some(found) = left_behind(scorer, &decision, record, fields)? {
                let (decision, fields) = (Some(id), found.fields.clone());
                let reason = TaskReason::MergeContradicted { decision, fields };
                open(draft, Some(record), reason, found)?;
            }
        }
    }
    Ok(())
}

/// Merges by the machine that new data contradicts. Of all records, or of some (ascending).
pub(super) fn contradicted_machine_merges(
    draft: &mut Draft<'_>,
    scorer: &Scorer<'_>,
    about: Option<&[RecordId]>,
) -> Result<(), DeskError> {
    for (_, record) in revised(draft.facts(), about)? {
        if let Some(found) = machine_merge_contradicted(scorer, record)? {
            let fields = found.fields.clone();
            let reason = TaskReason::MergeContradicted { decision: None, fields };
            open(draft, Some(record), reason, found)?;
        }
    }
    Ok(())
}

/// Merges by the machine of records that it would give to neither of two today.
pub(super) fn contested_merges(
    draft: &mut Draft<'_>,
    scorer: &Scorer<'_>,
    torn: &[Torn],
) -> Result<(), DeskError> {
    for Torn { record, rival } in torn {
        let view = draft.facts().view;
        let (own, rival) = (view.customer_of(*record)?, view.customer_of(*rival)?);
        if own == rival {
            continue;
        }
        if let Some(found) = merge_contested(scorer, *record, rival)? {
            open(draft, Some(*record), TaskReason::MergeContested, found)?;
        }
    }
    Ok(())
}

/// Challenges that wait already, under the model of a run: what nothing contradicts any more is
/// settled, the rest is asked as the records stand now. Of all customers, or of some.
pub(super) fn reexamine(
    draft: &mut Draft<'_>,
    scorer: &Scorer<'_>,
    about: Option<&BTreeSet<CustomerId>>,
) -> Result<(), DeskError> {
    let facts = draft.facts();
    let entries = match about {
        None => facts.view.pending_tasks()?,
        Some(about) => {
            let of = about.iter().map(|customer| facts.view.tasks_of(*customer));
            of.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
        }
    };
    for task in entries.into_iter().map(|entry| entry.task) {
        if task.kind == TaskKind::Challenge {
            let now = contradiction::examine_under(scorer, &task)?;
            draft.set_task(now.unwrap_or(Task { state: TaskState::Settled, ..task }))?;
        }
    }
    Ok(())
}

/// Records that were delivered more than once, under their customers: what was delivered once is
/// what the machine saw.
fn revised(
    facts: Facts<'_>,
    about: Option<&[RecordId]>,
) -> Result<Vec<(CustomerId, RecordId)>, DeskError> {
    let mut revised = Vec::new();
    match about {
        None => facts.view.each_record(&mut |record, row| {
            if row.revision > 1 {
                revised.push((row.customer, record));
            }
            Ok(true)
        })?,
        Some(about) => {
            for record in about {
                let row = facts.view.record(*record)?;
                if row.revision > 1 {
                    revised.push((row.customer, *record));
                }
            }
        }
    }
    revised.sort_unstable();
    Ok(revised)
}

fn open(
    draft: &mut Draft<'_>,
    record: Option<RecordId>,
    reason: TaskReason,
    found: Contradiction,
) -> Result<(), DeskError> {
    let Contradiction { customers, score, .. } = found;
    for task in draft.pending_tasks_of(customers[0])? {
        if task.kind == TaskKind::Challenge
            && task.reason.decision() == reason.decision()
            && task.customers == customers
            && task.record == record
        {
            return Ok(());
        }
    }
    let task = Task {
        id: draft.new_task(),
        kind: TaskKind::Challenge,
        state: TaskState::Open,
        customers,
        record,
        reason,
        score: Some(score),
        weakest: None,
        opened: draft.facts().now,
    };
    draft.set_task(task)
}
