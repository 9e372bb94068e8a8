//! `steward export bi`: the tables that a dashboard is made of, with a description of their columns.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use super::code::Code;
use super::data::Shared;
use super::export::destination;
use super::failure::Usage;
use super::invocation::Invocation;
use super::output::{Output, WholeFile};
use super::progress::Watch;
use super::say::say;
use super::text::{clean, counted};
use desk::export::Format;
use desk::jobs::Dataset;
use desk::{OutputFile, WayOut, judge_output_folder};
use door::operations::{CsvForm, Export};
use door::views::{ExportColumn, ExportOutcome};

/// What it is called.
pub const STAR: &str = "bi";

/// How its README begins.
const TITLE: &str = "# Customers, for dashboards";
/// What stands in it before the name of the format.
const EXPORTED_AS: &str = "Exported by steward as ";

/// A table of the star.
struct Table {
    name: &'static str,
    dataset: Dataset,
    about: &'static str,
}

/// The tables, in the order of their description.
const TABLES: [Table; 5] = [
    Table {
        name: "customers",
        dataset: Dataset::Golden,
        about: "One customer per row, with golden values. `customer` is its key; `members` lists its records.",
    },
    Table {
        name: "records",
        dataset: Dataset::Records,
        about: "One source record per row: each field as used and, with suffix `_raw`, as delivered. \
                `record` is its key, `customer` refers to customers; records whose customer has no golden \
                record, because all its records are closed or set aside, are left out.",
    },
    Table {
        name: "tasks",
        dataset: Dataset::Tasks,
        about: "One task per row, done or not. `id` is its key; `subjects` lists customers and records.",
    },
    Table {
        name: "decisions",
        dataset: Dataset::Decisions,
        about: "One decision per row, in order. `decision` is its key, `task` refers to tasks; `subjects` lists \
                customers and records.",
    },
    Table {
        name: "quality",
        dataset: Dataset::Violations,
        about: "One violation per row, as of now. `record` refers to records, `customer` to customers.",
    },
];

/// What the columns say that are no fields: table, column, meaning.
const ABOUT: [(&str, &str, &str); 58] = [
    ("customers", "customer", "key of the customer"),
    ("customers", "members", "keys of its active records: neither closed nor set aside"),
    ("records", "record", "key of the record: its source and its key in that source"),
    ("customers", "segments", "the segments it is in"),
    ("records", "customer", "the customer it belongs to"),
    ("records", "revision", "how many times its values have changed"),
    ("records", "updated", "when its source last changed it"),
    (
        "records",
        "closed",
        "whether it is closed: its source no longer holds it and its values are no longer used",
    ),
    ("tasks", "id", "key of the task"),
    ("tasks", "kind", "duplicate, invalid, approval, challenge, vanished or second"),
    ("tasks", "state", "open, deferred, escalated, answered, decided or settled"),
    ("tasks", "version", "the commit that last changed it"),
    ("tasks", "subjects", "the customers and the record it is about"),
    ("tasks", "score", "match probability of its best link, 0 to 1"),
    ("tasks", "weakest", "match probability of the weakest link that holds its group together"),
    ("tasks", "reason", "why there is a task"),
    ("tasks", "opened", "when it was opened"),
    ("decisions", "sequence", "the commit in which it was made"),
    ("decisions", "time", "when it was made"),
    ("decisions", "actor", "who made it"),
    ("decisions", "role", "in what role: a person, the machine"),
    ("decisions", "verdict", "what was decided"),
    ("decisions", "subjects", "the customers and records it is about"),
    ("decisions", "reason", "the reason given"),
    ("decisions", "note", "the note"),
    ("decisions", "score", "match probability at the time, 0 to 1"),
    (
        "decisions",
        "decision_key",
        "fingerprints of the compared values: the decision stands while they are unchanged",
    ),
    ("decisions", "before", "which records were in which customer before"),
    ("decisions", "after", "which records were in which customer afterwards"),
    ("decisions", "reverses", "the decision that it undoes"),
    ("decisions", "bulk", "the bulk it belongs to"),
    ("decisions", "approver", "who approved it"),
    ("decisions", "settings", "which settings were in force"),
    ("decisions", "hash", "hash of its commit in the ledger"),
    ("decisions", "decision", "key of the decision"),
    ("decisions", "task", "the task that it decides"),
    ("decisions", "groups", "the groups it formed of several customers"),
    ("decisions", "values", "the fields whose values it set"),
    ("decisions", "withdrawn", "what it withdrew"),
    ("decisions", "rules", "the rules it waived"),
    ("decisions", "until", "when a deferred task comes back"),
    ("decisions", "asked", "who was asked"),
    ("decisions", "undone_by", "the decision that undid it"),
    ("decisions", "stands", "whether it still stands"),
    ("decisions", "removed", "the fields whose values it removed"),
    ("decisions", "door", "how whoever made it came: local, socket or ssh"),
    ("decisions", "session", "the session in which it was made"),
    ("decisions", "job", "whether a job made it that somebody had started"),
    ("decisions", "key", "fingerprint of the SSH key that was proved"),
    ("quality", "record", "the record that breaks the rule"),
    ("quality", "customer", "the customer it belongs to"),
    ("quality", "rule", "the rule's id in steward.toml"),
    ("quality", "field", "the field"),
    ("quality", "severity", "error or warn"),
    ("quality", "dimension", "the quality dimension of the rule"),
    ("quality", "message", "the rule's message"),
    ("quality", "reaches_golden", "whether the golden record breaks it too"),
    ("quality", "waived_by", "the decision that waived it"),
];

