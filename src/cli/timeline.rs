//! `steward timeline`: what a customer did and what was done about it, in one line of time.

use serde_json::json;

use super::code::Code;
use super::invocation::Invocation;
use super::moment;
use super::names;
use super::output::Output;
use super::say::say;
use super::text::{Table, clean};
use door::operations::Timeline;
use door::views::{ActivityView, HistoryEntry, TimelineRow, TimelineView};

/// Show what a customer did (orders, visits, calls) and what was done about it, the latest first.
///
/// Activities come with streams: see [streams.*] in steward.toml. Whose they are follows from the customer's
/// records, so a merge brings them and an unmerge takes them along.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward timeline C17\n  steward timeline C17 --kind purchase,refund --json"
)]
pub struct Arguments {
    /// A customer (C17), or one of its records (crm:1042).
    #[arg(value_name = "ID")]
    id: String,
    /// Only these kinds of activities; change is all else: decisions, deliveries, merges.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<String>,
    /// At most so many activities.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Show sensitive values unmasked; the ledger records that you looked.
    #[arg(long)]
    unmask: bool,
}

/// Shows it.
///
/// # Errors
/// When there is no such customer, or the workspace cannot be read.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let unmask = arguments.unmask;
    let entry = invocation.open_to_show(unmask)?;
    let customer = names::customer(&entry, &arguments.id)?;
    let kinds = arguments.kind.clone();
    let view =
        entry.ask(Timeline { customer, kinds, before: None, limit: arguments.limit, unmask })?;
    if output.json {
        output.objects(&view.rows().iter().map(to_json).collect::<Vec<_>>())?;
        return Ok(Code::Done);
    }
    output.lines(&lines(&view))?;
    if view.more {
        say(&format!("earlier activities are not shown: pass --limit {}", arguments.limit * 10));
    }
    Ok(Code::Done)
}

fn to_json(row: &TimelineRow<'_>) -> serde_json::Value {
    match row {
        TimelineRow::Activity(activity) => {
            let properties: serde_json::Map<String, serde_json::Value> = activity
                .properties
                .iter()
                .map(|(name, value)| (name.clone(), json!(value)))
                .collect();
            json!({
                "at": activity.at,
                "stream": activity.stream,
                "kind": activity.kind,
                "key": activity.key,
                "amount": activity.money.map(|money| money.amount.to_string()),
                "currency": activity.money.and_then(|money| money.currency).map(|it| it.to_string()),
                "properties": properties,
                "record": activity.record,
                "by": if activity.by_key { "key" } else { "handle" },
                "import": activity.import,
            })
        }
        TimelineRow::Change(entry) => json!({
            "at": entry.at,
            "kind": "change",
            "what": entry.what,
            "actor": entry.actor,
            "decision": entry.decision,
        }),
    }
}

fn lines(view: &TimelineView) -> Vec<String> {
    let from = view.redirected_from.map_or(String::new(), |from| format!(" ({from} redirects)"));
    let mut lines = vec![format!("{}{from}", view.customer)];
    let mut table = Table::default();
    for row in view.rows() {
        match row {
            TimelineRow::Activity(activity) => table.row(of_activity(activity)),
            TimelineRow::Change(entry) => table.row(of_change(entry)),
        }
    }
    lines.extend(table.lines());
    if lines.len() == 1 {
        lines.push("  No activities and no changes of these kinds.".to_owned());
    }
    lines
}

fn of_activity(activity: &ActivityView) -> [String; 4] {
    let local = activity.at.local();
    let when = match activity.at.is_day {
        true => local.date().to_string(),
        false => moment::shown_with_offset(activity.at.at, activity.at.offset),
    };
    let money = activity.money.map(|money| money.to_string()).unwrap_or_default();
    let mut said = vec![clean(&activity.key)];
    said.extend(
        activity
            .properties
            .iter()
            .map(|(name, value)| format!("{}: {}", clean(name), clean(value))),
    );
    [format!("  {when}"), clean(activity.kind.as_str()), money, said.join(", ")]
}

fn of_change(entry: &HistoryEntry) -> [String; 4] {
    let what = format!("{} ({})", clean(&entry.what), clean(&entry.by()));
    [
        format!("  {}", moment::shown_to_the_minute(entry.at)),
        "change".to_owned(),
        String::new(),
        what,
    ]
}
