//! Scores of whole patterns of levels: what a pair's levels say is worked out once for all pairs
//! that show them, and a pair is looked at only for the frequencies of the values it shares.

use super::blocking::Pair;
use super::candidates::Patterns;
use super::score::Scorer;
use super::weight::{Millibits, Sizes, add, match_weight};

/// Every pattern under a model.
pub(crate) struct PatternScores<'a> {
    scorer: &'a Scorer<'a>,
    patterns: &'a Patterns,
    /// log2 of the size of each class, frequencies aside.
    sums: Vec<Sizes>,
    /// What decisions taught about its levels.
    corrections: Vec<Millibits>,
    /// The most that the odds of a match (log2) can be, whatever the frequencies.
    most: Vec<Millibits>,
    /// Comparisons that frequencies move, as bits.
    lifted: Vec<u32>,
}

impl<'a> PatternScores<'a> {
    pub(crate) fn new(scorer: &'a Scorer<'a>, patterns: &'a Patterns) -> Self {
        let count = patterns.len();
        let mut scores = Self {
            scorer,
            patterns,
            sums: Vec::with_capacity(count),
            corrections: Vec::with_capacity(count),
            most: Vec::with_capacity(count),
            lifted: Vec::with_capacity(count),
        };
        for (levels, _) in patterns.iter() {
            let mut sum = scorer.prior();
            let mut least = sum;
            let mut lifted = 0;
            for (number, level) in levels.iter().enumerate() {
                let weights = scorer.weights(number, *level);
                let lift = scorer.least_lift(number, *level);
                lifted |= u32::from(lift.is_some()) << number;
                add(&mut sum, weights);
                add(&mut least, weights);
                add(&mut least, lift.unwrap_or_default());
            }
            scores.sums.push(sum);
            let correction = scorer.correction(levels);
            scores.corrections.push(correction);
            scores.most.push(scorer.with_learned(match_weight(&least), correction));
            scores.lifted.push(lifted);
        }
        scores
    }

    /// The levels of a pattern.
    pub(crate) fn levels(&self, pattern: u32) -> &[u8] {
        self.patterns.levels(pattern)
    }

    /// Whether a pair of this pattern may have odds (log2) of `weight` or more.
    pub(crate) fn may_reach(&self, pattern: u32, weight: Millibits) -> bool {
        self.most[pattern as usize] >= weight
    }

    /// log2 of the odds of a match of a pair of this pattern.
    pub(crate) fn weight(&self, pattern: u32, pair: Pair) -> Millibits {
        let weight = match_weight(&self.sum(pattern, pair));
        self.scorer.with_learned(weight, self.corrections[pattern as usize])
    }

    /// log2 of the size of each class for a pair of this pattern.
    fn sum(&self, pattern: u32, pair: Pair) -> Sizes {
        let mut sum = self.sums[pattern as usize];
        let levels = self.patterns.levels(pattern);
        let mut lifted = self.lifted[pattern as usize];
        while lifted != 0 {
            let number = lifted.trailing_zeros() as usize;
            lifted &= lifted - 1;
            add(&mut sum, self.scorer.frequency_lift(number, levels[number], pair.a(), pair.b()));
        }
        sum
    }
}
