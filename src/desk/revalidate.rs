//! New rules over old records: which tasks open and which have nothing left to ask.

use super::core::Desk;
use super::derived;
use super::draft::Draft;
use super::error::DeskError;
use domain::event::Cause;
use domain::{CustomerId, ImportId, RecordId};
use store::{ApplyChanges, Overlay, clear_judgements};

/// Customers judged in one commit.
pub(super) const CUSTOMERS_A_COMMIT: usize = 1_000;
/// Records whose judgements are in memory at once; their pages all are, to be written together.
pub(super) const RECORDS_AT_ONCE: usize = 4_096;

/// Derives everything again that depends on the settings, after they changed. The store's changes
/// are to be held: it must not know the settings without what derives from them.
pub(super) fn everything(desk: &mut Desk) -> Result<(), DeskError> {
    let records = desk.facts().view.counters()?.records;
    let changes = {
        let mut overlay = Overlay::over(&desk.trees);
        clear_judgements(&mut overlay)?;
        for first in (0..records).step_by(RECORDS_AT_ONCE) {
            let last = records.min(first.saturating_add(RECORDS_AT_ONCE as u32));
            let values = derived::of_records(desk.facts(), (first..last).map(RecordId))?;
            derived::write(&mut overlay, &desk.caches, &desk.settings, values)?;
        }
        overlay.into_changes()
    };
    desk.trees.apply(changes)?;
    let mut customers: Vec<CustomerId> = Vec::new();
    desk.facts().view.each_customer(&mut |id, _| {
        customers.push(id);
        Ok(true)
    })?;
    for chunk in customers.chunks(CUSTOMERS_A_COMMIT) {
        desk.commit_draft(|desk| {
            // Only tasks change, and tasks carry no cause.
            let draft = Draft::new(desk.facts(), Cause::Import(ImportId(0)))?;
            desk.with_consequences(draft, chunk)
        })?;
    }
    Ok(())
}
