//! Postal code, town and region together: they follow from one another, and counting each by
//! itself would count one fact three times.

use super::super::columns::Columns;
use super::super::facts::{Digits, one_digit_off};
use super::super::layout::Aspect;
use super::super::text::{is_alike, is_close, one_edit, same_letters};
use super::{Level, best_crosswise};

const fn level(label: &'static str, stratum: u8, chances: [f64; 4]) -> Level {
    Level { label, stratum, chances }
}

/// Level numbers, from 0, of agreeing values.
pub(crate) const SAME_POSTCODE: u8 = 0;
/// See [`SAME_POSTCODE`].
pub(crate) const SAME_CITY: u8 = 2;
/// See [`SAME_POSTCODE`].
pub(crate) const SAME_CITY_ONLY: u8 = 6;
/// See [`SAME_POSTCODE`].
pub(crate) const SAME_REGION_ONLY: u8 = 10;

/// Strata: 0 both have a postal code, 1 only a town, 2 only a region.
pub(crate) const LEVELS: [Level; 12] = [
    level("same postal code", 0, [0.76, 0.80, 1e-3, 1e-3]),
    level("postal code differs by a slip", 0, [0.05, 0.04, 1e-3, 1e-3]),
    level("same town, another postal code", 0, [0.05, 0.04, 3e-3, 3e-3]),
    level("towns alike, another postal code", 0, [0.01, 0.01, 3e-3, 3e-3]),
    level("same region", 0, [0.03, 0.03, 0.06, 0.06]),
    level("places differ", 0, [0.10, 0.08, 0.932, 0.932]),
    level("same town", 1, [0.75, 0.85, 0.02, 0.02]),
    level("towns alike", 1, [0.10, 0.05, 4e-3, 4e-3]),
    level("same region, another town", 1, [0.05, 0.03, 0.06, 0.06]),
    level("towns differ", 1, [0.10, 0.07, 0.916, 0.916]),
    level("same region", 2, [0.85, 0.9, 0.08, 0.08]),
    level("regions differ", 2, [0.15, 0.1, 0.92, 0.92]),
];

pub(crate) fn grade(columns: &Columns, a: u32, b: u32) -> u8 {
    let code = |id| columns.text(Aspect::Postcode, id);
    let city = |id| columns.text(Aspect::City, id);
    let facts = columns.facts();
    let postcode = best_crosswise(columns, Aspect::Postcode, a, b, |left, right| {
        let digits = |id| facts.postcodes[id as usize].digits;
        compare_digits(digits(left), digits(right))
            .unwrap_or_else(|| compare_codes(code(left), code(right)))
    });
    if postcode == Some(0) {
        return SAME_POSTCODE + 1;
    }
    let region = best_crosswise(columns, Aspect::Region, a, b, |_, _| 1);
    let town = best_crosswise(columns, Aspect::City, a, b, |left, right| {
        if facts.towns[left as usize].may_be_alike(&facts.towns[right as usize]) {
            compare_towns(city(left), city(right))
        } else {
            2
        }
    });
    match (postcode, town, region) {
        (Some(1), town, _) if town != Some(2) => 2,
        (Some(_), Some(0), _) => 3,
        (Some(_), Some(1), _) => 4,
        (Some(_), _, Some(0)) => 5,
        (Some(_), _, _) => 6,
        (None, Some(0), _) => 7,
        (None, Some(1), _) => 8,
        (None, Some(_), Some(0)) => 9,
        (None, Some(_), _) => 10,
        (None, None, Some(0)) => 11,
        (None, None, Some(_)) => 12,
        (None, None, None) => 0,
    }
}

/// Two different codes of as many digits, as [`compare_codes`]; `None` when it takes their texts.
fn compare_digits(a: Digits, b: Digits) -> Option<u8> {
    if a.length() != b.length() || a.length() < 4 {
        return None;
    }
    Some(if one_digit_off(a.value(), b.value()) { 1 } else { 2 })
}

/// 0 the same, 1 a slip, 2 different.
fn compare_codes(a: &str, b: &str) -> u8 {
    if a == b {
        0
    } else if a.len().min(b.len()) >= 4 && one_edit(a, b) {
        1
    } else {
        2
    }
}

/// 0 the same, 1 alike, 2 different.
fn compare_towns(a: &str, b: &str) -> u8 {
    if a == b || same_letters(a, b) {
        0
    } else if is_close(a, b) || is_alike(a, b) {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_towns() {
        assert_eq!(compare_codes("91605", "91650"), 1);
        assert_eq!(compare_codes("91605", "91605"), 0);
        for (a, b, expected) in [("91605", "91650", Some(1)), ("91605", "26998", Some(2))] {
            assert_eq!(compare_digits(Digits::new(a), Digits::new(b)), expected);
        }
        assert_eq!(compare_digits(Digits::new("91605"), Digits::new("n1")), None);
        assert_eq!(compare_codes("91605", "26998"), 2);
        assert_eq!(compare_towns("london", "lodnon"), 1);
        assert_eq!(compare_towns("new port", "newport"), 0);
        assert_eq!(compare_towns("london", "leeds"), 2);
    }
}
