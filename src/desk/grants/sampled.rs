//! Which open census counts a join within some customers. A census is a whole event of the ledger: what lists
//! ask of it, task after task, is kept by record, and read once.

use std::collections::HashMap;
use std::sync::Arc;

use super::register::open;
use super::states::Counted;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{CensusId, RecordId, Sequence};
use store::Place;

/// The two units of a join.
type Units = (Vec<RecordId>, Vec<RecordId>);

/// The joins of a census, by the first record of each.
pub(crate) struct Joins {
    /// Where the census stands: what it counts stays as it is.
    place: Place,
    units: Vec<Units>,
    by_first: HashMap<RecordId, Vec<usize>>,
}

impl Joins {
    fn read(facts: Facts<'_>, id: CensusId, place: Place) -> Result<Joins, DeskError> {
        let taken = Counted::read(facts, id)?.taken;
        Ok(Self::of(place, taken.units.into_iter().map(|units| (units.left, units.right))))
    }

    fn of(place: Place, units: impl Iterator<Item = Units>) -> Joins {
        let mut joins = Joins { place, units: Vec::new(), by_first: HashMap::new() };
        for (left, right) in units {
            let Some(first) = left.first().or(right.first()) else { continue };
            joins.by_first.entry(*first).or_default().push(joins.units.len());
            joins.units.push((left, right));
        }
        joins
    }

    fn counts(&self, records: &[RecordId]) -> bool {
        let is_within = |units: &[RecordId]| units.iter().all(|unit| records.contains(unit));
        let mut begun = records.iter().filter_map(|record| self.by_first.get(record)).flatten();
        begun.any(|at| {
            let (left, right) = &self.units[*at];
            is_within(left) && is_within(right)
        })
    }
}

/// The censuses that are open, in order.
#[derive(Default)]
pub(crate) struct Sampled {
    open: Vec<(CensusId, Arc<Joins>)>,
}

/// What is kept, and of which commit under which settings it is.
pub(crate) type KeptSampled = Option<(Sequence, String, Arc<Sampled>)>;

impl Sampled {
    /// As they stand.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn of(facts: Facts<'_>) -> Result<Arc<Sampled>, DeskError> {
        let before = facts.caches.sampled();
        let head = facts.view.head()?.map(|(sequence, _)| sequence);
        // What is only foreseen is of no commit.
        let head = head.filter(|_| facts.pending.is_none());
        if let (Some((of, under, known)), Some(head)) = (&before, head)
            && (*of, under) == (head, &facts.settings.fingerprint)
        {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(Self::read(facts, before.as_ref().map(|(.., known)| &**known))?);
        if let Some(head) = head {
            facts.caches.keep_sampled((
                head,
                facts.settings.fingerprint.clone(),
                Arc::clone(&read),
            ));
        }
        Ok(read)
    }

    fn read(facts: Facts<'_>, before: Option<&Sampled>) -> Result<Sampled, DeskError> {
        let mut sampled = Sampled::default();
        for id in open(facts)? {
            let Some(entry) = facts.view.census(id)? else { continue };
            let known = before.iter().flat_map(|before| &before.open);
            let mut known = known.filter(|(of, joins)| *of == id && joins.place == entry.place);
            let joins = match known.next() {
                Some((_, joins)) => Arc::clone(joins),
                None => Arc::new(Joins::read(facts, id, entry.place)?),
            };
            sampled.open.push((id, joins));
        }
        Ok(sampled)
    }

    /// The first census that counts a join among these records.
    pub(crate) fn within(&self, records: &[RecordId]) -> Option<CensusId> {
        let found = self.open.iter().find(|(_, joins)| joins.counts(records));
        found.map(|(id, _)| *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_open_census_with_a_whole_join_among_the_records_is_named() {
        let ids = |numbers: &[u32]| numbers.iter().copied().map(RecordId).collect::<Vec<_>>();
        let joins = |units: &[(&[u32], &[u32])]| {
            let units = units.iter().map(|(left, right)| (ids(left), ids(right)));
            Arc::new(Joins::of(Place { sequence: Sequence(1), index: 0 }, units))
        };
        let first = joins(&[(&[1, 2], &[3]), (&[9], &[1])]);
        let open = vec![(CensusId(7), first), (CensusId(8), joins(&[(&[1], &[3])]))];
        let sampled = Sampled { open };
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
