//! How far customers came on the journeys of the settings.

use serde::{Deserialize, Serialize};

/// Journeys in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journeys {
    /// Only that one.
    pub journey: Option<String>,
    /// The same beside it of the customers of each of these segments alone.
    pub segments: Vec<String>,
}

/// The customers at a step of a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtStep {
    /// The journey.
    pub journey: String,
    /// The step.
    pub step: String,
    /// Those whose furthest step of today it is; else those who ever came that far and no further.
    pub current: bool,
    /// Only those of that segment.
    pub segment: Option<String>,
    /// At most so many.
    pub limit: usize,
}
