//! `steward erase`: a person is erased for good.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::code::Code;
use super::entry::Entry;
use super::failure::Usage;
use super::invocation::Invocation;
use super::moment;
use super::names;
use super::output::Output;
use super::progress::Bar;
use super::say::{say, say_cleared};
use super::text::{clean, counted};
use domain::{CustomerId, MissingStep, ReasonCode, RequestKind, TaskId};
use door::Refusal;
use door::operations::{Erase, ErasureRequest, ForeseeErasure, Requests};
use door::views::ErasureReach;

/// Erase a person for good: records, revisions, notes and values of decisions, quarantined rows.
///
/// The ledger keeps that it was done, when and why, and still verifies. The next import skips the
/// same source keys. Nothing brings the data back: undo cannot, and a restored backup repeats
/// the erasure. Copies that have left the workspace are listed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward erase C17 --reason request --dry-run\n  \
    steward erase crm:1042 --reason request --note \"letter of 2 March\" --yes")]
pub struct Arguments {
    /// A customer (C17), or one of its records (crm:1042); the whole customer is erased.
    #[arg(value_name = "ID")]
    id: String,
    /// Why: one of the reasons for `erase` in steward.toml; if it lists none: request,
    /// consent_withdrawn, retention or court_order.
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// A note on the erasure. It is kept, so write nothing about the person.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The request (T5) that it answers: refused until it is recorded who asks and that recipients were told.
    #[arg(long = "for", value_name = "TASK")]
    request: Option<TaskId>,
    /// Do not ask for confirmation.
    #[arg(long)]
    yes: bool,
    /// Show what would be erased; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Erases a person.
///
/// # Errors
/// When there is no such person, it is refused or not confirmed, or the workspace cannot be
/// written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.dry_run)?;
    let request = ErasureRequest {
        customer: customer(&entry, arguments)?,
        reason: arguments.reason.as_deref().map(ReasonCode::new),
        note: arguments.note.clone(),
        request: arguments.request,
    };
    // What was confirmed already is not looked at beforehand: nothing holds an erasure back.
    let foresee = || entry.ask(ForeseeErasure { request: request.clone() });
    if arguments.dry_run {
        let reach = foresee()?;
        if output.json {
            output.object(&to_json(&reach, None)?)?;
        } else {
            output.lines(&lines(&reach, "would be erased"))?;
            say_left(&reach);
            say_recipients(&entry, &reach, arguments.request);
            say("nothing was written (--dry-run)");
        }
        return Ok(Code::Done);
    }
    if !arguments.yes {
        let reach = foresee()?;
        let told = || {
            say_left(&reach);
            say_recipients(&entry, &reach, arguments.request);
        };
        confirm(&reach, &told, output)?;
    }
    let bar = Bar::new();
    bar.busy("erasing");
    let erased = entry.ask(Erase { request });
    bar.clear();
    let erased = erased?;
    say_ended(&erased.reach);
    say_recipients(&entry, &erased.reach, arguments.request);
    drop(entry);
    let cleared: Vec<PathBuf> = erased.cleared.iter().map(PathBuf::from).collect();
    say_cleared(&cleared);
    if output.json {
        output.object(&to_json(&erased.reach, Some(erased.sequence.0))?)?;
    } else {
        output.line(&format!("{} erased (commit {})", erased.reach.customer, erased.sequence))?;
        output.lines(&lines(&erased.reach, "gone"))?;
    }
    Ok(Code::Done)
}

/// Whom to erase. What one id stood for has become part of another customer: who erases that says so
/// by its own id.
fn customer(entry: &Entry, arguments: &Arguments) -> anyhow::Result<CustomerId> {
    let live = names::customer(entry, &arguments.id)?;
    match arguments.id.parse::<CustomerId>() {
        Ok(named) if named != live && !arguments.dry_run => {
            let why =
                format!("{named} is now part of {live}, which would be erased whole: name {live}");
            Err(Refusal::DoesNotApply { why }.into())
        }
        _ => Ok(live),
    }
}

/// Says what an erasure would leave unanswered, and whom it would not reach.
fn say_left(reach: &ErasureReach) {
    reach.requests.iter().for_each(|it| say(&format!("note: {}", it.words(reach.customer))));
    reach.maybe_same.iter().for_each(|it| say(&format!("note: {}", it.words())));
    reach.beside.iter().for_each(|it| say(&format!("note: {}", it.words())));
}

/// Says which requests ended with the person who made them.
fn say_ended(reach: &ErasureReach) {
    for request in &reach.requests {
        say(&format!("note: {}, which asked for {}, ended unanswered", request.task, request.kind));
    }
    for same in &reach.maybe_same {
        let others: Vec<String> = same.customers.iter().map(ToString::to_string).collect();
        say(&format!("note: {} may have been the same person, and stays", others.join(", ")));
    }
}

