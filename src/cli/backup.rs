//! `steward backup`: the workspace of this moment in one file, while others work in it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::HumanBytes;
use serde_json::json;

use super::code::Code;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::progress::Watch;
use super::say::{say, say_cleared};
use super::text::{clean, counted};
use desk::{BackupOutcome, BackupRequest, ListedBackup, back_up, list_backups};
use ledger::DamageKind;

/// Back up the workspace to one file; imports and reviews can carry on meanwhile.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    steward backup /backups/monday.stb\n  \
    steward backup /backups/tuesday.stb --base /backups/monday.stb\n  \
    steward backup --list")]
pub struct Arguments {
    /// The file to create.
    #[arg(value_name = "FILE", required_unless_present = "list")]
    file: Option<PathBuf>,
    /// Leave out what this older backup holds; a restore then needs both.
    #[arg(long, value_name = "OLDER", requires = "file")]
    base: Option<PathBuf>,
    /// Replace an existing file.
    #[arg(long, requires = "file")]
    force: bool,
    /// Show what would be written; write nothing.
    #[arg(long, requires = "file")]
    dry_run: bool,
    /// List the backups of this workspace.
    #[arg(long, conflicts_with = "file")]
    list: bool,
}

/// Makes a backup, or lists those there are.
///
/// # Errors
/// As [`back_up`] and [`list_backups`].
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let environment = invocation.environment()?;
    let Some(file) = &arguments.file else {
        let found = list_backups(&invocation.workspace(), &environment)?;
        list(&found.notes, output)?;
        if found.torn {
            say(
                "note: the last line of the list is incomplete and was skipped: an interrupted backup, or damage",
            );
        }
        return Ok(Code::Done);
    };
    anyhow::ensure!(file.to_str().is_some(), "the file name is not UTF-8; choose another");
    let request = BackupRequest {
        file: file.clone(),
        base: arguments.base.clone(),
        replace: arguments.force,
        dry_run: arguments.dry_run,
    };
    let watch = Watch::new().context("watching for Ctrl-C")?;
    let outcome = back_up(&invocation.workspace(), &environment, &request, &watch);
    watch.clear();
    let outcome = outcome?;
    tell(&outcome, arguments.dry_run, output)?;
    Ok(Code::Done)
}

/// What a backup lacks, for programs: the first and the last commit, and the sentence.
fn missing(what: &DamageKind) -> serde_json::Value {
    let commits = match what {
        DamageKind::Lost { first, sequence, .. } => Some((first, sequence)),
        DamageKind::Foreign { sequence, .. } => Some((sequence, sequence)),
        _ => None,
    };
    json!({
        "from": commits.map(|(first, _)| first),
        "to": commits.map(|(_, last)| last),
        "what": what.to_string(),
    })
}

/// What must not be overlooked in a backup of a ledger that has lost commits.
fn warning(what: &DamageKind) -> String {
    match what {
        DamageKind::Lost { first, sequence, by } if first == sequence => format!(
            "warning: commit {sequence} is missing from it: {by} has it on record, but the ledger no \
             longer holds it"
        ),
        DamageKind::Lost { first, sequence, by } => format!(
            "warning: commits {first} to {sequence} are missing from it: {by} has commit \
             {sequence} on record, but the ledger no longer holds them"
        ),
        what => format!("warning: {what}"),
    }
}

fn tell(outcome: &BackupOutcome, dry_run: bool, output: &Output) -> std::io::Result<()> {
    if let Some(what) = &outcome.missing {
        say(&warning(what));
        say("  keep your existing backups: an older one may hold what is missing");
    }
    if output.json {
        return output.object(&json!({
            "backup": outcome.id,
            "file": shown(&outcome.file),
            "bytes": outcome.bytes,
            "segments": outcome.segments,
            "copied": outcome.copied,
            "up_to": outcome.up_to,
            "hash": outcome.hash,
            "base": outcome.base,
            "missing": outcome.missing.as_ref().map(missing),
            "noted": outcome.noted,
            "cleared": outcome.cleared,
            "dry_run": dry_run,
        }));
    }
    let what = format!(
        "commits 1 to {} to {}: {}, {} of {}",
        outcome.up_to,
        clean(&shown(&outcome.file)),
        HumanBytes(outcome.bytes),
        outcome.copied,
        counted(outcome.segments as u64, "segment", "segments"),
    );
    if dry_run {
        output.line(&format!("would back up {what}"))?;
        say("nothing was written (--dry-run)");
        return Ok(());
    }
    output.line(&format!("backed up {what}"))?;
    say_cleared(&outcome.cleared);
    if let Some(base) = &outcome.base {
        say(&format!("note: it builds on backup {base}: keep that one too"));
    }
    if !outcome.noted {
        say("note: there is no home folder, so no list of backups is kept");
    }
    Ok(())
}

fn list(backups: &[ListedBackup], output: &Output) -> std::io::Result<()> {
    if output.json {
        let lines: Vec<_> = backups.iter().map(to_json).collect();
        return output.objects(&lines);
    }
    let lines: Vec<String> = backups.iter().map(line).collect();
    if lines.is_empty() {
        say("this workspace has no backups");
    }
    output.lines(&lines)
}

fn to_json(ListedBackup { note, is_there }: &ListedBackup) -> serde_json::Value {
    json!({
        "backup": note.id,
        "file": note.path,
        "at": note.at,
        "by": note.by,
        "up_to": note.up_to,
        "hash": note.hash,
        "base": note.base,
        "bytes": note.bytes,
        "is_there": is_there,
    })
}

fn line(ListedBackup { note, is_there }: &ListedBackup) -> String {
    let short = |id: &str| id.chars().take(8).collect::<String>();
    let base = note.base.as_deref().map_or(String::new(), |base| format!(" on {}", short(base)));
    let missing = if *is_there { "" } else { "  not there" };
    format!(
        "{}  {}  {}  commit {}  {}{base}  {}{missing}",
        short(&note.id),
        moment::shown(note.at),
        clean(&note.by),
        note.up_to,
        HumanBytes(note.bytes),
        clean(&note.path),
    )
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
