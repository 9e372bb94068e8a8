//! `range`: the value lies within bounds, both inclusive.
//!
//! A value that is no date or no number lies within none: it breaks the rule.

use jiff::ToSpan;
use jiff::civil::Date;

use domain::Value;
use settings::{DateBound, RangeBounds};

/// Whether the value lies within `bounds` on the day `today`.
pub(super) fn holds(value: &Value, bounds: &RangeBounds, today: Date) -> bool {
    let Some(standard) = value.standard() else { return false };
    match bounds {
        RangeBounds::Dates { min, max } => standard.parse::<Date>().is_ok_and(|date| {
            min.is_none_or(|bound| date >= resolved(bound, today))
                && max.is_none_or(|bound| date <= resolved(bound, today))
        }),
        RangeBounds::Numbers { min, max } => standard.parse::<f64>().is_ok_and(|number| {
            min.is_none_or(|bound| number >= bound) && max.is_none_or(|bound| number <= bound)
        }),
    }
}

/// The date a bound stands for. Moved by years, 29 February becomes the 28th.
fn resolved(bound: DateBound, today: Date) -> Date {
    match bound {
        DateBound::On(date) => date,
        DateBound::Today { years } => today.saturating_add(years.years()),
    }
}
