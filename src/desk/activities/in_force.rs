//! Which revisions a commit brought into force: by what is held back, or was not believed, nobody is known.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::DeskError;
use domain::event::{RecordChanged, RecordRevised};
use domain::{Commit, Event, RecordId, Sequence};
use ledger::LedgerReader;

/// Whether an event tells which revision of a record is in force.
pub(super) fn is_wanted(kind: &str, _: &[u8]) -> bool {
    kind == Event::RECORD_REVISED || kind == Event::RECORD_CHANGED
}

/// What became of a record with a commit.
pub(super) enum Brought {
    /// That revision came into force, delivered by the commit, or by its decision.
    Came(Box<RecordRevised>, bool),
    /// What came after a commit is held back, or not believed.
    Back(RecordId, Sequence),
}

/// What a commit brought into force, or took out of it.
///
/// # Errors
/// When the ledger is damaged.
pub(super) fn brought_by(ledger: &LedgerReader, commit: Commit) -> Result<Vec<Brought>, DeskError> {
    let sequence = commit.sequence;
    let mut changed: BTreeMap<RecordId, RecordChanged> = BTreeMap::new();
    let mut revised: Vec<(u32, RecordRevised)> = Vec::new();
    for (index, event) in (0..).zip(commit.events) {
        match event {
            Event::RecordRevised(event) => revised.push((index, event)),
            Event::RecordChanged(event) => _ = changed.insert(event.record, event),
            _ => {}
        }
    }
    // A record that a commit delivers is not looked up again.
    let (mut brought, mut delivered) = (Vec::new(), BTreeSet::new());
    for (index, revised) in revised {
        let changed = match revised.reread {
            Some(_) => changed.get(&revised.record).cloned(),
            None => changed.remove(&revised.record),
        };
        let former = changed.and_then(|changed| changed.after.in_force());
        if former.is_none_or(|it| it.commit == sequence && it.event == index) {
            delivered.insert(revised.record);
            brought.push(Brought::Came(Box::new(revised), true));
        }
    }
    for (record, changed) in changed {
        let is_delivered = delivered.contains(&record);
        let (before, after) = (changed.before.in_force(), changed.after.in_force());
        if before == after || is_delivered {
            continue;
        }
        match after {
            Some(former) => brought.push(Brought::Back(record, former.commit)),
            None => {
                let found = latest(ledger, record, Some(changed.previous))?;
                brought.extend(found.map(|revised| Brought::Came(Box::new(revised), false)));
            }
        }
    }
    Ok(brought)
}

/// The last revision of a record up to a commit that touched it.
fn latest(
    ledger: &LedgerReader,
    record: RecordId,
    mut next: Option<Sequence>,
) -> Result<Option<RecordRevised>, DeskError> {
    while let Some(sequence) = next {
        let commit = ledger.commit_where(sequence, is_wanted)?;
        let mut previous = None;
        for event in commit.events.into_iter().rev() {
            match event {
                Event::RecordRevised(revised) if revised.record == record => {
                    return Ok(Some(revised));
                }
                Event::RecordChanged(changed) if changed.record == record => {
                    previous = Some(changed.previous);
                }
                _ => {}
            }
        }
        next = previous.filter(|previous| *previous < sequence);
    }
    Ok(None)
}
