//! Given and family name together in SQL: a grid of four grades each.

use super::super::super::layout::Layout;
use super::super::super::splink::Dialect;
use super::super::super::splink::levels::{
    CarriedLevel, CarriedTable, Columns, equal, level, otherwise,
};
use super::super::Comparison;
use super::grades::{Family, Given, SWAPPED, number};
use domain::{FieldName, FieldType};

/// A grade of a given name in SQL: its words, and which of ours are in it.
const GIVEN: [(&str, &[Given]); 4] = [
    ("same given name", &[Given::Same]),
    ("given name alike", &[Given::Close, Given::Alike]),
    ("initial or part of the given name", &[Given::Initial, Given::Extended]),
    ("given names differ", &[Given::Nickname, Given::Different]),
];

const FAMILY: [(&str, &[Family]); 4] = [
    ("same family name", &[Family::Same]),
    ("family name alike", &[Family::Close, Family::Alike]),
    ("part of the family name", &[Family::Part]),
    ("family names differ", &[Family::Different]),
];

/// Where two texts count as alike.
const ALIKE: f64 = 0.88;

pub(super) fn table(_: &Comparison, layout: &Layout, dialect: Dialect) -> CarriedTable {
    let first = |field_type| layout.of(field_type).next().cloned();
    let (given, family) = (first(FieldType::GivenName), first(FieldType::FamilyName));
    let every_given: Vec<Given> = GIVEN.iter().flat_map(|(_, own)| own.iter().copied()).collect();
    let every_family: Vec<Family> =
        FAMILY.iter().flat_map(|(_, own)| own.iter().copied()).collect();
    match (given, family, first(FieldType::FullName)) {
        (Some(given), Some(family), _) => both(given.as_str(), family.as_str(), dialect),
        (_, _, Some(full)) => single(&[full], &every_given, &every_family, dialect),
        (Some(given), None, None) => single(&[given], &every_given, &[Family::Missing], dialect),
        (None, Some(family), None) => single(&[family], &[Given::Missing], &every_family, dialect),
        // Without any name there is no such comparison.
        (None, None, None) => CarriedTable { null: "1 = 1".to_owned(), levels: Vec::new() },
    }
}

