//! `[matching]`.

use super::reader::{Findings, Table, number};

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

impl MatchingSettings {
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Self {
        table.only(&["auto", "review"], findings);
        let defaults = Self::default();
        let mut sound = true;
        let mut threshold = |key: &str, default: f64| {
            let Some(entry) = table.get(key) else { return default };
            let threshold = number(entry, findings);
            if threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold)) {
                findings.add(entry.at, format!("`{key}` is a probability: from 0 to 1"));
            }
            let threshold = threshold.filter(|threshold| (0.0..=1.0).contains(threshold));
            sound &= threshold.is_some();
            threshold.unwrap_or(default)
        };
        let auto = threshold("auto", defaults.auto);
        let review = threshold("review", defaults.review);
        if sound && review > auto {
            let at = table.get("review").or(table.get("auto")).map_or(table.at, |entry| entry.at);
            findings.add(
                at,
                format!("`review` ({review}) is above `auto` ({auto}): lower one, raise the other"),
            );
        }
        Self { auto, review }
    }
}
