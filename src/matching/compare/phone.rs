//! Telephone numbers, with and without country code.

use domain::FieldType;

use super::super::columns::Columns;
use super::super::facts::{Digits, one_digit_off};
use super::super::layout::{Aspect, Layout};
use super::super::portrait::Kind;
use super::super::splink::Dialect;
use super::super::splink::levels as sql;
use super::super::text::one_edit;
use super::{
    Agreement, Cache, Comparison, ComparisonSpec, Crowd, Level, Says, best_crosswise, level,
};

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;

pub(crate) static SPEC: ComparisonSpec = ComparisonSpec {
    aspects: &[Aspect::Phone],
    counted: &[Aspect::Phone],
    fetch: |columns, row| {
        columns.facts().phones[columns.value(Aspect::Phone, row) as usize].length()
    },
    agrees: |level| Agreement::at_home(level == SAME, Aspect::Phone),
    says: |kind, level| Says {
        identified: u8::from(kind == Kind::Person && level == SAME),
        ..Says::default()
    },
    tells_relatives_apart: true,
    crowd: Crowd::UnlikeNames,
    judges: &[FieldType::Phone],
    words: |_, level| if level == 1 { "one digit" } else { "" },
    ..ComparisonSpec::usual("phone", "phone", || &LEVELS, grade, carried)
};

pub(crate) const LEVELS: [Level; 3] = [
    level("same number", [0.62, 0.30, 2e-6, 2e-6]),
    level("one digit differs", [0.03, 0.005, 1e-5, 1e-5]),
    level("numbers differ", [0.35, 0.695, 0.99999, 0.99999]),
];

fn grade(columns: &Columns, _: u8, a: u32, b: u32, _: &mut Cache) -> u8 {
    let phones = &columns.facts().phones;
    best_crosswise(columns, Aspect::Phone, a, b, |left, right| {
        compare_digits(phones[left as usize], phones[right as usize]).unwrap_or_else(|| {
            compare(columns.text(Aspect::Phone, left), columns.text(Aspect::Phone, right))
        })
    })
    .map_or(0, |level| level + 1)
}

/// Two different numbers of as many digits; `None` when it takes their texts.
fn compare_digits(a: Digits, b: Digits) -> Option<u8> {
    if a.length() != b.length() || a.length() < 7 || a.starts_with_zero() || b.starts_with_zero() {
        return None;
    }
    let is_slip = one_digit_off(a.value(), b.value()) && a.value().abs_diff(b.value()) > 1;
    Some(if is_slip { 1 } else { 2 })
}

/// Whether one number follows the other: the lines of an office and of a family are given out in a row.
fn are_in_a_row(a: &str, b: &str) -> bool {
    let number = |text: &str| text.parse::<u64>().ok();
    let (Some(one), Some(other)) = (number(a), number(b)) else { return false };
    a.len() == b.len() && one.abs_diff(other) == 1
}

/// Two different strings of digits.
fn compare(a: &str, b: &str) -> u8 {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let national = short.trim_start_matches('0');
    if national.len() >= 7 && long.len() - national.len() <= 4 && long.ends_with(national) {
        return SAME;
    }
    let one_off = short.len() >= 7 && one_edit(a, b) && !are_in_a_row(a, b);
    if one_off { 1 } else { 2 }
}

fn carried(comparison: &Comparison, _: &Layout, dialect: Dialect) -> sql::CarriedTable {
    let columns = sql::Columns::of(comparison, dialect);
    sql::CarriedTable {
        null: columns.missing(),
        levels: vec![
            sql::frequent(sql::level("same number", columns.equal(), &[0]), columns),
            sql::level("one digit differs", columns.any(|l, r| dialect.edits(l, r, 1)), &[1]),
            sql::otherwise("numbers differ", &[2]),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (a, b, expected) in [
            ("12175550101", "2175550101", 0),
            ("4930555010", "030555010", 0),
            ("12175550101", "12175550110", 1),
            ("12175550101", "12175550191", 1),
            ("12175550101", "13125550101", 2),
            ("12175550101", "12175550102", 2),
            ("305550104", "305550103", 2),
            ("12175550101", "12175550103", 1),
        ] {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected, "{b} {a}");
            let digits = compare_digits(Digits::new(a), Digits::new(b));
            assert!(digits.is_none_or(|level| level == expected), "{a} {b} in digits");
            assert_eq!(digits.is_some(), a.len() == b.len(), "{a} {b} in digits");
        }
    }
}
