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
        about: "A customer a row, with golden values. `customer` is its key; `members` lists its records.",
    },
    Table {
        name: "records",
        dataset: Dataset::Records,
        about: "A source record a row: each field as it counts and, behind `_raw`, as it was delivered. \
                `record` is its key, `customer` leads to customers.",
    },
    Table {
        name: "tasks",
        dataset: Dataset::Tasks,
        about: "A task a row, done or not. `id` is its key; `subjects` lists customers and records.",
    },
    Table {
        name: "decisions",
        dataset: Dataset::Decisions,
        about: "A decision a row, in order. `decision` is its key, `task` leads to tasks; `subjects` lists \
                customers and records.",
    },
    Table {
        name: "quality",
        dataset: Dataset::Violations,
        about: "A broken rule a row, as of now. `record` leads to records, `customer` to customers.",
    },
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
        return Err(Usage::error("bi is several files: name their folder with --output"));
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
        file.finish()?;
    }
    tell(wanted, folder, &outcomes, output)?;
    Ok(Code::Done)
}

/// The README beside the tables.
fn description(format: Format, outcomes: &[ExportOutcome]) -> String {
    let up_to = outcomes.first().map_or(String::new(), |outcome| outcome.up_to.to_string());
    let mut text = format!(
        "# Customers, for dashboards\n\nExported by steward as {}, up to commit {up_to}. Times are in UTC.\n\
         Lists stand in one cell, parted by blanks.\n",
        format.name()
    );
    for (table, outcome) in TABLES.iter().zip(outcomes) {
        let rows = counted(outcome.rows, "row", "rows");
        text.push_str(&format!(
            "\n## {}.{}\n\n{} {rows}.\n\n| column | type |\n|---|---|\n",
            table.name,
            format.name(),
            table.about
        ));
        for ExportColumn { name, kind } in &outcome.columns {
            text.push_str(&format!("| `{name}` | {kind} |\n"));
        }
        if format == Format::Parquet {
            text.push_str(
                "| `unreadable` | text: JSON of values that are none of their column's type |\n",
            );
        }
    }
    text
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
        false => {
            say(&format!("exported to {folder}: {rows}; README.md says what their columns are"))
        }
    }
    Ok(())
}
