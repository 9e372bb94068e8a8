//! Where records and values lie in memory: those that are compared lie near each other.
//!
//! Matching a million records waits for memory more than it computes. Most candidate pairs have
//! names that sound alike; so records stand in the order of that sound, and values are numbered in
//! the order in which records first hold them. The values of a pair, and the facts about them, are
//! then mostly at hand from the pair before. What is not is read for some hundred pairs at once
//! before any of them is compared (`fetch`), so that the waits overlap.

use std::ops::Range;

use rayon::prelude::*;

use super::columns::ValueId;
use super::interner::Pool;
use super::layout::{Aspect, Shape};
use super::portrait::Portrait;
use super::text::{first, sound};

/// Numbers of records that are near each other have names that sound alike: family name first,
/// then given name, or the first word of an organisation.
pub(super) fn of_record(portrait: &Portrait, shape: &Shape) -> u64 {
    of(|aspect| portrait.texts[shape.slots(aspect)].first().map_or("", String::as_str))
}

/// The same of a record whose first text of an aspect `text` gives.
pub(super) fn of<'a>(text: impl Fn(Aspect) -> &'a str) -> u64 {
    let family = match text(Aspect::Family) {
        "" => first(text(Aspect::Organisation)),
        family => family,
    };
    u64::from(sound(family)) << 32 | u64::from(sound(first(text(Aspect::Given))))
}

/// Numbers the values of each pool in the order in which records (`width` values each) first hold
/// them. `places` says where in a record the values of each pool are.
pub(super) fn renumber(
    values: &mut [ValueId],
    width: usize,
    pools: Vec<Pool>,
    places: &[Vec<Range<usize>>],
) -> Vec<Pool> {
    if width == 0 {
        return pools;
    }
    let seen: &[ValueId] = values;
    let renumbered: Vec<(Vec<ValueId>, Pool)> = pools
        .into_par_iter()
        .zip(places)
        .map(|(pool, places)| {
            let mut numbers = vec![0; pool.len()];
            let mut ordered = Pool::with_room_of(&pool);
            for record in seen.chunks_exact(width) {
                for value in places.iter().flat_map(|place| &record[place.clone()]) {
                    let number = &mut numbers[*value as usize];
                    if *value != 0 && *number == 0 {
                        *number = ordered.push(pool.text(*value));
                    }
                }
            }
            (numbers, ordered)
        })
        .collect();
    values.par_chunks_mut(width << 12).for_each(|records| {
        for record in records.chunks_exact_mut(width) {
            for ((numbers, _), places) in renumbered.iter().zip(places) {
                for value in places.iter().flat_map(Range::clone) {
                    record[value] = numbers[record[value] as usize];
                }
            }
        }
    });
    renumbered.into_iter().map(|(_, pool)| pool).collect()
}

#[cfg(test)]
mod tests {
    use super::super::interner::Interner;
    use super::*;

    #[test]
    fn values_are_numbered_as_records_hold_them() {
        let mut interners = [Interner::new(), Interner::new()];
        let [a, b, c] = ["a", "b", "c"].map(|text| interners[0].intern(text));
        let [x, y] = ["x", "y"].map(|text| interners[1].intern(text));
        let pools = interners.map(Interner::into_pool).into();
        // The first pool's values are in the first and the last place.
        let mut values = vec![c, y, a, 0, x, c, b, y, 0];
        let pools =
            renumber(&mut values, 3, pools, &[vec![0..1, 2..3], std::iter::once(1..2).collect()]);
        assert_eq!(values, [1, 1, 2, 0, 2, 1, 3, 1, 0]);
        let texts = |pool: &Pool| pool.texts().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(texts(&pools[0]), ["", "c", "a", "b"]);
        assert_eq!(texts(&pools[1]), ["", "y", "x"]);
    }
}
