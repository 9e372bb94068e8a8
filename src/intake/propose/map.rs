//! From columns to fields.

use std::collections::BTreeMap;

use super::column::Column;
use super::file::FileLook;
use super::kinds;
use super::marks;
use super::meaning::Role;
use super::region::Region;
use crate::headings::{self, Meaning, Surety};
use domain::FieldType;

/// A field that is read from columns of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// The field.
    pub field: String,
    /// Its type.
    pub field_type: FieldType,
    /// What it holds.
    pub meaning: Meaning,
    /// Its columns.
    pub columns: Vec<String>,
    /// Why.
    pub why: String,
    /// Other lines that could stand in its place, each with what it would be.
    pub instead: Vec<(Vec<String>, String)>,
    /// Rows in which it holds something.
    pub filled: u64,
    /// Whether no value stands there twice.
    pub is_unique: bool,
}

/// A column that is read for no field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmapped {
    /// The column.
    pub column: String,
    /// What it seems to hold.
    pub what: String,
    /// The type that a field of it could have.
    pub field_type: FieldType,
}

/// The columns of a file, each for what it is taken for.
pub(super) struct Assigned {
    pub map: Vec<Mapped>,
    pub unmapped: Vec<Unmapped>,
    pub updated: Option<String>,
    pub remarks: Vec<String>,
    /// Lines about what the source has deleted and merged.
    pub marks: Vec<String>,
}

/// Which fields the columns make; `key` is the one that tells records apart.
pub(super) fn assign(look: &FileLook, roles: &[Option<Role>], key: Option<&str>) -> Assigned {
    let mut roles = settled(look, roles, key);
    let kinds = kinds::of(look, &mut roles, key);
    let mut by_meaning: BTreeMap<Meaning, Vec<&Role>> = BTreeMap::new();
    for role in roles.iter().flatten() {
        by_meaning.entry(role.meaning).or_default().push(role);
    }
    if let Some(companies) = &kinds.companies {
        by_meaning.insert(Meaning::OrganisationName, vec![companies]);
    }
    for of_one in by_meaning.values_mut() {
        of_one.sort_by_key(|role| {
            let empty = look.columns[role.column].filled == 0;
            (empty, role.is_other, std::cmp::Reverse(role.surety), role.column)
        });
    }
    let name = |role: &Role| look.columns[role.column].name.to_string();
    let mut assigned = Assigned {
        map: Vec::new(),
        unmapped: Vec::new(),
        updated: by_meaning.get(&Meaning::Updated).map(|roles| name(roles[0])),
        remarks: roles.iter().flatten().filter_map(|role| role.remark.clone()).collect(),
        marks: Vec::new(),
    };
    let marks = marks::of(look, &by_meaning, key);
    assigned.remarks.extend(marks.remarks);
    assigned.remarks.extend(kinds.remark);
    assigned.marks = marks.lines;
    assigned.marks.extend(kinds.line);
    let mut taken: Vec<usize> = Vec::new();
    for meaning in Meaning::all() {
        let (Some(roles), Some((field, field_type))) = (by_meaning.get(&meaning), meaning.field())
        else {
            continue;
        };
        let extra = usize::from(matches!(meaning, Meaning::Email | Meaning::Phone));
        for (nth, role) in roles.iter().filter(|role| is_read(role)).take(1 + extra).enumerate() {
            let mut mapped = mapped(field, field_type, role, look);
            if nth > 0 {
                mapped.field = format!("{field}_{}", nth + 1);
            }
            taken.push(role.column);
            if meaning == Meaning::Street {
                with_parts(&mut mapped, &by_meaning, look, &mut taken);
            }
            if meaning == Meaning::FamilyName && nth == 0 {
                with_particle(&mut mapped, &by_meaning, look, &mut taken);
            }
            mapped.instead.extend(roles.iter().skip(1 + extra).filter(|_| nth == 0).map(|other| {
                let why =
                    if other.is_other { "someone else's, or a second one" } else { "likewise" };
                (vec![name(other)], why.to_owned())
            }));
            assigned.map.push(mapped);
        }
    }
    for (place, column) in look.columns.iter().enumerate() {
        let is_used = taken.contains(&place)
            || marks.columns.contains(&place)
            || kinds.column == Some(place)
            || key == Some(column.name.as_str())
            || assigned.updated.as_deref() == Some(column.name.as_str());
        if !is_used {
            assigned.unmapped.push(unmapped(column, roles[place].as_ref()));
        }
    }
    assigned
}

