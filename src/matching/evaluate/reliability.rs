//! Whether a match probability means what it says: the reliability table.
//!
//! Pairs are put into bands of match probability; in each, the mean probability is set beside the
//! share of pairs that are true. The expected calibration error is the mean gap between the two,
//! weighted by pairs (Naeini, Cooper and Hauskrecht 2015).

use domain::quality::{BOUNDS, Band, DOUBTFUL, Reliability};

/// The table of scored pairs, each with whether it is true.
pub(super) fn reliability(scored: &[(f64, bool)]) -> Reliability {
    let mut sums = [(0_u64, 0.0_f64, 0_u64); BOUNDS.len()];
    for (probability, same) in scored {
        let place = BOUNDS.iter().rposition(|from| probability >= from).unwrap_or(0);
        let (pairs, sum, right) = &mut sums[place];
        *pairs += 1;
        *sum += probability;
        *right += u64::from(*same);
    }
    let band = |(place, (pairs, sum, right)): (usize, (u64, f64, u64))| Band {
        from: BOUNDS[place],
        to: BOUNDS.get(place + 1).copied().unwrap_or(1.0),
        pairs,
        mean: sum / pairs as f64,
        observed: right as f64 / pairs as f64,
    };
    let filled = sums.into_iter().enumerate().filter(|(_, (pairs, ..))| *pairs > 0);
    let mut bands: Vec<Band> = filled.map(band).collect();
    bands.reverse();
    let error = error(bands.iter());
    let error_of_doubtful = self::error(bands.iter().filter(|band| band.from >= DOUBTFUL));
    Reliability { bands, error, error_of_doubtful }
}

fn error<'a>(bands: impl Iterator<Item = &'a Band>) -> f64 {
    let (mut pairs, mut gaps) = (0, 0.0);
    for band in bands {
        pairs += band.pairs;
        gaps += band.pairs as f64 * (band.mean - band.observed).abs();
    }
    if pairs == 0 { 0.0 } else { gaps / pairs as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_counted_by_hand() {
        let scored = [(0.9991, true), (1.0, true), (0.75, true), (0.75, false), (0.0, false)];
        let found = reliability(&scored);
        let bands: Vec<(f64, f64, u64, f64)> =
            found.bands.iter().map(|it| (it.from, it.to, it.pairs, it.observed)).collect();
        assert_eq!(bands, [(0.999, 1.0, 2, 1.0), (0.7, 0.8, 2, 0.5), (0.0, 0.001, 1, 0.0)]);
        let gaps = 2.0 * (1.0 - 0.99955) + 2.0 * 0.25;
        assert!((found.error - gaps / 5.0).abs() < 1e-12, "{found:?}");
        assert!((found.error_of_doubtful - gaps / 4.0).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn nothing_scored_is_no_error() {
        assert_eq!(reliability(&[]), Reliability::default());
    }

    #[test]
    fn probabilities_that_say_what_they_mean_have_no_error() {
        let scored: Vec<(f64, bool)> = (0..100).map(|number| (0.25, number % 4 == 0)).collect();
        assert!(reliability(&scored).error < 1e-12);
    }
}
