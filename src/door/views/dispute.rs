//! What a challenge is about: the values that changed since, and what each verdict would do.

use serde::{Deserialize, Serialize};

use domain::{FieldName, RecordAddress, Shown};

/// What a challenge is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The values that are not what they were when it was decided.
    pub values: Vec<Disputed>,
    /// What accepting does: `splits crm:12 from C40`.
    pub accept: String,
    /// What keeping does: `keeps C17 and C40 merged`.
    pub keep: String,
    /// What saying that both are not one customer does, where that is an answer: `makes crm:12 a new customer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apart: Option<String>,
}

/// A value that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputed {
    /// The field.
    pub field: FieldName,
    /// The record that delivers it.
    pub record: RecordAddress,
    /// What it was when it was decided, or was set to; none: it had no value.
    pub old: Option<Shown>,
    /// What it is now.
    pub new: Option<Shown>,
}

impl Disputed {
    /// What it was and what it is; none where masks hide the difference.
    #[must_use]
    pub fn sides(&self) -> Option<[&str; 2]> {
        let is_hidden =
            |value: &Option<Shown>| value.as_ref().is_some_and(|it| it.clear().is_none());
        if self.old == self.new && is_hidden(&self.old) {
            return None;
        }
        Some([&self.old, &self.new].map(|side| side.as_ref().map_or("(none)", Shown::as_str)))
    }

    /// `birth_date of crm:12: 1984-03-12 -> 1971-06-15`. Masks that hide the difference say so.
    #[must_use]
    pub fn line(&self) -> String {
        match self.sides() {
            None => format!("{} of {}: changed (masked)", self.field, self.record),
            Some([old, new]) => format!("{} of {}: {old} -> {new}", self.field, self.record),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::FieldType;

    #[test]
    fn what_is_masked_alike_is_told_as_changed() {
        let told = |field_type: FieldType, old: Option<&str>, new: Option<&str>| {
            let shown = |text: Option<&str>| {
                let mut shown = text.map(Shown::from);
                shown.iter_mut().for_each(|it| it.mask(field_type));
                shown
            };
            let (field, record) = (FieldName::new("x"), "crm:1".parse().unwrap());
            Disputed { field, record, old: shown(old), new: shown(new) }.line()
        };
        let born = FieldType::DateOfBirth;
        assert_eq!(
            told(born, Some("1984-03-12"), Some("1971-06-15")),
            "x of crm:1: changed (masked)"
        );
        assert_eq!(told(born, None, Some("1971-06-15")), "x of crm:1: (none) -> ****-**-**");
        let id = FieldType::NationalId;
        let both = told(id, Some("123-45-4417"), Some("123-45-4471"));
        assert_eq!(both, "x of crm:1: ***-**-4417 -> ***-**-4471");
    }
}
