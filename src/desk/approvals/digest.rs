//! What a verdict comes to, as one fingerprint: who belongs to whom, the layers, the pins, the waivers, and the
//! golden values of everybody it touches. Ids that a commit gives out and numbers of commits are not in it, so that
//! the same verdict has the same digest whenever it is foreseen, as long as it comes to the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::asked::fields_of;
use super::decision_of;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, missing};
use domain::event::CustomerChanged;
use domain::{Commit, CustomerState, Event, FieldName, Fingerprint};

/// What of a decision is no outcome: what it answers, what was said and seen of it, what it rested on.
const CIRCUMSTANCES: [&str; 13] = [
    "id",
    "task",
    "key",
    "reason",
    "note",
    "score",
    "to",
    "bulk",
    "bulk_left",
    "grant",
    "approves",
    "broken_glass",
    "subjects",
];

/// The digest of a commit: `before` are the facts without it, `after` with it folded in.
pub(super) fn of(before: Facts<'_>, after: Facts<'_>, commit: &Commit) -> Decided<Fingerprint> {
    let decision = decision_of(commit).ok_or_else(|| missing("the decision"))?;
    let mut names = BTreeMap::from([(decision.id.to_string(), "this".to_owned())]);
    for event in &commit.events {
        let Event::CustomerChanged(changed) = event else { continue };
        if changed.before.is_none() {
            names.insert(changed.customer.to_string(), format!("new {}", names.len()));
        }
    }
    let mut said = json(decision)?;
    if let Value::Object(map) = &mut said {
        map.retain(|key, _| !CIRCUMSTANCES.contains(&key.as_str()));
    }
    let mut parts = vec![written(said, &names)];
    for event in &commit.events {
        match event {
            Event::RecordChanged(changed) => {
                let layers = json(&changed.after)?;
                parts.push(format!("record {}", changed.record.0));
                parts.push(written(layers, &names));
            }
            Event::CustomerChanged(changed) => {
                let id = Value::String(changed.customer.to_string());
                parts.push(written(id, &names));
                parts.push(written(json(&changed.after)?, &names));
            }
            _ => {}
        }
    }
    replaced(before, commit, &fields_of(decision), &mut parts)?;
    for customer in touched(after, commit)? {
        let Some(state) = after.view.customer(customer)?.filter(CustomerState::is_live) else {
            continue;
        };
        parts.push(written(Value::String(customer.to_string()), &names));
        for value in after.golden(&state, &after.members(&state)?)?.values {
            parts.push(value.field.to_string());
            parts.push(value.text);
        }
    }
    Ok(before.fingerprinter.of(parts.iter().map(String::as_str)))
}

/// What the fields that are set were before: whoever approves a value approves what it takes the place of. Who moves
/// brings other values along, which the outcome tells.
fn replaced(
    before: Facts<'_>,
    commit: &Commit,
    fields: &BTreeSet<FieldName>,
    parts: &mut Vec<String>,
) -> Decided<()> {
    for event in &commit.events {
        match event {
            Event::RecordChanged(changed) if !fields.is_empty() => {
                let values = before.values(changed.record)?;
                for field in fields {
                    let value = values.get(field.as_str());
                    parts.push(format!("replaced {field}"));
                    parts.push(value.map(|it| it.raw().to_owned()).unwrap_or_default());
                }
            }
            Event::CustomerChanged(CustomerChanged { before: Some(state), after, .. })
                if !fields.is_empty() && state.members == after.members =>
            {
                let golden = before.golden(state, &before.members(state)?)?;
                for field in fields {
                    parts.push(format!("replaced {field}"));
                    parts.push(golden.text(field.as_str()).unwrap_or_default().to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Everybody whose golden values a commit may change, in order.
fn touched(
    after: Facts<'_>,
    commit: &Commit,
) -> Result<std::collections::BTreeSet<domain::CustomerId>, DeskError> {
    let mut touched = std::collections::BTreeSet::new();
    for event in &commit.events {
        match event {
            Event::CustomerChanged(changed) => {
                touched.insert(changed.customer);
            }
            Event::RecordChanged(changed) => {
                touched.insert(after.view.customer_of(changed.record)?);
            }
            _ => {}
        }
    }
    Ok(touched)
}

fn json(value: &impl serde::Serialize) -> Decided<Value> {
    let value = serde_json::to_value(value);
    Ok(value.map_err(|error| missing(format!("the outcome of a verdict ({error})")))?)
}

/// A value as text, with names in the place of ids that are new with it.
fn written(value: Value, names: &BTreeMap<String, String>) -> String {
    renamed(value, names).to_string()
}

fn renamed(value: Value, names: &BTreeMap<String, String>) -> Value {
    let name = |text: String| names.get(&text).cloned().unwrap_or(text);
    match value {
        Value::String(text) => Value::String(name(text)),
        Value::Array(values) => {
            Value::Array(values.into_iter().map(|value| renamed(value, names)).collect())
        }
        Value::Object(map) => {
            let entries = map.into_iter();
            Value::Object(entries.map(|(key, value)| (name(key), renamed(value, names))).collect())
        }
        other => other,
    }
}
