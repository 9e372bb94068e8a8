//! A row without some of its source's columns, over the record that is held: what has no column stays as
//! it is, an empty one empties. Where a record may have several rows, an empty one is none.

use std::sync::Arc;

use compact_str::CompactString;

use super::prepare::{PreparedRow, Preparer};
use domain::{FieldName, Fingerprint, RecordBody};
use intake::acquire::{Columns, Row};
use settings::Source;

/// The record as a row makes it out of what is held, and the fingerprint by which the row is known when
/// it comes again.
pub(super) fn over(
    preparer: &Preparer,
    known: &RecordBody,
    row: PreparedRow,
) -> (RecordBody, Fingerprint) {
    let PreparedRow { body, delivered, columns: came, .. } = row;
    let source = preparer.source();
    let columns = match source.several_rows {
        true => Arc::new(came.with(said_together(source, &came, (&body, known)))),
        false => Arc::clone(&came),
    };
    if !leaves_something(preparer, known, &columns) {
        return (body, delivered);
    }
    let part = preparer.of_part(delivered, &came);
    let is_absent = |column: &String| !columns.has(column);
    let updated = match &source.updated {
        Some(column) if is_absent(column) => known.updated,
        _ => body.updated,
    };
    let mut fields = Vec::with_capacity(source.map.len());
    let mut decimals = Vec::new();
    for (field, parts) in &source.map {
        let name = field.as_str();
        let text = if !parts.iter().any(is_absent) {
            text_of(&body, name)
        } else if parts.iter().all(is_absent) {
            text_of(known, name)
        } else {
            joined(parts, &columns, (&body, known), source.several_rows)
        };
        let from = if parts.iter().any(is_absent) { known } else { &body };
        decimals.extend(from.decimals.contains(field).then(|| field.clone()));
        fields.extend(text.map(|text| (field.clone(), text)));
    }
    let row = Row {
        line: body.line,
        key: body.address.key.as_str().into(),
        spelling: None,
        fields,
        unmapped: unmapped(&columns, known, body.unmapped),
        updated: None,
        later: Vec::new(),
        decimals,
        booleans: Vec::new(),
        columns: Arc::clone(&columns),
    };
    let mut merged = RecordBody { updated, ..preparer.body(&mut preparer.records(), row) };
    // They were read when they came, which may have been under other settings.
    for (field, parts) in &source.map {
        if parts.iter().all(is_absent)
            && let Some(held) = known.values.get(field.as_str())
        {
            merged.values.set(field.clone(), held.clone());
        }
    }
    (merged, part)
}

/// The columns of what makes one thing, an address or a name, where the row says another one than is held:
/// nothing of the one that is held stays beside it.
fn said_together(
    source: &Source,
    columns: &Columns,
    (body, known): (&RecordBody, &RecordBody),
) -> Vec<CompactString> {
    let part = |body: &RecordBody, column: &str| {
        let kept = body.unmapped.iter().find(|(name, _)| name == column);
        kept.map(|(_, text)| CompactString::new(first_of(text, true).trim()))
    };
    let differs = |field: &FieldName, parts: &[String]| {
        parts.iter().filter(|column| columns.has(column)).any(|column| match parts.len() {
            1 => text_of(body, field.as_str()) != text_of(known, field.as_str()),
            _ => part(body, column) != part(known, column),
        })
    };
    let is_grouped = |field: &FieldName| source.together.iter().any(|it| it.contains(field));
    let alone = source.map.iter().filter(|(field, parts)| parts.len() > 1 && !is_grouped(field));
    let groups = alone.map(|(field, _)| std::slice::from_ref(field));
    let groups = groups.chain(source.together.iter().map(Vec::as_slice));
    let mut said = Vec::new();
    for group in groups {
        let mapped = || source.map.iter().filter(|(field, _)| group.contains(field));
        if mapped().any(|(field, parts)| differs(field, parts)) {
            said.extend(mapped().flat_map(|(_, parts)| parts).map(CompactString::from));
        }
    }
    said
}

/// What was delivered of a field, be it a word for nothing.
pub(in crate::jobs) fn text_of(body: &RecordBody, field: &str) -> Option<CompactString> {
    let word = || body.absent.iter().find(|(name, _)| name.as_str() == field);
    match body.values.get(field) {
        Some(value) => Some(value.raw().into()),
        None => word().map(|(_, text)| text.clone()),
    }
}

/// Whether the record holds anything that the row has no column for.
fn leaves_something(preparer: &Preparer, known: &RecordBody, columns: &Columns) -> bool {
    let source = preparer.source();
    let is_absent = |column: &String| !columns.has(column);
    let holds = |field: &FieldName| text_of(known, field.as_str()).is_some();
    source.map.iter().any(|(field, parts)| holds(field) && parts.iter().any(is_absent))
        || known.updated.is_some() && source.updated.as_ref().is_some_and(is_absent)
        || known.unmapped.iter().any(|(column, _)| !columns.has(column))
}

/// A field of several columns, some of which the row has.
fn joined(
    parts: &[String],
    columns: &Columns,
    (body, known): (&RecordBody, &RecordBody),
    several_rows: bool,
) -> Option<CompactString> {
    let parts = parts.iter().filter_map(|column| {
        let from = if columns.has(column) { body } else { known };
        let (_, text) = from.unmapped.iter().find(|(name, _)| name == column)?;
        Some(first_of(text, several_rows).trim())
    });
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" ").into())
}

/// The value that counts of those kept of a column: of a record of several rows each is a line.
pub(in crate::jobs) fn first_of(text: &str, several_rows: bool) -> &str {
    if several_rows { text.lines().next().unwrap_or_default() } else { text }
}

/// The columns that no field is read from: those of the row, and of those held the ones it lacks, in the
/// order in which they are held.
fn unmapped(
    columns: &Columns,
    known: &RecordBody,
    mut delivered: Vec<(CompactString, CompactString)>,
) -> Vec<(CompactString, CompactString)> {
    let mut all = Vec::with_capacity(known.unmapped.len() + delivered.len());
    for (column, held) in &known.unmapped {
        if !columns.has(column) {
            all.push((column.clone(), held.clone()));
        } else {
            all.extend(delivered.extract_if(.., |(name, _)| name == column));
        }
    }
    all.append(&mut delivered);
    all
}
