//! `steward decide --where` and `--from`: many tasks, each decided by itself, under one `B` id.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::Path;

use serde_json::json;

use super::code::Code;
use super::decide::{Arguments, Line, merges_whole_task, request};
use super::failure::{Usage, stopped};
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::session::Session;
use super::text::{clean, counted};
use desk::jobs::Progress;
use desk::{Decided, Desk, Stop};
use domain::{ReasonCode, TaskId};
use door::{BulkOutcome, BulkResult, BulkVerdict, Refusal, Request};

/// Samples of what would be done.
const SAMPLES: usize = 3;

/// One task and what is asked of it.
enum Item {
    /// The verdict of a filter.
    Whole(TaskId),
    /// A line of a file.
    Line(Box<Arguments>),
}

/// What is asked, for all and for each.
struct Many<'a> {
    arguments: &'a Arguments,
    verdict: Option<BulkVerdict>,
    items: Vec<Item>,
}

/// Decides many tasks.
///
/// # Errors
/// When the filter, the file or flags make no sense, nobody confirms, everything is refused, or the
/// workspace cannot be written.
pub fn run(arguments: &Arguments, session: &Session, output: &Output) -> anyhow::Result<Code> {
    let lines = arguments.from.as_deref().map(read_lines).transpose()?;
    let mut desk = session.open_for(arguments.dry_run)?;
    let many = match lines {
        Some(lines) => Many {
            arguments,
            verdict: None,
            items: lines.into_iter().map(|line| Item::Line(Box::new(line))).collect(),
        },
        None => {
            let verdict = arguments.verdict_on_many(&desk)?;
            let filter = arguments.filter.as_deref().unwrap_or_default();
            let tasks = desk.tasks_where(filter).map_err(stopped)?;
            let items = tasks.into_iter().map(Item::Whole).collect();
            Many { arguments, verdict: Some(verdict), items }
        }
    };
    if many.items.is_empty() {
        say("no such task: nothing is decided");
        return Ok(Code::Done);
    }
    desk.must_fit_a_bulk(many.items.len()).map_err(stopped)?;
    let watch = Watch::new()?;
    let judged = each(&mut desk, &many, (true, &[]), &watch)?;
    let ready = judged.results.iter().filter(|result| result.refusal.is_none()).count();
    if arguments.dry_run {
        return foreseen(&judged, ready, arguments, output);
    }
    if ready == 0 {
        tell_refused(&judged.results, "would be refused");
        return Err(all_refused(&judged).into());
    }
    if !output.json {
        tell_samples(&judged.results, ready);
        tell_refused(&judged.results, "would be refused");
    }
    if !arguments.yes {
        confirm(ready, output)?;
    }
    let decided = each(&mut desk, &many, (false, &judged.results), &watch)?;
    report(&decided, arguments, output, watch.cancelled())
}

/// Judges or decides each item until something fails or Ctrl-C is pressed. What was refused when it
/// was judged is not asked again, but listed.
fn each(
    desk: &mut Desk,
    many: &Many<'_>,
    (rehearse, judged): (bool, &[BulkResult]),
    watch: &Watch,
) -> anyhow::Result<BulkOutcome> {
    let phase = if rehearse { "looking at each" } else { "deciding" };
    watch.phase(phase, Some(many.items.len() as u64));
    let mut outcome = BulkOutcome::default();
    for (at, item) in many.items.iter().enumerate() {
        if watch.cancelled() {
            break;
        }
        watch.advance(1);
        let before = judged.get(at);
        if let Some(refused) = before.filter(|before| before.refusal.is_some()) {
            outcome.results.push(refused.clone());
            continue;
        }
        let (task, asked) = asked(desk, many, item)?;
        let asked = asked.map(|mut request| {
            request.seen = request.seen.or(before.map(|before| before.version));
            request
        });
        if !desk.bulk_one(Some(task), asked, rehearse, &mut outcome) {
            break;
        }
    }
    watch.clear();
    if let Some(failed) = outcome.failed.as_ref().filter(|_| outcome.bulk.is_none()) {
        anyhow::bail!("{failed}");
    }
    Ok(outcome)
}

