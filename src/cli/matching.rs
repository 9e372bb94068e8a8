//! `steward match`: the machine merges what it is sure of and queues the rest.

mod again;
mod diff;
mod status;

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use super::code::Code;
use super::entry::Entry;
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::{Table, clean, counted};
use door::Streams;
use door::operations::{Extent, Match, ModelText, ReadModel};
use door::views::{MatchOutcome, SuspendedView, UnderGrantView};
use ledger::ports::Files;
use ledger::ports::files::{Access, SystemFiles};

/// A model is a few dozen kilobytes; what is larger is something else.
const LARGEST_MODEL: u64 = 4 << 20;

/// Find the records that are the same person or company: merge the clear ones, queue the rest.
///
/// The first run learns a model from all records and stores it. Later runs use that model and look
/// at what is new, changed or decided since the last run, and at whatever it may match;
/// there they find exactly what a full run with that model would find. The model is learned
/// again when steward.toml has changed, when there are records of a kind it does not know, when a tenth of
/// the records have come, changed or gone since it was learned, and when decisions teach something new: 25
/// added or undone since, and at least half as many as it knew.
///
/// Decisions by people teach every run that learns, once 20 joins are judged: weights that promised too
/// little or too much are adjusted, and `steward explain` shows by how much.
#[derive(Debug, clap::Args)]
#[command(
    name = "match",
    after_help = "Examples:\n  steward match --dry-run\n  steward match\n  steward match --status"
)]
pub struct Arguments {
    /// Learn the model again, from all records.
    #[arg(long)]
    full: bool,
    /// Count what a full run would merge and queue, also at other thresholds; write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take m and u probabilities from Splink settings (as `steward export model` writes them)
    /// instead of learning them; class sizes and frequencies are learned all the same.
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Learn the model again and take a census: the joins waiting for people, frozen in an order in
    /// which answers count towards a grant. An open census is given up. Without this option, one is taken
    /// whenever a model is learned and no census is open.
    #[arg(long, conflicts_with = "dry_run")]
    census: bool,
    /// Match nothing: show what decisions taught the current model, how match probabilities
    /// compare with what people decided, and how much was found, if pairs were drawn below review.
    #[arg(long, conflicts_with_all = ["full", "dry_run", "model", "census"])]
    status: bool,
    /// Match nothing: show what differs between the results of this run and the newest, or
    /// of two runs (M3..M7): customers, tasks, weights, settings, what people decided in between.
    #[arg(
        long,
        value_name = "M3|M3..M7",
        conflicts_with_all = ["full", "dry_run", "model", "status"]
    )]
    diff: Option<diff::RunRange>,
    /// With --diff: how many customers and tasks of each kind to list (10; with --json 1000).
    #[arg(long, value_name = "COUNT", requires = "diff")]
    limit: Option<usize>,
}

/// Matches all records.
///
/// # Errors
/// When it was cancelled, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    if arguments.status {
        return status::run(invocation, output);
    }
    if let Some(range) = arguments.diff {
        return diff::run(range, arguments.limit, invocation, output);
    }
    // Whatever a person names is read before others are kept waiting.
    let model = match arguments.model.as_deref() {
        Some(path) => Some((path, read_model(path)?)),
        None => None,
    };
    let entry = invocation.open_for(arguments.dry_run)?;
    let watch = Watch::new()?;
    let model = model.map(|(path, text)| understand(&entry, path, text)).transpose()?;
    let extent = if arguments.full { Extent::Full } else { Extent::Changed };
    let (dry_run, census) = (arguments.dry_run, arguments.census);
    let request = Match { extent, dry_run, model, census, under: None };
    let outcome = entry.run(request, Streams::default(), &mut watch.following());
    watch.clear();
    let outcome = outcome?;
    if output.json {
        output.object(&json!({
            "run": outcome.run,
            "dry_run": arguments.dry_run,
            "learned": outcome.learned,
            "records": outcome.records,
            "pairs": outcome.pairs,
            "merged": outcome.merged,
            "left": outcome.left,
            "passed_over": outcome.passed_over,
            "opened": outcome.opened,
            "pending": outcome.pending,
            "challenges": outcome.challenges,
            "stale": outcome.stale,
            "census": outcome.census.iter().map(|(id, joins)| json!({ "census": id, "joins": joins }))
                .collect::<Vec<_>>(),
            "granted": outcome.granted,
            "suspended": outcome.suspended,
            "forbidden": outcome.forbidden,
            "auto": outcome.auto,
            "review": outcome.review,
            "ladder": outcome.ladder,
        }))?;
        return Ok(Code::Done);
    }
    tell(&outcome, arguments.dry_run, output)?;
    Ok(Code::Done)
}

/// `12 joins merged under the grant of S4; 12 checks opened: steward tasks --kind check`.
fn under_grant(under: &UnderGrantView) -> String {
    let joins = counted(under.made, "join", "joins");
    let mut told = format!("{joins} merged under the grant of {}", under.census);
    if under.left > 0 {
        told.push_str(&format!(", {} left to people", under.left));
    }
    if under.checks > 0 {
        let checks = counted(under.checks, "check", "checks");
        told.push_str(&format!("; {checks} opened: steward tasks --kind check"));
    }
    told
}

