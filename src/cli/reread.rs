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
use door::views::{RereadExample, RereadOf, RereadOutcome, WhyGone};

/// Reread the data held with today's rules and settings, as if it had just been delivered.
///
/// Values are kept as delivered, so a newer steward, or other types, dates, numbers,
/// regions and columns in steward.toml, can be applied without the files. Records whose values change get
/// a revision; the rest stay as they are, and so do corrections, pins and closed records. A value that
/// could be read in several ways is counted; under the same type it keeps its reading, and under
/// another type it is unreadable until steward.toml says how it is written.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward reread --dry-run\n  steward reread --source crm\n  \
    steward undo I12")]
pub struct Arguments {
    /// Only records of this source.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Count what would change and show ten examples; write nothing.
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

/// Takes an import or a reread back.
///
/// # Errors
/// When there is none, it was interrupted, or the workspace cannot be written.
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
    let columns = outcome.columns.iter().map(|(column, count)| (column.clone(), json!(count)));
    let columns: Map<String, serde_json::Value> = columns.collect();
    json!({
        "undoes": outcome.undoes,
        "sources": outcome.sources,
        "read": outcome.read(),
        "changed": outcome.changed(),
        "fields": counts(&outcome.fields),
        "unmapped_columns": columns,
        "undecided": counts(&outcome.undecided),
        "unreadable": counts(&outcome.unreadable),
        "not_kept": counts(&outcome.lost),
        "unreadable_corrections": outcome.corrections,
        "unreadable_pins": outcome.pins,
        "examples": outcome.examples,
        "ended": outcome.ended,
        "tasks": outcome.tasks,
        "dry_run": dry_run,
    })
}

