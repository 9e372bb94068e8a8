//! `steward rebuild`: the view built again from the ledger.

use serde_json::json;

use super::code::Code;
use super::entry::Entry;
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Bar;
use super::say::say;
use super::text::counted;
use desk::Desk;
use door::operations::About;
use door::views::AboutView;

/// Rebuild the view from the ledger; no decision changes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward rebuild --dry-run")]
pub struct Arguments {
    /// Show how much would be replayed; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Rebuilds the store.
///
/// # Errors
/// When there is no workspace, another holds it, or the ledger is damaged.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    if let Some(served) = invocation.attached()?.filter(|_| !arguments.dry_run) {
        served.must_be_here()?;
    }
    let bar = Bar::new();
    let entry = if arguments.dry_run {
        invocation.open_to_read()?
    } else {
        let (workspace, environment) = (invocation.workspace(), invocation.environment()?);
        Entry::of(Desk::open_rebuilt(workspace, environment, &mut |done, total| {
            bar.at("replaying commits", done, total);
        })?)
    };
    bar.clear();
    let AboutView { head, records, .. } = entry.ask(About {})?;
    if output.json {
        output.object(&json!({
            "commits": head, "records": records, "dry_run": arguments.dry_run,
        }))?;
        return Ok(Code::Done);
    }
    let told = format!(
        "{} replayed, {}",
        counted(head.0, "commit", "commits"),
        counted(records, "record", "records")
    );
    if arguments.dry_run {
        output.line(&format!("dry run: {told}"))?;
        say("nothing was written (--dry-run)");
    } else {
        output.line(&told)?;
    }
    Ok(Code::Done)
}
