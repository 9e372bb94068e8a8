//! Which open census counts a join within some customers. A census is a whole event of the ledger: what lists
//! ask of it, task after task, is kept by record until the next commit.

use std::collections::HashMap;
use std::sync::Arc;

use super::register::open;
use super::states::Counted;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{CensusId, RecordId, Sequence};

/// The two units of a join.
type Units = (Vec<RecordId>, Vec<RecordId>);

/// The joins of the open censuses, by the first record of each.
#[derive(Default)]
pub(crate) struct Sampled {
    open: Vec<CensusId>,
    /// The places of a census among those that are open, with its joins.
    joins: Vec<(usize, Units)>,
    by_first: HashMap<RecordId, Vec<usize>>,
}

/// What is kept, and of which commit under which settings it is.
pub(crate) type KeptSampled = Option<(Sequence, String, Arc<Sampled>)>;

impl Sampled {
    /// As they stand.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn of(facts: Facts<'_>) -> Result<Arc<Sampled>, DeskError> {
        let head = facts.view.head()?.map(|(sequence, _)| sequence);
        // What is only foreseen is of no commit.
        let Some(head) = head.filter(|_| facts.pending.is_none()) else {
            return Ok(Arc::new(Self::read(facts)?));
        };
        if let Some(known) = facts.caches.sampled(head, &facts.settings.fingerprint) {
            return Ok(known);
        }
        let read = Arc::new(Self::read(facts)?);
        facts.caches.keep_sampled(head, &facts.settings.fingerprint, Arc::clone(&read));
        Ok(read)
    }

    fn read(facts: Facts<'_>) -> Result<Sampled, DeskError> {
        let mut sampled = Sampled { open: open(facts)?, ..Sampled::default() };
        for (place, id) in sampled.open.iter().enumerate() {
            for units in Counted::read(facts, *id)?.taken.units {
                let Some(first) = units.left.first().or(units.right.first()) else { continue };
                sampled.by_first.entry(*first).or_default().push(sampled.joins.len());
                sampled.joins.push((place, (units.left, units.right)));
            }
        }
        Ok(sampled)
    }

    /// The first census that counts a join among these records.
    pub(crate) fn within(&self, records: &[RecordId]) -> Option<CensusId> {
        let is_within = |units: &[RecordId]| units.iter().all(|unit| records.contains(unit));
        let begun = records.iter().filter_map(|record| self.by_first.get(record)).flatten();
        let counts = begun.filter_map(|at| {
            let (place, (left, right)) = &self.joins[*at];
            (is_within(left) && is_within(right)).then_some(*place)
        });
        counts.min().and_then(|place| self.open.get(place)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_open_census_with_a_whole_join_among_the_records_is_named() {
        let joins: [(usize, &[u32], &[u32]); 3] =
            [(0, &[1, 2], &[3]), (1, &[1], &[3]), (0, &[9], &[1])];
        let mut sampled = Sampled { open: vec![CensusId(7), CensusId(8)], ..Sampled::default() };
        let ids = |numbers: &[u32]| numbers.iter().copied().map(RecordId).collect::<Vec<_>>();
        for (at, (place, left, right)) in joins.into_iter().enumerate() {
            sampled.by_first.entry(RecordId(left[0])).or_default().push(at);
            sampled.joins.push((place, (ids(left), ids(right))));
        }
        for (records, expected) in [
            (&[1, 3][..], Some(CensusId(8))),
            (&[3, 2, 1], Some(CensusId(7))),
            (&[1, 2], None),
            (&[9, 1], Some(CensusId(7))),
            (&[], None),
        ] {
            assert_eq!(sampled.within(&ids(records)), expected, "{records:?}");
        }
    }
}
