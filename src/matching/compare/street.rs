//! Street lines: house number, name and unit.

use domain::FieldType;

use super::super::columns::{Columns, ValueId};
use super::super::facts::{Facts, StreetFacts};
use super::super::layout::{Aspect, Layout};
use super::super::splink::Dialect;
use super::super::splink::levels as sql;
use super::super::text::{is_alike, is_close, one_edit, same_letters, tokens};
use super::{Agreement, Cache, Comparison, ComparisonSpec, Level, best_crosswise, level};

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;

pub(crate) static SPEC: ComparisonSpec = ComparisonSpec {
    aspects: &[Aspect::Street],
    counted: &[Aspect::Street],
    fetch: |columns, row| columns.facts().streets[columns.value(Aspect::Street, row) as usize].name,
    agrees: |level| Agreement::at_home(level == SAME, Aspect::Street),
    judges: &[FieldType::Street, FieldType::Address],
    words: |_, level| match level {
        1 => "other unit",
        2 => "street slip",
        3 => "number slip",
        4 => "no number",
        5 => "other number",
        6 => "same number only",
        _ => "",
    },
    ..ComparisonSpec::usual("street", "street", || &LEVELS, grade, carried)
};

pub(crate) const LEVELS: [Level; 8] = [
    level("same street and number", [0.66, 0.70, 1e-5, 1e-5]),
    level("same house, another unit", [0.03, 0.03, 5e-6, 5e-6]),
    level("same number, street differs by a slip", [0.06, 0.06, 2e-6, 2e-6]),
    level("same street, number differs by a slip", [0.03, 0.03, 1e-4, 1e-4]),
    level("same street, no number", [0.03, 0.03, 1e-4, 1e-4]),
    level("same street, another number", [0.01, 0.01, 3e-3, 3e-3]),
    level("same number, another street", [0.02, 0.01, 8e-3, 8e-3]),
    level("streets differ", [0.16, 0.13, 0.985, 0.985]),
];

fn grade(columns: &Columns, _: u8, a: u32, b: u32, cache: &mut Cache) -> u8 {
    let facts = columns.facts();
    best_crosswise(columns, Aspect::Street, a, b, |left, right| {
        compare(facts, &facts.streets[left as usize], &facts.streets[right as usize], cache)
    })
    .map_or(0, |level| level + 1)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Same,
    Close,
    Different,
}

const NAMES: [Name; 3] = [Name::Same, Name::Close, Name::Different];

fn compare(facts: &Facts, a: &StreetFacts, b: &StreetFacts, cache: &mut Cache) -> u8 {
    let name = if a.name == 0 || b.name == 0 {
        Name::Different
    } else if a.name == b.name {
        Name::Same
    } else {
        names(facts, a.name, b.name, cache)
    };
    let numbers = a.number != 0 && b.number != 0;
    let number_same = numbers && a.number == b.number;
    let unit_conflict = a.unit != 0 && b.unit != 0 && a.unit != b.unit;
    match name {
        Name::Same if number_same => u8::from(unit_conflict),
        Name::Close if number_same => 2,
        Name::Same | Name::Close if numbers => {
            let (left, right) = (facts.house_pool.text(a.number), facts.house_pool.text(b.number));
            let (short, long) = (left.len().min(right.len()), left.len().max(right.len()));
            if one_edit(left, right) && long >= 2 && (short >= 2 || name == Name::Same) {
                3
            } else if name == Name::Same {
                5
            } else {
                7
            }
        }
        Name::Same => 4,
        _ if number_same => 6,
        _ => 7,
    }
}

/// Two different names of streets.
fn names(facts: &Facts, a: ValueId, b: ValueId, cache: &mut Cache) -> Name {
    let (left, right) = (&facts.street_names[a as usize], &facts.street_names[b as usize]);
    if left.is_one_word && right.is_one_word && !left.may_be_alike(right) {
        return Name::Different;
    }
    let text = |id| facts.street_name_pool.text(id);
    // In one order always: what is kept must not depend on which of the two came first.
    let compute = || compare_names(text(a).min(text(b)), text(a).max(text(b))) as u8;
    let grade = cache.get(3, a, b, compute);
    NAMES[usize::from(grade)]
}

fn compare_names(a: &str, b: &str) -> Name {
    if a == b || same_letters(a, b) {
        return Name::Same;
    }
    if is_close(a, b) || is_alike(a, b) {
        return Name::Close;
    }
    // `harbour view main` and `main harbour`: most words of the shorter name are in the longer.
    let shared = tokens(a).filter(|token| tokens(b).any(|other| other == *token)).count();
    let shorter = tokens(a).count().min(tokens(b).count());
    if shared > 0 && shared * 2 > shorter { Name::Close } else { Name::Different }
}

fn carried(comparison: &Comparison, _: &Layout, dialect: Dialect) -> sql::CarriedTable {
    let columns = sql::Columns::of(comparison, dialect);
    // The house number is taken for the first word, as in `12 Hill Street`.
    let number = |street: &str| dialect.split(street, " ", 1);
    let same_number = |l: &str, r: &str| format!("{} = {}", number(l), number(r));
    let similar =
        |l: &str, r: &str| format!("{} and {}", same_number(l, r), dialect.alike(l, r, 0.88));
    sql::CarriedTable {
        null: columns.missing(),
        levels: vec![
            sql::frequent(sql::level("same street and number", columns.equal(), &[0]), columns),
            sql::level("same number, street alike", columns.any(similar), &[1, 2]),
            sql::level("streets alike", columns.any(|l, r| dialect.alike(l, r, 0.92)), &[3, 4, 5]),
            sql::level("same number, another street", columns.any(same_number), &[6]),
            sql::otherwise("streets differ", &[7]),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::address::street;
    use super::*;

    #[test]
    fn lines() {
        for (a, b, expected) in [
            ("12 Hill Street", "12 Hill St.", 0),
            ("12 Hill Street Apt 4", "12 Hill Street", 0),
            ("12 Hill Street Apt 4", "12 Hill Street #5", 1),
            ("12 Hillside Street", "12 Hilside Rd", 2),
            ("127 Hill Street", "172 Hill Street", 3),
            ("Hill Street", "12 Hill Street", 4),
            ("12 Hill Street", "940 Hill Street", 5),
            ("12 Hill Street", "12 Ocean Drive", 6),
            ("12 Hill Street", "940 Ocean Drive", 7),
        ] {
            let (facts, [left, right]) = Facts::of_streets([&street(a), &street(b)]);
            let compare = |left, right| compare(&facts, left, right, &mut Cache::new());
            assert_eq!(compare(&left, &right), expected, "{a} / {b}");
            assert_eq!(compare(&right, &left), expected, "{b} / {a}");
        }
    }
}
