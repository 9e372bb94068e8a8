//! New data against old decisions: what becomes a challenge.

use super::matching::Scorer;
use crate::desk::draft::Draft;
use crate::desk::error::DeskError;
use crate::desk::facts::Facts;
use crate::desk::past::Past;
use crate::domain::event::Cause;
use crate::domain::{
    CustomerId, Decision, DecisionId, Event, FieldName, RecordBody, RecordId, Task, TaskKind,
    TaskReason, TaskState, Value, Verdict,
};
use crate::matching;
use crate::review;

/// Corrections and pins over a record that is delivered with other values: a correction that the
/// source now delivers itself ends; a third value is a challenge.
pub(super) fn contradicted_values(
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
        let delivered = facts.fingerprinter.of([value.map_or("", Value::raw)]);
        let standard = facts.fingerprinter.of([value.map_or("", Value::shown)]);
        if standard == layer.corrected {
            layers.corrections.remove(field);
        } else if delivered != layer.over {
            challenge(draft, customer, record, layer.decision, field)?;
        }
    }
    if layers != before {
        draft.set_record(record, layers)?;
    }
    contradicted_pins(draft, customer, record, known, body)
}

fn contradicted_pins(
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
        let Some(now) = now.filter(|now| Some(now.shown()) != was.map(Value::shown)) else {
            continue;
        };
        let decision = facts.decision(pin.decision)?;
        let pinned = decision.values.get(field.as_str()).map(Value::shown);
        if pinned != Some(now.shown()) {
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
        returned_pairs(draft, scorer, &decision, &changed)?;
        if decision.verdict != Verdict::NotAMatch {
            contradicted_merges(draft, scorer, &decision, &changed)?;
        }
    }
    Ok(())
}

type ChangedRecords = Vec<(RecordId, Vec<FieldName>)>;

/// The records of a decision whose compared values are not those it rested on, and which.
fn changed_records(facts: Facts<'_>, decision: &Decision) -> Result<ChangedRecords, DeskError> {
    let compared = matching::compared_fields(facts.settings);
    let mut changed = Vec::new();
    for then in &decision.key {
        let now = facts.keyed(&facts.record(then.record)?, &compared);
        let fields = review::keys::changed_fields(then, &now);
        if !fields.is_empty() {
            changed.push((then.record, fields));
        }
    }
    Ok(changed)
}

/// Groups put apart, of which a record changed, and which now look alike.
fn returned_pairs(
    draft: &mut Draft<'_>,
    scorer: &Scorer<'_>,
    decision: &Decision,
    changed: &ChangedRecords,
) -> Result<(), DeskError> {
    let facts = draft.facts();
    for (at, left) in decision.groups.iter().enumerate() {
        for right in &decision.groups[at + 1..] {
            let fields = fields_of(changed, left.records.iter().chain(&right.records));
            if fields.is_empty() || is_superseded(facts, decision, &left.records, &right.records)? {
                continue;
            }
            let mut best: Option<(f64, CustomerId, CustomerId)> = None;
            for one in &left.records {
                for other in &right.records {
                    let score = scorer.score(*one, *other)?;
                    let customers =
                        (facts.view.customer_of(*one)?, facts.view.customer_of(*other)?);
                    if customers.0 != customers.1 && best.is_none_or(|(known, _, _)| score > known)
                    {
                        best = Some((score, customers.0, customers.1));
                    }
                }
            }
            let Some((score, one, other)) = best else { continue };
            if score >= facts.settings.matching.review {
                let reason = TaskReason::NotAMatchChanged { decision: decision.id, fields };
                open(draft, vec![one.min(other), one.max(other)], None, reason, score)?;
            }
        }
    }
    Ok(())
}

/// Records put together, of which one changed, and which now look different.
fn contradicted_merges(
    draft: &mut Draft<'_>,
    scorer: &Scorer<'_>,
    decision: &Decision,
    changed: &ChangedRecords,
) -> Result<(), DeskError> {
    let facts = draft.facts();
    for (record, fields) in changed {
        let group = decision.groups.iter().find(|group| group.records.contains(record));
        let Some(group) = group.filter(|group| group.records.len() > 1) else { continue };
        if latest_together(facts, *record)? != Some(decision.id) {
            continue;
        }
        let customer = facts.view.customer_of(*record)?;
        let mut best: Option<f64> = None;
        for other in group.records.iter().filter(|other| *other != record) {
            if facts.view.customer_of(*other)? == customer {
                let score = scorer.score(*record, *other)?;
                best = Some(best.map_or(score, |known| known.max(score)));
            }
        }
        let Some(score) = best.filter(|score| *score < facts.settings.matching.review) else {
            continue;
        };
        let reason =
            TaskReason::MergeContradicted { decision: Some(decision.id), fields: fields.clone() };
        open(draft, vec![customer], Some(*record), reason, score)?;
    }
    Ok(())
}

