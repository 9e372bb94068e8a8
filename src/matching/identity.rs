//! Whether a delivery makes somebody else of a record: its source reuses the key, or wrote another customer over
//! it.
//!
//! Judged by the comparisons of the engine, so that a slip, a nickname, swapped names, a name in another script or a
//! placeholder is what it is there. A name alone seldom says so: people marry, and clerks correct.

use domain::{FieldName, FieldType, RecordId, Values};
use settings::Settings;

use super::columns::{Columns, ColumnsBuilder};
use super::compare::{Cache, Comparison, comparisons};
use super::layout::{Aspect, Layout};
use super::portrait::Kind;
use super::two_people::TwoPeople;

/// What says that a record is of somebody else than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityChange {
    /// The comparisons that say so, in their words: `name`, `date of birth`. They hold nothing of a value.
    pub says: Vec<&'static str>,
}

/// The types of field by which a record says whose it is.
const IDENTIFYING: [FieldType; 7] = [
    FieldType::GivenName,
    FieldType::FamilyName,
    FieldType::FullName,
    FieldType::OrganisationName,
    FieldType::DateOfBirth,
    FieldType::NationalId,
    FieldType::Identifier,
];

/// Those of them that name somebody.
const NAMES: [FieldType; 4] =
    [FieldType::GivenName, FieldType::FamilyName, FieldType::FullName, FieldType::OrganisationName];

/// What says that `delivered` is of somebody else than `former`; none where that is not clear.
///
/// Of a person: a name that clearly differs together with a date of birth that does; both parts of the name, where
/// no date of birth and nothing else says that it is the same person; or a registered number that is another one. Of
/// an organisation: a registered number that is another one; or the name, where no number and nothing else says that
/// it is the same.
#[must_use]
pub fn identity_change(
    settings: &Settings,
    former: &Values,
    delivered: &Values,
) -> Option<IdentityChange> {
    if !may_change(settings, former, delivered) {
        return None;
    }
    let (columns, [a, b]) = two(settings, former, delivered);
    let mut seen = Seen::of(settings, &columns, a, b);
    seen.is_reached_alike |= is_of_one_organisation(settings, former, delivered);
    let numbers = numbers_that_changed(settings, &seen, former, delivered);
    if !numbers.is_empty() {
        return Some(IdentityChange { says: numbers });
    }
    let says = match (columns.kind(a), columns.kind(b)) {
        (Kind::Person, Kind::Person) => seen.of_persons(),
        (Kind::Organisation, Kind::Organisation) => seen.of_organisations(),
        // A trader who registers a company, or a name in the other field.
        _ => Vec::new(),
    };
    (!says.is_empty()).then_some(IdentityChange { says })
}

/// Whether a record says by fields of a type whose it is.
#[must_use]
pub fn is_identifying(field_type: FieldType) -> bool {
    IDENTIFYING.contains(&field_type)
}

/// Whether values name anybody at all, a person or an organisation.
#[must_use]
pub fn names_somebody(settings: &Settings, values: &Values) -> bool {
    let is_name = |field_type| NAMES.contains(&field_type);
    let mut fields = settings.fields.iter().filter(|field| is_name(field.field_type));
    fields.any(|field| values.standard(field.name.as_str()).is_some())
}

/// Whether two bodies name the same customer in the same words: nothing by which a customer is known differs.
#[must_use]
pub fn is_named_alike(settings: &Settings, one: &Values, other: &Values) -> bool {
    !may_change(settings, one, other)
}

/// Whether anything by which a customer is known differs at all: mostly nothing does.
fn may_change(settings: &Settings, one: &Values, other: &Values) -> bool {
    let said = |values: &Values, field: &str| {
        values.get(field).and_then(|value| value.standard()).map(ToOwned::to_owned)
    };
    let mut fields = settings.fields.iter().filter(|field| IDENTIFYING.contains(&field.field_type));
    fields.any(|field| said(one, field.name.as_str()) != said(other, field.name.as_str()))
}

fn two(settings: &Settings, former: &Values, delivered: &Values) -> (Columns, [u32; 2]) {
    let mut builder = ColumnsBuilder::new(settings);
    let ids = [RecordId(0), RecordId(1)];
    builder.push(ids[0], former);
    builder.push(ids[1], delivered);
    let columns = builder.finish_whole();
    let row = columns.rows();
    let rows = ids.map(|id| row(id).unwrap_or(id.0));
    (columns, rows)
}

/// Whether both name the same organisation: beside a person's name it says for whom they are asked.
fn is_of_one_organisation(settings: &Settings, one: &Values, other: &Values) -> bool {
    let mut fields = settings.fields_of(FieldType::OrganisationName);
    fields.any(|field| {
        let name = |values: &Values| {
            values
                .get(field.name.as_str())
                .and_then(|value| value.standard())
                .map(str::to_lowercase)
        };
        name(one).is_some_and(|name_of_one| name(other) == Some(name_of_one))
    })
}

