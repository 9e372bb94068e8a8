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

use crate::domain::{FieldName, FieldType};

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

impl Comparison {
    /// The level of two rows, counted from 1; 0 when a value to compare is missing.
    #[inline]
    pub(crate) fn grade(&self, columns: &Columns, a: u32, b: u32, cache: &mut Cache) -> u8 {
        match self.subject {
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
    let mut best = None;
    for left in columns.values(aspect, a) {
        for right in columns.values(aspect, b) {
            let level = if left == right { 0 } else { grade(left, right) };
            best = Some(best.map_or(level, |known: u8| known.min(level)));
            if best == Some(0) {
                return best;
            }
        }
    }
    best
}

/// Grades of value pairs seen before: names repeat, and edit distances cost.
pub(crate) struct Cache {
    entries: Vec<(u64, u8)>,
}

impl Cache {
    const BITS: u32 = 15;

    pub(crate) fn new() -> Self {
        Self { entries: vec![(0, 0); 1 << Self::BITS] }
    }

    /// The grade of an unordered pair under `tag`, computed when it is not at hand.
    #[inline]
    pub(crate) fn get(
        &mut self,
        tag: u64,
        a: ValueId,
        b: ValueId,
        compute: impl FnOnce() -> u8,
    ) -> u8 {
        // 31 bits a value: the tag fits above and no two pairs share a key.
        let key = (tag << 62) | (u64::from(a.max(b)) << 31) | u64::from(a.min(b));
        let slot = (super::hash::mix(0, key) >> (64 - Self::BITS)) as usize;
        let entry = &mut self.entries[slot];
        if entry.0 != key {
            *entry = (key, compute());
        }
        entry.1
    }
}
