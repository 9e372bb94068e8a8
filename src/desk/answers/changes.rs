//! What a commit changed, field by field: what was delivered again, who belongs to whom, and what
//! people put over it. Before and after are what people saw: the pinned or corrected value where
//! there is one, else the survived or delivered value of that moment.

use std::collections::BTreeSet;

use crate::chains::Link;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::past::Past;
use domain::event::{CustomerChanged, RecordChanged};
use domain::{
    Correction, CustomerState, DecisionId, Event, FieldName, Pin, RecordId, RecordState, Sequence,
    Shown, Value, Values,
};
use door::views::Change;

/// Values before and after, where a commit changed values.
pub(super) fn of(facts: Facts<'_>, link: &Link) -> Result<Vec<Change>, DeskError> {
    let mut found = Vec::new();
    for event in &link.events {
        match event {
            Event::RecordRevised(revised) if revised.revision > 1 => {
                let before = revision_before(facts, revised.record, link.sequence)?;
                found.extend(between(facts, &before, &revised.body.values));
            }
            Event::CustomerChanged(changed) => found.extend(members(facts, changed)?),
            _ => {}
        }
    }
    found.extend(layers(facts, link)?);
    Ok(found)
}

fn members(facts: Facts<'_>, changed: &CustomerChanged) -> Result<Option<Change>, DeskError> {
    let addresses = |members: &[RecordId]| -> Result<Option<String>, DeskError> {
        let texts: Vec<String> = members
            .iter()
            .map(|record| Ok(facts.body(*record)?.address.to_string()))
            .collect::<Result<_, DeskError>>()?;
        Ok(Some(texts.join(", ")).filter(|text| !text.is_empty()))
    };
    let before = changed.before.as_ref().map(|state| state.members.as_slice());
    if before == Some(changed.after.members.as_slice()) {
        return Ok(None);
    }
    Ok(Some(Change {
        field: "members".to_owned(),
        of: Some(changed.customer.to_string()),
        before: addresses(before.unwrap_or_default())?.map(Shown::from),
        after: addresses(&changed.after.members)?.map(Shown::from),
        sensitive: false,
    }))
}

/// A field whose pin or correction a commit changed, of a record or a customer.
struct Layered {
    subject: String,
    field: FieldName,
    before: Option<String>,
    after: Option<String>,
}

/// What people put over values, or took away from them. A decision's own commit tells all of it,
/// whichever thing's history it is met in.
fn layers(facts: Facts<'_>, link: &Link) -> Result<Vec<Change>, DeskError> {
    let commit = link.decision.as_ref().map(|_| facts.commit(link.sequence)).transpose()?;
    let events = commit.as_ref().map_or(&link.events, |commit| &commit.events);
    let settings = facts.settings_at(link.at)?;
    let facts_then = facts.seen_at(Some(link.at), settings.as_ref());
    let moments = (
        Past::after(facts_then, Sequence(link.sequence.0.saturating_sub(1))),
        Past::after(facts_then, link.sequence),
    );
    let mut found = Vec::new();
    for event in events {
        match event {
            Event::RecordChanged(changed) => {
                found.extend(of_record(facts_then, &moments, changed)?)
            }
            Event::CustomerChanged(changed) if changed.after.is_live() => {
                found.extend(of_customer(facts_then, &moments, changed)?);
            }
            _ => {}
        }
    }
    let made = link.decision.as_ref();
    let is_set = |field: &FieldName| {
        made.is_some_and(|made| {
            made.values.get(field.as_str()).is_some() || made.cleared.contains(field)
        })
    };
    found.retain(|layered| layered.before != layered.after || is_set(&layered.field));
    let subjects: BTreeSet<&String> = found.iter().map(|layered| &layered.subject).collect();
    let is_one = subjects.len() == 1;
    let change = |layered: &Layered| Change {
        // Masks go by the field, so that whose it is stands beside it.
        field: layered.field.to_string(),
        of: (!is_one).then(|| layered.subject.clone()),
        before: layered.before.clone().map(Shown::from),
        after: layered.after.clone().map(Shown::from),
        sensitive: is_sensitive(facts, layered.field.as_str()),
    };
    Ok(found.iter().map(change).collect())
}

