//! `steward export`: a data set leaves the workspace, whole, and that it did is recorded.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::Timestamp;
use serde_json::json;

use super::failure::{Code, Usage, say};
use super::output::{Output, WholeFile};
use super::progress::Watch;
use super::session::Session;
use super::text::{clean, counted};
use super::{export_events, moment};
use crate::desk::Desk;
use crate::desk::jobs::{DATASETS, Dataset, EVENTS, ExportOutcome, ExportRequest};
use crate::export::{FORMATS, Format};

/// Write a data set to standard output or a file; every export is recorded in the ledger.
///
/// records, golden (customers), xref (whose record is whose), decisions (the log), corrections (the
/// way back to the sources' owners), tasks, pairs (scored), violations, quarantine; events: all that
/// can be read of the ledger, also of a damaged one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward export golden -o golden.csv\n  \
    steward export golden --at 2026-03-02 -o then.csv\n  \
    steward export decisions --since 2026-01-01 --format jsonl")]
pub struct Arguments {
    /// records, golden, xref, decisions, corrections, tasks, pairs, violations, quarantine or events.
    #[arg(value_name = "DATASET", value_parser = dataset)]
    dataset: Wanted,
    /// csv or jsonl; without it by the file's name, else csv.
    #[arg(long, value_name = "F", value_parser = format)]
    format: Option<Format>,
    /// Only what changed since a date (its beginning, UTC) or a time.
    #[arg(long, value_name = "TIME", value_parser = moment::since)]
    since: Option<Timestamp>,
    /// records, golden and xref as they were then: a date (its end, UTC) or a time.
    #[arg(long, value_name = "TIME", value_parser = moment::at, conflicts_with = "since")]
    at: Option<Timestamp>,
    /// The file, which only its owner may read; without it standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Count the rows, but write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// What is asked for: a data set made from the present view, or the ledger's events.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Dataset(Dataset),
    Events,
}

fn dataset(text: &str) -> Result<Wanted, String> {
    if text == EVENTS {
        return Ok(Wanted::Events);
    }
    let names: Vec<&str> = DATASETS.iter().map(|entry| entry.name).chain([EVENTS]).collect();
    let found = Dataset::from_name(text).map(Wanted::Dataset);
    found.ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

fn format(text: &str) -> Result<Format, String> {
    let names: Vec<&str> = FORMATS.iter().map(|entry| entry.name).collect();
    Format::from_name(text).ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

/// Exports a data set.
///
/// # Errors
/// When the output cannot be written, it was cancelled, or the workspace cannot be written.
pub fn run(arguments: &Arguments, session: &Session, output: &Output) -> anyhow::Result<Code> {
    let file = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
    let name = file.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let of_output = match &name {
        Some(name) => Format::of_file(name),
        // A list asked for as JSON is JSON Lines.
        None => output.json.then_some(Format::JsonLines),
    };
    let format = arguments.format.or(of_output).unwrap_or(Format::Csv);
    let destination = name.unwrap_or_else(|| "-".to_owned());
    let dry_run = arguments.dry_run;
    let Wanted::Dataset(dataset) = arguments.dataset else {
        if arguments.since.is_some() || arguments.at.is_some() {
            return Err(Usage::error("events are exported whole: leave --since and --at away"));
        }
        let wanted = export_events::Wanted { format, file, destination: &destination, dry_run };
        return export_events::run(&wanted, session, output);
    };
    let (since, at) = (arguments.since, arguments.at);
    let request = ExportRequest { dataset, format, since, at, destination, dry_run };
    let mut desk = session.open_to_read()?;
    let outcome = write(&mut desk, &request, file)?;
    // The data may have gone to standard output: what is said about it then goes beside it.
    if output.json && (file.is_some() || request.dry_run) {
        output.object(&json!({
            "dataset": request.dataset.name(),
            "format": request.format.name(),
            "file": file,
            "rows": outcome.rows,
            "up_to": outcome.up_to,
            "hash": outcome.chain,
            "dry_run": request.dry_run,
        }))?;
    } else {
        tell(&request, &outcome, file);
    }
    if desk.is_reading_only() && !dry_run {
        say("note: this export is not recorded, since the workspace cannot be written");
    }
    Ok(Code::Done)
}

fn write(
    desk: &mut Desk,
    request: &ExportRequest,
    file: Option<&Path>,
) -> anyhow::Result<ExportOutcome> {
    let watch = Watch::new()?;
    let Some(path) = file.filter(|_| !request.dry_run) else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let outcome = desk.export(request, &mut out, &watch);
        watch.clear();
        let outcome = outcome?;
        out.flush()?;
        return Ok(outcome);
    };
    let failed = || format!("writing {}", path.display());
    let mut out = WholeFile::begin(path).with_context(failed)?;
    let outcome = desk.export(request, &mut out, &watch);
    watch.clear();
    let outcome = outcome?;
    out.finish().with_context(failed)?;
    Ok(outcome)
}

fn tell(request: &ExportRequest, outcome: &ExportOutcome, file: Option<&Path>) {
    let rows = counted(outcome.rows, "row", "rows");
    let name = request.dataset.name();
    let to =
        file.map_or(String::new(), |path| format!(" to {}", clean(&path.display().to_string())));
    if request.dry_run {
        say(&format!("would export {rows} of {name}{to}; nothing was written (--dry-run)"));
    } else {
        say(&format!("exported {rows} of {name}{to}, up to commit {}", outcome.up_to));
    }
}
