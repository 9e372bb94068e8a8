//! `steward reread`: what is held, read by the rules of today.

use std::io;

use serde_json::{Map, json};

use super::code::Code;
use super::entry::Entry;
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::{clean, counted};
use domain::{FieldName, ImportId, Shown, SourceName};
use door::Streams;
use door::operations::Reread;
use door::views::{RereadExample, RereadOf, RereadOutcome};

/// Read what is held by today's rules and settings, as if it had just been delivered.
///
/// Values are kept as they were delivered, so that a newer steward, or other types, dates, numbers,
/// regions and columns in steward.toml, can reach them without the files. Records whose values change get
/// a revision; all others stay as they are, and so do corrections, pins and closed records. A value that
/// could be read in several ways is counted; it keeps what it had by the same type, and is unreadable by
/// another until steward.toml says how it is written.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward reread --dry-run\n  steward reread --source crm\n  \
    steward undo I12")]
pub struct Arguments {
    /// Read the records of this source only.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Count what would change and show ten examples, but write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Reads again what is held.
///
/// # Errors
/// When there is no such source, it was interrupted, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.dry_run)?;
    let source = arguments.source.as_deref().map(SourceName::new);
    reread(&entry, Reread { source, undoes: None, dry_run: arguments.dry_run }, output)
}

/// Takes a reread back.
///
/// # Errors
/// When it is no reread, it was interrupted, or the workspace cannot be written.
pub fn undo(
    entry: &Entry,
    import: ImportId,
    dry_run: bool,
    output: &Output,
) -> anyhow::Result<Code> {
    reread(entry, Reread { source: None, undoes: Some(import), dry_run }, output)
}

fn reread(entry: &Entry, request: Reread, output: &Output) -> anyhow::Result<Code> {
    let watch = Watch::new()?;
    let dry_run = request.dry_run;
    let outcome = entry.run(request, Streams::default(), &mut watch.following());
    watch.clear();
    let outcome = outcome?;
    if output.json {
        output.object(&to_json(&outcome, dry_run))?;
    } else {
        tell(&outcome, dry_run, output)?;
    }
    Ok(Code::Done)
}

fn to_json(outcome: &RereadOutcome, dry_run: bool) -> serde_json::Value {
    let counts = |counts: &[(FieldName, u64)]| -> Map<String, serde_json::Value> {
        counts.iter().map(|(field, count)| (field.to_string(), json!(count))).collect()
    };
    json!({
        "undoes": outcome.undoes,
        "sources": outcome.sources,
        "read": outcome.read(),
        "changed": outcome.changed(),
        "fields": counts(&outcome.fields),
        "undecided": counts(&outcome.undecided),
        "unreadable": counts(&outcome.unreadable),
        "not_kept": counts(&outcome.lost),
        "unreadable_corrections": outcome.corrections,
        "unreadable_pins": outcome.pins,
        "examples": outcome.examples,
        "tasks": outcome.tasks,
        "dry_run": dry_run,
    })
}

fn tell(outcome: &RereadOutcome, dry_run: bool, output: &Output) -> io::Result<()> {
    for RereadOf { source, import, read, changed } in &outcome.sources {
        let id = import.map_or(String::new(), |id| format!("{id}: "));
        let read = counted(*read, "record", "records");
        let would = if dry_run { "would change" } else { "changed" };
        let changed = indicatif::HumanCount(*changed);
        output.line(&format!("{id}{source}: {read} read, {changed} {would}"))?;
    }
    if !outcome.fields.is_empty() {
        output.line(&format!("  by field: {}", by_field(&outcome.fields)))?;
    }
    for example in &outcome.examples {
        output.line(&format!("  {}", line(example)))?;
    }
    if !outcome.undecided.is_empty() {
        let fields = by_field(&outcome.undecided);
        say(&format!("  undecided, since they could be read in several ways: {fields}"));
        say(
            "  say how they are written: `dates`, `numbers` or `region` of the source in steward.toml",
        );
    }
    if !outcome.unreadable.is_empty() {
        let unreadable = if dry_run { "would become unreadable" } else { "unreadable now" };
        say(&format!("  {unreadable}: {}", by_field(&outcome.unreadable)));
    }
    if !outcome.lost.is_empty() {
        let fields = by_field(&outcome.lost);
        say(&format!("  left as they are, since their column was not kept as text: {fields}"));
        say("  import the file again to read it");
    }
    if outcome.corrections + outcome.pins > 0 {
        let corrections = counted(outcome.corrections, "correction", "corrections");
        let pins = counted(outcome.pins, "pin", "pins");
        let which = match (outcome.corrections, outcome.pins) {
            (_, 0) => corrections,
            (0, _) => pins,
            _ => format!("{corrections} and {pins}"),
        };
        say(&format!(
            "  {which} cannot be read by today's settings and count as unreadable: correct them again, or \
             undo them"
        ));
    }
    if outcome.tasks > 0 {
        let tasks = counted(outcome.tasks, "task", "tasks");
        say(&format!("{tasks} for invalid records: steward tasks --kind invalid"));
    }
    if let Some(undoes) = outcome.undoes {
        return tell_undone(outcome, undoes, dry_run);
    }
    let written: Vec<String> =
        outcome.sources.iter().filter_map(|of| of.import).map(|id| id.to_string()).collect();
    if dry_run {
        say("nothing was written (--dry-run)");
    } else if written.is_empty() {
        say("nothing changed, nothing was written");
    } else {
        say(&format!("next: steward match; take it back: steward undo {}", written.join(" ")));
    }
    Ok(())
}

/// What became of a reread that was to be taken back.
fn tell_undone(outcome: &RereadOutcome, undoes: ImportId, dry_run: bool) -> io::Result<()> {
    if outcome.changed() == 0 {
        say(&format!(
            "nothing of {undoes} is left to undo: its records were undone, read again or delivered since"
        ));
    } else if dry_run {
        say("nothing was written (--dry-run)");
    } else {
        let by = outcome.sources.iter().filter_map(|of| of.import).map(|id| id.to_string());
        let by: Vec<String> = by.collect();
        say(&format!("undid {undoes}; take that back: steward undo {}", by.join(" ")));
    }
    Ok(())
}

fn by_field(counts: &[(FieldName, u64)]) -> String {
    let counts = counts.iter().map(|(field, count)| format!("{field} {count}"));
    clean(&counts.collect::<Vec<_>>().join(", "))
}

/// One value: what was delivered, and what was made of it before and is now.
fn line(example: &RereadExample) -> String {
    let RereadExample { record, field, raw, before, after } = example;
    let read = |value: &Option<Shown>| match value {
        Some(value) => clean(value.as_str()),
        None if raw.is_none() => "(none)".to_owned(),
        None => "(not read)".to_owned(),
    };
    let raw = match raw {
        Some(raw) => format!(" \"{}\":", clean(raw.as_str())),
        None => ":".to_owned(),
    };
    let record = clean(&record.to_string());
    clean(&format!("{record} {field}{raw} {} -> {}", read(before), read(after)))
}
