//! `steward values`: the distinct values of a field, those that are probably one, and their correction.

mod correct;

use super::code::Code;
use super::entry::Entry;
use super::failure::Usage;
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::{Paint, Table, clean, counted};
use super::unmasking;
use domain::{FieldName, SourceName};
use door::Streams;
use door::operations::{CountValues, Values, ValuesOf};
use door::views::{ValueRow, ValuesView};

/// List the distinct values of a field with their counts, likely variants of one value first; and
/// correct all records that hold any of them.
///
/// A correction is the one `fix` makes on a single record: it still applies when the source delivers the value
/// again. They share one B id; undo one alone, or the whole bulk.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward values city\n  steward values city --source webshop --json\n  \
    steward values city --correct Springfeild Sprngfield --to Springfield --dry-run"
)]
pub struct Arguments {
    /// The field.
    #[arg(value_name = "FIELD")]
    field: String,
    /// Only records of this source.
    #[arg(long, value_name = "S")]
    source: Option<String>,
    /// Values as delivered, instead of as read.
    #[arg(long, conflicts_with = "golden")]
    raw: bool,
    /// Golden values of customers, instead of values of records.
    #[arg(long)]
    golden: bool,
    /// List at most this many values, the most frequent; and this many groups of similar values.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Show sensitive values unmasked; the ledger records that you looked.
    #[arg(long)]
    unmask: bool,
    /// Correct the records that hold one of these values.
    #[arg(long, value_name = "OLD", num_args = 1.., conflicts_with = "golden")]
    correct: Vec<String>,
    /// The right value.
    #[arg(long, value_name = "NEW", requires = "correct")]
    to: Option<String>,
    /// Remove the values.
    #[arg(long, requires = "correct", conflicts_with = "to")]
    clear: bool,
    /// A reason from the list in steward.toml.
    #[arg(long, value_name = "CODE", requires = "correct")]
    reason: Option<String>,
    /// A note.
    #[arg(long, value_name = "TEXT", requires = "correct")]
    note: Option<String>,
    /// Do not ask for confirmation.
    #[arg(long, requires = "correct")]
    yes: bool,
    /// Show what would be corrected, and which golden values would change; write nothing. For a masked
    /// field only with --unmask, which the ledger records.
    #[arg(long, requires = "correct")]
    dry_run: bool,
}

impl Arguments {
    fn of(&self) -> ValuesOf {
        match (self.raw, self.golden) {
            (true, _) => ValuesOf::Raw,
            (_, true) => ValuesOf::Golden,
            _ => ValuesOf::Standard,
        }
    }

    fn field(&self) -> FieldName {
        FieldName::new(&self.field)
    }
}

/// Lists values, or corrects them.
///
/// # Errors
/// When there is no such field or source, it was cancelled, everything is refused, or the workspace cannot
/// be read or written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    if arguments.limit == 0 {
        return Err(Usage::error("--limit should be 1 or more"));
    }
    let to = if arguments.clear { Some("") } else { arguments.to.as_deref() };
    if to.is_some_and(|to| to.trim().is_empty()) && !arguments.clear {
        return Err(Usage::error("--to is empty: --clear removes the values"));
    }
    if to.is_none() && !arguments.correct.is_empty() {
        return Err(Usage::error(
            "pass the right value with --to, or remove the values with --clear",
        ));
    }
    if let Some(to) = to {
        let entry = unmasking::open(invocation, arguments.dry_run, arguments.unmask)?;
        count(&entry, arguments)?;
        return correct::run(&entry, arguments, to, output);
    }
    let entry = invocation.open_to_show(arguments.unmask)?;
    count(&entry, arguments)?;
    let view = entry.ask(Values { limit: arguments.limit, unmask: arguments.unmask })?;
    if output.json {
        output.object(&view)?;
        return Ok(Code::Done);
    }
    output.lines(&lines(&view, output.paint))?;
    say_what_next(&view);
    Ok(Code::Done)
}

fn count(entry: &Entry, arguments: &Arguments) -> anyhow::Result<()> {
    let asked = CountValues {
        field: arguments.field(),
        source: arguments.source.as_deref().map(SourceName::new),
        of: arguments.of(),
    };
    let watch = Watch::new()?;
    let counted = entry.run(asked, Streams::default(), &mut watch.following());
    watch.clear();
    counted.map(|_| ())
}

fn lines(view: &ValuesView, paint: Paint) -> Vec<String> {
    let of = match view.of {
        ValuesOf::Golden => counted(view.counted, "customer", "customers"),
        _ => counted(view.counted, "record", "records"),
    };
    let source = view.source.as_ref().map(|source| format!(" of {source}")).unwrap_or_default();
    let distinct = counted(view.distinct, "value", "values");
    let head = format!("{}: {distinct} in {of}{source}, {} without", view.field, view.absent);
    let mut lines = vec![paint.bold(&head)];
    let mut widths = Vec::new();
    for cluster in &view.clusters {
        lines.push(String::new());
        lines.push(format!("{}: {}", cluster.why, counted(cluster.count, "record", "records")));
        lines.extend(table(&cluster.rows, &mut widths));
    }
    if !view.clusters.is_empty() {
        lines.push(String::new());
        lines.push("the most frequent".to_owned());
    }
    lines.extend(table(&view.rows, &mut widths));
    let rest = view.distinct.saturating_sub(view.rows.len() as u64);
    if rest > 0 {
        lines.push(format!(
            "and {}: --limit N lists more",
            counted(rest, "more value", "more values")
        ));
    }
    lines
}

fn table(rows: &[ValueRow], widths: &mut Vec<usize>) -> Vec<String> {
    let mut table = Table::default();
    for row in rows {
        let sources: Vec<String> =
            row.sources.iter().map(|(source, count)| format!("{source} {count}")).collect();
        let unreadable = match row.unreadable {
            0 => String::new(),
            all if all == row.count => "cannot be read".to_owned(),
            some => format!("{some} cannot be read"),
        };
        table.row([
            format!("  {:>8}", row.count),
            clean(&row.value),
            clean(&sources.join(", ")),
            unreadable,
        ]);
    }
    table.lines_after(widths)
}

fn say_what_next(view: &ValuesView) {
    if view.masked {
        say("sensitive values are masked and not grouped; --unmask shows them");
    } else if !view.clusters.is_empty() && view.of != ValuesOf::Golden {
        let field = &view.field;
        say(&format!(
            "to make several into one: steward values {field} --correct OLD OLD --to NEW --dry-run"
        ));
    }
    if view.compared > 0 && view.compared < view.distinct && !view.masked {
        say(&format!("only the {} most frequent values were compared", view.compared));
    }
}
