//! Standing corrections, for the sources' owners to mend their data: what was delivered, what is
//! right (nothing, where the value is `removed`), who says so and why. A correction that ended (undone, withdrawn, or delivered by the
//! source by now) is not among them.

use super::walk::{Rows, Scope};
use crate::contradiction::removes;
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, typed};
use crate::facts::Facts;
use domain::{RecordId, Value};

pub(super) fn columns(_: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let names = [
        "source",
        "owner",
        "key",
        "field",
        "delivered",
        "corrected",
        "decision",
        "actor",
        "time",
        "reason",
        "note",
        "removed",
    ];
    Ok(typed(&names, &[("time", Kind::Time), ("removed", Kind::Flag)]))
}

/// In the order of first import, then by field.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let total = facts.view.counters()?.records;
    let mut walk = scope.walk(u64::from(total));
    for id in (0..total).map(RecordId) {
        walk.step()?;
        if facts.view.record(id)?.touched {
            write_record(scope, id, rows)?;
        }
    }
    Ok(())
}

fn write_record(scope: &Scope<'_>, id: RecordId, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let body = facts.body(id)?;
    let source = facts.settings.source(body.address.source.as_str());
    for (field, correction) in facts.view.record_state(id)?.corrections {
        let delivered = body.values.get(field.as_str());
        // The source has removed it as well: there is nothing left to mend.
        if delivered.is_none() && removes(facts, &correction) {
            continue;
        }
        let decision = facts.decision(correction.decision)?;
        let Some(entry) = facts.view.decision(decision.id)? else { continue };
        if !scope.wants(|| Ok(entry.place.sequence))? {
            continue;
        }
        let (at, actor) = facts.byline(entry.place.sequence)?;
        rows.write(&[
            Cell::text(&body.address.source),
            Cell::optional(source.and_then(|source| source.owner.as_ref())),
            Cell::text(&body.address.key),
            Cell::text(&field),
            Cell::optional(delivered.map(Value::raw)),
            Cell::optional(decision.values.get(field.as_str()).map(Value::shown)),
            Cell::text(decision.id),
            Cell::text(&actor),
            Cell::text(at),
            Cell::optional(decision.reason.as_ref()),
            Cell::optional(decision.note.as_ref()),
            Cell::Flag(decision.cleared.contains(&field)),
        ])?;
    }
    Ok(())
}
