//! Postal code, town and region together: they follow from one another, and counting each by
//! itself would count one fact three times.

use domain::{FieldName, FieldType};

use super::super::columns::Columns;
use super::super::facts::{Digits, one_digit_off};
use super::super::layout::{Aspect, Layout};
use super::super::splink::Dialect;
use super::super::splink::levels as sql;
use super::super::text::{is_alike, is_close, one_edit, same_letters};
use super::{Agreement, Cache, Comparison, ComparisonSpec, Judged, Level, best_crosswise};

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
const SAME_REGION: u8 = 4;
const SAME_REGION_BESIDE_TOWNS: u8 = 8;

pub(crate) static SPEC: ComparisonSpec = ComparisonSpec {
    aspects: &[Aspect::Postcode, Aspect::City, Aspect::Region],
    counted: &[Aspect::Postcode, Aspect::City],
    fetch: |columns, row| {
        columns.facts().postcodes[columns.value(Aspect::Postcode, row) as usize].code
    },
    agrees: |level| match level {
        SAME_POSTCODE => Agreement::at_home(true, Aspect::Postcode),
        SAME_CITY | SAME_CITY_ONLY => Agreement::at_home(true, Aspect::City),
        _ => Agreement::Nothing,
    },
    agrees_in_more: |better, worse| IN_MORE.contains(&(better, worse)),
    judges: &[FieldType::City, FieldType::Postcode, FieldType::Region, FieldType::Address],
    judge: |_, level| Judged::whole(level, &[SAME_POSTCODE, SAME_CITY_ONLY, SAME_REGION_ONLY]),
    words: |_, level| match level {
        1 => "slip",
        2 | 3 => "other postcode",
        SAME_REGION | SAME_REGION_BESIDE_TOWNS => "same region",
        _ => "",
    },
    ..ComparisonSpec::usual("place", "place", || &LEVELS, grade, carried)
};

/// A postal code beside none, a town beside none; and none beside another.
const IN_MORE: [(u8, u8); 6] = [
    (SAME_POSTCODE, SAME_CITY_ONLY),
    (SAME_POSTCODE, SAME_REGION_ONLY),
    (SAME_CITY_ONLY, SAME_REGION_ONLY),
    (SAME_CITY_ONLY, SAME_CITY),
    (SAME_REGION_ONLY, SAME_REGION),
    (SAME_REGION_ONLY, SAME_REGION_BESIDE_TOWNS),
];

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

fn grade(columns: &Columns, _: u8, a: u32, b: u32, _: &mut Cache) -> u8 {
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

/// Postal code, town and region: three lists of levels, by what both records have. Parts of one-line
/// addresses are no columns: such a workspace has no levels but the last.
fn carried(comparison: &Comparison, layout: &Layout, dialect: Dialect) -> sql::CarriedTable {
    let of = |field_type| -> Vec<FieldName> { layout.of(field_type).cloned().collect() };
    let (codes, towns, regions) =
        (of(FieldType::Postcode), of(FieldType::City), of(FieldType::Region));
    let code = sql::Columns { fields: &codes, dialect };
    let town = sql::Columns { fields: &towns, dialect };
    let region = sql::Columns { fields: &regions, dialect };
    let mut levels = Vec::new();
    if code.are_there() {
        levels.extend(by_code(code, town, region));
    }
    if town.are_there() {
        levels.push(sql::frequent(sql::level("same town", town.equal(), &[6]), town));
        levels.push(sql::level("towns alike", town.any(|l, r| dialect.alike(l, r, 0.92)), &[7]));
        if region.are_there() {
            let other = format!("({}) and ({})", town.on_both_sides(), region.equal());
            levels.push(sql::level("same region, another town", other, &[8]));
        }
        let rest = rest(&levels, 6..10);
        levels.push(sql::level("towns differ", town.on_both_sides(), &rest));
    }
    if region.are_there() {
        levels.push(sql::level("same region", region.equal(), &[10]));
    }
    levels.push(sql::otherwise("places differ", if region.are_there() { &[11] } else { &[] }));
    let parts: Vec<String> = [code, town, region]
        .into_iter()
        .filter(|part| part.are_there())
        .map(|part| format!("({})", part.missing()))
        .collect();
    let null = match parts.as_slice() {
        [] => sql::Columns { fields: &comparison.fields, dialect }.missing(),
        parts => parts.join(" and "),
    };
    sql::CarriedTable { null, levels }
}

/// Both sides have a postal code.
fn by_code(
    code: sql::Columns<'_>,
    town: sql::Columns<'_>,
    region: sql::Columns<'_>,
) -> Vec<sql::CarriedLevel> {
    let dialect = code.dialect;
    let other = |condition: String| format!("({}) and ({condition})", code.on_both_sides());
    let slip = code.any(|l, r| dialect.edits(l, r, 1));
    let mut levels = vec![
        sql::frequent(sql::level("same postal code", code.equal(), &[0]), code),
        sql::level("postal code differs by a slip", slip, &[1]),
    ];
    if town.are_there() {
        levels.push(sql::level("same town, another postal code", other(town.equal()), &[2]));
        let alike = town.any(|l, r| dialect.alike(l, r, 0.92));
        levels.push(sql::level("towns alike, another postal code", other(alike), &[3]));
    }
    if region.are_there() {
        levels.push(sql::level("same region, another postal code", other(region.equal()), &[4]));
    }
    let rest = rest(&levels, 0..6);
    levels.push(sql::level("postal codes differ", code.on_both_sides(), &rest));
    levels
}

/// Of a range of our levels, those that no level holds yet.
fn rest(levels: &[sql::CarriedLevel], range: std::ops::Range<u8>) -> Vec<u8> {
    range.filter(|own| !levels.iter().any(|level| level.levels.contains(own))).collect()
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