fn of_record(
    facts: Facts<'_>,
    (before, after): &(Past<'_>, Past<'_>),
    changed: &RecordChanged,
) -> Result<Vec<Layered>, DeskError> {
    let corrections = |state: &RecordState| state.corrections.clone();
    let (was, is) = (corrections(&changed.before), corrections(&changed.after));
    let fields: BTreeSet<&FieldName> = was.keys().chain(is.keys()).collect();
    let changed_fields = fields.into_iter().filter(|field| was.get(*field) != is.get(*field));
    let changed_fields: Vec<&FieldName> = changed_fields.collect();
    if changed_fields.is_empty() {
        return Ok(Vec::new());
    }
    let (then, now) = (before.record(changed.record)?, after.record(changed.record)?);
    let delivered = |then: &Option<crate::past::RecordThen>, field: &FieldName| {
        let body = then.as_ref().map(|then| &then.revised.body);
        body.and_then(|body| body.values.get(field.as_str())).map(|it| it.shown().to_owned())
    };
    let value = |layer: Option<&Correction>, field, then| match layer {
        Some(layer) => decided(facts, layer.decision, field),
        None => Ok(delivered(then, field)),
    };
    let address = now.as_ref().map(|now| now.revised.body.address.to_string());
    changed_fields
        .into_iter()
        .map(|field| {
            Ok(Layered {
                subject: address.clone().unwrap_or_default(),
                field: field.clone(),
                before: value(was.get(field), field, &then)?,
                after: value(is.get(field), field, &now)?,
            })
        })
        .collect()
}

fn of_customer(
    facts: Facts<'_>,
    (before, after): &(Past<'_>, Past<'_>),
    changed: &CustomerChanged,
) -> Result<Vec<Layered>, DeskError> {
    let pin = |state: Option<&CustomerState>, field: &FieldName| {
        state.and_then(|state| state.pins.get(field)).cloned()
    };
    let (was, is) = (changed.before.as_ref(), Some(&changed.after));
    let fields: BTreeSet<&FieldName> =
        [was, is].into_iter().flatten().flat_map(|state| state.pins.keys()).collect();
    let value = |state: Option<&CustomerState>, moment: &Past<'_>, field: &FieldName| {
        let Some(state) = state else { return Ok::<_, DeskError>(None) };
        match state.pins.get(field) {
            Some(Pin { decision, .. }) => decided(facts, *decision, field),
            None => {
                let golden = facts.golden(state, &moment.members(state)?)?;
                Ok(golden.text(field.as_str()).map(ToOwned::to_owned))
            }
        }
    };
    fields
        .into_iter()
        .filter(|field| pin(was, field) != pin(is, field))
        .map(|field| {
            Ok(Layered {
                subject: changed.customer.to_string(),
                field: field.clone(),
                before: value(was, before, field)?,
                after: value(is, after, field)?,
            })
        })
        .collect()
}

fn decided(
    facts: Facts<'_>,
    decision: DecisionId,
    field: &FieldName,
) -> Result<Option<String>, DeskError> {
    let decision = facts.decision(decision)?;
    Ok(decision.values.get(field.as_str()).map(|value| value.shown().to_owned()))
}

fn revision_before(
    facts: Facts<'_>,
    record: RecordId,
    sequence: Sequence,
) -> Result<Values, DeskError> {
    let chain = facts.record_chain(record)?;
    let earlier = chain.iter().filter(|link| link.sequence < sequence);
    let found = earlier.flat_map(|link| &link.events).find_map(|event| match event {
        Event::RecordRevised(revised) => Some(revised.body.values.clone()),
        _ => None,
    });
    Ok(found.unwrap_or_default())
}

fn between(facts: Facts<'_>, before: &Values, after: &Values) -> Vec<Change> {
    let mut fields: Vec<_> = before.iter().chain(after.iter()).map(|(field, _)| field).collect();
    fields.sort();
    fields.dedup();
    let text =
        |values: &Values, field: &str| values.get(field).map(|v: &Value| v.shown().to_owned());
    fields
        .into_iter()
        .map(|field| Change {
            field: field.to_string(),
            of: None,
            before: text(before, field.as_str()).map(Shown::from),
            after: text(after, field.as_str()).map(Shown::from),
            sensitive: is_sensitive(facts, field.as_str()),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

fn is_sensitive(facts: Facts<'_>, field: &str) -> bool {
    facts.settings.masks(field)
}
