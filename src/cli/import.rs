//! `steward import`: a file's rows become records.

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use serde_json::json;

use super::code::Code;
use super::input::Input;
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::{clean, counted};
use domain::{DateOrder, NumberStyle, Skipped, SourceName};
use door::operations::{Import, TextFile};
use door::views::{ImportOutcome, PreviewRow, PreviewValue};
use door::{Failure, Streams};
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
    /// Count, and show the first rows as they would be read, but write nothing.
    #[arg(long)]
    dry_run: bool,
    /// The order of its dates: day-first, month-first or year-first; else steward.toml says it, or the
    /// values prove it.
    #[arg(long, value_name = "ORDER", value_parser = order)]
    dates: Option<DateOrder>,
    /// How its numbers are written, by an example such as 1.234,56; else as for dates.
    #[arg(long, value_name = "EXAMPLE", value_parser = style)]
    numbers: Option<NumberStyle>,
}

fn order(text: &str) -> Result<DateOrder, String> {
    let known = || DateOrder::ALL.map(DateOrder::name).join(", ");
    DateOrder::from_name(text).ok_or_else(|| format!("expected one of {}", known()))
}

fn style(text: &str) -> Result<NumberStyle, String> {
    let known = || NumberStyle::ALL.map(|style| format!("\"{style}\"")).join(", ");
    NumberStyle::from_example(text).ok_or_else(|| {
        format!("it does not show what parts thousands and decimals; write one of {}", known())
    })
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
    let mut input = Input::open(&arguments.file)?;
    let entry = invocation.open_for(arguments.dry_run)?;
    let mut request = Import {
        format: arguments.format.map(|format| format.name().to_owned()),
        dry_run: arguments.dry_run,
        written: TextFile {
            encoding: arguments.encoding.clone(),
            delimiter: arguments.delimiter.clone(),
            header_row: arguments.header_row,
            sheet: arguments.sheet.clone(),
            records: arguments.records.clone(),
        },
        dates: arguments.dates,
        numbers: arguments.numbers,
        ..Import::of(SourceName::new(&arguments.source), input.name.clone())
    };
    let outcome = loop {
        let (watch, content) = Watch::of(input.content, input.length)?;
        let outcome = entry.run(request.clone(), Streams::of(content), &mut watch.following());
        watch.clear();
        match outcome {
            Ok(outcome) => break outcome,
            Err(error) => {
                // What came once cannot be read again, and a program is not asked.
                let is_asked = input.length.is_some() && !output.json;
                if !(is_asked && is_answered(&error, &mut request)?) {
                    return Err(error);
                }
                input = Input::open(&arguments.file)?;
            }
        }
    };
    if output.json {
        output.object(&to_json(&request, &outcome))?;
    } else {
        tell(&request, &outcome, output)?;
    }
    let rejects = arguments.strict && outcome.report.quarantined > 0;
    Ok(if rejects { Code::Rejects } else { Code::Done })
}

/// Asks on the terminal what nothing else tells, one thing at a time; whether it was answered.
fn is_answered(error: &anyhow::Error, request: &mut Import) -> io::Result<bool> {
    let failure = error.downcast_ref::<Failure>();
    let undecided = failure.and_then(|failure| failure.undecided.as_ref()?.columns.first());
    let is_asked = io::stdin().is_terminal() && io::stderr().is_terminal();
    let Some(column) = undecided.filter(|_| is_asked) else { return Ok(false) };
    say(&clean(&error.to_string()));
    let choices = column.choices.join(" or ");
    say(&clean(&format!("{} of {}: {choices}?", column.key, column.field)));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    let answer = answer.trim();
    if !column.choices.iter().any(|choice| choice == answer) {
        return Ok(false);
    }
    match column.key.as_str() {
        "dates" => request.dates = DateOrder::from_name(answer),
        _ => request.numbers = NumberStyle::from_example(answer),
    }
    Ok(true)
}

/// The first rows as they would be read: what was delivered, and its standard form where that is
/// another.
fn show(rows: &[PreviewRow], output: &Output) -> io::Result<()> {
    for row in rows {
        output.line(&format!("  line {}, {}", row.line, clean(&row.key)))?;
        for PreviewValue { field, raw, standard } in &row.values {
            let raw = clean(raw.as_str());
            let read = match standard {
                None => " (cannot be read)".to_owned(),
                Some(standard) if clean(standard.as_str()) == raw => String::new(),
                Some(standard) => format!(" -> {}", clean(standard.as_str())),
            };
            output.line(&format!("    {field}: {raw}{read}"))?;
        }
    }
    Ok(())
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
        "reading": outcome.reading,
        "assumed": outcome.reading.assumptions(),
        "remarks": outcome.reading.remarks(),
        "preview": outcome.preview,
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
    show(&outcome.preview, output)?;
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
    let assumed = outcome.reading.assumptions();
    if !assumed.is_empty() {
        output.line(&format!("  assumed: {}", clean(&assumed.join("; "))))?;
    }
    for remark in outcome.reading.remarks() {
        say(&format!("  {}", clean(&remark)));
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