/// Says which requests of the person leave recipients to be told: the erasure does not wait for it, and it stays due.
fn say_recipients(entry: &Entry, reach: &ErasureReach, answered: Option<TaskId>) {
    // Whoever may not see requests is told nothing of them.
    let Ok(requests) = entry.ask(Requests::default()) else { return };
    let is_theirs = |task| reach.tasks.contains(&task) && Some(task) != answered;
    for request in requests.iter().filter(|request| is_theirs(request.task)) {
        let is_left = request.missing.contains(&MissingStep::Recipients);
        if request.kind == RequestKind::Erasure && is_left {
            let words = MissingStep::Recipients.words(&request.task, request.customer);
            say(&format!("note: {words}"));
        }
    }
}

/// Asks for the customer's id, typed out.
fn confirm(reach: &ErasureReach, more: &dyn Fn(), output: &Output) -> anyhow::Result<()> {
    let id = reach.customer.to_string();
    if output.json || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Usage::error(format!(
            "erasing {id} cannot be undone: pass --yes, or run it on a terminal"
        )));
    }
    lines(reach, "will be erased for good").iter().for_each(|line| say(line));
    more();
    let mut err = io::stderr();
    let _ = write!(err, "Type {id} to erase: ");
    let _ = err.flush();
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == id {
        Ok(())
    } else {
        Err(anyhow::Error::msg("not confirmed: nothing was erased"))
    }
}

fn to_json(reach: &ErasureReach, sequence: Option<u64>) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(reach)?;
    if let Value::Object(fields) = &mut value {
        fields.insert("sequence".to_owned(), json!(sequence));
        fields.insert("dry_run".to_owned(), json!(sequence.is_none()));
    }
    Ok(value)
}

fn lines(reach: &ErasureReach, what: &str) -> Vec<String> {
    let records: Vec<String> =
        reach.records.iter().map(|record| clean(&record.to_string())).collect();
    let mut lines = vec![format!("of {}, {what}:", reach.customer)];
    lines.push(format!(
        "  {} ({}), {}",
        counted(records.len() as u64, "record", "records"),
        records.join(", "),
        counted(reach.revisions, "revision", "revisions"),
    ));
    let mut add = |count: usize, one: &str, many: &str, list: Vec<String>| {
        if count > 0 {
            lines.push(format!("  {}: {}", counted(count as u64, one, many), list.join(", ")));
        }
    };
    add(
        reach.decisions.len(),
        "decision's note, values and key",
        "decisions' notes, values and keys",
        reach.decisions.iter().map(ToString::to_string).collect(),
    );
    add(
        reach.tasks.len(),
        "pending task",
        "pending tasks",
        reach.tasks.iter().map(ToString::to_string).collect(),
    );
    let rows = reach.quarantined.iter().map(|row| format!("{} of {}", row.line, row.import));
    add(reach.quarantined.len(), "quarantined row", "quarantined rows", rows.collect());
    if !reach.quarantined.is_empty() {
        lines.push("  identical rows delivered later are left out, like the records".to_owned());
    }
    if reach.models > 0 {
        let models = counted(reach.models, "matching model", "matching models");
        lines.push(format!("  frequencies in {models}"));
    }
    if reach.activities > 0 {
        let shared = match reach.shared_activities {
            0 => String::new(),
            shared => format!(", {shared} by a handle that another customer has or had as well"),
        };
        lines.push(format!("  {}{shared}", counted(reach.activities, "activity", "activities")));
    }
    lines.push(format!(
        "  {} of the ledger in {}, rewritten",
        counted(reach.events, "event", "events"),
        counted(reach.segments.len() as u64, "segment", "segments"),
    ));
    lines.extend(copies(reach));
    lines
}

/// What no command reaches.
fn copies(reach: &ErasureReach) -> Vec<String> {
    let mut lines = Vec::new();
    if !reach.exports.is_empty() {
        lines.push(
            "exports that hold or may hold the person; inform whoever received them:".to_owned(),
        );
    }
    for export in &reach.exports {
        let to = clean(&export.destination);
        let (dataset, at, by) = (&export.dataset, &export.at, clean(&export.by));
        let cut = match (export.finished, &export.folder) {
            (true, _) => String::new(),
            (false, None) => ", not finished".to_owned(),
            (false, Some(folder)) => format!(" in {}, not finished", clean(folder)),
        };
        lines.push(format!(
            "  {dataset} ({}) to {to}{cut}, {} by {by}",
            export.format,
            moment::shown(*at)
        ));
    }
    if !reach.backups.is_empty() {
        lines.push("backups that hold the person; restoring one repeats the erasure:".to_owned());
    }
    for backup in &reach.backups {
        let by = clean(&backup.by);
        lines.push(format!("  {}, {} by {by}", clean(&backup.path), moment::shown(backup.at)));
    }
    lines
}
