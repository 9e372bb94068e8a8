//! `steward audit`: what happened in a workspace, for whoever has to account for it.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::code::Code;
use super::failure::Usage;
use super::invocation::Invocation;
use super::moment;
use super::output::{Output, WholeFile};
use super::progress::Watch;
use super::say::say;
use super::text::{Table, clean, counted};
use desk::WayOut;
use desk::export::audit_page;
use domain::told;
use door::Streams;
use door::operations::Audit;
use door::views::{AuditEntry, AuditSection, AuditView};

/// Entries of a section on a terminal; all of them are in JSON and on the page.
const SHOWN: usize = 20;

/// List what an audit asks: changes of people, masking and rules, second factors, refusals by role, values shown
/// unmasked, exports with their size, erasures, imports, matching, decisions by person, backups and
/// verifications, with the hash of the ledger's chain.
///
/// Values, notes and filters are not in it. Backups and verifications are those that this machine
/// knows of.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward audit --since 2026-01-01\n  \
    steward audit --since 2026-01-01 --until 2026-04-01 -o quarter.html")]
pub struct Arguments {
    /// From this time on: a date or an RFC 3339 time. Default: from the beginning.
    #[arg(long, value_name = "TIME", value_parser = moment::since)]
    since: Option<Timestamp>,
    /// Before this time. Default: up to now.
    #[arg(long, value_name = "TIME", value_parser = moment::since)]
    until: Option<Timestamp>,
    /// Write a page for a browser.
    #[arg(long, conflicts_with = "json")]
    html: bool,
    /// NAME.html, NAME.json or NAME.txt, readable only by its owner. Default: standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace an existing file.
    #[arg(long, requires = "output")]
    force: bool,
}

/// How it is written.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Json,
    Html,
}

/// Lists what happened.
///
/// # Errors
/// When the span is none, the workspace cannot be read, a file cannot be written, or it is cancelled.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let Arguments { since, until, .. } = *arguments;
    if since.zip(until).is_some_and(|(since, until)| since >= until) {
        return Err(Usage::error("--until must be later than --since"));
    }
    let file = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
    let form = form(arguments, output, file)?;
    let judge = |path| invocation.output_file(path, arguments.force, WayOut::StandardOutput);
    let judged = file.map(judge).transpose()?;
    let entry = invocation.open_to_read()?;
    let watch = Watch::new()?;
    let found = entry.run(Audit { since, until }, Streams::default(), &mut watch.following());
    watch.clear();
    let found = found?;
    match judged {
        Some(file) => {
            let shown = file.path().display().to_string();
            let mut whole = WholeFile::begin(file)?;
            whole.write_all(written(&found, form, usize::MAX)?.as_bytes())?;
            whole.finish()?;
            let entries = counted(found.entries.len() as u64, "entry", "entries");
            say(&format!("{entries} written to {}", clean(&shown)));
        }
        None => match form {
            Form::Json => output.object(&found)?,
            Form::Text => output.lines(&lines(&found, SHOWN))?,
            Form::Html => output.line(written(&found, form, SHOWN)?.trim_end())?,
        },
    }
    Ok(Code::Done)
}

fn form(arguments: &Arguments, output: &Output, file: Option<&Path>) -> anyhow::Result<Form> {
    let ending =
        file.map(|path| path.extension().unwrap_or_default().to_string_lossy().to_lowercase());
    Ok(match ending.as_deref() {
        _ if arguments.html => Form::Html,
        _ if output.json => Form::Json,
        None | Some("txt") => Form::Text,
        Some("json") => Form::Json,
        Some("html" | "htm") => Form::Html,
        Some(_) => {
            let why = "-o takes NAME.html, NAME.json or NAME.txt; or pass --html or --json";
            return Err(Usage::error(why));
        }
    })
}

fn written(found: &AuditView, form: Form, most: usize) -> anyhow::Result<String> {
    Ok(match form {
        Form::Text => lines(found, most).join("\n") + "\n",
        Form::Json => serde_json::to_string(found)? + "\n",
        Form::Html => audit_page(found),
    })
}

fn lines(found: &AuditView, most: usize) -> Vec<String> {
    let from = found.since.map_or("the beginning".to_owned(), moment::shown);
    let until = found.until.map_or("now".to_owned(), moment::shown);
    let mut lines = vec![format!("workspace {}, from {from} until {until}", found.workspace)];
    let commits = counted(found.commits, "commit", "commits");
    lines.push(match found.chain.as_str() {
        "" => format!("{commits}; nothing is in the ledger"),
        chain => format!("{commits}; commit {} has the chain hash {chain}", found.up_to),
    });
    for about in AuditSection::ALL {
        let entries: Vec<&AuditEntry> = found.of(about).collect();
        lines.push(String::new());
        if entries.is_empty() {
            lines.push(format!("{about}: {}", about.nothing()));
            continue;
        }
        lines.push(format!("{about}: {}", entries.len()));
        let left_out = entries.len().saturating_sub(most);
        let mut table = Table::default();
        for entry in &entries[left_out..] {
            let commit = entry.sequence.map_or("-".to_owned(), |it| it.to_string());
            table.row([
                format!("  {}", moment::shown(entry.at)),
                commit,
                clean(&told(&entry.by, entry.came.as_ref())),
                clean(&entry.what),
            ]);
        }
        if left_out > 0 {
            lines.push(format!("  {left_out} earlier: --json, --html or -o writes all"));
        }
        lines.extend(table.lines());
    }
    lines.push(String::new());
    if found.decided.is_empty() {
        lines.push("Decisions: nothing was decided".to_owned());
    } else {
        let all: u64 = found.decided.iter().map(|it| it.decisions).sum();
        lines.push(format!("Decisions: {all}"));
        let mut table = Table::default();
        for it in &found.decided {
            let over = match it.over_ssh {
                0 => String::new(),
                all if all == it.decisions => "over SSH".to_owned(),
                some => format!("{some} of them over SSH"),
            };
            let name = format!("  {}", clean(&it.by));
            table.row([name, it.verdict.name().to_owned(), it.decisions.to_string(), over]);
        }
        lines.extend(table.lines());
    }
    if !found.unfinished.is_empty() {
        lines.push(String::new());
        lines.push("Not ended:".to_owned());
        lines.extend(found.unfinished.iter().map(|it| format!("  {}", clean(it))));
    }
    lines
}
