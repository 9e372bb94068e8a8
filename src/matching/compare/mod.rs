//! Comparisons: one file each. A comparison grades two records' values into ordered levels.
//!
//! Lives here: what is compared, the levels and what is believed about them before any data is
//! seen. Does not live here: what the data say about the levels (`estimate`), or which pairs are
//! looked at (`blocking`).
//!
//! A level belongs to a stratum: the values that both records have. Probabilities are relative to
//! the stratum, so that a missing value is no evidence. Start with [`Comparison::grade`]; a new
//! comparison is one file, one [`Subject`] and one row in [`comparisons`].

pub(crate) mod birth;
pub(crate) mod email;
pub(crate) mod identifier;
pub(crate) mod organisation;
pub(crate) mod person_name;
pub(crate) mod phone;
pub(crate) mod place;
pub(crate) mod plain;
pub(crate) mod street;

use serde::{Deserialize, Serialize};

use domain::{FieldName, FieldType};

use super::columns::{Columns, ValueId};
use super::layout::{Aspect, Layout};
use super::portrait::Kind;

/// One graded outcome of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Level {
    /// In words: `day and month swapped`.
    pub(crate) label: &'static str,
    /// Which values both records have.
    pub(crate) stratum: u8,
    /// Its chance in each class before data are seen: match, household, namesake, unrelated.
    pub(crate) chances: [f64; 4],
}

/// A level without strata.
const fn level(label: &'static str, chances: [f64; 4]) -> Level {
    Level { label, stratum: 0, chances }
}

/// What a class is allowed to learn about a comparison from data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Learning {
    /// Its level chances, starting from the believed ones.
    Free,
    /// Nothing: the believed chances stand.
    Believed,
    /// Nothing of its own: the values agree as often as those of unrelated records.
    AsUnrelated,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Subject {
    PersonName,
    OrganisationName,
    Birth,
    Email,
    Phone,
    NationalId,
    Identifier,
    Street,
    Place,
    /// One weakly compared field, by its place among them.
    Plain(u8),
}

impl Subject {
    pub(crate) fn levels(self) -> &'static [Level] {
        match self {
            Subject::PersonName => person_name::levels(),
            Subject::OrganisationName => &organisation::LEVELS,
            Subject::Birth => &birth::LEVELS,
            Subject::Email => &email::LEVELS,
            Subject::Phone => &phone::LEVELS,
            Subject::NationalId | Subject::Identifier => &identifier::LEVELS,
            Subject::Street => &street::LEVELS,
            Subject::Place => &place::LEVELS,
            Subject::Plain(_) => &plain::LEVELS,
        }
    }

    /// Whether a level, counted from 0, is seen only where names agree, and follows from that: to
    /// unrelated people of one name it happens as often as to any namesakes, whatever its chance
    /// among all unrelated people.
    pub(crate) fn follows_from_names(self, level: usize) -> bool {
        self == Subject::Email && level == usize::from(email::MADE_OF_NAME)
    }

    /// A level's chances as they tell the classes apart.
    pub(crate) fn telling(self, level: usize, mut chances: [f64; 4]) -> [f64; 4] {
        if self.follows_from_names(level) {
            chances[3] = chances[3].max(chances[2]);
        }
        chances
    }

    /// What match, household and namesake may learn.
    pub(crate) fn learning(self) -> [Learning; 3] {
        use Learning::{AsUnrelated, Believed, Free};
        match self {
            Subject::PersonName | Subject::OrganisationName => [Free, Free, Free],
            Subject::Birth => [Free, Believed, AsUnrelated],
            Subject::Email => [Free, Free, Believed],
            Subject::Phone | Subject::Street | Subject::Place => [Free, Free, AsUnrelated],
            Subject::NationalId | Subject::Identifier => [Free, AsUnrelated, AsUnrelated],
            Subject::Plain(_) => [Free, Free, AsUnrelated],
        }
    }
}

/// A comparison of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// In words: `date of birth`.
    pub(crate) name: String,
    pub(crate) subject: Subject,
    /// The fields it reads.
    pub(crate) fields: Vec<FieldName>,
}

impl Subject {
    /// The level of two rows, counted from 1; 0 when a value to compare is missing.
    #[inline]
    pub(crate) fn grade(self, columns: &Columns, a: u32, b: u32, cache: &mut Cache) -> u8 {
        match self {
            Subject::PersonName => person_name::grade(columns, a, b, cache),
            Subject::OrganisationName => organisation::grade(columns, a, b),
            Subject::Birth => birth::grade(columns, a, b),
            Subject::Email => email::grade(columns, a, b),
            Subject::Phone => phone::grade(columns, a, b),
            Subject::NationalId => identifier::grade(columns, Aspect::NationalId, a, b),
            Subject::Identifier => identifier::grade(columns, Aspect::Identifier, a, b),
            Subject::Street => street::grade(columns, a, b, cache),
            Subject::Place => place::grade(columns, a, b),
            Subject::Plain(slot) => plain::grade(columns, usize::from(slot), a, b),
        }
    }
}

impl Comparison {
    /// As [`Subject::grade`].
    #[inline]
    pub(crate) fn grade(&self, columns: &Columns, a: u32, b: u32, cache: &mut Cache) -> u8 {
        self.subject.grade(columns, a, b, cache)
    }

