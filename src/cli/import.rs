//! `steward import`: a file's rows become records.

use std::io;
use std::path::PathBuf;

use serde_json::json;

use super::code::Code;
use super::input::Input;
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::{clean, counted};
use domain::{Skipped, SourceName};
use door::Streams;
use door::operations::{Import, TextFile};
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
    /// csv, tsv, jsonl (any JSON), xlsx, xlsb, xls or ods; found out where it is not said.
    #[arg(long, value_name = "F", value_parser = format)]
    format: Option<Format>,
    /// The encoding of a text file, such as windows-1250, cp850 or Shift_JIS; found out where it is not said.
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<String>,
    /// What parts cells: one sign, or comma, semicolon, tab, pipe; found out where it is not said.
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    delimiter: Option<String>,
    /// The line of the header, of a workbook its row, counted from 1; found out where it is not said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    header_row: Option<u64>,
    /// The sheet of a workbook; the first in which something stands where it is not said.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Where in a JSON object the list of records stands, such as data.customers.
    #[arg(long, value_name = "PATH")]
    records: Option<String>,
    /// End with code 3 when a row was quarantined.
    #[arg(long)]
    strict: bool,
    /// Count, but write nothing.
    #[arg(long)]
    dry_run: bool,
}

fn format(text: &str) -> Result<Format, String> {
    let names: Vec<&str> = FORMATS.iter().map(|entry| entry.name).collect();
    Format::from_name(text).ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

fn encoding(text: &str) -> Result<String, String> {
    let name = settings::encoding_name(text).map(str::to_owned);
    name.ok_or_else(|| "no encoding goes by that name".to_owned())
}

fn delimiter(text: &str) -> Result<String, String> {
    let expected = "expected one sign that is no letter, digit or quote, or a name such as tab";
    settings::delimiter(text).map(|_| text.to_owned()).ok_or_else(|| expected.to_owned())
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
    let Input { content, name: file, length } = Input::open(&arguments.file)?;
    let entry = invocation.open_for(arguments.dry_run)?;
    let (watch, input) = Watch::of(content, length)?;
    let request = Import {
        source: SourceName::new(&arguments.source),
        file,
        format: arguments.format.map(|format| format.name().to_owned()),
        dry_run: arguments.dry_run,
        written: TextFile {
            encoding: arguments.encoding.clone(),
            delimiter: arguments.delimiter.clone(),
            header_row: arguments.header_row,
            sheet: arguments.sheet.clone(),
            records: arguments.records.clone(),
        },
    };
    let streams = Streams::of(input);
    let outcome = entry.run(request.clone(), streams, &mut watch.following());
    watch.clear();
    let outcome = outcome?;
    if output.json {
        output.object(&to_json(&request, &outcome))?;
    } else {
        tell(&request, &outcome, output)?;
    }
    let rejects = arguments.strict && outcome.report.quarantined > 0;
    Ok(if rejects { Code::Rejects } else { Code::Done })
}

fn to_json(request: &Import, outcome: &ImportOutcome) -> serde_json::Value {
    let report = &outcome.report;
    let named = outcome.quarantined.iter();
    let named: Vec<_> =
        named.map(|(line, reason)| json!({ "line": line, "reason": reason })).collect();
    json!({
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
        "skipped": skipped_to_json(&report.skipped),
        "tasks": outcome.tasks,
        "first_quarantined": named,
    })
}

fn skipped_to_json(skipped: &Skipped) -> serde_json::Value {
    json!({
        "blank": skipped.blank,
        "repeated_headers": skipped.headers,
        "above_the_header": skipped.above,
        "below_the_table": skipped.below,
        "repeated_rows": skipped.repeated,
        "rows_that_end_early": skipped.ended_early,
    })
}

fn tell(request: &Import, outcome: &ImportOutcome, output: &Output) -> io::Result<()> {
    let report = &outcome.report;
    let file = clean(&request.file);
    let id = outcome.import.map_or(String::new(), |id| format!("{id}: "));
    output.line(&format!("{id}{file} as {} ({})", request.source, outcome.format))?;
    output.line(&format!(
        "  {} read: {} new, {} changed, {} unchanged, {} quarantined",
        report.read, report.new, report.changed, report.unchanged, report.quarantined
    ))?;
    let skipped = report.skipped.to_string();
    if !skipped.is_empty() {
        output.line(&format!("  {skipped} skipped"))?;
    }
    if report.skipped.ended_early > 0 {
        let rows = counted(report.skipped.ended_early, "row ends early", "rows end early");
        output.line(&format!("  {rows}: the cells that are missing are read as empty"))?;
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
    if outcome.tasks > 0 {
        let tasks = counted(outcome.tasks, "task", "tasks");
        say(&format!("{tasks} for invalid records: steward tasks --kind invalid"));
    }
    if request.dry_run {
        say("nothing was written (--dry-run)");
    } else if report.new + report.changed > 0 {
        say("next: import the other sources, then: steward match");
    }
    Ok(())
}
