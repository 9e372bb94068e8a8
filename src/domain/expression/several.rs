//! Names that have several values at once: the sources of a task's records, the rules that one breaks.

use super::{Condition, Operator};
use std::borrow::Cow;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked<'a> {
    /// It has no value.
    Nothing,
    /// One value.
    One(Cow<'a, str>),
    /// Several, each of which is asked by itself.
    Each(Vec<Cow<'a, str>>),
}

impl Asked<'_> {
    fn said(&self) -> impl Iterator<Item = &str> {
        let all: &[Cow<'_, str>] = match self {
            Asked::Nothing => &[],
            Asked::One(value) => std::slice::from_ref(value),
            Asked::Each(values) => values,
        };
        all.iter().map(AsRef::as_ref).filter(|value| !value.trim().is_empty())
    }
}

impl Condition {
    /// Whether it holds for any of the values; one that denies, for all of them.
    pub(super) fn holds_of(&self, asked: &Asked<'_>) -> bool {
        let mut said = asked.said();
        match self {
            Condition::IsEmpty => said.next().is_none(),
            Condition::IsNotEmpty => said.next().is_some(),
            Condition::Is(Operator::NotEqual | Operator::ContainsNot, _) => {
                said.all(|value| self.holds(value))
            }
            Condition::Is(..) | Condition::In(_) => said.any(|value| self.holds(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::Expression;

    fn holds(text: &str, values: &[&'static str]) -> bool {
        Expression::parse(text).unwrap().holds_of(&|name| match name {
            "rule" => Asked::Each(values.iter().map(|value| Cow::Borrowed(*value)).collect()),
            _ => Asked::Nothing,
        })
    }

    #[test]
    fn each_of_several_values_is_asked_by_itself() {
        let two = ["email-domain", "C54"];
        for (text, expected) in [
            ("rule = email-domain", true),
            ("rule = c54", true),
            ("rule = C5", false),
            ("rule = 'email-domain C54'", false),
            ("rule != email-domain", false),
            ("rule != C5", true),
            ("rule in (C54, x)", true),
            ("not rule in (C54, x)", false),
            ("rule in (x, y)", false),
            ("rule ~ domain", true),
            ("rule ~ 'domain C54'", false),
            ("rule !~ domain", false),
            ("rule !~ placeholder", true),
            ("rule = email-domain and rule = C54", true),
            ("rule is empty", false),
            ("rule is not empty", true),
        ] {
            assert_eq!(holds(text, &two), expected, "{text}");
            assert_eq!(holds(&format!("not {text}"), &two), !expected, "not {text}");
        }
        for (text, expected) in [
            ("rule is empty", true),
            ("rule = x", false),
            ("rule != x", true),
            ("rule in (x)", false),
        ] {
            assert_eq!(holds(text, &[]), expected, "{text} of none");
            assert_eq!(holds(text, &[" "]), expected, "{text} of a blank");
        }
    }

    #[test]
    fn what_denies_is_the_exact_negation_however_many_values_there_are() {
        for values in [&[][..], &["a"], &["a", "b"], &["b", "c"], &["ab", "b", "c"]] {
            for (denies, says) in [("!=", "="), ("!~", "~")] {
                for value in ["a", "b", "x", "bc"] {
                    let of = |sign| holds(&format!("rule {sign} {value}"), values);
                    assert_ne!(of(denies), of(says), "{denies} {value} of {values:?}");
                }
            }
        }
    }
}
