//! A person's name, read from a record's fields.

use std::borrow::Cow;

use domain::naming::{
    NamePart, Several, Suffix, addressed, bearers, is_firm, is_line_break, may_be_senior,
    names_second_person, perhaps_addressed, several, with_plain_signs,
};
use domain::{FieldName, FieldType, Value, Values};

use super::super::generations;
use super::super::layout::Layout;
use super::super::others::{self, Others};
use super::super::text::{fold, folded, tokens};
use super::generation::{
    BEFORE_GIVEN_NAMES, behind_a_name, code, take_generation, take_generation_in_front,
    take_generation_of_given,
};
use super::{Bearer, People};

/// A person's name, folded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PersonName {
    /// Given names; of a couple those of both.
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) bearer: Bearer,
}

/// Words that begin a family name of several words.
const PARTICLES: [&str; 22] = [
    "von", "van", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "den", "der", "ten",
    "ter", "zu", "bin", "al", "binti", "bint", "binte", "bte",
];

impl PersonName {
    /// From a record's given and family names, its full name and what stands behind a name.
    pub(crate) fn read(layout: &Layout, values: &Values) -> Self {
        let part = |field_type, part| Part::read(values, layout.of(field_type), part);
        let mut given = part(FieldType::GivenName, NamePart::Given);
        let mut family = part(FieldType::FamilyName, NamePart::Family);
        if family.text.is_empty()
            && let Some(parts) = family_and_given(layout, values)
        {
            (family.text, given.text) = parts;
            given.people = People::One;
        }
        let behind = folded(values, layout.of(FieldType::NameSuffix));
        let mut generation =
            tokens(&behind).find_map(|word| code(behind_a_name(word)?)).unwrap_or(0);
        for found in [take_generation(&mut family.text), take_generation_of_given(&mut given.text)]
        {
            generation = if generation == 0 { found } else { generation };
        }
        let delivered = |field_type| {
            let mut values = layout.of(field_type).filter_map(|field| values.get(field.as_str()));
            values.next().map_or("", Value::raw)
        };
        for (name, field_type, part) in [
            (&mut family.text, FieldType::FamilyName, NamePart::Family),
            (&mut given.text, FieldType::GivenName, NamePart::Given),
        ] {
            let found = generations::take(name, part, delivered(field_type)).and_then(code);
            generation = if generation == 0 { found.unwrap_or(0) } else { generation };
        }
        // In front, too, as lists have it that were made of forms.
        let in_front = [
            take_generation_in_front(&mut given.text, &BEFORE_GIVEN_NAMES),
            take_generation_in_front(&mut family.text, &[]),
        ];
        for found in in_front {
            generation = if generation == 0 { found } else { generation };
        }
        let mut people = given.people.max(family.people);
        if layout.has(FieldType::FullName) {
            let full = Self::of_full(values, layout);
            if given.text.is_empty() && (family.text.is_empty() || family.text == full.family) {
                (given.text, family.text) = (full.given, full.family);
            }
            people = people.max(full.bearer.people());
            let found = full.bearer.0 & Bearer::GENERATION;
            generation = if generation == 0 { found } else { generation };
        }
        if given.text == family.text && given.text.contains(' ') {
            // A whole name that a source put into both fields says only one thing.
            given.text.clear();
        }
        // The standard form has no form of address; the delivered one says it.
        let named = [FieldType::GivenName, FieldType::FullName, FieldType::FamilyName];
        let raw = named.into_iter().flat_map(|it| layout.of(it));
        let mut raw = raw.filter_map(|field| values.get(field.as_str())).map(Value::raw);
        if generation == 0 && people == People::One && raw.clone().any(may_be_senior) {
            generation = Bearer::PERHAPS_SENIOR;
        }
        let people = people.max(others(layout, values));
        let perhaps = raw.clone().find_map(perhaps_addressed);
        let bearer = Bearer::new(generation, people, raw.find_map(addressed));
        let bearer = bearer.perhaps_addressed(perhaps);
        Self { given: given.text, family: family.text, bearer }
    }

    fn of_full(values: &Values, layout: &Layout) -> Self {
        let Part { text: mut rest, given, people } =
            Part::read(values, layout.of(FieldType::FullName), NamePart::Full);
        // `João Neto` has a family name, `João Silva Neto` his grandfather's name.
        let last = rest.rsplit(' ').next().unwrap_or_default();
        let is_suffix = Suffix::is_plain(last) || last.len() < 2 || tokens(&rest).count() > 2;
        let mut generation = if is_suffix { take_generation(&mut rest) } else { 0 };
        let found = generations::take(&mut rest, NamePart::Full, "").and_then(code);
        generation = if generation == 0 { found.unwrap_or(0) } else { generation };
        // `Junior Walker` has a given name, `Junior Kevin Walker` two or none.
        let names = if tokens(&rest).count() > 2 { &BEFORE_GIVEN_NAMES[..] } else { &[] };
        let found = take_generation_in_front(&mut rest, names);
        generation = if generation == 0 { found } else { generation };
        let words: Vec<&str> = tokens(&rest).collect();
        let cut = family_start(&words, given);
        Self {
            given: words[..cut].join(" "),
            family: words[cut..].join(" "),
            bearer: Bearer::new(generation, people, None),
        }
    }
}

/// One part of a name, of all its fields.
#[derive(Default)]
struct Part {
    text: String,
    /// How many words in front are given names for sure: those of a couple.
    given: usize,
    people: People,
}

