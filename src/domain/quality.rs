//! How good pairs and match probabilities are, measured against what is known to be right.

use serde::{Deserialize, Serialize};

/// Precision, recall and F1 of pairs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Of the pairs claimed, how many are true; 1 when none is claimed.
    pub precision: f64,
    /// Of the true pairs, how many are claimed; 1 when there is none.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
    /// Pairs claimed.
    pub pairs: u64,
}

/// Pairs under this are told apart in the summary: they are so many and so plainly nothing that
/// they would drown all others.
pub const DOUBTFUL: f64 = 0.05;

/// Where bands of match probability begin, from the lowest up; the last ends at 1, which it holds. Narrow
/// at the ends, where nearly all pairs are.
pub const BOUNDS: [f64; 16] =
    [0.0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999];

/// Wilson's interval for a share of which so many of all were counted, at 95 % confidence; from 0 to 1
/// where nothing was counted.
#[must_use]
pub fn interval(counted: u64, all: u64) -> (f64, f64) {
    /// The quantile of the normal distribution that leaves 2.5 % on either side.
    const Z: f64 = 1.959_963_984_540_054;
    if all == 0 {
        return (0.0, 1.0);
    }
    let (all, share) = (all as f64, counted as f64 / all as f64);
    let middle = share + Z * Z / (2.0 * all);
    let reach = Z * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).sqrt();
    let whole = 1.0 + Z * Z / all;
    (((middle - reach) / whole).max(0.0), ((middle + reach) / whole).min(1.0))
}

/// One band of match probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// The least probability in it.
    pub from: f64,
    /// Its end: the first probability no longer in it, but for the last band, which holds 1.
    pub to: f64,
    /// Scored pairs in it.
    pub pairs: u64,
    /// Their mean match probability.
    pub mean: f64,
    /// The share of them that are true.
    pub observed: f64,
}

/// The reliability of match probabilities.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reliability {
    /// Bands that hold pairs, from the highest down.
    pub bands: Vec<Band>,
    /// Expected calibration error over all scored pairs.
    pub error: f64,
    /// The same over the pairs of probability [`DOUBTFUL`] and above.
    pub error_of_doubtful: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_tables() {
        for (counted, all, least, most) in [
            (0, 0, 0.0, 1.0),
            (0, 10, 0.0, 0.2775),
            (10, 10, 0.7225, 1.0),
            (60, 60, 0.9398, 1.0),
            (15, 50, 0.1910, 0.4375),
        ] {
            let found = interval(counted, all);
            assert!((found.0 - least).abs() < 1e-4, "{counted} {all} {found:?}");
            assert!((found.1 - most).abs() < 1e-4, "{counted} {all} {found:?}");
        }
    }
}
