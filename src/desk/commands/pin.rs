//! Pin: golden values set by hand.

use std::collections::BTreeMap;

use super::command::{Command, does_not_apply};
use crate::closed;
use crate::error::{Decided, Stop, unknown};
use crate::facts::RecordFacts;
use domain::{CustomerId, CustomerState, FieldName, Pin, RecordId, Subject, Value};
use door::{Pick, Refusal};
use intake::review;

pub(super) fn decide(
    command: &mut Command<'_, '_>,
    customer: CustomerId,
    picks: &BTreeMap<FieldName, Pick>,
) -> Decided<()> {
    let version = command.facts.view.customer_version(customer)?;
    command.check_seen(Subject::Customer(customer), version)?;
    if picks.is_empty() {
        return Err(does_not_apply("name a field and its value: --set field=value"));
    }
    let pins = command.live(customer)?.pins;
    for (field, _) in picks.iter().filter(|(_, pick)| matches!(pick, Pick::Survivorship)) {
        if command.facts.settings.field(field.as_str()).is_none() {
            return Err(unknown(&format!("field {field}")));
        }
        if !pins.contains_key(field) {
            return Err(does_not_apply(format!("{field} of {customer} is not pinned")));
        }
    }
    command.decision.subjects.push(Subject::Customer(customer));
    apply(command, customer, picks)
}

/// Pins the picks on a customer as planned, and remembers what its members held.
pub(super) fn apply(
    command: &mut Command<'_, '_>,
    customer: CustomerId,
    picks: &BTreeMap<FieldName, Pick>,
) -> Decided<()> {
    if picks.is_empty() {
        return Ok(());
    }
    let mut state = command.live(customer)?;
    let members = command.facts.members(&state)?;
    let picks = &whole_groups(command, customer, &members, picks)?;
    for (field, pick) in picks {
        if command.facts.settings.field(field.as_str()).is_none() {
            return Err(unknown(&format!("field {field}")));
        }
        match chosen(command, customer, &members, field, pick)? {
            None => {
                state.pins.remove(field);
                command.decision.withdrawn.push(field.clone());
            }
            Some((value, record)) => {
                state.pins.insert(field.clone(), Pin { decision: command.decision.id, record });
                command.decision.values.set(field.clone(), value);
            }
        }
    }
    let fields: Vec<FieldName> = picks.keys().cloned().collect();
    for member in &members {
        let seen = review::keys::keyed_record(
            member.id,
            &member.body.values,
            &fields,
            command.facts.fingerprinter,
        );
        command.decision.key.push(seen);
    }
    command.draft.set_customer(customer, state)?;
    Ok(())
}

/// Whoever takes the street of a record means its address: what survives together with a picked value
/// is picked with it, from the same record or customer, unless something else is said of it. What that one has no
/// value for stays with survivorship.
fn whole_groups(
    command: &Command<'_, '_>,
    customer: CustomerId,
    members: &[RecordFacts],
    picks: &BTreeMap<FieldName, Pick>,
) -> Decided<BTreeMap<FieldName, Pick>> {
    let mut whole = picks.clone();
    for (field, pick) in picks {
        if !matches!(pick, Pick::From(_) | Pick::FromCustomer(_)) {
            continue;
        }
        let groups = &command.facts.settings.survivorship.groups;
        let group = groups.iter().find(|group| group.fields.contains(field));
        for other in group.iter().flat_map(|group| &group.fields) {
            if whole.contains_key(other) {
                continue;
            }
            match chosen(command, customer, members, other, pick) {
                Ok(_) => {
                    whole.insert(other.clone(), pick.clone());
                }
                Err(Stop::Refused(Refusal::InvalidValue { .. })) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(whole)
}

/// The value a pick stands for, with the record it was taken from.
fn chosen(
    command: &Command<'_, '_>,
    id: CustomerId,
    members: &[RecordFacts],
    field: &FieldName,
    pick: &Pick,
) -> Decided<Option<(Value, Option<RecordId>)>> {
    let is_member = |record: RecordId| members.iter().any(|member| member.id == record);
    let none = |who: &str| -> crate::error::Stop {
        Refusal::InvalidValue { field: field.clone(), why: format!("{who} has no value") }.into()
    };
    match pick {
        Pick::Survivorship => Ok(None),
        Pick::Typed(text) => {
            let Some(beside) = members.first() else { return Err(none("the customer")) };
            Ok(Some((super::correct::read(command, beside, field, text)?, None)))
        }
        Pick::From(record) => {
            let member = members.iter().find(|member| member.id == *record);
            let member = member.ok_or_else(|| {
                does_not_apply(format!(
                    "{field} cannot come from a record that does not belong to {id}"
                ))
            })?;
            let value = member.values.get(field.as_str());
            let value = value.ok_or_else(|| none(&member.body.address.to_string()))?;
            Ok(Some((value.clone(), Some(*record))))
        }
        Pick::FromCustomer(customer) => {
            let from = command.facts.view.customer(*customer)?;
            let from = from.ok_or_else(|| unknown(customer))?;
            if from.members.is_empty() || !from.members.iter().all(|record| is_member(*record)) {
                let why = format!(
                    "{field} cannot come from {customer}: its records do not belong to {id}"
                );
                return Err(does_not_apply(why));
            }
            from_customer(command, &from, field)?
                .map(Some)
                .ok_or_else(|| none(&customer.to_string()))
        }
    }
}

fn from_customer(
    command: &Command<'_, '_>,
    state: &CustomerState,
    field: &FieldName,
) -> Decided<Option<(Value, Option<RecordId>)>> {
    let facts = command.facts;
    let members = facts.members(state)?;
    // Whoever names a closed customer takes what it was.
    let golden = match closed::last_golden(facts, state, &members)? {
        Some(golden) => golden,
        None => facts.golden(state, &members)?,
    };
    let Some(value) = golden.get(field.as_str()) else { return Ok(None) };
    let taken = if value.readable {
        Value::as_delivered(&value.text)
    } else {
        Value::unreadable(&value.text)
    };
    Ok(Some((taken, value.origin.record())))
}
