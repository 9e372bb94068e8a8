//! `steward export`: a data set leaves the workspace, whole, and that it did is recorded.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::json;

use super::code::Code;
use super::data::Shared;
use super::entry::Entry;
use super::export_star::{self, STAR};
use super::failure::Usage;
use super::invocation::Invocation;
use super::output::{Output, WholeFile};
use super::progress::Watch;
use super::say::say;
use super::text::{clean, counted};
use super::{data, export_events, moment};
use desk::export::{FORMATS, Format};
use desk::jobs::{DATASETS, Dataset, EVENTS, MODEL};
use desk::{OutputFile, WayOut};
use domain::expression::Expression;
use door::Streams;
use door::operations::{About, CsvForm, Destination, Export, ExportModel, UsedFor};
use door::views::{ExportOutcome, ExportedModel};
use matching::Kind;
use matching::splink::{Dialect, kind_name};

/// Write a data set to standard output or a file. Every export is recorded in the ledger before its
/// first byte leaves, and refused if that record cannot be written.
///
/// records, golden (customers), xref (which record belongs to which customer), decisions (the log), corrections (the
/// way back to the sources' owners), tasks, pairs (scored), violations, quarantine, vanished (what
/// complete deliveries no longer held), labels (what people decided about pairs of records, in
/// the form `decide --from` reads: id_l, id_r, label), activities (what customers did, whose it is, and
/// what led there); events: all that
/// can be read of the ledger, even a damaged one; and model: what the last matching run learned,
/// as Splink settings (JSON) over the columns of records. bi writes a folder of tables for dashboards:
/// customers, records, tasks, decisions, quality, and a README that describes their columns.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward export golden -o golden.csv\n  \
    steward export golden --at 2026-03-02 -o then.csv\n  \
    steward export decisions --since 2026-01-01 --format jsonl\n  \
    steward export violations --where 'severity = error and field = email'\n  \
    steward export golden --bom --delimiter semicolon -o for-excel.csv\n  \
    steward export golden --segment lapsed_best -o lapsed.csv\n  \
    steward export bi -o dashboards\n  \
    steward export records -o records.parquet\n  \
    steward export model --dialect spark -o model.json")]
pub struct Arguments {
    /// records, golden, xref, decisions, corrections, tasks, pairs, violations, quarantine,
    /// vanished, labels, activities, events, model or bi.
    #[arg(value_name = "DATASET", value_parser = wanted)]
    dataset: Wanted,
    /// csv, jsonl or parquet; default: from the file name, otherwise csv.
    #[arg(long, value_name = "F", value_parser = format)]
    format: Option<Format>,
    /// Only what changed since a date (from its start, in your time zone) or a time.
    #[arg(long, value_name = "TIME", value_parser = moment::since)]
    since: Option<Timestamp>,
    /// records, golden and xref as they were at a date (its end, in your time zone) or a time.
    #[arg(long, value_name = "TIME", value_parser = moment::at, conflicts_with = "since")]
    at: Option<Timestamp>,
    /// Only rows that match the expression; columns: those of the data set.
    #[arg(long = "where", value_name = "EXPR")]
    filter: Option<String>,
    /// Golden records only: customers in this segment of steward.toml.
    #[arg(long, value_name = "SEGMENT", conflicts_with_all = ["at", "purpose"])]
    segment: Option<String>,
    /// Golden records only: customers that may be used for this purpose of steward.toml, with the fields that are
    /// used for it. Leaves out whoever has not consented, and whoever restricted, objected or opted out.
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// With --purpose: the channel. Default: any, so that whoever does not permit each of them is left out.
    #[arg(long, value_name = "CHANNEL", requires = "purpose")]
    channel: Option<String>,
    /// The output file, readable only by its owner; an existing one is replaced only with --force.
    /// Default: standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it exists.
    #[arg(long, requires = "output")]
    force: bool,
    /// Count the rows; write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Begin CSV with a byte order mark, which tells spreadsheets that the file is UTF-8.
    #[arg(long)]
    bom: bool,
    /// The CSV delimiter: one character, or comma, semicolon, tab, pipe.
    #[arg(long, value_name = "SIGN")]
    delimiter: Option<String>,
    /// For a model: person or organisation; default: the only kind there is, otherwise person.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<Kind>,
    /// For a model, the SQL dialect of its conditions: duckdb (default), spark or athena.
    #[arg(long, value_name = "SQL", value_parser = dialect)]
    dialect: Option<Dialect>,
}

