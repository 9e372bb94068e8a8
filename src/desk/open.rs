//! Making and opening a workspace: the ledger first, then its view brought up to it.

use std::sync::Arc;
use std::time::Duration;

use super::adoption::{Adopting, adopted, read_settings};
use super::core::Desk;
use super::environment::Environment;
use super::error::DeskError;
use super::keys::{judge_protection, open_keyring};
use super::ledger_options::options;
use super::lost::{must_not_be_lost, no_workspace};
use super::raise::{Beside, OpenReport, Raised, Wanted, raise};
use super::replay::ReplayProgress;
use super::workspace::Workspace;
use domain::Actor;
use domain::event::WorkspaceCreated;
use domain::hexadecimal;
use ledger::keys::{Keyring, Protection};
use ledger::ports::files::Lock;
use ledger::{Ledger, LedgerError, LedgerOptions, Patience};

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
        let events = [created.into(), adopted(&settings, None, Adopting::default()).into()];
        ledger.append(
            environment.clock.now(),
            Actor::local(environment.actor.as_str()),
            &events,
        )?;
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

    /// As [`Desk::open`], with a store rebuilt from the ledger, whatever the one in use looks like.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub fn open_rebuilt(
        workspace: Workspace,
        environment: Environment,
        progress: ReplayProgress<'_>,
    ) -> Result<Desk, DeskError> {
        let Unlocked { workspace, environment, keyring } = Desk::unlock(workspace, environment)?;
        let how = (PATIENCE, Wanted::Anew);
        Ok(open_as(workspace, environment, keyring, how, progress)?.0)
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
    open_as(workspace, environment, keyring, (patience, Wanted::AsItIs), progress)
}

fn open_as(
    workspace: Workspace,
    environment: Environment,
    keyring: Option<Keyring>,
    (patience, wanted): (Patience, Wanted),
    progress: ReplayProgress<'_>,
) -> Result<(Desk, OpenReport), DeskError> {
    let mut beside = Beside::default();
    let (mut ledger, opening) = Ledger::open(
        Arc::clone(&environment.files),
        &workspace.hidden(),
        Arc::clone(&environment.randomness),
        || beside.look_at(&workspace, &environment, wanted),
        &waiting_options(&environment, keyring.as_ref(), patience),
    )?;
    let of = (&workspace, &environment, keyring.as_ref());
    let (raised, mut report) = raise(&mut ledger, opening.cut, beside, of, progress)?;
    let Raised { trees, settings, fingerprinter, is_judged } = raised;
    let parts = (trees, ledger, settings, fingerprinter);
    let mut desk = Desk::assemble(workspace, environment, parts, keyring);
    desk.read_work();
    desk.settle_in(&mut report, is_judged)?;
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
