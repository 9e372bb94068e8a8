//! One row and its record: new, other than what is held, older, or the same in other words.

use super::super::challenges::contradicted_values;
use super::again::{keep_centuries, reads_alike};
use super::partial;
use super::prepare::{PreparedRow, Preparer, Time};
use super::troubles::is_to_come;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::{Facts, missing};
use crate::{overlays, unique};
use domain::event::RecordRevised;
use domain::{CustomerId, Fingerprint, ImportId, RecordBody, RecordId, Task, TaskState, Until};
use door::operations::Delivery;
use jiff::civil::Date;

/// What became of a row whose record is known.
pub(super) enum Revised {
    /// It says the same in other words.
    Unchanged,
    /// It is older than what is held.
    Older,
    /// It is the record's content now.
    Changed {
        /// The record's customer.
        customer: CustomerId,
        /// The fingerprint it is known by.
        known_by: Fingerprint,
        /// The addresses of those that its source says it has merged with it.
        merged: Vec<Fingerprint>,
        /// Whether it has no time of change, and what it replaces had one.
        is_timeless: bool,
        /// Whether it makes somebody else of the record.
        is_overlay: bool,
    },
}

/// Plans a new record; gives its customer, and whether that needs a closer look: it breaks a rule, or
/// shares a unique value.
///
/// # Errors
/// When the store is damaged.
pub(super) fn add(
    draft: &mut Draft<'_>,
    (import, record): (ImportId, RecordId),
    row: PreparedRow,
    merged: Vec<Fingerprint>,
) -> Result<(CustomerId, bool), DeskError> {
    let customer = draft.new_customer();
    // A chunk's own values count at once: two rows of one file may share them.
    let shares = unique::remember(draft.facts(), record, &row.body.values)?;
    let must_be_judged = shares || row.is_invalid;
    draft.delivered.push(
        RecordRevised {
            record,
            customer,
            revision: 1,
            previous: None,
            import,
            delivered: Some(row.delivered),
            reread: None,
            merged,
            body: row.body,
        }
        .into(),
    );
    Ok((customer, must_be_judged))
}

/// Plans other content for a known record: a new revision, and what rested on the old one.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn revise(
    draft: &mut Draft<'_>,
    (preparer, delivery): (&Preparer, Delivery),
    (import, record): (ImportId, RecordId),
    delivered: PreparedRow,
) -> Result<Revised, DeskError> {
    let facts = draft.facts();
    let row = facts.view.record(record)?;
    // What its source said last, be that in force or held back.
    let (latest, number) = facts.view.latest(record)?;
    let known = match latest == row.body {
        true => facts.body(record)?,
        false => facts.revised(record, latest)?.body,
    };
    if known.address != delivered.body.address {
        let line = delivered.body.line;
        return Err(missing(format!("line {line}: its key collides with another's")));
    }
    let (time, has_updated) = (delivered.time, delivered.has_updated(preparer.source()));
    let is_said = delivered.troubles.iter().any(|(trouble, _)| trouble.is_of_time());
    let (mut body, known_by) = partial::over(preparer, &known, delivered);
    keep_centuries(&known, &mut body);
    let is_timeless = has_updated && !is_said && body.updated.is_none() && known.updated.is_some();
    if time == Time::Day && is_of_that_day(&body, &known) {
        body.updated = known.updated;
    }
    // A time that is missing, or that nobody can read, does not make what is older come back.
    body.updated = body.updated.or(known.updated);
    let held = as_said_by(&known, &body);
    let is_same = in_order(&held).content(facts.fingerprinter)
        == in_order(&body).content(facts.fingerprinter);
    let merged = preparer.merged(&body);
    let says_the_same = || -> Result<bool, DeskError> { Ok(facts.view.merged(record)? == merged) };
    if is_same && reads_alike(facts.settings, &held, &body) && says_the_same()? {
        return Ok(Revised::Unchanged);
    }
    if !delivery.accept_older && is_older(&body, &known, preparer.today()) {
        return Ok(Revised::Older);
    }
    let overlaid = overlays::judge(facts, record, (import, &body))?;
    if overlaid.is_none_or(|overlaid| !overlaid.held) {
        let in_force = if latest == row.body { known } else { facts.body(record)? };
        // Whoever else holds a unique value of it is looked at with it.
        unique::remember(facts, record, &body.values)?;
        contradicted_values(draft, record, &in_force, &body)?;
        wake(draft, row.customer)?;
    }
    overlays::lay(draft, record, overlaid)?;
    draft.delivered.push(
        RecordRevised {
            record,
            customer: row.customer,
            revision: u32::from(number) + 1,
            previous: Some(facts.view.record_version(record)?),
            import,
            delivered: Some(known_by),
            reread: None,
            merged: merged.clone(),
            body,
        }
        .into(),
    );
    Ok(Revised::Changed {
        customer: row.customer,
        known_by,
        merged,
        is_timeless,
        is_overlay: overlaid.is_some_and(|overlaid| overlaid.is_undecided()),
    })
}

/// Opens the tasks of a customer that were put off until its data change.
///
/// # Errors
/// When the store is damaged.
pub(in crate::jobs) fn wake(draft: &mut Draft<'_>, customer: CustomerId) -> Result<(), DeskError> {
    for task in draft.pending_tasks_of(customer)? {
        if let TaskState::Deferred { until: Until::DataChanges, .. } = task.state {
            draft.set_task(Task { state: TaskState::Open, ..task })?;
        }
    }
    Ok(())
}

/// A record as it is, but for the order of its columns: one that a reread put back stands last.
fn in_order(body: &RecordBody) -> RecordBody {
    let mut body = body.clone();
    body.unmapped.sort();
    body
}

/// A record as it is, but for numbers that a row says as well and another format writes otherwise.
fn as_said_by(known: &RecordBody, body: &RecordBody) -> RecordBody {
    let mut held = known.clone();
    for (field, value) in body.values.iter() {
        if known.says_alike(body, field.as_str()) && known.decimals != body.decimals {
            held.values.set(field.clone(), value.clone());
        }
    }
    held
}

/// Whether what is held changed on the day that a row names: a day is any time of it.
fn is_of_that_day(body: &RecordBody, known: &RecordBody) -> bool {
    let (Some(day), Some(held)) = (body.updated, known.updated) else { return false };
    let ends = day.checked_add(jiff::SignedDuration::from_hours(24));
    held >= day && ends.is_ok_and(|ends| held < ends)
}

/// Whether the source itself says that it last changed one before the other. A held time that is still to come
/// is of a wrong clock: what is delivered with a time that has been replaces it, or no delivery ever would.
fn is_older(body: &RecordBody, known: &RecordBody, today: Date) -> bool {
    let (Some(delivered), Some(held)) = (body.updated, known.updated) else { return false };
    let is_held_wrongly = is_to_come(held, today) && !is_to_come(delivered, today);
    delivered < held && !is_held_wrongly
}

/// Whether a record is held with what a row says that others of its file replace, or with what came
/// after it.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn is_known(
    facts: Facts<'_>,
    record: RecordId,
    row: &PreparedRow,
) -> Result<bool, DeskError> {
    Ok(facts.delivered(record)?.body.updated >= row.body.updated)
}
