//! `steward show`: one thing, whole. One file a kind of thing.

mod customer;
mod decision;
mod record;
mod task;

use jiff::Timestamp;

use super::code::Code;
use super::failure::Usage;
use super::output::Output;
use super::session::{Session, ask, ask_to_show, unexpected};
use super::text::{Table, clean};
use super::{moment, names};
use desk::Desk;
use domain::{BulkId, Severity, Subject};
use door::views::ViolationView;
use door::{Answer, Question, Refusal};

/// Show a record, customer, task, decision or bulk, whole.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward show crm:1042\n  steward show C17 --at 2026-03-02\n  \
    steward show T9\n  steward show D31 --json"
)]
pub struct Arguments {
    /// crm:1042 (a bare key if there is one source), C17, T9, D31 or B7.
    #[arg(value_name = "ID")]
    id: String,
    /// Records and customers as they were then: a date (its end, in your time zone) or a time.
    #[arg(long, value_name = "TIME", value_parser = moment::at)]
    at: Option<Timestamp>,
    /// Print sensitive values as they are; that you looked is written to the ledger.
    #[arg(long)]
    unmask: bool,
}

/// Shows a thing.
///
/// # Errors
/// When there is no such thing, or the workspace cannot be read.
pub fn run(arguments: &Arguments, session: &Session, output: &Output) -> anyhow::Result<Code> {
    let mut desk = session.open_to_show(arguments.unmask)?;
    let subject = names::subject(&desk, &arguments.id)?;
    let at = arguments.at;
    let question = match &subject {
        Subject::Record(record) => Question::Record { record: record.clone(), at },
        Subject::Customer(customer) => Question::Customer { customer: *customer, at },
        _ if at.is_some() => {
            return Err(Usage::error("--at goes with a record or a customer"));
        }
        Subject::Task(task) => Question::Task(*task),
        Subject::Decision(decision) => Question::Decision(*decision),
        Subject::Bulk(bulk) => {
            bulk_of(&mut desk, *bulk, arguments, output)?;
            return Ok(Code::Done);
        }
    };
    let answer = ask_to_show(&mut desk, question, arguments.unmask, None)?;
    let addresses = Addresses(&desk);
    match answer {
        Answer::Record(view) if output.json => output.object(&record::to_json(&view))?,
        Answer::Record(view) => output.lines(&record::lines(&view))?,
        Answer::Customer(view) if output.json => {
            output.object(&customer::to_json(&view, &addresses))?;
        }
        Answer::Customer(view) => {
            output.lines(&customer::lines(&view, &addresses))?;
        }
        Answer::Task(view) if output.json => output.object(&task::to_json(&view, &addresses))?,
        Answer::Task(view) => {
            output.lines(&task::lines(&view, &addresses, output.paint))?;
            task::say_how_to_decide(&view);
        }
        Answer::Decision(view) if output.json => output.object(&view)?,
        Answer::Decision(view) => output.lines(&decision::lines(&view))?,
        _ => return Err(unexpected()),
    }
    Ok(Code::Done)
}

/// A bulk is its decisions.
fn bulk_of(
    desk: &mut Desk,
    bulk: BulkId,
    arguments: &Arguments,
    output: &Output,
) -> anyhow::Result<()> {
    let bulk_itself = Subject::Bulk(bulk);
    let question = Question::History(Some(bulk_itself.clone()));
    // What is not there is not looked at, and nobody is said to have seen it.
    match ask(desk, question.clone())? {
        Answer::History(entries) if entries.is_empty() => {
            return Err(Refusal::Unknown { subject: bulk.to_string() }.into());
        }
        _ => {}
    }
    let answer = ask_to_show(desk, question, arguments.unmask, Some(vec![bulk_itself]))?;
    let Answer::History(entries) = answer else { return Err(unexpected()) };
    if output.json {
        output.objects(&entries)?;
    } else {
        output.lines(&super::history::lines(&entries))?;
    }
    Ok(())
}

/// Turns record numbers, which never leave the program, into addresses.
struct Addresses<'d>(&'d Desk);

impl Addresses<'_> {
    /// The address of a record; none where it cannot be read.
    fn of(&self, record: domain::RecordId) -> Option<String> {
        self.0.facts().body(record).ok().map(|body| body.address.to_string())
    }

    /// Where a golden value came from: `crm:1042, most_trusted`, `D31`.
    fn origin(&self, origin: &domain::Origin) -> String {
        use domain::Origin::{Pinned, Survived};
        match origin {
            Survived { record, strategy } => match self.of(*record) {
                Some(address) => format!("{address}, {strategy}"),
                None => strategy.clone(),
            },
            Pinned { decision, record } => match record.and_then(|record| self.of(record)) {
                Some(address) => format!("pinned by {decision}, from {address}"),
                None => format!("pinned by {decision}"),
            },
        }
    }
}

/// Violations as lines: what is wrong, what is suggested, what to do.
fn violation_lines(violations: &[ViolationView]) -> Vec<String> {
    let mut table = Table::default();
    for violation in violations {
        let severity = match (violation.waived, violation.severity) {
            (Some(decision), _) => format!("waived by {decision}"),
            (None, Severity::Error) => "error".to_owned(),
            (None, Severity::Warn) => "warn".to_owned(),
        };
        let suggestion = violation.suggestion.as_ref();
        let suggestion =
            suggestion.map_or(String::new(), |text| format!("; suggested: {}", clean(text)));
        let remedy = violation.remedy.as_ref();
        let remedy = remedy.map_or(String::new(), |text| format!(" ({})", clean(text)));
        table.row([
            format!("  {severity}"),
            violation.rule.to_string(),
            format!("{}: {}{remedy}{suggestion}", violation.field, clean(&violation.message)),
        ]);
    }
    table.lines()
}
