//! `[matching]`.

/// Thresholds on match probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatchingSettings {
    /// At or above: merged by the machine.
    pub auto: f64,
    /// At or above, and below `auto`: a task.
    pub review: f64,
}

impl Default for MatchingSettings {
    fn default() -> Self {
        Self { auto: 0.99, review: 0.50 }
    }
}
