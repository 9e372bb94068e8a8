//! Sorting numbers by some of their bits, in time that grows with their count alone.

/// Bits that one pass sorts by.
const DIGIT: u32 = 11;
/// Fewer numbers than this are sorted by comparing.
const FEW: usize = 512;

/// Sorts by bits `low..high`, keeping the order of numbers that agree in them. All bits above
/// `high` must be the same in every number; among a few numbers lower bits count, too.
pub(super) fn sort(numbers: &mut Vec<u64>, low: u32, high: u32) {
    if numbers.len() < FEW {
        numbers.sort_unstable();
        return;
    }
    let mut other = vec![0; numbers.len()];
    let passes = (high - low).div_ceil(DIGIT).max(1);
    let width = (high - low).div_ceil(passes);
    for pass in 0..passes {
        let shift = low + pass * width;
        let width = width.min(high - shift);
        let digit = |number: u64| (number >> shift) as usize & ((1 << width) - 1);
        let mut places = vec![0_usize; 1 << width];
        for number in numbers.iter() {
            places[digit(*number)] += 1;
        }
        let mut next = 0;
        for place in &mut places {
            next += std::mem::replace(place, next);
        }
        for number in numbers.iter() {
            let place = &mut places[digit(*number)];
            other[*place] = *number;
            *place += 1;
        }
        std::mem::swap(numbers, &mut other);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_by_the_bits_it_is_told(
            highs in proptest::collection::vec(0_u64..1 << 29, 0..1500)
        ) {
            // What lies below stands in order, as rows do.
            let numbers: Vec<u64> = highs.iter().zip(0..).map(|(high, at)| high << 32 | at).collect();
            let mut sorted = numbers.clone();
            sort(&mut sorted, 32, 61);
            let mut expected = numbers;
            expected.sort_unstable();
            prop_assert_eq!(sorted, expected);
        }
    }
}
