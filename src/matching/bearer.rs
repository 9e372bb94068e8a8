//! Whose name a record holds: the name as it is compared, which generation of the family is meant,
//! and whether it is of one person or of several.
//!
//! The generation and the couple are facts of their own, read from whichever field they came in;
//! they are no part of the texts that are compared.

use std::borrow::Cow;

use domain::naming::{
    Addressed, NamePart, Several, Suffix, addressed, bearers, is_firm, is_line_break,
    may_be_senior, names_second_person, perhaps_addressed, several, with_plain_signs,
};
use domain::{FieldName, FieldType, Value, Values};

use super::generations;
use super::layout::Layout;
use super::others::{self, Others};
use super::text::{fold, folded, tokens};

/// Which generation, whether several people, and how the name is addressed; one byte of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bearer(pub(crate) u8);

impl Bearer {
    /// `Morris I` is the first of that name beside `Morris II`, and has an initial else.
    const PERHAPS_THE_FIRST: u8 = 15;
    /// `Sr. Morris` is the elder beside `Jr. Morris`, and a Spanish Mr else.
    const PERHAPS_SENIOR: u8 = 14;
    const GENERATION: u8 = 0b1111;
    const SEVERAL: u8 = 0b1_0000;
    const MAN: u8 = 0b10_0000;
    const WOMAN: u8 = 0b100_0000;
    /// Beside [`Self::SEVERAL`]: it may be of one person as well. Without: the form of address may be a name.
    const DOUBTFUL: u8 = 0b1000_0000;

    fn new(generation: u8, people: People, addressed: Option<Addressed>) -> Self {
        let addressed = match addressed {
            Some(Addressed::Man) => Self::MAN,
            Some(Addressed::Woman) => Self::WOMAN,
            None => 0,
        };
        let several = match people {
            People::One => 0,
            People::PerhapsSeveral => Self::SEVERAL | Self::DOUBTFUL,
            People::Several => Self::SEVERAL,
        };
        Self(generation | addressed | several)
    }

    /// Whether the form of address before the name is a man's or a woman's.
    pub(crate) fn addressed(self) -> Option<Addressed> {
        match self.0 & (Self::MAN | Self::WOMAN) {
            Self::MAN => Some(Addressed::Man),
            Self::WOMAN => Some(Addressed::Woman),
            _ => None,
        }
    }

    /// Whether the name is of a couple or a family, or may be.
    pub(crate) fn is_several(self) -> bool {
        self.0 & Self::SEVERAL != 0
    }

    /// Whether the name may be of several people or of one: `Peter - Paul`.
    pub(crate) fn is_doubtful(self) -> bool {
        self.is_several() && self.0 & Self::DOUBTFUL != 0
    }

    /// Whether the form of address may be a name as well: `Pan Kim`.
    pub(crate) fn may_not_be_addressed(self) -> bool {
        !self.is_several() && self.0 & Self::DOUBTFUL != 0
    }

    /// Says how the name is addressed, if at all, where nothing says it for sure.
    fn perhaps_addressed(self, addressed: Option<Addressed>) -> Self {
        match addressed {
            Some(_) if self.addressed().is_none() && !self.is_several() => {
                Self(self.0 | Self::new(0, People::One, addressed).0 | Self::DOUBTFUL)
            }
            _ => self,
        }
    }

    fn people(self) -> People {
        match (self.is_several(), self.is_doubtful()) {
            (false, _) => People::One,
            (true, true) => People::PerhapsSeveral,
            (true, false) => People::Several,
        }
    }

    fn suffix(self) -> Option<Suffix> {
        let place = (self.0 & Self::GENERATION).checked_sub(1)?;
        Suffix::ALL.get(usize::from(place)).copied()
    }

    fn may_be_the_first(self) -> bool {
        self.0 & Self::GENERATION == Self::PERHAPS_THE_FIRST
    }

    /// Whether the generations tell a father from a son.
    pub(crate) fn is_of_another_generation(self, other: Self) -> bool {
        // Nobody is called `I` beside a `Jr`.
        let is_counted = |suffix| suffix >= Suffix::Second;
        match (self.suffix(), other.suffix()) {
            (Some(own), Some(others)) => own.generation() != others.generation(),
            (Some(counted), None) if other.may_be_the_first() => is_counted(counted),
            (None, Some(counted)) if self.may_be_the_first() => is_counted(counted),
            _ => false,
        }
    }

