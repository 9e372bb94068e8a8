//! Chance that falls alike on every machine: whole numbers from ChaCha8, never a float, never an
//! algorithm of the `rand` crate that a new version may change.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of chances.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Dice {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        Dice(ChaCha8Rng::from_seed(key))
    }

    /// A number from 0 to `count` - 1; 0 for a count of 0.
    pub fn below(&mut self, count: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(count)) >> 32) as u32
    }

    /// A number from `first` to `last`, both included.
    pub fn between(&mut self, first: u32, last: u32) -> u32 {
        first + self.below(last.saturating_sub(first) + 1)
    }

    /// True so many times in a thousand.
    pub fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// An index below `count`.
    pub fn index(&mut self, count: usize) -> usize {
        self.below(u32::try_from(count).unwrap_or(u32::MAX)) as usize
    }

    /// One of `choices`; there must be some.
    pub fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.index(choices.len())]
    }
}

/// A list in order of frequency, the n-th taken about 1 / (n + 6) as often: the law of Zipf and
/// Mandelbrot, as names follow it.
pub(super) struct Skewed {
    items: Vec<&'static str>,
    cumulative: Vec<u32>,
}

impl Skewed {
    /// From a list separated by commas.
    pub fn new(list: &'static str) -> Skewed {
        let items: Vec<&'static str> = list.split(',').map(str::trim).collect();
        let mut sum = 0;
        let cumulative = (6..6 + items.len() as u32)
            .map(|rank| {
                sum += 600_000 / rank;
                sum
            })
            .collect();
        Skewed { items, cumulative }
    }

    /// One item.
    pub fn pick(&self, dice: &mut Dice) -> &'static str {
        let at = dice.below(self.cumulative.last().copied().unwrap_or(0));
        let index = self.cumulative.partition_point(|end| *end <= at);
        self.items.get(index).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_a_seed_never_changes() {
        let mut dice = Dice::new(1);
        let first: Vec<u32> = (0..6).map(|_| dice.below(1000)).collect();
        assert_eq!(first, [628, 381, 929, 294, 397, 798]);
    }

    #[test]
    fn the_first_item_is_taken_more_often_than_the_last() {
        let list = Skewed::new("a, b, c, d, e, f, g, h");
        let mut dice = Dice::new(7);
        let picks: Vec<&str> = (0..1000).map(|_| list.pick(&mut dice)).collect();
        let count = |name: &str| picks.iter().filter(|pick| **pick == name).count();
        assert!(count("a") > count("h") && count("h") > 0);
    }
}
