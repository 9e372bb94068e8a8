//! `steward history`: what happened.

use super::failure::{Code, say};
use super::names;
use super::output::Output;
use super::session::{Session, ask, unexpected};
use super::text::{self, clean, shown};
use crate::desk::views::HistoryEntry;
use crate::desk::{Answer, Question};

/// Say what happened to a thing, latest first; without a name, the latest decisions.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward history C17\n  steward history crm:1042 --json")]
pub struct Arguments {
    /// A record, customer, task, decision or bulk.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Print sensitive values as they are.
    #[arg(long)]
    unmask: bool,
}

/// Prints a history.
///
/// # Errors
/// When there is no such thing, or the workspace cannot be read.
pub fn run(arguments: &Arguments, session: &Session, output: &Output) -> anyhow::Result<Code> {
    let mut desk = session.open_to_read()?;
    let subject = match &arguments.id {
        Some(id) => Some(names::subject(&desk, id)?),
        None => None,
    };
    let Answer::History(entries) = ask(&mut desk, Question::History(subject))? else {
        return Err(unexpected());
    };
    if output.json {
        output.objects(&masked(entries, arguments.unmask))?;
        return Ok(Code::Done);
    }
    if entries.is_empty() {
        say("nothing was decided yet");
    }
    output.lines(&lines(&entries, arguments.unmask))?;
    Ok(Code::Done)
}

/// The entries with sensitive values masked, unless they are to be seen.
fn masked(mut entries: Vec<HistoryEntry>, unmask: bool) -> Vec<HistoryEntry> {
    let changes = entries.iter_mut().flat_map(|entry| &mut entry.changes);
    for change in changes.filter(|change| change.sensitive && !unmask) {
        for value in [&mut change.before, &mut change.after].into_iter().flatten() {
            *value = text::masked(value);
        }
    }
    entries
}

/// Entries as lines: commit, time, who, what; below each what changed.
pub fn lines(entries: &[HistoryEntry], unmask: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in entries {
        let decision = entry.decision.map_or(String::new(), |id| format!("{id} "));
        let undone = if entry.stands { "" } else { " (undone)" };
        lines.push(format!(
            "{:>6}  {:.0}  {}  {decision}{}{undone}",
            entry.sequence.to_string(),
            entry.at,
            clean(&entry.actor),
            clean(&entry.what)
        ));
        for change in &entry.changes {
            let value = |text: &Option<String>| match text {
                Some(text) => shown(text, change.sensitive && !unmask),
                None => "(none)".to_owned(),
            };
            let (before, after) = (value(&change.before), value(&change.after));
            lines.push(format!("        {}: {before} -> {after}", clean(&change.field)));
        }
    }
    lines
}