/// What is asked for.
pub struct Wanted<'a> {
    /// The format of the tables.
    pub format: Format,
    /// How delimited text is written.
    pub csv: CsvForm,
    /// The folder.
    pub folder: Option<&'a Path>,
    /// Replace files that are there.
    pub force: bool,
    /// Count, but write nothing.
    pub dry_run: bool,
}

/// Exports all tables; all files appear together, once each is whole and recorded.
///
/// # Errors
/// When a file cannot be written, it was cancelled, or the workspace cannot be written.
pub fn run(wanted: &Wanted<'_>, invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    let Some(folder) = wanted.folder else {
        return Err(Usage::error("bi is several files: name a folder with --output"));
    };
    let environment = invocation.environment()?;
    judge_output_folder(folder, Some(&invocation.workspace()), &environment)?;
    if !wanted.dry_run {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let path = |name: &str, ending: &str| folder.join(format!("{name}.{ending}"));
    let judge = |path: PathBuf| invocation.output_file(&path, wanted.force, WayOut::AnotherFolder);
    let (mut tables, mut readme) = (Vec::new(), None);
    if !wanted.dry_run {
        for table in &TABLES {
            tables.push(judge(path(table.name, wanted.format.name()))?);
        }
        readme = Some(judge(path("README", "md"))?);
    }
    let earlier = if wanted.force { earlier_tables(wanted, folder) } else { Vec::new() };
    let judged =
        earlier.iter().map(|path| invocation.output_file(path, true, WayOut::AnotherFolder));
    let earlier = judged.collect::<anyhow::Result<Vec<OutputFile>>>()?;
    let entry = invocation.open_to_export(wanted.dry_run)?;
    let watch = Watch::new()?;
    let (mut whole, mut outcomes) = (Vec::new(), Vec::new());
    let mut files = tables.into_iter();
    for table in &TABLES {
        let file: Option<OutputFile> = files.next();
        let request = Export {
            dataset: table.dataset.name().to_owned(),
            format: wanted.format.name().to_owned(),
            since: None,
            at: None,
            filter: None,
            // What names a customer leads to one.
            with_golden: true,
            used_for: None,
            csv: wanted.csv.clone(),
            destination: destination(file.as_ref()),
            dry_run: wanted.dry_run,
        };
        let out = file.map(WholeFile::begin).transpose()?.map(Shared::new);
        let streams = out.as_ref().map(Shared::streams).unwrap_or_default();
        let outcome = entry.run(request, streams, &mut watch.following());
        watch.clear();
        outcomes.push(outcome?);
        whole.extend(out);
    }
    if let Some(readme) = readme {
        let mut file = WholeFile::begin(readme)?;
        file.write_all(description(wanted.format, &outcomes).as_bytes())?;
        for table in whole {
            table.into_inner()?.finish()?;
        }
        remove(&earlier)?;
        file.finish()?;
    }
    tell(wanted, folder, &outcomes, output)?;
    Ok(Code::Done)
}

