//! The cross-reference: first every source record with its customer, then every retired customer
//! id with the live customer it leads to. `kind` tells the two apart: `record` or `retired`; a
//! retired id stands in `retired`, where a record has its source, key and address instead. Every
//! customer named has a golden record: while all records of one are set aside or closed, they are left
//! out, and an id that leads to it leads to nobody. `closed` marks a closed record beside others.

use super::walk::{Rows, Scope};
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, typed};
use crate::facts::Facts;
use domain::{CustomerId, RecordId, Sequence, Standing};
use store::follow_redirects;

pub(super) fn columns(_: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let names = ["kind", "source", "key", "record", "retired", "customer", "closed"];
    Ok(typed(&names, &[("closed", Kind::Flag)]))
}

/// Records in the order of first import, then retired ids in theirs.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let total = facts.view.counters()?.records;
    let mut walk = scope.walk(u64::from(total));
    for id in (0..total).map(RecordId) {
        walk.step()?;
        let row = facts.view.record(id)?;
        let wanted = scope.wants(|| {
            let touched = facts.view.customer_touched(row.customer)?;
            Ok(row.body.sequence.max(touched.unwrap_or_default()))
        })?;
        if row.erased || !wanted {
            continue;
        }
        let Some(listed) = scope.record(id)? else { continue };
        if !scope.has_golden(&listed)? {
            continue;
        }
        let closed = listed.state.is_closed();
        let address = listed.body.address;
        rows.write(&[
            Cell::text("record"),
            Cell::text(&address.source),
            Cell::text(&address.key),
            Cell::text(&address),
            Cell::Absent,
            Cell::text(listed.customer),
            Cell::Flag(closed),
        ])?;
    }
    for id in retired(scope)? {
        if !scope.wants(|| redirected(facts, id))? {
            continue;
        }
        let live = match scope.follow(id)? {
            Some(live) if scope.is_golden_customer(live)? => Some(live),
            _ => None,
        };
        rows.write(&[
            Cell::text("retired"),
            Cell::Absent,
            Cell::Absent,
            Cell::Absent,
            Cell::text(id),
            Cell::optional(live),
            Cell::Absent,
        ])?;
    }
    Ok(())
}

/// The ids that redirect, in order.
fn retired(scope: &Scope<'_>) -> Result<Vec<CustomerId>, DeskError> {
    let view = scope.facts.view;
    let mut ids = Vec::new();
    for id in (1..=view.counters()?.customers).map(CustomerId) {
        // Only what was touched can redirect, now or ever.
        if view.customer_touched(id)?.is_some()
            && let Some(state) = scope.customer(id)?
            && matches!(state.standing, Standing::Merged { .. })
        {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The last commit that may have changed where a retired id leads: one that touched it or any id
/// on the way.
fn redirected(facts: Facts<'_>, id: CustomerId) -> Result<Sequence, DeskError> {
    let mut version = Sequence::default();
    follow_redirects(id, |at| {
        let state = facts.view.customer(at)?;
        if at == id || state.as_ref().is_some_and(|state| !state.is_live()) {
            version = version.max(facts.view.customer_touched(at)?.unwrap_or_default());
        }
        Ok::<_, DeskError>(state)
    })?;
    Ok(version)
}