/// Whether a column is read for a field by itself: what is another's is not, but for a telephone and an
/// e-mail address more.
fn is_read(role: &Role) -> bool {
    !role.is_other || matches!(role.meaning, Meaning::Email | Meaning::Phone | Meaning::Mobile)
}

fn mapped(field: &str, field_type: FieldType, role: &Role, look: &FileLook) -> Mapped {
    let column = &look.columns[role.column];
    Mapped {
        field: field.to_owned(),
        field_type,
        meaning: role.meaning,
        columns: vec![column.name.to_string()],
        why: role.why.clone(),
        instead: Vec::new(),
        filled: column.filled - column.looks.absent.min(column.filled),
        is_unique: column.is_unique(),
    }
}

/// A family name with what stands before it, in whatever order the columns stand.
fn with_particle(
    family: &mut Mapped,
    by_meaning: &BTreeMap<Meaning, Vec<&Role>>,
    look: &FileLook,
    taken: &mut Vec<usize>,
) {
    let particle = by_meaning.get(&Meaning::Particle).and_then(|roles| roles.first());
    if let Some(particle) = particle.filter(|role| !role.is_other) {
        taken.push(particle.column);
        family.columns.insert(0, look.columns[particle.column].name.to_string());
        family.why =
            "the prefix of the name has a column of its own: joined with a space".to_owned();
    }
}

/// Countries that write the house number before the street.
const NUMBER_FIRST: [&str; 16] = [
    "US", "CA", "GB", "IE", "AU", "NZ", "FR", "IN", "ZA", "SG", "MY", "PH", "HK", "KE", "NG", "LU",
];

/// Whether the number goes behind the street where the file's country is, else where its header's language
/// is spoken; none where neither tells.
fn number_goes_behind(look: &FileLook, number: &str) -> Option<bool> {
    if let Some(region) = Region::of(look.columns.iter()) {
        return Some(!NUMBER_FIRST.contains(&region.code.as_str()));
    }
    let languages = headings::read(number)?.languages;
    Some(!languages.iter().any(|language| ["en", "fr"].contains(language)))
        .filter(|_| !languages.contains("en"))
}

/// A street with the column of its house number, and a second line of it as an alternative.
fn with_parts(
    street: &mut Mapped,
    by_meaning: &BTreeMap<Meaning, Vec<&Role>>,
    look: &FileLook,
    taken: &mut Vec<usize>,
) {
    let first = |meaning| by_meaning.get(&meaning).and_then(|roles| roles.first());
    if let Some(number) = first(Meaning::HouseNumber).filter(|role| !role.is_other) {
        let column = look.columns[number.column].name.to_string();
        taken.push(number.column);
        // Where nothing tells the custom, a number that stands first is written first.
        let stands_first =
            || look.columns[number.column..].iter().any(|it| *it.name == *street.columns[0]);
        let is_before = match number_goes_behind(look, &column) {
            Some(true) => false,
            _ => stands_first(),
        };
        if is_before {
            street.columns.insert(0, column);
        } else {
            street.columns.push(column);
        }
        street.why = "street and house number are in two columns: joined with a space".to_owned();
    }
    for more in by_meaning.get(&Meaning::NumberMore).into_iter().flatten() {
        if more.is_other {
            continue;
        }
        taken.push(more.column);
        // Behind the number, wherever that stands.
        let number = first(Meaning::HouseNumber).map(|it| &look.columns[it.column].name);
        let is_before = number.is_some_and(|it| street.columns[0] == it.as_str());
        let at = if is_before { 1 } else { street.columns.len() };
        street.columns.insert(at, look.columns[more.column].name.to_string());
        street.why = "street, house number and its addition: joined with spaces".to_owned();
    }
    if let Some(more) = first(Meaning::StreetMore).filter(|role| !role.is_other) {
        let column = look.columns[more.column].name.to_string();
        let all = street.columns.iter().cloned().chain([column]).collect();
        street.instead.push((all, "with its second line".to_owned()));
    }
}

