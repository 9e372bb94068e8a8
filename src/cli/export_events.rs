//! `steward export events`: the ledger's events as they stand, also where it is damaged.

use std::io::Write;
use std::path::Path;

use serde_json::json;

use super::code::Code;
use super::data;
use super::entry::Entry;
use super::export;
use super::failure::is_held;
use super::invocation::Invocation;
use super::output::{Output, WholeFile};
use super::progress::Watch;
use super::say::say;
use super::text::{clean, counted};
use desk::export::Format;
use desk::jobs::{EVENTS, EventsOutcome, export_events};
use desk::{DeskError, OutputFile};
use domain::Sequence;
use door::Failure;
use door::operations::{BeginEvents, CsvForm, Destination, EndEvents, Export};

/// What is to be exported, and where to.
pub struct Wanted<'a> {
    /// The format.
    pub format: Format,
    /// The file as it was named; none for standard output.
    pub named: Option<&'a Path>,
    /// Where it goes, for the record.
    pub destination: Destination,
    /// Count, but write nothing.
    pub dry_run: bool,
}

/// Exports every event that can be read.
///
/// # Errors
/// When there is no ledger, a sound one cannot record the export or the output cannot be written. Damage is told and ends with code 1,
/// with all that is readable written.
pub fn run(
    wanted: &Wanted<'_>,
    file: Option<OutputFile>,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let file = file.filter(|_| !wanted.dry_run);
    let (outcome, begun) = match invocation.attached() {
        Ok(Some(entry)) => (through_the_door(wanted, file, &entry)?, None),
        // Counting them leaves nothing to be recorded, so that whoever may read the files may do it.
        Err(_) if wanted.dry_run => here(wanted, file, invocation)?,
        attached => {
            attached?;
            here(wanted, file, invocation)?
        }
    };
    for damage in &outcome.damage {
        say(&format!("error: {}", clean(damage)));
    }
    if let Some(begun) = begun {
        end(wanted, begun, invocation, &outcome);
    }
    let rows = counted(outcome.rows, "event", "events");
    if output.json && (wanted.named.is_some() || wanted.dry_run) {
        output.object(&json!({
            "dataset": EVENTS,
            "format": wanted.format.name(),
            "file": wanted.named,
            "rows": outcome.rows,
            "up_to": outcome.head.as_ref().map(|(sequence, _)| sequence),
            "hash": outcome.head.as_ref().map(|(_, hash)| hash),
            "damage": outcome.damage,
            "dry_run": wanted.dry_run,
        }))?;
    } else if wanted.dry_run {
        say(&format!("would export {rows}; nothing was written (--dry-run)"));
    } else {
        let file = wanted.named.map(|path| format!(" to {}", clean(&path.display().to_string())));
        say(&format!("exported {rows}{}", file.unwrap_or_default()));
    }
    Ok(if outcome.damage.is_empty() { Code::Done } else { Code::Failed })
}

/// Has them read and recorded by whoever serves the workspace: its files may not be ours to read.
fn through_the_door(
    wanted: &Wanted<'_>,
    file: Option<OutputFile>,
    entry: &Entry,
) -> anyhow::Result<EventsOutcome> {
    let request = Export {
        dataset: EVENTS.to_owned(),
        format: wanted.format.name().to_owned(),
        since: None,
        at: None,
        filter: None,
        with_golden: false,
        used_for: None,
        csv: CsvForm::default(),
        destination: wanted.destination.clone(),
        dry_run: wanted.dry_run,
    };
    let watch = Watch::new()?;
    let outcome = export::write(file, |streams| {
        let outcome = entry.run(request, streams, &mut watch.following());
        watch.clear();
        outcome
    })?;
    let head = Some((outcome.up_to, outcome.chain));
    Ok(EventsOutcome { rows: outcome.rows, head, damage: outcome.damage })
}

