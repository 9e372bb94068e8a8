//! Dates of birth: swapped day and month, slipped digits, wrong years.

use super::super::columns::Columns;
use super::super::layout::Aspect;
use super::super::text::one_edit;
use super::{Level, best_crosswise, level};

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;
/// See [`SAME`].
pub(crate) const FIRST_CONFLICT: u8 = 4;

pub(crate) const LEVELS: [Level; 6] = [
    level("same date", [0.85, 0.01, 5e-5, 5e-5]),
    level("day and month swapped", [0.02, 5e-5, 5e-5, 2e-5]),
    level("one digit differs", [0.05, 0.003, 1e-3, 1e-3]),
    level("two of day, month and year agree", [0.03, 0.005, 3e-3, 3e-3]),
    level("same year", [0.01, 0.06, 0.015, 0.015]),
    level("dates differ", [0.04, 0.92, 0.98, 0.98]),
];

pub(crate) fn grade(columns: &Columns, a: u32, b: u32) -> u8 {
    let text = |id| columns.text(Aspect::Birth, id);
    best_crosswise(columns, Aspect::Birth, a, b, |left, right| compare(text(left), text(right)))
        .map_or(0, |level| level + 1)
}

/// Two different ISO dates.
fn compare(a: &str, b: &str) -> u8 {
    let (Some(left), Some(right)) = (parts(a), parts(b)) else { return 5 };
    if left.0 == right.0 && left.1 == right.2 && left.2 == right.1 {
        return 1;
    }
    if a.len() == b.len() && one_edit(a, b) {
        return 2;
    }
    let agreeing = usize::from(left.0 == right.0)
        + usize::from(left.1 == right.1)
        + usize::from(left.2 == right.2);
    match agreeing {
        2.. => 3,
        _ if left.0 == right.0 => 4,
        _ => 5,
    }
}

/// Year, month and day of an ISO date.
pub(crate) fn parts(date: &str) -> Option<(&str, &str, &str)> {
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    Some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (a, b, expected) in [
            ("1971-06-05", "1971-05-06", 1),
            ("1971-06-24", "1971-05-24", 2),
            ("1967-06-24", "1976-06-24", 2),
            ("1971-06-24", "1971-06-03", 3),
            ("1971-06-24", "1988-06-24", 3),
            ("1971-06-24", "1971-11-03", 4),
            ("1971-06-24", "1982-11-03", 5),
        ] {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected, "{b} {a}");
        }
    }
}
