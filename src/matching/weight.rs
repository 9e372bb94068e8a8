//! Weights in whole thousandths of a bit: the one place where a weight is rounded.
//!
//! A model holds chances. What is added up for a pair are their logarithms, rounded here, once
//! each: sums of whole numbers are exact, so that a pair has one score in whatever order, on
//! however many threads or machines it is added up. What must be summed as probability goes by
//! [`Chance`], for the same reason.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// log2 of a chance or of odds, in thousandths.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub(crate) struct Millibits(pub(crate) i32);

/// Nothing is worth more than this, for or against (1,000 bits): dozens of them can be added up.
const FURTHEST: i32 = 1_000_000;

impl Millibits {
    pub(crate) const ZERO: Self = Self(0);

    /// Rounds bits; what is no number says nothing.
    pub(crate) fn of(bits: f64) -> Self {
        let furthest = f64::from(FURTHEST);
        // Within bounds, and 0 for what is no number.
        Self((bits * 1000.0).round().clamp(-furthest, furthest) as i32)
    }

    /// log2 of a chance.
    pub(crate) fn log2(chance: f64) -> Self {
        Self::of(chance.log2())
    }

    /// In bits.
    pub(crate) fn bits(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// The probability of odds given as log2.
    pub(crate) fn probability(self) -> f64 {
        1.0 / (1.0 + (-self.bits()).exp2())
    }

    /// The chance that it is no match after all.
    pub(crate) fn doubt(self) -> Chance {
        Chance::of(1.0 - self.probability())
    }

    /// The least odds whose probability reaches a threshold; beyond all where none does.
    pub(crate) fn reaching(threshold: f64) -> Self {
        let (mut below, mut reaching) = (-FURTHEST - 1, FURTHEST + 1);
        while reaching - below > 1 {
            let middle = (below + reaching).div_euclid(2);
            let reaches = Self(middle).probability() >= threshold;
            *(if reaches { &mut reaching } else { &mut below }) = middle;
        }
        if reaching > FURTHEST { Self(i32::MAX) } else { Self(reaching) }
    }

    /// Kept within so much for or against.
    pub(crate) fn within(self, most: Self) -> Self {
        Self(self.0.clamp(-most.0, most.0))
    }

    /// As many thousandths of it.
    pub(crate) fn thousandths(self, share: i32) -> Self {
        // Half a thousandth is rounded up, above and below zero: larger never becomes smaller.
        let product = i64::from(self.0) * i64::from(share);
        Self((product + 500).div_euclid(1000) as i32)
    }
}

impl Add for Millibits {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Millibits {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign for Millibits {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Millibits {
    fn sum<I: Iterator<Item = Self>>(weights: I) -> Self {
        weights.fold(Self::ZERO, Add::add)
    }
}

/// Beyond this distance the smaller of two sizes adds less than half a thousandth of a bit.
const NEAR: usize = 11_500;

/// What a size adds (log2, thousandths) to one that is so many thousandths of a bit larger.
static ADDED: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let added = |distance: usize| (1.0 + (-(distance as f64) / 1000.0).exp2()).log2() * 1000.0;
    (0..NEAR).map(|distance| added(distance).round() as u16).collect()
});

/// log2 of the sum of two sizes given as log2.
#[inline]
fn both(a: Millibits, b: Millibits) -> Millibits {
    let distance = a.0.abs_diff(b.0) as usize;
    let added = if distance < NEAR { ADDED[distance] } else { 0 };
    Millibits(a.0.max(b.0) + i32::from(added))
}

/// log2 of the size of each class: match, household, namesake, unrelated.
pub(crate) type Sizes = [Millibits; 4];

/// Adds up by class.
#[inline]
pub(crate) fn add(sum: &mut Sizes, more: Sizes) {
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// log2 of the odds of a match against all other classes.
#[inline]
pub(crate) fn match_weight(sizes: &Sizes) -> Millibits {
    sizes[0] - both(both(sizes[1], sizes[2]), sizes[3])
}

/// A probability, or a sum of probabilities, in parts of 2^60: sums are exact, of however many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Chance(u128);

impl Chance {
    const WHOLE: f64 = (1_u64 << 60) as f64;

    /// Rounds a probability.
    pub(crate) fn of(probability: f64) -> Self {
        Self((probability.clamp(0.0, 1.0) * Self::WHOLE).round() as u128)
    }

    /// As a number.
    pub(crate) fn value(self) -> f64 {
        self.0 as f64 / Self::WHOLE
    }

    /// So many of it.
    pub(crate) fn times(self, count: usize) -> u128 {
        self.0 * count as u128
    }
}

impl Add for Chance {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Chance {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Chance {
    fn sum<I: Iterator<Item = Self>>(chances: I) -> Self {
        chances.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_rounded_once_and_what_is_no_number_says_nothing() {
        for (bits, thousandths) in [
            (1.2344, 1234),
            (1.2346, 1235),
            (-0.0006, -1),
            (f64::NAN, 0),
            (f64::NEG_INFINITY, -FURTHEST),
            (f64::INFINITY, FURTHEST),
        ] {
            assert_eq!(Millibits::of(bits), Millibits(thousandths), "{bits}");
        }
        assert_eq!(Millibits::log2(0.25), Millibits(-2000));
        assert_eq!(Millibits::log2(0.0), Millibits(-FURTHEST));
    }

    #[test]
    fn the_least_weight_that_reaches_a_threshold_reaches_it_and_the_one_below_does_not() {
        for threshold in [1e-9, 0.01, 0.5, 0.77, 0.99, 0.999_999, 1.0] {
            let least = Millibits::reaching(threshold);
            assert!(least.probability() >= threshold, "{threshold}");
            assert!((least - Millibits(1)).probability() < threshold, "{threshold}");
        }
        assert_eq!(Millibits::reaching(0.5), Millibits::ZERO);
        assert_eq!(Millibits::reaching(1.5), Millibits(i32::MAX));
        assert_eq!(Millibits::reaching(0.0), Millibits(-FURTHEST));
    }

    #[test]
    fn sizes_are_summed_to_within_a_thousandth() {
        for sizes in [
            [0, -3000, -1200, 0],
            [5000, -FURTHEST, -FURTHEST, 20],
            [0, 7001, 6990, -11_499],
            [0, 0, 0, 0],
            [-40_000, -12_000, -500, -500],
        ] {
            let exact = |size: i32| f64::from(size) / 1000.0;
            let others: f64 = sizes[1..].iter().map(|size| exact(*size).exp2()).sum();
            let expected = (exact(sizes[0]) - others.log2()) * 1000.0;
            let found = match_weight(&sizes.map(Millibits));
            assert!((f64::from(found.0) - expected).abs() <= 1.0, "{sizes:?} {expected} {found:?}");
        }
    }

    #[test]
    fn parts_of_a_weight_keep_its_order() {
        for share in [0, 1, 333, 1000, 1499] {
            let parts: Vec<_> = (-3000..3000).map(|it| Millibits(it).thousandths(share)).collect();
            assert!(parts.is_sorted(), "{share}");
        }
        assert_eq!(Millibits(-1500).thousandths(1000), Millibits(-1500));
    }

    #[test]
    fn sums_of_chances_are_exact() {
        let chances = [0.9, 1e-7, 0.3, 1.0, 0.123_456_789].map(Chance::of);
        let backwards: Chance = chances.iter().rev().copied().sum();
        assert_eq!(chances.into_iter().sum::<Chance>(), backwards);
        assert!((backwards.value() - 2.323_456_889).abs() < 1e-12);
        assert_eq!(Chance::of(0.5).times(3), 3 << 59);
    }
}
