//! Opening a workspace to read where it cannot be written (a read-only folder, a full disk) or is
//! just being written by another process. The ledger is read where it stands, as it is at that
//! moment; the store is a private copy, or rebuilt in a private folder.
//!
//! Beside a writer the store is copied first and the ledger's head taken after, so that the copy
//! never knows more than the ledger. A copy taken while the store changed may be no store at all: its
//! digest tells.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use super::adoption::adopted_settings;
use super::core::Desk;
use super::environment::Environment;
use super::error::DeskError;
use super::keys::{fingerprinter, open_keyring};
use super::ledger_options::options;
use super::open;
use super::private::PrivateFolder;
use super::raise::{NOT_THERE, OpenReport, what_was_wrong};
use super::replay::{self, Brought, ReplayProgress};
use super::witness;
use super::workspace::Workspace;
use domain::{Fingerprinter, Sequence};
use ledger::{Ledger, LedgerError, LedgerReader, Patience};
use store::{Store, StoreError, View};

/// How often a store that changes under our hands is copied before it is rebuilt instead.
const COPIES: u32 = 3;
/// How often reading begins again that met a writer replacing files.
const TRIES: u32 = 3;

/// Why a workspace was opened only to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingOnly {
    /// It cannot be written.
    Unwritable {
        /// Why.
        reason: String,
    },
    /// Another process is writing it.
    Beside {
        /// Who, as far as known.
        holder: String,
        /// The commit that what is read is as of.
        as_of: Sequence,
    },
}

impl Desk {
    /// Opens a workspace as [`Desk::open`] does or, where it cannot be written or another process
    /// holds it, for reading only: [`OpenReport::reading_only`] then says why, and every write is
    /// refused. Nobody is waited for.
    ///
    /// # Errors
    /// As [`Desk::open`]; where even a private copy of the store cannot be made, with what was
    /// wrong first.
    pub fn open_to_read(
        workspace: Workspace,
        environment: Environment,
        progress: ReplayProgress<'_>,
    ) -> Result<(Desk, OpenReport), DeskError> {
        open_or_read(workspace, environment, Patience::default(), progress)
    }

    /// Opens a workspace for what reads and is recorded, such as an export: as [`Desk::open`] does,
    /// waiting for who holds it; where it cannot be written at all, as [`Desk::open_to_read`].
    ///
    /// # Errors
    /// As [`Desk::open_to_read`], and when another process holds it.
    pub fn open_to_record(
        workspace: Workspace,
        environment: Environment,
        progress: ReplayProgress<'_>,
    ) -> Result<(Desk, OpenReport), DeskError> {
        open_or_read(workspace, environment, open::PATIENCE, progress)
    }
}

fn open_or_read(
    workspace: Workspace,
    environment: Environment,
    patience: Patience,
    progress: ReplayProgress<'_>,
) -> Result<(Desk, OpenReport), DeskError> {
    let keyring = open_keyring(&workspace, &environment)
        .map_err(|error| open::of_workspace(error, &workspace, &environment))?;
    let (place, world) = (workspace.clone(), environment.clone());
    let refused = match open::open_waiting(place, world, keyring, patience, &mut *progress) {
        Err(DeskError::Ledger(LedgerError::Held { holder })) if patience == Patience::default() => {
            let why = ReadingOnly::Beside { holder, as_of: Sequence::ZERO };
            return open_beside(&workspace, &environment, &why, progress);
        }
        Err(error) if is_refused_by_disk(&error) => error,
        opened => return opened,
    };
    let why = ReadingOnly::Unwritable { reason: refused.to_string() };
    match open_private(workspace, environment, why, progress) {
        // That there is no room for a copy either is not what was asked.
        Err(error) if is_refused_by_disk(&error) => Err(refused),
        opened => opened,
    }
}

/// Whether an error means that the disk does not let itself be written, and nothing else.
fn is_refused_by_disk(error: &DeskError) -> bool {
    let kind = match error {
        DeskError::Ledger(LedgerError::Io { source, .. }) => source.kind(),
        DeskError::File { error, .. } => error.kind(),
        DeskError::Store(StoreError::Failed { .. }) => return true,
        _ => return false,
    };
    matches!(
        kind,
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::FileTooLarge
    )
}

/// Beside a writer what looks like damage may be files that are just being replaced.
fn open_beside(
    workspace: &Workspace,
    environment: &Environment,
    why: &ReadingOnly,
    progress: ReplayProgress<'_>,
) -> Result<(Desk, OpenReport), DeskError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let (place, world) = (workspace.clone(), environment.clone());
        match open_private(place, world, why.clone(), &mut *progress) {
            Err(error) if tries < TRIES && may_pass(&error) => {}
            opened => return opened,
        }
    }
}

fn may_pass(error: &DeskError) -> bool {
    match error {
        DeskError::Ledger(LedgerError::Io { source, .. }) => source.kind() == ErrorKind::NotFound,
        DeskError::File { error, .. } => error.kind() == ErrorKind::NotFound,
        DeskError::Ledger(
            LedgerError::Damaged(_)
            | LedgerError::AcknowledgedLost { .. }
            | LedgerError::OtherHistory { .. },
        ) => true,
        _ => false,
    }
}

