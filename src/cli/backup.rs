//! `steward backup`: the workspace of this moment in one file, while others work in it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{ArgGroup, value_parser};
use indicatif::HumanBytes;
use serde_json::json;

use super::code::Code;
use super::failure::Usage;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::progress::Watch;
use super::say::{say, say_cleared};
use super::text::{clean, counted};
use desk::{
    BackupOutcome, BackupRequest, DeskError, Environment, ListedBackup, NotAnOutput, OldBackups,
    Rehearsal, Workspace, back_up, dated_backup, list_backups, remove_old_backups, test_restore,
};
use ledger::DamageKind;
use ledger::backup::BackupError;

/// Back up the workspace to one file; imports and reviews can carry on meanwhile.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("target").args(["file", "into"])), after_help = "Examples:\n  \
    steward backup /backups/monday.stb\n  \
    steward backup /backups/tuesday.stb --base /backups/monday.stb\n  \
    steward backup --into /backups --keep 14 --test-restore\n  \
    steward backup --list")]
pub struct Arguments {
    /// The file to create.
    #[arg(value_name = "FILE", required_unless_present_any = ["into", "list"])]
    file: Option<PathBuf>,
    /// Create a file in this folder, named after the workspace and the time.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Then remove all but the N newest backups of this workspace that --into created in DIR.
    ///
    /// Backups that others build on stay, and so does everything else in the folder. Nothing is removed
    /// if the new backup lacks commits, or its test restore fails.
    #[arg(long, value_name = "N", requires = "into", value_parser = value_parser!(u32).range(1..))]
    keep: Option<u32>,
    /// Restore the new backup into a temporary folder beside it, verify it, and remove that folder.
    #[arg(long, requires = "target")]
    test_restore: bool,
    /// Leave out what this older backup holds; a restore then needs both.
    #[arg(long, value_name = "OLDER", requires = "target")]
    base: Option<PathBuf>,
    /// Replace an existing file.
    #[arg(long, requires = "file")]
    force: bool,
    /// Show what would be written; write nothing.
    #[arg(long, requires = "target")]
    dry_run: bool,
    /// List the backups of this workspace.
    #[arg(long, conflicts_with = "target")]
    list: bool,
}

/// Makes a backup, or lists those there are.
///
/// # Errors
/// As [`back_up`], [`test_restore`], [`remove_old_backups`] and [`list_backups`].
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    // The parser lets it pass beside FILE, which excludes what it requires.
    if arguments.keep.is_some() && arguments.into.is_none() {
        return Err(Usage::error("--keep removes what --into created: pass --into DIR"));
    }
    let environment = invocation.environment()?;
    let workspace = invocation.workspace();
    if arguments.list {
        return list_them(&workspace, &environment, output);
    }
    let dry_run = arguments.dry_run;
    let watch = Watch::new().context("watching for Ctrl-C")?;
    let mut tries = 0;
    let made = loop {
        let file = match (&arguments.file, &arguments.into) {
            (Some(file), _) => file.clone(),
            (None, Some(folder)) => {
                let folder = folder_of_backups(folder)?;
                dated_backup(&workspace, &folder, environment.clock.now())
            }
            (None, None) => anyhow::bail!("no file was named"),
        };
        anyhow::ensure!(file.to_str().is_some(), "the file name is not UTF-8; choose another");
        let request = BackupRequest {
            file,
            base: arguments.base.clone(),
            replace: arguments.force,
            dry_run,
            in_row: arguments.into.is_some(),
        };
        tries += 1;
        match back_up(&workspace, &environment, &request, &watch) {
            // Another backup of this second had the name first.
            Err(error) if request.in_row && tries < TRIES && has_come_there(&error) => {}
            made => break made.inspect_err(|_| watch.clear())?,
        }
    };
    let mut done = Done { made, rehearsal: None, old: OldBackups::default() };
    if arguments.test_restore && !dry_run {
        let tested = test_restore(&done.made.file, &environment, &watch);
        let tested = tested.inspect_err(|_| watch.clear());
        let file = done.made.file.display();
        done.rehearsal = Some(
            tested.with_context(|| format!("{file} was written, but its test restore failed"))?,
        );
    }
    watch.clear();
    if let Some(keep) = arguments.keep.filter(|_| done.made.missing.is_none()) {
        let folder = done.made.file.parent().unwrap_or(Path::new("/"));
        let old = remove_old_backups(
            &workspace,
            &environment,
            folder,
            done.made.id.as_deref(),
            keep as usize,
        );
        done.old = match dry_run {
            true => old?,
            false => old.with_context(|| format!("{} was written", done.made.file.display()))?,
        };
    }
    tell(&done, dry_run, output)?;
    Ok(Code::Done)
}

/// How often a name is chosen that another backup gets first.
const TRIES: u32 = 10;

/// What was done: the backup, and what followed it.
struct Done {
    made: BackupOutcome,
    rehearsal: Option<Rehearsal>,
    old: OldBackups,
}

/// The backups there are.
fn list_them(
    workspace: &Workspace,
    environment: &Environment,
    output: &Output,
) -> anyhow::Result<Code> {
    let found = list_backups(workspace, environment)?;
    list(&found.notes, output)?;
    if found.torn {
        say(
            "note: the last line of the list is incomplete and was skipped: an interrupted backup, or damage",
        );
    }
    Ok(Code::Done)
}

/// Whether somebody else's file got the name.
fn has_come_there(error: &DeskError) -> bool {
    matches!(
        error,
        DeskError::NotAnOutput(NotAnOutput::Exists { .. })
            | DeskError::Backup(BackupError::Exists(_))
    )
}

/// The folder that backups go into, without links, so that its names are those of the register.
fn folder_of_backups(folder: &Path) -> anyhow::Result<PathBuf> {
    let real = std::fs::canonicalize(folder)
        .with_context(|| format!("backing up into {}", folder.display()))?;
    anyhow::ensure!(real.is_dir(), "{} is not a folder; pass a folder to --into", folder.display());
    Ok(real)
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

fn tell(done: &Done, dry_run: bool, output: &Output) -> std::io::Result<()> {
    let outcome = &done.made;
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
            "test_restore": done.rehearsal.map(|it| json!({ "records": it.records, "erasures": it.erasures })),
            "removed": done.old.removed,
            "needed": done.old.needed,
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
        tell_old(&done.old, "would remove", output)?;
        say("nothing was written (--dry-run)");
        return Ok(());
    }
    output.line(&format!("backed up {what}"))?;
    // For `verify --expect`, from the log of whatever made it.
    output.line(&format!("hash of commit {}: {}", outcome.up_to, outcome.hash))?;
    if let Some(rehearsal) = &done.rehearsal {
        let records = counted(rehearsal.records.into(), "record", "records");
        output.line(&format!("test restore: sound, with {records}"))?;
    }
    tell_old(&done.old, "removed", output)?;
    say_cleared(&outcome.cleared);
    if let Some(base) = &outcome.base {
        say(&format!("note: it builds on backup {base}: keep that one too"));
    }
    if !outcome.noted {
        say("note: there is no home folder, so no list of backups is kept");
    }
    Ok(())
}

fn tell_old(old: &OldBackups, verb: &str, output: &Output) -> std::io::Result<()> {
    for path in &old.removed {
        output.line(&format!("{verb} {}", clean(&shown(path))))?;
    }
    for path in &old.needed {
        say(&format!("note: {} stays: other backups build on it", clean(&shown(path))));
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
