//! Columns: customers and records, field by field.

use super::fix::violation_views;
use super::marks::mark;
use crate::desk::error::{Decided, DeskError};
use crate::desk::facts::{Facts, GoldenViolation, RecordFacts, source_of};
use crate::desk::views::{Cell, Column, FieldView, Mark, MemberView};
use crate::domain::{CustomerId, CustomerState, FieldName, FieldType, Golden, Origin};
use crate::settings::Settings;

/// A customer read whole, before it is laid out.
pub(super) struct Whole {
    pub(super) id: CustomerId,
    pub(super) state: CustomerState,
    pub(super) members: Vec<RecordFacts>,
    pub(super) golden: Golden,
    pub(super) violations: Vec<GoldenViolation>,
}

impl Whole {
    pub(super) fn read(facts: Facts<'_>, id: CustomerId) -> Decided<Whole> {
        let state = facts.view.customer(id)?.ok_or_else(|| super::unknown(&id))?;
        let members = facts.members(&state)?;
        let golden = facts.golden(&state, &members)?;
        let violations = facts.golden_violations(id, &members, &golden)?;
        Ok(Whole { id, state, members, golden, violations })
    }
}

/// The fields that any of the customers has a value for, in the order of the settings.
pub(super) fn rows(settings: &Settings, customers: &[Whole]) -> Vec<FieldView> {
    let has_value = |field: &FieldName| {
        customers.iter().any(|whole| {
            whole.golden.get(field.as_str()).is_some()
                || whole.members.iter().any(|member| member.values.get(field.as_str()).is_some())
                || whole.violations.iter().any(|broken| broken.violation.field == *field)
        })
    };
    let fields = settings.fields.iter().filter(|field| has_value(&field.name));
    fields
        .map(|field| FieldView {
            name: field.name.clone(),
            field_type: field.field_type,
            sensitive: field.sensitive,
            group: group_of(settings, &field.name),
        })
        .collect()
}

fn group_of(settings: &Settings, field: &FieldName) -> Vec<FieldName> {
    let groups = &settings.survivorship.groups;
    let group = groups.iter().find(|group| group.fields.contains(field));
    group.map(|group| group.fields.clone()).unwrap_or_default()
}

/// Lays customers out beside each other.
pub(super) fn columns(
    facts: Facts<'_>,
    rows: &[FieldView],
    customers: &[Whole],
) -> Result<Vec<Column>, DeskError> {
    let Some(first) = customers.first() else { return Ok(Vec::new()) };
    let mut columns = Vec::new();
    for (at, whole) in customers.iter().enumerate() {
        let against = (at > 0).then_some(&first.golden);
        let cells = rows.iter().map(|row| golden_cell(row, whole, against)).collect();
        let mut members = Vec::new();
        for member in &whole.members {
            members.push(member_view(facts, rows, member, &first.golden)?);
        }
        columns.push(Column {
            customer: whole.id,
            version: facts.view.customer_version(whole.id)?,
            members,
            cells,
            golden: whole.golden.clone(),
            contradicts: at > 0 && contradicts(facts.settings, &first.golden, &whole.golden),
        });
    }
    Ok(columns)
}

fn golden_cell(row: &FieldView, whole: &Whole, against: Option<&Golden>) -> Cell {
    let field = row.name.as_str();
    let value = whole.golden.get(field);
    let text = value.map(|value| value.text.clone());
    let mark = against
        .map_or(Mark::None, |first| mark(row.field_type, first.text(field), text.as_deref()));
    // What was delivered is of interest where one record speaks for the customer.
    let raw = match whole.members.as_slice() {
        [only] => only.body.values.get(field).map(|value| value.raw().to_owned()),
        _ => None,
    };
    let by_hand = matches!(value.map(|value| &value.origin), Some(Origin::Pinned { .. }))
        || whole
            .members
            .iter()
            .any(|member| whole.members.len() == 1 && member.state.corrections.contains_key(field));
    let broken = whole.violations.iter().filter(|broken| broken.violation.field == row.name);
    Cell {
        field: row.name.clone(),
        raw: raw.filter(|raw| Some(raw) != text.as_ref()),
        text,
        mark,
        violations: violation_views(whole, broken),
        by_hand,
    }
}

fn member_view(
    facts: Facts<'_>,
    rows: &[FieldView],
    member: &RecordFacts,
    first: &Golden,
) -> Result<MemberView, DeskError> {
    let cells = rows.iter().map(|row| member_cell(facts, row, member, first)).collect();
    Ok(MemberView {
        record: member.id,
        address: member.body.address.clone(),
        quarantined: member.state.quarantined,
        trust: source_of(facts.settings, &member.body).trust.default,
        updated: match member.body.updated {
            Some(updated) => updated,
            None => imported_at(facts, member)?,
        },
        cells,
    })
}

fn member_cell(facts: Facts<'_>, row: &FieldView, member: &RecordFacts, first: &Golden) -> Cell {
    let field = row.name.as_str();
    let text = member.values.get(field).map(|value| value.shown().to_owned());
    let raw = member.body.values.get(field).map(|value| value.raw().to_owned());
    Cell {
        field: row.name.clone(),
        mark: mark(row.field_type, first.text(field), text.as_deref()),
        raw: raw.filter(|raw| Some(raw) != text.as_ref()),
        violations: super::fix::of_record(facts, member, &row.name),
        by_hand: member.state.corrections.contains_key(field),
        text,
    }
}

/// When the record's latest revision was imported.
fn imported_at(facts: Facts<'_>, member: &RecordFacts) -> Result<jiff::Timestamp, DeskError> {
    facts.time_of(facts.view.record(member.id)?.body.sequence)
}

/// Two dates of birth or two national ids that are not even similar.
pub fn contradicts(settings: &Settings, first: &Golden, other: &Golden) -> bool {
    [FieldType::DateOfBirth, FieldType::NationalId].into_iter().any(|field_type| {
        settings.fields_of(field_type).any(|field| {
            let field = field.name.as_str();
            mark(field_type, first.text(field), other.text(field)) == Mark::Different
        })
    })
}
