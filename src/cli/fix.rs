//! `steward fix`: a correction of a record, or a pin on a customer.

use super::carry_out::carry_out;
use super::code::Code;
use super::failure::Usage;
use super::invocation::Invocation;
use super::merge::Why;
use super::names;
use super::output::Output;
use super::picks::{Assignment, assignment, picks, values};
use domain::Subject;
use door::Action;

/// Correct a record's value, or pin a customer's golden value.
///
/// A correction overrides what the source delivers and feeds matching; a pin sets the golden
/// value only. An empty value removes either.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward fix crm:1042 --set email=ann@example.com\n  \
    steward fix C17 --set city=Springfield\n  steward fix C17 --pick street=webshop:88120")]
pub struct Arguments {
    /// A record (crm:1042) or a customer (C17).
    #[arg(value_name = "ID")]
    id: String,
    /// A field and its new value.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    set: Vec<Assignment>,
    /// For a customer: take a field's value from this record.
    #[arg(long, value_name = "FIELD=SOURCE:KEY", value_parser = assignment)]
    pick: Vec<Assignment>,
    #[command(flatten)]
    why: Why,
}

/// Corrects or pins.
///
/// # Errors
/// When the value cannot be read, it is refused, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    if arguments.set.is_empty() && arguments.pick.is_empty() {
        return Err(Usage::error("name a field and its value: --set field=value"));
    }
    let entry = invocation.open_for(arguments.why.dry_run)?;
    let action = match names::subject(&entry, &arguments.id)? {
        Subject::Record(record) if arguments.pick.is_empty() => {
            Action::Correct { record, values: values(&arguments.set)?, chosen: [].into() }
        }
        Subject::Record(_) => {
            return Err(Usage::error("--pick works on a customer; for a record use --set"));
        }
        Subject::Customer(customer) => {
            let customer = names::followed(&entry, customer)?;
            Action::Pin { customer, picks: picks(&entry, &arguments.pick, &arguments.set)? }
        }
        other => {
            return Err(Usage::error(format!("{other} is neither a record nor a customer")));
        }
    };
    carry_out(&entry, arguments.why.request(action), arguments.why.dry_run, output)
}