    /// Whether one has `Sr.` in front, which may be a form of address, and the other says that it is
    /// a younger one.
    pub(crate) fn may_be_elder_and_younger(self, other: Self) -> bool {
        let may_be_senior = |bearer: Self| bearer.0 & Self::GENERATION == Self::PERHAPS_SENIOR;
        let is_younger = |bearer: Self| bearer.suffix().is_some_and(|it| it != Suffix::Senior);
        may_be_senior(self) && is_younger(other) || is_younger(self) && may_be_senior(other)
    }

    /// Whether one says which generation it is and the other nothing: a father is seldom called
    /// `Sr` where his son is called `Jr`.
    pub(crate) fn says_less_than(self, other: Self) -> bool {
        let silent = |bearer: Self| bearer.0 & Self::GENERATION == 0;
        self.suffix().is_some() && silent(other) || silent(self) && other.suffix().is_some()
    }
}

/// How many people a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum People {
    #[default]
    One,
    PerhapsSeveral,
    Several,
}

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

/// Whether a slash parts two names: `Carthorse/Hill`.
fn has_alternatives(name: &str) -> bool {
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

/// As [`take_generation`], where a single letter is more often an initial.
fn take_generation_of_given(given: &mut String) -> u8 {
    match given.rsplit_once(' ') {
        Some((_, "v")) => 0,
        Some((_, "i")) => Bearer::PERHAPS_THE_FIRST,
        _ => take_generation(given),
    }
}

/// Words that are given names as well, unless one follows.
const BEFORE_GIVEN_NAMES: [&str; 2] = ["junior", "senior"];

/// Takes a generation off the front of a folded name; `names` are given names as well.
fn take_generation_in_front(name: &mut String, names: &[&str]) -> u8 {
    let Some((first, rest)) = name.split_once(' ') else { return 0 };
    let is_meant = first.len() > 1 && (Suffix::is_plain(first) || names.contains(&first));
    let found = Suffix::of(first).filter(|_| is_meant).or_else(|| Suffix::in_front(first));
    let generation = match found.and_then(code) {
        // As it was delivered: the standard form has no form of address.
        Some(_) if first == "sr" => Bearer::PERHAPS_SENIOR,
        Some(generation) => generation,
        None => return 0,
    };
    *name = rest.to_owned();
    generation
}

/// The suffix that a folded word is, in a field of its own.
fn behind_a_name(word: &str) -> Option<Suffix> {
    Suffix::of(word).or_else(|| Suffix::in_brackets(word).filter(|_| word.len() > 1))
}

fn take_generation(name: &mut String) -> u8 {
    let Some((rest, last)) = name.rsplit_once(' ') else { return 0 };
    let Some(generation) = Suffix::of(last).and_then(code) else { return 0 };
    *name = rest.to_owned();
    generation
}

/// The place of a suffix among all, counted from 1.
fn code(suffix: Suffix) -> Option<u8> {
    Suffix::ALL.iter().zip(1..).find(|(own, _)| **own == suffix).map(|(_, code)| code)
}

/// Where the family name begins in `given … family`, of which so many are given names.
fn family_start(words: &[&str], given: usize) -> usize {
    let last = words.len().saturating_sub(1);
    let from = given.max(1);
    let particle = words.iter().skip(from).position(|word| PARTICLES.contains(word));
    particle.map_or(last, |at| (at + from).min(last))
}

#[cfg(test)]
mod tests {
    use settings::Field;

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
            assert_eq!(family_start(&words, 0), expected, "{words:?}");
        }
    }

    #[test]
    fn the_generation_is_not_part_of_the_name() {
        let mut name = "pace jr".to_owned();
        assert_eq!((take_generation(&mut name), name.as_str()), (2, "pace"));
        let mut given = "morris ii".to_owned();
        assert_eq!((take_generation_of_given(&mut given), given.as_str()), (3, "morris"));
        let mut given = "morris v".to_owned();
        assert_eq!((take_generation_of_given(&mut given), given.as_str()), (0, "morris v"));
        let mut name = "jr".to_owned();
        assert_eq!((take_generation(&mut name), name.as_str()), (0, "jr"));
    }

    fn bearer(suffix: &str) -> Bearer {
        match suffix {
            "" => Bearer::default(),
            "I" => Bearer(Bearer::PERHAPS_THE_FIRST),
            _ => Bearer(Suffix::of(suffix).and_then(code).unwrap()),
        }
    }

    #[test]
    fn fathers_and_sons() {
        for (a, b, differ, less) in [
            ("Jr", "Sr", true, false),
            ("II", "III", true, false),
            ("Jr", "III", true, false),
            ("Sr", "II", true, false),
            ("Jr", "II", false, false),
            ("Jr", "Jr", false, false),
            ("", "Jr", false, true),
            ("", "", false, false),
            ("I", "II", true, false),
            ("I", "Jr", false, false),
            ("I", "", false, false),
            ("Filho", "Neto", true, false),
            ("Sobrinho", "Filho", true, false),
            ("Neto", "", false, true),
        ] {
            let (one, other) = (bearer(a), bearer(b));
            assert_eq!(one.is_of_another_generation(other), differ, "{a} {b}");
            assert_eq!(other.is_of_another_generation(one), differ, "{b} {a}");
            assert_eq!(one.says_less_than(other), less, "{a} {b}");
            assert_eq!(other.says_less_than(one), less, "{b} {a}");
        }
    }

    /// The name of a record with these fields.
    fn read(fields: &[(FieldType, &str)]) -> (String, String, u8, bool) {
        let name = |field_type: FieldType| FieldName::new(field_type.name());
        let types = [
            FieldType::GivenName,
            FieldType::FamilyName,
            FieldType::FullName,
            FieldType::NameSuffix,
        ];
        let mut settings = super::super::tests::settings();
        settings.fields = types
            .map(|field_type| Field { name: name(field_type), field_type, sensitive: false })
            .to_vec();
        let values: Values =
            fields.iter().map(|(own, text)| (name(*own), Value::as_delivered(text))).collect();
        let PersonName { given, family, bearer } =
            PersonName::read(&Layout::new(&settings), &values);
        (given, family, bearer.0 & Bearer::GENERATION, bearer.is_several())
    }

    #[test]
    fn the_fields_of_a_name_do_not_matter() {
        use FieldType::{FamilyName, FullName, GivenName, NameSuffix};
        let of = |given: &str, family: &str, generation: u8, several: bool| {
            (given.to_owned(), family.to_owned(), generation, several)
        };
        for (fields, expected) in [
            (
                vec![(GivenName, "Edgar"), (FamilyName, "Brambleton Jr")],
                of("edgar", "brambleton", 2, false),
            ),
            (
                vec![(GivenName, "Edgar Jr"), (FamilyName, "Brambleton")],
                of("edgar", "brambleton", 2, false),
            ),
            (vec![(FullName, "Edgar Brambleton Jr")], of("edgar", "brambleton", 2, false)),
            (
                vec![(GivenName, "Edgar"), (FamilyName, "Brambleton"), (NameSuffix, "Jr")],
                of("edgar", "brambleton", 2, false),
            ),
            (
                vec![(FullName, "Edgar Brambleton"), (NameSuffix, "MD III")],
                of("edgar", "brambleton", 4, false),
            ),
            (
                vec![
                    (GivenName, "Edgar"),
                    (FamilyName, "Brambleton"),
                    (FullName, "Edgar Brambleton Sr"),
                ],
                of("edgar", "brambleton", 1, false),
            ),
            (
                vec![(GivenName, "Peter and Susan"), (FamilyName, "Carthorse")],
                of("peter susan", "carthorse", 0, true),
            ),
            (
                vec![(FullName, "Peter and Susan Carthorse")],
                of("peter susan", "carthorse", 0, true),
            ),
            (vec![(FullName, "Peter & Susan Carthorse")], of("peter susan", "carthorse", 0, true)),
            (
                vec![(FullName, "Peter Carthorse and Susan Carthorse")],
                of("peter susan", "carthorse", 0, true),
            ),
            (vec![(FullName, "Peter/Susan Carthorse")], of("peter susan", "carthorse", 0, true)),
            (vec![(FullName, "Estate of Peter Carthorse")], of("peter", "carthorse", 0, true)),
            (vec![(FullName, "Heirs of Peter A Carthorse")], of("peter a", "carthorse", 0, true)),
            (
                vec![(GivenName, "Estate of Peter"), (FamilyName, "Carthorse")],
                of("peter", "carthorse", 0, true),
            ),
            (vec![(FullName, "Erbengemeinschaft Carthorse")], of("", "carthorse", 0, true)),
            (vec![(FullName, "Mr & Mrs John Smith")], of("john", "smith", 0, true)),
            (
                vec![(GivenName, "Mr & Mrs John"), (FamilyName, "Smith")],
                of("john", "smith", 0, true),
            ),
            (
                vec![(FullName, "Mr & Mrs John Smith"), (FamilyName, "Smith")],
                of("john", "smith", 0, true),
            ),
            (vec![(FullName, "Familie Müller")], of("", "muller", 0, true)),
            (vec![(GivenName, "Familie"), (FamilyName, "Müller")], of("", "muller", 0, true)),
            (
                vec![(FullName, "Hans und Grete von der Heide")],
                of("hans grete", "von der heide", 0, true),
            ),
            (
                vec![(GivenName, "Peter"), (FamilyName, "Carthorse (Susan)")],
                of("peter", "carthorse", 0, true),
            ),
            (
                vec![(GivenName, "Peter (Susan)"), (FamilyName, "Carthorse")],
                of("peter", "carthorse", 0, true),
            ),
            (vec![(FullName, "Peter (Susan) Carthorse")], of("peter", "carthorse", 0, true)),
            (
                vec![(GivenName, "Peter"), (FamilyName, "Marlow (Hillbrook)")],
                of("peter", "marlow hillbrook", 0, false),
            ),
            (vec![(GivenName, "João"), (FamilyName, "Silva Neto")], of("joao", "silva", 7, false)),
            (vec![(FullName, "João Silva Sobrinho")], of("joao", "silva", 8, false)),
            (vec![(FullName, "José da Silva Filho")], of("jose", "da silva", 2, false)),
            (vec![(FullName, "Jean Dupont père")], of("jean", "dupont", 1, false)),
            (
                vec![(GivenName, "Alexandre"), (FamilyName, "Dumas fils")],
                of("alexandre", "dumas", 2, false),
            ),
            (
                vec![(GivenName, "Jean"), (FamilyName, "Dupont"), (NameSuffix, "père")],
                of("jean", "dupont", 1, false),
            ),
            (
                vec![(GivenName, "Joan Pere"), (FamilyName, "Puig")],
                of("joan pere", "puig", 0, false),
            ),
            (vec![(FullName, "João Neto")], of("joao", "neto", 0, false)),
            // In front, in any column.
            (vec![(GivenName, "Jr. John"), (FamilyName, "Lee")], of("john", "lee", 2, false)),
            (vec![(GivenName, "John"), (FamilyName, "Jr Lee")], of("john", "lee", 2, false)),
            (vec![(FullName, "Jr. John Lee")], of("john", "lee", 2, false)),
            (vec![(GivenName, "III John"), (FamilyName, "Lee")], of("john", "lee", 4, false)),
            (vec![(FullName, "IV John Lee")], of("john", "lee", 5, false)),
            (vec![(GivenName, "Snr John"), (FamilyName, "Lee")], of("john", "lee", 1, false)),
            (vec![(GivenName, "Senior John"), (FamilyName, "Lee")], of("john", "lee", 1, false)),
            (vec![(FullName, "Junior Kevin Lee")], of("kevin", "lee", 2, false)),
            (vec![(GivenName, "Sr. John"), (FamilyName, "Lee")], of("john", "lee", 14, false)),
            (vec![(GivenName, "John"), (FamilyName, "Sr. Lee")], of("john", "lee", 14, false)),
            (vec![(FullName, "Sr. John Lee")], of("john", "lee", 14, false)),
            (vec![(FullName, "Sr. John Lee Jr.")], of("john", "lee", 2, false)),
            // Names and initials.
            (vec![(FullName, "Junior Walker")], of("junior", "walker", 0, false)),
            (vec![(GivenName, "Junior"), (FamilyName, "Lee")], of("junior", "lee", 0, false)),
            (vec![(GivenName, "V John"), (FamilyName, "Lee")], of("v john", "lee", 0, false)),
            (vec![(GivenName, "Jr"), (FamilyName, "Lee")], of("jr", "lee", 0, false)),
            (vec![(FullName, "Ludwig von und zu Berg")], of("ludwig", "von und zu berg", 0, false)),
        ] {
            assert_eq!(read(&fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn a_slash_in_a_family_name_is_of_two() {
        for name in [
            "Carthorse/Hill",
            "Müller/Schmidt",
            "O'Brien/Hill",
            "Hill / Carthorse",
            "van der Berg/Hill",
            "Hill/Smith-Jones",
            "HILL/SMITH",
            "A. Hill/Lee",
            "Li/Wu",
            "Hill/Lee/Pace",
        ] {
            assert!(has_alternatives(name), "{name}");
        }
        for name in
            ["Hill", "Hill-Smith", "A/B", "Hill/2", "/Hill", "Hill/", "n/a", "c/o Hill", "1/2", ""]
        {
            assert!(!has_alternatives(name), "{name}");
        }
    }
}
