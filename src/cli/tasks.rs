//! `steward tasks`: the queue as a list.

use clap::ValueEnum;

use super::failure::{Code, say};
use super::output::Output;
use super::session::{Session, ask, unexpected};
use super::text::{Paint, Table, clean, counted};
use crate::desk::views::TaskLine;
use crate::desk::{Answer, Question};
use crate::domain::TaskColumn;

/// List the tasks that wait for a decision, in the order of [queue] order: best next first.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward tasks --kind duplicate\n  \
    steward tasks --where 'score >= 0.9 and subject ~ pace' --json\n\n\
    Columns for --where: id, kind, state, count, score, stake, age, opened, due, subject, source, rule,\n    \
    reason, pattern, customer, to, assignee, mine.")]
pub struct Arguments {
    /// Only tasks for which the expression holds.
    #[arg(long = "where", value_name = "EXPR", value_parser = filter)]
    filter: Option<String>,
    /// Only tasks of this kind.
    #[arg(long, value_name = "K")]
    kind: Option<Kind>,
    /// Only tasks in this state; without it, all that are pending.
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
    Approval,
    Challenge,
}

/// The states of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    /// Waits for a verdict.
    Open,
    /// Deferred, and the time has come.
    Due,
    /// Deferred to later.
    Deferred,
    /// Asked of someone.
    Escalated,
    /// Asked of someone, who has answered.
    Answered,
    /// Decided by a person.
    Decided,
    /// Nothing was left to decide.
    Settled,
    /// Whatever its state.
    All,
}

impl State {
    fn is_finished(self) -> bool {
        matches!(self, State::Decided | State::Settled | State::All)
    }
}

/// Lists tasks.
///
/// # Errors
/// When the filter is no expression, or the workspace cannot be read.
pub fn run(arguments: &Arguments, session: &Session, output: &Output) -> anyhow::Result<Code> {
    let mut desk = session.open_to_read()?;
    let finished = arguments.state.is_some_and(State::is_finished);
    let question = Question::Tasks { filter: arguments.filter.clone(), finished };
    let Answer::Tasks(mut lines) = ask(&mut desk, question)? else { return Err(unexpected()) };
    if let Some(kind) = arguments.kind {
        lines.retain(|line| is_named(&kind, line.kind.name()));
    }
    if let Some(state) = arguments.state.filter(|state| *state != State::All) {
        lines.retain(|line| is_named(&state, &line.state));
    }
    if output.json {
        output.objects(&lines)?;
        return Ok(Code::Done);
    }
    output.lines(&table(&lines, output.paint))?;
    if lines.is_empty() {
        say("no such task; steward match finds duplicates, steward tasks --state all lists all");
    } else {
        say(&format!("{}; look at one: steward show {}", told(&lines), lines[0].id));
    }
    Ok(Code::Done)
}

fn told(lines: &[TaskLine]) -> String {
    counted(lines.len() as u64, "task", "tasks")
}

fn is_named(value: &impl ValueEnum, name: &str) -> bool {
    value.to_possible_value().is_some_and(|value| value.get_name() == name)
}

/// Tasks as an aligned table, with a heading where there are any.
pub fn table(lines: &[TaskLine], paint: Paint) -> Vec<String> {
    if lines.is_empty() {
        return Vec::new();
    }
    let mut table = Table::default();
    table.row(["id", "kind", "state", "version", "score", "subject", "about", "reason"]);
    for line in lines {
        let subjects: Vec<String> = line.subjects.iter().map(ToString::to_string).collect();
        table.row([
            line.id.to_string(),
            line.kind.name().to_owned(),
            line.state.clone(),
            line.version.to_string(),
            line.score.map_or(String::new(), |score| format!("{score:.2}")),
            clean(&line.name),
            clean(&subjects.join(",")),
            clean(&line.reason),
        ]);
    }
    let mut lines = table.lines();
    lines[0] = paint.bold(&lines[0]);
    lines
}
