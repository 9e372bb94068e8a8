//! `[decisions]`: the closed list of reasons and where one is demanded.

use crate::domain::{ReasonCode, Verdict};

/// What a decision must say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DecisionSettings {
    /// Verdicts that need a reason.
    pub reason_required: Vec<Verdict>,
    /// The reasons.
    pub reasons: Vec<Reason>,
}

/// One reason of the closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its code.
    pub code: ReasonCode,
    /// The verdicts it fits; empty for all.
    pub verdicts: Vec<Verdict>,
}

impl DecisionSettings {
    /// The reasons offered for `verdict`, in the order of the file.
    pub fn reasons_for(&self, verdict: Verdict) -> impl Iterator<Item = &Reason> {
        self.reasons
            .iter()
            .filter(move |reason| reason.verdicts.is_empty() || reason.verdicts.contains(&verdict))
    }
}
