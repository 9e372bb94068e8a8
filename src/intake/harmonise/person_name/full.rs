//! A full name taken apart.

use std::ops::Range;

use compact_str::CompactString;

use domain::naming::{NamePart, Several, is_firm, names_second_person, several, with_plain_signs};

use super::super::clean::{key, plain_punctuation};
use super::super::letter_case::{Casing, Style, repaired};
use super::family::{Place, is_marked, is_whole, marked, particles_before, place};
use super::words::{
    are_behind_a_name, drop_degrees, drop_titles, ends_doubtfully, take_inner_suffix, take_suffix,
    take_suffix_in_front, tokens,
};
use super::{notes, recased, remarks};

/// No name of a person holds these: a log-in, a warning, two people in a list.
const NEVER_IN_NAMES: &[char] =
    &['*', '@', '#', '=', '<', '>', '|', '\\', '_', '{', '}', ';', '~', '^', '%', '$'];

/// A full name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct FullName {
    /// Given names, family name, suffix: `Thomas Pace Jr`. Names written family name first in
    /// their own script stay so.
    pub(super) standard: String,
    given: Option<CompactString>,
    family: Option<CompactString>,
    suffix: Option<&'static str>,
}

impl FullName {
    /// Reads a cleaned full name in either order: `Thomas Pace`, `Pace, Thomas`; `country` says
    /// whose customs apply.
    pub(in super::super) fn parse(text: &str, country: &str) -> Option<FullName> {
        let text = with_plain_signs(text);
        let text = plain_punctuation(text);
        if text.contains(NEVER_IN_NAMES) {
            return None;
        }
        let bare = remarks::without(&text);
        let bare = notes::birth_name_in_brackets(&bare);
        if names_second_person(&bare, NamePart::Full, key) {
            return Some(Self::as_delivered(&text));
        }
        let bare = notes::without(&bare, NamePart::Full);
        if several(&bare, NamePart::Full).is_some_and(|people| people.is_parted) {
            return Some(Self::as_delivered(&text));
        }
        let mut suffix = None;
        let parts = parts(&bare, &mut suffix);
        let digits = parts.iter().flatten().any(|word| word.contains(|c: char| c.is_numeric()));
        if digits || is_firm(&bare) || parts.len() > 2 {
            return Some(Self::as_delivered(&text));
        }
        match parts.as_slice() {
            [family, given] => Some(Self::swapped(family, given, suffix, country)),
            [words] => Some(Self::in_order(words, suffix, country)),
            _ => None,
        }
    }

    /// The given names, where they can be told from the family name.
    pub(in super::super) fn given(&self) -> Option<&str> {
        self.given.as_deref()
    }

    /// The family name with its particles, without the generational suffix.
    pub(in super::super) fn family(&self) -> Option<&str> {
        self.family.as_deref()
    }

