//! From answers to how many matches there are below review.
//!
//! Each draw of a match counts as many as its pair was unlikely to be drawn: the mean of these over the
//! draws is the estimate of Hansen and Hurwitz (1943), which Horvitz and Thompson (1952) is for draws
//! without replacement. The interval is a confidence sequence by betting for the mean of a bounded
//! quantity (Waudby-Smith and Ramdas 2024): true at every look with the chance that is promised, whatever
//! the truth and however one decides to stop. No normal approximation stands behind it; with few answers
//! it is wide. A draw without an answer counts as a match for the upper bound and as none for the lower.

use super::draw::Population;
use super::{BANDS, SIZES};

/// The chance that a bound is false: there are four, two of candidates and two of what no key brings
/// together, and all hold with a chance of at least 95 %.
const RISK: f64 = 0.0125;
/// Shares of what a bet has that it stakes, each with an equal part of the capital.
const BETS: [f64; 5] = [1.0, 0.8, 0.5, 0.2, 0.05];
/// Bounds are found to so much of the whole.
const HALVINGS: usize = 30;

/// How many matches there are below review.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Draws that were answered.
    pub answered: u64,
    /// Draws in all.
    pub draws: u64,
    /// About so many; none where nothing was answered.
    pub about: Option<f64>,
    /// At least so many.
    pub least: f64,
    /// At most so many.
    pub most: f64,
}

/// Estimates from the draws' bands and answers, in the order in which they were drawn: whether the pair
/// is a match that nobody had found, `None` where nobody has answered.
#[must_use]
pub fn estimate(population: &Population, draws: &[(usize, Option<bool>)]) -> Estimate {
    let weighed = |band: usize| population.bands[band] as f64 * SIZES[band];
    let whole: f64 = (0..BANDS).map(weighed).sum();
    let pairs = population.bands.iter().sum::<u64>() as f64;
    // A match of the band with the smallest pairs counts 1, all others less.
    let smallest = (0..BANDS).rev().find(|band| population.bands[*band] > 0);
    let smallest = smallest.map_or(1.0, |band| SIZES[band]);
    let counted = |band: usize| smallest / SIZES[band.min(BANDS - 1)];
    let value = |missing: bool| {
        let of = move |(band, answer): &(usize, Option<bool>)| {
            if answer.unwrap_or(missing) { counted(*band) } else { 0.0 }
        };
        draws.iter().map(of).collect::<Vec<f64>>()
    };
    let matches = |mean: f64| mean * whole / smallest;
    let answers: Vec<(usize, bool)> =
        draws.iter().filter_map(|(band, answer)| Some((*band, (*answer)?))).collect();
    let made: Vec<f64> =
        answers.iter().map(|(band, is)| if *is { counted(*band) } else { 0.0 }).collect();
    let about = match made.len() {
        0 => (pairs == 0.0).then_some(0.0),
        answered => Some(matches(made.iter().sum::<f64>() / answered as f64)),
    };
    let (least, most) = (at_least(&value(false)), at_most(&value(true)));
    let (least, most) = (matches(least).clamp(0.0, pairs), matches(most).clamp(0.0, pairs));
    let (answered, draws) = (answers.len() as u64, draws.len() as u64);
    Estimate { answered, draws, about: about.map(|it| it.clamp(least, most)), least, most }
}

/// A record that was drawn and compared with every other, and did not come out alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// How many were drawn right before it that did.
    pub alone: u32,
    /// Records of its customer.
    pub members: u32,
    /// Of each customer near it whether it is the same, `None` where nobody has answered.
    pub answers: Vec<Option<bool>>,
}

impl Look {
    /// What it counts, with so many that are the same.
    fn counts(&self, same: usize) -> f64 {
        same as f64 / (same + 1) as f64 / f64::from(self.members.max(1))
    }

    fn same(&self, of: Option<bool>) -> usize {
        self.answers.iter().filter(|answer| answer.or(of) == Some(true)).count()
    }

    fn is_answered(&self) -> bool {
        self.answers.iter().all(Option::is_some)
    }
}

/// How many joins no key brings together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beyond {
    /// Records that were compared with every other.
    pub searched: u64,
    /// Pairs that were answered.
    pub answered: u64,
    /// Pairs in all.
    pub asked: u64,
    /// About so many; none where nothing was answered.
    pub about: Option<f64>,
    /// At least so many.
    pub least: f64,
    /// At most so many.
    pub most: f64,
}

