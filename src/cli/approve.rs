//! `steward approve` and `steward reject`: what becomes of what others propose.

use serde_json::json;

use super::carry_out::carry_out;
use super::code::Code;
use super::entry::Entry;
use super::failure::Usage;
use super::invocation::Invocation;
use super::output::Output;
use super::say::say;
use super::text::{clean, counted};
use domain::{BulkId, TaskId, Verdict};
use door::operations::{Approvals, DecideInBulk, FitBulk, TasksWhere};
use door::{Action, BulkOutcome, Request};

/// Approve what others propose: it is done as it would be done today.
///
/// Where it would come to something else than when it was proposed, it is refused, and what happened since is
/// shown; --expect approves it as it is now. Nobody approves what they proposed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward approve T90\n  steward approve B5 --where 'stake < 50000'\n  \
    steward approve T90 --expect 7d2f90b1c3a4e586 --note 'checked with the branch'"
)]
pub struct Arguments {
    #[command(flatten)]
    which: Which,
    /// The digest that `steward show` gives of what it would come to now.
    #[arg(long, value_name = "DIGEST")]
    expect: Option<String>,
    /// A note.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Reject what others propose: nothing is done, and its task waits again.
///
/// A decision that did not wait for its approval stays until somebody undoes it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward reject T90 --note 'two people, see the call of 3 March'\n  \
    steward reject B5 --note 'wrong file'"
)]
pub struct RejectArguments {
    #[command(flatten)]
    which: Which,
    /// Why.
    #[arg(long, value_name = "TEXT", required = true)]
    note: Option<String>,
}

/// Which of those that wait.
#[derive(Debug, clap::Args)]
struct Which {
    /// Approval tasks (T90), or the proposals of a bulk (B5).
    #[arg(value_name = "ID", required_unless_present = "filter")]
    ids: Vec<String>,
    /// Only those that match the expression (columns: `steward tasks --help`).
    #[arg(long = "where", value_name = "EXPR", value_parser = super::tasks::filter)]
    filter: Option<String>,
    /// Show what would happen, or why it would be refused; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Approves.
///
/// # Errors
/// When one is not there, it is refused, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let action = Action::Approve { expect: arguments.expect.clone() };
    answer(&arguments.which, action, arguments.note.as_ref(), invocation, output)
}

/// Rejects.
///
/// # Errors
/// As [`run`].
pub fn reject(
    arguments: &RejectArguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    answer(&arguments.which, Action::Reject, arguments.note.as_ref(), invocation, output)
}

fn answer(
    which: &Which,
    action: Action,
    note: Option<&String>,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(which.dry_run)?;
    let of =
        |task| Request { task: Some(task), note: note.cloned(), ..Request::new(action.clone()) };
    let tasks = tasks(which, &entry)?;
    match tasks.as_slice() {
        [] => {
            say("nothing that waits for approval matches: nothing was decided");
            Ok(Code::Done)
        }
        [one] => {
            let verdict = tells_grant(&entry, *one)?;
            let done = carry_out(&entry, of(*one), which.dry_run, output)?;
            if let (Some(line), false) = (verdict, which.dry_run || output.json) {
                say(&format!("if joins are left: steward grant give {line}"));
            }
            Ok(done)
        }
        _ if matches!(&action, Action::Approve { expect: Some(_) }) => {
            Err(Usage::error("--expect is about one task: name one".to_owned()))
        }
        several => many(&entry, several, which.dry_run, &of, output),
    }
}

/// The census of a proposed grant, whose portions follow one by one.
fn tells_grant(entry: &Entry, task: TaskId) -> anyhow::Result<Option<String>> {
    let rows = entry.ask(Approvals::default())?;
    let row = rows.into_iter().find(|row| row.task == task && row.verdict == Verdict::Grant);
    Ok(row.and_then(|row| row.line.split_whitespace().nth(1).map(ToOwned::to_owned)))
}

/// The tasks that are meant, each once.
fn tasks(which: &Which, entry: &Entry) -> anyhow::Result<Vec<TaskId>> {
    let mut tasks: Vec<TaskId> = Vec::new();
    for id in &which.ids {
        if let Ok(bulk) = id.parse::<BulkId>() {
            let rows = entry.ask(Approvals::default())?;
            let of_bulk = rows.into_iter().filter(|row| row.bulk == Some(bulk));
            tasks.extend(of_bulk.map(|row| row.task));
            continue;
        }
        let task = id.parse::<TaskId>();
        tasks.push(task.map_err(|_| {
            Usage::error(format!("`{id}` is not an approval task (T90) or a bulk (B5)"))
        })?);
    }
    if let Some(filter) = &which.filter {
        let filter = format!("kind = approval and ({filter})");
        let found = entry.ask(TasksWhere { filter })?;
        match which.ids.is_empty() {
            true => tasks = found,
            false => tasks.retain(|task| found.contains(task)),
        }
    }
    tasks.sort_unstable();
    tasks.dedup();
    Ok(tasks)
}

/// Each by itself, under one bulk; what is refused is named, and the rest is done.
fn many(
    entry: &Entry,
    tasks: &[TaskId],
    rehearse: bool,
    of: &dyn Fn(TaskId) -> Request,
    output: &Output,
) -> anyhow::Result<Code> {
    entry.ask(FitBulk { tasks: tasks.len() })?;
    let mut whole = BulkOutcome::default();
    let left = (0..tasks.len() as u64).rev();
    for (task, left) in tasks.iter().zip(left) {
        let (request, bulk) = (of(*task), whole.bulk);
        let done = entry.ask(DecideInBulk { request, bulk, left, rehearse })?;
        whole.bulk = done.bulk;
        whole.results.extend(done.results);
        if done.failed.is_some() {
            whole.failed = done.failed;
            break;
        }
    }
    if output.json {
        output.object(&json!({ "dry_run": rehearse, "outcome": whole }))?;
    } else {
        for result in &whole.results {
            let task = result.task.map(|task| task.to_string()).unwrap_or_default();
            match (&result.refusal, result.decision) {
                (Some(refusal), _) => {
                    say(&format!("{task} skipped: {}", clean(&refusal.to_string())))
                }
                (None, Some(decision)) => {
                    output.line(&format!("{decision} {}", clean(&result.summary)))?;
                }
                (None, None) => {
                    output.line(&format!("{task} dry run: {}", clean(&result.summary)))?
                }
            }
        }
    }
    if let Some(failed) = whole.failed {
        return Err(anyhow::anyhow!(failed));
    }
    let done = whole.results.iter().filter(|result| result.refusal.is_none()).count();
    let first = whole.results.into_iter().find_map(|result| result.refusal);
    match (done, first) {
        (0, Some(refusal)) => Err(refusal.into()),
        _ if output.json => Ok(Code::Done),
        _ => {
            let told = counted(done as u64, "proposal", "proposals");
            let undo = whole.bulk.map(|bulk| format!("; to undo: steward undo {bulk}"));
            match rehearse {
                true => say("nothing was written (--dry-run)"),
                false => say(&format!("{told} answered{}", undo.unwrap_or_default())),
            }
            Ok(Code::Done)
        }
    }
}
