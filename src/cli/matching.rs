//! `steward match`: the machine merges what it is sure of and queues the rest.

use serde_json::json;

use super::failure::{Code, say};
use super::output::Output;
use super::progress::Watch;
use super::session::Session;
use super::text::counted;
use crate::desk::jobs::{MatchOutcome, MatchRequest};

/// Find the records that are the same person or company: merge the sure ones, queue the others.
#[derive(Debug, clap::Args)]
#[command(name = "match")]
pub struct Arguments {
    /// Compare all records anew; this version always does.
    #[arg(long)]
    full: bool,
    /// Count what it would merge and queue, but write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Matches all records.
///
/// # Errors
/// When it was cancelled, or the workspace cannot be written.
pub fn run(arguments: &Arguments, session: &Session, output: &Output) -> anyhow::Result<Code> {
    let mut desk = session.open()?;
    let watch = Watch::new()?;
    let request = MatchRequest { dry_run: arguments.dry_run };
    let outcome = desk.match_records(&request, &watch);
    watch.clear();
    let outcome = outcome?;
    if output.json {
        output.object(&json!({
            "run": outcome.run,
            "dry_run": arguments.dry_run,
            "records": outcome.records,
            "pairs": outcome.pairs,
            "merged": outcome.merged,
            "left": outcome.left,
            "opened": outcome.opened,
            "pending": outcome.pending,
            "challenges": outcome.challenges,
        }))?;
        return Ok(Code::Done);
    }
    tell(&outcome, arguments.dry_run, output)?;
    Ok(Code::Done)
}

fn tell(outcome: &MatchOutcome, dry_run: bool, output: &Output) -> std::io::Result<()> {
    let id = outcome.run.map_or(String::new(), |run| format!("{run}: "));
    output.line(&format!(
        "{id}{} and {} compared",
        counted(outcome.records, "record", "records"),
        counted(outcome.pairs, "candidate pair", "candidate pairs")
    ))?;
    output.line(&format!(
        "  {} merged away, {} opened, {} pending",
        counted(outcome.merged, "customer", "customers"),
        counted(outcome.opened, "task", "tasks"),
        outcome.pending,
    ))?;
    if outcome.left > 0 {
        let left = counted(outcome.left, "sure merge", "sure merges");
        say(&format!("{left} left to a person: a rule or a decision stands against it"));
    }
    if outcome.challenges > 0 {
        let challenges = counted(outcome.challenges, "decision is", "decisions are");
        say(&format!("{challenges} contradicted by new data: steward tasks --kind challenge"));
    }
    if dry_run {
        say("nothing was written (--dry-run)");
    } else {
        say("next: steward review");
    }
    Ok(())
}