fn tell(outcome: &RereadOutcome, dry_run: bool, output: &Output) -> io::Result<()> {
    for of in &outcome.sources {
        output.line(&source_line(of, dry_run))?;
    }
    if !outcome.fields.is_empty() {
        output.line(&format!("  by field: {}", by_field(&outcome.fields)))?;
    }
    if !outcome.columns.is_empty() {
        let columns = outcome.columns.iter().map(|(column, count)| format!("`{column}` {count}"));
        let columns = clean(&columns.collect::<Vec<_>>().join(", "));
        output.line(&format!("  in columns that no field maps: {columns}"))?;
    }
    for example in &outcome.examples {
        output.line(&format!("  {}", line(example)))?;
    }
    if !outcome.undecided.is_empty() {
        let fields = by_field(&outcome.undecided);
        say(&format!("  undecided, because they could be read in several ways: {fields}"));
        say("  set `dates`, `numbers` or `region` for the source in steward.toml");
    }
    if !outcome.unreadable.is_empty() {
        let unreadable = if dry_run { "would become unreadable" } else { "unreadable now" };
        say(&format!("  {unreadable}: {}", by_field(&outcome.unreadable)));
    }
    if !outcome.lost.is_empty() {
        let fields = by_field(&outcome.lost);
        say(&format!("  left as they are, because their column was not kept as text: {fields}"));
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
            "  {which} cannot be read with today's settings and count as unreadable: correct them again, or \
             undo them"
        ));
    }
    if outcome.ended > 0 {
        let records = counted(outcome.ended, "record", "records");
        let (is, ends) = match (outcome.ended, dry_run) {
            (1, false) => ("is", "was"),
            (_, false) => ("are", "was"),
            (1, true) => ("would be", "is"),
            (_, true) => ("would be", "is"),
        };
        say(&format!(
            "{records} of which somebody else's delivery {ends} held back {is} of the same customer by \
             these settings: what was delivered {is} in force, and the task is settled"
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
        say(&format!("next: steward match; to undo: steward undo {}", written.join(" ")));
    }
    Ok(())
}

/// What became of one source.
fn source_line(of: &RereadOf, dry_run: bool) -> String {
    let id = of.import.map_or(String::new(), |id| format!("{id}: "));
    if let Some(stream) = &of.stream {
        let withdrawn = counted(of.withdrawn, "activity", "activities");
        let (withdraw, again) = match dry_run {
            true => ("would be withdrawn", "would count again"),
            false => ("withdrawn", "count again"),
        };
        let restored = count_of(of.restored);
        return format!("{id}{stream}: {withdrawn} {withdraw}, {restored} {again}");
    }
    let read = counted(of.read, "record", "records");
    let would = if dry_run { "would change" } else { "changed" };
    let count = count_of;
    let mut line = format!("{id}{}: {read} read, {} {would}", of.source, count(of.changed));
    for (records, would, did) in [
        (of.closed, "would be closed", "closed"),
        (of.returned, "would be open again", "open again"),
        (of.missing, "would be missing again", "missing again"),
        (of.found, "would no longer be missing", "no longer missing"),
        (of.held, "would be held back or asked about again", "held back or asked about again"),
        (of.unheld, "would no longer be somebody else's", "no longer somebody else's"),
        (of.layered, "would have other corrections", "with other corrections"),
    ] {
        if records > 0 {
            let did = if dry_run { would } else { did };
            line.push_str(&format!(", {} {did}", count(records)));
        }
    }
    for (rows, would, did) in [
        (of.released, "would leave the quarantine", "left the quarantine"),
        (of.set_aside, "would be back in quarantine", "back in quarantine"),
    ] {
        if rows > 0 {
            let did = if dry_run { would } else { did };
            line.push_str(&format!(", {} {did}", counted(rows, "row", "rows")));
        }
    }
    line
}

fn count_of(count: u64) -> indicatif::HumanCount {
    indicatif::HumanCount(count)
}

/// What became of an import or a reread that was to be taken back.
fn tell_undone(outcome: &RereadOutcome, undoes: ImportId, dry_run: bool) -> io::Result<()> {
    if outcome.left > 0 {
        let (left, stay) = match outcome.left {
            1 => ("1 record".to_owned(), "stays as it is"),
            left => (counted(left, "record", "records"), "stay as they are"),
        };
        let since: Vec<String> = outcome.since.iter().rev().map(ToString::to_string).collect();
        let first = match &since[..] {
            [] => String::new(),
            since => format!("; to undo that too, run steward undo {} first", since.join(" ")),
        };
        say(&format!("{left} that {undoes} changed {stay}: read again or delivered since{first}"));
    }
    if outcome.is_empty() {
        let left = if outcome.left > 0 { "was undone" } else { "remains to be undone" };
        say(&format!("nothing of {undoes} {left}"));
    } else if dry_run {
        say("nothing was written (--dry-run)");
    } else {
        let by = outcome.sources.iter().filter_map(|of| of.import).map(|id| id.to_string());
        let by: Vec<String> = by.collect();
        say(&format!("undid {undoes}; to redo: steward undo {}", by.join(" ")));
    }
    Ok(())
}

fn by_field(counts: &[(FieldName, u64)]) -> String {
    let counts = counts.iter().map(|(field, count)| format!("{field} {count}"));
    clean(&counts.collect::<Vec<_>>().join(", "))
}

/// One value: what was delivered, and what was made of it before and is now.
fn line(example: &RereadExample) -> String {
    let RereadExample { record, field, raw, before, after, gone, was_empty } = example;
    let before_it = was_empty.then_some(&WhyGone::Empty);
    let read = |value: &Option<Shown>, gone: Option<&WhyGone>| match (value, gone) {
        (Some(value), _) => clean(value.as_str()),
        (None, Some(WhyGone::NotMapped)) => "(no longer mapped)".to_owned(),
        (None, Some(WhyGone::SaysNothing)) => "(counts as empty)".to_owned(),
        (None, Some(WhyGone::NotDelivered(columns))) => {
            let columns: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
            format!("(no column {})", columns.join(", "))
        }
        (None, Some(WhyGone::Empty)) => "(none)".to_owned(),
        (None, None) if raw.is_none() => "(none)".to_owned(),
        (None, None) => "(not read)".to_owned(),
    };
    let raw = match raw {
        Some(raw) => format!(" \"{}\":", clean(raw.as_str())),
        None => ":".to_owned(),
    };
    let record = clean(&record.to_string());
    clean(&format!(
        "{record} {field}{raw} {} -> {}",
        read(before, before_it),
        read(after, gone.as_ref())
    ))
}