/// Estimates how many joins among so many records no key brings together; so many records came out
/// alone after the last look.
#[must_use]
pub fn beyond(records: u64, looks: &[Look], alone: u32) -> Beyond {
    let records = records as f64;
    let values = |of: bool| {
        let mut values = Vec::new();
        for look in looks {
            values.extend((0..look.alone).map(|_| 0.0));
            values.push(look.counts(look.same(Some(of))));
        }
        values.extend((0..alone).map(|_| 0.0));
        values
    };
    let (low, high) = (values(false), values(true));
    let known: Vec<f64> = looks
        .iter()
        .filter(|look| look.is_answered())
        .map(|look| look.counts(look.same(None)))
        .collect();
    let about = match (known.len(), low.len()) {
        (_, 0) => None,
        (0, _) => looks.is_empty().then_some(0.0),
        // Those that are answered stand for those that are not; who came out alone needs no answer.
        (answered, searched) => {
            let mean = known.iter().sum::<f64>() / answered as f64;
            Some(mean * looks.len() as f64 / searched as f64 * records)
        }
    };
    let (least, most) = (at_least(&low) * records, at_most(&high) * records);
    let answers = || looks.iter().flat_map(|look| &look.answers);
    Beyond {
        searched: low.len() as u64,
        answered: answers().flatten().count() as u64,
        asked: answers().count() as u64,
        about: about.map(|it| it.clamp(least, most)),
        least,
        most,
    }
}

/// The smallest mean that values from 0 to 1, drawn independently, do not rule out.
fn at_least(values: &[f64]) -> f64 {
    1.0 - at_most(&values.iter().map(|value| 1.0 - value).collect::<Vec<f64>>())
}

/// The largest mean that values from 0 to 1, drawn independently, do not rule out.
fn at_most(values: &[f64]) -> f64 {
    let (mut possible, mut ruled_out) = (0.0, 1.0);
    if !is_ruled_out(1.0 - 1e-12, values) {
        return 1.0;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(possible, ruled_out);
        *(if is_ruled_out(middle, values) { &mut ruled_out } else { &mut possible }) = middle;
    }
    ruled_out
}

