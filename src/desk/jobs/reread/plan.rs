//! What a reread changes of a few records: found, and made a commit of.

use rayon::prelude::*;

use super::readings::Readings;
use super::values::{ReadAgain, Rules};
use crate::core::Foreseen;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::jobs::challenges::contradicted_pins;
use crate::jobs::delivering::{self, Opened};
use crate::jobs::import::records::wake;
use crate::past::Past;
use crate::{merges, unique};
use domain::event::{Cause, RecordRevised};
use domain::{FieldName, Fingerprint, ImportId, RecordBody, RecordId, Sequence};
use settings::Settings;
use store::Place;

/// Records of one commit.
const RECORDS_A_COMMIT: usize = 256;
/// Bytes of values after which a commit is full, however few records it has.
const BYTES_A_COMMIT: usize = 2 << 20;

/// A record that is held, and how it is to be held.
pub(super) struct Changing {
    pub(super) held: RecordRevised,
    pub(super) body: RecordBody,
    /// The row it is known by when that comes again; none where it must be looked at again.
    pub(super) delivered: Option<Fingerprint>,
    /// What its source says it has merged with it.
    pub(super) merged: Vec<Fingerprint>,
    pub(super) fields: Vec<FieldName>,
}

/// What a look at some records found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) changing: Vec<Changing>,
    /// Fields whose value could be read in several ways; one entry a value.
    pub(super) undecided: Vec<FieldName>,
    /// Fields whose value cannot be read any more; one entry a value.
    pub(super) unreadable: Vec<FieldName>,
    /// Fields whose column was not kept as text; one entry a value.
    pub(super) lost: Vec<FieldName>,
}

/// Reads what is held of some records by the rules of today.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn by_todays_rules(
    facts: Facts<'_>,
    (settings, readings): (&Settings, &mut Readings),
    held: Vec<(Place, RecordRevised)>,
) -> Result<Found, DeskError> {
    let held: Vec<_> = held
        .into_iter()
        .map(|(place, held)| {
            let then = readings.then.settings_of(facts, place.sequence, &held)?;
            let then = then.filter(|then| then.text != settings.text);
            Ok((readings.of_import(facts, settings, held.import)?, then, held))
        })
        .collect::<Result<_, DeskError>>()?;
    let source = readings.source();
    let read: Vec<(RecordRevised, ReadAgain)> = held
        .into_par_iter()
        .map(|(read_as, then, held)| {
            let (reading, day, then) = (&read_as.0, read_as.1, then.as_deref());
            let read = Rules { settings, source, reading, day, then }.read(&held.body);
            (held, read)
        })
        .collect();
    let mut found = Found::default();
    for (held, ReadAgain { body, changed: fields, undecided, unreadable, lost }) in read {
        found.undecided.extend(undecided);
        found.unreadable.extend(unreadable);
        found.lost.extend(lost);
        let merged = merges::said(facts.fingerprinter, source, &body);
        if !fields.is_empty() || merged != held.merged {
            // The row may come again and be read as before: then it is not what is held.
            found.changing.push(Changing { held, body, delivered: None, merged, fields });
        }
    }
    Ok(found)
}

/// What was held of some records before a reread, where nothing came since.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn as_before(
    facts: Facts<'_>,
    undoes: ImportId,
    held: Vec<(Place, RecordRevised)>,
) -> Result<Found, DeskError> {
    let mut found = Found::default();
    let mut past: Option<(Sequence, Past<'_>)> = None;
    for (place, held) in held.into_iter().filter(|(_, held)| held.reread == Some(undoes)) {
        let then = Sequence(place.sequence.0.saturating_sub(1));
        if past.as_ref().is_none_or(|(of, _)| *of != then) {
            past = Some((then, Past::after(facts, then)));
        }
        let Some((_, past)) = &past else { continue };
        let Some(before) = past.record(held.record)? else { continue };
        let RecordRevised { body, delivered, merged, .. } = before.revised;
        let fields = super::values::changes(&held.body, &body);
        found.changing.push(Changing { held, body, delivered, merged, fields });
    }
    Ok(found)
}

/// Parts what changes into commits.
pub(super) fn parted(changing: Vec<Changing>) -> Vec<Vec<Changing>> {
    let mut parts = Vec::new();
    let (mut part, mut bytes) = (Vec::new(), 0);
    for change in changing {
        bytes += size(&change.body);
        part.push(change);
        if part.len() == RECORDS_A_COMMIT || bytes > BYTES_A_COMMIT {
            parts.push(std::mem::take(&mut part));
            bytes = 0;
        }
    }
    parts.push(part);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Bytes of values a record holds.
fn size(body: &RecordBody) -> usize {
    let values = body.values.iter().map(|(_, value)| value.raw().len() + value.shown().len());
    values.chain(body.unmapped.iter().map(|(_, text)| text.len())).sum()
}

/// A commit, and what the records are known by then: address, record, content.
pub(super) struct Planned {
    pub(super) foreseen: Option<Foreseen>,
    pub(super) opened: Opened,
    pub(super) records: Vec<(Fingerprint, RecordId, Fingerprint)>,
}

/// The commit that changes these records. Corrections, quarantine and closing stay as they are: nothing
/// was delivered.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn commit(
    facts: Facts<'_>,
    import: ImportId,
    changing: Vec<Changing>,
) -> Result<Planned, DeskError> {
    let mut draft = Draft::new(facts, Cause::Import(import))?;
    let (mut customers, mut records) = (Vec::new(), Vec::new());
    for Changing { held, body, delivered, merged, .. } in changing {
        let record = held.record;
        let row = facts.view.record(record)?;
        // Whoever else holds a unique value of it is looked at with it.
        unique::remember(facts, record, &body.values)?;
        contradicted_pins(&mut draft, row.customer, record, &held.body, &body)?;
        wake(&mut draft, row.customer)?;
        let content = delivered.unwrap_or_else(|| body.content(facts.fingerprinter));
        records.push((row.key, record, content));
        customers.push(row.customer);
        draft.delivered.push(
            RecordRevised {
                record,
                customer: row.customer,
                revision: u32::from(row.revision) + 1,
                previous: Some(facts.view.record_version(record)?),
                import: held.import,
                delivered,
                reread: Some(import),
                merged,
                body,
            }
            .into(),
        );
    }
    let (foreseen, opened) = delivering::foresee(facts, draft, &customers)?;
    Ok(Planned { foreseen, opened, records })
}
