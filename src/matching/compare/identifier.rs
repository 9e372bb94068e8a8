//! National ids and other identifiers.
//!
//! Values agree across fields; that two differ says something only within one field, because
//! different fields may hold different kinds of number.

use domain::FieldType;

use super::super::columns::Columns;
use super::super::layout::{Aspect, Layout};
use super::super::portrait::Kind;
use super::super::splink::Dialect;
use super::super::splink::levels as sql;
use super::super::text::{one_edit, within_edits};
use super::{Agreement, Cache, Comparison, ComparisonSpec, Crowd, Learning, Level, Says, level};

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;
/// See [`SAME`].
pub(crate) const DIFFERENT: u8 = 3;

/// What a state issues to a person.
pub(crate) static NATIONAL_ID: ComparisonSpec = ComparisonSpec {
    aspects: &[Aspect::NationalId],
    counted: &[Aspect::NationalId],
    agrees: |level| Agreement::by_chance(level == SAME, Aspect::NationalId),
    says: |_, level| says(true, level),
    tells_relatives_apart: true,
    judges: &[FieldType::NationalId],
    ..number("national_id", "national id", |columns, _, a, b, _| {
        grade(columns, Aspect::NationalId, a, b)
    })
};

/// What a register issues to an organisation; of a person any other number.
pub(crate) static SPEC: ComparisonSpec = ComparisonSpec {
    aspects: &[Aspect::Identifier],
    counted: &[Aspect::Identifier],
    agrees: |level| Agreement::by_chance(level == SAME, Aspect::Identifier),
    says: |kind, level| says(kind == Kind::Organisation, level),
    judges: &[FieldType::Identifier],
    ..number("identifier", "identifier", |columns, _, a, b, _| {
        grade(columns, Aspect::Identifier, a, b)
    })
};

/// What both have in common.
const fn number(
    key: &'static str,
    name: &'static str,
    grade: fn(&Columns, u8, u32, u32, &mut Cache) -> u8,
) -> ComparisonSpec {
    ComparisonSpec {
        learning: [Learning::Free, Learning::AsUnrelated, Learning::AsUnrelated],
        only_one: true,
        crowd: Crowd::UnlikeNames,
        words: |_, level| match level {
            1 => "one character",
            2 => "two characters",
            _ => "",
        },
        ..ComparisonSpec::usual(key, name, || &LEVELS, grade, carried)
    }
}

fn says(is_issued: bool, level: u8) -> Says {
    Says {
        identified: 2 * u8::from(is_issued && level == SAME),
        contradicts: is_issued && level == DIFFERENT,
        ..Says::default()
    }
}

pub(crate) const LEVELS: [Level; 4] = [
    level("same number", [0.88, 1e-6, 1e-6, 1e-6]),
    level("one character differs", [0.06, 1e-5, 1e-5, 1e-5]),
    level("two characters differ", [0.02, 2e-4, 2e-4, 2e-4]),
    level("numbers differ", [0.04, 0.9998, 0.9998, 0.9998]),
];

fn grade(columns: &Columns, aspect: Aspect, a: u32, b: u32) -> u8 {
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

fn carried(comparison: &Comparison, _: &Layout, dialect: Dialect) -> sql::CarriedTable {
    let columns = sql::Columns::of(comparison, dialect);
    let edits = |most| columns.any(move |l, r| dialect.edits(l, r, most));
    sql::CarriedTable {
        null: columns.missing(),
        levels: vec![
            sql::level("same number", columns.equal(), &[0]),
            sql::level("one character differs", edits(1), &[1]),
            sql::level("two characters differ", edits(2), &[2]),
            sql::otherwise("numbers differ", &[3]),
        ],
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
