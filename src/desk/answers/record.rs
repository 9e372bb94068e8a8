//! One source record, now or as it was at a time, by walking back.

use jiff::Timestamp;

use super::fix;
use super::history::entries;
use crate::desk::error::{Decided, DeskError};
use crate::desk::facts::{Facts, RecordFacts};
use crate::desk::views::{RecordValueView, RecordView};
use crate::domain::event::RecordRevised;
use crate::domain::{CustomerId, Event, RecordAddress, RecordId, RecordState, Sequence, Value};

/// A record's revision at a time, with what people had put over it.
pub(super) struct RevisionAt {
    pub(super) revised: RecordRevised,
    pub(super) imported: Timestamp,
    pub(super) state: RecordState,
}

pub(super) fn record(
    facts: Facts<'_>,
    address: &RecordAddress,
    at: Option<Timestamp>,
) -> Decided<RecordView> {
    // What was seen then was seen under the policy of then.
    let then = at.map(|at| facts.settings_at(at)).transpose()?.flatten();
    let facts = Facts { settings: then.as_ref().unwrap_or(facts.settings), ..facts };
    let Some(id) = facts.find(address)? else { return Err(facts.no_record(address)?.into()) };
    let when = at.unwrap_or(Timestamp::MAX);
    let Some(RevisionAt { revised, imported, state }) = revision_at(facts, id, when)? else {
        return Err(super::unknown(&format!("{address} at that time")));
    };
    let (revision, import) = (revised.revision, revised.import);
    let record = facts.layered(id, revised.body, state)?;
    let customer = customer_at(facts, id, when)?;
    let tasks = match at {
        None => facts.view.tasks_of(customer)?.into_iter().map(|entry| entry.task.id).collect(),
        Some(_) => Vec::new(),
    };
    let fields = &facts.settings.fields;
    let violations = fields.iter().flat_map(|field| fix::of_record(&record, &field.name));
    let violations = violations.collect();
    let unmapped = record.body.unmapped.iter();
    Ok(RecordView {
        at,
        customer,
        revision,
        import,
        imported,
        updated: record.body.updated,
        line: record.body.line,
        values: values(facts, &record),
        unmapped: unmapped.map(|(column, text)| (column.to_string(), text.to_string())).collect(),
        violations,
        tasks,
        history: entries(facts, facts.record_chain(id)?)?,
        record: record.body.address,
    })
}

fn values(facts: Facts<'_>, record: &RecordFacts) -> Vec<RecordValueView> {
    let view = |field: &crate::settings::Field| {
        let value = record.values.get(field.name.as_str())?;
        let delivered = record.body.values.get(field.name.as_str());
        let correction = record.state.corrections.get(&field.name);
        Some(RecordValueView {
            field: field.name.clone(),
            delivered: delivered.map(|value| value.raw().to_owned()),
            value: Value::shown(value).to_owned(),
            readable: value.is_readable(),
            correction: correction.map(|correction| correction.decision),
            sensitive: field.sensitive,
        })
    };
    facts.settings.fields.iter().filter_map(view).collect()
}

/// A record as delivered and layered at a time; none if it had not been imported.
pub(super) fn revision_at(
    facts: Facts<'_>,
    id: RecordId,
    at: Timestamp,
) -> Result<Option<RevisionAt>, DeskError> {
    let mut revision: Option<(RecordRevised, Timestamp)> = None;
    let mut state: Option<RecordState> = None;
    for link in facts.record_chain(id)? {
        if link.at > at {
            continue;
        }
        for event in link.events.into_iter().rev() {
            match event {
                Event::RecordRevised(revised) if revision.is_none() => {
                    revision = Some((revised, link.at));
                }
                Event::RecordChanged(changed) if state.is_none() => state = Some(changed.after),
                _ => {}
            }
        }
    }
    let state = state.unwrap_or_default();
    Ok(revision.map(|(revised, imported)| RevisionAt { revised, imported, state }))
}

/// The customer a record belonged to at a time: from the present one back through every move.
fn customer_at(facts: Facts<'_>, id: RecordId, at: Timestamp) -> Result<CustomerId, DeskError> {
    let mut customer = facts.view.record(id)?.customer;
    let mut before = Sequence(u64::MAX);
    while let Some((sequence, from)) = latest_arrival(facts, id, customer, at, before)? {
        (before, customer) = (sequence, from);
    }
    Ok(customer)
}

/// The latest commit before `before` and after `at` in which the record came to the customer,
/// with the customer it came from.
fn latest_arrival(
    facts: Facts<'_>,
    id: RecordId,
    customer: CustomerId,
    at: Timestamp,
    before: Sequence,
) -> Result<Option<(Sequence, CustomerId)>, DeskError> {
    for link in facts.customer_chain(customer)? {
        if link.sequence >= before {
            continue;
        }
        if link.at <= at {
            break;
        }
        for event in facts.commit(link.sequence)?.events {
            if let Event::CustomerChanged(changed) = event
                && changed.customer != customer
                && changed.before.is_some_and(|state| state.members.contains(&id))
                && !changed.after.members.contains(&id)
            {
                return Ok(Some((link.sequence, changed.customer)));
            }
        }
    }
    Ok(None)
}
