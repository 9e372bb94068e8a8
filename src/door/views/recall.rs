//! How much of what there is to find was found.

use serde::{Deserialize, Serialize};

use domain::MatchRunId;

/// Fewer answers than this say nothing.
const LEAST: u64 = 20;

/// What a sample says of matches that nobody is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct MissedView {
    /// How many were drawn: pairs, or records of which each was compared with every other.
    pub drawn: u64,
    /// Pairs of the sample that there is a question about.
    pub asked: u64,
    /// How many of these were answered.
    pub answered: u64,
    /// What nobody has found yet: about so many.
    pub missed: Option<f64>,
    /// At least so many.
    pub least: f64,
    /// At most so many.
    pub most: f64,
}

/// How many of the joins there are to make were made. A join makes one customer of two. Both samples
/// together are within their bounds at 95 % confidence, whenever one looks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RecallView {
    /// The run that drew the samples.
    pub run: MatchRunId,
    /// Fewer answers than this say nothing.
    pub least_answers: u64,
    /// Candidates below review that pairs were drawn from.
    pub candidates: u64,
    /// Candidates that lie lower still: none of them is asked about, or counted.
    pub lower: u64,
    /// Matches that the model expects among those; not proved by anything, and left out below.
    pub expected_lower: f64,
    /// Records that records were drawn from.
    pub records: u64,
    /// Matches among candidates below review.
    pub below: MissedView,
    /// Joins that no key brings together.
    pub beyond: MissedView,
    /// Joins that were made.
    pub made: u64,
    /// Joins expected of the tasks that wait.
    pub waiting: f64,
    /// At least so many, one in each task that is true, at 95 % confidence (Wilson).
    pub waiting_least: f64,
    /// At most so many.
    pub waiting_most: f64,
    /// The share of joins that were made: about, at least, at most.
    pub share: Option<f64>,
    /// See `share`.
    pub share_least: f64,
    /// See `share`.
    pub share_most: f64,
    /// The next so many answers of the queue...
    pub next: u64,
    /// ...are expected to bring so many joins.
    pub next_finds: f64,
}

impl RecallView {
    /// Fewer answers than this say nothing.
    pub const LEAST: u64 = LEAST;

    /// `found about 97 % (92 to 99); the next 100 answers would find about 3`.
    #[must_use]
    pub fn told(&self) -> String {
        let Self { below, beyond, next, next_finds, .. } = *self;
        let is_enough = below.asked == 0 || below.answered >= LEAST;
        let Some(share) = self.share.filter(|_| is_enough) else {
            return format!(
                "too few answers to say how much was found: {} of {} sampled pairs answered",
                below.answered + beyond.answered,
                below.asked + beyond.asked
            );
        };
        let percent = |share: f64| share * 100.0;
        // What is not all is not called all.
        let about = percent(share).round().min(if share < 1.0 { 99.0 } else { 100.0 });
        let (least, most) = (percent(self.share_least).floor(), percent(self.share_most).ceil());
        let more = match next {
            0 => String::new(),
            1 => format!("; the next answer would find about {next_finds:.1}"),
            _ => format!("; the next {next} answers would find about {next_finds:.0}"),
        };
        format!("found about {about:.0} % ({least:.0} to {most:.0}){more}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(answered: u64, share: f64) -> RecallView {
        let missed = Some(9.0);
        RecallView {
            run: MatchRunId(3),
            least_answers: LEAST,
            candidates: 900,
            lower: 40,
            expected_lower: 0.01,
            records: 5_000,
            below: MissedView { drawn: 100, asked: 100, answered, missed, least: 2.0, most: 60.0 },
            beyond: MissedView {
                drawn: 900,
                asked: 30,
                answered: 0,
                missed,
                least: 0.0,
                most: 10.0,
            },
            made: 970,
            waiting: 12.0,
            waiting_least: 8.0,
            waiting_most: 15.0,
            share: Some(share),
            share_least: 0.921,
            share_most: 0.986,
            next: 100,
            next_finds: 3.2,
        }
    }

    #[test]
    fn what_was_found_is_told_with_its_interval_or_not_at_all() {
        assert_eq!(
            view(80, 0.97).told(),
            "found about 97 % (92 to 99); the next 100 answers would find about 3"
        );
        assert!(view(80, 0.9999).told().contains("about 99 %"));
        assert!(view(80, 1.0).told().contains("about 100 %"));
        assert_eq!(
            view(19, 0.97).told(),
            "too few answers to say how much was found: 19 of 130 sampled pairs answered"
        );
        let below = MissedView { drawn: 3, missed: Some(0.0), ..MissedView::default() };
        let nothing_below = RecallView { below, ..view(0, 0.97) };
        assert!(nothing_below.told().starts_with("found about 97 %"), "nothing there is to ask");
    }
}
