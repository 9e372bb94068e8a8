//! Which levels of a comparison carry over, as SQL, best first: the first condition that holds
//! decides, as in Splink.

use super::super::compare::{Comparison, Subject};
use super::super::layout::Layout;
use super::dialect::Dialect;
use super::names;
use domain::{FieldName, FieldType};

/// A level of Splink's: one or several of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CarriedLevel {
    pub(super) label: String,
    pub(super) condition: String,
    /// Our levels in it, counted from 0.
    pub(super) levels: Vec<u8>,
    /// The column whose term frequencies adjust it.
    pub(super) frequency: Option<String>,
}

/// A comparison in SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CarriedTable {
    /// When there is nothing to compare.
    pub(super) null: String,
    /// Every level, each of ours in at most one; the last is `ELSE`.
    pub(super) levels: Vec<CarriedLevel>,
}

/// The levels of a comparison.
pub(super) fn table(comparison: &Comparison, layout: &Layout, dialect: Dialect) -> CarriedTable {
    let columns = Columns { fields: &comparison.fields, dialect };
    match comparison.subject {
        Subject::PersonName => names::table(layout, dialect),
        Subject::OrganisationName => organisation(columns),
        Subject::Birth => birth(columns),
        Subject::Email => email(columns),
        Subject::Phone => phone(columns),
        Subject::NationalId | Subject::Identifier => identifier(columns),
        Subject::Street => street(columns),
        Subject::Place => place(layout, comparison, dialect),
        Subject::Plain(_) => plain(columns),
    }
}

/// The columns of one comparison.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    pub(super) fields: &'a [FieldName],
    pub(super) dialect: Dialect,
}

impl Columns<'_> {
    /// A condition on some pair of columns, crosswise.
    pub(super) fn any(self, condition: impl Fn(&str, &str) -> String) -> String {
        let mut all = Vec::new();
        for left in self.fields {
            for right in self.fields {
                let left = self.dialect.side(left.as_str(), 'l');
                let right = self.dialect.side(right.as_str(), 'r');
                all.push(format!("({})", condition(&left, &right)));
            }
        }
        all.join(" or ")
    }

    /// Some pair of columns is equal.
    pub(super) fn equal(self) -> String {
        match self.fields {
            // Splink knows this form as an exact match, which term frequencies need.
            [only] => equal(self.dialect, only.as_str()),
            _ => self.any(|left, right| format!("{left} = {right}")),
        }
    }

    /// A side has no value at all.
    pub(super) fn missing(self) -> String {
        let side = |side: char| {
            let all = self.fields.iter().map(|field| self.dialect.side(field.as_str(), side));
            let all: Vec<String> = all.map(|column| format!("{column} is null")).collect();
            format!("({})", all.join(" and "))
        };
        format!("{} or {}", side('l'), side('r'))
    }

    /// Both sides have a value.
    fn on_both_sides(self) -> String {
        format!("not ({})", self.missing())
    }

    /// Whether there is any column.
    fn are_there(self) -> bool {
        !self.fields.is_empty()
    }

    /// The column term frequencies can go by.
    pub(super) fn only(self) -> Option<String> {
        match self.fields {
            [only] => Some(only.to_string()),
            _ => None,
        }
    }
}

pub(super) fn equal(dialect: Dialect, column: &str) -> String {
    format!("{} = {}", dialect.side(column, 'l'), dialect.side(column, 'r'))
}

pub(super) fn level(label: &str, condition: String, levels: &[u8]) -> CarriedLevel {
    CarriedLevel { label: label.to_owned(), condition, levels: levels.to_vec(), frequency: None }
}

pub(super) fn otherwise(label: &str, levels: &[u8]) -> CarriedLevel {
    level(label, "ELSE".to_owned(), levels)
}

fn frequent(mut level: CarriedLevel, columns: Columns<'_>) -> CarriedLevel {
    level.frequency = columns.only();
    level
}

