//! `steward requests`: what people asked for, and until when it is to be answered.

use std::path::Path;

use clap::Args;

use super::code::Code;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::text::{Table, clean, counted};
use door::operations::Requests;
use door::views::{RecipientView, RequestView};

/// List requests of persons: who, what for, until when, and what is missing.
///
/// Those that wait, the earliest last day first. `steward show T5` shows one whole.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  steward requests\n  steward requests --due --json\n  \
    steward requests --all")]
pub struct Arguments {
    /// Only those whose last day is near or has passed.
    #[arg(long)]
    due: bool,
    /// Closed ones as well.
    #[arg(long, conflicts_with = "due")]
    all: bool,
}

/// Lists them.
///
/// # Errors
/// When the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(true)?;
    let wanted = Requests { due: arguments.due, closed: arguments.all, ..Requests::default() };
    let requests = entry.ask(wanted)?;
    if output.json {
        output.object(&serde_json::json!({ "requests": requests }))?;
    } else if requests.is_empty() {
        output.line(match (arguments.due, arguments.all) {
            (true, _) => "No request is due.",
            (_, true) => "No requests yet.",
            _ => "No request waits.",
        })?;
    } else {
        output.lines(&lines(&requests))?;
    }
    Ok(Code::Done)
}

fn lines(requests: &[RequestView]) -> Vec<String> {
    let mut table = Table::default();
    for request in requests {
        let missing = request.missing.len() as u64;
        let last = match (request.open, request.waits()) {
            (true, _) => request.last_day(),
            (false, true) => format!("{}, {}", request.state, request.last_day()),
            (false, false) => request.state.clone(),
        };
        let left = match (request.open, missing) {
            (false, 0) => String::new(),
            (true, 0) => "ready to be closed".to_owned(),
            (_, some) => format!("{} missing", counted(some, "step", "steps")),
        };
        table.row([
            request.task.to_string(),
            request.who(),
            clean(&request.about()) + in_force(request),
            format!("received {}", request.received),
            last,
            left,
        ]);
    }
    table.lines()
}

/// Whether what it asks to be left alone is.
fn in_force(request: &RequestView) -> &'static str {
    match request.in_force {
        Some(true) => ", in force",
        Some(false) => ", not in force",
        None => "",
    }
}

/// Where an export went, with its folder where that is recorded: names of files repeat.
fn destination(recipient: &RecipientView) -> String {
    match &recipient.folder {
        Some(folder) => Path::new(folder).join(&recipient.destination).display().to_string(),
        None => recipient.destination.clone(),
    }
}

/// Who received the person's data before: what is done for a request is told with its task.
pub fn recipients(request: &RequestView) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if !request.recipients.is_empty() {
        lines.push("earlier exports".to_owned());
        let mut table = Table::default();
        for recipient in &request.recipients {
            let held =
                if recipient.certain { "held the person" } else { "may have held the person" };
            let told = match recipient.told {
                Some(decision) => format!("told ({decision})"),
                None if request.kind.tells_recipients() => "to be told".to_owned(),
                None => String::new(),
            };
            table.row([
                format!("  #{}", recipient.export),
                format!("{} to {}", recipient.dataset, clean(&destination(recipient))),
                format!("{} by {}", moment::day(recipient.at), clean(&recipient.by)),
                held.to_owned(),
                told,
            ]);
        }
        lines.extend(table.lines());
    }
    lines
}
