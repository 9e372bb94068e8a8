//! Making and opening a workspace: the ledger first, then its view brought up to it.

use std::sync::Arc;
use std::time::Duration;

use super::adoption::{adopted, adopted_settings, read_settings};
use super::core::Desk;
use super::environment::Environment;
use super::erasure::complete::{complete, finish};
use super::error::DeskError;
use super::keys::{fingerprinter, judge_protection, open_keyring};
use super::ledger_options::options;
use super::lost::{must_not_be_lost, no_workspace};
use super::reading::ReadingOnly;
use super::replay::{Brought, ReplayProgress, bring_up, rebuild_store};
use super::witness::{self, Knowledge, Known};
use super::workspace::Workspace;
use super::{marks, revalidate};
use domain::event::WorkspaceCreated;
use domain::{Sequence, hexadecimal};
use ledger::keys::{Keyring, Protection};
use ledger::ports::files::Lock;
use ledger::{CutTail, Ledger, LedgerError, LedgerOptions, Patience};
use store::{Store, StoreError};

/// What opening had to do, to be said to the user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpenReport {
    /// The end of the ledger that was no whole commit, and was cut.
    pub cut: Option<CutTail>,
    /// One of the two copies of the keys was missing, damaged or out of date, and was replaced.
    pub keys_mended: bool,
    /// Commits the store had missed and was brought up to.
    pub replayed: u64,
    /// The store was built again; what was wrong with the one before: `missing`.
    pub rebuilt: Option<String>,
    /// Erasures that were completed: the one just made, or interrupted ones.
    pub erasures: Vec<Sequence>,
    /// An erasure could not be completed, and why; nobody reads what it erased, and the next
    /// opening tries again.
    pub erasure_unfinished: Option<String>,
    /// It was opened only to be read, and why.
    pub reading_only: Option<ReadingOnly>,
    /// The ledger's last commit when it was opened.
    pub up_to: Sequence,
    /// Who outside the ledger knows how far it went.
    pub known: Known,
    /// The register's note, which could not be read, was written again.
    pub note_renewed: bool,
    /// A torn tail that was left where it is, since the workspace was opened to be read.
    pub unfinished: Option<CutTail>,
}

/// A workspace whose keys are at hand: nobody is asked for anything any more.
pub struct Unlocked {
    workspace: Workspace,
    environment: Environment,
    keyring: Option<Keyring>,
}

impl Unlocked {
    /// The steward.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.environment.actor
    }

    /// Opens it as [`Desk::open`] does.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub fn open(self, progress: ReplayProgress<'_>) -> Result<(Desk, OpenReport), DeskError> {
        open(self.workspace, self.environment, self.keyring, progress)
    }
}

impl Desk {
    /// Makes a workspace under a `steward.toml` that is there, encrypted, its keys protected by a
    /// key file. One whose making was interrupted is completed.
    ///
    /// # Errors
    /// When there is one already, the settings are wrong or the disk refuses.
    pub fn create(workspace: Workspace, environment: Environment) -> Result<Desk, DeskError> {
        Desk::create_protected(workspace, environment, Protection::KeyFile)
    }

