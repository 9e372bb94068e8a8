//! The consolidated values of a customer, with where each came from.

use serde::{Deserialize, Serialize};

use super::{DecisionId, FieldName, RecordId};

/// A customer's survived values, in the order of the settings' fields.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Golden {
    /// Fields that have a value.
    pub values: Vec<GoldenValue>,
}

impl Golden {
    /// The entry of `field`.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&GoldenValue> {
        self.values.iter().find(|value| value.field.as_str() == field)
    }

    /// The text of `field`.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field).map(|value| value.text.as_str())
    }
}

/// One survived value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoldenValue {
    /// The field.
    pub field: FieldName,
    /// The harmonised value (the raw one where it could not be read).
    pub text: String,
    /// Whether the harmoniser of the field's type could read it.
    pub readable: bool,
    /// Where it came from.
    pub origin: Origin,
}

/// Why a golden value is what it is: its lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A strategy chose it among the members' values.
    Survived {
        /// The member that delivered it.
        record: RecordId,
        /// The strategy that decided, `most_trusted`; `only_value` where nothing had to be chosen.
        strategy: String,
    },
    /// A person pinned it.
    Pinned {
        /// The decision.
        decision: DecisionId,
        /// The member it was taken from, unless typed.
        record: Option<RecordId>,
    },
}

impl Origin {
    /// The member the value came from, unless it was typed.
    #[must_use]
    pub fn record(&self) -> Option<RecordId> {
        match self {
            Origin::Survived { record, .. } => Some(*record),
            Origin::Pinned { record, .. } => *record,
        }
    }
}
