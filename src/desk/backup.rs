//! Backups of a workspace: made while others may be working in it, and listed. No desk is opened,
//! no lock taken.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::environment::Environment;
use super::error::DeskError;
use super::jobs::Progress;
use super::left_behind::clear_up;
use super::lost::{must_not_be_lost, no_workspace};
use super::not_an_output::NotAnOutput;
use super::open::of_workspace;
use super::outputs::{OutputFile, must_not_be_base};
use super::register::{BackupNote, Notes, Register};
use super::witness;
use super::workspace::Workspace;
use domain::Sequence;
use domain::hexadecimal::encode as hex;
use ledger::backup::{BackupError, BackupFile, Snapshot};
use ledger::ports::Files;
use ledger::{DamageKind, LedgerOptions, LedgerReader, Witness};

/// What is to be backed up how.
#[derive(Debug, Clone)]
pub struct BackupRequest {
    /// The file to be made.
    pub file: PathBuf,
    /// An older backup: what that holds is left out.
    pub base: Option<PathBuf>,
    /// Replace a file that is there.
    pub replace: bool,
    /// Only say what would be written.
    pub dry_run: bool,
    /// It is one of a row, of which old ones are removed.
    pub in_row: bool,
}

/// A backup that was made, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupOutcome {
    /// Its id, in hexadecimal; none where nothing was written.
    pub id: Option<String>,
    /// The file, absolute.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Segments of the ledger.
    pub segments: usize,
    /// Those of them of which bytes are in the file.
    pub copied: usize,
    /// The newest commit in it.
    pub up_to: Sequence,
    /// The chain's hash after it, in hexadecimal.
    pub hash: String,
    /// The id of the backup it builds on, in hexadecimal.
    pub base: Option<String>,
    /// Commits that somebody knows and the ledger has lost: they are not in it.
    pub missing: Option<DamageKind>,
    /// Whether the register knows of it.
    pub noted: bool,
    /// Files in its folder that a killed export or backup had left, and that were removed.
    pub cleared: Vec<PathBuf>,
}

/// A backup the register knows of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedBackup {
    /// What was noted when it was made.
    pub note: BackupNote,
    /// Whether that very backup still stands where it was written.
    pub is_there: bool,
}

/// Makes a backup. It is noted in the register before it has its name, so that no backup that can
/// be used is unknown.
///
/// # Errors
/// When there is no workspace, its ledger is damaged, the base does not fit, the file is there
/// already, or the disk refuses.
pub fn back_up(
    workspace: &Workspace,
    environment: &Environment,
    request: &BackupRequest,
    progress: &dyn Progress,
) -> Result<BackupOutcome, DeskError> {
    check_exists(workspace, environment)?;
    let files = &*environment.files;
    let guarded = (workspace, environment);
    let file = OutputFile::judge_backup(&request.file, request.replace, guarded)?;
    if let Some(base) = &request.base {
        must_not_be_base(&file, base)?;
    }
    let base = match &request.base {
        Some(base) => Some(BackupFile::open(files, base)?),
        None => None,
    };
    must_not_be_built_on(&file, base.as_ref(), workspace, environment)?;
    progress.phase("scanning the ledger", None);
    // Before the ledger is read, so that none of them is ahead of what a writer adds.
    let knowledge = witness::ask_from_outside(workspace, environment);
    let snapshot = Snapshot::take(files, &workspace.hidden(), base.as_ref()).map_err(|error| {
        let error = match error {
            BackupError::Ledger(error) => DeskError::Ledger(error),
            error => DeskError::Backup(error),
        };
        of_workspace(error, workspace, environment)
    })?;
    let head = snapshot.head();
    let missing = missing(workspace, environment, &knowledge.witnesses, head);
    let is_there = std::fs::symlink_metadata(file.path()).is_ok();
    if let Some(what) = missing.clone().filter(|_| is_there) {
        return Err(DeskError::BackupLacks { what, file: file.path().display().to_string() });
    }
    let mut outcome = BackupOutcome {
        id: None,
        file: file.path().to_owned(),
        bytes: snapshot.bytes(),
        segments: snapshot.segments(),
        copied: snapshot.copied(),
        up_to: head.sequence,
        hash: hex(&head.chain),
        base: base.as_ref().map(|base| hex(&base.id())),
        missing,
        noted: false,
        cleared: Vec::new(),
    };
    if request.dry_run {
        return Ok(outcome);
    }
    outcome.cleared = clear_up(files, file.folder(), None);
    let mut id = [0; 16];
    environment.randomness.fill(&mut id);
    let now = environment.clock.now();
    let mut reported = Reported::begin(progress, "backing up, bytes", outcome.bytes);
    let mut tell = |done, _| reported.at(done);
    let unfinished = snapshot.write(files, &outcome.file, id, now.as_microsecond(), &mut tell)?;
    outcome.id = Some(hex(&id));
    outcome.noted = note(environment, &snapshot.workspace(), &outcome, request.in_row, now)?;
    // What comes there meanwhile may hold what is missing.
    unfinished.finish(request.replace && outcome.missing.is_none())?;
    Ok(outcome)
}

