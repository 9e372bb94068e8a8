//! `steward rebuild`: the view built again from the ledger.

use serde_json::json;

use super::code::Code;
use super::output::Output;
use super::progress::Bar;
use super::say::say;
use super::session::Session;
use super::text::counted;
use desk::Desk;

/// Build the view again from the ledger; no decision changes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Say how much would be replayed, but write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Rebuilds the store.
///
/// # Errors
/// When there is no workspace, another holds it, or the ledger is damaged.
pub fn run(arguments: &Arguments, session: &Session, output: &Output) -> anyhow::Result<Code> {
    let bar = Bar::new();
    let desk = if arguments.dry_run {
        session.open_to_read()?
    } else {
        Desk::open_rebuilt(session.workspace(), session.environment()?, &mut |done, total| {
            bar.at("replaying commits", done, total);
        })?
    };
    bar.clear();
    let head = desk.facts().ledger.head().map_or(0, |head| head.sequence.0);
    let records = desk.facts().view.counters()?.present_records();
    if output.json {
        output.object(&json!({
            "commits": head, "records": records, "dry_run": arguments.dry_run,
        }))?;
        return Ok(Code::Done);
    }
    let told = format!(
        "{} replayed, {}",
        counted(head, "commit", "commits"),
        counted(u64::from(records), "record", "records")
    );
    if arguments.dry_run {
        output.line(&format!("would be: {told}"))?;
        say("nothing was written (--dry-run)");
    } else {
        output.line(&told)?;
    }
    Ok(Code::Done)
}
