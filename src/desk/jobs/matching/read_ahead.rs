//! Records that merges are about to be judged by, read in the order in which they lie in the ledger.
//!
//! A merge joins records from all over the ledger, and to read one of them a whole commit has to be
//! opened. Those of many merges are read together, each commit once.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::desk::error::DeskError;
use crate::desk::facts::{Facts, missing};
use crate::domain::{Event, RecordBody, RecordId};
use crate::matching::AutoMerge;
use crate::store::Place;

/// A record as delivered, with its place.
type Delivered = (RecordId, (Place, RecordBody));

/// How many of the first of these merges are read ahead together: at most so many records are in
/// memory at a time.
pub(super) fn together(merges: &[AutoMerge], most: usize) -> usize {
    let mut records = 0;
    let fits = merges.iter().take_while(|merge| {
        records += merge.records.len();
        records <= most
    });
    fits.count().max(1)
}

/// Reads the records of merges, so that they are at hand when the merges are judged. Where no rule
/// forbids anything they are not looked at.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn read_ahead(facts: Facts<'_>, merges: &[AutoMerge]) -> Result<(), DeskError> {
    if !facts.settings.forbids_anything() {
        return Ok(());
    }
    let mut places: Vec<(Place, RecordId)> = Vec::new();
    for record in merges.iter().flat_map(|merge| &merge.records) {
        places.push((facts.view.record(*record)?.body, *record));
    }
    places.par_sort_unstable();
    let commits: Vec<&[(Place, RecordId)]> =
        places.chunk_by(|a, b| a.0.sequence == b.0.sequence).collect();
    let ledger = facts.ledger;
    let bodies: Result<Vec<Vec<Delivered>>, DeskError> = commits
        .par_iter()
        .map(|records| {
            let indexes = records.iter().map(|(place, _)| u32::from(place.index));
            let events = ledger.events_at(records[0].0.sequence, indexes)?;
            let bodies = records.iter().zip(events).map(|((place, record), event)| match event {
                Event::RecordRevised(revised) => Ok((*record, (*place, revised.body))),
                _ => Err(missing(format!("record number {}", record.0))),
            });
            bodies.collect()
        })
        .collect();
    let bodies: HashMap<RecordId, (Place, RecordBody)> = bodies?.into_iter().flatten().collect();
    facts.caches.keep_bodies(bodies);
    Ok(())
}

/// Lets go of what was read ahead.
pub(super) fn let_go(facts: Facts<'_>) {
    facts.caches.keep_bodies(HashMap::new());
}
