//! Blocking rules in SQL: the exact counterparts of those in `blocking`.

use super::super::layout::Layout;
use super::super::portrait::Kind;
use super::dialect::Dialect;
use domain::FieldType;

/// What compares every pair, as small sets are here.
pub(super) const EVERY_PAIR: &str = "1 = 1";

/// A part of a rule: what both records must share.
#[derive(Clone, Copy)]
enum Part {
    /// The whole value.
    Whole(FieldType),
    /// So many first characters.
    Start(FieldType, u8),
}

use FieldType::{
    City, DateOfBirth, Email, FamilyName, FullName, GivenName, Identifier, NationalId,
    OrganisationName, Phone, Postcode, Street,
};
use Part::{Start, Whole};

const PERSON: [&[Part]; 12] = [
    &[Whole(NationalId)],
    &[Whole(Identifier)],
    &[Whole(Email)],
    &[Whole(Phone)],
    &[Whole(DateOfBirth), Whole(FamilyName)],
    &[Whole(DateOfBirth), Whole(GivenName)],
    &[Whole(FamilyName), Whole(Postcode)],
    &[Whole(Street), Start(GivenName, 1)],
    &[Whole(GivenName), Whole(Postcode)],
    &[Whole(FamilyName), Start(GivenName, 1), Whole(City)],
    &[Whole(GivenName), Whole(FamilyName)],
    &[Whole(FullName)],
];

const ORGANISATION: [&[Part]; 7] = [
    &[Whole(NationalId)],
    &[Whole(Identifier)],
    &[Whole(Email)],
    &[Whole(Phone)],
    &[Whole(OrganisationName)],
    &[Whole(Street), Whole(Postcode)],
    &[Start(OrganisationName, 6), Whole(City)],
];

/// The rules whose fields are mapped.
pub(super) fn rules(layout: &Layout, kind: Kind, dialect: Dialect) -> Vec<String> {
    let table: &[&[Part]] = match kind {
        Kind::Person => &PERSON,
        Kind::Organisation => &ORGANISATION,
    };
    table.iter().flat_map(|parts| rule(layout, parts, dialect)).collect()
}

/// One rule for each way of taking the columns of its parts; single values are taken crosswise.
fn rule(layout: &Layout, parts: &[Part], dialect: Dialect) -> Vec<String> {
    if let [Whole(only)] = parts {
        let fields: Vec<&str> = layout.of(*only).map(|field| field.as_str()).collect();
        let mut crosswise = Vec::new();
        for (at, left) in fields.iter().enumerate() {
            for right in &fields[at..] {
                crosswise.push(same(left, right, dialect));
                if left != right {
                    crosswise.push(same(right, left, dialect));
                }
            }
        }
        return crosswise;
    }
    let conditions: Option<Vec<String>> = parts
        .iter()
        .map(|part| match part {
            Whole(of) => layout.of(*of).next().map(|it| same(it.as_str(), it.as_str(), dialect)),
            Start(of, length) => layout.of(*of).next().map(|field| {
                let start = |side| dialect.part(&dialect.of(side, field.as_str()), 1, *length);
                format!("{} = {}", start('l'), start('r'))
            }),
        })
        .collect();
    conditions.map(|conditions| conditions.join(" and ")).into_iter().collect()
}

fn same(left: &str, right: &str, dialect: Dialect) -> String {
    format!("{} = {}", dialect.of('l', left), dialect.of('r', right))
}
