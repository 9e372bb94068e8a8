//! `steward task`: asks about customers that no task brings together.

use super::carry_out::{foresee, tell};
use super::code::Code;
use super::invocation::Invocation;
use super::names;
use super::output::Output;
use super::say::say;
use domain::ReasonCode;
use door::operations::{About, Decide};
use door::{Action, Request};

/// Ask someone about these customers, even if matching would not.
///
/// The task is an escalated duplicate: answer it with R in the review or with `decide T9 answer`, or decide
/// it with any verdict. `undo` removes it; matching never closes it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward task C17 C341 --note 'same desk, two spellings?'\n  \
    steward task crm:1042 webshop:88120 --to kim --note 'are they one?'")]
pub struct Arguments {
    /// Two or more customers (C17), or their records (crm:1042).
    #[arg(value_name = "ID", num_args = 2.., required = true)]
    ids: Vec<String>,
    /// The question.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Who to ask: a person or a role. Default: you.
    #[arg(long, value_name = "WHO")]
    to: Option<String>,
    /// A reason from the list in steward.toml.
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// Show what would happen, or why it would be refused; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Opens the task.
///
/// # Errors
/// When a customer is not there, it is refused, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.dry_run)?;
    let customers = names::customers(&entry, &arguments.ids)?;
    let to = match &arguments.to {
        Some(to) => to.clone(),
        None => entry.ask(About {})?.actor,
    };
    let request = Request {
        reason: arguments.reason.as_deref().map(ReasonCode::new),
        note: arguments.note.clone(),
        ..Request::new(Action::Ask { customers, to })
    };
    if arguments.dry_run {
        return foresee(&entry, request, output);
    }
    let receipt = entry.ask(Decide { request })?;
    let code = tell(&receipt, output)?;
    if let Some(task) = receipt.task.filter(|_| !output.json) {
        say(&format!("to look at it: steward show {task}"));
    }
    Ok(code)
}
