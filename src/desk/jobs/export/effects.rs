//! What a decision changed, in a few words for before and after: memberships, pins, corrections,
//! waivers. What it left as it was is not told.

use std::collections::BTreeSet;

use super::walk::address;
use crate::error::DeskError;
use crate::facts::{Facts, missing};
use crate::past::Past;
use domain::event::{Cause, CustomerChanged, RecordChanged};
use domain::{
    Commit, Correction, CustomerState, DecisionId, Event, FieldName, Pin, RecordBody, RecordId,
    RecordState, Sequence, Standing, Value,
};

/// One phrase a thing that changed; the phrases of both sides stand in the same order.
#[derive(Debug, Default)]
pub(super) struct Effects {
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
}

impl Effects {
    fn add(&mut self, before: String, after: String) {
        if before != after {
            self.before.push(before);
            self.after.push(after);
        }
    }
}

/// What `decision` changed in the commit that records it.
pub(super) fn of(
    facts: Facts<'_>,
    commit: &Commit,
    decision: DecisionId,
) -> Result<Effects, DeskError> {
    let mut effects = Effects::default();
    let cause = Cause::Decision(decision);
    for event in &commit.events {
        match event {
            Event::CustomerChanged(changed) if changed.cause == cause => {
                of_customer(facts, changed, &mut effects)?;
            }
            Event::RecordChanged(changed) if changed.cause == cause => {
                of_record(facts, commit.sequence, changed, &mut effects)?;
            }
            _ => {}
        }
    }
    Ok(effects)
}

/// The addresses of records, a space between.
pub(super) fn addresses(facts: Facts<'_>, records: &[RecordId]) -> Result<String, DeskError> {
    let texts: Result<Vec<String>, DeskError> =
        records.iter().map(|record| address(facts, *record)).collect();
    Ok(texts?.join(" "))
}

fn of_customer(
    facts: Facts<'_>,
    changed: &CustomerChanged,
    effects: &mut Effects,
) -> Result<(), DeskError> {
    let id = changed.customer;
    let (before, after) = (changed.before.as_ref(), Some(&changed.after));
    let members = |state| Ok::<_, DeskError>(format!("{id}: {}", membership(facts, state)?));
    effects.add(members(before)?, members(after)?);
    let fields: BTreeSet<&FieldName> =
        [before, after].into_iter().flatten().flat_map(|state| state.pins.keys()).collect();
    for field in fields {
        let pin = |state: Option<&CustomerState>| {
            let value = pinned(facts, field, state.and_then(|state| state.pins.get(field)))?;
            Ok::<_, DeskError>(format!("{id}.{field}: {value}"))
        };
        effects.add(pin(before)?, pin(after)?);
    }
    Ok(())
}

fn membership(facts: Facts<'_>, state: Option<&CustomerState>) -> Result<String, DeskError> {
    match state.map(|state| (state.standing, &state.members)) {
        Some((Standing::Live, members)) => addresses(facts, members),
        Some((Standing::Merged { into }, _)) => Ok(format!("merged into {into}")),
        Some((Standing::Erased, _)) => Ok("erased".to_owned()),
        Some((Standing::Vacant, _)) | None => Ok("no records".to_owned()),
    }
}

fn pinned(facts: Facts<'_>, field: &FieldName, pin: Option<&Pin>) -> Result<String, DeskError> {
    match pin {
        Some(pin) => decided_value(facts, field, pin.decision),
        None => Ok("by survivorship".to_owned()),
    }
}

fn of_record(
    facts: Facts<'_>,
    sequence: Sequence,
    changed: &RecordChanged,
    effects: &mut Effects,
) -> Result<(), DeskError> {
    let (before, after) = (&changed.before, &changed.after);
    let fields: BTreeSet<&FieldName> =
        before.corrections.keys().chain(after.corrections.keys()).collect();
    let body = delivered(facts, changed.record, sequence)?;
    for field in fields {
        let value = |correction: Option<&Correction>| match correction {
            Some(correction) => decided_value(facts, field, correction.decision),
            None => Ok(body.values.get(field.as_str()).map_or("", Value::raw).to_owned()),
        };
        let text = |value: String| format!("{}.{field}: {value}", body.address);
        let (was, is) =
            (value(before.corrections.get(field))?, value(after.corrections.get(field))?);
        effects.add(text(was), text(is));
    }
    let rules: BTreeSet<_> = before.waivers.keys().chain(after.waivers.keys()).collect();
    for rule in rules {
        let waived = |is: bool| {
            format!("{} {rule}: {}", body.address, if is { "waived" } else { "not waived" })
        };
        effects.add(
            waived(before.waivers.contains_key(rule)),
            waived(after.waivers.contains_key(rule)),
        );
    }
    if before.quarantined.is_some() != after.quarantined.is_some() {
        let takes_part = |is: bool| {
            format!("{}: {}", body.address, if is { "quarantined" } else { "takes part" })
        };
        effects
            .add(takes_part(before.quarantined.is_some()), takes_part(after.quarantined.is_some()));
    }
    if before.vanished != after.vanished {
        let stands = |state: &RecordState| {
            let how = match state.vanished {
                Some(vanished) if vanished.closed => "closed",
                Some(vanished) if vanished.is_undecided() => "vanished",
                _ => "open",
            };
            format!("{}: {how}", body.address)
        };
        effects.add(stands(before), stands(after));
    }
    if before.in_force() != after.in_force() {
        let stands = |state: &RecordState| {
            let what = if state.in_force().is_some() { "held back" } else { "in force" };
            format!("{}: what was delivered last is {what}", body.address)
        };
        effects.add(stands(before), stands(after));
    }
    Ok(())
}

fn decided_value(
    facts: Facts<'_>,
    field: &FieldName,
    decision: DecisionId,
) -> Result<String, DeskError> {
    let decision = facts.decision(decision)?;
    if decision.cleared.contains(field) {
        return Ok("(removed)".to_owned());
    }
    let value = decision.values.get(field.as_str());
    Ok(value.map_or("", Value::shown).to_owned())
}

/// The record as the source had delivered it, and it was in force, when commit `sequence` was made.
fn delivered(
    facts: Facts<'_>,
    record: RecordId,
    sequence: Sequence,
) -> Result<RecordBody, DeskError> {
    if facts.view.record_version(record)? <= sequence {
        return facts.body(record);
    }
    let then = Past::after(facts, sequence).record(record)?;
    let then = then.ok_or_else(|| missing(format!("record number {}", record.0)))?;
    Ok(then.revised.body)
}
