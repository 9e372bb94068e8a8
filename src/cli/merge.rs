//! `steward merge`: customers become one, without a task.

use super::carry_out::carry_out;
use super::code::Code;
use super::entry::Entry;
use super::invocation::Invocation;
use super::names;
use super::output::Output;
use super::picks::{Assignment, assignment, picks};
use super::say::say;
use super::text::clean;
use super::unmasking;
use domain::{CustomerId, ReasonCode, RuleId};
use door::operations::ShowCustomer;
use door::{Action, Request, Rest};

/// Merge customers that no task proposes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  steward merge crm:1042 webshop:88120 --reason confirmed-by-customer"
)]
pub struct Arguments {
    /// Two or more customers (C17) or records (crm:1042).
    #[arg(value_name = "ID", num_args = 2.., required = true)]
    ids: Vec<String>,
    /// The customer that survives; default: the lowest id.
    #[arg(long, value_name = "C17")]
    into: Option<CustomerId>,
    /// Take a field's golden value from this record or customer.
    #[arg(long, value_name = "FIELD=SOURCE:KEY", value_parser = assignment)]
    pick: Vec<Assignment>,
    /// Set a field's golden value.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    set: Vec<Assignment>,
    #[command(flatten)]
    why: Why,
    /// With --dry-run: judge rules about masked fields as well; the ledger records that you looked.
    #[arg(long, requires = "dry_run")]
    unmask: bool,
}

/// What can be said about any decision without a task.
#[derive(Debug, clap::Args)]
pub struct Why {
    /// A reason from the list in steward.toml.
    #[arg(long, value_name = "CODE")]
    pub reason: Option<String>,
    /// A note.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Allow the result to break this rule; needs a reason.
    #[arg(long, value_name = "RULE")]
    pub waive: Vec<String>,
    /// Decide at once what needs approval, and why; somebody else reviews it afterwards.
    #[arg(long, value_name = "REASON")]
    pub break_glass: Option<String>,
    /// Show what would happen, or why it would be refused; write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

impl Why {
    /// The request for an action, with these circumstances.
    pub fn request(&self, action: Action) -> Request {
        Request {
            reason: self.reason.as_deref().map(ReasonCode::new),
            note: self.note.clone(),
            waive: self.waive.iter().map(RuleId::new).collect(),
            break_glass: self.break_glass.clone(),
            ..Request::new(action)
        }
    }
}

/// Says which records come along that nobody named: whoever names a record means its whole customer.
fn tell_others(entry: &Entry, text: &str, customer: CustomerId) -> anyhow::Result<()> {
    /// So many are named.
    const NAMED: usize = 5;
    if text.parse::<CustomerId>().is_ok() {
        return Ok(());
    }
    let view = entry.ask(ShowCustomer { customer, at: None, unmask: false })?;
    let members = view.column.members.iter().map(|member| member.address.to_string());
    let others: Vec<String> = members.filter(|it| !it.eq_ignore_ascii_case(text)).collect();
    if let [_, ..] = others.as_slice() {
        let named = others.iter().take(NAMED).map(|it| clean(it)).collect::<Vec<_>>().join(", ");
        let more = others.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        say(&format!("note: {} belongs to {customer}, with {named}{more}", clean(text)));
    }
    Ok(())
}

/// Merges customers.
///
/// # Errors
/// When one is not there, it is refused, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = unmasking::open(invocation, arguments.why.dry_run, arguments.unmask)?;
    let into = arguments.into.map(|into| names::followed(&entry, into)).transpose()?;
    let customers = names::customers(&entry, &arguments.ids)?;
    for (text, customer) in arguments.ids.iter().zip(&customers) {
        tell_others(&entry, text, *customer)?;
    }
    let action = Action::Merge {
        groups: vec![customers],
        into,
        picks: picks(&entry, &arguments.pick, &arguments.set)?,
        rest: Rest::Stay,
    };
    carry_out(&entry, arguments.why.request(action), arguments.why.dry_run, output)
}
