//! A workspace made from a backup.
//!
//! All of it is made in a folder of its own, `.steward.restoring`: the ledger put together and
//! verified, the store built, the erasures made since repeated. The last step is one rename, so
//! that a folder is a workspace only when all is done. What was interrupted is begun again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::backup::Reported;
use super::core::Desk;
use super::environment::Environment;
use super::error::DeskError;
use super::jobs::Progress;
use super::keys::reading_cipher;
use super::outputs::judge_output_folder;
use super::register::{Notes, Register};
use super::workspace::{Workspace, file_error};
use domain::Sequence;
use domain::event::PersonErased;
use domain::hexadecimal::encode as hex;
use ledger::LedgerError;
use ledger::backup::{BackupError, BackupFile, Chain};
use ledger::ports::clock::TrustedClock;
use ledger::ports::files::{Access, Lock, LockGuard};

const RESTORING: &str = ".steward.restoring";
/// Beside a backup: what the folder is called in which it is restored to see whether it can be, before the
/// backup's id.
const TESTING: &str = ".steward.testing-";

/// What is to be restored where.
#[derive(Debug, Clone)]
pub struct RestoreRequest {
    /// The backup.
    pub file: PathBuf,
    /// The folder that becomes the workspace: absent or empty, but for a `steward.toml`.
    pub folder: PathBuf,
    /// What the backup builds on, in any order; what the register knows need not be named.
    pub bases: Vec<PathBuf>,
    /// Only read the backups and say what they hold.
    pub dry_run: bool,
}

/// What was restored, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreOutcome {
    /// The backups that were read, the newest first.
    pub backups: Vec<PathBuf>,
    /// When the newest of them was made.
    pub made: jiff::Timestamp,
    /// The newest commit in it.
    pub up_to: Sequence,
    /// The chain's hash after it, in hexadecimal.
    pub hash: String,
    /// Records there are.
    pub records: Option<u32>,
    /// Whether a `steward.toml` that was there is kept.
    pub settings_kept: bool,
    /// Erasures made since the backup that were repeated.
    pub erasures: usize,
    /// The last note of the register was torn.
    pub register_torn: bool,
}

/// Restores a workspace.
///
/// # Errors
/// When the folder is in use, a backup is missing, damaged or of another workspace, its key is not
/// at hand, or the disk refuses. The folder is no workspace then, and may be restored into again.
pub fn restore(
    request: &RestoreRequest,
    environment: &Environment,
    progress: &dyn Progress,
) -> Result<RestoreOutcome, DeskError> {
    // However old a backup is: that it ended long ago says nothing about the clock.
    let environment = &Environment { clock: Arc::new(TrustedClock), ..environment.clone() };
    let files = &*environment.files;
    let target = Workspace::at(std::path::absolute(&request.folder)?);
    judge_output_folder(target.folder(), None, environment)?;
    check_target(&target)?;
    let find = |of: &BackupFile, base: [u8; 16]| noted_path(environment, of, base);
    let chain = Chain::open(files, &request.file, &request.bases, &find)?;
    check(&chain, progress)?;
    let newest = chain.newest();
    let mut outcome = RestoreOutcome {
        backups: chain.backups().iter().map(|backup| backup.path().to_owned()).collect(),
        made: newest.made(),
        up_to: newest.head().sequence,
        hash: hex(&newest.head().chain),
        records: None,
        settings_kept: target.settings().symlink_metadata().is_ok(),
        erasures: 0,
        register_torn: false,
    };
    if request.dry_run {
        return Ok(outcome);
    }
    let staging = Staging::begin(&target, environment)?;
    let (desk, repeated) = staging.fill(&chain, environment, progress)?;
    outcome.erasures = repeated.erasures;
    outcome.register_torn = repeated.register_torn;
    outcome.records = Some(desk.facts().view.counters()?.records);
    let settings = desk.settings().text.clone();
    let (register, head) = (desk.register(), desk.facts().ledger.head());
    drop(desk);
    if progress.cancelled() {
        return Err(BackupError::Cancelled.into());
    }
    if !outcome.settings_kept {
        write_settings(&target, &settings, environment)?;
    }
    if let Some(register) = &register {
        // What was worked on in the folder before, and on the way here, is no witness of this.
        register.forget_witness(&staging.workspace)?;
        register.forget_witness(&target)?;
    }
    staging.finish(&target, environment)?;
    if let (Some(register), Some(head)) = (&register, head) {
        register.set_witness(&target, head, environment.clock.now())?;
    }
    Ok(outcome)
}

/// What a test restore found: the backup can be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rehearsal {
    /// Records there are.
    pub records: u32,
    /// Erasures made since the backup that were repeated.
    pub erasures: usize,
}

