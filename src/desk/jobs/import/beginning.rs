//! How an import begins, or goes on where it was interrupted.

use jiff::civil::Date;

use crate::core::Desk;
use crate::error::DeskError;
use crate::facts::{Facts, day_of, missing};
use domain::event::ImportStarted;
use domain::{Event, Fingerprint, ImportId, Reading, Sequence};
use door::operations::Import;
use store::ImportEntry;

/// What files are called that come as a stream.
pub(super) const STREAM: &str = "-";

/// The fingerprint of a stream's bytes, of which this is the hash.
pub(super) fn of_content(desk: &Desk, hash: &str) -> Fingerprint {
    desk.fingerprinter.of(["content of a stream", hash])
}

/// What imports of one file have in common.
pub(super) fn file_of(desk: &Desk, request: &Import) -> u64 {
    store::file_tag(&desk.fingerprinter, &request.source, request.stream.as_ref(), &request.file)
}

/// An interrupted import of the same file, which goes on.
pub(super) struct Begun {
    /// How it began.
    pub(super) started: ImportStarted,
    /// Its day.
    pub(super) day: Date,
    /// The commit it began with.
    pub(super) began: Sequence,
}

/// The import of the same file that was interrupted, if the latest was. Every stream is called `-`: of those the
/// bytes tell.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn interrupted(
    desk: &Desk,
    request: &Import,
    content: Option<Fingerprint>,
) -> Result<Option<Begun>, DeskError> {
    let tag = file_of(desk, request);
    let facts = desk.facts();
    let imports = facts.view.imports()?;
    let latest = imports.iter().rev().find(|(_, entry)| entry.file == tag);
    let Some((id, entry)) = latest.filter(|(_, entry)| entry.finished.is_none()) else {
        return Ok(None);
    };
    let started = start_of(facts, entry)?;
    let started = started.ok_or_else(|| missing(format!("the start of import {id}")))?;
    // One of a name is mended and comes again; a stream is any file.
    let is_same = request.file != STREAM || content.is_some() && started.content == content;
    if !is_same {
        return Ok(None);
    }
    let day = match started.day {
        Some(day) => day,
        // Written before the day was: then it is the commit's.
        None => day_of(facts.time_of(entry.started.sequence)?),
    };
    Ok(Some(Begun { started, day, began: entry.started.sequence }))
}

/// The id and day of a new import.
///
/// # Errors
/// When ledger or store fail.
pub(super) fn begin(
    desk: &mut Desk,
    request: &Import,
    (format, reading, content): (&str, &Reading, Option<Fingerprint>),
) -> Result<(ImportId, Date), DeskError> {
    let facts = desk.facts();
    let today = facts.today();
    let import = ImportId(facts.view.counters()?.imports + 1);
    let started = ImportStarted {
        import,
        source: request.source.clone(),
        file: request.file.clone(),
        format: format.to_owned(),
        day: Some(today),
        reading: Some(Box::new(reading.clone())),
        reread: None,
        stream: request.stream.clone(),
        content,
    };
    desk.commit(vec![started.into()])?;
    Ok((import, today))
}

/// How an import began.
pub(in crate::jobs) fn start_of(
    facts: Facts<'_>,
    entry: &ImportEntry,
) -> Result<Option<ImportStarted>, DeskError> {
    match facts.event(entry.started)? {
        Event::ImportStarted(started) => Ok(Some(started)),
        _ => Ok(None),
    }
}
