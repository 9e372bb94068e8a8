//! How a file is read: what is declared, what its values and earlier files prove, what is customary.

use super::beginning::start_of;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Assumed, Basis, ImportId, Reading};
use door::operations::Import;
use intake::acquire::Reader;
use intake::harmonise::{Evidence, Survey};
use settings::{PerField, Settings, Source};

/// How many imports, of whatever source, are looked back at.
const LOOKED_BACK: usize = 200;

/// The source as its settings have it, and as whoever imports says on top.
pub(super) fn as_requested(mut source: Source, request: &Import) -> Source {
    if let Some(order) = request.dates {
        source.conventions.dates = PerField { default: Some(order), ..PerField::default() };
    }
    if let Some(style) = request.numbers {
        source.conventions.numbers = PerField { default: Some(style), ..PerField::default() };
    }
    source
}

/// How the file is read; `begun` says how it was where its import was interrupted.
///
/// # Errors
/// When nothing tells, or the store or the ledger is damaged.
pub(super) fn reading(
    facts: Facts<'_>,
    (settings, source): (&Settings, &Source),
    (survey, reader): (&Survey, &Reader),
    file: &str,
    begun: Option<&Reading>,
) -> Result<Reading, DeskError> {
    let earlier = earlier(facts, source)?;
    let region = settings.workspace.region.as_deref();
    let evidence = Evidence { source, region, begun, earlier: &earlier };
    let undecided = |undecided| DeskError::Undecided { file: file.to_owned(), undecided };
    let reading = survey.decide(&evidence).map_err(undecided)?;
    let detected = |text: &str| Some(Assumed::of(text.to_owned(), Basis::Detected));
    Ok(Reading {
        encoding: detected(reader.encoding()),
        delimiter: reader.delimiter().and_then(detected),
        ..reading
    })
}

/// How finished imports of the source were read, the latest first.
fn earlier(facts: Facts<'_>, source: &Source) -> Result<Vec<(ImportId, Reading)>, DeskError> {
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