/// The tables of an export in another format that was written to the folder before: its README says which
/// that was. They would be taken for tables of today.
fn earlier_tables(wanted: &Wanted<'_>, folder: &Path) -> Vec<PathBuf> {
    let text = std::fs::read(folder.join("README.md")).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let format = text.split_once(EXPORTED_AS).and_then(|(_, rest)| rest.split_once(','));
    let format = format.and_then(|(name, _)| Format::from_name(name));
    let Some(format) = format.filter(|it| *it != wanted.format && text.starts_with(TITLE)) else {
        return Vec::new();
    };
    let tables =
        TABLES.iter().map(|table| folder.join(format!("{}.{}", table.name, format.name())));
    tables.filter(|path| path.is_file()).collect()
}

fn remove(earlier: &[OutputFile]) -> anyhow::Result<()> {
    if earlier.is_empty() {
        return Ok(());
    }
    for file in earlier {
        let path = file.path();
        std::fs::remove_file(path).with_context(|| format!("removing {}", path.display()))?;
    }
    let names: Vec<String> = earlier.iter().map(OutputFile::name).collect();
    say(&format!("removed the tables of the previous export: {}", clean(&names.join(", "))));
    Ok(())
}

/// The README beside the tables.
fn description(format: Format, outcomes: &[ExportOutcome]) -> String {
    let up_to = outcomes.first().map_or(String::new(), |outcome| outcome.up_to.to_string());
    let mut text = format!(
        "{TITLE}\n\n{EXPORTED_AS}{}, up to commit {up_to}. Times are in UTC.\n\
         A list is one cell, separated by spaces.\n",
        format.name()
    );
    if format != Format::Parquet {
        text.push_str(
            "A date or number that could not be read appears in its column as delivered: \
             read such columns as text, or skip what does not fit.\n",
        );
    }
    for (table, outcome) in TABLES.iter().zip(outcomes) {
        let rows = counted(outcome.rows, "row", "rows");
        text.push_str(&format!(
            "\n## {}.{}\n\n{} {rows}.\n\n| column | type | meaning |\n|---|---|---|\n",
            table.name,
            format.name(),
            table.about
        ));
        let mut is_behind_fields = false;
        for ExportColumn { name, kind } in &outcome.columns {
            let about = match is_behind_fields && name != "segments" {
                true => "what the measure says, or a value kept beside a golden one".to_owned(),
                false => about(table.name, name),
            };
            is_behind_fields |= table.dataset == Dataset::Golden && name == "members";
            text.push_str(&format!("| `{name}` | {kind} | {about} |\n"));
        }
        if format == Format::Parquet {
            text.push_str(
                "| `unreadable` | text | JSON of the values that do not fit their column's type, and of numbers \
                 with more than nine decimals |\n",
            );
        }
    }
    text
}

/// What a column of a table says.
fn about(table: &str, column: &str) -> String {
    let known = ABOUT.iter().find(|(of, name, _)| *of == table && *name == column);
    if let Some((.., about)) = known {
        return (*about).to_owned();
    }
    match (table, column.strip_suffix("_raw")) {
        ("records", Some(field)) => format!("`{field}` as it was delivered"),
        ("records", None) => {
            "the field's value as used: standardised, corrections included".to_owned()
        }
        _ => "the field's golden value".to_owned(),
    }
}

fn tell(
    wanted: &Wanted<'_>,
    folder: &Path,
    outcomes: &[ExportOutcome],
    output: &Output,
) -> anyhow::Result<()> {
    let rows = TABLES.iter().zip(outcomes).map(|(table, outcome)| (table.name, outcome.rows));
    if output.json {
        let rows: serde_json::Map<_, _> =
            rows.map(|(name, rows)| (name.to_owned(), rows.into())).collect();
        return Ok(output.object(&json!({
            "dataset": STAR,
            "format": wanted.format.name(),
            "folder": folder,
            "rows": rows,
            "dry_run": wanted.dry_run,
        }))?);
    }
    let rows: Vec<String> =
        rows.map(|(name, rows)| format!("{name} {}", counted(rows, "row", "rows"))).collect();
    let (rows, folder) = (rows.join(", "), clean(&folder.display().to_string()));
    match wanted.dry_run {
        true => say(&format!("would export to {folder}: {rows}; nothing was written (--dry-run)")),
        false => say(&format!("exported to {folder}: {rows}; README.md describes the columns")),
    }
    Ok(())
}
