//! `steward history`: what happened.

use super::failure::{Code, say};
use super::names;
use super::output::Output;
use super::session::{Session, ask, unexpected};
use super::text::{clean, shown};
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
    let mut desk = session.open_to_show(arguments.unmask)?;
    let subject = match &arguments.id {
        Some(id) => Some(names::subject(&desk, id)?),
        None => None,
    };
    let Answer::History(entries) = ask(&mut desk, Question::History(subject))? else {
        return Err(unexpected());
    };
    if output.json {
        output.objects(&entries)?;
        return Ok(Code::Done);
    }
    if entries.is_empty() {
        say("nothing was decided yet");
    }
    output.lines(&lines(&entries, arguments.unmask))?;
    Ok(Code::Done)
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
