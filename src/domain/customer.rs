//! A customer (golden record): which source records it consolidates and what was pinned.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CustomerId, DecisionId, FieldName, RecordId};

/// A customer's facts. Golden values are derived from them, never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerState {
    /// Live, or merged into another.
    pub standing: Standing,
    /// Member records, ascending; empty when merged away.
    pub members: Vec<RecordId>,
    /// Golden values set by hand.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pins: BTreeMap<FieldName, Pin>,
}

impl CustomerState {
    /// A customer of one record that nobody touched.
    #[must_use]
    pub fn single(record: RecordId) -> Self {
        Self::of(vec![record])
    }

    /// A live customer of these records, without pins.
    #[must_use]
    pub fn of(mut members: Vec<RecordId>) -> Self {
        members.sort_unstable();
        members.dedup();
        Self { standing: Standing::Live, members, pins: BTreeMap::new() }
    }

    /// A customer that was merged away.
    #[must_use]
    pub fn merged(into: CustomerId) -> Self {
        Self { standing: Standing::Merged { into }, members: Vec::new(), pins: BTreeMap::new() }
    }

    /// A customer that was erased.
    #[must_use]
    pub fn erased() -> Self {
        Self { standing: Standing::Erased, members: Vec::new(), pins: BTreeMap::new() }
    }

    /// Whether the customer stands for itself.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.standing == Standing::Live
    }
}

/// Whether a customer id stands for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It does.
    Live,
    /// It redirects to its survivor for as long as the merge stands.
    Merged {
        /// The survivor at the time of the merge; it may have been merged on.
        into: CustomerId,
    },
    /// Its last record left by unmerge or undo, and nobody holds one of its records any more; the id
    /// is never reused.
    Vacant,
    /// The person was erased, for good.
    Erased,
}

/// A golden value set by a person. The value stands in the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The decision whose `values` hold the pinned value.
    pub decision: DecisionId,
    /// The member the value was taken from, where it was taken and not typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
}
