//! Places in a list, the first more often than the last.

use sample::Dice;

/// The n-th of a list is taken as 1 / (n + flatness) often: the law of Zipf and Mandelbrot, as names follow it.
pub struct Skew(Vec<u64>);

impl Skew {
    /// Over so many items; they are the more alike in frequency, the greater `flatness` is.
    #[must_use]
    pub fn over(count: usize, flatness: u32) -> Skew {
        let mut sum = 0;
        let weights = (0..count as u64).map(|rank| {
            sum += 1_000_000_000 / (rank + 1 + u64::from(flatness));
            sum
        });
        Skew(weights.collect())
    }

    /// A place below the count.
    pub fn pick(&self, dice: &mut Dice) -> usize {
        let all = self.0.last().copied().unwrap_or(1);
        // Two throws: the weights of a long list sum up to more than one holds.
        let high = u64::from(dice.below(1 << 20)) << 20;
        let at = (high + u64::from(dice.below(1 << 20))) % all;
        self.0.partition_point(|end| *end <= at).min(self.0.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_first_is_taken_more_often() {
        for flatness in [0, 5, 50] {
            let (skew, mut dice) = (Skew::over(40, flatness), Dice::new(3));
            let mut counts = [0_u32; 40];
            for _ in 0..20_000 {
                counts[skew.pick(&mut dice)] += 1;
            }
            assert!(counts[0] > counts[39] && counts[39] > 0, "{flatness}: {counts:?}");
            let expected = f64::from(40 + flatness) / f64::from(1 + flatness);
            let found = f64::from(counts[0]) / f64::from(counts[39]);
            assert!((0.6..1.7).contains(&(found / expected)), "{flatness}: {found} of {expected}");
        }
    }
}