/// The request for an item. A line that cannot be said of its task is refused like any other.
fn asked(
    desk: &mut Desk,
    many: &Many<'_>,
    item: &Item,
) -> anyhow::Result<(TaskId, Decided<Request>)> {
    match (item, &many.verdict) {
        (Item::Whole(task), Some(verdict)) => {
            let arguments = many.arguments;
            let request = desk.answering(*task, verdict).map(|request| Request {
                reason: arguments.reason.as_deref().map(ReasonCode::new),
                note: arguments.note.clone(),
                ..request
            });
            Ok((*task, request))
        }
        (Item::Whole(task), None) => Ok((*task, Err(unknown(*task)))),
        (Item::Line(line), _) => {
            let task = line.task()?;
            if merges_whole_task(line)
                && let Err(Stop::Refused(refusal)) = desk.answering(task, &BulkVerdict::Merge)
            {
                return Ok((task, Err(refusal.into())));
            }
            match request(line, desk) {
                Ok(request) => Ok((task, Ok(request))),
                Err(error) if error.is::<Refusal>() || error.is::<Usage>() => {
                    let refusal = match error.downcast::<Refusal>() {
                        Ok(refusal) => refusal,
                        Err(error) => Refusal::DoesNotApply { why: error.to_string() },
                    };
                    Ok((task, Err(refusal.into())))
                }
                Err(error) => Err(error),
            }
        }
    }
}

fn unknown(task: TaskId) -> Stop {
    Refusal::Unknown { subject: task.to_string() }.into()
}

/// Every line of a file, each checked before anything is decided.
fn read_lines(path: &Path) -> anyhow::Result<Vec<Arguments>> {
    let mut text = String::new();
    let named = path.display();
    if path == Path::new("-") {
        io::stdin().lock().read_to_string(&mut text)?;
    } else {
        let open = File::open(path).and_then(|mut file| file.read_to_string(&mut text));
        open.map_err(|error| anyhow::anyhow!("{named}: {error}"))?;
    }
    let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let mut lines: Vec<(u64, Result<Line, String>)> = Vec::new();
    if is_csv {
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers =
            reader.headers().map_err(|error| Usage::error(format!("{named}: {error}")))?;
        let headers = headers.clone();
        for record in reader.records() {
            let record = record.map_err(|error| Usage::error(format!("{named}: {error}")))?;
            let number = record.position().map_or(0, csv::Position::line);
            let line = record.deserialize(Some(&headers)).map_err(|error| error.to_string());
            lines.push((number, line));
        }
    } else {
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            lines.push((number, serde_json::from_str(line).map_err(|error| error.to_string())));
        }
    }
    let read = |(number, line): (u64, Result<Line, String>)| {
        line.and_then(Line::arguments).map_err(|why| {
            Usage::error(format!("{named}, line {number}: {why}; nothing is decided"))
        })
    };
    lines.into_iter().map(read).collect()
}

/// Asks for the number of tasks on a terminal; without one, `--yes` must have been said.
fn confirm(ready: usize, output: &Output) -> anyhow::Result<()> {
    if output.json || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Usage::error(format!(
            "{} would be decided: say --yes, or --dry-run to see them",
            counted(ready as u64, "task", "tasks")
        )));
    }
    write!(io::stderr(), "type {ready} to decide them: ")?;
    io::stderr().flush()?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == ready.to_string() {
        return Ok(());
    }
    Err(Refusal::DoesNotApply { why: format!("{ready} was not typed: nothing is decided") }.into())
}

fn tell_samples(results: &[BulkResult], ready: usize) {
    say(&format!("{} would be decided", counted(ready as u64, "task", "tasks")));
    for result in results.iter().filter(|result| result.refusal.is_none()).take(SAMPLES) {
        let task = result.task.map(|task| task.to_string()).unwrap_or_default();
        say(&format!("  {task} {}", clean(&result.summary)));
    }
}

