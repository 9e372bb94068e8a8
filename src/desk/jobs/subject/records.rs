//! The person's source records: as they count now, and every delivery.

use super::person::Person;
use crate::chains::Link;
use crate::error::DeskError;
use crate::export::{
    RecordHeld, RevisedValue, RevisionHeld, UnmappedHeld, ValueHeld, ViolationHeld, WaiverHeld,
};
use crate::facts::RecordFacts;
use domain::event::RecordRevised;
use domain::{Event, FieldName, Place, RecordBody, Value, Values};
use settings::{ReadFor, Settings};

pub(super) fn held(person: &Person<'_>) -> Result<Vec<RecordHeld>, DeskError> {
    let records = person.members.iter().zip(&person.record_links);
    records.map(|(record, links)| one(person, record, links)).collect()
}

fn one(person: &Person<'_>, record: &RecordFacts, links: &[Link]) -> Result<RecordHeld, DeskError> {
    let settings = person.facts.settings;
    let source = settings.source(record.body.address.source.as_str());
    let mut revisions = Vec::new();
    for link in links {
        for event in &link.events {
            if let Event::RecordRevised(revised) = event {
                revisions.push(revision(person, link, revised)?);
            }
        }
    }
    let violations = record.violations.iter().map(|violation| ViolationHeld {
        rule: violation.rule.clone(),
        field: violation.field.clone(),
        severity: violation.severity,
        message: violation.message.clone(),
    });
    let waivers = record.state.waivers.iter();
    let waivers =
        waivers.map(|(rule, waiver)| WaiverHeld { rule: rule.clone(), decision: waiver.decision });
    Ok(RecordHeld {
        record: record.body.address.clone(),
        owner: source.and_then(|source| source.owner.clone()),
        trust: source.map(|source| source.trust.default),
        values: values_now(person, record)?,
        unmapped: unmapped(settings, &record.body),
        violations: violations.collect(),
        waivers: waivers.collect(),
        revisions,
    })
}

fn revision(
    person: &Person<'_>,
    link: &Link,
    revised: &RecordRevised,
) -> Result<RevisionHeld, DeskError> {
    let started = person.import(revised.import)?;
    Ok(RevisionHeld {
        revision: revised.revision,
        imported: link.at,
        import: revised.import,
        place: Place::of_format(&started.format),
        file: Some(started.file),
        line: revised.body.line,
        updated: revised.body.updated,
        values: revised_values(person.facts.settings, &revised.body.values),
        unmapped: unmapped(person.facts.settings, &revised.body),
    })
}

/// Values as given and as read, in the order of the settings.
pub(super) fn revised_values(settings: &Settings, values: &Values) -> Vec<RevisedValue> {
    let held = in_order(settings, values).into_iter().map(|(field, value)| RevisedValue {
        field: field.clone(),
        delivered: value.raw().to_owned(),
        harmonised: value.standard().map(str::to_owned),
    });
    held.collect()
}

fn values_now(person: &Person<'_>, record: &RecordFacts) -> Result<Vec<ValueHeld>, DeskError> {
    let settings = person.facts.settings;
    let held = in_order(settings, &record.values).into_iter().map(|(field, value)| ValueHeld {
        field: field.clone(),
        delivered: record.body.values.get(field.as_str()).map(|it| it.raw().to_owned()),
        value: value.shown().to_owned(),
        readable: value.is_readable(),
        correction: record.state.corrections.get(field).map(|correction| correction.decision),
        removed: false,
    });
    let mut held: Vec<ValueHeld> = held.collect();
    for (field, by) in person.facts.removed(record)? {
        held.push(ValueHeld {
            field: field.clone(),
            delivered: record.body.values.get(field.as_str()).map(|it| it.raw().to_owned()),
            value: String::new(),
            readable: true,
            correction: Some(by),
            removed: true,
        });
    }
    Ok(held)
}

/// Every value: of the settings' fields in their order, then of fields they no longer have.
fn in_order<'v>(settings: &Settings, values: &'v Values) -> Vec<(&'v FieldName, &'v Value)> {
    let place = |field: &FieldName| {
        let known = settings.fields.iter().position(|it| it.name == *field);
        known.unwrap_or(settings.fields.len())
    };
    let mut ordered: Vec<_> = values.iter().collect();
    ordered.sort_by_key(|(field, _)| place(field));
    ordered
}

fn unmapped(settings: &Settings, body: &RecordBody) -> Vec<UnmappedHeld> {
    let source = settings.source(body.address.source.as_str());
    let columns = body.unmapped.iter();
    let held = columns.map(|(column, value)| UnmappedHeld {
        column: column.to_string(),
        value: value.to_string(),
        read_for: source.and_then(|source| source.read_for(column)).map(|read| match read {
            ReadFor::Part(field) | ReadFor::Other(field) => field.to_string(),
            ReadFor::Updated => "updated".to_owned(),
        }),
    });
    let absent = body.absent.iter().map(|(field, value)| UnmappedHeld {
        column: source.and_then(|it| it.only_column_of(field)).unwrap_or(field.as_str()).to_owned(),
        value: value.to_string(),
        read_for: Some(field.to_string()),
    });
    held.chain(absent).collect()
}
