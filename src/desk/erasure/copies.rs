//! Copies of a person outside of the workspace: exports and backups. They are named, with where
//! they went; nothing here can reach them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::person::Person;
use super::trail::Trail;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::left_behind::clear_up;
use crate::{Desk, Register};
use domain::event::Exported;
use domain::{CustomerId, Event, Sequence};
use door::views::{BackupCopy, ExportCopy};

/// What an export must hold for the person to be in it.
struct Holdings {
    decisions: bool,
    corrections: bool,
    quarantine: bool,
    vanished: bool,
}

/// The exports made after the person's first record came, whose data set holds them. One narrowed
/// to what changed since a time may or may not hold them, and is named all the same.
pub(super) fn exports(
    facts: Facts<'_>,
    person: &Person,
    trail: &Trail,
    has_quarantine: bool,
) -> Result<Vec<ExportCopy>, DeskError> {
    let Some(first) = first_of(person, trail) else { return Ok(Vec::new()) };
    let mut holdings = Holdings {
        decisions: false,
        corrections: false,
        quarantine: has_quarantine,
        vanished: false,
    };
    let events = trail.commits.iter();
    for (sequence, event) in
        events.flat_map(|(at, commit)| commit.events.iter().map(move |event| (*at, event)))
    {
        match event {
            Event::DecisionMade(_) => holdings.decisions = true,
            Event::RecordChanged(changed) if person.has_in(changed.record, sequence) => {
                holdings.corrections |= !changed.after.corrections.is_empty();
                holdings.quarantine |= changed.after.quarantined.is_some();
                holdings.vanished |= changed.after.vanished.is_some();
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for recorded in facts.exports_after(first)? {
        let exported = &recorded.exported;
        let any = exported.rows > 0 || !recorded.finished;
        if any && exported.up_to >= first && holds(exported, &holdings, person) {
            found.push(ExportCopy {
                sequence: recorded.sequence,
                at: recorded.at,
                by: recorded.by,
                dataset: recorded.exported.dataset,
                format: recorded.exported.format,
                destination: recorded.exported.destination,
                folder: recorded.folder,
                finished: recorded.finished,
            });
        }
    }
    Ok(found)
}

fn holds(exported: &Exported, holdings: &Holdings, person: &Person) -> bool {
    match exported.dataset.as_str() {
        "decisions" => holdings.decisions,
        "corrections" => holdings.corrections,
        "quarantine" => holdings.quarantine,
        "vanished" => holdings.vanished,
        // The access report of one person names its customer as the filter.
        "subject" => {
            let on = exported.filter.parse::<CustomerId>();
            on.map_or(true, |customer| person.customers.contains(&customer))
        }
        _ => true,
    }
}

/// The backups made after the person's first record came.
pub(super) fn backups(
    register: Option<&Register>,
    person: &Person,
    trail: &Trail,
) -> Result<Vec<BackupCopy>, DeskError> {
    let (Some(register), Some(first)) = (register, first_of(person, trail)) else {
        return Ok(Vec::new());
    };
    let notes = register.backups()?.notes;
    let holding = notes.into_iter().filter(|backup| backup.up_to >= first);
    let copies = holding.map(|backup| BackupCopy {
        id: backup.id,
        path: backup.path,
        at: backup.at,
        by: backup.by,
    });
    Ok(copies.collect())
}

/// Removes what killed exports and backups left in the folders of all that are recorded.
pub(super) fn clear_up_unfinished(desk: &Desk) -> Result<Vec<PathBuf>, DeskError> {
    let recorded = desk.facts().exports_after(Sequence::ZERO)?;
    let mut folders: BTreeSet<PathBuf> =
        recorded.into_iter().filter_map(|export| export.folder).map(PathBuf::from).collect();
    if let Some(register) = desk.register() {
        let backups =
            register.backups()?.notes.into_iter().map(|backup| PathBuf::from(backup.path));
        folders.extend(backups.filter_map(|path| path.parent().map(Path::to_owned)));
    }
    let files = &*desk.environment.files;
    Ok(folders.iter().flat_map(|folder| clear_up(files, folder, None)).collect())
}

/// The commit that brought the person's first record.
fn first_of(person: &Person, trail: &Trail) -> Option<Sequence> {
    let brings = |event: &Event| matches!(event, Event::RecordRevised(revised) if person.has_revision(revised));
    let first = trail.commits.iter().find(|(_, commit)| commit.events.iter().any(brings));
    first.map(|(sequence, _)| *sequence)
}
