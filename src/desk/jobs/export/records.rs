//! Source records: who they belong to, each field as it counts now (harmonised, corrections
//! applied) and as it was delivered, whether it is closed, which later revision is held back, and in formats that can hold it what no field maps and the parts
//! of fields that several columns make.

use super::walk::{Rows, Scope};
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, typed};
use crate::facts::{Facts, RecordFacts};
use domain::{FieldName, RecordId, Value};
use settings::Settings;

pub(super) fn columns(facts: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let kinds = [
        ("revision", Kind::Whole),
        ("updated", Kind::Time),
        ("closed", Kind::Flag),
        ("held_back", Kind::Whole),
    ];
    let names = ["record", "customer", "revision", "updated", "closed", "held_back"];
    let fixed = typed(&names, &kinds);
    let fields =
        facts.settings.fields.iter().flat_map(|field| {
            [Column::of_field(field), Column::new(format!("{}_raw", field.name))]
        });
    Ok(fixed.into_iter().chain(fields).chain(["unmapped", "parts"].map(Column::nested)).collect())
}

/// In the order of first import.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let total = facts.view.counters()?.records;
    let mut walk = scope.walk(u64::from(total));
    for id in (0..total).map(RecordId) {
        walk.step()?;
        let row = facts.view.record(id)?;
        if row.erased || !scope.wants(|| Ok(facts.view.record_version(id)?))? {
            continue;
        }
        let Some(listed) = scope.record(id)? else { continue };
        if scope.with_golden && !scope.has_golden(&listed)? {
            continue;
        }
        let (customer, revision, held_back) = (listed.customer, listed.revision, listed.held_back);
        let record = facts.layered(id, listed.body, listed.state)?;
        let mut cells = vec![
            Cell::text(&record.body.address),
            Cell::text(customer),
            Cell::Whole(u64::from(revision)),
            Cell::optional(record.body.updated),
            Cell::Flag(record.state.is_closed()),
            held_back.map_or(Cell::Absent, |revision| Cell::Whole(u64::from(revision))),
        ];
        for field in &facts.settings.fields {
            let name = field.name.as_str();
            cells.push(Cell::optional(record.values.get(name).map(Value::shown)));
            cells.push(Cell::optional(delivered(&record, &field.name)));
        }
        cells.extend(columns_as_delivered(facts.settings, &record));
        rows.write(&cells)?;
    }
    Ok(())
}

/// What was delivered for a field, also where it is a word for nothing.
fn delivered<'r>(record: &'r RecordFacts, field: &FieldName) -> Option<&'r str> {
    let value = record.body.values.get(field.as_str()).map(Value::raw);
    let nothing = || record.body.absent.iter().find(|(absent, _)| absent == field);
    value.or_else(|| nothing().map(|(_, text)| text.as_str()))
}

/// Columns that no field maps, with values of fields that the settings no longer have; and those that
/// are kept beside what is read from them.
fn columns_as_delivered(settings: &Settings, record: &RecordFacts) -> [Cell; 2] {
    let source = settings.source(record.body.address.source.as_str());
    let is_read = |column: &str| source.is_some_and(|source| source.read_for(column).is_some());
    let columns = record.body.unmapped.iter();
    let (parts, columns): (Vec<_>, Vec<_>) = columns
        .map(|(column, text)| (column.to_string(), Cell::text(text)))
        .partition(|(column, _)| is_read(column));
    let dropped =
        record.body.values.iter().filter(|(field, _)| settings.field(field.as_str()).is_none());
    let dropped = dropped.map(|(field, value)| (field.to_string(), Cell::text(value.raw())));
    let columns = columns.into_iter().chain(dropped).collect();
    [Cell::Object(columns), Cell::Object(parts)]
}
