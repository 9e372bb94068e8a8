//! `steward tasks`: the queue as a list.

use clap::ValueEnum;

use super::code::Code;
use super::entry::Entry;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::say::say;
use super::text::{Paint, Table, clean, counted};
use domain::{TaskColumn, TaskId, TaskKind};
use door::TaskListing;
use door::operations::ListTasks;
use door::views::{TaskLine, TaskPage, TaskSummary};

/// List the tasks waiting for a decision: best next first, or in the order set in steward.toml.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward tasks --kind duplicate\n  \
    steward tasks --where 'score >= 0.9 and subject ~ pace' --json\n\n\
    Columns for --where: id, kind, state, count, score, stake, age, opened, due, subject,\n    \
    source, rule, reason, pattern, customer, to, assignee, mine. --json has the same names.\n    \
    version, subjects and summary are only shown; opened and due are days in your time zone\n    \
    (--json tells times in UTC).\n\
    Operators: = != < <= > >= (text ignores case), ~ contains, !~ does not, in (a, b), is empty,\n    \
    is not empty; and, or, not, ( ). Quote text that contains spaces.")]
pub struct Arguments {
    /// Only tasks that match the expression.
    #[arg(long = "where", value_name = "EXPR", value_parser = filter)]
    filter: Option<String>,
    /// Only tasks of this kind.
    #[arg(long, value_name = "K")]
    kind: Option<Kind>,
    /// Only tasks in this state; default: all pending.
    #[arg(long, value_name = "S")]
    state: Option<State>,
}

/// A filter as typed, once it is known to be one.
pub fn filter(text: &str) -> Result<String, String> {
    TaskColumn::expression(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

/// The kinds of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Duplicate,
    Invalid,
    /// A verdict that somebody proposed, or that did not wait: somebody else approves it.
    Approval,
    Challenge,
    Vanished,
    /// A second look: a decision asked again, blind; or two verdicts that differ.
    Second,
    /// Merges made by the machine under a grant, checked blind.
    Check,
    /// Requests of persons: access, erasure and the like.
    Request,
    /// Records that are delivered as another customer's.
    Overlay,
}

/// The states of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    /// Waiting for a verdict.
    Open,
    /// Deferred until a time that has now come.
    Due,
    /// Deferred to later.
    Deferred,
    /// Someone was asked.
    Escalated,
    /// Someone was asked and has answered.
    Answered,
    /// A verdict is proposed and waits for somebody else's approval.
    Proposed,
    /// Decided by a person.
    Decided,
    /// Nothing left to decide.
    Settled,
    /// Any state.
    All,
}

impl Kind {
    fn in_the_domain(self) -> TaskKind {
        match self {
            Kind::Duplicate => TaskKind::Duplicate,
            Kind::Invalid => TaskKind::Invalid,
            Kind::Approval => TaskKind::Approval,
            Kind::Challenge => TaskKind::Challenge,
            Kind::Vanished => TaskKind::Vanished,
            Kind::Second => TaskKind::Second,
            Kind::Check => TaskKind::Check,
            Kind::Request => TaskKind::Request,
            Kind::Overlay => TaskKind::Overlay,
        }
    }
}

impl State {
    /// As tasks name it; none do `all`.
    fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Due => "due",
            State::Deferred => "deferred",
            State::Escalated => "escalated",
            State::Answered => "answered",
            State::Proposed => "proposed",
            State::Decided => "decided",
            State::Settled => "settled",
            State::All => "all",
        }
    }

    fn is_finished(self) -> bool {
        matches!(self, State::Decided | State::Settled | State::All)
    }
}