fn open_private(
    workspace: Workspace,
    environment: Environment,
    why: ReadingOnly,
    progress: ReplayProgress<'_>,
) -> Result<(Desk, OpenReport), DeskError> {
    let keyring = open_keyring(&workspace, &environment)?;
    let folder = PrivateFolder::make(&*environment.randomness)?;
    let is_live = matches!(why, ReadingOnly::Beside { .. });
    let copied = copied_store(&workspace, &environment, &folder, is_live)?;
    let knowledge = witness::ask(&workspace, &environment, copied.as_ref().ok());
    // After the store and whoever else knows how far it went: none of them is ahead of it.
    let reason = match &why {
        ReadingOnly::Unwritable { reason } => reason.clone(),
        ReadingOnly::Beside { holder, .. } => format!("it is in use by {holder}"),
    };
    let (ledger, tail) = Ledger::open_to_read(
        Arc::clone(&environment.files),
        &workspace.hidden(),
        Arc::clone(&environment.randomness),
        &reason,
        &options(&environment, keyring.as_ref()),
    )?;
    let reader = ledger.reader();
    knowledge.witnesses.iter().try_for_each(|witness| reader.must_hold(*witness))?;
    let fingerprinter = fingerprinter(&reader)?;
    let parts = (&reader, &fingerprinter);
    let (trees, rebuilt) = private_store(copied, &folder, parts, &environment, progress)?;
    let settings = adopted_settings(&trees, &reader)?;
    let as_of = reader.head().map(|head| head.sequence).unwrap_or_default();
    let parts = (trees, ledger, settings, fingerprinter);
    let mut desk = Desk::assemble(workspace, environment, parts, keyring);
    desk.keep_until_closed(folder);
    let (reading_only, unfinished) = match why {
        // What is not whole there is just being written.
        ReadingOnly::Beside { holder, .. } => (ReadingOnly::Beside { holder, as_of }, None),
        unwritable @ ReadingOnly::Unwritable { .. } => (unwritable, tail),
    };
    let report = OpenReport {
        rebuilt,
        unfinished,
        up_to: as_of,
        known: knowledge.known,
        reading_only: Some(reading_only),
        ..OpenReport::default()
    };
    Ok((desk, report))
}

/// A copy of the store that is what its digest says; copied again where it changed meanwhile.
pub(super) fn copied_store(
    workspace: &Workspace,
    environment: &Environment,
    folder: &PrivateFolder,
    is_live: bool,
) -> Result<Result<Store, StoreError>, DeskError> {
    let Some((_, original)) = workspace.store()? else {
        return Ok(Err(StoreError::Damaged { what: NOT_THERE.to_owned() }));
    };
    if !is_live {
        return match folder.copy_store(&original, "copy") {
            Err(DeskError::Store(error @ StoreError::Damaged { .. })) => Ok(Err(error)),
            copy => Ok(opened(environment, &copy?)),
        };
    }
    let mut copy = Err(StoreError::Damaged { what: "it keeps changing".to_owned() });
    for number in 1..=COPIES {
        let to = match folder.copy_live_store(&original, &format!("copy-{number}")) {
            Err(DeskError::Store(error @ StoreError::Damaged { .. })) => return Ok(Err(error)),
            to => to?,
        };
        copy = opened(environment, &to);
        if !matches!(copy, Err(StoreError::Damaged { .. })) {
            break;
        }
        folder.forget(&to)?;
    }
    Ok(copy)
}

/// A store that was read through, unless its folder is sealed.
fn opened(environment: &Environment, folder: &Path) -> Result<Store, StoreError> {
    let mut trees = environment.databases.open(folder)?;
    if !trees.was_sealed() {
        trees.check()?;
    }
    Ok(trees)
}

/// The copy brought up to the ledger or, where it is no use, a rebuilt store; and why.
fn private_store(
    copied: Result<Store, StoreError>,
    folder: &PrivateFolder,
    (reader, fingerprinter): (&LedgerReader, &Fingerprinter),
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<(Store, Option<String>), DeskError> {
    let head = reader.head().map(|head| head.sequence).unwrap_or_default();
    let copied = copied.and_then(|trees| {
        let reached = View::over(&trees).head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
        match reader.last_erasure() {
            // What it knows of who was erased is folded in nowhere.
            Some(erasure) if erasure > reached => {
                Err(StoreError::Damaged { what: "someone has been erased since".to_owned() })
            }
            _ => Ok(trees),
        }
    });
    let brought = copied.map_err(DeskError::from).and_then(|trees| {
        replay::bring_up((trees, reader, fingerprinter), head, environment, &mut *progress)
    });
    let why = match brought {
        Ok(Brought::Up { trees, .. }) => return Ok((trees, None)),
        Ok(Brought::OtherSettings { .. }) => None,
        Err(DeskError::Store(StoreError::Damaged { what })) => Some(what_was_wrong(what)),
        Err(error) => return Err(error),
    };
    let making = folder.inner("store")?;
    let trees = replay::replay_into(&making, reader, fingerprinter, environment, progress)?;
    Ok((trees, why))
}
