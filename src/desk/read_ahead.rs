//! Reading the ledger ahead of whoever needs it: commits in order on a thread of their own, records
//! in the order in which they lie.
//!
//! Work that looks at many records asks for them from all over the ledger, and to read one of them a
//! whole commit has to be opened. Those of much work are read together, each commit once.

use std::collections::HashMap;
use std::sync::mpsc::{IntoIter, sync_channel};
use std::thread::JoinHandle;

use rayon::prelude::*;

use super::error::DeskError;
use super::facts::{Facts, missing};
use domain::event::RecordRevised;
use domain::{Commit, Event, RecordBody, RecordId, Sequence};
use door::fault;
use ledger::{LedgerError, LedgerReader};
use store::Place;

/// Commits that may wait to be folded.
const WAITING: usize = 8;

type Read = Result<Commit, LedgerError>;

/// Every commit from `first` on, decoded while those before are folded. The thread ends with the
/// last of them, or when the iterator is dropped.
pub(super) fn commits_from(
    reader: &LedgerReader,
    first: Sequence,
) -> Box<dyn Iterator<Item = Read>> {
    let (sender, receiver) = sync_channel::<Read>(WAITING);
    let commits = reader.commits_from(first);
    let thread = std::thread::Builder::new().name("read ahead".into()).spawn(move || {
        fault::pass_on();
        for commit in commits {
            if sender.send(commit).is_err() {
                return;
            }
        }
    });
    match thread {
        Ok(thread) => Box::new(Ahead { commits: receiver.into_iter(), thread: Some(thread) }),
        // A system that starts no thread reads as it folds.
        Err(_) => Box::new(reader.commits_from(first)),
    }
}

/// What a thread reads ahead.
struct Ahead {
    commits: IntoIter<Read>,
    thread: Option<JoinHandle<()>>,
}

impl Iterator for Ahead {
    type Item = Read;

    fn next(&mut self) -> Option<Read> {
        let next = self.commits.next();
        // A thread that panicked has not come to the end: nobody may take that for the ledger's.
        if next.is_none()
            && let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
        {
            std::panic::resume_unwind(panic);
        }
        next
    }
}

/// Reads records, so that they are at hand when they are asked for, until others are read or they
/// are let go.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn records(
    facts: Facts<'_>,
    records: impl IntoIterator<Item = RecordId>,
) -> Result<(), DeskError> {
    // Two sets of them would be twice the memory.
    let_go(facts);
    facts.caches.keep_bodies(delivered(facts, records)?);
    Ok(())
}

/// Reads a few records, so that they are at hand while `work` asks for them. What was read ahead
/// before is at hand again after it.
///
/// # Errors
/// When the store or the ledger is damaged, or the work fails.
pub(super) fn with_records<T>(
    facts: Facts<'_>,
    records: impl IntoIterator<Item = RecordId>,
    work: impl FnOnce() -> Result<T, DeskError>,
) -> Result<T, DeskError> {
    let before = facts.caches.keep_bodies(delivered(facts, records)?);
    let done = work();
    facts.caches.keep_bodies(before);
    done
}

fn delivered(
    facts: Facts<'_>,
    records: impl IntoIterator<Item = RecordId>,
) -> Result<HashMap<RecordId, (Place, RecordBody)>, DeskError> {
    let mut places: Vec<(Place, RecordId)> = Vec::new();
    for record in records {
        places.push((facts.view.record(record)?.body, record));
    }
    let revised = revisions(facts, places)?.into_iter();
    Ok(revised.map(|(place, revised)| (revised.record, (place, revised.body))).collect())
}

/// Records as they are held, with their places; each commit is read once.
///
/// # Errors
/// When the ledger is damaged.
pub(super) fn revisions(
    facts: Facts<'_>,
    mut places: Vec<(Place, RecordId)>,
) -> Result<Vec<(Place, RecordRevised)>, DeskError> {
    places.par_sort_unstable();
    places.dedup();
    let commits: Vec<&[(Place, RecordId)]> =
        places.chunk_by(|a, b| a.0.sequence == b.0.sequence).collect();
    let ledger = facts.ledger;
    let revised: Result<Vec<Vec<(Place, RecordRevised)>>, DeskError> = commits
        .par_iter()
        .map(|records| {
            let indexes = records.iter().map(|(place, _)| u32::from(place.index));
            let events = ledger.events_at(records[0].0.sequence, indexes)?;
            let bodies = records.iter().zip(events).map(|((place, record), event)| match event {
                Event::RecordRevised(revised) if revised.record == *record => Ok((*place, revised)),
                _ => Err(missing(format!("record number {}", record.0))),
            });
            bodies.collect()
        })
        .collect();
    Ok(revised?.into_iter().flatten().collect())
}

/// Lets go of the records that were read ahead.
pub(super) fn let_go(facts: Facts<'_>) {
    facts.caches.keep_bodies(HashMap::new());
}