/// Refuses to replace a backup without which others cannot be restored: those that the register
/// knows, as long as they were not replaced themselves, and the new one's own base.
fn must_not_be_built_on(
    file: &OutputFile,
    base: Option<&BackupFile>,
    workspace: &Workspace,
    environment: &Environment,
) -> Result<(), DeskError> {
    if file.path().symlink_metadata().is_err() {
        return Ok(());
    }
    let files = &*environment.files;
    let path = file.path().display().to_string();
    let found = BackupFile::open(files, file.path());
    let of = match &found {
        Err(BackupError::NotABackup(_)) => return Ok(()),
        Ok(found) => found.workspace(),
        Err(_) => Snapshot::workspace_of(files, &workspace.hidden())?,
    };
    let register = Register::of(environment, &of);
    let notes = register.map(|it| it.backups()).transpose()?.map_or(Vec::new(), |it| it.notes);
    // One that is damaged is known by where it stands.
    let id = found.as_ref().map(|found| hex(&found.id())).ok();
    let stood = || notes.iter().rfind(|note| note.path == path).map(|note| note.id.clone());
    let Some(id) = id.or_else(stood) else { return Ok(()) };
    let is_replaced = |at: usize, note: &BackupNote| {
        notes[at + 1..].iter().any(|later| later.path == note.path) && !is_there(files, note)
    };
    let builds_on = |(at, note): &(usize, &BackupNote)| {
        note.base.as_ref() == Some(&id) && !is_replaced(*at, note)
    };
    let by = notes.iter().enumerate().filter(builds_on).map(|(_, note)| note.path.clone());
    let mut by: Vec<String> = by.collect();
    if let Some(base) = base.filter(|base| base.base().is_some_and(|base| hex(&base) == id)) {
        let base = std::path::absolute(base.path()).unwrap_or_else(|_| base.path().to_owned());
        by.push(base.display().to_string());
    }
    by.sort();
    by.dedup();
    if by.is_empty() {
        return Ok(());
    }
    Err(NotAnOutput::BuiltOn { path, by: by.join(" and ") }.into())
}

/// Whether that very backup still stands where it was written.
pub(super) fn is_there(files: &dyn Files, note: &BackupNote) -> bool {
    let found = BackupFile::open(files, Path::new(&note.path));
    found.is_ok_and(|found| hex(&found.id()) == note.id)
}

/// What the ledger does not hold though somebody knows it: the furthest of it.
fn missing(
    workspace: &Workspace,
    environment: &Environment,
    witnesses: &[Witness],
    head: Witness,
) -> Option<DamageKind> {
    let chain_at = |sequence| {
        if sequence == head.sequence {
            return Some(head.chain);
        }
        // Nothing but headers, which are in the clear.
        let files = Arc::clone(&environment.files);
        let options = LedgerOptions::held_by("");
        let opened = LedgerReader::open_read_only(files, &workspace.hidden(), &options);
        opened.ok()?.0.chain_at(sequence).ok()
    };
    let mut known = witnesses.to_vec();
    known.sort_by_key(|witness| std::cmp::Reverse(witness.sequence));
    known.into_iter().find_map(|witness| witness::denied(witness, head.sequence, chain_at))
}

/// Notes a backup in the register; false where none is kept.
fn note(
    environment: &Environment,
    workspace: &[u8; 16],
    outcome: &BackupOutcome,
    in_row: bool,
    at: Timestamp,
) -> Result<bool, DeskError> {
    let Some(register) = Register::of(environment, workspace) else { return Ok(false) };
    register.note_backup(&BackupNote {
        id: outcome.id.clone().unwrap_or_default(),
        path: outcome.file.display().to_string(),
        at,
        by: environment.actor.clone(),
        up_to: outcome.up_to,
        hash: outcome.hash.clone(),
        base: outcome.base.clone(),
        bytes: outcome.bytes,
        in_row,
    })?;
    Ok(true)
}

/// The backups of a workspace that the register knows of, the oldest first. Where the last note is
/// torn, it is said.
///
/// # Errors
/// When there is no workspace or the register cannot be read.
pub fn list_backups(
    workspace: &Workspace,
    environment: &Environment,
) -> Result<Notes<ListedBackup>, DeskError> {
    check_exists(workspace, environment)?;
    let files = &*environment.files;
    let id = Snapshot::workspace_of(files, &workspace.hidden())?;
    let Some(register) = Register::of(environment, &id) else {
        return Ok(Notes { notes: Vec::new(), torn: false });
    };
    let Notes { notes, torn } = register.backups()?;
    let listed =
        notes.into_iter().map(|note| ListedBackup { is_there: is_there(files, &note), note });
    Ok(Notes { notes: listed.collect(), torn })
}

fn check_exists(workspace: &Workspace, environment: &Environment) -> Result<(), DeskError> {
    must_not_be_lost(workspace, environment)?;
    if workspace.exists() { Ok(()) } else { Err(no_workspace(workspace, environment)) }
}

/// Tells a job's progress from counts of what is done in all.
pub(super) struct Reported<'p> {
    progress: &'p dyn Progress,
    done: u64,
}

impl<'p> Reported<'p> {
    /// A phase of `total` units begins.
    pub(super) fn begin(progress: &'p dyn Progress, phase: &str, total: u64) -> Self {
        progress.phase(phase, Some(total));
        Self { progress, done: 0 }
    }

    /// So much is done in all; says whether to go on.
    pub(super) fn at(&mut self, done: u64) -> bool {
        self.progress.advance(done.saturating_sub(self.done));
        self.done = self.done.max(done);
        !self.progress.cancelled()
    }
}
