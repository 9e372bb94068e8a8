//! Correct: a layer over a record's delivered values.

use std::collections::BTreeMap;

use super::command::{Command, does_not_apply};
use crate::answers::fix::offered;
use crate::error::{Decided, unknown};
use crate::facts::RecordFacts;
use domain::{Correction, FieldName, RecordAddress, Subject, Value};
use door::Refusal;
use door::views::ViolationView;
use intake::{harmonise, validate};
use settings::CodeList;

pub(super) fn decide(
    command: &mut Command<'_, '_>,
    address: &RecordAddress,
    typed: &BTreeMap<FieldName, String>,
    chosen: &BTreeMap<FieldName, String>,
    cleared: &[FieldName],
) -> Decided<()> {
    let record = command.record(address)?;
    let version = command.facts.view.record_version(record)?;
    command.check_seen(Subject::Record(address.clone()), version)?;
    let customer = command.facts.view.customer_of(record)?;
    let version = command.facts.view.customer_version(customer)?;
    command.check_seen(Subject::Customer(customer), version)?;
    if typed.is_empty() && chosen.is_empty() && cleared.is_empty() {
        return Err(does_not_apply("name a field and its right value: --set field=value"));
    }
    let record = command.facts.record(record)?;
    let mut same = None;
    command.decision.subjects.push(Subject::Record(address.clone()));
    for (field, text) in typed {
        if text.is_empty() {
            withdraw(command, &record, field)?;
        } else {
            let value = read(command, &record, field, text)?;
            let is_named_again = cleared.contains(field) || chosen.contains_key(field);
            if !is_named_again && is_held(command, &record, field, &value) {
                same = Some(field);
                continue;
            }
            correct(command, &record, field, value)?;
        }
    }
    for field in cleared {
        clear(command, &record, field)?;
    }
    for (field, label) in chosen {
        if label == ViolationView::REMOVED {
            clear(command, &record, field)?;
            continue;
        }
        let text = offered(command.facts, record.id, field, label)?.ok_or_else(|| {
            does_not_apply(format!("no value is offered for {field} of {address} from {label}"))
        })?;
        let value = read(command, &record, field, &text)?;
        correct(command, &record, field, value)?;
    }
    let (set, gone) = (&command.decision.values, &command.decision.cleared);
    let changes = set.iter().next().is_some() || !gone.is_empty();
    if let Some(field) = same.filter(|_| !changes && command.decision.withdrawn.is_empty()) {
        let why = format!("unchanged: {field} of {address} already has that value");
        return Err(does_not_apply(why));
    }
    command.draft.touch_customer(customer)?;
    Ok(())
}

/// Whether the record already has that value: to correct it to that would only stand against what its
/// source delivers later. Of a sensitive field nobody is told that they guessed it.
fn is_held(
    command: &Command<'_, '_>,
    record: &RecordFacts,
    field: &FieldName,
    value: &Value,
) -> bool {
    let settings = command.facts.settings;
    let tells = settings.field(field.as_str()).is_some_and(|known| !settings.is_masked(known));
    tells && record.values.get(field.as_str()).is_some_and(|now| now.shown() == value.shown())
}

fn withdraw(command: &mut Command<'_, '_>, record: &RecordFacts, field: &FieldName) -> Decided<()> {
    let mut state = command.draft.record(record.id)?;
    if state.corrections.remove(field).is_none() {
        return Err(does_not_apply(format!("{field} of {} is not corrected", record.body.address)));
    }
    command.draft.set_record(record.id, state)?;
    command.decision.withdrawn.push(field.clone());
    Ok(())
}

/// Removes a field's value: what is delivered for it counts no more. Another one that its source delivers is a
/// challenge.
pub(super) fn clear(
    command: &mut Command<'_, '_>,
    record: &RecordFacts,
    field: &FieldName,
) -> Decided<()> {
    let address = &record.body.address;
    if command.facts.settings.field(field.as_str()).is_none() {
        return Err(unknown(&format!("field {field}")));
    }
    let state = command.draft.record(record.id)?;
    let is_set = command.decision.values.get(field.as_str()).is_some();
    if is_set || command.decision.cleared.contains(field) {
        return Err(does_not_apply(format!("{field} of {address} is named twice")));
    }
    if record.values.get(field.as_str()).is_none() {
        return Err(does_not_apply(match state.corrections.get(field) {
            Some(layer) => {
                format!("{field} of {address} was already removed, by {}", layer.decision)
            }
            None => format!("{address} has no {field}"),
        }));
    }
    if record.body.values.get(field.as_str()).is_none() {
        // A person put it there: without that there is nothing.
        return withdraw(command, record, field);
    }
    keep_cleared(command, record, field)
}

/// Puts over one field that it has no value, whatever is over it now.
pub(super) fn keep_cleared(
    command: &mut Command<'_, '_>,
    record: &RecordFacts,
    field: &FieldName,
) -> Decided<()> {
    let fingerprinter = command.facts.fingerprinter;
    let delivered = record.body.values.get(field.as_str()).map_or("", Value::raw);
    let correction = Correction {
        decision: command.decision.id,
        over: fingerprinter.of([delivered]),
        corrected: fingerprinter.of([""]),
    };
    let mut state = command.draft.record(record.id)?;
    state.corrections.insert(field.clone(), correction);
    command.draft.set_record(record.id, state)?;
    command.decision.cleared.push(field.clone());
    Ok(())
}

/// Reads a typed value as its field's type; one that cannot be read is refused.
pub(super) fn read(
    command: &Command<'_, '_>,
    record: &RecordFacts,
    field: &FieldName,
    text: &str,
) -> Decided<Value> {
    let known = command.facts.settings.field(field.as_str());
    let known = known.ok_or_else(|| unknown(&format!("field {field}")))?;
    let (settings, today) = (command.facts.settings, command.facts.today());
    let value = harmonise::typed(settings, field.as_str(), text, &record.values, today);
    value.filter(Value::is_readable).ok_or_else(|| {
        let why = match settings.code_list(field.as_str()).filter(|list| list.closed) {
            Some(list) => not_listed(list, text),
            None => format!("this cannot be read as {}", known.field_type.name()),
        };
        Refusal::InvalidValue { field: field.clone(), why }.into()
    })
}

/// What is said of a text that a closed code list does not hold. The list is no secret; the text may be.
fn not_listed(list: &CodeList, text: &str) -> String {
    let near = validate::nearest_words(list, text);
    let words = if near.is_empty() { list.distinct_words() } else { near };
    let known = words.iter().take(FEW).map(|word| format!("`{word}`")).collect::<Vec<_>>();
    let more = if words.len() > FEW { " ..." } else { "" };
    format!("the code list does not contain this; it has {}{more}", known.join(", "))
}

/// So many words of a code list are named.
const FEW: usize = 8;

/// Puts a correction over one field.
pub(super) fn correct(
    command: &mut Command<'_, '_>,
    record: &RecordFacts,
    field: &FieldName,
    value: Value,
) -> Decided<()> {
    let fingerprinter = command.facts.fingerprinter;
    let delivered = record.body.values.get(field.as_str()).map_or("", Value::raw);
    let correction = Correction {
        decision: command.decision.id,
        over: fingerprinter.of([delivered]),
        corrected: fingerprinter.of([value.shown()]),
    };
    let mut state = command.draft.record(record.id)?;
    state.corrections.insert(field.clone(), correction);
    command.draft.set_record(record.id, state)?;
    command.decision.values.set(field.clone(), value);
    Ok(())
}
