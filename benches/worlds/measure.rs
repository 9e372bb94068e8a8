//! One set measured: what the machine does by itself, and what a steward adds to it.

use domain::quality::Quality;
use serde::Serialize;

use super::office::{Cost, Office};
use super::peer::{Peer, PeerFigures};
use super::set::Set;
use super::steward::{Curve, Habits, answer};

/// The figures of a set.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// Its name: the seed of a world.
    pub set: String,
    /// What it is.
    pub about: String,
    /// Its records.
    pub records: u64,
    /// Pairs of records that are one.
    pub true_pairs: u64,
    /// The groups that the machine merges or asks about, counted as the pairs inside them.
    pub proposed: Quality,
    /// The groups that it merges.
    pub auto: Quality,
    /// Scored pairs from the probability on from which it asks.
    pub pairs: Quality,
    /// Scored pairs from the threshold on that is best, which only the truth knows.
    pub best_pairs: Quality,
    /// That threshold.
    pub best_threshold: f64,
    /// Expected calibration error of the pairs of a probability of .05 and above.
    pub calibration: f64,
    /// How many of the true pairs were compared at all.
    pub candidates: f64,
    /// Duplicate tasks after the first run.
    pub tasks: u64,
    /// Seconds of that run.
    pub wall: f64,
    /// Seconds of all processors of that run.
    pub cpu: f64,
    /// What a steward adds.
    pub curve: Option<Curve>,
    /// What a peer makes of the same records.
    pub peer: Option<PeerFigures>,
}

impl Figures {
    /// Tasks for each thousand records.
    #[must_use]
    pub fn tasks_per_thousand(&self) -> f64 {
        self.tasks as f64 * 1_000.0 / self.records.max(1) as f64
    }
}

/// Imports, matches and measures a set.
///
/// # Errors
/// When the desk or the peer fails, or the truth does not fit.
pub fn measure(set: &Set, habits: Option<Habits>, peer: Option<&Peer>) -> anyhow::Result<Figures> {
    let office = Office::of(set, habits.and_then(|habits| habits.grants))?;
    let (matched, Cost { wall, cpu }) = office.match_fully()?;
    let found = office.evaluate(&set.truth)?;
    let at = |threshold: f64| found.pairs.iter().find(|row| row.threshold == threshold);
    let compared: f64 =
        found.reliability.bands.iter().map(|band| band.observed * band.pairs as f64).sum();
    Ok(Figures {
        set: set.name.clone(),
        about: set.about.clone(),
        records: found.records,
        true_pairs: found.true_pairs,
        proposed: found.proposed,
        auto: found.auto,
        pairs: at(matched.review).map_or(found.best.quality, |row| row.quality),
        best_pairs: found.best.quality,
        best_threshold: found.best.threshold,
        calibration: found.reliability.error_of_doubtful,
        candidates: compared / found.true_pairs.max(1) as f64,
        tasks: matched.pending,
        wall: wall.as_secs_f64(),
        cpu: cpu.as_secs_f64(),
        curve: habits.map(|habits| answer(&office, set, habits)).transpose()?,
        peer: peer.map(|peer| peer.measure(set)).transpose()?.flatten(),
    })
}
