//! Sorting numbers that are spread evenly, in time that grows with their count alone.

/// Most bits that one pass sorts by.
const DIGIT: u32 = 11;
/// Fewer numbers than this are sorted by comparing.
const FEW: usize = 512;

/// The numbers of all lists, ascending. Bits from `high` up must be the same in every number.
///
/// Only as many of the bits below `high` are sorted by as tell most of the numbers apart; the few
/// that agree in them lie together then, and are compared.
pub(super) fn sorted(lists: &[&[u64]], high: u32) -> Vec<u64> {
    let count: usize = lists.iter().map(|list| list.len()).sum();
    if count < FEW {
        let mut numbers = lists.concat();
        numbers.sort_unstable();
        return numbers;
    }
    let bits = (usize::BITS - count.leading_zeros() + 1).min(high);
    let passes = bits.div_ceil(DIGIT);
    let width = bits.div_ceil(passes);
    let low = high.saturating_sub(width * passes);
    let mut numbers = vec![0; count];
    scatter(lists, &mut numbers, low, width);
    let mut other = vec![0; count];
    for pass in 1..passes {
        scatter(&[&numbers], &mut other, low + pass * width, width);
        std::mem::swap(&mut numbers, &mut other);
    }
    for agreeing in numbers.chunk_by_mut(|a, b| a >> low == b >> low) {
        if !agreeing.is_sorted() {
            agreeing.sort_unstable();
        }
    }
    numbers
}

/// Sorts by the `width` bits from `low` up, keeping the order of numbers that agree in them.
fn scatter(lists: &[&[u64]], into: &mut [u64], low: u32, width: u32) {
    let digit = |number: u64| (number >> low) as usize & ((1 << width) - 1);
    let mut places = vec![0_u32; 1 << width];
    for number in lists.iter().copied().flatten() {
        places[digit(*number)] += 1;
    }
    let mut next = 0;
    for place in &mut places {
        next += std::mem::replace(place, next);
    }
    for number in lists.iter().copied().flatten() {
        let place = &mut places[digit(*number)];
        into[*place as usize] = *number;
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_all_lists_into_one(
            first in proptest::collection::vec(0_u64..1 << 40, 0..1500),
            second in proptest::collection::vec(0_u64..1 << 10, 0..1500),
            same in 0_u64..1 << 20,
        ) {
            let above = |numbers: &[u64]| -> Vec<u64> {
                numbers.iter().map(|number| same << 40 | number).collect()
            };
            let lists = [above(&first), above(&second), above(&first)];
            let lists: Vec<&[u64]> = lists.iter().map(Vec::as_slice).collect();
            let mut expected = lists.concat();
            expected.sort_unstable();
            prop_assert_eq!(sorted(&lists, 40), expected);
        }
    }
}