/// Reads them in this process; with the commit that says that they were about to leave, if one does.
fn here(
    wanted: &Wanted<'_>,
    file: Option<OutputFile>,
    invocation: &Invocation,
) -> anyhow::Result<(EventsOutcome, Option<Sequence>)> {
    // What cannot be written is not recorded.
    let file = file.map(WholeFile::begin).transpose()?;
    let begun = if wanted.dry_run { None } else { begin(wanted, invocation)? };
    Ok((write(wanted, file, begun, invocation)?, begun))
}

/// Writes the events up to the commit that records their export.
fn write(
    wanted: &Wanted<'_>,
    file: Option<WholeFile>,
    begun: Option<Sequence>,
    invocation: &Invocation,
) -> anyhow::Result<EventsOutcome> {
    if wanted.dry_run {
        return count(wanted, invocation);
    }
    let export = |out: &mut dyn Write| read(wanted, begun, Some(out), invocation);
    let Some(mut out) = file else {
        let mut out = data::standard();
        let outcome = export(&mut out)?;
        out.flush()?;
        return Ok(outcome);
    };
    let outcome = export(&mut out)?;
    out.finish()?;
    Ok(outcome)
}

/// The events that can be read, and the damage among them.
fn count(wanted: &Wanted<'_>, invocation: &Invocation) -> anyhow::Result<EventsOutcome> {
    read(wanted, None, None, invocation)
}

fn read(
    wanted: &Wanted<'_>,
    begun: Option<Sequence>,
    out: Option<&mut dyn Write>,
    invocation: &Invocation,
) -> anyhow::Result<EventsOutcome> {
    let (workspace, environment) = (invocation.workspace(), invocation.environment()?);
    let watch = Watch::new()?;
    let outcome = export_events(&workspace, &environment, (wanted.format, begun), out, &watch);
    watch.clear();
    Ok(outcome?)
}

/// Writes down that the events are about to leave, and gives the commit that says so. Whoever holds
/// the workspace is waited for, as by all that write; only a damaged ledger is exported unrecorded.
fn begin(wanted: &Wanted<'_>, invocation: &Invocation) -> anyhow::Result<Option<Sequence>> {
    // Reading it says so where there is no workspace.
    if !invocation.workspace().exists() {
        return Ok(None);
    }
    let begun = invocation.open_to_export(false).and_then(|entry| {
        entry.ask(BeginEvents {
            format: wanted.format.name().to_owned(),
            destination: wanted.destination.clone(),
        })
    });
    match begun {
        Ok(begun) => Ok(Some(begun)),
        Err(error) if !is_damaged(&error, wanted, invocation)? => Err(error),
        Err(error) => {
            say(&format!("note: this export was not recorded: {}", clean(&error.to_string())));
            Ok(None)
        }
    }
}

/// Whether it is the ledger's damage that keeps the export from being recorded: that must not keep
/// what is left from getting out. Whatever else is in the way can be mended.
fn is_damaged(
    error: &anyhow::Error,
    wanted: &Wanted<'_>,
    invocation: &Invocation,
) -> anyhow::Result<bool> {
    if error.downcast_ref().is_some_and(DeskError::is_damage) {
        return Ok(true);
    }
    // A full disk is met before the damage is, a holder before either.
    let is_of_desk = error.is::<DeskError>() || error.is::<Failure>();
    let is_first = is_of_desk && !is_held(error);
    Ok(is_first && !count(wanted, invocation)?.damage.is_empty())
}

/// Writes down that they have left.
fn end(wanted: &Wanted<'_>, begun: Sequence, invocation: &Invocation, outcome: &EventsOutcome) {
    let left = EndEvents {
        begun,
        rows: outcome.rows,
        up_to: outcome.head.as_ref().map(|(sequence, _)| *sequence).unwrap_or_default(),
        format: wanted.format.name().to_owned(),
        destination: wanted.destination.clone(),
    };
    let ended = invocation.open().and_then(|entry| entry.ask(left));
    if let Err(error) = ended {
        let error = clean(&error.to_string());
        say(&format!("note: the start of this export was recorded, its end was not: {error}"));
    }
}
