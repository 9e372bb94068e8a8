//! How a file is read: what is declared, what its values and earlier files prove, what is customary.

use std::collections::HashSet;

use super::beginning::start_of;
use super::opening::Surveyed;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Assumed, Basis, Earlier, ImportId, Place, Reading};
use door::operations::{Import, TextFile};
use intake::harmonise::Evidence;
use settings::{PerField, Settings, Source, Written};

/// How many imports, of whatever source, are looked back at.
const LOOKED_BACK: usize = 200;

/// The source as its settings have it, and as whoever imports says on top.
///
/// # Errors
/// When what they say makes no sense.
pub(super) fn as_requested(mut source: Source, request: &Import) -> Result<Source, DeskError> {
    let TextFile { encoding, delimiter, header_row, .. } = &request.written;
    if let Some(label) = encoding {
        let none = || DeskError::Usage(settings::no_encoding(label));
        source.written.encoding = Some(settings::encoding_name(label).ok_or_else(none)?);
    }
    if let Some(text) = delimiter {
        let none = || {
            DeskError::Usage(format!("`{text}` cannot separate cells: expected a single character"))
        };
        source.written.delimiter = Some(settings::delimiter(text).ok_or_else(none)?);
    }
    source.written.header_row = header_row.or(source.written.header_row);
    if let Some(order) = request.dates {
        source.conventions.dates = PerField { default: Some(order), ..PerField::default() };
    }
    if let Some(style) = request.numbers {
        source.conventions.numbers = PerField { default: Some(style), ..PerField::default() };
    }
    Ok(source)
}

/// How the file is read; `begun` says how it was where its import was interrupted.
///
/// # Errors
/// When nothing tells, or the store or the ledger is damaged.
pub(super) fn reading(
    facts: Facts<'_>,
    (settings, source): (&Settings, &Source),
    surveyed: &Surveyed,
    file: &str,
    begun: Option<&Reading>,
) -> Result<Reading, DeskError> {
    let earlier = earlier(facts, source)?;
    let place = Place::of_format(surveyed.reader.description());
    let region = settings.workspace.region.as_deref();
    let evidence = Evidence { source, region, begun, earlier: &earlier, place };
    let undecided = |undecided| DeskError::Undecided { file: file.to_owned(), undecided };
    let Surveyed { reader, survey, .. } = surveyed;
    let reading = survey.decide(&evidence).map_err(undecided)?;
    let Written { encoding, delimiter, header_row } = source.written;
    let assumed = |text: &str, is_declared: bool| {
        let basis = if is_declared { Basis::Declared } else { Basis::Detected };
        Assumed::of(text.to_owned(), basis)
    };
    let text = reader.encoding().map(|name| assumed(name, encoding.is_some()));
    let text = text.map(|text| match surveyed.encoding_is_open {
        true => text,
        false => beside_earlier(text, &earlier),
    });
    Ok(Reading {
        encoding: text,
        encoding_is_open: surveyed.encoding_is_open,
        odd_rows: surveyed.odd_rows.clone(),
        odd_cells: surveyed.odd_cells.clone(),
        same_names: reader.same_names().to_vec(),
        likelier_encoding: surveyed.likelier.clone(),
        delimiter: reader.delimiter().map(|name| assumed(name, delimiter.is_some())),
        header_row: header_row.map(|row| Assumed::of(row, Basis::Declared)),
        updated_zone: updated_zone(source, reader.header_line()),
        ..reading
    })
}

/// The zone that the file's header says of the times of change.
fn updated_zone(source: &Source, header: Option<&str>) -> Option<String> {
    settings::zone_in_header(header?, source.updated.as_deref()?)
}

/// What a file's text is in, with what the latest earlier file was in where nobody declared either and one
/// of them may be wrong. Unicode proves itself.
fn beside_earlier(text: Assumed<String>, earlier: &[(ImportId, Reading)]) -> Assumed<String> {
    let is_unicode = |name: &str| name.starts_with("UTF-");
    let mut legacy = earlier.iter().filter_map(|(import, reading)| {
        let found = reading.encoding.as_ref().filter(|found| !is_unicode(&found.value))?;
        Some((*import, found))
    });
    let latest = legacy.next().filter(|(_, found)| {
        found.basis == Basis::Detected && found.value != text.value && text.basis == Basis::Detected
    });
    let Some((import, found)) = latest.filter(|_| !is_unicode(&text.value)) else { return text };
    let earlier = Earlier { value: found.value.clone(), import, unproved: 1 };
    Assumed { earlier: Some(earlier), ..text }
}

/// The encoding that the latest file of the source was in which tells it from others.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn recorded_encoding(
    facts: Facts<'_>,
    source: &Source,
) -> Result<Option<String>, DeskError> {
    let earlier = earlier(facts, source)?;
    let proofs = earlier.into_iter().filter(|(_, reading)| !reading.encoding_is_open);
    let latest = proofs.into_iter().find_map(|(_, reading)| reading.encoding);
    Ok(latest.map(|encoding| encoding.value))
}

/// Whether a version that read keys otherwise imported the source: it did not record how it read.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn has_old_keys(facts: Facts<'_>, source: &Source) -> Result<bool, DeskError> {
    for (_, entry) in facts.view.imports()?.iter().take(LOOKED_BACK) {
        if let Some(started) = start_of(facts, entry)?
            && started.source == source.name
            && started.stream.is_none()
        {
            // The first import of the source tells.
            return Ok(started.reading.is_none());
        }
    }
    Ok(false)
}

/// How finished imports of the source were read, the latest first; one that was undone says nothing.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(in crate::jobs) fn earlier(
    facts: Facts<'_>,
    source: &Source,
) -> Result<Vec<(ImportId, Reading)>, DeskError> {
    let mut readings = Vec::new();
    let mut undone = HashSet::new();
    for (import, entry) in facts.view.imports()?.iter().rev().take(LOOKED_BACK) {
        if entry.finished.is_none() || undone.contains(import) {
            continue;
        }
        let started = start_of(facts, entry)?
            .filter(|started| started.source == source.name && started.stream == source.stream);
        let Some(started) = started else { continue };
        undone.extend(started.reread.and_then(|reread| reread.undoes));
        readings.extend(started.reading.map(|reading| (*import, *reading)));
    }
    Ok(readings)
}
