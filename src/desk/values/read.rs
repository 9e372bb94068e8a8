//! Reading a portion of the records as they lie in the ledger, each commit once.

use std::ops::Range;

use rayon::prelude::*;

use crate::error::DeskError;
use crate::facts::{Facts, missing};
use domain::{Event, RecordBody, RecordId};
use store::Place;

/// What was read of a record.
pub(super) struct Read<T> {
    pub(super) record: RecordId,
    /// Whether people put layers over it.
    pub(super) touched: bool,
    pub(super) found: T,
}

/// Reads the records of these numbers that were not erased, by number.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn records<T: Send>(
    facts: Facts<'_>,
    numbers: Range<u32>,
    read: &(impl Fn(&RecordBody) -> T + Sync),
) -> Result<Vec<Read<T>>, DeskError> {
    let mut places: Vec<(Place, RecordId, bool)> = Vec::new();
    for record in numbers.map(RecordId) {
        let row = facts.view.record(record)?;
        if !row.erased {
            places.push((row.body, record, row.touched));
        }
    }
    places.sort_unstable();
    let commits: Vec<&[(Place, RecordId, bool)]> =
        places.chunk_by(|a, b| a.0.sequence == b.0.sequence).collect();
    let ledger = facts.ledger;
    let found: Result<Vec<Vec<Read<T>>>, DeskError> = commits
        .par_iter()
        .map(|records| {
            let indexes = records.iter().map(|(place, ..)| u32::from(place.index));
            let events = ledger.events_at(records[0].0.sequence, indexes)?;
            let found =
                records.iter().zip(events).map(|((_, record, touched), event)| match event {
                    Event::RecordRevised(revised) => {
                        let found = read(&revised.body);
                        Ok(Read { record: *record, touched: *touched, found })
                    }
                    _ => Err(missing(format!("record number {}", record.0))),
                });
            found.collect()
        })
        .collect();
    let mut found: Vec<Read<T>> = found?.into_iter().flatten().collect();
    found.sort_unstable_by_key(|read| read.record);
    Ok(found)
}
