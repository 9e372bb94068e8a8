//! The consolidated values of a customer, with where each came from.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::{DecisionId, FieldName, RecordId, Shown};

/// A customer's survived values, in the order of the settings' fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Golden<T = String> {
    /// Fields that have a value.
    pub values: Vec<GoldenValue<T>>,
    /// Further values of fields all of whose values survive, the best of each first.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<KeptValue<T>>,
}

impl<T> Default for Golden<T> {
    fn default() -> Self {
        Self { values: Vec::new(), kept: Vec::new() }
    }
}

impl<T> Golden<T> {
    /// The entry of `field`.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&GoldenValue<T>> {
        self.values.iter().find(|value| value.field.as_str() == field)
    }

    /// The further values that are kept under a name: a field's, or that of fields that survive together.
    pub fn kept_of(&self, name: &str) -> impl Iterator<Item = &KeptValue<T>> {
        self.kept.iter().filter(move |kept| kept.of.as_str() == name)
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
        let kept = golden.kept.into_iter().map(|value| {
            let KeptValue { of, fields, text, records, kind, since, verified } = value;
            let said = |said: Said| Said { field: said.field, text: Shown::Clear(said.text) };
            let (kind, since, verified) = (kind.map(said), since.map(said), verified.map(said));
            KeptValue { of, fields, text: Shown::Clear(text), records, kind, since, verified }
        });
        Self { values: shown.collect(), kept: kept.collect() }
    }
}

/// A value that survives beside the golden one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptValue<T = String> {
    /// What it is kept under: the first field of its type, or the name of the fields that survive together.
    pub of: FieldName,
    /// The fields that delivered it: one, or those that survive together.
    pub fields: Vec<FieldName>,
    /// The harmonised value; of fields that survive together all that it says, with commas.
    pub text: T,
    /// The members that hold it, ascending.
    pub records: Vec<RecordId>,
    /// What kind it is, where a field says so.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Said<T>>,
    /// Since when it holds, where a field says so.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub since: Option<Said<T>>,
    /// Whether it was verified, where a field says so.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub verified: Option<Said<T>>,
}

/// What a field says of a value that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said<T = String> {
    /// The field.
    pub field: FieldName,
    /// What it says.
    pub text: T,
}

fn none<T>() -> Option<T> {
    None
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
