//! `steward subject`: everything held on one person, for that person.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::code::Code;
use super::data::Shared;
use super::entry::Entry;
use super::export::destination;
use super::failure::Usage;
use super::invocation::Invocation;
use super::output::{Output, WholeFile};
use super::say::say;
use super::text::{clean, counted};
use super::{data, names};
use desk::export::SubjectFormat;
use desk::{OutputFile, WayOut};
use domain::{CustomerId, TaskId};
use door::Streams;
use door::operations::{ForeseeHandOver, HandOver, SubjectFile};
use door::views::SubjectView;

/// Write everything held on one person, to give to them (GDPR article 15); it is recorded as an
/// export.
///
/// Source records with every delivery, golden values and why they won, corrections, pins, waivers,
/// decisions, tasks, quarantined rows, consent, and the exports that held them. Other people are
/// named only by their customer id; notes, values and rows that may concern them are left out, and
/// the report says where.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward subject crm:1042 -o person\n  \
    steward subject C17 -o c17.html\n  steward subject C17 --dry-run")]
pub struct Arguments {
    /// C17, crm:1042 or a bare key if there is one source.
    #[arg(value_name = "ID")]
    id: String,
    /// NAME.json or NAME.html, readable only by its owner; both for a NAME without an extension;
    /// existing files are replaced only with --force. Default: JSON on standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace existing files.
    #[arg(long, requires = "output")]
    force: bool,
    /// The request (T5) that it answers: refused until it is recorded who asks; the files are recorded with it.
    #[arg(long = "for", value_name = "TASK", conflicts_with = "dry_run")]
    request: Option<TaskId>,
    /// Count what would be in it; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Writes the report.
///
/// # Errors
/// When there is no such person, a file cannot be written, or the workspace cannot be used.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let file = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
    let files = file.map(files).transpose()?.unwrap_or_default();
    let judge = |(format, path): &(SubjectFormat, PathBuf)| {
        let file = invocation.output_file(path, arguments.force, WayOut::StandardOutput)?;
        Ok((*format, file))
    };
    let judged = files.iter().map(judge).collect::<anyhow::Result<Vec<_>>>()?;
    let entry = invocation.open_for(arguments.dry_run)?;
    let customer = names::person(&entry, &arguments.id)?;
    let report = match (arguments.dry_run, files.is_empty()) {
        (true, _) => entry.ask(ForeseeHandOver { customer })?,
        (false, true) => to_standard_output(&entry, customer, arguments.request)?,
        (false, false) => to_files(&entry, (customer, arguments.request), judged)?,
    };
    let names: Vec<&PathBuf> = files.iter().map(|(_, path)| path).collect();
    if output.json && (arguments.dry_run || !files.is_empty()) {
        output.object(&json!({
            "customer": report.customer,
            "files": names,
            "records": report.records,
            "revisions": report.revisions,
            "decisions": report.decisions,
            "tasks": report.tasks,
            "quarantined": report.quarantined,
            "exports": report.exports,
            "withheld": report.withheld,
            "up_to": report.up_to,
            "hash": report.hash,
            "dry_run": arguments.dry_run,
        }))?;
    } else {
        tell(&report, &names, arguments.dry_run);
    }
    Ok(Code::Done)
}

/// The files a name stands for.
fn files(path: &Path) -> anyhow::Result<Vec<(SubjectFormat, PathBuf)>> {
    let Some(ending) = path.extension() else {
        if path.file_name().is_none() {
            return Err(Usage::error("-o needs a file name"));
        }
        let both = SubjectFormat::ALL.map(|format| (format, path.with_extension(format.name())));
        return Ok(both.into());
    };
    let ending = ending.to_string_lossy().to_lowercase();
    match SubjectFormat::from_name(&ending) {
        Some(format) => Ok(vec![(format, path.to_owned())]),
        None => Err(Usage::error(
            "-o takes NAME.json, NAME.html, or a NAME without an extension for both",
        )),
    }
}

fn to_standard_output(
    entry: &Entry,
    customer: CustomerId,
    request: Option<TaskId>,
) -> anyhow::Result<SubjectView> {
    let mut out = Shared::new(data::standard());
    let reports = vec![report(SubjectFormat::Json, None)];
    let view = entry.ask_with(HandOver { customer, reports, request }, out.streams())?;
    out.flush()?;
    Ok(view)
}

/// Every file appears whole, and only once all of them and the record of them are written.
fn to_files(
    entry: &Entry,
    (customer, request): (CustomerId, Option<TaskId>),
    files: Vec<(SubjectFormat, OutputFile)>,
) -> anyhow::Result<SubjectView> {
    let (mut reports, mut whole) = (Vec::new(), Vec::new());
    for (format, file) in files {
        reports.push(report(format, Some(&file)));
        whole.push(Shared::new(WholeFile::begin(file)?));
    }
    let outputs = whole.iter().map(Shared::handed_in).collect();
    let streams = Streams { input: None, outputs };
    let view = entry.ask_with(HandOver { customer, reports, request }, streams)?;
    for file in whole {
        file.into_inner()?.finish()?;
    }
    Ok(view)
}

fn report(format: SubjectFormat, file: Option<&OutputFile>) -> SubjectFile {
    SubjectFile { format: format.name().to_owned(), destination: destination(file) }
}

fn tell(report: &SubjectView, files: &[&PathBuf], dry_run: bool) {
    let of = |number: usize, one: &str, more: &str| counted(number as u64, one, more);
    let content = format!(
        "{}, {}, {}, {}, {}, {}",
        of(report.records, "record", "records"),
        of(report.revisions, "delivery", "deliveries"),
        of(report.decisions, "decision", "decisions"),
        of(report.tasks, "task", "tasks"),
        of(report.quarantined, "quarantined row", "quarantined rows"),
        of(report.exports, "export", "exports"),
    );
    let files: Vec<String> = files.iter().map(|path| clean(&path.display().to_string())).collect();
    let to = if files.is_empty() { String::new() } else { format!(" to {}", files.join(" and ")) };
    if dry_run {
        say(&format!(
            "would write {content} of {}{to}; nothing was written (--dry-run)",
            report.customer
        ));
    } else {
        say(&format!("wrote {content} of {}{to}", report.customer));
    }
    if report.withheld > 0 {
        say(&format!(
            "  left out, because they may hold other people's data: {} (marked in the report); \
             someone must check",
            of(report.withheld, "note, value or row", "notes, values or rows")
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_the_name_says_what_is_written() {
        for (name, expected) in [
            ("person.json", Some(&["person.json"][..])),
            ("a/person.HTML", Some(&["a/person.HTML"])),
            ("person", Some(&["person.json", "person.html"])),
            ("person.txt", None),
            ("..", None),
        ] {
            let found = files(Path::new(name)).ok();
            let found = found.map(|files| {
                files.into_iter().map(|(_, path)| path.display().to_string()).collect::<Vec<_>>()
            });
            let expected = expected.map(|it| it.iter().map(ToString::to_string).collect());
            assert_eq!(found, expected, "{name}");
        }
    }
}
