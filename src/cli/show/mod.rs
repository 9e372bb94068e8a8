//! `steward show`: one thing, whole. One file a kind of thing.

mod customer;
mod decision;
mod import;
mod record;
mod task;

use std::collections::BTreeMap;
use std::io;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::code::Code;
use super::failure::Usage;
use super::invocation::Invocation;
use super::output::Output;
use super::requests::recipients;
use super::text::{Table, clean};
use super::{approvals, history, moment, names};
use domain::{Origin, RecordAddress, RecordId, Severity, Subject, TaskKind};
use door::Refusal;
use door::operations::{
    History, Requests, ShowApproval, ShowCustomer, ShowDecision, ShowImport, ShowRecord, ShowTask,
};
use door::views::ViolationView;

/// Show a record, customer, task, decision, bulk or import in full.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward show crm:1042\n  steward show C17 --at 2026-03-02\n  \
    steward show T9\n  steward show D31 --json"
)]
pub struct Arguments {
    /// crm:1042 (a bare key if there is one source), C17, T9, D31, B7 or I5.
    #[arg(value_name = "ID")]
    id: String,
    /// Records and customers as they were at a date (its end, in your time zone) or a time.
    #[arg(long, value_name = "TIME", value_parser = moment::at)]
    at: Option<Timestamp>,
    /// Show sensitive values unmasked; the ledger records that you looked.
    #[arg(long)]
    unmask: bool,
}

/// Shows a thing.
///
/// # Errors
/// When there is no such thing, or the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let unmask = arguments.unmask;
    let entry = invocation.open_to_show(unmask)?;
    let at = arguments.at;
    let subject = names::subject(&entry, &arguments.id)?;
    if at.is_some() && !matches!(subject, Subject::Record(_) | Subject::Customer(_)) {
        return Err(Usage::error("--at works only on a record or a customer"));
    }
    let subject_id = subject.to_string();
    match subject {
        Subject::Record(record) => {
            let view = entry.ask(ShowRecord { record, at, unmask })?;
            print(output, || record::to_json(&view), || record::lines(&view))?;
        }
        Subject::Customer(customer) => {
            let view = entry.ask(ShowCustomer { customer, at, unmask })?;
            print(output, || customer::to_json(&view), || customer::lines(&view))?;
        }
        Subject::Task(task) => {
            let view = entry.ask(ShowTask { task, unmask })?;
            if is_approval(&view) {
                let view = entry.ask(ShowApproval { task, unmask })?;
                print(output, || named(&subject_id, &view), || approvals::lines(&view))?;
                if !output.json {
                    approvals::say_how(&view);
                }
                return Ok(Code::Done);
            }
            let is_request = view.task.as_ref().is_some_and(|task| task.kind == TaskKind::Request);
            let request = match is_request {
                true => entry.ask(Requests { task: Some(task), ..Requests::default() })?.pop(),
                false => None,
            };
            let request = request.as_ref();
            print(
                output,
                || task::to_json(&view, request),
                || {
                    let mut lines = task::lines(&view, output.paint);
                    lines.extend(request.iter().flat_map(|request| recipients(request)));
                    lines
                },
            )?;
            if !output.json {
                task::say_how_to_decide(&view);
            }
        }
        Subject::Decision(decision) => {
            let view = entry.ask(ShowDecision { decision, unmask })?;
            print(output, || named(&subject_id, &view), || decision::lines(&view))?;
        }
        Subject::Import(import) => {
            let view = entry.ask(ShowImport { import })?;
            print(output, || named(&subject_id, &view), || import::lines(&view))?;
        }
        // A bulk is its decisions.
        Subject::Bulk(bulk) => {
            let entries = entry.ask(History { of: Some(Subject::Bulk(bulk)), unmask })?;
            if entries.is_empty() {
                return Err(Refusal::Unknown { subject: bulk.to_string() }.into());
            }
            match output.json {
                true => output.object(&json!({ "id": bulk, "decisions": entries }))?,
                false => output.lines(&history::lines(&entries))?,
            }
        }
    }
    Ok(Code::Done)
}

fn is_approval(view: &door::views::TaskView) -> bool {
    view.task.as_ref().is_some_and(|task| task.kind == TaskKind::Approval)
}

/// A view as an object that begins with the id it was asked for by, as those of all things do.
fn named(id: &str, view: &impl Serialize) -> serde_json::Value {
    let mut object = serde_json::to_value(view).unwrap_or_default();
    object["id"] = id.into();
    object
}

/// Prints a thing as an object or as lines.
fn print<T: Serialize>(
    output: &Output,
    object: impl FnOnce() -> T,
    lines: impl FnOnce() -> Vec<String>,
) -> io::Result<()> {
    if output.json { output.object(&object()) } else { output.lines(&lines()) }
}

/// Where a golden value came from: `crm:1042, most_trusted`, `D31`.
fn origin(origin: &Origin, addresses: &Origins) -> String {
    use Origin::{Pinned, Survived};
    let address = origin.record().and_then(|record| addresses.get(&record));
    match (origin, address) {
        (Survived { strategy, .. }, Some(address)) => format!("{address}, {strategy}"),
        (Survived { strategy, .. }, None) => strategy.clone(),
        (Pinned { decision, .. }, Some(address)) => {
            format!("pinned by {decision}, from {address}")
        }
        (Pinned { decision, .. }, None) => format!("pinned by {decision}"),
    }
}

/// The addresses of the records that golden values came from.
type Origins = BTreeMap<RecordId, RecordAddress>;

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
        let suggestion = match suggestion {
            Some(text) => format!("; suggested: {}", clean(text)),
            None if violation.removes => format!("; suggested: {}", ViolationView::REMOVED),
            None => String::new(),
        };
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