    /// Reads the facts about a row that [`Comparison::grade`] is going to need, for nothing but to
    /// have them near: see [`super::nearness`].
    #[inline]
    pub(crate) fn fetch(&self, columns: &Columns, row: u32) -> u32 {
        let facts = columns.facts();
        let value = |aspect| columns.value(aspect, row);
        match self.subject {
            Subject::PersonName => {
                let sound = |aspect| columns.name_facts(value(aspect)).word.sound;
                sound(Aspect::Given) ^ sound(Aspect::Family)
            }
            Subject::Birth => facts.dates[value(Aspect::Birth) as usize].0,
            Subject::Email => facts.mailbox_length(value(Aspect::Email)),
            Subject::Phone => facts.phones[value(Aspect::Phone) as usize].length(),
            Subject::Street => facts.streets[value(Aspect::Street) as usize].name,
            Subject::Place => facts.postcodes[value(Aspect::Postcode) as usize].code,
            _ => 0,
        }
    }
}

/// The comparisons of one kind of record, in the order they are shown.
pub(crate) fn comparisons(layout: &Layout, kind: Kind) -> Vec<Comparison> {
    let mut list = Vec::new();
    let mut add = |name: &str, subject: Subject, aspects: &[Aspect]| {
        let mut fields: Vec<FieldName> = Vec::new();
        for field in aspects.iter().flat_map(|aspect| layout.fields_of(*aspect)) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        if !fields.is_empty() {
            list.push(Comparison { name: name.to_owned(), subject, fields });
        }
    };
    match kind {
        Kind::Person => {
            add("name", Subject::PersonName, &[Aspect::Full]);
            add("date of birth", Subject::Birth, &[Aspect::Birth]);
        }
        Kind::Organisation => {
            add("organisation", Subject::OrganisationName, &[Aspect::Organisation]);
        }
    }
    add("e-mail", Subject::Email, &[Aspect::Email]);
    add("phone", Subject::Phone, &[Aspect::Phone]);
    add("national id", Subject::NationalId, &[Aspect::NationalId]);
    add("identifier", Subject::Identifier, &[Aspect::Identifier]);
    add("street", Subject::Street, &[Aspect::Street]);
    add("place", Subject::Place, &[Aspect::Postcode, Aspect::City, Aspect::Region]);
    // A handful says all there is; more would only repeat one another.
    for (slot, field) in layout.plain().enumerate().take(4) {
        let only_persons = layout.of(FieldType::Gender).chain(layout.of(FieldType::Occupation));
        if kind == Kind::Person || !only_persons.clone().any(|own| own == field) {
            list.push(Comparison {
                name: field.as_str().replace('_', " "),
                subject: Subject::Plain(slot as u8),
                fields: vec![field.clone()],
            });
        }
    }
    list
}

/// The best level over every pair of values of an aspect; `None` when a side has no value.
#[inline]
pub(crate) fn best_crosswise(
    columns: &Columns,
    aspect: Aspect,
    a: u32,
    b: u32,
    mut grade: impl FnMut(ValueId, ValueId) -> u8,
) -> Option<u8> {
    let (left, right) = (columns.row(aspect, a), columns.row(aspect, b));
    let mut level = |left, right| if left == right { 0 } else { grade(left, right) };
    if let ([left], [right]) = (left, right) {
        // One field of a type is the rule: no need to look for the best.
        return (*left != 0 && *right != 0).then(|| level(*left, *right));
    }
    let mut best = None;
    for left in left.iter().filter(|value| **value != 0) {
        for right in right.iter().filter(|value| **value != 0) {
            let level = level(*left, *right);
            best = Some(best.map_or(level, |known: u8| known.min(level)));
            if best == Some(0) {
                return best;
            }
        }
    }
    best
}

/// Grades of value pairs seen before: names repeat, and edit distances cost.
///
/// An entry is the pair and its grade in one number, so that the cache stays near the processor.
pub(crate) struct Cache {
    entries: Vec<u64>,
}

impl Cache {
    const BITS: u32 = 15;
    /// Bits of a value's number, and of a grade. Values numbered beyond that are not kept.
    const VALUE: u32 = 29;
    const GRADE: u32 = 4;

    pub(crate) fn new() -> Self {
        Self { entries: vec![0; 1 << Self::BITS] }
    }

    /// The grade (under 16) of an unordered pair of different values under `tag` (1 to 3), computed
    /// when it is not at hand.
    #[inline]
    pub(crate) fn get(
        &mut self,
        tag: u64,
        a: ValueId,
        b: ValueId,
        compute: impl FnOnce() -> u8,
    ) -> u8 {
        let (low, high) = (a.min(b), a.max(b));
        if high >> Self::VALUE != 0 {
            return compute();
        }
        let key = (tag << Self::VALUE | u64::from(high)) << Self::VALUE | u64::from(low);
        let entry = &mut self.entries[(super::hash::mix(0, key) >> (64 - Self::BITS)) as usize];
        if *entry >> Self::GRADE != key {
            *entry = key << Self::GRADE | u64::from(compute());
        }
        (*entry & ((1 << Self::GRADE) - 1)) as u8
    }
}
