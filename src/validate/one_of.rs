//! `one_of`: the value is one of a list, case ignored.

use crate::domain::Value;

/// Whether the harmonised value (the raw one where it could not be read) is in the list.
pub(super) fn holds(value: &Value, allowed: &[String]) -> bool {
    let shown = value.shown().to_lowercase();
    allowed.iter().any(|allowed| allowed.to_lowercase() == shown)
}