/// Records that the machine put together, of which one was delivered anew since, and which now look
/// different. The ledger tells what the machine had seen: no key was kept. Where a person had a say,
/// their decision is asked about instead. Of all records, or of some (ascending).
pub(super) fn contradicted_machine_merges(
    draft: &mut Draft<'_>,
    scorer: &Scorer<'_>,
    about: Option<&[RecordId]>,
) -> Result<(), DeskError> {
    let facts = draft.facts();
    for (customer, record) in revised(facts, about)? {
        let members = match facts.view.customer(customer)? {
            Some(state) if state.members.len() > 1 => state.members,
            _ => continue,
        };
        if !facts.takes_part(record)? || latest_together(facts, record)?.is_some() {
            continue;
        }
        let fields = changed_since_merged(facts, customer, record)?;
        if !fields.is_empty() {
            challenge_machine(draft, scorer, customer, &members, record, fields)?;
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

/// The compared fields of a record that changed since the machine last put it together with others.
fn changed_since_merged(
    facts: Facts<'_>,
    customer: CustomerId,
    record: RecordId,
) -> Result<Vec<FieldName>, DeskError> {
    let put_together = |event: &Event| match event {
        Event::CustomerChanged(changed) => {
            let before = changed.before.as_ref().map_or(0, |before| before.members.len());
            matches!(changed.cause, Cause::Match(_))
                && changed.after.members.len() > before
                && changed.after.members.contains(&record)
        }
        _ => false,
    };
    let chain = facts.customer_chain(customer)?;
    let Some(merged) = chain.iter().find(|link| link.events.iter().any(put_together)) else {
        return Ok(Vec::new());
    };
    if facts.view.record_version(record)? <= merged.sequence {
        return Ok(Vec::new());
    }
    let Some(then) = Past::after(facts, merged.sequence).record(record)? else {
        return Ok(Vec::new());
    };
    let compared = matching::compared_fields(facts.settings);
    let then = facts.layered(record, then.revised.body, then.state)?;
    let now = facts.record(record)?;
    let (then, now) = (facts.keyed(&then, &compared), facts.keyed(&now, &compared));
    Ok(review::keys::changed_fields(&then, &now))
}

fn challenge_machine(
    draft: &mut Draft<'_>,
    scorer: &Scorer<'_>,
    customer: CustomerId,
    members: &[RecordId],
    record: RecordId,
    fields: Vec<FieldName>,
) -> Result<(), DeskError> {
    let facts = draft.facts();
    let mut best: Option<f64> = None;
    for other in members.iter().filter(|other| **other != record) {
        if facts.takes_part(*other)? {
            let score = scorer.score(record, *other)?;
            best = Some(best.map_or(score, |known| known.max(score)));
        }
    }
    match best.filter(|score| *score < facts.settings.matching.review) {
        Some(score) => {
            let reason = TaskReason::MergeContradicted { decision: None, fields };
            open(draft, vec![customer], Some(record), reason, score)
        }
        None => Ok(()),
    }
}

fn fields_of<'r>(
    changed: &ChangedRecords,
    records: impl Iterator<Item = &'r RecordId>,
) -> Vec<FieldName> {
    let mut fields: Vec<FieldName> = records
        .filter_map(|record| changed.iter().find(|(id, _)| id == record))
        .flat_map(|(_, fields)| fields.clone())
        .collect();
    fields.sort();
    fields.dedup();
    fields
}

/// Whether a later standing decision says the same of these records.
fn is_superseded(
    facts: Facts<'_>,
    decision: &Decision,
    left: &[RecordId],
    right: &[RecordId],
) -> Result<bool, DeskError> {
    for record in left {
        for (id, entry) in facts.view.decisions_of(*record)? {
            if id > decision.id
                && entry.stands()
                && review::apart::constrains(entry.verdict)
                && review::apart::apart(&entry.groups, left, right)
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The latest standing decision that put a record together with others.
fn latest_together(facts: Facts<'_>, record: RecordId) -> Result<Option<DecisionId>, DeskError> {
    let decisions = facts.view.decisions_of(record)?;
    let together = decisions.into_iter().rev().find(|(_, entry)| {
        entry.stands()
            && entry.verdict != Verdict::NotAMatch
            && review::apart::constrains(entry.verdict)
            && entry
                .groups
                .iter()
                .any(|group| group.records.len() > 1 && group.records.contains(&record))
    });
    Ok(together.map(|(id, _)| id))
}

fn open(
    draft: &mut Draft<'_>,
    customers: Vec<CustomerId>,
    record: Option<RecordId>,
    reason: TaskReason,
    score: f64,
) -> Result<(), DeskError> {
    for task in draft.pending_tasks_of(customers[0])? {
        if task.kind == TaskKind::Challenge
            && decision_of(&task.reason) == decision_of(&reason)
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

fn decision_of(reason: &TaskReason) -> Option<DecisionId> {
    match reason {
        TaskReason::NotAMatchChanged { decision, .. }
        | TaskReason::ValueContradicted { decision, .. } => Some(*decision),
        TaskReason::MergeContradicted { decision, .. } => *decision,
        TaskReason::Similar | TaskReason::Breaks { .. } => None,
    }
}
