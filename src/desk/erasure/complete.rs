//! Completing erasures when a workspace is opened: the one that was just committed, and any that
//! was interrupted.

use crate::derived_file;
use crate::environment::Environment;
use crate::error::DeskError;
use crate::facts::missing;
use crate::register::Register;
use crate::workspace::{Workspace, file_error};
use domain::event::{ErasureFinished, PersonErased};
use domain::{Actor, Event, Sequence};
use ledger::Ledger;

/// Takes what unfinished erasures list out of the ledger's files, after each is noted in the
/// register; gives their commits. The store is to be rebuilt then, and [`finish`] to be called.
///
/// # Errors
/// When the register or the ledger cannot be written: what is left is taken up by the next call.
pub(crate) fn complete(
    ledger: &mut Ledger,
    environment: &Environment,
) -> Result<Vec<Sequence>, DeskError> {
    let unfinished = ledger.unfinished_erasures();
    if unfinished.is_empty() {
        return Ok(unfinished);
    }
    for sequence in &unfinished {
        note(ledger, environment, *sequence)?;
    }
    ledger.redact()?;
    Ok(unfinished)
}

/// Says in the ledger that erasures are done, once nothing of them is left beside it either.
///
/// # Errors
/// When the temporary folder, what is derived or the ledger cannot be written.
pub(crate) fn finish(
    ledger: &mut Ledger,
    workspace: &Workspace,
    environment: &Environment,
    erasures: &[Sequence],
) -> Result<(), DeskError> {
    if erasures.is_empty() {
        return Ok(());
    }
    clear_temporary(workspace)?;
    derived_file::remove_all(workspace, environment)?;
    let events: Vec<Event> = erasures.iter().map(|of| ErasureFinished { of: *of }.into()).collect();
    ledger.append(environment.clock.now(), Actor::local(environment.actor.as_str()), &events)?;
    Ok(())
}

/// Notes an erasure where a restored backup finds it; once.
fn note(ledger: &Ledger, environment: &Environment, sequence: Sequence) -> Result<(), DeskError> {
    let Some(register) = Register::of(environment, &ledger.workspace()) else { return Ok(()) };
    let commit = ledger.reader().commit(sequence)?;
    let people = commit.events.into_iter().filter_map(|event| match event {
        Event::PersonErased(erased) => Some(erased),
        _ => None,
    });
    let people: Vec<PersonErased> = people.collect();
    if people.is_empty() {
        return Err(missing(format!("the erasure of commit {sequence}")));
    }
    let known = register.erasures::<PersonErased>()?.notes;
    for erased in people.iter().filter(|erased| !known.contains(erased)) {
        register.note_erasure(erased)?;
    }
    Ok(())
}

/// Removes what was being made and was left behind.
fn clear_temporary(workspace: &Workspace) -> Result<(), DeskError> {
    let folder = workspace.temporary();
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| file_error("reading", &folder, error))?,
    };
    for entry in entries {
        let entry = entry.map_err(|error| file_error("reading", &folder, error))?;
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let removed =
            if is_folder { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        removed.map_err(|error| file_error("removing", &path, error))?;
    }
    Ok(())
}
