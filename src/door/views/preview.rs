//! What a request would do.

use serde::{Deserialize, Serialize};

use crate::Refusal;
use domain::{Approver, CustomerId, FieldName, Golden, RuleId, Shown};

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
    /// Who has to approve it, if it would only be proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<NeedsApproval>,
    /// Why it would be refused, if so.
    pub refusal: Option<Refusal>,
    /// The fields that the rules are about which refuse it, the one that breaks the first rule first.
    #[serde(default)]
    pub about: Vec<FieldName>,
}

/// That a verdict needs somebody else's approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeedsApproval {
    /// Whose: a role, or whoever has a verb.
    pub by: Approver,
    /// The rule that asks for it, as it is written; empty where no rule of the settings does.
    pub rule: String,
    /// Whether it would be done at once all the same, and reviewed afterwards.
    #[serde(default)]
    pub breaks_glass: bool,
}

impl NeedsApproval {
    /// `needs approval by lead (verdict = merge)`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let NeedsApproval { by, rule, breaks_glass } = self;
        let rule = if rule.is_empty() { String::new() } else { format!(" ({rule})") };
        match breaks_glass {
            true => format!("to be reviewed by {by}{rule}"),
            false => format!("needs approval by {by}{rule}"),
        }
    }
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