impl Part {
    fn read<'a>(
        values: &Values,
        fields: impl Iterator<Item = &'a FieldName>,
        part: NamePart,
    ) -> Self {
        let mut read = Self::default();
        for value in fields.filter_map(|field| values.get(field.as_str())) {
            let lines = lines(values, value, part);
            let shown = with_plain_signs(value.shown());
            let value: &str = &Suffix::made_plain(&shown, part);
            // Two surnames of one person, or of two people: nothing tells.
            if part == NamePart::Family && has_alternatives(value) {
                read.people = People::Several;
            }
            // `Paul & Co` is not Paul Coe.
            if part == NamePart::Full && is_firm(value) {
                read.people = read.people.max(People::PerhapsSeveral);
            }
            let found = several(value, part);
            let text = match found.or_else(|| several(lines.as_deref()?, part)) {
                Some(people) => {
                    let is_doubtful = people.is_doubtful;
                    let count = if is_doubtful { People::PerhapsSeveral } else { People::Several };
                    read.people = read.people.max(count);
                    read.given = given_words(&people);
                    people_folded(&people)
                }
                None => match without_somebody(value, part) {
                    Some(rest) => {
                        read.people = People::Several;
                        fold(&rest)
                    }
                    None => fold(value),
                },
            };
            if !text.is_empty() {
                read.text.push_str(if read.text.is_empty() { "" } else { " " });
                read.text.push_str(&text);
            }
        }
        read
    }
}

/// A value as it was delivered in several lines, which the standard form has in one. A part that was read
/// from a full name has that name's lines, which part no names of its kind.
fn lines<'a>(values: &Values, value: &'a Value, part: NamePart) -> Option<Cow<'a, str>> {
    let raw = value.raw().trim();
    if !raw.contains(is_line_break) {
        return None;
    }
    let is_of_a_full_name = part != NamePart::Full
        && values.iter().filter(|(_, other)| other.raw() == value.raw()).count() > 1;
    (!is_of_a_full_name).then(|| with_plain_signs(raw))
}

/// Of how many people the names are as they were delivered.
fn others(layout: &Layout, values: &Values) -> People {
    let parts = [
        (FieldType::GivenName, NamePart::Given),
        (FieldType::FullName, NamePart::Full),
        (FieldType::FamilyName, NamePart::Family),
    ];
    let raw = parts.into_iter().flat_map(|(field_type, part)| {
        let values = layout.of(field_type).filter_map(|field| values.get(field.as_str()));
        values.map(move |value| (value.raw(), part))
    });
    let found = raw.map(|(raw, part)| {
        // A part that was read from a full name has it as it was delivered.
        let is_whole = part != NamePart::Full
            && raw.contains(' ')
            && values.iter().filter(|(_, other)| other.raw() == raw).count() > 1;
        match others::of(raw, if is_whole { NamePart::Full } else { part }) {
            Others::Nobody => People::One,
            Others::Perhaps => People::PerhapsSeveral,
            Others::Somebody => People::Several,
        }
    });
    found.max().unwrap_or_default()
}

/// Family name and given names of `Rushmore, Paul` in a column of given names: only what follows the comma is
/// known as one.
fn family_and_given(layout: &Layout, values: &Values) -> Option<(String, String)> {
    let mut delivered =
        layout.of(FieldType::GivenName).filter_map(|field| values.get(field.as_str()));
    let (before, behind) = delivered.next()?.shown().split_once(',')?;
    let (family, given) = (fold(before), fold(behind));
    let is_given = |name: &str| tokens(name).next().is_some_and(|it| bearers(it).is_some());
    (!family.is_empty() && !is_given(&family) && is_given(&given) && !behind.contains(','))
        .then_some((family, given))
}

/// Whether a slash parts two names: `Carthorse/Hill`.
pub(super) fn has_alternatives(name: &str) -> bool {
    let is_name = |part: &str| {
        let part = part.trim();
        part.chars().count() > 1
            && part.chars().all(|it| it.is_alphabetic() || " -'.’".contains(it))
    };
    name.split_once('/').is_some_and(|(one, other)| is_name(one) && other.split('/').all(is_name))
}

/// The name without a given name in brackets, who is somebody else: `Carthorse (Susan)` in a column of
/// family names, `Peter (Susan)` in others.
fn without_somebody(value: &str, part: NamePart) -> Option<String> {
    let (before, rest) = value.split_once(" (")?;
    let (somebody, behind) = rest.split_once(')')?;
    let is_somebody = match part {
        NamePart::Family => behind.is_empty() && bearers(&fold(somebody)).is_some(),
        NamePart::Given | NamePart::Full => names_second_person(value, part, fold),
    };
    is_somebody.then(|| format!("{before}{behind}"))
}

/// The names of several people without what joins them; a family name that each of them has
/// stands once, behind.
fn people_folded(people: &Several<'_>) -> String {
    let names = people.people.iter().map(|person| fold(&person.join(" ")));
    let mut names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    if let Some((last, others)) = names.split_last_mut()
        && let Some((_, family)) = last.rsplit_once(' ')
    {
        for other in others {
            if let Some((given, own)) = other.rsplit_once(' ')
                && own == family
            {
                *other = given.to_owned();
            }
        }
    }
    names.join(" ")
}

/// Words of all people but the last one, who has the family name.
fn given_words(people: &Several<'_>) -> usize {
    let all = tokens(&people_folded(people)).count();
    let last = people.people.last().map_or(0, |person| tokens(&fold(&person.join(" "))).count());
    all.saturating_sub(last)
}

/// Where the family name begins in `given … family`, of which so many are given names.
pub(super) fn family_start(words: &[&str], given: usize) -> usize {
    let last = words.len().saturating_sub(1);
    let from = given.max(1);
    let particle = words.iter().skip(from).position(|word| PARTICLES.contains(word));
    particle.map_or(last, |at| (at + from).min(last))
}
