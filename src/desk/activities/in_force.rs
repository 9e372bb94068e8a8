//! Which revisions a commit brought into force: by what is held back, or was not believed, nobody is known.

use std::collections::BTreeMap;

use crate::error::DeskError;
use crate::overlays::place_of;
use domain::event::{RecordChanged, RecordRevised};
use domain::{Commit, Event, RecordId, Sequence};
use ledger::LedgerReader;

/// Whether an event tells which revision of a record is in force.
pub(super) fn is_wanted(kind: &str, _: &[u8]) -> bool {
    kind == Event::RECORD_REVISED || kind == Event::RECORD_CHANGED
}

/// The revisions that came into force with a commit, each with whether they were delivered by it: else a decision
/// brought them in, or back.
///
/// # Errors
/// When the ledger is damaged.
pub(super) fn brought_by(
    ledger: &LedgerReader,
    commit: Commit,
) -> Result<Vec<(RecordRevised, bool)>, DeskError> {
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
    let mut brought = Vec::new();
    for (index, revised) in revised {
        let changed = match revised.reread {
            Some(_) => changed.get(&revised.record).cloned(),
            None => changed.remove(&revised.record),
        };
        let former = changed.and_then(|changed| changed.after.in_force());
        if former.is_none_or(|it| it.commit == sequence && it.event == index) {
            brought.push((revised, true));
        }
    }
    for (record, changed) in changed {
        let is_delivered = brought.iter().any(|(it, is_new)| *is_new && it.record == record);
        let (before, after) = (changed.before.in_force(), changed.after.in_force());
        if before == after || is_delivered {
            continue;
        }
        let found = match after {
            Some(former) if former.commit < sequence => {
                let place = place_of(former);
                let found = ledger.events_at(place.sequence, [u32::from(place.index)])?.into_iter();
                found.last().and_then(|event| match event {
                    Event::RecordRevised(revised) => Some(revised),
                    _ => None,
                })
            }
            Some(_) => None,
            None => latest(ledger, record, Some(changed.previous))?,
        };
        brought.extend(found.map(|revised| (revised, false)));
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
