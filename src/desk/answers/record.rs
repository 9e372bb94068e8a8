//! One source record, now or as it was at a time, by walking back.

use jiff::Timestamp;

use super::history::entries;
use super::imports::started;
use super::{dispute, fix};
use crate::error::{Decided, DeskError, unknown};
use crate::facts::{Facts, RecordFacts};
use crate::overlays;
use crate::past::{Past, RecordThen};
use domain::{CustomerId, Place, RecordAddress, RecordId, Shown, Value};
use door::views::{KeptColumn, OverlaidView, RecordValueView, RecordView, ViolationView};
use settings::ReadFor;

pub(crate) fn record(
    facts: Facts<'_>,
    address: &RecordAddress,
    at: Option<Timestamp>,
) -> Decided<RecordView> {
    // What was seen then was seen under the policy of then.
    let then = at.map(|at| facts.settings_at(at)).transpose()?.flatten();
    let facts = facts.seen_at(at, then.as_ref());
    let Some(id) = facts.find(address)? else { return Err(facts.no_record(address)?.into()) };
    let past = Past::at(facts, at.unwrap_or(Timestamp::MAX))?;
    let Some(RecordThen { revised, delivered, state }) = past.record(id)? else {
        return Err(unknown(&format!("{address} at that time")));
    };
    let (revision, import) = (revised.revision, revised.import);
    let record = facts.layered(id, revised.body, state)?;
    let customer = past.customer_of(id)?;
    let overlaid = overlaid(&past, id, &record)?;
    let tasks = match at {
        None => facts.view.tasks_of(customer)?.into_iter().map(|entry| entry.task.id).collect(),
        Some(_) => Vec::new(),
    };
    let violations = violations(facts, &past, &record, customer)?;
    let (unmapped, parts) = columns(facts, &record);
    Ok(RecordView {
        at,
        customer,
        revision,
        import,
        imported: facts.time_of(delivered)?,
        updated: record.body.updated,
        line: record.body.line,
        place: Place::of_format(&started(facts, import)?.format),
        vanished: record.state.vanished,
        quarantined: record.state.quarantined,
        overlaid,
        values: values(facts, &record)?,
        unmapped,
        parts,
        violations,
        tasks,
        history: entries(facts, facts.record_chain(id)?)?,
        record: record.body.address,
    })
}

/// What was delivered of a record as somebody else's, beside what it was before.
fn overlaid(
    past: &Past<'_>,
    id: RecordId,
    record: &RecordFacts,
) -> Result<Option<OverlaidView>, DeskError> {
    let facts = past.facts();
    let Some(layer) = record.state.overlaid else { return Ok(None) };
    let Some(delivered) = past.delivered(id)? else { return Ok(None) };
    let former = facts.revised(id, overlays::place_of(layer.former))?.body;
    let values = dispute::beside_former(facts, &former, &delivered.revised.body);
    let (revision, import) = (delivered.revised.revision, layer.import);
    let (held, decision) = (layer.held, layer.decision);
    Ok(Some(OverlaidView { revision, import, held, decision, values }))
}

/// What is wrong with a record, alone and as a part of its customer then.
fn violations(
    facts: Facts<'_>,
    past: &Past<'_>,
    record: &RecordFacts,
    customer: CustomerId,
) -> Result<Vec<ViolationView>, DeskError> {
    let laid = match past.customer(customer)? {
        Some(state) => {
            let members = past.members(&state)?;
            let golden = facts.golden(&state, &members)?;
            facts.golden_violations(customer, &members, &golden)?
        }
        None => Vec::new(),
    };
    Ok(fix::of_record_and_golden(facts, record, &laid))
}

/// Columns that nothing is read from, and those kept beside what is read from them.
fn columns(facts: Facts<'_>, record: &RecordFacts) -> (Vec<(String, Shown)>, Vec<KeptColumn>) {
    let source = facts.settings.source(record.body.address.source.as_str());
    let (mut unmapped, mut parts) = (Vec::new(), Vec::new());
    for (column, text) in &record.body.unmapped {
        let (column, value) = (column.to_string(), text.to_string());
        let read_for = source.and_then(|source| source.read_for(&column));
        let other = matches!(read_for, Some(ReadFor::Other(_)));
        let of = match read_for {
            Some(ReadFor::Part(field) | ReadFor::Other(field)) => Some(field.clone()),
            Some(ReadFor::Updated) => None,
            None => {
                unmapped.push((column, Shown::from(value)));
                continue;
            }
        };
        let field = of.as_ref().and_then(|field| facts.settings.field(field.as_str()));
        let sensitive = field.is_some_and(|field| facts.settings.is_masked(field));
        parts.push(KeptColumn { column, value: value.into(), of, absent: false, other, sensitive });
    }
    for (name, text) in &record.body.absent {
        let Some(field) = facts.settings.field(name.as_str()) else { continue };
        let column = source.and_then(|source| source.only_column_of(name));
        parts.push(KeptColumn {
            column: column.unwrap_or(name.as_str()).to_owned(),
            value: text.to_string().into(),
            of: Some(name.clone()),
            absent: true,
            other: false,
            sensitive: facts.settings.is_masked(field),
        });
    }
    (unmapped, parts)
}

fn values(facts: Facts<'_>, record: &RecordFacts) -> Result<Vec<RecordValueView>, DeskError> {
    let removed = facts.removed(record)?;
    let view = |field: &settings::Field| {
        let name = field.name.as_str();
        let is_removed = removed.iter().any(|(removed, _)| *removed == field.name);
        let value = record.values.get(name);
        if value.is_none() && !is_removed {
            return None;
        }
        let delivered = record.body.values.get(name);
        let correction = record.state.corrections.get(&field.name);
        Some(RecordValueView {
            field: field.name.clone(),
            delivered: delivered.map(|value| value.raw().into()),
            value: value.map_or("", Value::shown).into(),
            readable: value.is_none_or(Value::is_readable),
            correction: correction.map(|correction| correction.decision),
            removed: is_removed,
            sensitive: facts.settings.is_masked(field),
        })
    };
    Ok(facts.settings.fields.iter().filter_map(view).collect())
}
