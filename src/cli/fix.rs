//! `steward fix`: a correction of a record, or a pin on a customer.

use super::carry_out::carry_out;
use super::code::Code;
use super::failure::Usage;
use super::invocation::Invocation;
use super::merge::Why;
use super::names;
use super::output::Output;
use super::picks::{Assignment, assignment, picks, values};
use super::unmasking;
use domain::{FieldName, RecordAddress, Subject, TaskId};
use door::{Action, Pick, Request};

/// Correct a record's value, or pin a customer's golden value.
///
/// A correction overrides what the source delivers and feeds matching; a pin sets the golden
/// value only. --clear removes a delivered value; --withdraw undoes a correction or a pin, so that the
/// delivered values apply again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward fix crm:1042 --set email=ann@example.com\n  \
    steward fix crm:1042 --clear email\n  \
    steward fix C17 --set city=Springfield\n  steward fix C17 --pick street=webshop:88120")]
pub struct Arguments {
    /// A record (crm:1042) or a customer (C17).
    #[arg(value_name = "ID")]
    id: String,
    /// A field and its new value.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    set: Vec<Assignment>,
    /// Records only: remove a field's value. If the source delivers another one, a challenge asks about it.
    #[arg(long, value_name = "FIELD")]
    clear: Vec<String>,
    /// Undo the correction or pin of a field; the delivered value applies again.
    #[arg(long, value_name = "FIELD")]
    withdraw: Vec<String>,
    /// Customers only: take a field's value from this record.
    #[arg(long, value_name = "FIELD=SOURCE:KEY", value_parser = assignment)]
    pick: Vec<Assignment>,
    /// Records only: the request (T5) that it is done for.
    #[arg(long = "for", value_name = "TASK")]
    request: Option<TaskId>,
    #[command(flatten)]
    why: Why,
    /// With --dry-run: judge rules about masked fields as well; the ledger records that you looked.
    #[arg(long, requires = "dry_run")]
    unmask: bool,
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
    let removes = !arguments.clear.is_empty();
    if arguments.set.is_empty()
        && arguments.pick.is_empty()
        && arguments.withdraw.is_empty()
        && !removes
    {
        return Err(Usage::error(
            "name a field and its value: --set field=value, or --clear field",
        ));
    }
    let entry = unmasking::open(invocation, arguments.why.dry_run, arguments.unmask)?;
    let action = match names::subject(&entry, &arguments.id)? {
        Subject::Record(record) if arguments.pick.is_empty() => correction(arguments, record)?,
        Subject::Record(_) => {
            return Err(Usage::error("--pick works on a customer; for a record pass --set"));
        }
        Subject::Customer(customer) if arguments.request.is_some() => {
            return Err(Usage::error(format!(
                "--for works on a record: what is wrong with {customer} is corrected where it came from"
            )));
        }
        Subject::Customer(customer) if removes => {
            return Err(Usage::error(format!(
                "--clear works on a record: the values of {customer} follow from its records; to undo a pin: \
                 --withdraw"
            )));
        }
        Subject::Customer(customer) => {
            let customer = names::followed(&entry, customer)?;
            let mut picks = picks(&entry, &arguments.pick, &arguments.set)?;
            for field in arguments.withdraw.iter().map(FieldName::new) {
                if picks.insert(field.clone(), Pick::Survivorship).is_some() {
                    return Err(Usage::error(format!("{field} is named twice")));
                }
            }
            Action::Pin { customer, picks }
        }
        other => {
            return Err(Usage::error(format!("{other} is neither a record nor a customer")));
        }
    };
    let request = Request { task: arguments.request, ..arguments.why.request(action) };
    carry_out(&entry, request, arguments.why.dry_run, output)
}

/// What is asked for of a record.
fn correction(arguments: &Arguments, record: RecordAddress) -> anyhow::Result<Action> {
    let mut set = values(&arguments.set)?;
    if let Some((field, _)) = set.iter().find(|(_, text)| text.is_empty()) {
        return Err(Usage::error(format!(
            "{field}= is empty: --clear {field} removes the value, --withdraw {field} undoes a correction"
        )));
    }
    let cleared: Vec<FieldName> = arguments.clear.iter().map(FieldName::new).collect();
    let withdrawn = arguments.withdraw.iter().map(|field| (FieldName::new(field), String::new()));
    for (field, nothing) in withdrawn {
        if set.insert(field.clone(), nothing).is_some() {
            return Err(Usage::error(format!("{field} is named twice")));
        }
    }
    if let Some(field) = cleared.iter().find(|field| set.contains_key(*field)) {
        return Err(Usage::error(format!("{field} is named twice")));
    }
    Ok(Action::Correct { record, values: set, chosen: [].into(), cleared })
}
