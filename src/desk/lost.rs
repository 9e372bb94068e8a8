//! A workspace whose ledger is gone while something that knew it is left: its keys, its view, or the
//! register's note on its folder. It is never taken for a folder without a workspace: a new one in its
//! place would overwrite the keys that open its backups.

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;

use super::environment::Environment;
use super::error::DeskError;
use super::register::Register;
use super::workspace::{Workspace, file_error};
use domain::{Sequence, hexadecimal};
use ledger::LedgerError;
use ledger::keys::Keyring;

/// What is left in `.steward` of a workspace.
#[derive(Debug, Default)]
struct Left {
    keys: bool,
    view: bool,
}

/// What the register knows of the workspace that was in a folder.
struct Noted {
    register: Register,
    note: PathBuf,
    up_to: Sequence,
    at: Timestamp,
}

/// Refuses a folder whose workspace lost its ledger, or in which something stands that is not
/// steward's own. A workspace, a folder without one and what an interrupted making left pass.
///
/// # Errors
/// [`DeskError::LedgerGone`], [`DeskError::NotOwn`], or when the folder cannot be read.
pub fn must_not_be_lost(workspace: &Workspace, environment: &Environment) -> Result<(), DeskError> {
    workspace.must_be_own()?;
    let (files, hidden) = (&*environment.files, workspace.hidden());
    let left = left_in(workspace, environment)?;
    let noted = match ledger::inspect(files, &hidden) {
        Err(LedgerError::NotFound { .. }) => {
            let noted = noted(workspace, environment);
            if !left.keys && !left.view && noted.is_none() {
                return Ok(());
            }
            noted
        }
        Ok(found) if !found.begun && !workspace.exists() => {
            // Segments without a commit: an interrupted making left them, unless somebody knows more.
            let id = found.workspace;
            let noted = id.and_then(|id| noted_in(Register::of(environment, &id)?, workspace));
            let is_ours = id.is_some_and(|id| Keyring::is_new(files, &hidden, &id));
            if noted.is_none() && (is_ours || !left.keys) {
                return Ok(());
            }
            noted
        }
        // It is there, or whoever reads it says what is wrong.
        _ => return Ok(()),
    };
    Err(gone(workspace, &left, noted.as_ref()))
}

/// Why there is no workspace to be opened: there was none, or its ledger is gone.
pub fn no_workspace(workspace: &Workspace, environment: &Environment) -> DeskError {
    let folder = || workspace.folder().display().to_string();
    match must_not_be_lost(workspace, environment) {
        Err(error) => error,
        Ok(()) => DeskError::NoWorkspace { folder: folder() },
    }
}

/// Forgets what the register noted of a folder that a new workspace is to be made in.
///
/// # Errors
/// When a note cannot be removed.
pub fn forget_folder(workspace: &Workspace, environment: &Environment) -> Result<(), DeskError> {
    // One that is a link is never asked.
    let own = registers(environment).into_iter().filter(|register| register.must_be_own().is_ok());
    own.into_iter().try_for_each(|register| register.forget_witness(workspace))
}

fn left_in(workspace: &Workspace, environment: &Environment) -> Result<Left, DeskError> {
    let hidden = workspace.hidden();
    let names = match environment.files.list(&hidden) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Left::default()),
        names => names.map_err(|error| file_error("reading", &hidden, error))?,
    };
    Ok(Left {
        keys: names.iter().any(|name| name.starts_with("keys")),
        view: workspace.store()?.is_some(),
    })
}

/// The newest note on a folder in any register.
fn noted(workspace: &Workspace, environment: &Environment) -> Option<Noted> {
    let registers = registers(environment).into_iter();
    let noted = registers.filter_map(|register| noted_in(register, workspace));
    noted.max_by_key(|noted| noted.at)
}

fn noted_in(register: Register, workspace: &Workspace) -> Option<Noted> {
    let (witness, at) = register.witness(workspace).ok()??;
    let note = register.witness_note(workspace);
    Some(Noted { register, note, up_to: witness.sequence, at })
}

fn registers(environment: &Environment) -> Vec<Register> {
    let Some(root) = &environment.register else { return Vec::new() };
    let names = environment.files.list(root).unwrap_or_default();
    let ids = names.iter().filter_map(|name| hexadecimal::decode_array::<16>(name));
    ids.filter_map(|id| Register::of(environment, &id)).collect()
}

fn gone(workspace: &Workspace, left: &Left, noted: Option<&Noted>) -> DeskError {
    let left_of_it = match (left.keys, left.view) {
        (true, true) => "only its keys and its view are left",
        (true, false) => "only its keys are left",
        (false, true) => "only its view is left",
        (false, false) => "nothing is left of it here",
    };
    let mut known = match noted {
        None => "the register knows nothing about it".to_owned(),
        Some(noted) => {
            format!("the register knows it up to commit {} (noted {:.0})", noted.up_to, noted.at)
        }
    };
    let backups = noted.and_then(|noted| noted.register.backups().ok());
    if let Some(backup) = backups.and_then(|backups| backups.notes.into_iter().last()) {
        let (path, up_to) = (backup.path, backup.up_to);
        known = format!("{known} and its newest backup, up to commit {up_to}, in {path}");
    }
    let on_purpose = match noted {
        Some(noted) if !left.keys && !left.view => {
            let note = noted.note.display();
            format!("; if the workspace was removed on purpose, remove {note} to start a new one")
        }
        _ => String::new(),
    };
    DeskError::LedgerGone {
        folder: workspace.folder().display().to_string(),
        left: left_of_it,
        known,
        on_purpose,
    }
}
