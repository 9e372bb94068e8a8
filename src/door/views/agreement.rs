//! How far people agree with themselves, and with each other, where they are asked again.

use serde::{Deserialize, Serialize};

use domain::agreement::Kappa;

/// The second looks that were answered, counted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SecondLooksView {
    /// Fewer answers than this say nothing.
    pub least: u64,
    /// Second looks that wait for their answer, or for the day on which they come due.
    pub waiting: u64,
    /// All that were answered by whoever had decided.
    pub all: AgreementView,
    /// By who was asked.
    pub people: Vec<AgreementView>,
    /// By the reason of the first verdict; without one `-`.
    pub reasons: Vec<AgreementView>,
    /// Second opinions: what somebody else answered.
    pub between: BetweenView,
}

/// How far people agree with each other.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BetweenView {
    /// All second opinions.
    pub all: AgreementView,
    /// By the two who answered, `ada, kim`: whoever comes first in the alphabet stands first.
    pub pairs: Vec<AgreementView>,
    /// Each against all others.
    pub people: Vec<AgreementView>,
    /// By the reason of the first verdict; without one `-`.
    pub reasons: Vec<AgreementView>,
}

/// How far first and second verdicts agree.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AgreementView {
    /// Whose verdicts, or verdicts for which reason; empty for all.
    pub name: String,
    /// How many were asked again.
    pub pairs: u64,
    /// How many said the same.
    pub same: u64,
    /// Cohen's kappa; none where the answers are too few, or all of them the same one.
    pub kappa: Option<Kappa>,
}

impl AgreementView {
    /// `38 of 40 the same, kappa 0.81 (0.70 to 0.92)`.
    #[must_use]
    pub fn told(&self, least: u64) -> String {
        let AgreementView { pairs, same, .. } = self;
        match self.kappa {
            Some(Kappa { kappa, least, most }) => {
                format!("{same} of {pairs} the same, kappa {kappa:.2} ({least:.2} to {most:.2})")
            }
            None if *pairs < least => format!("{same} of {pairs} the same, too few to say"),
            None => format!("{same} of {pairs} the same, always the same answer: no kappa"),
        }
    }
}
