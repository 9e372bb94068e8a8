//! Rows that could not become records, and records that a person set aside, whole. Rows: mend the
//! texts, put them under the file's header and import that. Those whose key could be told leave the
//! quarantine when it comes; all of a file do when a file of its name comes again.

use super::walk::{Rows, Scope};
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, typed};
use crate::facts::{Facts, missing};
use domain::event::ImportStarted;
use domain::{Event, ImportId, Place, RecordId};

pub(super) fn columns(_: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let names = ["import", "source", "stream", "file", "line", "reason", "text", "bytes"];
    Ok(typed(&names, &[("line", Kind::Whole)]))
}

/// The rows first, then the records.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    rejected_rows(scope, rows)?;
    for id in (0..facts.view.counters()?.records).map(RecordId) {
        set_aside(scope, rows, id)?;
    }
    Ok(())
}

/// A record that was set aside: the decision and its reason, and what was delivered as JSON.
fn set_aside(scope: &Scope<'_>, rows: &mut Rows<'_>, id: RecordId) -> Result<(), DeskError> {
    let facts = scope.facts;
    if !facts.view.record(id)?.touched {
        return Ok(());
    }
    let Some(by) = facts.view.record_state(id)?.quarantined else { return Ok(()) };
    if !scope.wants(|| Ok(facts.view.record_version(id)?))? {
        return Ok(());
    }
    let place = facts.view.record(id)?.body;
    let Event::RecordRevised(revised) = facts.event(place)? else {
        return Err(missing(format!("record number {}", id.0)));
    };
    let of = start_of(facts, revised.import)?;
    let delivered = revised.body.values.iter().map(|(field, value)| (field.as_str(), value.raw()));
    let text: std::collections::BTreeMap<&str, &str> = delivered.collect();
    let text = serde_json::to_string(&text).map_err(|error| DeskError::Output(error.into()))?;
    let decision = crate::describe::decision(&facts.decision(by)?);
    rows.write(&[
        Cell::text(revised.import),
        Cell::text(&of.source),
        Cell::Absent,
        Cell::text(&of.file),
        Cell::Whole(revised.body.line),
        Cell::text(format!("{by} {decision}")),
        Cell::Text(text),
        Cell::Absent,
    ])
}

/// By import and line. `bytes`, in hexadecimal, stands where the text could not hold the row.
fn rejected_rows(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
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
            Cell::optional(of.stream.as_ref()),
            Cell::text(&of.file),
            Cell::Whole(line),
            Cell::text(quarantined.row.why(Place::of_format(&of.format))),
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
