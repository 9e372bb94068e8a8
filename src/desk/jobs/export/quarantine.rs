//! Rows that could not become records, whole: mend the texts, put them under the file's header and
//! import that file under its old name, and they leave the quarantine.

use super::walk::{Rows, Scope};
use crate::desk::error::DeskError;
use crate::desk::facts::{Facts, missing};
use crate::domain::event::ImportStarted;
use crate::domain::{Event, ImportId};
use crate::export::{Cell, Column};

pub(super) fn columns(_: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let names = ["import", "source", "file", "line", "reason", "text", "bytes"];
    Ok(names.map(Column::new).to_vec())
}

/// By import and line. `bytes`, in hexadecimal, stands where the text could not hold the row.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let quarantined = facts.view.quarantine()?;
    let mut walk = scope.walk(quarantined.len() as u64);
    let mut started: Option<ImportStarted> = None;
    for (import, line, entry) in quarantined {
        walk.step()?;
        if !scope.wants(|| Ok(entry.place.sequence))? {
            continue;
        }
        let known = started.take().filter(|started| started.import == import);
        let of = match known {
            Some(known) => known,
            None => start_of(facts, import)?,
        };
        let Event::RowQuarantined(quarantined) = facts.event(entry.place)? else {
            return Err(missing(format!("line {line} of import {import}")));
        };
        rows.write(&[
            Cell::text(import),
            Cell::text(&of.source),
            Cell::text(&of.file),
            Cell::Whole(line),
            Cell::text(&quarantined.row.reason),
            Cell::Text(quarantined.row.text),
            Cell::optional(quarantined.row.bytes),
        ])?;
        started = Some(of);
    }
    Ok(())
}

fn start_of(facts: Facts<'_>, import: ImportId) -> Result<ImportStarted, DeskError> {
    let imports = facts.view.imports()?;
    let entry = imports.iter().find(|(id, _)| *id == import).map(|(_, entry)| entry);
    match entry.map(|entry| facts.event(entry.started)).transpose()? {
        Some(Event::ImportStarted(started)) => Ok(started),
        _ => Err(missing(format!("import {import}"))),
    }
}
