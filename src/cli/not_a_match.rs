//! `steward not-a-match`: customers are different, without a task.

use super::carry_out::carry_out;
use super::code::Code;
use super::invocation::Invocation;
use super::merge::Why;
use super::names;
use super::output::Output;
use door::Action;

/// Record that customers are different, so that they are not proposed again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward not-a-match C17 C341 --reason household")]
pub struct Arguments {
    /// Two or more customers (C17) or records (crm:1042).
    #[arg(value_name = "ID", num_args = 2.., required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    why: Why,
}

/// Puts customers apart.
///
/// # Errors
/// When one is not there, it is refused, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.why.dry_run)?;
    let groups = names::customers(&entry, &arguments.ids)?;
    let action = Action::NotAMatch { groups: groups.into_iter().map(|id| vec![id]).collect() };
    carry_out(&entry, arguments.why.request(action), arguments.why.dry_run, output)
}
