//! National ids and other identifiers.
//!
//! Values agree across fields; that two differ says something only within one field, because
//! different fields may hold different kinds of number.

use super::super::columns::Columns;
use super::super::layout::Aspect;
use super::super::text::{one_edit, within_edits};
use super::{Level, level};

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;
/// See [`SAME`].
pub(crate) const DIFFERENT: u8 = 3;

pub(crate) const LEVELS: [Level; 4] = [
    level("same number", [0.88, 1e-6, 1e-6, 1e-6]),
    level("one character differs", [0.06, 1e-5, 1e-5, 1e-5]),
    level("two characters differ", [0.02, 2e-4, 2e-4, 2e-4]),
    level("numbers differ", [0.04, 0.9998, 0.9998, 0.9998]),
];

pub(crate) fn grade(columns: &Columns, aspect: Aspect, a: u32, b: u32) -> u8 {
    let mut best = 0;
    for (slot, left) in columns.row(aspect, a).iter().enumerate() {
        for (other, right) in columns.row(aspect, b).iter().enumerate() {
            let (left, right) = (*left, *right);
            if left == 0 || right == 0 || left != right && slot != other {
                continue;
            }
            let text = |id| columns.text(aspect, id);
            let level = if left == right { SAME } else { compare(text(left), text(right)) };
            best = if best == 0 { level + 1 } else { best.min(level + 1) };
        }
    }
    best
}

/// Two different identifiers.
fn compare(a: &str, b: &str) -> u8 {
    let shorter = a.len().min(b.len());
    if shorter >= 5 && one_edit(a, b) {
        1
    } else if shorter >= 6 && within_edits(a, b, 2) {
        2
    } else {
        DIFFERENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (a, b, expected) in [
            ("de123456789", "de123456798", 1),
            ("1804974", "1804947", 1),
            ("1804974", "180497", 1),
            ("1804974", "1804800", 3),
            ("12", "13", 3),
        ] {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected, "{b} {a}");
        }
    }
}