/// The same, with what only the other columns of a file tell: whose name a `Name` is, and that a key
/// that is none is a number like others.
fn settled(look: &FileLook, roles: &[Option<Role>], key: Option<&str>) -> Vec<Option<Role>> {
    let has = |meaning| {
        roles.iter().flatten().any(|role| {
            role.meaning == meaning
                && !role.is_other
                && role.surety > Some(Surety::Part)
                && look.columns[role.column].filled > 0
        })
    };
    let (given, family) = (has(Meaning::GivenName), has(Meaning::FamilyName));
    let has_place = has(Meaning::City) || has(Meaning::Postcode);
    let settle = |role: &Role| {
        let column = &look.columns[role.column];
        // What tells records apart may be a field as well: an e-mail address.
        if key == Some(column.name.as_str()) && role.meaning == Meaning::Key {
            return None;
        }
        let mut role = role.clone();
        match role.meaning {
            Meaning::Name if given && !family => {
                role.meaning = Meaning::FamilyName;
                role.why = "a name next to a given name".to_owned();
            }
            Meaning::Name if family && !given => {
                role.meaning = Meaning::GivenName;
                role.why = "a name next to a family name".to_owned();
            }
            Meaning::Name if !given && !family => {
                role.meaning = Meaning::FullName;
                role.why = if column.share(column.looks.words) >= 50 {
                    "a name of several words".to_owned()
                } else {
                    "a name, and no column holds part of one".to_owned()
                };
            }
            Meaning::Initials if !given => {
                role.meaning = Meaning::GivenName;
                role.why = "initials, and no column holds given names".to_owned();
            }
            // Streets alone are no address, and an address in parts has its street in one.
            Meaning::Address if has_place && !has(Meaning::Street) => {
                role.meaning = Meaning::Street
            }
            Meaning::DateOfBirth if role.surety.is_none() && has(Meaning::DateOfBirth) => {
                role.meaning = Meaning::Created;
            }
            _ => {}
        }
        // Dates that nobody named are of no known meaning.
        let is_nameless_date = role.meaning == Meaning::Created && role.surety.is_none();
        (!is_nameless_date).then_some(role)
    };
    roles.iter().map(|role| role.as_ref().and_then(settle)).collect()
}

/// What a column that makes no field holds, by all appearances.
fn unmapped(column: &Column, role: Option<&Role>) -> Unmapped {
    let looks = &column.looks;
    let is_mostly = |count| column.share(count) >= 80;
    let (what, field_type) = if column.filled == 0 {
        ("it is empty", FieldType::Text)
    } else if let Some(role) = role {
        match role.meaning {
            Meaning::Card => ("card numbers: better not stored here at all", FieldType::Text),
            Meaning::Secret => ("secrets: better not stored here at all", FieldType::Text),
            Meaning::Measure if is_mostly(looks.number) => ("numbers", FieldType::Number),
            Meaning::Passport => {
                ("sensitive: mask it with `sensitive = true`", FieldType::NationalId)
            }
            Meaning::Salary => ("sensitive: mask it with `sensitive = true`", FieldType::Number),
            Meaning::Key => {
                ("an identifier: map it if other sources have it too", FieldType::Identifier)
            }
            Meaning::MiddleName => ("middle names", FieldType::GivenName),
            Meaning::Initials => ("initials", FieldType::Text),
            Meaning::Particle => ("prefixes of family names", FieldType::Text),
            Meaning::IsOrganisation => ("whether it is a company", FieldType::Category),
            Meaning::Salutation => ("how people are addressed", FieldType::Category),
            Meaning::Status => ("a status", FieldType::Category),
            Meaning::Fax => ("fax numbers", FieldType::Phone),
            Meaning::StreetMore => ("the street's second line", FieldType::Street),
            meaning => match meaning.field() {
                Some((_, field_type)) => ("the same kind as a field above", field_type),
                None => ("text", FieldType::Text),
            },
        }
    } else if is_mostly(looks.date) {
        ("dates", FieldType::Date)
    } else if column.has_few_values() && is_mostly(looks.consent) {
        ("yes and no", FieldType::Consent)
    } else if column.has_few_values() {
        ("a few values, again and again", FieldType::Category)
    } else if is_mostly(looks.number) {
        ("numbers", FieldType::Number)
    } else if is_mostly(looks.code) && column.is_unique() {
        ("an identifier", FieldType::Identifier)
    } else {
        ("text", FieldType::Text)
    };
    Unmapped { column: column.name.to_string(), what: what.to_owned(), field_type }
}
