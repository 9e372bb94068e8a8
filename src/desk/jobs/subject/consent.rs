//! Permissions given and refused: what each record said of them from when on, and what people put
//! over that.

use super::person::Person;
use crate::chains::Link;
use crate::error::DeskError;
use crate::export::{ConsentEntry, DecisionHeld};
use crate::facts::RecordFacts;
use domain::{Decision, Event, FieldName, FieldType, Value};

/// Earliest first.
pub(super) fn history(
    person: &Person<'_>,
    decisions: &[DecisionHeld],
) -> Result<Vec<ConsentEntry>, DeskError> {
    let mut entries = Vec::new();
    for field in person.facts.settings.fields_of(FieldType::Consent) {
        for (record, links) in person.members.iter().zip(&person.record_links) {
            of_record(person, &field.name, record, links, &mut entries)?;
        }
        of_customer(person, &field.name, decisions, &mut entries)?;
    }
    entries.sort_by_key(|entry| entry.at);
    Ok(entries)
}

fn of_record(
    person: &Person<'_>,
    field: &FieldName,
    record: &RecordFacts,
    links: &[Link],
    entries: &mut Vec<ConsentEntry>,
) -> Result<(), DeskError> {
    let mut delivered: Option<String> = None;
    let address = &record.body.address;
    for link in links {
        for event in &link.events {
            let (value, how, decision) = match event {
                Event::RecordRevised(revised) => {
                    let value = text(revised.body.values.get(field.as_str()));
                    if value == delivered {
                        continue;
                    }
                    delivered.clone_from(&value);
                    (value, "delivered", None)
                }
                Event::RecordChanged(changed) => {
                    let before = changed.before.corrections.get(field);
                    match changed.after.corrections.get(field) {
                        after if after == before => continue,
                        Some(after) => {
                            let decision = person.facts.decision(after.decision)?;
                            let is_removed = decision.cleared.contains(field);
                            let how = if is_removed { "removed" } else { "corrected" };
                            (said(&decision, field), how, Some(decision.id))
                        }
                        None => {
                            let by = link.decision.as_ref().map(|decision| decision.id);
                            (delivered.clone(), "correction ended", by)
                        }
                    }
                }
                _ => continue,
            };
            entries.push(ConsentEntry {
                at: link.at,
                field: field.clone(),
                value,
                record: Some(address.clone()),
                how,
                decision,
            });
        }
    }
    Ok(())
}

/// Golden values set by hand; what was set while others were merged in is not this person's.
fn of_customer(
    person: &Person<'_>,
    field: &FieldName,
    decisions: &[DecisionHeld],
    entries: &mut Vec<ConsentEntry>,
) -> Result<(), DeskError> {
    for link in &person.customer_links {
        for event in &link.events {
            let Event::CustomerChanged(changed) = event else { continue };
            let before = changed.before.as_ref().and_then(|state| state.pins.get(field));
            let Some(pin) = changed.after.pins.get(field).filter(|pin| Some(*pin) != before) else {
                continue;
            };
            let stands = person.state.pins.get(field) == Some(pin);
            let is_own = decisions
                .iter()
                .any(|held| held.decision == pin.decision && held.others.is_empty());
            if stands || is_own {
                let decision = person.facts.decision(pin.decision)?;
                entries.push(ConsentEntry {
                    at: link.at,
                    field: field.clone(),
                    value: said(&decision, field),
                    record: None,
                    how: "pinned",
                    decision: Some(pin.decision),
                });
            }
        }
    }
    Ok(())
}

fn said(decision: &Decision, field: &FieldName) -> Option<String> {
    text(decision.values.get(field.as_str()))
}

fn text(value: Option<&Value>) -> Option<String> {
    value.map(|value| value.shown().to_owned())
}
