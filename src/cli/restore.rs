//! `steward restore`: a workspace from a backup.

use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use super::code::Code;
use super::invocation::{Invocation, absolute};
use super::moment;
use super::output::Output;
use super::progress::Watch;
use super::say::say;
use super::text::{clean, counted};
use desk::{RestoreOutcome, RestoreRequest, restore};

/// Restore a workspace from a backup, verify it, and repeat the erasures made since.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward restore /backups/tuesday.stb customers-again")]
pub struct Arguments {
    /// The backup.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder for the workspace; it must be absent or empty. A steward.toml in it is
    /// kept.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// A backup that FILE builds on; needed only if it has been moved.
    #[arg(long, value_name = "OLDER")]
    base: Vec<PathBuf>,
    /// Read the backup and show what it holds; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Restores a workspace.
///
/// # Errors
/// As [`restore`].
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let request = RestoreRequest {
        file: arguments.file.clone(),
        folder: arguments.folder.clone(),
        bases: arguments.base.clone(),
        dry_run: arguments.dry_run,
    };
    let environment = invocation.environment()?;
    let watch = Watch::new().context("watching for Ctrl-C")?;
    let outcome = restore(&request, &environment, &watch);
    watch.clear();
    tell(&outcome?, arguments, output)?;
    Ok(Code::Done)
}

fn tell(outcome: &RestoreOutcome, arguments: &Arguments, output: &Output) -> std::io::Result<()> {
    let folder = absolute(&arguments.folder);
    if output.json {
        return output.object(&json!({
            "workspace": folder,
            "backups": outcome.backups,
            "made": outcome.made,
            "up_to": outcome.up_to,
            "hash": outcome.hash,
            "records": outcome.records,
            "settings": if outcome.settings_kept { "kept" } else { "written" },
            "erasures": outcome.erasures,
            "dry_run": arguments.dry_run,
        }));
    }
    let made = moment::shown(outcome.made);
    let up_to = format!("up to commit {} of the backup made at {made}", outcome.up_to);
    let folder = clean(&folder);
    if arguments.dry_run {
        output.line(&format!("would restore {up_to} into {folder}"))?;
        say("the backup's hashes are correct; nothing was written (--dry-run)");
        return Ok(());
    }
    let records = counted(outcome.records.unwrap_or(0).into(), "record", "records");
    output.line(&format!("restored {records} into {folder}, {up_to}"))?;
    if outcome.settings_kept {
        say(
            "the existing steward.toml was kept; what it says differently waits: steward govern diff",
        );
    }
    if outcome.erasures > 0 {
        let erasures = counted(outcome.erasures as u64, "erasure", "erasures");
        say(&format!("repeated {erasures} made since the backup"));
    }
    if outcome.register_torn {
        say(
            "note: the last record of an erasure is incomplete and was skipped: an interrupted one, or damage",
        );
    }
    Ok(())
}
