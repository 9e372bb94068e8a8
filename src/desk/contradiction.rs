//! Whether new data still contradicts what was decided: the cause of every challenge.
//!
//! Asked when a challenge is opened (`jobs/challenges.rs`), whenever what it is about changes
//! (`consequences.rs`), and once more before it is accepted. So a challenge goes with its cause.

mod contested;
mod machine;

use super::error::DeskError;
use super::facts::{Facts, RecordFacts};
use super::jobs::Scorer;
use super::past::Past;
pub(super) use contested::merge_contested;
use domain::{
    Correction, CustomerId, Decision, DecisionId, FieldName, RecordId, Sequence, Task, TaskReason,
    Value, Verdict,
};
use intake::review;
pub(super) use machine::machine_merge_contradicted;

/// A contradiction as the records stand now.
pub struct Contradiction {
    /// The customers in question, ascending.
    pub customers: Vec<CustomerId>,
    /// The values that changed since the decision.
    pub fields: Vec<FieldName>,
    /// How alike the records are now.
    pub score: f64,
}

/// The challenge as it is to be asked now; none where nothing contradicts the decision any more.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn examine(facts: Facts<'_>, task: &Task) -> Result<Option<Task>, DeskError> {
    if let TaskReason::ValueContradicted { decision, field } = &task.reason {
        let holds = contradicts_value(facts, task, *decision, field)?;
        return Ok(holds.then(|| task.clone()));
    }
    match facts.model()? {
        Some(model) => examine_under(&Scorer { facts, model }, task),
        // Nobody can tell how alike they are.
        None => Ok(Some(task.clone())),
    }
}

/// The same under a model that is not recorded yet.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn examine_under(scorer: &Scorer<'_>, task: &Task) -> Result<Option<Task>, DeskError> {
    let facts = scorer.facts;
    let found = match &task.reason {
        TaskReason::NotAMatchChanged { decision, .. } => {
            let mut live = Vec::new();
            for customer in &task.customers {
                live.extend(facts.view.follow(*customer)?);
            }
            returned(scorer, *decision, &live)?
        }
        TaskReason::MergeContradicted { decision, .. } => match (task.record, decision) {
            (Some(record), Some(decision)) => merge_contradicted(scorer, *decision, record)?,
            (Some(record), None) => machine_merge_contradicted(scorer, record)?,
            (None, _) => None,
        },
        TaskReason::MergeContested => contested::of_task(scorer, task)?,
        TaskReason::ValueContradicted { .. }
        | TaskReason::Similar
        | TaskReason::Breaks { .. }
        | TaskReason::Requested { .. }
        | TaskReason::Overlaid { .. }
        | TaskReason::Vanished { .. }
        | TaskReason::Merged { .. }
        | TaskReason::SecondLook { .. }
        | TaskReason::Disagreement { .. }
        | TaskReason::Check { .. }
        | TaskReason::Approval { .. }
        | TaskReason::BreakGlass { .. } => {
            return examine(facts, task);
        }
    };
    Ok(found.map(|found| {
        let mut now = task.clone();
        if let TaskReason::NotAMatchChanged { fields, .. }
        | TaskReason::MergeContradicted { fields, .. } = &mut now.reason
        {
            *fields = found.fields;
        }
        Task { customers: found.customers, score: Some(found.score), ..now }
    }))
}

/// A standing decision about who is one, with what changed since.
fn standing(
    facts: Facts<'_>,
    id: DecisionId,
) -> Result<Option<(Decision, ChangedRecords)>, DeskError> {
    if !facts.view.decision(id)?.is_some_and(|entry| entry.stands()) {
        return Ok(None);
    }
    let decision = facts.decision(id)?;
    let changed = changed_records(facts, &decision)?;
    Ok(Some((decision, changed)))
}

