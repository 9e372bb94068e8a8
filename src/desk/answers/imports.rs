//! Imports and their quarantine.

use crate::error::{Decided, DeskError, unknown};
use crate::facts::{Facts, missing};
use crate::guessing::ClosedOfStream;
use domain::event::ImportStarted;
use domain::{Event, ImportId, Place};
use door::views::{ImportView, ImportsView, JobView, QuarantineView, QuarantinedRowView};
use store::ImportEntry;

/// Imports listed.
const LATEST: usize = 100;

/// The latest imports, latest first.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn imports(facts: Facts<'_>, job: Option<JobView>) -> Result<ImportsView, DeskError> {
    let all = facts.view.imports()?;
    let latest = all.iter().rev().take(LATEST);
    Ok(ImportsView {
        total: all.len() as u64,
        imports: latest.map(|(id, entry)| view(facts, *id, entry)).collect::<Result<_, _>>()?,
        sources: facts.settings.sources.iter().map(|source| source.name.clone()).collect(),
        job: job.map(Box::new),
    })
}

/// One import.
///
/// # Errors
/// When there is no such import, or the store or the ledger is damaged.
pub(crate) fn import(facts: Facts<'_>, import: ImportId) -> Decided<ImportView> {
    let entry = facts.view.import(import)?.ok_or_else(|| unknown(&import))?;
    Ok(view(facts, import, &entry)?)
}

fn view(facts: Facts<'_>, import: ImportId, entry: &ImportEntry) -> Result<ImportView, DeskError> {
    let (at, actor) = facts.made(entry.started.sequence)?;
    let Event::ImportStarted(started) = facts.event(entry.started)? else {
        return Err(missing(format!("import {import}")));
    };
    let finished = match entry.finished {
        Some(place) => match facts.event(place)? {
            Event::ImportFinished(finished) => {
                let mut report = finished.report;
                if let Some(stream) = &started.stream {
                    ClosedOfStream::of(facts.settings, stream).cover(&mut report);
                }
                Some((facts.time_of(place.sequence)?, report))
            }
            _ => return Err(missing(format!("the end of import {import}"))),
        },
        None => None,
    };
    let quarantined = entry.quarantined.iter();
    Ok(ImportView {
        import,
        source: started.source,
        stream: started.stream,
        file: started.reread.map_or(started.file, |reread| reread.what()),
        format: started.format,
        reading: started.reading.map(|reading| *reading),
        actor: actor.person,
        evidence: actor.came,
        started: at,
        finished,
        quarantined: quarantined
            .map(|(reason, count)| (reason.clone(), u64::from(*count)))
            .collect(),
    })
}

/// The first rows of an import that are in quarantine.
///
/// # Errors
/// When there is no such import, or the store or the ledger is damaged.
pub(crate) fn quarantine(
    facts: Facts<'_>,
    import: ImportId,
    limit: usize,
) -> Decided<QuarantineView> {
    let place = Place::of_format(&started(facts, import)?.format);
    let mut rows = Vec::new();
    for (line, entry) in facts.view.quarantine_of(import, limit)? {
        if let Event::RowQuarantined(quarantined) = facts.event(entry.place)? {
            let reason = quarantined.row.why(place);
            rows.push(QuarantinedRowView { line, reason, text: quarantined.row.text.into() });
        }
    }
    Ok(QuarantineView { import, place, more: rows.len() >= limit, rows })
}

/// How an import began.
///
/// # Errors
/// When there is no such import, or the store or the ledger is damaged.
pub(super) fn started(facts: Facts<'_>, import: ImportId) -> Decided<ImportStarted> {
    let entry = facts.view.import(import)?.ok_or_else(|| unknown(&import))?;
    match facts.event(entry.started)? {
        Event::ImportStarted(started) => Ok(started),
        _ => Err(missing(format!("import {import}")).into()),
    }
}
