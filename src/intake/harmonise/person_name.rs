//! Names of people: given, family and full names.

use std::borrow::Cow;

use compact_str::CompactString;

use super::clean::plain_punctuation;
use super::letter_case::{PARTICLES, Style, is_one_case, is_two_capitals, lower, repaired};

/// Forms of address and degrees, without dots and case. They say how to greet, not who it is.
const TITLES: [&str; 58] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "drs",
    "prof",
    "professor",
    "profdr",
    "sir",
    "rev",
    "reverend",
    "herr",
    "herrn",
    "frau",
    "fräulein",
    "mme",
    "mmes",
    "mlle",
    "monsieur",
    "madame",
    "mademoiselle",
    "sr",
    "sra",
    "srta",
    "señor",
    "señora",
    "señorita",
    "sig",
    "sigra",
    "signor",
    "signora",
    "dott",
    "dottssa",
    "ing",
    "dhr",
    "mevr",
    "mevrouw",
    "mw",
    "capt",
    "captain",
    "lt",
    "sgt",
    "dipl-ing",
    "dr-ing",
    "drmed",
    "drphil",
    "drjur",
    "drrernat",
    "phd",
    "mba",
    "msc",
    "bsc",
    "esq",
    "dds",
    "cpa",
    "md",
];

/// Titles and parts of degrees only when written with the dot of an abbreviation.
const DOTTED_TITLES: [&str; 10] =
    ["hr", "med", "rer", "nat", "phil", "jur", "habil", "hon", "fr", "dipl"];

/// Generational suffixes and how they are written.
const SUFFIXES: [(&str, &str); 7] = [
    ("jr", "Jr"),
    ("jnr", "Jr"),
    ("sr", "Sr"),
    ("snr", "Sr"),
    ("ii", "II"),
    ("iii", "III"),
    ("iv", "IV"),
];

/// The standard form of a given name.
pub(super) fn given(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    part(text, Style::GivenName)
}

/// The standard form of a family name.
pub(super) fn family(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    part(text, Style::FamilyName)
}

/// The standard form of a full name, given names first.
pub(super) fn full(text: &str) -> Option<String> {
    FullName::parse(text).map(|name| name.standard())
}

fn part(text: Cow<'_, str>, style: Style) -> Option<Cow<'_, str>> {
    let text = plain_punctuation(text);
    let mixed = text.bytes().any(|byte| byte.is_ascii_lowercase())
        && text.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase());
    if mixed && !text.bytes().any(|byte| matches!(byte, b' ' | b',')) {
        return Some(text);
    }
    let mut words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let suffix = take_suffix(&mut words);
    drop_titles(&mut words);
    if words.is_empty() {
        return None;
    }
    let mut standard = recased(&words, style);
    if let Some(suffix) = suffix {
        standard.push(' ');
        standard.push_str(suffix);
    }
    Some(Cow::Owned(standard))
}

fn recased(words: &[&str], style: Style) -> String {
    let text = words.join(" ");
    let one_case = is_one_case([text.as_str()]);
    if one_case && !is_two_capitals(&text) { repaired(&text, style) } else { text }
}

/// A full name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FullName {
    /// Given names and family name, in this order, in standard case.
    words: Vec<String>,
    /// Where the family name begins; `None` where it cannot be told.
    family_from: Option<usize>,
    /// Whether the family name is the first word, as in names written in East Asian scripts.
    family_first: bool,
    suffix: Option<&'static str>,
}

