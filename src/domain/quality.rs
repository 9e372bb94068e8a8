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
    // What rounding adds never takes the share itself out.
    (((middle - reach) / whole).max(0.0).min(share), ((middle + reach) / whole).min(1.0).max(share))
}

/// A part of a whole, of which some were asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stratum {
    /// How many there are.
    pub all: u64,
    /// How many of them were asked about.
    pub asked: u64,
    /// How many of those counted.
    pub counted: u64,
}

/// The share that counts among all of several strata, with its interval at 95 % confidence; nothing
/// where no stratum was asked about. Each stratum stands for all that it holds, however many of it were
/// asked about, so that one that is asked more often than others does not count more. Strata that
/// nobody asked about are left out: nothing is known of them.
///
/// The interval is put together from those of the strata (`interval`) by the method of variance
/// estimates recovery: Zou and Donner, "Construction of confidence intervals about effect measures: a
/// general approach", Statistics in Medicine 27 (2008). That a stratum is finite is not made use of,
/// which errs to the wide side.
#[must_use]
pub fn weighted(strata: &[Stratum]) -> Option<(f64, (f64, f64))> {
    let asked = || strata.iter().filter(|it| it.asked > 0);
    let all: u64 = asked().map(|it| it.all.max(it.asked)).sum();
    if all == 0 {
        return None;
    }
    let (mut whole, mut below, mut above) = (0.0, 0.0, 0.0);
    for it in asked() {
        let weight = it.all.max(it.asked) as f64 / all as f64;
        let share = it.counted as f64 / it.asked as f64;
        let (least, most) = interval(it.counted, it.asked);
        whole += weight * share;
        below += (weight * (share - least)).powi(2);
        above += (weight * (most - share)).powi(2);
    }
    Some((whole, ((whole - below.sqrt()).max(0.0), (whole + above.sqrt()).min(1.0))))
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
            (0, 24, 0.0, 0.1380),
            (10, 10, 0.7225, 1.0),
            (60, 60, 0.9398, 1.0),
            (15, 50, 0.1910, 0.4375),
        ] {
            let found = interval(counted, all);
            assert!((found.0 - least).abs() < 1e-4, "{counted} {all} {found:?}");
            assert!((found.1 - most).abs() < 1e-4, "{counted} {all} {found:?}");
            let share = counted as f64 / all.max(1) as f64;
            assert!(all == 0 || found.0 <= share && share <= found.1, "{counted} {all} {found:?}");
        }
    }

    #[test]
    fn one_stratum_asked_whole_is_its_own_interval() {
        let (share, around) = weighted(&[Stratum { all: 50, asked: 50, counted: 15 }]).unwrap();
        assert!((share - 0.3).abs() < 1e-12);
        let own = interval(15, 50);
        assert!((around.0 - own.0).abs() < 1e-12 && (around.1 - own.1).abs() < 1e-12);
        assert_eq!(weighted(&[Stratum { all: 9, asked: 0, counted: 0 }]), None);
        assert_eq!(weighted(&[]), None);
    }

    #[test]
    fn what_is_asked_more_often_does_not_count_more() {
        // Of ten sure ones all were asked, of ninety doubtful ones ten.
        let sure = Stratum { all: 10, asked: 10, counted: 10 };
        let doubtful = Stratum { all: 90, asked: 10, counted: 2 };
        let (share, (least, most)) = weighted(&[sure, doubtful]).unwrap();
        assert!((share - 0.28).abs() < 1e-12, "12 of 20 would be .6: {share}");
        assert!(least < 0.28 && 0.28 < most && most < 0.6, "{least} {most}");
    }

    /// Weighted intervals hold the truth as often as they say: drawn ten thousand times.
    #[test]
    fn weighted_intervals_cover() {
        let mut state = 7_u64;
        let mut draw = || {
            // SplitMix64.
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        };
        let strata = [(100_u64, 20_u64, 0.95), (400, 30, 0.5), (500, 15, 0.1)];
        let truth: f64 = strata.iter().map(|(all, _, share)| *all as f64 / 1000.0 * share).sum();
        let mut covered = 0;
        for _ in 0..10_000 {
            let seen = strata.map(|(all, asked, share)| {
                let counted = (0..asked).filter(|_| draw() < share).count() as u64;
                Stratum { all, asked, counted }
            });
            let (_, (least, most)) = weighted(&seen).unwrap();
            covered += u32::from(least <= truth && truth <= most);
        }
        assert!(covered >= 9_400, "{covered} of 10,000");
    }
}
