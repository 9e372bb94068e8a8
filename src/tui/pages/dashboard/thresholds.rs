//! The dashboard's numbers, with the thresholds as they are being tried.

use domain::scores::ThresholdEffect;
use door::views::{DashboardView, ScoresView};

/// The dashboard with the thresholds as they are being tried.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// The numbers.
    pub view: DashboardView,
    /// The buckets the thresholds stand at.
    pub thresholds: Thresholds,
}

/// Two thresholds, as places among the buckets of the scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Thresholds {
    /// From here on the machine merges.
    pub auto: usize,
    /// From here on a person is asked.
    pub review: usize,
    /// Whether `h` and `l` move the review threshold.
    pub moves_review: bool,
}

impl Dashboard {
    /// The dashboard with the thresholds in force.
    #[must_use]
    pub fn new(view: DashboardView) -> Self {
        let thresholds = view.scores.as_ref().map_or_else(Thresholds::default, |scores| {
            let bucket = |threshold| scores.scores.bucket(threshold);
            Thresholds {
                auto: bucket(scores.auto),
                review: bucket(scores.review),
                moves_review: false,
            }
        });
        Self { view, thresholds }
    }

    /// What the thresholds would make of the last run's groups.
    #[must_use]
    pub fn effect(&self) -> Option<ThresholdEffect> {
        let scores = self.view.scores.as_ref()?;
        Some(scores.scores.at(self.thresholds.auto, self.thresholds.review))
    }

    /// How many of the machine's joins would be expected to be wrong; none where the run did not count
    /// them.
    #[must_use]
    pub fn wrong(&self) -> Option<f64> {
        self.view.scores.as_ref()?.scores.wrong_at(self.thresholds.auto)
    }

    /// The thresholds as probabilities: auto and review.
    #[must_use]
    pub fn probabilities(&self) -> Option<(f64, f64)> {
        let edges = &self.view.scores.as_ref()?.scores.edges;
        Some((*edges.get(self.thresholds.auto)?, *edges.get(self.thresholds.review)?))
    }

    /// Hours a person would need for the tasks of the thresholds, at the pace of the workspace.
    #[must_use]
    pub fn hours(&self) -> Option<f64> {
        Some(self.effect()?.tasks as f64 * self.view.pace.seconds / 3_600.0)
    }

    /// Whether the thresholds stand elsewhere than in force.
    #[must_use]
    pub fn is_tried(&self) -> bool {
        let in_force = |scores: &ScoresView| {
            let bucket = |threshold| scores.scores.bucket(threshold);
            (bucket(scores.auto), bucket(scores.review))
                == (self.thresholds.auto, self.thresholds.review)
        };
        self.view.scores.as_ref().is_some_and(|scores| !in_force(scores))
    }

    /// Moves the threshold with the keys by one bucket.
    ///
    /// # Errors
    /// Why it stays where it is.
    pub fn step(&mut self, up: bool) -> Result<(), String> {
        let Some(scores) = &self.view.scores else {
            return Err("no matching run has counted its scores yet".to_owned());
        };
        let last = scores.scores.edges.len().saturating_sub(1);
        let lowest = scores.scores.bucket(scores.scores.review);
        let Thresholds { auto, review, moves_review } = &mut self.thresholds;
        match (*moves_review, up) {
            (false, true) if *auto < last => *auto += 1,
            (false, false) if *auto > *review => *auto -= 1,
            (true, true) if *review < *auto => *review += 1,
            (true, false) if *review > lowest => *review -= 1,
            (true, false) => {
                return Err(format!(
                    "the last run grouped nothing below {}: lower it there and match again",
                    scores.scores.review
                ));
            }
            (false, true) => return Err("it cannot go higher".to_owned()),
            _ => return Err("auto cannot be below review".to_owned()),
        }
        Ok(())
    }
}
