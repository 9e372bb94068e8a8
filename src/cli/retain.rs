//! `steward retain`: erases the customers that the rules of retention say are due.

use std::io::{self, BufRead, IsTerminal, Write};

use serde_json::Value;

use super::code::Code;
use super::failure::Usage;
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Bar;
use super::say::say;
use super::text::{Table, clean, counted};
use domain::{CustomerId, Lapse, ReasonCode};
use door::operations::{ForeseeRetention, Retain};
use door::views::{Retained, RetainedActivities, RetentionView};

/// Erase the customers that are due by the rules of retention, and activities that belong to nobody.
///
/// Nothing is erased until you run this. A customer that must be kept for longer, or is held, stays whole. The day
/// counted from is the latest of its records'. `--dry-run` lists exactly whom the run erases.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward retain --dry-run\n  steward retain --dry-run --warn '90 days' --json\n  \
    steward retain --yes"
)]
pub struct Arguments {
    /// Also list who becomes due within this time: 30d, 8 weeks, 6 months.
    #[arg(long, value_name = "TIME", default_value = "30 days", value_parser = lapse)]
    warn: Lapse,
    /// Why: one of the reasons for `erase` in steward.toml. Default: retention.
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// Do not ask for confirmation.
    #[arg(long)]
    yes: bool,
    /// Show what would happen; write nothing.
    #[arg(long)]
    dry_run: bool,
}

fn lapse(text: &str) -> Result<Lapse, String> {
    text.parse().map_err(|()| format!("expected {}", Lapse::EXPECTED))
}

/// Erases who is due.
///
/// # Errors
/// When it is refused or not confirmed, or the workspace cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.dry_run)?;
    let foreseen = entry.ask(ForeseeRetention { warn: arguments.warn })?;
    if arguments.dry_run || foreseen.erased.is_empty() && foreseen.unattached_erased() == 0 {
        tell(&foreseen, arguments.dry_run, output)?;
        if arguments.dry_run && !output.json {
            say("nothing was written (--dry-run)");
        }
        return Ok(Code::Done);
    }
    if !arguments.yes {
        confirm(&foreseen, output)?;
    }
    let listed: Vec<CustomerId> = foreseen.erased.iter().map(|it| it.customer).collect();
    let reason = arguments.reason.as_deref().map(ReasonCode::new);
    let bar = Bar::new();
    bar.busy("erasing");
    let done = entry.ask(Retain { listed: Some(listed), reason });
    bar.clear();
    // What becomes due later was listed beforehand.
    let mut done = RetentionView { due: foreseen.due, warn: foreseen.warn, ..done? };
    if let (Some(done), Some(foreseen)) = (&mut done.unattached, foreseen.unattached) {
        done.due = foreseen.due;
    }
    drop(entry);
    let cleared: Vec<std::path::PathBuf> = done.cleared.iter().map(Into::into).collect();
    super::say::say_cleared(&cleared);
    tell(&done, false, output)?;
    Ok(Code::Done)
}

fn tell(view: &RetentionView, dry_run: bool, output: &Output) -> anyhow::Result<()> {
    if output.json {
        let mut value = serde_json::to_value(view)?;
        if let Value::Object(fields) = &mut value {
            fields.insert("dry_run".to_owned(), dry_run.into());
        }
        return Ok(output.object(&value)?);
    }
    Ok(output.lines(&lines(view))?)
}

fn lines(view: &RetentionView) -> Vec<String> {
    if view.rules.is_empty() {
        return vec![
            "No rules of retention: nothing becomes due. Add [[retention]] to steward.toml."
                .to_owned(),
        ];
    }
    let of = counted(view.customers, "customer", "customers");
    let done = if view.sequence.is_some() { "erased" } else { "due" };
    let mut lines = vec![format!("{} of {of} {done} on {}", view.erased.len(), view.on)];
    lines.extend(list(view, &view.erased, "due since"));
    let mut section = |customers: &[Retained], title: String, word: &str| {
        if !customers.is_empty() {
            lines.push(title);
            lines.extend(list(view, customers, word));
        }
    };
    section(&view.kept, format!("{} due, but must be kept", view.kept.len()), "kept until");
    section(&view.held, format!("{} due, but held", view.held.len()), "");
    let become_ = if view.due.len() == 1 { "becomes" } else { "become" };
    let title = format!("{} {become_} due within {}", view.due.len(), view.warn);
    section(&view.due, title, "due on");
    lines.extend(unattached(view, done));
    lines
}

/// The same of activities that belong to nobody.
fn unattached(view: &RetentionView, done: &str) -> Vec<String> {
    let Some(all) = &view.unattached else { return Vec::new() };
    let erased = counted(view.unattached_erased(), "activity", "activities");
    let mut lines = vec![format!("{erased} of nobody {done}")];
    lines.extend(activities(view, &all.erased, "due since"));
    let mut section = |list: &[RetainedActivities], title: &str, word: &str| {
        let count: u64 = list.iter().map(|it| it.count).sum();
        if count > 0 {
            lines.push(format!("{} of nobody {title}", counted(count, "activity", "activities")));
            lines.extend(activities(view, list, word));
        }
    };
    section(&all.kept, "due, but must be kept", "kept until");
    section(&all.due, &format!("due within {}", view.warn), "due on");
    if all.held > 0 {
        let held = counted(all.held, "activity", "activities");
        lines.push(format!("{held} of nobody due, but may be of somebody who is held"));
    }
    lines
}

fn activities(view: &RetentionView, list: &[RetainedActivities], word: &str) -> Vec<String> {
    let mut table = Table::default();
    for it in list {
        let rule = view.rules.get(it.rule);
        table.row([
            format!("  {}", clean(it.stream.as_str())),
            counted(it.count, "activity", "activities"),
            format!("{word} {}", it.day),
            rule.map(|rule| clean(rule)).unwrap_or_default(),
        ]);
    }
    table.lines()
}

fn list(view: &RetentionView, customers: &[Retained], word: &str) -> Vec<String> {
    let mut table = Table::default();
    for it in customers {
        let holds: Vec<String> = it.holds.iter().map(ToString::to_string).collect();
        let day = match it.day {
            Some(day) => format!("{word} {day}"),
            None if holds.is_empty() => "held: a task asks whose they are".to_owned(),
            None => format!("held by {}", holds.join(", ")),
        };
        let rule = it.rule.and_then(|rule| view.rules.get(rule));
        table.row([
            format!("  {}", it.customer),
            counted(it.records, "record", "records"),
            day,
            rule.map(|rule| clean(rule)).unwrap_or_default(),
        ]);
    }
    table.lines()
}

/// Asks for the number of customers, typed out.
fn confirm(view: &RetentionView, output: &Output) -> anyhow::Result<()> {
    let count = view.erased.len() as u64 + view.unattached_erased();
    let mut of = counted(view.erased.len() as u64, "customer", "customers");
    if view.unattached_erased() > 0 {
        let activities = counted(view.unattached_erased(), "activity", "activities");
        of = format!("{of} and {activities} of nobody");
    }
    if output.json || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Usage::error(format!(
            "erasing {of} cannot be undone: pass --yes, or run it on a terminal"
        )));
    }
    lines(view).iter().for_each(|line| say(line));
    let mut err = io::stderr();
    let _ = write!(err, "{of} will be erased for good. Type {count} to erase: ");
    let _ = err.flush();
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == count.to_string() {
        Ok(())
    } else {
        Err(anyhow::Error::msg("not confirmed: nothing was erased"))
    }
}
