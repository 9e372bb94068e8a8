//! `steward history`: what happened.

use super::code::Code;
use super::invocation::Invocation;
use super::moment;
use super::names;
use super::output::Output;
use super::say::say;
use super::text::clean;
use domain::{Shown, Subject};
use door::operations::History;
use door::views::HistoryEntry;

/// Show the history of anything, latest first; without an id, the latest decisions, erasures and rereads.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward history C17\n  steward history crm:1042 --json")]
pub struct Arguments {
    /// A record, customer, task, decision, bulk or import.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Show sensitive values unmasked; the ledger records that you looked.
    #[arg(long)]
    unmask: bool,
}

/// Prints a history.
///
/// # Errors
/// When there is no such thing, or the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_to_show(arguments.unmask)?;
    let of = arguments.id.as_ref().map(|id| names::subject(&entry, id)).transpose()?;
    if let Some(Subject::Customer(id)) = &of {
        // What happened to it before it was merged away is told with what happened since.
        names::followed(&entry, *id)?;
    }
    let entries = entry.ask(History { of, unmask: arguments.unmask })?;
    if output.json {
        output.objects(&entries)?;
        return Ok(Code::Done);
    }
    if entries.is_empty() {
        say("nothing has been decided yet");
    }
    output.lines(&lines(&entries))?;
    Ok(Code::Done)
}

/// Entries as lines: commit, time, who, what; below each what changed.
pub fn lines(entries: &[HistoryEntry]) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in entries {
        let decision = entry.decision.map_or(String::new(), |id| format!("{id} "));
        let undone = if entry.stands { "" } else { " (undone)" };
        lines.push(format!(
            "{:>6}  {}  {}  {decision}{}{undone}",
            entry.sequence.to_string(),
            moment::shown(entry.at),
            clean(&entry.by()),
            clean(&moment::localised(&entry.what))
        ));
        for change in &entry.changes {
            let value = |text: &Option<Shown>| text.as_deref().map_or("(none)".to_owned(), clean);
            let (before, after) = (value(&change.before), value(&change.after));
            lines.push(format!("        {}: {before} -> {after}", clean(&change.label())));
        }
    }
    lines
}
