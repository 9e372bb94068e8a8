//! What a request would do.

use serde::{Deserialize, Serialize};

use crate::Refusal;
use domain::{CustomerId, FieldName, Golden, RuleId, Shown};

/// The effect of a request that was not carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreviewView {
    /// One line: `merge 1+2 into C17; C902 is not a match`.
    pub effect: String,
    /// The golden values of the first surviving customer afterwards.
    pub customer: Option<CustomerId>,
    /// See `customer`.
    pub golden: Golden<Shown>,
    /// What is typed and read as something else; nothing of masked fields.
    #[serde(default)]
    pub typed: Vec<TypedValue>,
    /// Rules about masked fields: what they say would tell values that whoever asks has not seen.
    #[serde(default)]
    pub unjudged: Vec<RuleId>,
    /// Why it would be refused, if so.
    pub refusal: Option<Refusal>,
    /// The fields that the rules are about which refuse it, the one that breaks the first rule first.
    #[serde(default)]
    pub about: Vec<FieldName>,
}

/// A value that somebody types, where what is read from it is not what stands there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedValue {
    /// The field.
    pub field: FieldName,
    /// As typed.
    pub typed: Shown,
    /// As it is read; what cannot be read is refused.
    pub read: Shown,
    /// It was not typed but taken from somewhere, such as a suggestion by its label: whoever may not see
    /// such values is not shown it. Nobody but the desk needs to know.
    #[serde(skip)]
    pub taken: bool,
}

impl TypedValue {
    /// What people are told: `birth_date: 03/04/1985 is read as 1985-04-03`.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{}: {} is read as {}", self.field, self.typed.as_str(), self.read.as_str())
    }
}