impl Arguments {
    /// Whether only a part is wanted, or what was.
    fn is_narrowed(&self) -> bool {
        let some = [&self.filter, &self.purpose, &self.segment].into_iter().any(Option::is_some);
        some || self.since.is_some() || self.at.is_some()
    }
}

/// What is asked for: a data set made from the view, the ledger's events, or the model.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Dataset(Dataset),
    Events,
    Model,
    Star,
}

fn wanted(text: &str) -> Result<Wanted, String> {
    match text {
        EVENTS => return Ok(Wanted::Events),
        MODEL => return Ok(Wanted::Model),
        STAR => return Ok(Wanted::Star),
        _ => {}
    }
    let names: Vec<&str> =
        DATASETS.iter().map(|entry| entry.name).chain([EVENTS, MODEL, STAR]).collect();
    let found = Dataset::from_name(text).map(Wanted::Dataset);
    found.ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

fn kind(text: &str) -> Result<Kind, String> {
    let known = [Kind::Person, Kind::Organisation].into_iter().find(|it| kind_name(*it) == text);
    known.ok_or_else(|| "expected person or organisation".to_owned())
}

fn dialect(text: &str) -> Result<Dialect, String> {
    let known = Dialect::ALL.into_iter().find(|it| it.name() == text);
    known.ok_or_else(|| "expected duckdb, spark or athena".to_owned())
}

fn format(text: &str) -> Result<Format, String> {
    let names: Vec<&str> = FORMATS.iter().map(|entry| entry.name).collect();
    Format::from_name(text).ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

/// Exports a data set.
///
/// # Errors
/// When the output cannot be written, it was cancelled, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    if matches!(arguments.dataset, Wanted::Star) {
        return star(arguments, invocation, output);
    }
    let named = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
    let judge = |path| invocation.output_file(path, arguments.force, WayOut::StandardOutput);
    let file = named.map(judge).transpose()?;
    let dataset = match arguments.dataset {
        Wanted::Model => return model(arguments, named, file, invocation, output),
        Wanted::Events | Wanted::Star => None,
        Wanted::Dataset(dataset) => Some(dataset),
    };
    if arguments.kind.is_some() || arguments.dialect.is_some() {
        return Err(Usage::error("--kind and --dialect only apply to `steward export model`"));
    }
    let of_output = match named.and_then(Path::file_name) {
        Some(name) => Format::of_file(&name.to_string_lossy()),
        // A list asked for as JSON is JSON Lines.
        None => output.json.then_some(Format::JsonLines),
    };
    if let (Some(name), None, None) = (named, arguments.format, of_output) {
        must_not_be_called_otherwise(name)?;
    }
    let format = arguments.format.or(of_output).unwrap_or(Format::Csv);
    let is_shown = named.is_none() && std::io::stdout().is_terminal();
    if format == Format::Parquet && is_shown && !arguments.dry_run {
        return Err(Usage::error("Parquet is binary: name a file with --output"));
    }
    let destination = destination(file.as_ref());
    let dry_run = arguments.dry_run;
    let Some(dataset) = dataset else {
        if format == Format::Parquet || arguments.bom || arguments.delimiter.is_some() {
            return Err(Usage::error("events can only be exported as csv or jsonl"));
        }
        if arguments.is_narrowed() {
            return Err(Usage::error(
                "events are exported whole: leave out --since, --at and --where",
            ));
        }
        let wanted = export_events::Wanted { format, named, destination, dry_run };
        return export_events::run(&wanted, file, invocation, output);
    };
    let (since, at) = (arguments.since, arguments.at);
    let (dataset, format) = (dataset.name().to_owned(), format.name().to_owned());
    let csv = CsvForm { delimiter: arguments.delimiter.clone(), bom: arguments.bom };
    let filter = filter(arguments, &dataset)?;
    let used_for = arguments
        .purpose
        .as_ref()
        .map(|purpose| UsedFor { purpose: purpose.clone(), channel: arguments.channel.clone() });
    let request = Export {
        dataset,
        format,
        since,
        at,
        filter,
        with_golden: false,
        used_for,
        csv,
        destination,
        dry_run,
    };
    let (entry, watch) = (invocation.open_to_export(dry_run)?, Watch::new()?);
    let outcome = write(file.filter(|_| !dry_run), |streams| {
        let outcome = entry.run(request.clone(), streams, &mut watch.following());
        watch.clear();
        outcome
    })?;
    // The data may have gone to standard output: what is said about it then goes beside it.
    if output.json && (named.is_some() || request.dry_run) {
        output.object(&json!({
            "dataset": request.dataset,
            "format": request.format,
            "file": named,
            "rows": outcome.rows,
            "up_to": outcome.up_to,
            "hash": outcome.chain,
            "masked": outcome.masked,
            "used_for": outcome.used_for,
            "dry_run": request.dry_run,
        }))?;
    } else {
        tell(&request, &outcome, named);
    }
    Ok(Code::Done)
}