/// The most alike of these customers that a decision put apart and new data makes alike.
fn returned(
    scorer: &Scorer<'_>,
    id: DecisionId,
    customers: &[CustomerId],
) -> Result<Option<Contradiction>, DeskError> {
    let Some((decision, changed)) = standing(scorer.facts, id)? else { return Ok(None) };
    let mut best: Option<Contradiction> = None;
    for found in returned_pairs(scorer, &decision, &changed)? {
        let is_asked = found.customers.iter().all(|customer| customers.contains(customer));
        if is_asked && best.as_ref().is_none_or(|known| found.score > known.score) {
            best = Some(found);
        }
    }
    Ok(best)
}

pub(super) type ChangedRecords = Vec<(RecordId, Vec<FieldName>)>;

/// The records of a decision whose compared values are not those it rested on, and which.
pub(super) fn changed_records(
    facts: Facts<'_>,
    decision: &Decision,
) -> Result<ChangedRecords, DeskError> {
    let compared = matching::compared_fields(facts.settings);
    let mut changed = Vec::new();
    for then in &decision.key {
        if !facts.takes_part(then.record)? {
            continue;
        }
        let now = facts.keyed(&facts.record(then.record)?, &compared);
        let fields = review::keys::changed_fields(then, &now);
        if !fields.is_empty() {
            changed.push((then.record, fields));
        }
    }
    Ok(changed)
}

/// Groups that a decision put apart, of which a record changed, and which now look alike.
pub(super) fn returned_pairs(
    scorer: &Scorer<'_>,
    decision: &Decision,
    changed: &ChangedRecords,
) -> Result<Vec<Contradiction>, DeskError> {
    let facts = scorer.facts;
    let mut returned = Vec::new();
    for (at, left) in decision.groups.iter().enumerate() {
        for right in &decision.groups[at + 1..] {
            let fields = fields_of(changed, left.records.iter().chain(&right.records));
            if fields.is_empty() || is_superseded(facts, decision, &left.records, &right.records)? {
                continue;
            }
            let best = most_alike(scorer, &left.records, &right.records)?;
            let Some((score, mut customers)) = best else { continue };
            if score >= facts.settings.matching.review {
                customers.sort_unstable();
                returned.push(Contradiction { customers, fields, score });
            }
        }
    }
    Ok(returned)
}

/// The best score of any two records of two groups that belong to different customers, with these.
fn most_alike(
    scorer: &Scorer<'_>,
    left: &[RecordId],
    right: &[RecordId],
) -> Result<Option<(f64, Vec<CustomerId>)>, DeskError> {
    let facts = scorer.facts;
    let mut best: Option<(f64, Vec<CustomerId>)> = None;
    for one in left {
        for other in right {
            if !facts.takes_part(*one)? || !facts.takes_part(*other)? {
                continue;
            }
            let customers = (facts.view.customer_of(*one)?, facts.view.customer_of(*other)?);
            if customers.0 == customers.1 {
                continue;
            }
            let score = scorer.score(*one, *other)?;
            if best.as_ref().is_none_or(|(known, _)| score > *known) {
                best = Some((score, vec![customers.0, customers.1]));
            }
        }
    }
    Ok(best)
}

/// A record that a decision put together with others, which changed and now looks different.
fn merge_contradicted(
    scorer: &Scorer<'_>,
    id: DecisionId,
    record: RecordId,
) -> Result<Option<Contradiction>, DeskError> {
    let Some((decision, changed)) = standing(scorer.facts, id)? else { return Ok(None) };
    let Some((_, fields)) = changed.into_iter().find(|(changed, _)| *changed == record) else {
        return Ok(None);
    };
    left_behind(scorer, &decision, record, fields)
}

/// The same of a record whose changed fields are known.
pub(super) fn left_behind(
    scorer: &Scorer<'_>,
    decision: &Decision,
    record: RecordId,
    fields: Vec<FieldName>,
) -> Result<Option<Contradiction>, DeskError> {
    let facts = scorer.facts;
    let group = decision.groups.iter().find(|group| group.records.contains(&record));
    let Some(group) = group.filter(|group| group.records.len() > 1) else { return Ok(None) };
    if latest_together(facts, record)? != Some(decision.id) {
        return Ok(None);
    }
    unlike_all(scorer, record, &group.records, fields)
}

