//! `steward import`: a file's rows become records.

use std::io;
use std::path::PathBuf;

use serde_json::json;

use super::code::Code;
use super::delivery::{self, DeliveryArguments};
use super::entry::Entry;
use super::input::Input;
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::{clean, counted};
use domain::SourceName;
use door::Streams;
use door::operations::Import;
use door::views::ImportOutcome;
use intake::acquire::{FORMATS, Format};

/// Import a file of one source; rows that cannot become records are put aside, whole.
///
/// Importing the same file again changes nothing; an interrupted import is completed by running it
/// again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward import crm.csv --source crm")]
pub struct Arguments {
    /// The file; - reads standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The source, as in steward.toml.
    #[arg(long, value_name = "NAME")]
    source: String,
    /// csv, tsv or jsonl; found out where it is not said.
    #[arg(long, value_name = "F", value_parser = format)]
    format: Option<Format>,
    /// End with code 3 when a row was quarantined.
    #[arg(long)]
    strict: bool,
    /// Count, but write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    delivery: DeliveryArguments,
}

/// A format by its name.
pub fn format(text: &str) -> Result<Format, String> {
    let names: Vec<&str> = FORMATS.iter().map(|entry| entry.name).collect();
    Format::from_name(text).ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

/// Imports a file.
///
/// # Errors
/// When the file cannot be used or was cancelled, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let input = Input::open(&arguments.file)?;
    let entry = invocation.open_for(arguments.dry_run)?;
    let mut request = Import {
        format: arguments.format.map(|format| format.name().to_owned()),
        dry_run: arguments.dry_run,
        delivery: arguments.delivery.delivery(),
        ..Import::of(SourceName::new(&arguments.source), &input.name)
    };
    let is_file = input.length.is_some();
    let mut outcome = import(&entry, &request, input)?;
    if let Some(held) = outcome.held_back
        && is_file
        && !request.dry_run
        && invocation.asks()
        && delivery::confirms(&outcome, &held)?
    {
        outcome.held_back = None;
        tell_as(&request, &outcome, output)?;
        // The rows are known by now: only what vanished is left to be done.
        request.delivery.accept_vanished = true;
        outcome = import(&entry, &request, Input::open(&arguments.file)?)?;
    }
    tell_as(&request, &outcome, output)?;
    Ok(match outcome.held_back {
        Some(_) => Code::Refused,
        None if arguments.strict && outcome.report.quarantined > 0 => Code::Rejects,
        None => Code::Done,
    })
}

/// Has a file imported, with its progress shown.
///
/// # Errors
/// When the file cannot be used or was cancelled, or the workspace cannot be written.
pub fn import(entry: &Entry, request: &Import, input: Input) -> anyhow::Result<ImportOutcome> {
    let Input { content, length, .. } = input;
    let (watch, input) = Watch::of(content, length)?;
    let streams = Streams::of(input);
    let outcome = entry.run(request.clone(), streams, &mut watch.following());
    watch.clear();
    outcome
}

fn tell_as(request: &Import, outcome: &ImportOutcome, output: &Output) -> anyhow::Result<()> {
    if output.json {
        output.object(&to_json(request, outcome))?;
    } else {
        tell(request, outcome, output)?;
    }
    Ok(())
}

/// What programs are told of an import.
pub fn to_json(request: &Import, outcome: &ImportOutcome) -> serde_json::Value {
    let report = &outcome.report;
    let named = outcome.quarantined.iter();
    let named: Vec<_> =
        named.map(|(line, reason)| json!({ "line": line, "reason": reason })).collect();
    let mut object = json!({
        "import": outcome.import,
        "source": request.source,
        "file": request.file,
        "format": outcome.format,
        "dry_run": request.dry_run,
        "read": report.read,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "quarantined": report.quarantined,
        "suppressed": report.suppressed,
        "tasks": outcome.tasks,
        "first_quarantined": named,
    });
    if let (Some(fields), serde_json::Value::Object(more)) =
        (object.as_object_mut(), delivery::to_json(outcome))
    {
        fields.extend(more);
    }
    object
}

/// Tells people of an import.
pub fn tell(request: &Import, outcome: &ImportOutcome, output: &Output) -> io::Result<()> {
    let report = &outcome.report;
    let file = clean(&request.file);
    let id = outcome.import.map_or(String::new(), |id| format!("{id}: "));
    output.line(&format!("{id}{file} as {} ({})", request.source, outcome.format))?;
    output.line(&format!(
        "  {} read: {} new, {} changed, {} unchanged, {} quarantined",
        report.read, report.new, report.changed, report.unchanged, report.quarantined
    ))?;
    for line in delivery::lines(outcome) {
        output.line(&format!("  {line}"))?;
    }
    if report.suppressed > 0 {
        output.line(&format!("  {} of people who were erased: left out", report.suppressed))?;
    }
    for (line, reason) in &outcome.quarantined {
        say(&format!("  quarantined: line {line}: {}", clean(reason)));
    }
    if report.quarantined > 0 {
        let more = report.quarantined - outcome.quarantined.len() as u64;
        let more = if more > 0 { format!("and {more} more; ") } else { String::new() };
        say(&format!(
            "  {more}list them, mend them and import them again: steward export quarantine"
        ));
    }
    delivery::tell(outcome);
    if outcome.tasks > 0 {
        let tasks = counted(outcome.tasks, "task", "tasks");
        say(&format!("{tasks} for invalid records: steward tasks --kind invalid"));
    }
    if request.dry_run {
        say("nothing was written (--dry-run)");
    } else if report.new + report.changed + report.closed + report.returned > 0 {
        say("next: import the other sources, then: steward match");
    }
    Ok(())
}
