//! `steward comment`: says something about a task or a customer, and decides nothing.

use super::carry_out::carry_out;
use super::code::Code;
use super::invocation::Invocation;
use super::names;
use super::output::Output;
use domain::TaskId;
use door::{Action, Request};

/// Comment on a task or a customer, for everybody who comes to it.
///
/// It is shown with the task, in the review and by `show`, and in the history of its customers. It decides
/// nothing. `undo` withdraws it; it cannot be changed. It is kept as it is typed, and erased with the people
/// it is about: do not repeat a masked value in it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward comment T12 'called twice, no answer'\n  \
    steward comment C341 'prefers letters'")]
pub struct Arguments {
    /// A task (T12), a customer (C17) or one of its records (crm:1042).
    #[arg(value_name = "ID")]
    id: String,
    /// What to say.
    #[arg(value_name = "TEXT", required = true, num_args = 1..)]
    text: Vec<String>,
    /// Show what would happen, or why it would be refused; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Comments.
///
/// # Errors
/// When there is no such task or customer, it is refused, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.dry_run)?;
    let (task, customers) = match arguments.id.parse::<TaskId>() {
        Ok(task) => (Some(task), Vec::new()),
        Err(_) => (None, names::customers(&entry, std::slice::from_ref(&arguments.id))?),
    };
    let note = Some(arguments.text.join(" "));
    let request = Request { task, note, ..Request::new(Action::Comment { customers }) };
    carry_out(&entry, request, arguments.dry_run, output)
}
