//! What is promised about merges under grants, and sums that keep it or not.
//!
//! Shares are whole millionths: whether a promise is kept must not depend on how a number was rounded.

use serde::{Deserialize, Serialize};

const WHOLE: u32 = 1_000_000;

/// How many of the merges made under grants may be wrong, and how sure that must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Autonomy {
    precision: u32,
    confidence: u32,
}

impl Default for Autonomy {
    fn default() -> Self {
        Self { precision: 950_000, confidence: 950_000 }
    }
}

impl Autonomy {
    /// From shares of 1, rounded to millionths; `None` unless both lie between 0 and 1 and are neither.
    #[must_use]
    pub fn new(precision: f64, confidence: f64) -> Option<Self> {
        let millionths = |share: f64| {
            let rounded = (share * f64::from(WHOLE)).round();
            (rounded >= 1.0 && rounded < f64::from(WHOLE)).then_some(rounded as u32)
        };
        Some(Self { precision: millionths(precision)?, confidence: millionths(confidence)? })
    }

    /// The share of merges that must be right.
    #[must_use]
    pub fn precision(self) -> f64 {
        f64::from(self.precision) / f64::from(WHOLE)
    }

    /// How sure it must be that they are.
    #[must_use]
    pub fn confidence(self) -> f64 {
        f64::from(self.confidence) / f64::from(WHOLE)
    }

    /// The chance that a promise may turn out false, over the workspace's whole life.
    #[must_use]
    pub fn risk(self) -> f64 {
        f64::from(WHOLE - self.confidence) / f64::from(WHOLE)
    }

    /// How many of so many joins may be wrong.
    #[must_use]
    pub fn allowed(self, joins: u64) -> u64 {
        let allowed = u128::from(joins) * u128::from(WHOLE - self.precision) / u128::from(WHOLE);
        u64::try_from(allowed).unwrap_or(u64::MAX)
    }
}

/// So many joins, and how many of them are wrong at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bounded {
    /// The joins.
    pub joins: u64,
    /// How many are wrong at most.
    pub wrong_at_most: u64,
}

impl Bounded {
    /// Whether they keep what is promised.
    #[must_use]
    pub fn keeps(self, promise: Autonomy) -> bool {
        self.wrong_at_most <= promise.allowed(self.joins)
    }

    /// Of so many of them: all that are wrong may be among these.
    #[must_use]
    pub fn part(self, joins: u64) -> Self {
        Self { joins, wrong_at_most: self.wrong_at_most.min(joins) }
    }

    /// The share that is right at least, in tenths of a per cent, rounded down; nothing of no joins.
    #[must_use]
    pub fn right_at_least(self) -> Option<u32> {
        let right = u128::from(self.joins.saturating_sub(self.wrong_at_most)) * 1000;
        right.checked_div(u128::from(self.joins)).and_then(|share| u32::try_from(share).ok())
    }
}

impl std::ops::Add for Bounded {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            joins: self.joins + other.joins,
            wrong_at_most: self.wrong_at_most + other.wrong_at_most,
        }
    }
}

impl std::iter::Sum for Bounded {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, next| sum + next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole_millionths_and_never_all_or_nothing() {
        let promise = Autonomy::new(0.9, 0.95).unwrap();
        assert_eq!((promise.allowed(100), promise.allowed(99)), (10, 9));
        assert_eq!(Autonomy::new(0.99, 0.95).unwrap().allowed(100), 1);
        assert_eq!((promise.precision(), promise.risk()), (0.9, 0.05));
        for wrong in [0.0, 1.0, -0.5, 1.5, 1e-9, f64::NAN, f64::INFINITY] {
            assert_eq!(Autonomy::new(wrong, 0.95), None, "{wrong}");
            assert_eq!(Autonomy::new(0.95, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_sum_keeps_the_promise_although_a_part_does_not() {
        let promise = Autonomy::default();
        let good = Bounded { joins: 1000, wrong_at_most: 20 };
        let poor = Bounded { joins: 100, wrong_at_most: 10 };
        assert!(good.keeps(promise) && !poor.keeps(promise));
        assert!([good, poor].into_iter().sum::<Bounded>().keeps(promise));
        assert!(!(good + poor + Bounded { joins: 0, wrong_at_most: 26 }).keeps(promise));
        assert_eq!((good.right_at_least(), poor.right_at_least()), (Some(980), Some(900)));
        assert_eq!(Bounded::default().right_at_least(), None);
        let whole = Bounded { joins: 380, wrong_at_most: 18 };
        let part = whole.part(74);
        assert_eq!((part.joins, part.wrong_at_most, part.right_at_least()), (74, 18, Some(756)));
        assert_eq!(whole.part(10), Bounded { joins: 10, wrong_at_most: 10 });
        assert_eq!(Bounded { joins: 3, wrong_at_most: 1 }.right_at_least(), Some(666));
    }
}
