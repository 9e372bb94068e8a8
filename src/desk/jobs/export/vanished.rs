//! Records that their source no longer holds, and what became of each: `vanished` waits for a person,
//! `closed` counts no more, `open` counts by a person's decision.

use super::walk::{Rows, Scope};
use crate::error::DeskError;
use crate::export::{Cell, Column};
use crate::facts::Facts;
use domain::RecordId;

pub(super) fn columns(_: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let names = ["record", "source", "key", "customer", "state", "import", "decision"];
    Ok(names.map(Column::new).to_vec())
}

/// In the order of first import.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let total = facts.view.counters()?.records;
    let mut walk = scope.walk(u64::from(total));
    for id in (0..total).map(RecordId) {
        walk.step()?;
        let row = facts.view.record(id)?;
        if row.erased || !row.touched {
            continue;
        }
        let Some(vanished) = facts.view.record_state(id)?.vanished else { continue };
        if !scope.wants(|| Ok(facts.view.record_version(id)?))? {
            continue;
        }
        let address = facts.body(id)?.address;
        let state = match (vanished.closed, vanished.decision) {
            (true, _) => "closed",
            (false, None) => "vanished",
            (false, Some(_)) => "open",
        };
        rows.write(&[
            Cell::text(&address),
            Cell::text(&address.source),
            Cell::text(&address.key),
            Cell::text(row.customer),
            Cell::text(state),
            Cell::text(vanished.import),
            Cell::optional(vanished.decision),
        ])?;
    }
    Ok(())
}
