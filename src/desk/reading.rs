//! Opening a workspace to read where it cannot be written: a read-only folder, a full disk. The
//! ledger is read where it stands; the store is a private copy, or made anew in a private folder.

use std::io::ErrorKind;
use std::sync::Arc;

use super::core::{Desk, Environment};
use super::error::DeskError;
use super::keys::open_keyring;
use super::open::{self, OpenReport};
use super::private::PrivateFolder;
use super::replay::{self, Brought, ReplayProgress};
use super::workspace::Workspace;
use crate::domain::{Fingerprinter, Sequence};
use crate::ledger::{Ledger, LedgerError, LedgerReader};
use crate::store::{SledTrees, StoreError};

impl Desk {
    /// Opens a workspace as [`Desk::open`] does or, where it cannot be written, for reading only:
    /// [`OpenReport::reading_only`] then says why, and every write is refused.
    ///
    /// # Errors
    /// As [`Desk::open`]; where even a private copy of the store cannot be made, with what was
    /// wrong first.
    pub fn open_to_read(
        workspace: Workspace,
        environment: Environment,
        progress: ReplayProgress<'_>,
    ) -> Result<(Desk, OpenReport), DeskError> {
        let opened = Desk::open(workspace.clone(), environment.clone(), &mut *progress);
        let refused = match opened {
            Err(error) if is_refused_by_disk(&error) => error,
            opened => return opened,
        };
        let reason = refused.to_string();
        match open_private(workspace, environment, reason, progress) {
            // That there is no room for a copy either is not what was asked.
            Err(error) if is_refused_by_disk(&error) => Err(refused),
            opened => opened,
        }
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

fn open_private(
    workspace: Workspace,
    environment: Environment,
    reason: String,
    progress: ReplayProgress<'_>,
) -> Result<(Desk, OpenReport), DeskError> {
    let keyring = open_keyring(&workspace, &environment)?;
    let (ledger, tail) = Ledger::open_to_read(
        Arc::clone(&environment.files),
        &workspace.hidden(),
        Arc::clone(&environment.randomness),
        &reason,
        &open::options(&environment, keyring.as_ref()),
    )?;
    let reader = ledger.reader();
    let fingerprinter = open::fingerprinter(&reader)?;
    let folder = PrivateFolder::make(&*environment.randomness)?;
    let copied = copied_store(&workspace, &folder, &reader)?;
    let parts = (&reader, &fingerprinter);
    let (trees, rebuilt) = private_store(copied, &folder, parts, &environment, progress)?;
    let settings = open::adopted_settings(&trees, &reader)?;
    let parts = (trees, ledger, settings, fingerprinter);
    let mut desk = Desk::assemble(workspace, environment, parts, keyring);
    desk.keep_until_closed(folder);
    let report = OpenReport {
        rebuilt,
        unfinished: tail,
        reading_only: Some(reason),
        ..OpenReport::default()
    };
    Ok((desk, report))
}

/// A copy of the store, which must not know more than the ledger does.
fn copied_store(
    workspace: &Workspace,
    folder: &PrivateFolder,
    reader: &LedgerReader,
) -> Result<Result<SledTrees, StoreError>, DeskError> {
    let Some((_, original)) = workspace.store()? else {
        return Ok(Err(StoreError::Damaged { what: "it is not there".to_owned() }));
    };
    let copy = match folder.copy_store(&original, "copy") {
        Err(DeskError::Store(error @ StoreError::Damaged { .. })) => return Ok(Err(error)),
        copy => copy?,
    };
    let trees = SledTrees::open(&copy);
    let Some(witness) = trees.as_ref().ok().and_then(open::witness) else { return Ok(trees) };
    let head = reader.head().map(|head| head.sequence).unwrap_or_default();
    if witness.sequence > head {
        return Err(LedgerError::AcknowledgedLost { witness, head }.into());
    }
    if witness.sequence > Sequence::ZERO && reader.chain_at(witness.sequence)? != witness.chain {
        return Err(LedgerError::OtherHistory { sequence: witness.sequence }.into());
    }
    Ok(trees)
}

/// The copy brought up to the ledger or, where it is no use, a store made anew; and why.
fn private_store(
    copied: Result<SledTrees, StoreError>,
    folder: &PrivateFolder,
    (reader, fingerprinter): (&LedgerReader, &Fingerprinter),
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<(SledTrees, Option<String>), DeskError> {
    let head = reader.head().map(|head| head.sequence).unwrap_or_default();
    let brought = copied.map_err(DeskError::from).and_then(|trees| {
        replay::bring_up((trees, reader, fingerprinter), head, environment, &mut *progress)
    });
    let why = match brought {
        Ok(Brought::Up { trees, .. }) => return Ok((trees, None)),
        Ok(Brought::OtherSettings { .. }) => None,
        Err(DeskError::Store(error @ StoreError::Damaged { .. })) => Some(error.to_string()),
        Err(error) => return Err(error),
    };
    let making = folder.inner("store")?;
    let trees = replay::replay_into(&making, reader, fingerprinter, environment, progress)?;
    Ok((trees, why))
}
