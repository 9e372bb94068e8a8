//! `maximum` and `minimum`: the largest or smallest number, the latest or earliest date.
//!
//! A value that is no number or date is never preferred; groups have neither: a tie.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::Candidate;
use domain::FieldType;

/// Which one `maximum` prefers.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    Size::of(one).cmp_if_any(Size::of(other), false)
}

/// Which one `minimum` prefers.
pub(super) fn compare_reversed(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    Size::of(one).cmp_if_any(Size::of(other), true)
}

enum Size {
    None,
    Number(f64),
    Date(Date),
}

impl Size {
    fn of(candidate: &Candidate<'_>) -> Size {
        match candidate.field_type {
            Some(FieldType::Number) => candidate
                .text
                .parse::<f64>()
                .map_or(Size::None, |number| Size::Number(number + 0.0)),
            Some(FieldType::Date | FieldType::DateOfBirth) => {
                candidate.text.parse().map_or(Size::None, Size::Date)
            }
            _ => Size::None,
        }
    }

    fn cmp_if_any(self, other: Size, reversed: bool) -> Ordering {
        let order = match (self, other) {
            (Size::Number(one), Size::Number(other)) => one.total_cmp(&other),
            (Size::Date(one), Size::Date(other)) => one.cmp(&other),
            (Size::None, Size::None) => Ordering::Equal,
            (Size::None, _) => return Ordering::Less,
            (_, _) => return Ordering::Greater,
        };
        if reversed { order.reverse() } else { order }
    }
}