/// Restores a backup into a folder of its own beside it, as [`restore`] does but for the last step, and
/// removes it again.
///
/// # Errors
/// As [`restore`]: the backup cannot be relied on, or the disk has no room for the workspace.
pub fn test_restore(
    file: &Path,
    environment: &Environment,
    progress: &dyn Progress,
) -> Result<Rehearsal, DeskError> {
    let environment = &Environment { clock: Arc::new(TrustedClock), ..environment.clone() };
    let find = |of: &BackupFile, base: [u8; 16]| noted_path(environment, of, base);
    let chain = Chain::open(&*environment.files, file, &[], &find)?;
    check(&chain, progress)?;
    let beside = file.parent().unwrap_or(Path::new("/"));
    clear_up_tests(beside, environment);
    let folder = beside.join(format!("{TESTING}{}", hex(&chain.newest().id())));
    let staging = Staging::begin(&Workspace::at(folder.clone()), environment)?;
    let filled = staging.fill(&chain, environment, progress).and_then(|(desk, repeated)| {
        let records = desk.facts().view.counters()?.records;
        Ok(Rehearsal { records, erasures: repeated.erasures })
    });
    // Whatever came of it: what was opened there is no witness of the workspace.
    if let Some(register) = Register::of(environment, &chain.newest().workspace()) {
        register.forget_witness(&staging.workspace)?;
    }
    drop(staging);
    let removed = std::fs::remove_dir(&folder);
    let rehearsal = filled?;
    if progress.cancelled() {
        return Err(BackupError::Cancelled.into());
    }
    removed.map_err(|error| file_error("removing", &folder, error))?;
    Ok(rehearsal)
}

/// Removes what test restores that were killed have left; best effort. One under way holds its lock.
fn clear_up_tests(beside: &Path, environment: &Environment) {
    let Ok(entries) = std::fs::read_dir(beside) else { return };
    for entry in entries.flatten() {
        let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
        let is_test = entry.file_name().to_str().is_some_and(|name| name.starts_with(TESTING));
        let lock = entry.path().join(RESTORING).join("lock");
        if !is_folder || !is_test || lock.symlink_metadata().is_err() {
            continue;
        }
        if let Ok(Lock::Taken(_held)) = environment.files.try_lock(&lock, &environment.actor) {
            let _ = std::fs::remove_dir_all(entry.path().join(RESTORING));
            // What else lies in it is not ours.
            let _ = std::fs::remove_dir(entry.path());
        }
    }
}

/// Every byte of a backup and of those it builds on.
fn check(chain: &Chain, progress: &dyn Progress) -> Result<(), DeskError> {
    let total = bytes(chain);
    let mut reported = Reported::begin(progress, "checking the backup, bytes", total);
    Ok(chain.verify(&mut |done, _| reported.at(done))?)
}

fn bytes(chain: &Chain) -> u64 {
    chain.backups().iter().map(BackupFile::bytes).sum()
}

/// Where the register says that a base is.
fn noted_path(environment: &Environment, of: &BackupFile, base: [u8; 16]) -> Option<PathBuf> {
    let notes = Register::of(environment, &of.workspace())?.backups().ok()?.notes;
    let note = notes.into_iter().rev().find(|note| note.id == hex(&base))?;
    Some(PathBuf::from(note.path))
}

/// The folder must have nothing in it that a restore could hide or mix with.
fn check_target(target: &Workspace) -> Result<(), DeskError> {
    let folder = target.folder();
    let shown = || folder.display().to_string();
    if target.exists() {
        return Err(DeskError::WorkspaceExists { folder: shown() });
    }
    target.must_be_own()?;
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|error| file_error("reading", folder, error))?,
    };
    for entry in entries {
        let entry = entry.map_err(|error| file_error("reading", folder, error))?;
        let name = entry.file_name();
        if name != "steward.toml" && name != RESTORING {
            let found = name.to_string_lossy().into_owned();
            return Err(DeskError::FolderNotEmpty { folder: shown(), found });
        }
    }
    Ok(())
}

/// The ledger must be sound to the last byte and end where the backup says.
fn verify(
    workspace: &Workspace,
    backup: &BackupFile,
    environment: &Environment,
    progress: &dyn Progress,
) -> Result<(), DeskError> {
    let head = backup.head();
    let mut reported = Reported::begin(progress, "verifying, bytes", backup.bytes());
    let expect = (head.sequence > Sequence::ZERO).then_some(head.chain);
    let report = ledger::verify(
        &*environment.files,
        &workspace.hidden(),
        &*reading_cipher(workspace, environment)?,
        &mut |done, _| {
            reported.at(done);
        },
        expect,
    )?;
    if let Some((what, version)) = report.newer {
        return Err(LedgerError::NewerSteward { what, version }.into());
    }
    let found = report.head.map_or(Sequence::ZERO, |head| head.sequence);
    let wrong = report.damage.first().map(ToString::to_string);
    let wrong = wrong.or_else(|| report.tail.map(|tail| tail.to_string()));
    let ends = || format!("it ends at commit {found} instead of {}", head.sequence);
    match wrong.or_else(|| (found != head.sequence).then(ends)) {
        Some(what) => Err(DeskError::RestoredUnsound { what }),
        None => Ok(()),
    }
}

