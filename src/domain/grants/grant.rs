//! A person's leave to merge.

use serde::{Deserialize, Serialize};

use super::super::Fingerprint;
use super::super::ids::CensusId;
use super::{Autonomy, Bounded};

/// What a decision that grants keeps, beside who decided and when: enough to say later what was known
/// then, and to notice that the list is another. No record, no value, no name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// The census, whose event says stratum, order and model.
    pub census: CensusId,
    /// The joins that are granted, and how many of them are wrong at most.
    pub granted: Bounded,
    /// Joins of the census that people looked at, as far as their answers count.
    pub looked_at: u64,
    /// Those of them that people said are two.
    pub wrong: u64,
    /// One fingerprint of the joins that are granted, in the order of the census.
    pub joins: Fingerprint,
    /// What was promised then.
    pub promise: Autonomy,
    /// What was granted before and in force, all together.
    pub before: Bounded,
    /// How many of the joins it makes, all its decisions together, as was foreseen when it was given: the
    /// others are left to people. None where that was not asked yet, or a run merges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub makes: Option<u64>,
    /// How many of them this decision made. None as for `makes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub here: Option<u64>,
}

impl Grant {
    /// What it makes, and how many of that are wrong at most: the bound holds for all that was granted, and
    /// all that are wrong may be among what is made.
    #[must_use]
    pub fn makes(&self) -> Bounded {
        self.makes.map_or(self.granted, |joins| self.granted.part(joins))
    }
}