/// Reads the text of a model from a regular file: nobody waits for a pipe.
fn read_model(path: &Path) -> anyhow::Result<String> {
    let shown = clean(&path.display().to_string());
    let reading = || format!("reading {shown}");
    let file = SystemFiles.open(path, Access::ReadNamed).with_context(reading)?;
    let length = file.length().with_context(reading)?;
    if length > LARGEST_MODEL {
        anyhow::bail!("{shown} is over {} MiB, too large for a model", LARGEST_MODEL >> 20);
    }
    let mut bytes = vec![0; usize::try_from(length)?];
    let read = file.read_at(&mut bytes, 0).with_context(reading)?;
    bytes.truncate(read);
    String::from_utf8(bytes).with_context(reading)
}

/// Has a model read, and says what of it counts.
fn understand(entry: &Entry, path: &Path, text: String) -> anyhow::Result<ModelText> {
    let shown = clean(&path.display().to_string());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let model = ModelText { name: name.unwrap_or_default(), text };
    let read = entry.ask(ReadModel { model: model.clone() }).with_context(|| shown.clone())?;
    say(&format!("m and u from {shown}: {}", read.taken.join(", ")));
    if !read.left_over.is_empty() {
        let left = clean(&read.left_over.join(", "));
        say(&format!("note: left out, because it is not compared here: {left}"));
    }
    Ok(model)
}

/// What every threshold would come to; those in force are marked.
fn ladder(outcome: &MatchOutcome) -> Vec<String> {
    let mut table = Table::default();
    table.row(["threshold", "merged if auto", "wrong (est.)", "tasks if review", ""]);
    for rung in &outcome.ladder {
        let is = |threshold: f64| rung.threshold.total_cmp(&threshold).is_eq();
        let mark = match (is(outcome.auto), is(outcome.review)) {
            (true, true) => "auto and review now",
            (true, false) => "auto now",
            (false, true) => "review now",
            (false, false) => "",
        };
        table.row([
            rung.threshold.to_string(),
            rung.merged.to_string(),
            format!("{:.1}", rung.wrong),
            rung.tasks.to_string(),
            mark.to_owned(),
        ]);
    }
    table.lines()
}

fn tell(outcome: &MatchOutcome, dry_run: bool, output: &Output) -> std::io::Result<()> {
    let id = outcome.run.map_or(String::new(), |run| format!("{run}: "));
    output.line(&format!(
        "{id}{} and {} compared",
        match outcome.learned {
            true => counted(outcome.records, "record", "records"),
            false =>
                counted(outcome.records, "changed or related record", "changed or related records"),
        },
        counted(outcome.pairs, "candidate pair", "candidate pairs")
    ))?;
    output.line(&format!(
        "  {} merged away, {} opened, {} pending",
        counted(outcome.merged, "customer", "customers"),
        counted(outcome.opened, "task", "tasks"),
        outcome.pending,
    ))?;
    for under in &outcome.granted {
        say(&under_grant(under));
    }
    for suspended in &outcome.suspended {
        let SuspendedView { census, decision, why } = suspended;
        say(&format!(
            "the grant of {census} is suspended ({decision}): {}; existing merges stay: steward grant \
             show {census}",
            clean(why)
        ));
    }
    if let Some(forbids) = outcome.forbids() {
        say(&forbids);
    }
    if outcome.left > 0 {
        let left = counted(outcome.left, "clear merge", "clear merges");
        say(&format!("{left} left to a person, because of a rule or a decision"));
    }
    if outcome.passed_over > 0 {
        let passed = counted(outcome.passed_over, "group was", "groups were");
        say(&format!("{passed} changed by people meanwhile; the next run will look again"));
    }
    if outcome.challenges > 0 {
        // A merge that the machine made may be among them: nobody decided that.
        let challenges = counted(
            outcome.challenges,
            "earlier decision or merge is",
            "earlier decisions or merges are",
        );
        say(&format!("{challenges} in doubt now: steward tasks --kind challenge"));
    }
    if outcome.stale > 0 {
        let stale = counted(outcome.stale, "task", "tasks");
        say(&format!("{stale} for values that are now too old: steward tasks --kind invalid"));
    }
    if !outcome.census.is_empty() {
        let joins = outcome.census.iter().map(|(_, joins)| joins).sum();
        let joins = counted(joins, "join", "joins");
        let strata = counted(outcome.census.len() as u64, "stratum", "strata");
        say(&format!("a census of {joins} in {strata} was taken: steward grant list"));
    }
    if dry_run {
        output.lines(&ladder(outcome))?;
        say(
            "wrong (est.): the sum of 1 - match probability over the joins; how far to trust it: match --status",
        );
        say("nothing was written (--dry-run)");
    } else if outcome.learned && outcome.records == 0 {
        say("there are no records to match; next: steward import FILE --source NAME");
    } else {
        say("next: steward review");
    }
    Ok(())
}
