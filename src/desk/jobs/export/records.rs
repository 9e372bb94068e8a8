//! Source records: who they belong to, each field as it counts now (harmonised, corrections
//! applied) and as it was delivered, and in formats that can hold it what no field maps.

use super::walk::{Rows, Scope};
use crate::desk::error::DeskError;
use crate::desk::facts::{Facts, RecordFacts};
use crate::domain::{RecordId, Value};
use crate::export::{Cell, Column};
use crate::settings::Settings;

pub(super) fn columns(facts: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let fixed = ["record", "customer", "revision", "updated"].map(Column::new);
    let fields = facts.settings.fields.iter().flat_map(|field| {
        let name = field.name.as_str();
        [Column::new(name), Column::new(format!("{name}_raw"))]
    });
    Ok(fixed.into_iter().chain(fields).chain([Column::nested("unmapped")]).collect())
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
        let (customer, revision) = (listed.customer, listed.revision);
        let record = facts.layered(id, listed.body, listed.state)?;
        let mut cells = vec![
            Cell::text(&record.body.address),
            Cell::text(customer),
            Cell::Whole(u64::from(revision)),
            Cell::optional(record.body.updated),
        ];
        for field in &facts.settings.fields {
            let name = field.name.as_str();
            cells.push(Cell::optional(record.values.get(name).map(Value::shown)));
            cells.push(Cell::optional(record.body.values.get(name).map(Value::raw)));
        }
        cells.push(unmapped(facts.settings, &record));
        rows.write(&cells)?;
    }
    Ok(())
}

/// Columns that no field maps, and values of fields that the settings no longer have.
fn unmapped(settings: &Settings, record: &RecordFacts) -> Cell {
    let columns = record.body.unmapped.iter();
    let columns = columns.map(|(column, text)| (column.to_string(), Cell::text(text)));
    let dropped =
        record.body.values.iter().filter(|(field, _)| settings.field(field.as_str()).is_none());
    let dropped = dropped.map(|(field, value)| (field.to_string(), Cell::text(value.raw())));
    Cell::Object(columns.chain(dropped).collect())
}
