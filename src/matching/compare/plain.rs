//! Gender, occupation and categories: weak evidence, the same or not.

use domain::FieldType;

use super::super::columns::Columns;
use super::super::layout::{Aspect, Layout};
use super::super::portrait::Kind;
use super::super::splink::Dialect;
use super::super::splink::levels as sql;
use super::{Cache, Comparison, ComparisonSpec, Level, Subject, level};

pub(crate) static SPEC: ComparisonSpec = ComparisonSpec {
    aspects: &[Aspect::Plain],
    made: each_field,
    judges: &[FieldType::Gender, FieldType::Occupation, FieldType::Category],
    of_field: |spec, layout, field| {
        let slot = layout.plain().position(|own| own == field)?;
        Some(Subject::of(spec).in_slot(u8::try_from(slot).ok()?))
    },
    judges_alone: false,
    ..ComparisonSpec::usual("plain", "", || &LEVELS, grade, carried)
};

pub(crate) const LEVELS: [Level; 2] =
    [level("same value", [0.90, 0.5, 0.5, 0.3]), level("values differ", [0.10, 0.5, 0.5, 0.7])];

fn grade(columns: &Columns, slot: u8, a: u32, b: u32, _: &mut Cache) -> u8 {
    let value = |row| columns.row(Aspect::Plain, row).get(usize::from(slot)).copied().unwrap_or(0);
    match (value(a), value(b)) {
        (0, _) | (_, 0) => 0,
        (left, right) if left == right => 1,
        _ => 2,
    }
}

/// A comparison for each of the first few fields: a handful says all there is; more would only repeat
/// one another.
fn each_field(subject: Subject, layout: &Layout, kind: Kind) -> Vec<Comparison> {
    let only_persons = || layout.of(FieldType::Gender).chain(layout.of(FieldType::Occupation));
    let first = (0..).zip(layout.plain().take(4));
    let meant =
        first.filter(|(_, field)| kind == Kind::Person || !only_persons().any(|own| own == *field));
    meant
        .map(|(slot, field)| Comparison {
            name: field.as_str().replace('_', " "),
            subject: subject.in_slot(slot),
            fields: vec![field.clone()],
        })
        .collect()
}

fn carried(comparison: &Comparison, _: &Layout, dialect: Dialect) -> sql::CarriedTable {
    let columns = sql::Columns::of(comparison, dialect);
    sql::CarriedTable {
        null: columns.missing(),
        levels: vec![
            sql::level("same value", columns.equal(), &[0]),
            sql::otherwise("values differ", &[1]),
        ],
    }
}
