//! Drawing: independent draws with replacement, each band with a chance by the sizes of its pairs, and
//! within a band every pair alike.
//!
//! Pairs come in any order, once each, and only a few of them are kept: of each band those of the lowest
//! keyed hashes. That these are a random order without repetition makes draws with repetition of them: a
//! draw repeats one of `k` that were drawn with a chance of `k / N`, and takes the next otherwise.

use std::collections::BTreeSet;

use domain::RecordId;
use serde::{Deserialize, Serialize};

use super::super::hash::mix;
use super::super::weight::Millibits;
use super::{BAND, BANDS, SIZES};

/// The candidates below review.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Population {
    /// How many there are in each band, from the highest down.
    pub bands: [u64; BANDS],
    /// How many lie lower.
    pub lower: u64,
    /// How many matches the model expects among those, in thousandths.
    pub expected_lower: u64,
}

/// A pair that was drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// Its band, from the highest down.
    pub band: usize,
    /// The record with the lower number.
    pub left: RecordId,
    /// The other record.
    pub right: RecordId,
    /// Its match probability.
    pub probability: f64,
}

/// What was drawn, in the order in which it counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sample {
    /// Of what.
    pub population: Population,
    /// A pair may come more than once.
    pub draws: Vec<Drawn>,
}

/// Pairs of one band by their hashes.
type Lowest = BTreeSet<(u64, RecordId, RecordId, Millibits)>;

/// Looks at candidates and keeps those that may be drawn.
#[derive(Debug, Clone)]
pub struct Sampler {
    review: Millibits,
    seed: u64,
    draws: usize,
    population: Population,
    lower: f64,
    lowest: [Lowest; BANDS],
}

impl Sampler {
    /// For so many draws below a threshold; another seed draws others.
    #[must_use]
    pub fn new(review: f64, draws: usize, seed: u64) -> Self {
        Self {
            review: Millibits::reaching(review),
            seed,
            draws,
            population: Population::default(),
            lower: 0.0,
            lowest: Default::default(),
        }
    }

    /// Looks at a candidate, whose weight is log2 of its odds.
    pub fn see(&mut self, left: RecordId, right: RecordId, weight: f64) {
        let weight = Millibits::of(weight);
        if weight >= self.review {
            return;
        }
        let under = i64::from(self.review.0) - 1 - i64::from(weight.0);
        let band = usize::try_from(under / i64::from(BAND)).unwrap_or(BANDS);
        let Some(lowest) = self.lowest.get_mut(band) else {
            self.population.lower += 1;
            self.lower += weight.probability();
            return;
        };
        self.population.bands[band] += 1;
        let pair = u64::from(left.0) << 32 | u64::from(right.0);
        let hash = mix(mix(self.seed, pair), pair.rotate_left(17));
        if lowest.len() < self.draws || lowest.last().is_some_and(|last| hash < last.0) {
            lowest.insert((hash, left, right, weight));
            if lowest.len() > self.draws {
                lowest.pop_last();
            }
        }
    }

    /// Draws; nothing where there is nothing to draw from.
    #[must_use]
    pub fn draw(mut self) -> Sample {
        self.population.expected_lower = (self.lower * 1_000.0).round() as u64;
        let sizes: Vec<f64> = self
            .population
            .bands
            .iter()
            .zip(SIZES)
            .map(|(pairs, size)| *pairs as f64 * size)
            .collect();
        let total: f64 = sizes.iter().sum();
        let mut draws: Vec<Drawn> = Vec::new();
        let mut state = mix(self.seed, 1);
        let mut chance = || {
            state = mix(state, 0x5851_f42d_4c95_7f2d);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut orders = self.lowest.map(|lowest| (Vec::<Drawn>::new(), lowest.into_iter()));
        while draws.len() < self.draws && total > 0.0 {
            let mut at = chance() * total;
            let mut filled = (0..BANDS).filter(|band| sizes[*band] > 0.0);
            let drawn = filled.clone().find(|band| {
                at -= sizes[*band];
                at < 0.0
            });
            // Rounding may leave a little over.
            let Some(band) = drawn.or_else(|| filled.next_back()) else { break };
            let (drawn, order) = &mut orders[band];
            let place = (chance() * self.population.bands[band] as f64) as usize;
            let next = match drawn.get(place) {
                Some(again) => Some(*again),
                None => order.next().map(|(_, left, right, weight)| {
                    let probability = weight.probability();
                    Drawn { band, left, right, probability }
                }),
            };
            let Some(next) = next else { break };
            if place >= drawn.len() {
                drawn.push(next);
            }
            draws.push(next);
        }
        Sample { population: self.population, draws }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampled(seed: u64, draws: usize, backwards: bool) -> Sample {
        let mut sampler = Sampler::new(0.5, draws, seed);
        let mut pairs: Vec<(u32, f64)> =
            (0..600).map(|it| (it, -0.001 - f64::from(it) * 0.02)).collect();
        if backwards {
            pairs.reverse();
        }
        for (record, weight) in pairs {
            sampler.see(RecordId(record), RecordId(1_000 + record), weight);
        }
        sampler.see(RecordId(1), RecordId(2), 0.0);
        sampler.draw()
    }

    #[test]
    fn bands_are_counted_from_the_threshold_down_and_the_order_of_pairs_is_nothing() {
        let sample = sampled(7, 40, false);
        assert_eq!(sample.population.bands, [100; 5]);
        assert_eq!(sample.population.lower, 100);
        assert!(sample.population.expected_lower > 0);
        assert_eq!(sample.draws.len(), 40);
        assert_eq!(sample, Sample { ..sampled(7, 40, true) });
        assert_ne!(sample.draws, sampled(8, 40, false).draws);
        assert_eq!(sampled(7, 0, false).draws, []);
        assert_eq!(Sampler::new(0.5, 9, 1).draw(), Sample::default());
    }

    #[test]
    fn a_band_is_drawn_by_its_sizes_and_every_pair_of_it_alike() {
        let mut by_band = [0_u32; BANDS];
        let mut first_half = 0;
        let mut again = 0;
        for seed in 0..60 {
            let draws = sampled(seed, 100, false).draws;
            for draw in &draws {
                by_band[draw.band] += 1;
                first_half += u32::from(draw.left.0 % 100 < 50);
            }
            let distinct: BTreeSet<_> = draws.iter().map(|draw| draw.left).collect();
            again += draws.len() - distinct.len();
        }
        for (drawn, size) in by_band.into_iter().zip(SIZES) {
            let expected = 6_000.0 * size / 31.0;
            assert!((f64::from(drawn) - expected).abs() < 5.0 * expected.sqrt(), "{by_band:?}");
        }
        assert!((2_750..3_250).contains(&first_half), "{first_half}");
        // 52 draws of 100 pairs repeat some eleven; the other bands a few.
        assert!((10..25).contains(&(again / 60)), "{again}");
    }
}
