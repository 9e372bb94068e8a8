//! One record's values as matching sees them: folded texts by aspect.

use domain::{FieldName, FieldType, Value, Values, spreadsheet};

use super::address;
use super::layout::{Aspect, Layout, Shape};
use super::text::{digits, fold, tokens};

/// What a record is about; records of different kinds are never the same customer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person; also a record without any name.
    Person,
    /// A record with an organisation's name and no person's.
    Organisation,
}

/// The texts of one record, where its [`Shape`] says; an empty text is an absent value.
pub(crate) struct Portrait {
    pub(crate) kind: Kind,
    pub(crate) texts: Vec<String>,
    /// `jr` is 1, `sr` 2, `ii` 3 and so on, [`PERHAPS_THE_FIRST`]; 0 when not said.
    pub(crate) generation: u8,
}

const GENERATIONS: [(&str, u8); 8] = [
    ("jr", 1),
    ("junior", 1),
    ("sr", 2),
    ("senior", 2),
    ("ii", 3),
    ("iii", 4),
    ("iv", 5),
    ("v", 6),
];

/// `Morris I` is the first of that name beside `Morris II`, and has an initial else.
const PERHAPS_THE_FIRST: u8 = 7;

/// Whether two generations tell a father from a son.
pub(crate) fn generations_differ(a: u8, b: u8) -> bool {
    let counted = |generation| (3..PERHAPS_THE_FIRST).contains(&generation);
    match (a, b) {
        (0, _) | (_, 0) => false,
        (PERHAPS_THE_FIRST, other) | (other, PERHAPS_THE_FIRST) => counted(other),
        _ => a != b,
    }
}

/// Words that begin a family name of several words.
const PARTICLES: [&str; 18] = [
    "von", "van", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "den", "der", "ten",
    "ter", "zu", "bin", "al",
];

impl Portrait {
    pub(crate) fn new(layout: &Layout, shape: &Shape, values: &Values) -> Self {
        let mut texts = vec![String::new(); shape.width()];
        let (given, family, generation) = person_name(layout, values);
        let organisation = folded(values, layout.of(FieldType::OrganisationName));
        let kind = if given.is_empty() && family.is_empty() && !organisation.is_empty() {
            Kind::Organisation
        } else {
            Kind::Person
        };
        let mut put = |aspect: Aspect, slot: usize, text: String| {
            if let Some(place) = texts[shape.slots(aspect)].get_mut(slot) {
                *place = text;
            }
        };
        if !given.is_empty() && !family.is_empty() {
            put(Aspect::Full, 0, format!("{given}|{family}"));
        }
        put(Aspect::Given, 0, given);
        put(Aspect::Family, 0, family);
        put(Aspect::Organisation, 0, organisation);
        let typed: [(Aspect, FieldType, Reader); 8] = [
            (Aspect::Birth, FieldType::DateOfBirth, |value| standard(value).to_owned()),
            (Aspect::Email, FieldType::Email, email),
            (Aspect::Phone, FieldType::Phone, phone),
            (Aspect::NationalId, FieldType::NationalId, identifier),
            (Aspect::Identifier, FieldType::Identifier, identifier),
            (Aspect::Postcode, FieldType::Postcode, postcode),
            (Aspect::City, FieldType::City, |value| fold(standard(value))),
            (Aspect::Region, FieldType::Region, |value| fold(standard(value))),
        ];
        for (aspect, field_type, read) in typed {
            for (slot, field) in layout.of(field_type).enumerate() {
                if let Some(value) = values.get(field.as_str()) {
                    put(aspect, slot, read(value));
                }
            }
        }
        for (slot, field) in layout.of(FieldType::Street).enumerate() {
            if let Some(value) = values.get(field.as_str()) {
                put(Aspect::Street, slot, address::street(standard(value)));
            }
        }
        for (slot, field) in layout.plain().enumerate() {
            if let Some(value) = values.get(field.as_str()) {
                put(Aspect::Plain, slot, fold(standard(value)));
            }
        }
        let mut portrait = Self { kind, texts, generation };
        portrait.read_addresses(layout, shape, values);
        portrait
    }

    /// One-line addresses fill what fields of their own left empty.
    fn read_addresses(&mut self, layout: &Layout, shape: &Shape, values: &Values) {
        for (slot, field) in layout.of(FieldType::Address).enumerate() {
            let Some(value) = values.get(field.as_str()) else { continue };
            let read = address::one_line(standard(value));
            for (aspect, text) in [
                (Aspect::Street, read.street),
                (Aspect::City, read.city),
                (Aspect::Postcode, read.postcode),
            ] {
                if let Some(place) = self.texts[shape.slots(aspect)].get_mut(slot)
                    && place.is_empty()
                {
                    *place = text;
                }
            }
        }
    }
}

/// Reads one value as the text that is compared.
type Reader = fn(&Value) -> String;