impl FullName {
    /// Reads a cleaned full name in either order: `Thomas Pace`, `Pace, Thomas`.
    pub(super) fn parse(text: &str) -> Option<FullName> {
        let text = plain_punctuation(Cow::Borrowed(text));
        let mut suffix = None;
        let mut parts: Vec<Vec<&str>> = Vec::with_capacity(2);
        for part in text.split(',') {
            let mut words: Vec<&str> = part.split(' ').filter(|word| !word.is_empty()).collect();
            if let [only] = words[..]
                && !parts.is_empty()
                && let Some(found) = suffix_of(only)
            {
                suffix = suffix.or(Some(found));
                continue;
            }
            let titles = !words.is_empty() && words.iter().all(|word| is_title(word));
            if titles && !parts.is_empty() {
                words.clear();
            }
            if !words.is_empty() {
                parts.push(words);
            }
        }
        let swapped = parts.len() > 1;
        let mut family_words = 0;
        if swapped {
            let mut first = parts.remove(0);
            suffix = take_suffix(&mut first).or(suffix);
            drop_titles(&mut first);
            family_words = first.len();
            parts.push(first);
        }
        let mut words: Vec<&str> = parts.concat();
        drop_degrees(&mut words);
        suffix = suffix.or_else(|| take_suffix(&mut words));
        drop_degrees(&mut words);
        drop_titles(&mut words);
        if words.is_empty() {
            return None;
        }
        let standard = recased(&words, Style::GivenName);
        let words: Vec<String> = standard.split(' ').map(str::to_owned).collect();
        let family_first = !swapped && words.len() > 1 && words[0].chars().all(is_east_asian);
        let family_from = if swapped {
            words.len().checked_sub(family_words).map(|at| particles_before(&words, at))
        } else {
            family_start(&words)
        };
        Some(FullName { words, family_from, family_first, suffix })
    }

    /// `Thomas Pace Jr`.
    pub(super) fn standard(&self) -> String {
        let mut standard = self.words.join(" ");
        if let Some(suffix) = self.suffix {
            standard.push(' ');
            standard.push_str(suffix);
        }
        standard
    }

    /// The given names, where they can be told from the family name.
    pub(super) fn given(&self) -> Option<String> {
        if self.family_first {
            return Some(self.words[1..].join(" "));
        }
        self.family_from.filter(|at| *at > 0).map(|at| self.words[..at].join(" "))
    }

    /// The family name with its particles, without the generational suffix.
    pub(super) fn family(&self) -> Option<String> {
        if self.family_first {
            return Some(self.words[0].clone());
        }
        self.family_from.map(|at| self.words[at..].join(" ")).filter(|name| !name.is_empty())
    }
}

/// The family name begins at the first particle, else it is the last word.
fn family_start(words: &[String]) -> Option<usize> {
    if words.len() < 2 {
        return None;
    }
    let particle = (1..words.len() - 1).find(|at| is_particle(&words[*at]));
    Some(particle.unwrap_or(words.len() - 1))
}

/// `Beethoven, Ludwig van`: the particle delivered with the given names belongs to the family.
fn particles_before(words: &[String], family: usize) -> usize {
    let mut at = family;
    while at > 1 && is_particle(&words[at - 1]) {
        at -= 1;
    }
    at
}

fn is_particle(word: &str) -> bool {
    ["st", "st.", "mac", "mc", "el", "ben", "le"]
        .iter()
        .chain(PARTICLES.iter())
        .any(|particle| particle.eq_ignore_ascii_case(word))
}

fn is_east_asian(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Takes the generational suffix off the end, if a name remains.
fn take_suffix(words: &mut Vec<&str>) -> Option<&'static str> {
    if words.len() < 2 {
        return None;
    }
    let suffix = words.last().and_then(|word| suffix_of(word))?;
    words.pop();
    Some(suffix)
}

fn drop_titles(words: &mut Vec<&str>) {
    let titles = words.iter().take_while(|word| is_title(word)).count();
    words.drain(..titles.min(words.len().saturating_sub(1)));
}

fn drop_degrees(words: &mut Vec<&str>) {
    const DEGREES: [&str; 7] = ["phd", "mba", "msc", "bsc", "esq", "dds", "cpa"];
    while words.len() > 2 && words.last().is_some_and(|word| has_key(word, &DEGREES)) {
        words.pop();
    }
}

fn suffix_of(word: &str) -> Option<&'static str> {
    if word.len() > 5 || !word.is_ascii() {
        return None;
    }
    let word = word.trim_end_matches('.');
    SUFFIXES.iter().find(|(key, _)| key.eq_ignore_ascii_case(word)).map(|(_, suffix)| *suffix)
}

fn is_title(word: &str) -> bool {
    has_key(word, &TITLES) || (word.ends_with('.') && has_key(word, &DOTTED_TITLES))
}

