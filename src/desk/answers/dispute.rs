//! What a challenge is about: the values that changed since, and what each verdict would do.

use crate::contradiction::changed_records;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::past::Past;
use domain::{
    DecisionId, Event, FieldName, RecordId, Sequence, Shown, Task, TaskKind, TaskReason, Value,
    Values,
};
use door::views::{Dispute, Disputed};

/// Values that are told at most.
const MOST: usize = 6;

/// What a challenge is about; none of other tasks.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn dispute(facts: Facts<'_>, task: &Task) -> Result<Option<Dispute>, DeskError> {
    if task.kind != TaskKind::Challenge {
        return Ok(None);
    }
    Ok(match &task.reason {
        TaskReason::NotAMatchChanged { decision, fields } => {
            let ids: Vec<String> = task.customers.iter().map(ToString::to_string).collect();
            let both = listed(&ids);
            Some(Dispute {
                values: changed_since(facts, task, *decision, fields)?,
                accept: format!("merges {both}"),
                keep: format!("keeps {both} apart"),
            })
        }
        TaskReason::MergeContradicted { decision, fields } => {
            let Some(record) = task.record else { return Ok(None) };
            let address = facts.body(record)?.address;
            let customer = facts.view.customer_of(record)?;
            let values = match decision {
                Some(decision) => changed_since(facts, task, *decision, fields)?,
                None => before_it_was_delivered(facts, record, fields)?,
            };
            Some(Dispute {
                values,
                accept: format!("parts {address} from {customer}"),
                keep: format!("keeps {address} in {customer}"),
            })
        }
        TaskReason::ValueContradicted { decision, field } => {
            let Some(record) = task.record else { return Ok(None) };
            let body = facts.body(record)?;
            let set = facts.decision(*decision)?;
            let (accept, keep) = (
                format!("takes the new {field}"),
                format!("keeps the {field} that {decision} set"),
            );
            let values = vec![Disputed {
                field: field.clone(),
                record: body.address.clone(),
                old: shown(set.values.get(field.as_str())),
                new: shown(body.values.get(field.as_str())),
            }];
            Some(Dispute { values, accept, keep })
        }
        _ => None,
    })
}

/// `C17 and C40`.
fn listed(ids: &[String]) -> String {
    match ids.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => ids.concat(),
    }
}

fn shown(value: Option<&Value>) -> Option<Shown> {
    value.map(|value| Shown::from(value.shown().to_owned()))
}

/// What the records of a task held when it was decided about them, beside what they hold now.
fn changed_since(
    facts: Facts<'_>,
    task: &Task,
    id: DecisionId,
    fields: &[FieldName],
) -> Result<Vec<Disputed>, DeskError> {
    let Some(entry) = facts.view.decision(id)? else { return Ok(Vec::new()) };
    let past = Past::after(facts, entry.place.sequence);
    let mut values = Vec::new();
    for (record, _) in changed_records(facts, &facts.decision(id)?)? {
        let is_asked = match task.record {
            Some(asked) => asked == record,
            None => task.customers.contains(&facts.view.customer_of(record)?),
        };
        let then = if is_asked { past.record(record)? } else { None };
        let Some(then) = then else { continue };
        let before = facts.corrected(then.revised.body.values, &then.state)?;
        values.extend(beside(facts, record, &before, fields)?);
    }
    values.truncate(MOST);
    Ok(values)
}

/// What a record held when it was delivered the time before.
fn before_it_was_delivered(
    facts: Facts<'_>,
    record: RecordId,
    fields: &[FieldName],
) -> Result<Vec<Disputed>, DeskError> {
    let now = facts.record(record)?.body.values;
    let mut before: Option<Values> = None;
    Past::after(facts, Sequence::ZERO).each_touch(record, &mut |commit| {
        for event in commit.events.iter().rev() {
            let Event::RecordRevised(revised) = event else { continue };
            let values = &revised.body.values;
            let text = |values: &Values, field: &FieldName| {
                values.get(field.as_str()).map(|value| value.shown().to_owned())
            };
            let differs = fields.iter().any(|field| text(values, field) != text(&now, field));
            if revised.record == record && differs {
                before = Some(values.clone());
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    let Some(before) = before else { return Ok(Vec::new()) };
    let mut values = beside(facts, record, &before, fields)?;
    values.truncate(MOST);
    Ok(values)
}

/// The fields in which a record is not what it was.
fn beside(
    facts: Facts<'_>,
    record: RecordId,
    before: &Values,
    fields: &[FieldName],
) -> Result<Vec<Disputed>, DeskError> {
    let now = facts.record(record)?;
    let values = fields.iter().filter_map(|field| {
        let old = shown(before.get(field.as_str()));
        let new = shown(now.values.get(field.as_str()));
        let address = now.body.address.clone();
        (old != new).then(|| Disputed { field: field.clone(), record: address, old, new })
    });
    Ok(values.collect())
}