/// What could not be read is not compared: equal rubbish is no evidence of one person.
fn standard(value: &Value) -> &str {
    value.standard().unwrap_or_default()
}

fn folded<'a>(values: &Values, fields: impl Iterator<Item = &'a FieldName>) -> String {
    let texts: Vec<String> = fields
        .filter_map(|field| values.get(field.as_str()))
        .map(|value| fold(standard(value)))
        .filter(|text| !text.is_empty())
        .collect();
    texts.join(" ")
}

/// Given and family name, folded, without generation, and the generation.
fn person_name(layout: &Layout, values: &Values) -> (String, String, u8) {
    let mut given = folded(values, layout.of(FieldType::GivenName));
    let mut family = folded(values, layout.of(FieldType::FamilyName));
    let full = folded(values, layout.of(FieldType::FullName));
    let mut generation = take_generation(&mut family);
    let in_given = take_generation_of_given(&mut given);
    if generation == 0 {
        generation = in_given;
    }
    if given.is_empty() && family.is_empty() && !full.is_empty() {
        let mut rest = full;
        generation = take_generation(&mut rest);
        let words: Vec<&str> = tokens(&rest).collect();
        let cut = family_start(&words);
        given = words[..cut].join(" ");
        family = words[cut..].join(" ");
    }
    if given == family && given.contains(' ') {
        // A whole name that a source put into both fields says only one thing.
        given.clear();
    }
    (given, family, generation)
}

/// As [`take_generation`], where a single letter is more often an initial.
fn take_generation_of_given(given: &mut String) -> u8 {
    match given.rsplit_once(' ') {
        Some((_, "v")) => 0,
        Some((_, "i")) => PERHAPS_THE_FIRST,
        _ => take_generation(given),
    }
}

fn take_generation(name: &mut String) -> u8 {
    let Some((rest, last)) = name.rsplit_once(' ') else { return 0 };
    let Some((_, generation)) = GENERATIONS.iter().find(|(word, _)| *word == last) else {
        return 0;
    };
    *name = rest.to_owned();
    *generation
}

/// Where the family name begins in `given … family`.
fn family_start(words: &[&str]) -> usize {
    let last = words.len().saturating_sub(1);
    let particle = words.iter().skip(1).position(|word| PARTICLES.contains(word));
    particle.map_or(last, |at| (at + 1).min(last))
}

/// Local part and domain, lower case; a name before the address in angle brackets is dropped.
fn email(value: &Value) -> String {
    standard(value).trim().to_lowercase()
}

/// The digits of the number without extension.
fn phone(value: &Value) -> String {
    let Some(standard) = value.standard() else { return String::new() };
    let number = standard.split(';').next().unwrap_or_default();
    let digits = digits(number);
    if digits.len() < 6 { String::new() } else { digits }
}

fn identifier(value: &Value) -> String {
    let mut text = fold(standard(value));
    text.retain(|character| character != ' ');
    text
}

fn postcode(value: &Value) -> String {
    // One that does not fit its record's country may fit another's.
    let is_lost = !value.is_readable() && spreadsheet::is_lost(value.raw().trim(), true);
    let folded = if is_lost { String::new() } else { fold(value.shown()) };
    // ZIP+4 adds the side of the street: compare the part all sources have.
    let words: Vec<&str> = tokens(&folded).collect();
    match words.as_slice() {
        [zip, add_on] if zip.len() == 5 && add_on.len() == 4 => (*zip).to_owned(),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn family_names_begin_after_the_given_ones() {
        for (words, expected) in [
            (vec!["anna", "maria", "weber"], 2),
            (vec!["ludwig", "van", "der", "berg"], 1),
            (vec!["weber"], 0),
            (vec![], 0),
            (vec!["van", "berg"], 1),
        ] {
            assert_eq!(family_start(&words), expected, "{words:?}");
        }
    }

    #[test]
    fn the_generation_is_not_part_of_the_name() {
        let mut name = "pace jr".to_owned();
        assert_eq!((take_generation(&mut name), name.as_str()), (1, "pace"));
        let mut given = "morris ii".to_owned();
        assert_eq!((take_generation_of_given(&mut given), given.as_str()), (3, "morris"));
        let mut given = "morris v".to_owned();
        assert_eq!((take_generation_of_given(&mut given), given.as_str()), (0, "morris v"));
        let mut name = "jr".to_owned();
        assert_eq!((take_generation(&mut name), name.as_str()), (0, "jr"));
    }

    #[test]
    fn fathers_and_sons() {
        for (a, b, expected) in [
            (1, 2, true),
            (3, 4, true),
            (1, 1, false),
            (0, 1, false),
            (PERHAPS_THE_FIRST, 3, true),
            (PERHAPS_THE_FIRST, 1, false),
            (PERHAPS_THE_FIRST, 0, false),
        ] {
            assert_eq!(generations_differ(a, b), expected, "{a} {b}");
            assert_eq!(generations_differ(b, a), expected, "{b} {a}");
        }
    }
}