fn birth(columns: Columns<'_>) -> CarriedTable {
    let dialect = columns.dialect;
    let year = |date: &str| dialect.part(date, 1, 4);
    let month = |date: &str| dialect.part(date, 6, 2);
    let day = |date: &str| dialect.part(date, 9, 2);
    let swapped = |l: &str, r: &str| {
        format!(
            "{} = {} and {} = {} and {} = {}",
            year(l),
            year(r),
            month(l),
            day(r),
            day(l),
            month(r)
        )
    };
    let two = |l: &str, r: &str| {
        let (years, months, days) = (
            format!("{} = {}", year(l), year(r)),
            format!("{} = {}", month(l), month(r)),
            format!("{} = {}", day(l), day(r)),
        );
        format!("({years} and {months}) or ({years} and {days}) or ({months} and {days})")
    };
    let same_year = |l: &str, r: &str| format!("{} = {}", year(l), year(r));
    CarriedTable {
        null: columns.missing(),
        levels: vec![
            level("same date", columns.equal(), &[0]),
            level("day and month swapped", columns.any(swapped), &[1]),
            level("one digit differs", columns.any(|l, r| dialect.edits(l, r, 1)), &[2]),
            level("two of day, month and year agree", columns.any(two), &[3]),
            level("same year", columns.any(same_year), &[4]),
            otherwise("dates differ", &[5]),
        ],
    }
}

fn email(columns: Columns<'_>) -> CarriedTable {
    let dialect = columns.dialect;
    let mailbox = |address: &str| dialect.split(address, "@", 1);
    let same_mailbox = |l: &str, r: &str| format!("{} = {}", mailbox(l), mailbox(r));
    let slip = |l: &str, r: &str| format!("{} and {}", same_mailbox(l, r), dialect.edits(l, r, 2));
    let alike = |l: &str, r: &str| dialect.alike(&mailbox(l), &mailbox(r), 0.92);
    CarriedTable {
        null: columns.missing(),
        levels: vec![
            frequent(level("same address", columns.equal(), &[0]), columns),
            level("domain differs by a slip", columns.any(slip), &[1]),
            level("mailbox differs by a slip", columns.any(|l, r| dialect.edits(l, r, 2)), &[2]),
            level("same mailbox, another domain", columns.any(same_mailbox), &[3]),
            level("mailboxes alike", columns.any(alike), &[4, 5]),
            otherwise("addresses differ", &[6]),
        ],
    }
}

fn phone(columns: Columns<'_>) -> CarriedTable {
    let dialect = columns.dialect;
    CarriedTable {
        null: columns.missing(),
        levels: vec![
            frequent(level("same number", columns.equal(), &[0]), columns),
            level("one digit differs", columns.any(|l, r| dialect.edits(l, r, 1)), &[1]),
            otherwise("numbers differ", &[2]),
        ],
    }
}

fn identifier(columns: Columns<'_>) -> CarriedTable {
    let dialect = columns.dialect;
    let edits = |most| columns.any(move |l, r| dialect.edits(l, r, most));
    CarriedTable {
        null: columns.missing(),
        levels: vec![
            level("same number", columns.equal(), &[0]),
            level("one character differs", edits(1), &[1]),
            level("two characters differ", edits(2), &[2]),
            otherwise("numbers differ", &[3]),
        ],
    }
}

fn street(columns: Columns<'_>) -> CarriedTable {
    let dialect = columns.dialect;
    // The house number is taken for the first word, as in `12 Hill Street`.
    let number = |street: &str| dialect.split(street, " ", 1);
    let same_number = |l: &str, r: &str| format!("{} = {}", number(l), number(r));
    let similar =
        |l: &str, r: &str| format!("{} and {}", same_number(l, r), dialect.alike(l, r, 0.88));
    CarriedTable {
        null: columns.missing(),
        levels: vec![
            frequent(level("same street and number", columns.equal(), &[0]), columns),
            level("same number, street alike", columns.any(similar), &[1, 2]),
            level("streets alike", columns.any(|l, r| dialect.alike(l, r, 0.92)), &[3, 4, 5]),
            level("same number, another street", columns.any(same_number), &[6]),
            otherwise("streets differ", &[7]),
        ],
    }
}