/// What was erased since a backup was made, and erased again.
struct Repeated {
    erasures: usize,
    /// The last note of the register was torn.
    register_torn: bool,
}

fn repeat_erasures(desk: &mut Desk, progress: &dyn Progress) -> Result<Repeated, DeskError> {
    let Some(register) = desk.register() else {
        return Ok(Repeated { erasures: 0, register_torn: false });
    };
    let Notes { notes, torn } = register.erasures::<PersonErased>()?;
    progress.phase("repeating erasures", None);
    let erasures = desk.reapply_erasures(&notes, &mut |_, _| {})?;
    Ok(Repeated { erasures, register_torn: torn })
}

fn write_settings(
    target: &Workspace,
    text: &str,
    environment: &Environment,
) -> Result<(), DeskError> {
    let path = target.folder().join(RESTORING).join("steward.toml");
    let files = &*environment.files;
    let write = || {
        let file = files.open(&path, Access::CreateNew)?;
        file.write_at(text.as_bytes(), 0)?;
        file.sync()?;
        files.rename(&path, &target.settings())?;
        files.sync_folder(target.folder())
    };
    write().map_err(|error| file_error("writing", &target.settings(), error))
}

/// The folder in which a workspace is made.
struct Staging {
    workspace: Workspace,
    /// Keeps a second restore out.
    _lock: LockGuard,
}

impl Staging {
    /// Makes it, and removes what an interrupted restore left in it.
    fn begin(target: &Workspace, environment: &Environment) -> Result<Staging, DeskError> {
        let folder = target.folder().join(RESTORING);
        let made = std::fs::create_dir_all(target.folder());
        let made = made.and_then(|()| environment.files.create_folder(&folder));
        let made = made.and_then(|()| environment.files.must_be_folder(&folder));
        made.map_err(|error| file_error("making", &folder, error))?;
        let path = folder.join("lock");
        let holder = format!("{}, process {}", environment.actor, std::process::id());
        let lock = environment.files.try_lock(&path, &holder);
        let lock = match lock.map_err(|error| file_error("locking", &path, error))? {
            Lock::Taken(guard) => guard,
            Lock::HeldBy(holder) => return Err(DeskError::Held { holder }),
        };
        let workspace = Workspace::at(folder);
        let settings = std::fs::remove_file(workspace.settings());
        for removed in [settings, std::fs::remove_dir_all(workspace.hidden())] {
            match removed {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(file_error("removing", workspace.folder(), error));
                }
                _ => {}
            }
        }
        Ok(Staging { workspace, _lock: lock })
    }

    /// Puts the ledger together, verifies it, builds the store and repeats the erasures.
    fn fill(
        &self,
        chain: &Chain,
        environment: &Environment,
        progress: &dyn Progress,
    ) -> Result<(Desk, Repeated), DeskError> {
        let mut reported = Reported::begin(progress, "restoring, bytes", bytes(chain));
        let hidden = self.workspace.hidden();
        chain.restore(&*environment.files, &hidden, &mut |done, _| reported.at(done))?;
        verify(&self.workspace, chain.newest(), environment, progress)?;
        let commits = chain.newest().head().sequence.0;
        let mut reported = Reported::begin(progress, "replaying commits", commits);
        let (place, world) = (self.workspace.clone(), environment.clone());
        let mut desk = Desk::open_rebuilt(place, world, &mut |done, _| {
            reported.at(done);
        })?;
        let repeated = repeat_erasures(&mut desk, progress)?;
        Ok((desk, repeated))
    }

    /// Makes the target a workspace, durable.
    fn finish(self, target: &Workspace, environment: &Environment) -> Result<(), DeskError> {
        let files = &*environment.files;
        let (from, to) = (self.workspace.hidden(), target.hidden());
        // A workspace made meanwhile is not replaced: renaming onto a filled folder fails.
        files.rename(&from, &to).map_err(|error| file_error("renaming", &from, error))?;
        for folder in [Some(target.folder()), target.folder().parent()].into_iter().flatten() {
            files.sync_folder(folder).map_err(|error| file_error("syncing", folder, error))?;
        }
        Ok(())
    }
}

impl Drop for Staging {
    /// Best effort, after success as after failure: what stays is removed by the next restore.
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.workspace.folder());
    }
}
