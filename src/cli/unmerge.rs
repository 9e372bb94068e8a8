//! `steward unmerge`: records leave their customer.

use super::carry_out::carry_out;
use super::code::Code;
use super::invocation::Invocation;
use super::merge::Why;
use super::names;
use super::output::Output;
use domain::CustomerId;
use door::Action;

/// Take records out of a customer: they differ from the ones that stay, and are kept apart.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward unmerge C88 crm:1042")]
pub struct Arguments {
    /// The customer.
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// The records that leave it, together.
    #[arg(value_name = "RECORD", required = true)]
    records: Vec<String>,
    #[command(flatten)]
    why: Why,
}

/// Unmerges records.
///
/// # Errors
/// When one is no member, it is refused, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.why.dry_run)?;
    let records = arguments.records.iter().map(|text| names::record(&entry, text));
    let action = Action::Unmerge {
        customer: names::followed(&entry, arguments.customer)?,
        records: records.collect::<anyhow::Result<_>>()?,
    };
    carry_out(&entry, arguments.why.request(action), arguments.why.dry_run, output)
}
