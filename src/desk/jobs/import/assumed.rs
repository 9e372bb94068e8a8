//! How a file is read: what is declared, what its values and earlier files prove, what is customary.

use super::beginning::start_of;
use super::opening::Surveyed;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Assumed, Basis, ImportId, NumberStyle, Place, Reading};
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
        let none = || DeskError::Usage(format!("`{text}` can part no cells: expected one sign"));
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
    let Surveyed { reader, survey, decimals, .. } = surveyed;
    let reading = survey.decide(&evidence).map_err(undecided)?;
    let Written { encoding, delimiter, header_row } = source.written;
    let assumed = |text: &str, is_declared: bool| {
        let basis = if is_declared { Basis::Declared } else { Basis::Detected };
        Assumed::of(text.to_owned(), basis)
    };
    let mut numbers = reading.numbers;
    for field in decimals {
        // Nothing but numbers that are no text: they are written with a point.
        let point = || Assumed::of(NumberStyle::Point, Basis::Detected);
        numbers.entry(field.clone()).or_insert_with(point);
    }
    Ok(Reading {
        numbers,
        encoding: reader.encoding().map(|name| assumed(name, encoding.is_some())),
        encoding_is_open: surveyed.encoding_is_open,
        odd_rows: surveyed.odd_rows.clone(),
        likelier_encoding: surveyed.likelier.clone(),
        delimiter: reader.delimiter().map(|name| assumed(name, delimiter.is_some())),
        header_row: header_row.map(|row| Assumed::of(row, Basis::Declared)),
        ..reading
    })
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
        {
            // The first import of the source tells.
            return Ok(started.reading.is_none());
        }
    }
    Ok(false)
}

/// How finished imports of the source were read, the latest first.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(in crate::jobs) fn earlier(
    facts: Facts<'_>,
    source: &Source,
) -> Result<Vec<(ImportId, Reading)>, DeskError> {
    let mut readings = Vec::new();
    for (import, entry) in facts.view.imports()?.iter().rev().take(LOOKED_BACK) {
        if entry.finished.is_none() {
            continue;
        }
        if let Some(started) = start_of(facts, entry)?
            && started.source == source.name
            && let Some(reading) = started.reading
        {
            readings.push((*import, *reading));
        }
    }
    Ok(readings)
}