/// The refusals by sentence, the most frequent first.
fn tell_refused(results: &[BulkResult], what: &str) {
    let mut by_reason: Vec<(String, Vec<String>)> = Vec::new();
    for result in results {
        let Some(refusal) = &result.refusal else { continue };
        let why = refusal.to_string();
        let task = result.task.map(|task| task.to_string()).unwrap_or_default();
        match by_reason.iter_mut().find(|known| known.0 == why) {
            Some(known) => known.1.push(task),
            None => by_reason.push((why, vec![task])),
        }
    }
    if by_reason.is_empty() {
        return;
    }
    let count: usize = by_reason.iter().map(|(_, tasks)| tasks.len()).sum();
    say(&format!("{} {what}", counted(count as u64, "task", "tasks")));
    by_reason.sort_by_key(|(_, tasks)| std::cmp::Reverse(tasks.len()));
    for (why, tasks) in by_reason {
        say(&format!("  {}: {}", tasks.join(","), clean(&why)));
    }
}

fn all_refused(judged: &BulkOutcome) -> Refusal {
    match judged.results.iter().find_map(|result| result.refusal.clone()) {
        Some(only) if judged.results.len() == 1 => only,
        _ => Refusal::DoesNotApply {
            why: format!(
                "every one of {} would be refused",
                counted(judged.results.len() as u64, "task", "tasks")
            ),
        },
    }
}

fn foreseen(
    judged: &BulkOutcome,
    ready: usize,
    arguments: &Arguments,
    output: &Output,
) -> anyhow::Result<Code> {
    if output.json {
        for result in &judged.results {
            output.object(&object(result, None, true))?;
        }
    } else {
        for result in judged.results.iter().filter(|result| result.refusal.is_none()) {
            let task = result.task.map(|task| task.to_string()).unwrap_or_default();
            output.line(&format!("{task} would be: {}", clean(&result.summary)))?;
        }
        tell_refused(&judged.results, "would be refused");
    }
    say("nothing was written (--dry-run)");
    if ready == 0 {
        return Err(all_refused(judged).into());
    }
    Ok(code(judged.results.len() - ready, arguments))
}

fn object(result: &BulkResult, bulk: Option<String>, dry_run: bool) -> serde_json::Value {
    let mut object = json!({ "task": result.task });
    if dry_run {
        object["dry_run"] = true.into();
    }
    if let Some(decision) = result.decision {
        object["decision"] = decision.to_string().into();
        object["bulk"] = bulk.into();
    }
    match &result.refusal {
        Some(refusal) => object["refused"] = refusal.to_string().into(),
        None => object["effect"] = result.summary.clone().into(),
    }
    object
}

fn report(
    decided: &BulkOutcome,
    arguments: &Arguments,
    output: &Output,
    stopped: bool,
) -> anyhow::Result<Code> {
    let count = decided.results.iter().filter(|result| result.decision.is_some()).count();
    let skipped = decided.results.len() - count;
    let bulk = decided.bulk.map(|bulk| bulk.to_string());
    let told = if output.json {
        let object = |result| object(result, bulk.clone(), false);
        output.objects(&decided.results.iter().map(object).collect::<Vec<_>>())
    } else if let Some(bulk) = &bulk {
        let tasks = counted(count as u64, "task", "tasks");
        output.line(&format!("{bulk} {tasks} decided, {skipped} skipped"))
    } else {
        Ok(())
    };
    tell_refused(&decided.results, "skipped");
    if let Some(bulk) = &bulk {
        say(&format!("take it back: steward undo {bulk}; one by one: steward history {bulk}"));
    }
    if let Some(failed) = &decided.failed {
        anyhow::bail!("{failed}; what was decided before stands");
    }
    told?;
    if stopped {
        say("stopped; what was decided stays");
        return Ok(Code::Failed);
    }
    if count == 0 {
        return Err(all_refused(decided).into());
    }
    Ok(code(skipped, arguments))
}

fn code(skipped: usize, arguments: &Arguments) -> Code {
    if skipped > 0 && arguments.strict { Code::Rejects } else { Code::Done }
}