/// What the comparisons say of two bodies of one record.
#[derive(Default)]
struct Seen {
    /// Which parts of the name clearly differ: given, family.
    name: (bool, bool),
    /// Whether both have a date of birth, and whether it clearly differs.
    birth: Option<bool>,
    /// The name of an organisation clearly differs.
    organisation: bool,
    /// The numbers that a state or a register issued, of which another was delivered.
    issued: Vec<&'static str>,
    /// Such a number is the same, but perhaps for a slip.
    is_known_by_number: bool,
    /// A mailbox, a telephone, the street or the organisation beside a person is the same.
    is_reached_alike: bool,
}

impl Seen {
    fn of(settings: &Settings, columns: &Columns, a: u32, b: u32) -> Seen {
        let mut seen = Seen::default();
        let kind = columns.kind(a);
        if kind != columns.kind(b) {
            return seen;
        }
        let in_two_scripts = TwoPeople::have_two_scripts(columns, a, b);
        for comparison in comparisons(&Layout::new(settings), kind) {
            let graded = comparison.grade(columns, a, b, &mut Cache::new());
            if let Some(level) = graded.checked_sub(1) {
                seen.take(kind, &comparison, level);
            }
        }
        // How a name is written in the other script nobody can tell: with the date it may still be another's.
        if in_two_scripts && seen.birth != Some(true) {
            seen.name = (false, false);
        }
        seen
    }

    fn take(&mut self, kind: Kind, comparison: &Comparison, level: u8) {
        let aspects = comparison.subject.aspects;
        let says = (comparison.subject.says)(kind, level);
        match aspects.first() {
            Some(Aspect::Full) => self.name = (says.other_given, says.other_family),
            Some(Aspect::Birth) => self.birth = Some(says.contradicts),
            Some(Aspect::Organisation) => self.organisation = is_worst(comparison, level),
            Some(Aspect::NationalId | Aspect::Identifier) => {
                if says.contradicts {
                    self.issued.push(comparison.subject.name);
                }
                self.is_known_by_number |= !is_worst(comparison, level);
            }
            Some(Aspect::Email | Aspect::Phone | Aspect::Street) => {
                self.is_reached_alike |= level == 0
            }
            _ => {}
        }
    }

    fn of_persons(&self) -> Vec<&'static str> {
        let (given, family) = self.name;
        match self.birth {
            // A mother and her daughter share mailbox, telephone and street, and so does whoever moved in; they
            // share no number of their own. Who marries keeps the given name: with a slip in the date beside it
            // they are still reached as before.
            Some(true) if self.is_known_by_number => Vec::new(),
            Some(true) if given || family && !self.is_reached_alike => {
                vec!["name", "date of birth"]
            }
            None if given && family && !self.is_known_by_number && !self.is_reached_alike => {
                vec!["name"]
            }
            _ => Vec::new(),
        }
    }

    fn of_organisations(&self) -> Vec<&'static str> {
        let is_known = self.is_known_by_number || self.is_reached_alike;
        if self.organisation && !is_known { vec!["organisation"] } else { Vec::new() }
    }
}

/// The numbers of which another was delivered: those issued by a state or a register, and those that a rule of
/// `[[matching.rules]]` says a customer is known by.
fn numbers_that_changed(
    settings: &Settings,
    seen: &Seen,
    former: &Values,
    delivered: &Values,
) -> Vec<&'static str> {
    let mut changed = seen.issued.clone();
    for rule in &settings.by_hand.same {
        let [field] = rule.as_slice() else { continue };
        let declared = settings.field(field.as_str()).map(|field| field.field_type);
        if declared != Some(FieldType::Identifier) || changed.contains(&"identifier") {
            continue;
        }
        if is_another_number(settings, field, former, delivered) {
            changed.push("identifier");
        }
    }
    changed
}

/// Whether the numbers in a field are two, and neither is a slip of the other: by nothing but themselves.
fn is_another_number(
    settings: &Settings,
    field: &FieldName,
    former: &Values,
    delivered: &Values,
) -> bool {
    let only = |values: &Values| -> Values {
        let value = values.get(field.as_str()).cloned();
        value.into_iter().map(|value| (field.clone(), value)).collect()
    };
    let (columns, [a, b]) = two(settings, &only(former), &only(delivered));
    let mut own = comparisons(&Layout::new(settings), Kind::Person).into_iter();
    own.find(|it| it.subject.aspects == [Aspect::Identifier]).is_some_and(|comparison| {
        let graded = comparison.grade(&columns, a, b, &mut Cache::new());
        graded.checked_sub(1).is_some_and(|level| is_worst(&comparison, level))
    })
}

/// Whether a level, counted from 0, is the one of values that plainly differ.
fn is_worst(comparison: &Comparison, level: u8) -> bool {
    usize::from(level) + 1 == comparison.subject.levels().len()
}
