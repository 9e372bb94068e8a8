//! Names of organisations: by their words, with the legal form set apart.

use domain::FieldType;

use super::super::columns::Columns;
use super::super::layout::{Aspect, Layout};
use super::super::legal_forms::core;
use super::super::portrait::Kind;
use super::super::splink::Dialect;
use super::super::splink::levels as sql;
use super::super::text::{is_close, jaro_winkler, same_letters};
use super::{Agreement, Cache, Comparison, ComparisonSpec, Learning, Level, level};

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;

pub(crate) static SPEC: ComparisonSpec = ComparisonSpec {
    kinds: &[Kind::Organisation],
    aspects: &[Aspect::Organisation],
    counted: &[Aspect::Organisation],
    learning: [Learning::Free; 3],
    agrees: |level| Agreement::by_chance(level == SAME, Aspect::Organisation),
    judges: &[FieldType::OrganisationName],
    words: |_, level| match level {
        1 => "legal form",
        2 => "slip",
        3 => "part of it",
        4 => "shared words",
        _ => "",
    },
    ..ComparisonSpec::usual("organisation_name", "organisation", || &LEVELS, grade, carried)
};

pub(crate) const LEVELS: [Level; 6] = [
    level("same name", [0.62, 0.02, 0.93, 2e-5]),
    level("same but for the legal form", [0.15, 0.02, 0.05, 1e-5]),
    level("name differs by a slip", [0.10, 0.01, 0.01, 2e-5]),
    level("one name is contained in the other", [0.07, 0.05, 0.005, 2e-4]),
    level("names share words", [0.04, 0.20, 0.003, 0.02]),
    level("names differ", [0.02, 0.70, 0.002, 0.98]),
];

fn grade(columns: &Columns, _: u8, a: u32, b: u32, _: &mut Cache) -> u8 {
    let (left, right) =
        (columns.value(Aspect::Organisation, a), columns.value(Aspect::Organisation, b));
    if left == 0 || right == 0 {
        return 0;
    }
    let text = |id| columns.text(Aspect::Organisation, id);
    1 + if left == right { SAME } else { compare(text(left), text(right)) }
}

fn compare(a: &str, b: &str) -> u8 {
    let (mut left, mut right) = (core(a), core(b));
    let (joined_a, joined_b) = (left.join(" "), right.join(" "));
    if same_letters(&joined_a, &joined_b) {
        return 1;
    }
    left.sort_unstable();
    right.sort_unstable();
    if left == right {
        return 1;
    }
    if is_close(&joined_a, &joined_b)
        || joined_a.len().min(joined_b.len()) >= 6 && jaro_winkler(&joined_a, &joined_b) >= 0.95
    {
        return 2;
    }
    let shared = left.iter().filter(|token| right.contains(token)).count();
    let shorter = left.len().min(right.len());
    if shared > 0 && shared == shorter {
        3
    } else if shared * 2 >= shorter && shared > 0 {
        4
    } else {
        5
    }
}

fn carried(comparison: &Comparison, _: &Layout, dialect: Dialect) -> sql::CarriedTable {
    let columns = sql::Columns::of(comparison, dialect);
    let begins =
        |l: &str, r: &str| format!("{l} like concat({r}, ' %') or {r} like concat({l}, ' %')");
    sql::CarriedTable {
        null: columns.missing(),
        levels: vec![
            sql::frequent(sql::level("same name", columns.equal(), &[0]), columns),
            sql::level("names alike", columns.any(|l, r| dialect.alike(l, r, 0.92)), &[1, 2]),
            sql::level("one name begins with the other", columns.any(begins), &[3]),
            sql::otherwise("names differ", &[4, 5]),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (a, b, expected) in [
            ("acme gmbh", "acme gmbh und co kg", 1),
            ("acme tools inc", "tools acme", 1),
            ("northwind traders", "northwnd traders", 2),
            ("universal exports", "universal exports singapore", 3),
            ("acme tools", "acme paints", 4),
            ("acme", "globex", 5),
        ] {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected, "{b} {a}");
        }
    }
}