/// One column for the whole name, or for the only part of it that is known.
fn single(
    fields: &[FieldName],
    given: &[Given],
    family: &[Family],
    dialect: Dialect,
) -> CarriedTable {
    let columns = Columns { fields, dialect };
    let is_same = |given: Given, family: Family| {
        matches!(given, Given::Same | Given::Missing)
            && matches!(family, Family::Same | Family::Missing)
    };
    let is_alike = |given: Given, family: Family| {
        !matches!(given, Given::Nickname | Given::Different) && family != Family::Different
    };
    let (mut same, mut alike, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for (own, other) in given.iter().flat_map(|own| family.iter().map(move |it| (*own, *it))) {
        let list = match (is_same(own, other), is_alike(own, other)) {
            (true, _) => &mut same,
            (_, true) => &mut alike,
            _ => &mut rest,
        };
        list.push(number(own, other));
    }
    if given.len() > 1 && family.len() > 1 {
        rest.extend([SWAPPED, SWAPPED + 1]);
    }
    let mut equal = level("same name", columns.equal(), &same);
    equal.frequency = columns.only();
    CarriedTable {
        null: columns.missing(),
        levels: vec![
            equal,
            level("names alike", columns.any(|l, r| dialect.alike(l, r, ALIKE)), &alike),
            otherwise("names differ", &rest),
        ],
    }
}

fn grid(given: &[Given], family: &[Family]) -> Vec<u8> {
    given.iter().flat_map(|own| family.iter().map(|other| number(*own, *other))).collect()
}

/// A column each.
fn both(given: &str, family: &str, dialect: Dialect) -> CarriedTable {
    let missing = |column: &str| {
        format!("({} is null or {} is null)", dialect.side(column, 'l'), dialect.side(column, 'r'))
    };
    let mut levels = Vec::new();
    for (grade, (label, own)) in FAMILY.iter().enumerate() {
        let condition = format!("{} and {}", missing(given), part(family, grade, dialect));
        levels.push(level(
            &format!("{label}, no given name"),
            condition,
            &grid(&[Given::Missing], own),
        ));
    }
    for (grade, (label, own)) in GIVEN.iter().enumerate() {
        let condition = format!("{} and {}", missing(family), part(given, grade, dialect));
        levels.push(level(
            &format!("{label}, no family name"),
            condition,
            &grid(own, &[Family::Missing]),
        ));
    }
    // A level is reached only when no better one held: what names differ in need not be said.
    // Grades of one part first, so that swapped names come after all that agree straight.
    let straight = |given_grade: usize, family_grade: usize| given_grade < 3 || family_grade < 3;
    let mut swapped_done = false;
    for (given_grade, family_grade) in order() {
        if !swapped_done && given_grade > 0 && family_grade > 0 {
            levels.extend(swapped(given, family, dialect));
            swapped_done = true;
        }
        if straight(given_grade, family_grade) {
            levels.push(cell(given, family, given_grade, family_grade, dialect));
        }
    }
    levels.push(otherwise("names differ", &grid(GIVEN[3].1, FAMILY[3].1)));
    CarriedTable { null: format!("{} and {}", missing(given), missing(family)), levels }
}

/// The cells of the grid: those with an equal part first, best first.
fn order() -> Vec<(usize, usize)> {
    let mut cells: Vec<(usize, usize)> =
        (0..4).flat_map(|given| (0..4).map(move |family| (given, family))).collect();
    cells.sort_by_key(|(given, family)| (*given.min(family) > 0, given + family, *given));
    cells
}

fn cell(
    given: &str,
    family: &str,
    given_grade: usize,
    family_grade: usize,
    dialect: Dialect,
) -> CarriedLevel {
    let ((given_label, givens), (family_label, families)) =
        (GIVEN[given_grade], FAMILY[family_grade]);
    let condition = match (given_grade, family_grade) {
        (_, 3) => part(given, given_grade, dialect),
        (3, _) => part(family, family_grade, dialect),
        _ => format!(
            "({}) and ({})",
            part(given, given_grade, dialect),
            part(family, family_grade, dialect)
        ),
    };
    let label = format!("{given_label}, {family_label}");
    let mut made = level(&label, condition, &grid(givens, families));
    made.frequency = match (given_grade, family_grade) {
        (_, 0) => Some(family.to_owned()),
        (0, _) => Some(given.to_owned()),
        _ => None,
    };
    made
}

/// Whether a part has a grade, given that it has no better one.
fn part(column: &str, grade: usize, dialect: Dialect) -> String {
    let (left, right) = (dialect.side(column, 'l'), dialect.side(column, 'r'));
    match grade {
        0 => equal(dialect, column),
        1 => dialect.alike(&left, &right, ALIKE),
        2 => format!(
            "({left} like concat({right}, '%') or {right} like concat({left}, '%') \
             or {left} like concat('% ', {right}) or {right} like concat('% ', {left}))"
        ),
        _ => format!("{left} is not null and {right} is not null"),
    }
}

fn swapped(given: &str, family: &str, dialect: Dialect) -> [CarriedLevel; 2] {
    let (given_l, given_r) = (dialect.side(given, 'l'), dialect.side(given, 'r'));
    let (family_l, family_r) = (dialect.side(family, 'l'), dialect.side(family, 'r'));
    let near = format!(
        "{} and {}",
        dialect.edits(&given_l, &family_r, 2),
        dialect.edits(&family_l, &given_r, 2)
    );
    [
        level(
            "given and family name swapped",
            format!("{given_l} = {family_r} and {family_l} = {given_r}"),
            &[SWAPPED],
        ),
        level("given and family name swapped, with a difference", near, &[SWAPPED + 1]),
    ]
}
