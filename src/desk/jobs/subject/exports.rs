//! Exports that held the person, as far as that can be known: which rows were in an export is not
//! recorded, only its data set, what it was narrowed to and the last commit in it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::super::export::{MASKED_FOR, MODEL};
use super::DATASET;
use super::person::{Person, add_ids};
use crate::error::{Decided, DeskError};
use crate::export::ExportHeld;
use crate::exported::RecordedExport;
use crate::facts::Facts;
use crate::past::first_commit;
use domain::event::Exported;
use domain::{CustomerId, Event, Sequence, Standing};

/// Earliest first.
pub(super) fn that_held(person: &Person<'_>) -> Result<Vec<ExportHeld>, DeskError> {
    let held = recorded(person.facts, &person.ids, &person.touched())?.into_iter().map(
        |(recorded, certain)| {
            let exported = recorded.exported;
            ExportHeld {
                at: recorded.at,
                actor: recorded.by,
                dataset: exported.dataset,
                format: exported.format,
                destination: exported.destination,
                filter: exported.filter,
                up_to: exported.up_to,
                certain,
            }
        },
    );
    Ok(held.collect())
}

/// The exports as the ledger has them, each with whether the person was in it for certain.
fn recorded(
    facts: Facts<'_>,
    ids: &BTreeSet<CustomerId>,
    touched: &BTreeSet<Sequence>,
) -> Result<Vec<(RecordedExport, bool)>, DeskError> {
    let Some(first) = touched.first().copied() else { return Ok(Vec::new()) };
    let mut held = Vec::new();
    for recorded in facts.exports_after(first)? {
        if let Some(certain) =
            held_them(facts, (ids, touched), (&recorded.exported, recorded.finished))?
        {
            // Of an export that was interrupted nobody knows what left.
            let certain = certain && recorded.finished;
            held.push((recorded, certain));
        }
    }
    Ok(held)
}

/// The exports that may have brought the person's data to others: all but the reports on themselves.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn received_by_others(
    facts: Facts<'_>,
    customer: CustomerId,
) -> Decided<Vec<(RecordedExport, bool)>> {
    let person = Person::find(facts, customer)?;
    let mut held = recorded(facts, &person.ids, &person.touched())?;
    held.retain(|(recorded, _)| recorded.exported.dataset != DATASET);
    Ok(held)
}

/// The same of somebody who was erased in a commit: which commits touched their records and ids is still known.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn received_before_erasure(
    facts: Facts<'_>,
    customer: CustomerId,
    erased: Sequence,
) -> Result<Vec<(RecordedExport, bool)>, DeskError> {
    let mut ids = BTreeSet::new();
    add_ids(facts.view, customer, &mut ids)?;
    let commit = facts.commit(erased)?;
    let mut touched = BTreeSet::new();
    for event in &commit.events {
        let Event::CustomerChanged(changed) = event else { continue };
        let is_theirs = changed.after.standing == Standing::Erased
            && (changed.customer == customer || leads_to(facts, customer, changed.customer)?);
        if is_theirs {
            add_ids(facts.view, changed.customer, &mut ids)?;
            for record in changed.before.iter().flat_map(|before| &before.members) {
                touched.extend(facts.record_chain(*record)?.iter().map(|link| link.sequence));
            }
        }
    }
    for id in &ids {
        touched.extend(facts.customer_chain(*id)?.iter().map(|link| link.sequence));
    }
    let mut held = recorded(facts, &ids, &touched)?;
    held.retain(|(it, _)| it.exported.dataset != DATASET && it.sequence <= erased);
    Ok(held)
}

/// Whether one id was merged into another, over any number of steps.
fn leads_to(facts: Facts<'_>, from: CustomerId, to: CustomerId) -> Result<bool, DeskError> {
    let mut ids = BTreeSet::new();
    add_ids(facts.view, to, &mut ids)?;
    Ok(ids.contains(&from))
}

/// Since when an export holds what changed, and whether anything else narrows it.
fn narrowed(filter: &str) -> (Option<Timestamp>, bool) {
    let (first, rest) = filter.split_once(", ").unwrap_or((filter, ""));
    let since = first.strip_prefix("since ").and_then(|since| since.parse::<Timestamp>().ok());
    let rest = if since.is_some() { rest } else { filter };
    // What left masked left all the same; what was exported as of then is told by `up_to`.
    let is_narrowed = !rest.is_empty() && !rest.starts_with(MASKED_FOR) && !rest.starts_with("at ");
    (since, is_narrowed || rest.contains(", where ") || rest.contains(", for "))
}

/// Whether the person was in it for certain or possibly; `None` means they were not.
fn held_them(
    facts: Facts<'_>,
    (ids, touched): (&BTreeSet<CustomerId>, &BTreeSet<Sequence>),
    (exported, is_finished): (&Exported, bool),
) -> Result<Option<bool>, DeskError> {
    let existed = touched.first().is_some_and(|first| *first <= exported.up_to);
    if exported.dataset == DATASET {
        let theirs = ids.iter().any(|id| id.to_string() == exported.filter);
        return Ok(theirs.then_some(true));
    }
    // Nobody is in what has no rows, nor in a model, which counts values and names nobody.
    let is_of_nobody = (exported.rows == 0 && is_finished) || exported.dataset == MODEL;
    if !existed || is_of_nobody {
        return Ok(None);
    }
    // Every customer and every record is in these; of the others only some.
    let is_whole = matches!(exported.dataset.as_str(), "golden" | "records" | "xref");
    let (since, is_narrowed) = narrowed(&exported.filter);
    // Which rows a condition or a purpose left out is not recorded.
    let is_whole = is_whole && !is_narrowed;
    let Some(since) = since else { return Ok(Some(is_whole)) };
    let from = first_commit(facts, since, false)?;
    let changed = from <= exported.up_to && touched.range(from..=exported.up_to).next().is_some();
    // New settings may have changed any golden value: that they were not touched says little.
    Ok(Some(is_whole && changed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_narrows_an_export_is_told_from_what_masks_or_dates_it() {
        let since: Timestamp = "2026-01-02T00:00:00Z".parse().unwrap();
        for (filter, expected) in [
            ("", (None, false)),
            ("since 2026-01-02T00:00:00Z", (Some(since), false)),
            ("since 2026-01-02T00:00:00Z, where city = ...", (Some(since), true)),
            ("where city = ...", (None, true)),
            ("for newsletter", (None, true)),
            ("for newsletter by email", (None, true)),
            ("masked for clerk: email", (None, false)),
            ("since 2026-01-02T00:00:00Z, masked for clerk: email", (Some(since), false)),
            ("at 2026-01-02T00:00:00Z", (None, false)),
            ("at 2026-01-02T00:00:00Z, where city = ...", (None, true)),
        ] {
            assert_eq!(narrowed(filter), expected, "{filter}");
        }
    }
}