/// Lists tasks.
///
/// # Errors
/// When the filter is no expression, or the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_to_read()?;
    let state = arguments.state.filter(|state| *state != State::All);
    let listing = TaskListing {
        filter: arguments.filter.clone(),
        kind: arguments.kind.map(Kind::in_the_domain),
        state: state.map(|state| state.name().to_owned()),
        finished: arguments.state.is_some_and(State::is_finished),
        whole: output.json,
    };
    let (count, first) = print(&entry, listing, output)?;
    if output.json {
        return Ok(Code::Done);
    }
    match first {
        None if arguments.filter.is_none()
            && arguments.kind.is_none()
            && arguments.state.is_none() =>
        {
            say("no tasks are waiting; next: import new data, then steward match; decided \
                 tasks: steward tasks --state all");
        }
        None => {
            say(
                "no matching tasks; steward match finds duplicates, steward tasks --state all lists all",
            );
        }
        Some(first) => {
            say(&format!(
                "{}; to look at one: steward show {first}",
                counted(count, "task", "tasks")
            ));
        }
    }
    Ok(Code::Done)
}

/// Prints the tasks of a listing as they are read, as JSON Lines or as a table with a heading; tells
/// how many, and the first.
///
/// # Errors
/// When the filter is no expression, the desk fails, or nobody reads the output any more.
pub fn print(
    entry: &Entry,
    listing: TaskListing,
    output: &Output,
) -> anyhow::Result<(u64, Option<TaskId>)> {
    let (mut count, mut first) = (0, None);
    let mut widths = Vec::new();
    for part in 0.. {
        let TaskPage { lines, more } = entry.ask(ListTasks { listing: listing.clone(), part })?;
        if output.json {
            output.objects(&lines.iter().map(object).collect::<Result<Vec<_>, _>>()?)?;
        } else if !lines.is_empty() {
            output.lines(&table(&lines, first.is_none(), &mut widths, output.paint))?;
        }
        count += lines.len() as u64;
        first = first.or(lines.first().map(|line| line.id));
        if !more {
            break;
        }
    }
    Ok((count, first))
}

/// A task as an object, its keys named as the columns of filters are: whom it is about stands once.
fn object(line: &TaskLine) -> serde_json::Result<serde_json::Value> {
    let mut object = serde_json::to_value(line)?;
    if let Some(name) = object.as_object_mut().and_then(|fields| fields.remove("name")) {
        object["subject"] = name;
    }
    Ok(object)
}

/// What a duplicate is about and why it was not merged; of others, why they are here.
fn told(line: &TaskLine) -> String {
    let summary = line.summary.as_ref().filter(|_| line.kind == TaskKind::Duplicate);
    let said = summary.map(TaskSummary::line).filter(|said| !said.is_empty());
    said.unwrap_or_else(|| line.reason.clone())
}

/// The state, the day until which it was put off, and who works on it.
fn state(line: &TaskLine) -> String {
    let state = match line.due {
        Some(due) if line.state == "deferred" => format!("deferred until {}", moment::day(due)),
        _ => line.state.clone(),
    };
    match claimed(line) {
        Some(holder) => format!("{state}, claimed by {}", clean(holder)),
        None => state,
    }
}

/// Who has claimed a task: otherwise it is of whom it was asked, or of who asked.
fn claimed(line: &TaskLine) -> Option<&str> {
    let asks = line.state == "answered";
    line.assignee.as_deref().filter(|it| !asks && line.to.as_deref() != Some(*it))
}

/// Tasks as an aligned table, with a heading where it begins.
fn table(lines: &[TaskLine], begins: bool, widths: &mut Vec<usize>, paint: Paint) -> Vec<String> {
    let mut table = Table::default();
    if begins {
        table.row(["id", "kind", "state", "version", "score", "subject", "subjects", "summary"]);
    }
    for line in lines {
        let subjects: Vec<String> = line.subjects.iter().map(ToString::to_string).collect();
        table.row([
            line.id.to_string(),
            line.kind.name().to_owned(),
            state(line),
            line.version.to_string(),
            line.score.map_or(String::new(), domain::score),
            clean(&line.summary.as_ref().map_or(line.name.clone(), TaskSummary::named)),
            clean(&subjects.join(",")),
            clean(&told(line)),
        ]);
    }
    let mut lines = table.lines_after(widths);
    if begins && let Some(heading) = lines.first_mut() {
        *heading = paint.bold(heading);
    }
    lines
}
