//! `steward hold`: keeps a customer from being erased, lists what is held, lifts it.

use jiff::civil::Date;

use super::carry_out::carry_out;
use super::code::Code;
use super::failure::Usage;
use super::invocation::Invocation;
use super::moment;
use super::names;
use super::output::Output;
use super::text::{Table, clean, counted};
use domain::ReasonCode;
use door::operations::Holds;
use door::views::HoldView;
use door::{Action, Request};

/// Keep a customer from being erased, by people and by retention: a legal hold.
///
/// A hold lies on the records the customer has now. It stays on them through merges and unmerges, and a customer
/// is held as long as one of its records is. `hold lift` ends it, or the day of --until.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  steward hold C17 --reason legal-hold --note 'case 12/2026'\n  \
    steward hold crm:1042 --reason legal-hold --until 2027-12-31\n  steward hold --list\n  \
    steward hold lift C17 --reason case-closed"
)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// A customer (C17), or one of its records (crm:1042).
    #[arg(value_name = "ID", required_unless_present = "list")]
    id: Option<String>,
    #[command(flatten)]
    why: Why,
    /// The last day on which it is held (2027-12-31). Default: until it is lifted.
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// List what is held.
    #[arg(long, conflicts_with_all = ["id", "reason", "note", "break_glass", "until", "dry_run"])]
    list: bool,
    /// Show what would happen; write nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Lift every hold on a customer.
    Lift {
        /// A customer (C17), or one of its records (crm:1042).
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        why: Why,
        /// Show what would happen; write nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Why {
    /// Why: a reason from the list in steward.toml.
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// A note, such as the number of the case. Do not repeat a masked value in it.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Decide at once what needs approval, and why; somebody else reviews it afterwards.
    #[arg(long, value_name = "REASON")]
    break_glass: Option<String>,
}

impl Why {
    fn of(&self, action: Action) -> Request {
        let reason = self.reason.as_deref().map(ReasonCode::new);
        let break_glass = self.break_glass.clone();
        Request { reason, note: self.note.clone(), break_glass, ..Request::new(action) }
    }
}

/// Whether what is said changes something, apart from its dry run.
pub fn changes(matches: &clap::ArgMatches) -> bool {
    let is_set = |of: &clap::ArgMatches, flag| of.get_flag(flag);
    match matches.subcommand() {
        Some((_, of)) => !is_set(of, "dry_run"),
        None => !is_set(matches, "dry_run") && !is_set(matches, "list"),
    }
}

/// Holds, lists or lifts.
///
/// # Errors
/// When there is no such customer, it is refused, or the workspace cannot be read or written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    if let Some(What::Lift { id, why, dry_run }) = &arguments.what {
        let entry = invocation.open_for(*dry_run)?;
        let customer = names::customer(&entry, id)?;
        return carry_out(&entry, why.of(Action::Lift { customer }), *dry_run, output);
    }
    if arguments.list {
        let entry = invocation.open_for(true)?;
        let holds = entry.ask(Holds {})?;
        match output.json {
            true => output.object(&serde_json::json!({ "holds": holds }))?,
            false if holds.is_empty() => output.line("No customer is held.")?,
            false => output.lines(&lines(&holds))?,
        }
        return Ok(Code::Done);
    }
    let Some(id) = &arguments.id else {
        return Err(Usage::error("name a customer, or pass --list".to_owned()));
    };
    let entry = invocation.open_for(arguments.dry_run)?;
    let customer = names::customer(&entry, id)?;
    let request = arguments.why.of(Action::Hold { customer, until: arguments.until });
    carry_out(&entry, request, arguments.dry_run, output)
}

/// Holds as lines: who is held, by which decision, since when and until when.
pub fn lines(holds: &[HoldView]) -> Vec<String> {
    let mut table = Table::default();
    for hold in holds {
        let until = match (hold.until, hold.lapsed) {
            (None, _) => "until it is lifted".to_owned(),
            (Some(until), false) => format!("until {until}"),
            (Some(until), true) => format!("ended {until}"),
        };
        table.row([
            hold.customer.to_string(),
            format!("held by {}", hold.decision),
            hold.reason.as_ref().map(ToString::to_string).unwrap_or_default(),
            format!("{} by {}", moment::day(hold.since), clean(&hold.by)),
            until,
            counted(hold.records.len() as u64, "record", "records"),
        ]);
    }
    table.lines()
}