    /// `Jr`, `III`, `Filho`.
    pub(in super::super) fn suffix(&self) -> Option<&'static str> {
        self.suffix
    }

    /// What nobody can take apart for sure.
    fn as_delivered(text: &str) -> Self {
        Self { standard: text.to_owned(), given: None, family: None, suffix: None }
    }

    fn new(mut standard: String, suffix: Option<&'static str>) -> Self {
        if let Some(suffix) = suffix {
            standard.push(' ');
            standard.push_str(suffix);
        }
        Self { standard, given: None, family: None, suffix }
    }

    fn split(words: &[CompactString], family: Range<usize>, suffix: Option<&'static str>) -> Self {
        let text = |words: &[CompactString]| match words {
            [] => None,
            [word] => Some(word.clone()).filter(|word| !word.is_empty()),
            _ => Some(CompactString::from(words.join(" "))).filter(|text| !text.is_empty()),
        };
        let mut name = Self::new(words.join(" "), suffix);
        name.family = text(&words[family.clone()]);
        name.given = if family.start > 0 {
            text(&words[..family.start])
        } else {
            text(&words[family.end..])
        };
        name
    }

    /// `Pace, Thomas`.
    fn swapped(
        family: &[&str],
        given: &[&str],
        suffix: Option<&'static str>,
        country: &str,
    ) -> Self {
        let all: Vec<&str> = given.iter().chain(family).copied().collect();
        let is_mixed = |word: &&str| word.contains(char::is_lowercase);
        let words = if is_marked(family) && given.iter().any(is_mixed) {
            given.iter().map(CompactString::new).chain(mended(family, country)).collect()
        } else {
            recased_words(&all, country)
        };
        let at = words.len().saturating_sub(family.len());
        let at = particles_before(&words, at);
        let mut name = Self::split(&words, at..words.len(), suffix);
        // `Smith, Mr & Mrs John`
        if several(&given.join(" "), NamePart::Given).is_some_and(|given| given.is_addressed) {
            name.given = None;
        }
        name
    }

    /// `Thomas Pace`.
    fn in_order(words: &[&str], suffix: Option<&'static str>, country: &str) -> Self {
        let text = words.join(" ");
        if let Some(people) = several(&text, NamePart::Full) {
            return Self::of_several(words, &people, suffix, country);
        }
        let mut words = words.to_vec();
        drop_titles(&mut words, 2);
        if ends_doubtfully(&words) {
            return Self::new(words.join(" "), suffix);
        }
        if let Some(family) = marked(&words, country) {
            return Self::marked(&words, family, suffix, country);
        }
        let words = recased_words(&words, country);
        match place(&words) {
            Place::From(at) => Self::split(&words, at..words.len(), suffix),
            Place::First => Self::split(&words, 0..1, suffix),
            Place::Unknown => Self::new(words.join(" "), suffix),
        }
    }

    /// `TANAKA Yuki`: the marked family name, in mixed case, goes behind.
    fn marked(
        words: &[&str],
        family: Range<usize>,
        suffix: Option<&'static str>,
        country: &str,
    ) -> Self {
        let given: Vec<&str> =
            words[..family.start].iter().chain(&words[family.end..]).copied().collect();
        let mut ordered = recased_words(&given, country);
        let at = ordered.len();
        ordered.extend(mended(&words[family], country));
        let count = ordered.len();
        Self::split(&ordered, at..count, suffix)
    }

    /// A couple's: given names and family name are told apart where each of them has one given
    /// name and they share the family name.
    fn of_several(
        words: &[&str],
        people: &Several<'_>,
        suffix: Option<&'static str>,
        country: &str,
    ) -> Self {
        let kept: Vec<&str> =
            if people.is_addressed { words.to_vec() } else { without_titles(people) };
        let words = recased_words(&kept, country);
        let mut name = Self::new(words.join(" "), suffix);
        let Some((last, others)) = people.people.split_last() else { return name };
        let names: Vec<CompactString> = last.iter().map(CompactString::new).collect();
        let family = match place(&names) {
            Place::From(at) => names.len() - at,
            Place::First => return name,
            Place::Unknown => usize::from(people.is_addressed && names.len() == 1),
        };
        let at = words.len().saturating_sub(family);
        let share = others.iter().all(|person| person.len() < 2);
        // `The Smith Family`: what stands last is no name.
        let ends = kept.ends_with(&last[last.len() - family..]);
        if family == 0 || !share || !ends {
            return name;
        }
        name.family = Some(words[at..].join(" ").into());
        if !people.is_addressed {
            name.given = Some(words[..at].join(" ").into());
        }
        name
    }
}

/// `Mr John and Mrs Mary Smith`: each of them has a name.
fn without_titles<'a>(people: &Several<'a>) -> Vec<&'a str> {
    let mut words = Vec::new();
    for (at, person) in people.people.iter().enumerate() {
        words.extend(person);
        words.extend(people.joints.get(at));
    }
    words
}

fn recased_words(words: &[&str], country: &str) -> Vec<CompactString> {
    let casing = Casing::of(Style::GivenName, country);
    recased(words, casing).split(' ').map(CompactString::new).collect()
}

/// A family name that was marked with capitals, in mixed case.
fn mended(family: &[&str], country: &str) -> Vec<CompactString> {
    let names = repaired(&family.join(" "), Casing::of(Style::FamilyName, country));
    names.split(' ').map(CompactString::new).collect()
}

/// The parts between commas, without degrees and suffixes at their ends and without parts that
/// are nothing else.
fn parts<'a>(text: &'a str, suffix: &mut Option<&'static str>) -> Vec<Vec<&'a str>> {
    let mut parts: Vec<Vec<&str>> = Vec::with_capacity(2);
    for part in text.split(',') {
        let mut words = tokens(part);
        let first = parts.is_empty();
        let is_named = parts.len() > 1 || parts.first().is_some_and(|words| is_whole(words));
        if !first && are_behind_a_name(&words, is_named, suffix) {
            continue;
        }
        if first && suffix.is_none() {
            *suffix = take_suffix_in_front(&mut words);
        }
        let (behind, least) = if first { (2, 3) } else { (1, 2) };
        drop_degrees(&mut words, behind);
        if suffix.is_none() {
            *suffix = take_suffix(&mut words, least).or_else(|| take_inner_suffix(&mut words));
        }
        drop_degrees(&mut words, behind);
        if !words.is_empty() {
            parts.push(words);
        }
    }
    if let [family, given] = parts.as_mut_slice() {
        drop_titles(family, 1);
        if !several(&given.join(" "), NamePart::Given).is_some_and(|given| given.is_addressed) {
            drop_titles(given, 1);
        }
    }
    parts
}
