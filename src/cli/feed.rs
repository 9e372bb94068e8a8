//! `steward feed`: what happened to customers, for other systems to follow.

mod follow;

use std::io::Write;

use serde_json::json;

use super::code::Code;
use super::data::{self, Shared};
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::counted;
use desk::jobs::FEED;
use domain::Sequence;
use door::operations::{Destination, Feed, FeedFormat};
use door::views::FeedOutcome;

/// The schemas of its lines.
const JSONL: &str = include_str!("../../docs/feed/jsonl.schema.json");
const CLOUDEVENTS: &str = include_str!("../../docs/feed/cloudevents.schema.json");

/// Tell other systems what happened to customers: one JSON object per line, in the order of commits.
///
/// golden.changed, golden.closed, customer.merged, customer.unmerged, customer.redirected,
/// customer.erased and consent.withdrawn. Each line names its commit. When `more` is false, the
/// commit is told whole: keep its number, and pass it as --since to continue from there. A line may
/// be told again, always with the same id. What is erased is gone from every line.
///
/// docs/feed.md describes the lines; --schema prints their JSON schema. The values are written
/// unmasked, so the ledger records a feed before its first line leaves, like an export. A feed
/// without lines is not recorded.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward feed\n  \
    steward feed --since 2 --format cloudevents\n  \
    steward feed --since 2 --follow\n  \
    steward feed --no-values --dry-run\n  \
    steward feed --schema")]
pub struct Arguments {
    /// Only what happened after this commit; default: everything.
    #[arg(long, value_name = "COMMIT", default_value_t = 0, hide_default_value = true)]
    since: u64,
    /// jsonl (default) or cloudevents (CloudEvents 1.0).
    #[arg(long, value_name = "F", value_parser = format)]
    format: Option<FeedFormat>,
    /// Go on when something happens, until Ctrl-C; needs steward serve, or an open review.
    #[arg(long, conflicts_with = "dry_run")]
    follow: bool,
    /// Leave out golden values: a line says which fields changed, not what they are.
    #[arg(long)]
    no_values: bool,
    /// Count the lines; write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print the JSON schema of the lines.
    #[arg(long, conflicts_with_all = ["since", "follow", "no_values", "dry_run"])]
    schema: bool,
}

fn format(text: &str) -> Result<FeedFormat, String> {
    let known = FeedFormat::ALL.into_iter().find(|format| format.name() == text);
    known.ok_or_else(|| "expected jsonl or cloudevents".to_owned())
}

/// Tells what happened.
///
/// # Errors
/// When there is no such commit, the output cannot be written, it was cancelled, or the workspace cannot
/// be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let format = arguments.format.unwrap_or(FeedFormat::Jsonl);
    if arguments.schema {
        let schema = match format {
            FeedFormat::Jsonl => JSONL,
            FeedFormat::Cloudevents => CLOUDEVENTS,
        };
        output.line(schema.trim_end())?;
        return Ok(Code::Done);
    }
    let feed = Feed {
        after: Sequence(arguments.since),
        format,
        values: !arguments.no_values,
        begun: None,
        goes_on: arguments.follow,
        destination: Destination::standard_output(),
        dry_run: arguments.dry_run,
    };
    if arguments.follow {
        return follow::run(feed, invocation);
    }
    let (entry, watch) = (invocation.open_to_export(feed.dry_run)?, Watch::new()?);
    let mut out = Shared::new(data::standard());
    let outcome = entry.run(feed.clone(), out.streams(), &mut watch.following());
    watch.clear();
    let outcome = outcome?;
    out.flush()?;
    if feed.dry_run && output.json {
        output.object(&json!({
            "dataset": FEED,
            "format": format.name(),
            "lines": outcome.lines(),
            "told": outcome.told,
            "up_to": outcome.up_to,
            "dry_run": true,
        }))?;
    } else {
        tell(&feed, &outcome);
    }
    Ok(Code::Done)
}

fn tell(feed: &Feed, outcome: &FeedOutcome) {
    let lines = counted(outcome.lines(), "line", "lines");
    let up_to = outcome.up_to;
    if feed.dry_run {
        for (name, count) in &outcome.told {
            say(&format!("{name}: {count}"));
        }
        say(&format!("would write {lines}, up to commit {up_to}; nothing was written (--dry-run)"));
    } else if outcome.lines() == 0 {
        say(&format!("nothing happened to customers since commit {}", feed.after));
    } else {
        told(outcome.lines(), up_to);
    }
}

fn told(lines: u64, up_to: Sequence) {
    let lines = counted(lines, "line", "lines");
    say(&format!(
        "wrote {lines}, up to commit {up_to}; to continue later: steward feed --since {up_to}"
    ));
}
