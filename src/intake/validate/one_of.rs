//! `one_of`: the value is one of a list, case ignored.

use super::same_but_case;
use domain::Value;

/// Whether the harmonised value (the raw one where it could not be read) is in the list.
pub(super) fn holds(value: &Value, allowed: &[String]) -> bool {
    allowed.iter().any(|allowed| same_but_case(allowed, value.shown()))
}
