//! `steward rekey`: everything re-encrypted with a new key.

use indicatif::HumanBytes;
use serde_json::json;

use super::code::Code;
use super::invocation::Invocation;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::counted;
use door::Streams;
use door::operations::{ForeseeRekey, Rekey};
use door::views::RekeyOutcome;

/// Re-encrypt everything with a new key and drop the old ones.
///
/// If it is interrupted, the workspace stays usable; run it again to continue where it
/// stopped.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward rekey --dry-run")]
pub struct Arguments {
    /// Show how much would be rewritten; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Replaces all keys.
///
/// # Errors
/// When the workspace cannot be opened or is not encrypted, it was interrupted, or the disk
/// refuses.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open()?;
    if arguments.dry_run {
        return foresee(&entry.ask(ForeseeRekey {})?, output);
    }
    let watch = Watch::new()?;
    let outcome = entry.run(Rekey {}, Streams::default(), &mut watch.following());
    watch.clear();
    let outcome = outcome?;
    if output.json {
        output.object(&json!({
            "key": outcome.key, "rewritten": outcome.rewritten, "bytes": outcome.bytes,
        }))?;
        return Ok(Code::Done);
    }
    let segments = counted(outcome.rewritten, "segment", "segments");
    output.line(&format!("{segments} rewritten; key {} is now the only one", outcome.key))?;
    say("earlier backups still open with the old keys they hold");
    Ok(Code::Done)
}

fn foresee(outcome: &RekeyOutcome, output: &Output) -> anyhow::Result<Code> {
    if output.json {
        output.object(&json!({
            "key": outcome.key, "rewritten": outcome.rewritten, "bytes": outcome.bytes,
            "dry_run": true,
        }))?;
        return Ok(Code::Done);
    }
    let segments = counted(outcome.rewritten, "segment", "segments");
    let size = HumanBytes(outcome.bytes);
    output.line(&format!(
        "dry run: {segments} ({size}) rewritten under key {}, and every other key dropped",
        outcome.key
    ))?;
    say("nothing was written (--dry-run)");
    Ok(Code::Done)
}