/// A record that looks like none of these that belong to the same customer.
fn unlike_all(
    scorer: &Scorer<'_>,
    record: RecordId,
    others: &[RecordId],
    fields: Vec<FieldName>,
) -> Result<Option<Contradiction>, DeskError> {
    let facts = scorer.facts;
    let customer = facts.view.customer_of(record)?;
    let mut best: Option<f64> = None;
    for other in others.iter().filter(|other| **other != record) {
        if facts.takes_part(*other)? && facts.view.customer_of(*other)? == customer {
            let score = scorer.score(record, *other)?;
            best = Some(best.map_or(score, |known| known.max(score)));
        }
    }
    let different = best.filter(|score| *score < facts.settings.matching.review);
    Ok(different.map(|score| Contradiction { customers: vec![customer], fields, score }))
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

/// Whether the record of a task is delivered with a third value under a correction or pin.
fn contradicts_value(
    facts: Facts<'_>,
    task: &Task,
    decision: DecisionId,
    field: &FieldName,
) -> Result<bool, DeskError> {
    let Some(record) = task.record else { return Ok(false) };
    if !facts.takes_part(record)? {
        return Ok(false);
    }
    let RecordFacts { body, state, .. } = facts.record(record)?;
    let now = body.values.get(field.as_str());
    if let Some(layer) = state.corrections.get(field).filter(|it| it.decision == decision) {
        return Ok(contradicts_correction(facts, layer, now));
    }
    let customer = facts.view.customer(facts.view.customer_of(record)?)?;
    let is_pinned = customer
        .is_some_and(|state| state.pins.get(field).is_some_and(|pin| pin.decision == decision));
    if !is_pinned {
        return Ok(false);
    }
    let was = before_it_was_asked(facts, task, record)?;
    let was = was.as_ref().and_then(|values| values.get(field.as_str()));
    contradicts_pin(facts, &facts.decision(decision)?, (record, field), was, now)
}

/// The record's values before the import that opened the task.
fn before_it_was_asked(
    facts: Facts<'_>,
    task: &Task,
    record: RecordId,
) -> Result<Option<domain::Values>, DeskError> {
    let opened = facts.task_chain(task.id)?.last().map(|link| link.sequence);
    let Some(opened) = opened else { return Ok(None) };
    let then = Past::after(facts, Sequence(opened.0.saturating_sub(1))).record(record)?;
    Ok(then.map(|then| then.revised.body.values))
}

/// Whether a source delivers neither what was corrected nor what it was corrected to.
pub(super) fn contradicts_correction(
    facts: Facts<'_>,
    layer: &Correction,
    now: Option<&Value>,
) -> bool {
    let delivered = facts.fingerprinter.of([now.map_or("", Value::raw)]);
    delivered != layer.over && !agrees_with_correction(facts, layer, now)
}

/// Whether a source delivers the corrected value itself.
pub(super) fn agrees_with_correction(
    facts: Facts<'_>,
    layer: &Correction,
    now: Option<&Value>,
) -> bool {
    facts.fingerprinter.of([now.map_or("", Value::shown)]) == layer.corrected
}

/// Whether a correction says that there is no value.
pub(super) fn removes(facts: Facts<'_>, layer: &Correction) -> bool {
    layer.corrected == facts.fingerprinter.of([""])
}

/// Whether a record is delivered with a value that is neither the pinned one nor the one the pin
/// was set over: what the pin remembers, else (it did not know the record) what it held before.
pub(super) fn contradicts_pin(
    facts: Facts<'_>,
    pinned: &Decision,
    (record, field): (RecordId, &FieldName),
    was: Option<&Value>,
    now: Option<&Value>,
) -> Result<bool, DeskError> {
    let Some(now) = now.map(Value::shown) else { return Ok(false) };
    if pinned.values.get(field.as_str()).map(Value::shown) == Some(now) {
        return Ok(false);
    }
    Ok(match review::keys::part(&pinned.key, record) {
        Some(seen) => seen.fields.get(field) != Some(&facts.fingerprinter.of([now])),
        None => was.map(Value::shown) != Some(now),
    })
}
