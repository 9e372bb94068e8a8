//! How far customers came on the journeys of the settings.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::{ActivityKind, CustomerId};

/// Journeys, in the order of the settings, each followed by the same of segments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneysView {
    /// As of when: what is current depends on it.
    pub at: Timestamp,
    /// The segments by which they may be counted, in the order of the settings.
    pub segments: Vec<String>,
    /// The journeys.
    pub journeys: Vec<JourneyView>,
}

/// A journey in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyView {
    /// Its name.
    pub id: String,
    /// The segment whose customers alone are counted; none: everybody is.
    pub segment: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// It in words.
    pub words: String,
    /// Whether its runs end, so that a customer's current step goes back as time passes.
    pub ends: bool,
    /// Its steps.
    pub steps: Vec<JourneyStepView>,
}

/// A step of a journey in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyStepView {
    /// Its name.
    pub name: String,
    /// The kinds of activities any of which takes it.
    pub kinds: Vec<ActivityKind>,
    /// Customers who ever came this far.
    pub reached: u64,
    /// Customers whose furthest step of today this is.
    pub current: u64,
    /// Who would have come this far if no two records had ever been merged: each counted as somebody of its own.
    pub unmerged: u64,
    /// The median time after the step before, in seconds; none for the first, and where nobody took it.
    pub median: Option<u64>,
}

/// Units of time, the longest first, each in seconds, and from how many seconds on it is used.
const UNITS: [(&str, u64, u64); 4] =
    [("day", 86_400, 172_800), ("hour", 3_600, 7_200), ("minute", 60, 120), ("second", 1, 0)];

impl JourneyStepView {
    /// How long the step took after the one before, as people say it: `3 days`, `47 minutes`; empty where that is
    /// not known.
    #[must_use]
    pub fn after(&self) -> String {
        let Some(seconds) = self.median else { return String::new() };
        let unit = UNITS.iter().find(|(.., from)| seconds >= *from);
        let (word, one, _) = unit.copied().unwrap_or(UNITS[3]);
        domain::counted_as(
            (seconds + one / 2) / one,
            (seconds + one / 2) / one,
            word,
            &format!("{word}s"),
        )
    }
}

impl JourneyView {
    /// Which share of those who took the step before took this one: 0 to 1; none where nobody could.
    #[must_use]
    pub fn step_rate(&self, step: usize) -> Option<f64> {
        let before = self.steps.get(step.checked_sub(1)?)?.reached;
        share(self.steps.get(step)?.reached, before)
    }

    /// Which share of those who began came this far: 0 to 1; none where nobody began.
    #[must_use]
    pub fn rate(&self, step: usize) -> Option<f64> {
        share(self.steps.get(step)?.reached, self.steps.first()?.reached)
    }
}

/// Both are far under 2^53.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Customers at a step of a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtStepView {
    /// The journey.
    pub journey: String,
    /// The step.
    pub step: String,
    /// How many there are.
    pub count: u64,
    /// The first of them, by id.
    pub customers: Vec<AtStepRow>,
}

/// A customer at a step of a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtStepRow {
    /// The customer.
    pub customer: CustomerId,
    /// Who that is.
    pub name: String,
    /// When the step that is current was taken; none where no run is open.
    pub since: Option<Timestamp>,
}
