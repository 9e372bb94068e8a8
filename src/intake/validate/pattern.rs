//! `pattern`: the whole value matches a regular expression.

use regex::Regex;

use domain::Value;

/// Whether the harmonised value (the raw one where it could not be read) matches; `settings`
/// anchors the expression.
pub(super) fn holds(value: &Value, regex: &Regex) -> bool {
    regex.is_match(value.shown())
}
