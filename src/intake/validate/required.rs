//! `required`: a value is there.

use domain::Value;

/// Whether the value says anything.
pub(super) fn holds(value: &Value) -> bool {
    !value.raw().trim().is_empty()
}