fn organisation(columns: Columns<'_>) -> CarriedTable {
    let dialect = columns.dialect;
    let begins =
        |l: &str, r: &str| format!("{l} like concat({r}, ' %') or {r} like concat({l}, ' %')");
    CarriedTable {
        null: columns.missing(),
        levels: vec![
            frequent(level("same name", columns.equal(), &[0]), columns),
            level("names alike", columns.any(|l, r| dialect.alike(l, r, 0.92)), &[1, 2]),
            level("one name begins with the other", columns.any(begins), &[3]),
            otherwise("names differ", &[4, 5]),
        ],
    }
}

fn plain(columns: Columns<'_>) -> CarriedTable {
    CarriedTable {
        null: columns.missing(),
        levels: vec![level("same value", columns.equal(), &[0]), otherwise("values differ", &[1])],
    }
}

/// Postal code, town and region: three lists of levels, by what both records have. Parts of one-line
/// addresses are no columns: such a workspace has no levels but the last.
fn place(layout: &Layout, comparison: &Comparison, dialect: Dialect) -> CarriedTable {
    let of = |field_type| -> Vec<FieldName> { layout.of(field_type).cloned().collect() };
    let (codes, towns, regions) =
        (of(FieldType::Postcode), of(FieldType::City), of(FieldType::Region));
    let code = Columns { fields: &codes, dialect };
    let town = Columns { fields: &towns, dialect };
    let region = Columns { fields: &regions, dialect };
    let mut levels = Vec::new();
    if code.are_there() {
        levels.extend(by_code(code, town, region));
    }
    if town.are_there() {
        levels.push(frequent(level("same town", town.equal(), &[6]), town));
        levels.push(level("towns alike", town.any(|l, r| dialect.alike(l, r, 0.92)), &[7]));
        if region.are_there() {
            let other = format!("({}) and ({})", town.on_both_sides(), region.equal());
            levels.push(level("same region, another town", other, &[8]));
        }
        let rest = rest(&levels, 6..10);
        levels.push(level("towns differ", town.on_both_sides(), &rest));
    }
    if region.are_there() {
        levels.push(level("same region", region.equal(), &[10]));
    }
    levels.push(otherwise("places differ", if region.are_there() { &[11] } else { &[] }));
    let parts: Vec<String> = [code, town, region]
        .into_iter()
        .filter(|part| part.are_there())
        .map(|part| format!("({})", part.missing()))
        .collect();
    let null = match parts.as_slice() {
        [] => Columns { fields: &comparison.fields, dialect }.missing(),
        parts => parts.join(" and "),
    };
    CarriedTable { null, levels }
}

/// Both sides have a postal code.
fn by_code(code: Columns<'_>, town: Columns<'_>, region: Columns<'_>) -> Vec<CarriedLevel> {
    let dialect = code.dialect;
    let other = |condition: String| format!("({}) and ({condition})", code.on_both_sides());
    let slip = code.any(|l, r| dialect.edits(l, r, 1));
    let mut levels = vec![
        frequent(level("same postal code", code.equal(), &[0]), code),
        level("postal code differs by a slip", slip, &[1]),
    ];
    if town.are_there() {
        levels.push(level("same town, another postal code", other(town.equal()), &[2]));
        let alike = town.any(|l, r| dialect.alike(l, r, 0.92));
        levels.push(level("towns alike, another postal code", other(alike), &[3]));
    }
    if region.are_there() {
        levels.push(level("same region, another postal code", other(region.equal()), &[4]));
    }
    let rest = rest(&levels, 0..6);
    levels.push(level("postal codes differ", code.on_both_sides(), &rest));
    levels
}

/// Of a range of our levels, those that no level holds yet.
fn rest(levels: &[CarriedLevel], range: std::ops::Range<u8>) -> Vec<u8> {
    range.filter(|own| !levels.iter().any(|level| level.levels.contains(own))).collect()
}
