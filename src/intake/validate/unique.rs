//! `unique`: no other customer holds the value. Who holds it, the caller looks up.

use super::applies;
use domain::{Values, Violation};
use settings::{Check, Rule, Settings};

/// The harmonised value of each `unique` rule that applies and has one, in the order of the
/// rules. Unreadable values are left out: equal rubbish is no evidence of one person.
#[must_use]
pub fn unique_values<'a>(settings: &'a Settings, values: &'a Values) -> Vec<(&'a Rule, &'a str)> {
    let rules = settings.rules.iter().filter(|rule| matches!(rule.check, Check::Unique));
    rules
        .filter_map(|rule| Some((rule, values.standard(rule.field.as_str())?)))
        .filter(|(rule, _)| applies(rule, values))
        .collect()
}

/// The breach of a `unique` rule, for a value that another customer holds.
#[must_use]
pub fn unique_violation(rule: &Rule) -> Violation {
    super::violation(rule)
}
