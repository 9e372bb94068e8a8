//! `steward assign` and `steward release`: who is to decide a task, and who no longer is.

use serde_json::json;

use super::carry_out::carry_out;
use super::code::Code;
use super::decide;
use super::invocation::Invocation;
use super::output::Output;
use super::verdict::{Details, Said, Verdict};
use domain::TaskId;
use door::operations::GiveUp;

/// Give a task to someone: it is theirs in the queue until they decide or answer it.
///
/// It is recorded as an escalation. They find it with `steward tasks --where 'mine = yes'`, and in the review
/// among what is theirs.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward assign T12 sam --reason second-opinion --note 'you know this family'\n  \
    steward assign T12 lead --reason second-opinion --dry-run"
)]
pub struct Arguments {
    /// The task.
    #[arg(value_name = "TASK")]
    task: TaskId,
    /// Who: a person or a role.
    #[arg(value_name = "WHO")]
    to: String,
    /// What they should know.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// A reason from the list in steward.toml, which says whether one is required to escalate.
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// Refuse if the task has changed since this version (see `steward tasks`).
    #[arg(long, value_name = "N")]
    if_version: Option<u64>,
    /// Show what would happen, or why it would be refused; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Release a task that you have claimed, in whichever of your sessions.
///
/// Claims are kept by whoever serves the workspace. One whose session was cut off lasts for the minutes that
/// `[queue] claim` of steward.toml says; this ends it at once.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward release T12")]
pub struct ReleaseArguments {
    /// The task.
    #[arg(value_name = "TASK")]
    task: TaskId,
}

/// Assigns a task.
///
/// # Errors
/// When there is no such task, it is refused, or the workspace cannot be written.
pub fn run(arguments: Arguments, invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    let Arguments { task, to, note, reason, if_version, dry_run } = arguments;
    let details = Details { to: Some(to), note, reason, if_version, ..Details::default() };
    let said = Said { task, verdict: Verdict::Escalate, details };
    let entry = invocation.open_for(dry_run)?;
    carry_out(&entry, decide::request(&entry, &said)?, dry_run, output)
}

/// Releases a task.
///
/// # Errors
/// When the task is not claimed by whoever asks.
pub fn release(
    arguments: &ReleaseArguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let ReleaseArguments { task } = *arguments;
    // Where nobody serves the workspace nobody has claimed anything, and nothing needs to be written.
    invocation.open_to_read()?.ask(GiveUp { task })?;
    match output.json {
        true => output.object(&json!({ "released": task.to_string() }))?,
        false => output.line(&format!("released {task}"))?,
    }
    Ok(Code::Done)
}
