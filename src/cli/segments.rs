//! `steward segments` and `steward segment`: groups of customers, counted and listed.

use super::code::Code;
use super::invocation::Invocation;
use super::output::Output;
use super::say::say;
use super::text::{Table, clean, counted};
use door::operations::{Segments, ShowSegment};
use door::views::{SegmentDetail, SegmentView};

/// Show how many customers are in each segment, and how that changed.
///
/// A segment is an expression over golden values and measures in steward.toml ([segments.*]). Counts are of now; what
/// was counted at the end of imports, matching runs and changes of settings is recorded and makes the trend.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward segments\n  steward segments --json")]
pub struct All {}

/// Show a segment: how many customers are in it, who, and how many are in another one as well.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward segment lapsed_best --members\n  \
                  steward segment lapsed_best --overlap newsletter_readers\n  \
                  steward export golden --segment lapsed_best -o lapsed_best.csv")]
pub struct One {
    /// Its name in steward.toml.
    #[arg(value_name = "SEGMENT")]
    segment: String,
    /// List who is in it; with --overlap, who is in both.
    #[arg(long)]
    members: bool,
    /// At most so many members.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Say how many customers are in this segment as well.
    #[arg(long, value_name = "SEGMENT")]
    overlap: Option<String>,
}

/// Shows all of them.
///
/// # Errors
/// When the workspace cannot be read.
pub fn all(_: &All, invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    let entry = invocation.open_to_show(false)?;
    let view = entry.ask(Segments {})?;
    if output.json {
        output.objects(&view.segments)?;
    } else if view.segments.is_empty() {
        say("no segment is set up: add [segments.*] to steward.toml");
    } else {
        let mut table = Table::default();
        table.row(["segment", "customers", "share", "since", "where"]);
        for segment in &view.segments {
            table.row([
                clean(&segment.name),
                count(segment),
                share(segment, view.customers),
                since(segment),
                clean(&segment.when),
            ]);
        }
        let mut lines = table.lines();
        lines.push(format!("of {}", counted(view.customers, "customer", "customers")));
        output.lines(&lines)?;
    }
    Ok(Code::Done)
}

/// Shows one.
///
/// # Errors
/// When there is no such segment, or the workspace cannot be read.
pub fn one(arguments: &One, invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    let entry = invocation.open_to_show(false)?;
    let (segment, overlap) = (arguments.segment.clone(), arguments.overlap.clone());
    let limit = if arguments.members { arguments.limit } else { 0 };
    let view = entry.ask(ShowSegment { segment, overlap, limit })?;
    if output.json {
        output.object(&view)?;
        return Ok(Code::Done);
    }
    output.lines(&lines(&view))?;
    match &view.masked {
        Some(name) if arguments.members => say(&format!(
            "its members are not listed, because `{name}` is masked: steward export golden \
             --segment {}, which the ledger records",
            clean(&view.segment.name)
        )),
        _ if arguments.members && (view.members.len() as u64) < view.of => {
            say(&format!("the others are not shown: pass --limit {}", view.of));
        }
        _ => {}
    }
    Ok(Code::Done)
}

fn lines(view: &SegmentDetail) -> Vec<String> {
    let segment = &view.segment;
    let mut lines = vec![format!("{}: {}", clean(&segment.name), clean(&segment.when))];
    lines.extend(segment.description.iter().map(|it| format!("  {}", clean(it))));
    lines.extend(segment.owner.iter().map(|it| format!("  {} answers for it", clean(it))));
    let all = counted(view.customers, "customer", "customers");
    lines.push(format!("  {} of {all}, {}", count(segment), share(segment, view.customers)));
    if let Some((other, both)) = &view.overlap {
        let both = if segment.count.is_some() && other.count.is_some() {
            both.to_string()
        } else {
            "masked".to_owned()
        };
        let name = clean(&other.name);
        lines.push(format!("  {both} of them in {name}, which has {}", count(other)));
    }
    if !segment.trend.is_empty() {
        let mut table = Table::default();
        for (day, count) in &segment.trend {
            table.row([format!("  {day}"), count.to_string()]);
        }
        lines.extend(table.lines());
    }
    let mut table = Table::default();
    for member in &view.members {
        table.row([format!("  {}", member.customer), clean(&member.name)]);
    }
    lines.extend(table.lines());
    lines
}

fn count(segment: &SegmentView) -> String {
    segment.count.map_or_else(|| "masked".to_owned(), |count| count.to_string())
}

fn share(segment: &SegmentView, customers: u64) -> String {
    let share = segment.share(customers);
    share.map_or_else(String::new, |share| format!("{:.1} %", share * 100.0))
}

/// `+12 since 2026-11-30`.
fn since(segment: &SegmentView) -> String {
    segment.since().map_or_else(String::new, |(day, more)| match more {
        0 => format!("as on {day}"),
        more => format!("{more:+} since {day}"),
    })
}
