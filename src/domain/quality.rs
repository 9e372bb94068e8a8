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
