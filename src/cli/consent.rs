//! `steward consent`: what a customer has permitted, by purpose and channel, and what it prefers; and why.

use super::code::Code;
use super::invocation::Invocation;
use super::names;
use super::output::Output;
use super::text::{Table, clean};
use door::operations::Consent;
use door::views::{ConsentRow, ConsentView};

/// Show what a customer has permitted: each purpose and channel, the statement that counts, and why.
///
/// The latest statement counts. A refusal counts from its date, or else from the day it was first delivered; a
/// grant from its date, or else from the last day its record said something else. On the same day the
/// refusal counts. An expired grant revives no earlier one. If nothing is said, consent is unknown.
///
/// Preferences (channel, language, frequency) follow: the latest counts, from its date or else from the day its
/// value was first delivered.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward consent C17\n  steward consent crm:1042 --json")]
pub struct Arguments {
    /// A customer (C17), or one of its records (crm:1042).
    #[arg(value_name = "ID")]
    id: String,
    /// Show sensitive values unmasked; the ledger records that you looked.
    #[arg(long)]
    unmask: bool,
}

/// Shows it.
///
/// # Errors
/// When there is no such customer, or the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let unmask = arguments.unmask;
    let entry = invocation.open_to_show(unmask)?;
    let customer = names::customer(&entry, &arguments.id)?;
    let view = entry.ask(Consent { customer, unmask })?;
    match output.json {
        true => output.object(&view)?,
        false => output.lines(&lines(&view))?,
    }
    Ok(Code::Done)
}

fn lines(view: &ConsentView) -> Vec<String> {
    let customer = view.customer.map(|customer| customer.to_string()).unwrap_or_default();
    let restrictions = view.restrictions.iter().map(|it| {
        let task = it.task.map(|task| format!("{task}, ")).unwrap_or_default();
        format!("  {} ({task}{})", clean(&it.what), it.decision)
    });
    let restrictions: Vec<String> = restrictions.collect();
    if view.rows.is_empty() && !view.preferences.is_empty() {
        let mut lines = vec![customer];
        lines.extend(restrictions);
        lines.extend(preferences(view));
        return lines;
    }
    if view.rows.is_empty() {
        let mut lines =
            vec![format!("{customer}: no field of type consent and no purpose that rests on it")];
        lines.extend(restrictions);
        return lines;
    }
    let mut lines = vec![customer];
    lines.extend(restrictions);
    for row in &view.rows {
        lines.push(format!("  {}: {}", clean(&row.about()), clean(&row.state)));
        lines.push(format!("    {}", clean(&row.why)));
        lines.extend(notes(row).into_iter().map(|note| format!("    {note}")));
        let mut table = Table::default();
        for statement in &row.statements {
            let mark = if statement.counts == Some(true) { "  * " } else { "    " };
            let or_none = |text: &Option<domain::Shown>, none: &str| {
                text.as_deref().map_or_else(|| none.to_owned(), clean)
            };
            table.row([
                format!("  {mark}{}", clean(&statement.record.to_string())),
                clean(&statement.said),
                or_none(&statement.at, "no date"),
                statement
                    .until
                    .as_deref()
                    .map_or(String::new(), |it| format!("until {}", clean(it))),
                or_none(&statement.evidence, ""),
            ]);
        }
        lines.extend(table.lines());
    }
    lines.extend(preferences(view));
    lines
}

/// What the customer prefers, and who says so.
fn preferences(view: &ConsentView) -> Vec<String> {
    let mut lines = Vec::new();
    for row in &view.preferences {
        lines.push(format!("  preferred {}: {}", clean(&row.about()), clean(row.told())));
        lines.push(format!("    {}", clean(&row.why)));
        if row.contradicted == Some(true) {
            lines.push("    its records contradict each other".to_owned());
        }
        let mut table = Table::default();
        for statement in &row.statements {
            let mark = if statement.counts == Some(true) { "  * " } else { "    " };
            table.row([
                format!("  {mark}{}", clean(&statement.record.to_string())),
                clean(&statement.value),
                statement.at.as_deref().map_or_else(|| "no date".to_owned(), clean),
            ]);
        }
        lines.extend(table.lines());
    }
    lines
}

/// What is to be known beside it.
fn notes(row: &ConsentRow) -> Vec<String> {
    let mut notes = Vec::new();
    if row.contradicted == Some(true) {
        notes.push("its records contradict each other".to_owned());
    }
    if let Some(decision) = row.pinned {
        notes.push(format!("the golden value was set by hand ({decision})"));
    }
    notes
}
