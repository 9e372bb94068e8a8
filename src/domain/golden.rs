//! The consolidated values of a customer, with where each came from.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::{DecisionId, FieldName, RecordId, Shown};

/// A customer's survived values, in the order of the settings' fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Golden<T = String> {
    /// Fields that have a value.
    pub values: Vec<GoldenValue<T>>,
}

impl<T> Default for Golden<T> {
    fn default() -> Self {
        Self { values: Vec::new() }
    }
}

impl<T> Golden<T> {
    /// The entry of `field`.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&GoldenValue<T>> {
        self.values.iter().find(|value| value.field.as_str() == field)
    }
}

impl<T: Deref<Target = str>> Golden<T> {
    /// The text of `field`.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field).map(|value| &*value.text)
    }
}

impl From<Golden> for Golden<Shown> {
    fn from(golden: Golden) -> Self {
        let shown = golden.values.into_iter().map(|value| {
            let GoldenValue { field, text, readable, origin } = value;
            GoldenValue { field, text: Shown::Clear(text), readable, origin }
        });
        Self { values: shown.collect() }
    }
}

/// One survived value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoldenValue<T = String> {
    /// The field.
    pub field: FieldName,
    /// The harmonised value (the raw one where it could not be read).
    pub text: T,
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