/// The rows that are wanted: of a segment, those that have it in their list.
fn filter(arguments: &Arguments, dataset: &str) -> anyhow::Result<Option<String>> {
    let Some(segment) = &arguments.segment else { return Ok(arguments.filter.clone()) };
    if dataset != Dataset::Golden.name() {
        return Err(Usage::error(
            "--segment works with golden: other data sets are not of customers",
        ));
    }
    if !Expression::is_name(segment) {
        return Err(Usage::error(format!("`{}` is not the name of a segment", clean(segment))));
    }
    Ok(Some(match &arguments.filter {
        None => format!("segments = {segment}"),
        Some(filter) => format!("segments = {segment} and ({filter})"),
    }))
}

/// Endings of formats that nothing is written in.
const OTHERS: [&str; 16] = [
    "xlsx", "xlsm", "xlsb", "xls", "ods", "xml", "html", "sqlite", "sqlite3", "db", "vcf", "vcard",
    "avro", "orc", "arrow", "feather",
];

fn ending_of(path: &Path) -> String {
    path.extension().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// A file that is called after a format of others must not hold CSV.
fn must_not_be_called_otherwise(path: &Path) -> anyhow::Result<()> {
    let ending = ending_of(path);
    let hint = match ending.as_str() {
        "json" => " (for one object per line, use jsonl)",
        "tsv" | "tab" => " (for tabs, use csv with --delimiter tab)",
        other if OTHERS.contains(&other) => "",
        _ => return Ok(()),
    };
    let known: Vec<&str> = FORMATS.iter().map(|entry| entry.name).collect();
    Err(Usage::error(format!(
        "{}: .{ending} is not a known format{hint}; use one of {}, or pass --format",
        clean(&path.display().to_string()),
        known.join(", ")
    )))
}

/// Where it goes, for the record.
pub fn destination(file: Option<&OutputFile>) -> Destination {
    file.map_or_else(Destination::standard_output, Destination::from)
}

fn note_unrecorded(entry: &Entry, dry_run: bool) -> anyhow::Result<()> {
    if !dry_run && entry.ask(About {})?.is_reading_only {
        say("note: this export was not recorded, because the workspace is not writable");
    }
    Ok(())
}

/// Exports the tables of dashboards.
fn star(arguments: &Arguments, invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    if arguments.is_narrowed() || arguments.kind.is_some() || arguments.dialect.is_some() {
        return Err(Usage::error(
            "bi is always complete and current: leave out --since, --at, --where, --kind and --dialect",
        ));
    }
    let wanted = export_star::Wanted {
        format: arguments.format.unwrap_or(Format::Csv),
        csv: CsvForm { delimiter: arguments.delimiter.clone(), bom: arguments.bom },
        folder: arguments.output.as_deref().filter(|path| *path != Path::new("-")),
        force: arguments.force,
        dry_run: arguments.dry_run,
    };
    export_star::run(&wanted, invocation, output)
}

/// Exports the model of the last run.
fn model(
    arguments: &Arguments,
    named: Option<&Path>,
    file: Option<OutputFile>,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    if arguments.format.is_some() || arguments.is_narrowed() {
        return Err(Usage::error(
            "a model is always a whole Splink JSON file: leave out --format, --since, --at and --where",
        ));
    }
    let ending = named.map(ending_of).unwrap_or_default();
    let is_a_format = FORMATS.iter().any(|entry| entry.name == ending);
    if is_a_format || OTHERS.contains(&ending.as_str()) {
        return Err(Usage::error(format!(
            "a model is Splink JSON, not .{ending}: give the file a .json name"
        )));
    }
    let request = ExportModel {
        kind: arguments.kind.map(|kind| kind_name(kind).to_owned()),
        dialect: arguments.dialect.unwrap_or(Dialect::DuckDb).name().to_owned(),
        destination: destination(file.as_ref()),
        dry_run: arguments.dry_run,
    };
    let entry = invocation.open_to_export(request.dry_run)?;
    let export = |streams| entry.ask_with(request.clone(), streams);
    let ExportedModel { kind, decisions, outcome } =
        write(file.filter(|_| !request.dry_run), export)?;
    note_unrecorded(&entry, request.dry_run)?;
    if output.json && (named.is_some() || request.dry_run) {
        output.object(&json!({
            "dataset": MODEL,
            "format": "splink",
            "kind": kind,
            "decisions_left_out": decisions,
            "dialect": request.dialect,
            "file": named,
            "rows": outcome.rows,
            "up_to": outcome.up_to,
            "hash": outcome.chain,
            "dry_run": request.dry_run,
        }))?;
        return Ok(Code::Done);
    }
    let comparisons = counted(outcome.rows, "comparison", "comparisons");
    let done = if request.dry_run { "would export" } else { "exported" };
    say(&format!("{done} the model of {kind} records for {}: {comparisons}", request.dialect));
    say(
        "note: nicknames, households, namesakes, group rules and blocking between groups do not carry \
         over to Splink",
    );
    if decisions > 0 {
        let decisions = counted(decisions, "decision", "decisions");
        say(&format!(
            "note: what {decisions} taught is left out: Splink settings hold only m and u"
        ));
    }
    Ok(Code::Done)
}

/// Has something written, to that file or to standard output, whole.
pub fn write<A>(
    file: Option<OutputFile>,
    export: impl FnOnce(Streams) -> anyhow::Result<A>,
) -> anyhow::Result<A> {
    let Some(file) = file else {
        let mut out = Shared::new(data::standard());
        let done = export(out.streams())?;
        out.flush()?;
        return Ok(done);
    };
    let out = Shared::new(WholeFile::begin(file)?);
    let done = export(out.streams())?;
    out.into_inner()?.finish()?;
    Ok(done)
}

fn tell(request: &Export, outcome: &ExportOutcome, file: Option<&Path>) {
    let rows = counted(outcome.rows, "row", "rows");
    let name = &request.dataset;
    let to =
        file.map_or(String::new(), |path| format!(" to {}", clean(&path.display().to_string())));
    if request.dry_run {
        say(&format!("would export {rows} of {name}{to}; nothing was written (--dry-run)"));
    } else {
        say(&format!("exported {rows} of {name}{to}, up to commit {}", outcome.up_to));
    }
    if let Some(used_for) = &outcome.used_for {
        let customers = |count| counted(count, "customer", "customers");
        let by = used_for.channel.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        let about = clean(&format!("{}{by}", used_for.purpose));
        if used_for.without_consent + used_for.restricted > 0 {
            say(&format!(
                "left out of {about}: {} without consent, {} restricted, objecting or opted out",
                customers(used_for.without_consent),
                used_for.restricted
            ));
        }
        if !used_for.fields_left_out.is_empty() {
            let fields: Vec<&str> = used_for.fields_left_out.iter().map(|it| it.as_str()).collect();
            say(&format!("not used for {about}, left out: {}", clean(&fields.join(", "))));
        }
    }
    if !outcome.masked.is_empty() {
        let fields: Vec<&str> = outcome.masked.iter().map(|field| field.as_str()).collect();
        say(&format!("masked for your role: {}", clean(&fields.join(", "))));
    }
}