    /// As [`Desk::create`], with the keys protected as is said.
    ///
    /// # Errors
    /// As [`Desk::create`]; and when nobody can be asked for a passphrase, or it is entered
    /// differently the second time.
    pub fn create_protected(
        workspace: Workspace,
        environment: Environment,
        protection: Protection,
    ) -> Result<Desk, DeskError> {
        let settings = read_settings(&workspace)?;
        let mut key = [0; 32];
        environment.randomness.fill(&mut key);
        let (keyring, mut ledger) = begin(&workspace, &environment, protection)?;
        let created = WorkspaceCreated {
            workspace: hexadecimal::encode(&ledger.workspace()),
            fingerprint_key: hexadecimal::encode(&key),
            steward: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let events = [created.into(), adopted(&settings, None).into()];
        ledger.append(environment.clock.now(), &environment.actor, &events)?;
        drop(ledger);
        let (desk, _) = open(workspace, environment, Some(keyring), &mut |_, _| {})?;
        Ok(desk)
    }

    /// Gets a workspace's keys, asking for a passphrase where one protects them.
    ///
    /// # Errors
    /// When there is no workspace, or the keys cannot be had.
    pub fn unlock(workspace: Workspace, environment: Environment) -> Result<Unlocked, DeskError> {
        let keyring = open_keyring(&workspace, &environment)
            .map_err(|error| of_workspace(error, &workspace, &environment))?;
        Ok(Unlocked { workspace, environment, keyring })
    }

    /// Opens a workspace and brings its store up to the ledger; a store that is missing, damaged
    /// or of another schema is rebuilt.
    ///
    /// # Errors
    /// When there is none, another process holds it, the ledger is damaged or has lost
    /// acknowledged commits.
    pub fn open(
        workspace: Workspace,
        environment: Environment,
        progress: ReplayProgress<'_>,
    ) -> Result<(Desk, OpenReport), DeskError> {
        Desk::unlock(workspace, environment)?.open(progress)
    }

    /// Makes the store of a workspace anew from its ledger.
    ///
    /// # Errors
    /// As [`Desk::open`], but whatever the store looks like.
    pub fn rebuild(
        workspace: Workspace,
        environment: Environment,
        progress: ReplayProgress<'_>,
    ) -> Result<Desk, DeskError> {
        let keyring = open_keyring(&workspace, &environment)
            .map_err(|error| of_workspace(error, &workspace, &environment))?;
        let mut marks = Vec::new();
        let mut ask = || {
            let store = open_store(&workspace, &environment);
            marks = store.as_ref().map(marks::kept).unwrap_or_default();
            witness::ask(&workspace, &environment, store.as_ref().ok())
        };
        let (mut ledger, _) = Ledger::open(
            Arc::clone(&environment.files),
            &workspace.hidden(),
            Arc::clone(&environment.randomness),
            || ask().witnesses,
            &waiting_options(&environment, keyring.as_ref(), PATIENCE),
        )?;
        must_have_begun(&ledger, &workspace, &environment)?;
        settle(keyring.as_ref())?;
        if !ledger.unfinished_erasures().is_empty() {
            // Completing them makes the store anew as well.
            drop(ledger);
            return Ok(open(workspace, environment, keyring, progress)?.0);
        }
        let reader = ledger.reader();
        let fingerprinter = fingerprinter(&reader)?;
        ledger.believe(marks::decode(&marks, &fingerprinter));
        let trees = rebuild_store(&workspace, &reader, &fingerprinter, &environment, progress)?;
        let settings = adopted_settings(&trees, &reader)?;
        let parts = (trees, ledger, settings, fingerprinter);
        Ok(Desk::assemble(workspace, environment, parts, keyring))
    }
}

/// How long those who write wait for a workspace that is held: many short commands get through one
/// after the other, and who finds a review open is told so soon.
pub(super) const PATIENCE: Patience =
    Patience { with_one: Duration::from_secs(5), in_all: Duration::from_secs(20) };

/// Opens a workspace whose keys are at hand.
pub(super) fn open(
    workspace: Workspace,
    environment: Environment,
    keyring: Option<Keyring>,
    progress: ReplayProgress<'_>,
) -> Result<(Desk, OpenReport), DeskError> {
    open_waiting(workspace, environment, keyring, PATIENCE, progress)
}

/// As [`open`], waiting for who holds it for as long as is said.
pub(super) fn open_waiting(
    workspace: Workspace,
    environment: Environment,
    keyring: Option<Keyring>,
    patience: Patience,
    progress: ReplayProgress<'_>,
) -> Result<(Desk, OpenReport), DeskError> {
    let mut store = Err(StoreError::Failed { reason: "not opened".into() });
    let mut known = Known::default();
    let mut marks = Vec::new();
    let (mut ledger, opening) = Ledger::open(
        Arc::clone(&environment.files),
        &workspace.hidden(),
        Arc::clone(&environment.randomness),
        || {
            store = open_store(&workspace, &environment);
            marks = store.as_ref().map(marks::kept).unwrap_or_default();
            let Knowledge { witnesses, known: found } =
                witness::ask(&workspace, &environment, store.as_ref().ok());
            known = found;
            witnesses
        },
        &waiting_options(&environment, keyring.as_ref(), patience),
    )?;
    must_have_begun(&ledger, &workspace, &environment)?;
    let keys_mended = settle(keyring.as_ref())?;
    let up_to = ledger.head().map(|head| head.sequence).unwrap_or_default();
    let cut = opening.cut;
    let mut report = OpenReport { cut, keys_mended, up_to, known, ..OpenReport::default() };
    let reader = ledger.reader();
    let fingerprinter = fingerprinter(&reader)?;
    ledger.believe(marks::decode(&marks, &fingerprinter));
    match complete(&mut ledger, &environment) {
        Ok(erasures) => report.erasures = erasures,
        Err(error) => report.erasure_unfinished = Some(error.to_string()),
    }
    let mut store = store.map_err(DeskError::from);
    if !report.erasures.is_empty() {
        // The old one knew the erased records; its pages would keep their traces.
        drop(store);
        let made = rebuild_store(&workspace, &reader, &fingerprinter, &environment, progress)?;
        let erasures = &report.erasures;
        if let Err(error) = finish(&mut ledger, &workspace, &environment, erasures) {
            report.erasure_unfinished = Some(error.to_string());
        }
        store = Ok(made);
    }
    let head = ledger.head().map(|head| head.sequence).unwrap_or_default();
    let mut is_adopted = true;
    let brought = store.and_then(|trees| {
        bring_up((trees, &reader, &fingerprinter), head, &environment, &mut *progress)
    });
    let trees = match brought {
        Ok(Brought::Up { trees, replayed }) => {
            report.replayed = if report.erasures.is_empty() { replayed } else { 0 };
            trees
        }
        Ok(Brought::OtherSettings { replayed }) => {
            report.replayed = replayed;
            is_adopted = false;
            rebuild_store(&workspace, &reader, &fingerprinter, &environment, progress)?
        }
        Err(DeskError::Store(StoreError::Damaged { what })) => {
            report.rebuilt = Some(what_was_wrong(what));
            rebuild_store(&workspace, &reader, &fingerprinter, &environment, progress)?
        }
        Err(error) => return Err(error),
    };
    let settings = adopted_settings(&trees, &reader)?;
    let parts = (trees, ledger, settings, fingerprinter);
    let mut desk = Desk::assemble(workspace, environment, parts, keyring);
    if report.known.unreadable.is_some() {
        report.note_renewed = desk.tell_witness(desk.now());
    }
    if !is_adopted {
        // Who adopted the settings may not have come to judge everything by them.
        desk.with_changes_held(revalidate::everything)?;
    }
    Ok((desk, report))
}

/// The keys and the ledger of a workspace that has no commit yet: new ones, or over what an
/// interrupted making left.
fn begin(
    workspace: &Workspace,
    environment: &Environment,
    protection: Protection,
) -> Result<(Keyring, Ledger), DeskError> {
    let exists = || {
        let folder = workspace.folder().display().to_string();
        DeskError::WorkspaceExists { folder }
    };
    must_not_be_lost(workspace, environment)?;
    if workspace.exists() {
        return Err(exists());
    }
    judge_protection(workspace, environment, protection)?;
    let (files, hidden) = (&environment.files, workspace.hidden());
    let left = match ledger::inspect(&**files, &hidden) {
        Ok(found) if found.begun => return Err(exists()),
        Ok(found) => found.workspace,
        Err(LedgerError::NotFound { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let id = left.unwrap_or_else(|| {
        let mut id = [0; 16];
        environment.randomness.fill(&mut id);
        id
    });
    let (secrets, randomness) = (&*environment.secrets, &environment.randomness);
    let keyring =
        Keyring::create(Arc::clone(files), &hidden, id, protection, secrets, &**randomness)?;
    let options = options(environment, Some(&keyring));
    let ledger = match left {
        None => Ledger::create(Arc::clone(files), &hidden, Arc::clone(randomness), id, &options)?,
        Some(_) => {
            let (files, randomness) = (Arc::clone(files), Arc::clone(randomness));
            Ledger::open(files, &hidden, randomness, || None, &options)?.0
        }
    };
    if ledger.head().is_some() {
        return Err(exists());
    }
    // Only whoever holds the lock, which comes with the ledger, may write keys.
    keyring.write()?;
    Ok((keyring, ledger))
}

/// Once the lock is held: whether one of the two files of keys had to be mended.
fn settle(keyring: Option<&Keyring>) -> Result<bool, DeskError> {
    Ok(keyring.map_or(Ok(false), Keyring::settle)?)
}

/// Where there is no ledger there is no workspace, unless something of one is left.
pub(super) fn of_workspace(
    error: DeskError,
    workspace: &Workspace,
    environment: &Environment,
) -> DeskError {
    match error {
        DeskError::Ledger(LedgerError::NotFound { .. }) => no_workspace(workspace, environment),
        error => error,
    }
}

/// A ledger without a commit was never acknowledged: making it was interrupted.
fn must_have_begun(
    ledger: &Ledger,
    workspace: &Workspace,
    environment: &Environment,
) -> Result<(), DeskError> {
    ledger.head().map(|_| ()).ok_or_else(|| no_workspace(workspace, environment))
}

/// Who holds the workspace, as far as can be told; nobody where the lock is free or cannot be had.
pub(super) fn holder(workspace: &Workspace, environment: &Environment) -> Option<String> {
    let path = workspace.hidden().join("lock");
    match environment.files.try_lock(&path, &options(environment, None).holder) {
        Ok(Lock::HeldBy(holder)) if holder.is_empty() => Some("another process".to_owned()),
        Ok(Lock::HeldBy(holder)) => Some(holder),
        Ok(Lock::Taken(_)) | Err(_) => None,
    }
}

fn waiting_options(
    environment: &Environment,
    keyring: Option<&Keyring>,
    patience: Patience,
) -> LedgerOptions {
    LedgerOptions { patience, ..options(environment, keyring) }
}

fn open_store(workspace: &Workspace, environment: &Environment) -> Result<Store, StoreError> {
    let found = workspace.store().map_err(|error| StoreError::Failed { reason: error.to_string() });
    match found? {
        Some((_, folder)) => environment.databases.open(&folder),
        None => Err(StoreError::Damaged { what: NOT_THERE.to_owned() }),
    }
}

/// What is said of a store that is missing.
pub(super) const NOT_THERE: &str = "it is not there";

/// What was wrong with a store, to be read after "the view was".
pub(super) fn what_was_wrong(what: String) -> String {
    if what == NOT_THERE { "missing".to_owned() } else { format!("damaged ({what})") }
}
