//! `steward reopen`: closed records count again.

use super::carry_out::carry_out;
use super::code::Code;
use super::invocation::Invocation;
use super::merge::Why;
use super::names;
use super::output::Output;
use door::Action;

/// Reopen closed records, although their source no longer holds them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward reopen crm:1042 --reason confirmed-by-customer")]
pub struct Arguments {
    /// The records.
    #[arg(value_name = "RECORD", required = true)]
    records: Vec<String>,
    #[command(flatten)]
    why: Why,
}

/// Opens records again.
///
/// # Errors
/// When one is not closed, it is refused, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.why.dry_run)?;
    let records = arguments.records.iter().map(|text| names::record(&entry, text));
    let action = Action::Reopen { records: records.collect::<anyhow::Result<_>>()? };
    carry_out(&entry, arguments.why.request(action), arguments.why.dry_run, output)
}
