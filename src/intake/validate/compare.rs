//! `compare`: the value stands in a relation to another field's.
//!
//! Judged only where both are there and readable: an unreadable value is `format`'s to report.

use std::cmp::Ordering;

use domain::{FieldType, Value};
use settings::Comparison;

/// Whether `value` stands in this relation to `other`. Numbers compare as numbers, ISO dates in
/// time, everything else as text without case.
pub(super) fn holds(
    value: &Value,
    comparison: Comparison,
    other: Option<&Value>,
    field_type: FieldType,
) -> bool {
    let (Some(own), Some(other)) = (value.standard(), other.and_then(Value::standard)) else {
        return true;
    };
    let Some(order) = order(own, other, field_type) else { return true };
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

fn order(own: &str, other: &str, field_type: FieldType) -> Option<Ordering> {
    if field_type == FieldType::Number {
        return own.parse::<f64>().ok()?.partial_cmp(&other.parse::<f64>().ok()?);
    }
    Some(own.to_lowercase().cmp(&other.to_lowercase()))
}