/// Whether the word is in the list, whatever its case and dots.
fn has_key(word: &str, list: &[&str]) -> bool {
    if word.len() > 16 {
        return false;
    }
    let key: CompactString = word
        .chars()
        .filter(|character| *character != '.')
        .map(|character| if character == 'ı' { 'i' } else { lower(character) })
        .collect();
    list.contains(&key.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names() {
        let table = [
            ("Thomas Pace", "Thomas Pace", "Thomas", "Pace"),
            ("Pace, Thomas", "Thomas Pace", "Thomas", "Pace"),
            ("PACE, THOMAS", "Thomas Pace", "Thomas", "Pace"),
            ("thomas pace", "Thomas Pace", "Thomas", "Pace"),
            ("Mr. Thomas Pace, Jr.", "Thomas Pace Jr", "Thomas", "Pace"),
            ("Pace Jr, Thomas", "Thomas Pace Jr", "Thomas", "Pace"),
            ("Pace, Thomas, III", "Thomas Pace III", "Thomas", "Pace"),
            ("THOMAS PACE II", "Thomas Pace II", "Thomas", "Pace"),
            ("Prof. Dr. Anna Lindqvist", "Anna Lindqvist", "Anna", "Lindqvist"),
            ("Frau Dr. med. Anna Lindqvist", "Anna Lindqvist", "Anna", "Lindqvist"),
            ("Hr. Jan de Beer", "Jan de Beer", "Jan", "de Beer"),
            ("Mme Claire Dubreuil", "Claire Dubreuil", "Claire", "Dubreuil"),
            ("Thomas Pace PhD", "Thomas Pace", "Thomas", "Pace"),
            ("Thomas Pace, MD", "Thomas Pace", "Thomas", "Pace"),
            ("LUDWIG VAN DER BERG", "Ludwig van der Berg", "Ludwig", "van der Berg"),
            ("Berg, Ludwig van der", "Ludwig van der Berg", "Ludwig", "van der Berg"),
            ("van der Berg, Ludwig", "Ludwig van der Berg", "Ludwig", "van der Berg"),
            ("MARIA DE LA CRUZ", "Maria de la Cruz", "Maria", "de la Cruz"),
            ("García López, María", "María García López", "María", "García López"),
            ("山田 太郎", "山田 太郎", "太郎", "山田"),
            ("Mary Ann O’Hara", "Mary Ann O'Hara", "Mary Ann", "O'Hara"),
            ("Omar bin Khalid", "Omar bin Khalid", "Omar", "bin Khalid"),
        ];
        for (text, standard, given, family) in table {
            let name = FullName::parse(text).unwrap();
            assert_eq!(name.standard(), standard, "{text}");
            assert_eq!(name.given().as_deref(), Some(given), "{text}");
            assert_eq!(name.family().as_deref(), Some(family), "{text}");
        }
    }

    #[test]
    fn a_single_word_cannot_be_split() {
        for text in ["Pace", "Dr. Pace", "Pace Jr", "李伟"] {
            let name = FullName::parse(text).unwrap();
            assert_eq!((name.given(), name.family()), (None, None), "{text}");
        }
    }

    #[test]
    fn parts() {
        let table = [
            ("THOMAS", "Thomas"),
            ("thomas", "Thomas"),
            ("deAndre", "deAndre"),
            ("JP", "JP"),
            ("Dr. Thomas", "Thomas"),
            ("ANNE-MARIE", "Anne-Marie"),
            ("j", "J"),
            ("Олег", "Олег"),
            ("ОЛЕГ", "Олег"),
        ];
        for (text, expected) in table {
            assert_eq!(given(Cow::Borrowed(text)).unwrap(), expected, "{text}");
        }
        let table = [
            ("PACE JR.", "Pace Jr"),
            ("Dr. Lindqvist", "Lindqvist"),
            ("VON DER HEIDE", "von der Heide"),
            ("d'angelo", "D'Angelo"),
            ("SMITH-JONES", "Smith-Jones"),
            ("van", "Van"),
            ("McDonald", "McDonald"),
        ];
        for (text, expected) in table {
            assert_eq!(family(Cow::Borrowed(text)).unwrap(), expected, "{text}");
        }
    }
}