/// Whether a bet that the mean is less than supposed has ever won enough: were it not less, none would
/// with a chance of more than the risk. A larger mean never makes it win less.
fn is_ruled_out(supposed: f64, values: &[f64]) -> bool {
    let mut capital = BETS.map(|_| 1.0 / BETS.len() as f64);
    for value in values {
        let won = (supposed - value) / (1.0 - supposed);
        capital.iter_mut().zip(BETS).for_each(|(it, share)| *it *= (1.0 + share * won).max(0.0));
        if capital.iter().sum::<f64>() * RISK >= 1.0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use domain::RecordId;

    use super::super::super::hash::mix;
    use super::super::{BAND, Sampler};
    use super::*;

    #[test]
    fn nothing_answered_says_nothing_and_answers_narrow_it() {
        let population = Population { bands: [10, 20, 40, 80, 850], ..Population::default() };
        let none = estimate(&population, &[(4, None); 60]);
        assert_eq!((none.about, none.least, none.most), (None, 0.0, 1_000.0));
        let mut draws = vec![(4, Some(false)); 100];
        let all = estimate(&population, &draws);
        assert!(all.most > 20.0 && all.most < 150.0, "{all:?}");
        assert_eq!((all.about, all.least), (Some(0.0), 0.0));
        // What is not answered yet can only widen it.
        draws[3].1 = None;
        let gap = estimate(&population, &draws);
        assert!(gap.most > all.most && gap.least <= all.least, "{gap:?}");
        let empty = estimate(&Population::default(), &[]);
        assert_eq!((empty.about, empty.most), (Some(0.0), 0.0), "where there is nothing");
    }

    #[test]
    fn a_match_counts_by_how_unlikely_it_was_to_be_drawn() {
        let population = Population { bands: [50, 0, 0, 0, 800], ..Population::default() };
        // 50 pairs of size 16 and 800 of size 1: one in two draws is of either band.
        let mut draws = [(0, Some(false)), (4, Some(false))].repeat(20);
        draws[0].1 = Some(true);
        let high = estimate(&population, &draws).about.unwrap();
        assert!((high - 1_600.0 / 16.0 / 40.0).abs() < 1e-6, "{high}");
        draws[0].1 = Some(false);
        draws[1].1 = Some(true);
        let low = estimate(&population, &draws).about.unwrap();
        assert!((low - 1_600.0 / 40.0).abs() < 1e-6, "{low}");
    }

    /// What a made-up population says in one try: whether the interval, at its worst look, is true.
    fn covers(seed: u64, draws: usize, pairs: u32, chances: [f64; BANDS]) -> bool {
        let mut sampler = Sampler::new(0.5, draws, seed);
        let is_match = |record: u32| {
            let band = record as usize % BANDS;
            (mix(seed ^ 99, u64::from(record)) >> 11) as f64 / (1_u64 << 53) as f64 <= chances[band]
        };
        for record in 0..pairs {
            let band = record as i32 % BANDS as i32;
            let weight = f64::from(-(band * BAND) - BAND / 2) / 1_000.0;
            sampler.see(RecordId(record), RecordId(record + pairs), weight);
        }
        let truth = (0..pairs).filter(|record| is_match(*record)).count() as f64;
        let sample = sampler.draw();
        let mut answers: Vec<(usize, Option<bool>)> =
            sample.draws.iter().map(|draw| (draw.band, None)).collect();
        // Looked at again and again, answered in another order than drawn at times.
        for look in 0..4 {
            let until = draws * (look + 1) / 4;
            for (at, draw) in sample.draws.iter().enumerate().take(until) {
                if (at + look) % 7 > 0 {
                    answers[at].1 = Some(is_match(draw.left.0));
                }
            }
            let found = estimate(&sample.population, &answers);
            if truth < found.least - 1e-6 || truth > found.most + 1e-6 {
                return false;
            }
        }
        true
    }

    #[test]
    fn who_came_out_alone_needs_no_answer_and_what_is_missing_widens() {
        let look =
            |answers: &[Option<bool>]| Look { alone: 9, members: 1, answers: answers.to_vec() };
        let nobody = beyond(1_000, &[], 400);
        assert_eq!(
            (nobody.searched, nobody.asked, nobody.about, nobody.least),
            (400, 0, Some(0.0), 0.0)
        );
        assert!(nobody.most > 5.0 && nobody.most < 20.0, "{nobody:?}");
        let asked = vec![look(&[None, None]); 10];
        let begun = beyond(1_000, &asked, 0);
        assert_eq!((begun.searched, begun.answered, begun.asked, begun.about), (100, 0, 20, None));
        let mut answered = vec![look(&[Some(false), Some(false)]); 10];
        answered[3].answers[1] = Some(true);
        let all = beyond(1_000, &answered, 0);
        // One in a hundred is one of two: half a join for each of its two records.
        assert!((all.about.unwrap() - 5.0).abs() < 1e-6, "{all:?}");
        assert!(all.most < begun.most && all.least <= 5.0, "{all:?} {begun:?}");
        answered[4].answers[0] = None;
        let gap = beyond(1_000, &answered, 0);
        assert!(gap.most > all.most && gap.least <= all.least, "{gap:?}");
        assert_eq!(beyond(0, &[], 0).most, 0.0);
    }

    /// Customers in pieces that no key brings together, and records near each other that are not one:
    /// whether the interval, at its worst look, is true.
    fn covers_beyond(seed: u64, draws: usize, torn: u64) -> bool {
        let chance = |at: u64| mix(seed ^ 7, at) % 1_000;
        // Each entity: the records of each of its customers.
        let entities: Vec<Vec<u32>> = (0..150)
            .map(|entity| {
                let pieces = 1 + u64::from(chance(entity) < torn) * (1 + chance(entity + 500) % 3);
                (0..pieces).map(|piece| 1 + (chance(entity * 9 + piece + 900) % 3) as u32).collect()
            })
            .collect();
        let truth: usize = entities.iter().map(|pieces| pieces.len() - 1).sum();
        let records: Vec<(usize, u32)> = entities
            .iter()
            .flat_map(|pieces| {
                let of = |members: &u32| vec![(pieces.len() - 1, *members); *members as usize];
                pieces.iter().flat_map(of).collect::<Vec<_>>()
            })
            .collect();
        let (mut looks, mut alone) = (Vec::new(), 0);
        for draw in 0..draws as u64 {
            let (same, members) = records[mix(seed, draw + 5_000) as usize % records.len()];
            let near = usize::from(chance(draw + 9_000) < 200);
            if same + near == 0 {
                alone += 1;
                continue;
            }
            let answers = (0..same + near).map(|at| Some(at < same)).collect();
            looks.push(Look { alone: std::mem::take(&mut alone), members, answers });
        }
        (1..=4).all(|look| {
            let mut answered = looks.clone();
            answered.iter_mut().enumerate().for_each(|(at, it)| {
                if at * 4 >= looks.len() * look || (at + look) % 9 == 0 {
                    it.answers.fill(None);
                }
            });
            let found = beyond(records.len() as u64, &answered, alone);
            let truth = truth as f64;
            truth >= found.least - 1e-6 && truth <= found.most + 1e-6
        })
    }

    #[test]
    fn what_no_key_brings_together_is_within_its_interval_in_nineteen_of_twenty_tries() {
        for torn in [0, 30, 400] {
            for draws in [40, 200] {
                let tries = 40;
                let wrong = (0..tries).filter(|it| !covers_beyond(*it, draws, torn)).count();
                assert!(wrong * 20 <= tries as usize, "{torn} {draws}: {wrong} of {tries}");
            }
        }
    }

    #[test]
    fn the_interval_is_false_in_no_more_than_a_twentieth_of_the_tries() {
        let worlds: [[f64; BANDS]; 4] = [
            [0.3, 0.1, 0.03, 0.01, 0.002],
            [0.0; BANDS],
            [0.0, 0.0, 0.0, 0.0, 0.05],
            [0.9, 0.6, 0.5, 0.4, 0.3],
        ];
        for (number, chances) in worlds.into_iter().enumerate() {
            for (draws, pairs) in [(20, 300), (80, 300)] {
                let tries = 60;
                let wrong = (0..tries)
                    .filter(|it| !covers(it * 8 + number as u64, draws, pairs, chances))
                    .count();
                assert!(wrong * 20 <= tries as usize, "{chances:?} {draws}: {wrong} of {tries}");
            }
        }
    }
}
