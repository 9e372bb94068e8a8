//! Of which records the two sides of each rule with `never` hold.
//!
//! Columns know neither a record's source nor its values as they are shown, and what is kept of them
//! is kept whatever the rules say: so every record is read from the ledger once a run where there is
//! such a rule, and none where there is not.

use std::borrow::Cow;

use rayon::prelude::*;

use super::super::Progress;
use super::read::Rows;
use crate::error::DeskError;
use crate::facts::{Facts, missing};
use domain::{Event, RecordId, Sequence, SourceName, Values};
use ledger::LedgerReader;
use matching::Sides;
use settings::{ByHand, SOURCE};

/// Commits read between two looks at cancellation.
const COMMITS_TOGETHER: usize = 64;

/// The sides of all records that take part.
///
/// # Errors
/// When it is cancelled, or the store or the ledger is damaged.
pub(super) fn read(
    facts: Facts<'_>,
    rows: &Rows,
    progress: &dyn Progress,
) -> Result<Sides, DeskError> {
    let by_hand = &facts.settings.by_hand;
    if by_hand.never.is_empty() {
        return Ok(Sides::default());
    }
    let (layered, mut delivered): (Vec<RecordId>, Vec<RecordId>) =
        rows.present().partition(|record| rows.is_layered(*record));
    progress.phase("reading what is never linked", Some((layered.len() + delivered.len()) as u64));
    let commit = |record: &RecordId| rows.place(*record).map(|place| place.sequence);
    delivered.sort_by_key(commit);
    let commits: Vec<&[RecordId]> = delivered.chunk_by(|a, b| commit(a) == commit(b)).collect();
    let mut sides: Vec<(RecordId, u32)> = Vec::new();
    for commits in commits.chunks(COMMITS_TOGETHER) {
        if progress.cancelled() {
            return Err(DeskError::Cancelled);
        }
        let of_commit = |records: &&[RecordId]| {
            let sequence = records.first().and_then(commit).unwrap_or_default();
            let indexes = records.iter().filter_map(|it| Some(u32::from(rows.place(*it)?.index)));
            of_commit(facts.ledger, by_hand, sequence, indexes)
        };
        let found: Vec<Vec<(RecordId, u32)>> =
            commits.par_iter().map(of_commit).collect::<Result<_, DeskError>>()?;
        progress.advance(found.iter().map(|own| own.len() as u64).sum());
        sides.extend(found.into_iter().flatten());
    }
    for record in layered {
        let source = facts.body(record)?.address.source;
        sides.push((record, of_record(by_hand, &source, &facts.values(record)?)));
        progress.advance(1);
    }
    Ok(sides.into_iter().collect())
}

fn of_commit(
    ledger: &LedgerReader,
    by_hand: &ByHand,
    sequence: Sequence,
    indexes: impl Iterator<Item = u32>,
) -> Result<Vec<(RecordId, u32)>, DeskError> {
    let sides = |event: Event| match event {
        Event::RecordRevised(revised) => {
            let body = revised.body;
            Ok((revised.record, of_record(by_hand, &body.address.source, &body.values)))
        }
        _ => Err(missing("a record")),
    };
    ledger.events_at(sequence, indexes)?.into_iter().map(sides).collect()
}

/// The sides that hold of a record with these values.
pub(crate) fn of_record(by_hand: &ByHand, source: &SourceName, values: &Values) -> u32 {
    let said = |name: &str| match name {
        SOURCE => Some(Cow::Borrowed(source.as_str())),
        name => values.get(name).map(|value| Cow::Borrowed(value.shown())),
    };
    by_hand.sides(&said)
}
