//! Exports that held the person, as far as that can be known: which rows were in an export is not
//! recorded, only its data set, what it was narrowed to and the last commit in it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::DATASET;
use super::person::Person;
use crate::error::DeskError;
use crate::export::ExportHeld;
use crate::past::first_commit;
use domain::Sequence;
use domain::event::Exported;

/// Earliest first.
pub(super) fn that_held(person: &Person<'_>) -> Result<Vec<ExportHeld>, DeskError> {
    let touched = person.touched();
    let Some(first) = touched.first().copied() else { return Ok(Vec::new()) };
    let mut held = Vec::new();
    for recorded in person.facts.exports_after(first)? {
        let exported = recorded.exported;
        if let Some(certain) = held_them(person, &touched, &exported)? {
            held.push(ExportHeld {
                at: recorded.at,
                actor: recorded.by,
                dataset: exported.dataset,
                format: exported.format,
                destination: exported.destination,
                filter: exported.filter,
                up_to: exported.up_to,
                // Of an export that was interrupted nobody knows what left.
                certain: certain && recorded.finished,
            });
        }
    }
    Ok(held)
}

/// Whether the person was in it for certain or possibly; `None` means they were not.
fn held_them(
    person: &Person<'_>,
    touched: &BTreeSet<Sequence>,
    exported: &Exported,
) -> Result<Option<bool>, DeskError> {
    let existed = touched.first().is_some_and(|first| *first <= exported.up_to);
    if exported.dataset == DATASET {
        let theirs = person.ids.iter().any(|id| id.to_string() == exported.filter);
        return Ok(theirs.then_some(true));
    }
    if !existed {
        return Ok(None);
    }
    // Every customer and every record is in these; of the others only some.
    let is_whole = matches!(exported.dataset.as_str(), "golden" | "records" | "xref");
    let since = exported.filter.strip_prefix("since ");
    let since = since.and_then(|since| since.parse::<Timestamp>().ok());
    let Some(since) = since else { return Ok(Some(is_whole)) };
    let from = first_commit(person.facts, since, false)?;
    let changed = from <= exported.up_to && touched.range(from..=exported.up_to).next().is_some();
    // New settings may have changed any golden value: that they were not touched says little.
    Ok(Some(is_whole && changed))
}
