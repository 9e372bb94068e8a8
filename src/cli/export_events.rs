//! `steward export events`: the ledger's events as they stand, also where it is damaged.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use serde_json::json;

use super::failure::{Code, is_held, say};
use super::output::{Output, WholeFile};
use super::progress::Watch;
use super::session::Session;
use super::text::{clean, counted};
use crate::desk::Desk;
use crate::desk::jobs::{EVENTS, EventsOutcome, export_events};
use crate::export::Format;

/// What is to be exported, and where to.
pub struct Wanted<'a> {
    /// The format.
    pub format: Format,
    /// The file; none for standard output.
    pub file: Option<&'a Path>,
    /// Where it goes, for the record.
    pub destination: &'a str,
    /// Count, but write nothing.
    pub dry_run: bool,
}

/// Exports every event that can be read.
///
/// # Errors
/// When there is no ledger or the output cannot be written. Damage is told and ends with code 1,
/// with all that is readable written.
pub fn run(wanted: &Wanted<'_>, session: &Session, output: &Output) -> anyhow::Result<Code> {
    // What leaves is recorded: whoever holds the workspace is waited for, as by all that write. What
    // is damaged gets out all the same.
    let recorder = match (!wanted.dry_run).then(|| session.open()) {
        Some(Err(error)) if is_held(&error) => return Err(error),
        opened => opened,
    };
    let outcome = write(wanted, session)?;
    for damage in &outcome.damage {
        say(&format!("error: {}", clean(damage)));
    }
    if let Some(recorder) = recorder {
        record(wanted, recorder, &outcome);
    }
    let rows = counted(outcome.rows, "event", "events");
    if output.json && (wanted.file.is_some() || wanted.dry_run) {
        output.object(&json!({
            "dataset": EVENTS,
            "format": wanted.format.name(),
            "file": wanted.file,
            "rows": outcome.rows,
            "up_to": outcome.head.as_ref().map(|(sequence, _)| sequence),
            "hash": outcome.head.as_ref().map(|(_, hash)| hash),
            "damage": outcome.damage,
            "dry_run": wanted.dry_run,
        }))?;
    } else if wanted.dry_run {
        say(&format!("would export {rows}; nothing was written (--dry-run)"));
    } else {
        let file = wanted.file.map(|path| format!(" to {}", clean(&path.display().to_string())));
        say(&format!("exported {rows}{}", file.unwrap_or_default()));
    }
    Ok(if outcome.damage.is_empty() { Code::Done } else { Code::Failed })
}

fn write(wanted: &Wanted<'_>, session: &Session) -> anyhow::Result<EventsOutcome> {
    let (workspace, environment) = (session.workspace(), session.environment()?);
    let watch = Watch::new()?;
    let export = |out: Option<&mut dyn Write>| {
        let outcome = export_events(&workspace, &environment, wanted.format, out, &watch);
        watch.clear();
        outcome
    };
    if wanted.dry_run {
        return Ok(export(None)?);
    }
    let Some(path) = wanted.file else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let outcome = export(Some(&mut out))?;
        out.flush()?;
        return Ok(outcome);
    };
    let failed = || format!("writing {}", path.display());
    let mut out = WholeFile::begin(path).with_context(failed)?;
    let outcome = export(Some(&mut out))?;
    out.finish().with_context(failed)?;
    Ok(outcome)
}

/// Writes down that the events left, where that can be written.
fn record(wanted: &Wanted<'_>, recorder: anyhow::Result<Desk>, outcome: &EventsOutcome) {
    let recorded = recorder.and_then(|mut desk| {
        Ok(desk.note_events_exported(outcome, wanted.format, wanted.destination)?)
    });
    if let Err(error) = recorded {
        say(&format!("note: this export is not recorded: {}", clean(&error.to_string())));
    }
}
