//! Names of people: given, family and full names.
//!
//! What a name says beside the name (`Jr`, a couple, a title) is told by `domain::naming`. A name
//! that cannot be taken apart for sure stays as delivered.

mod family;
mod full;
mod marks;
mod notes;
mod remarks;
#[cfg(test)]
mod tests;
mod words;
#[cfg(test)]
mod world;

use std::borrow::Cow;

use domain::naming::{Degree, NamePart, Several, Suffix, several, with_plain_signs};
use domain::spreadsheet;

use super::clean::plain_punctuation;
use super::letter_case::{Casing, Style, is_one_case, is_two_capitals, repaired};
use words::{drop_degrees, drop_titles, take_suffix, take_suffix_in_front, tokens};

pub(super) use full::FullName;

/// The standard form of a given name.
pub(super) fn given<'a>(text: Cow<'a, str>, country: &str) -> Option<Cow<'a, str>> {
    part(text, Casing::of(Style::GivenName, country), NamePart::Given)
}

/// The standard form of a family name.
pub(super) fn family<'a>(text: Cow<'a, str>, country: &str) -> Option<Cow<'a, str>> {
    part(text, Casing::of(Style::FamilyName, country), NamePart::Family)
}

/// The standard form of a full name, given names first, and the name as it was taken apart.
pub(super) fn full(text: &str, country: &str) -> Option<(String, FullName)> {
    let name = FullName::parse(text, country).filter(|_| !is_no_name(text))?;
    let standard = at_rest(name.standard.clone(), text, country)?;
    (!is_no_name(&standard)).then_some((standard, name))
}

/// The standard form that a name in standard form comes to when it is read again.
fn at_rest(mut standard: String, text: &str, country: &str) -> Option<String> {
    // A name inside a name (`Dr (Mr) Pace`): read until it rests, which a plain name does at once.
    for _ in 0..4 {
        if standard == text {
            return Some(standard);
        }
        let again = FullName::parse(&standard, country)?.standard;
        if again == standard {
            return Some(standard);
        }
        standard = again;
    }
    None
}

/// The standard form of what stands behind a name: `Jr`, `III`, `Filho`, and degrees as they are.
pub(super) fn suffix(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let word = text.trim_end_matches(',');
    Some(match Suffix::of(word) {
        Some(suffix) => Cow::Borrowed(suffix.written(word)),
        None => text,
    })
}

fn part(text: Cow<'_, str>, casing: Casing, part: NamePart) -> Option<Cow<'_, str>> {
    let text = match with_plain_signs(&text) {
        Cow::Borrowed(_) => plain_punctuation(text),
        Cow::Owned(plain) => plain_punctuation(Cow::Owned(plain)),
    };
    if is_no_name(&text) {
        return None;
    }
    let mixed = text.bytes().any(|byte| byte.is_ascii_lowercase())
        && text.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase())
        // `McDONALD` is a name in capitals.
        && !text.bytes().next_back().is_some_and(|byte| byte.is_ascii_uppercase());
    if mixed && !text.bytes().any(|byte| matches!(byte, b' ' | b',' | b'(' | b'"' | b'[')) {
        return Some(text);
    }
    let mut standard = part_once(&text, casing, part)?;
    for _ in 0..4 {
        let again = part_once(&standard, casing, part)?;
        if again == standard {
            // `12 PhD` is no name without its degree.
            return (!is_no_name(&standard)).then_some(Cow::Owned(standard));
        }
        standard = again;
    }
    None
}

fn part_once(text: &str, casing: Casing, part: NamePart) -> Option<String> {
    let bare = notes::without(text, part);
    let people = several(&bare, part);
    let parted = |people: &Several<'_>| people.is_parted || people.joints.contains(&",");
    if people.as_ref().is_some_and(parted) {
        // What parts two people is not to go.
        let words: Vec<&str> = bare.split(' ').filter(|word| !word.is_empty()).collect();
        return Some(recased(&words, casing));
    }
    let mut words = words_in_order(&bare, part);
    let in_front = take_suffix_in_front(&mut words);
    // `Anna M.D.` has two more initials; behind a family name it is a degree.
    let least = if part == NamePart::Given && may_be_initials(&words) { usize::MAX } else { 1 };
    drop_degrees(&mut words, least);
    let suffix = in_front.or_else(|| take_suffix(&mut words, 2));
    drop_degrees(&mut words, least);
    // `Mr & Mrs John` is not whole without its titles.
    if !people.is_some_and(|people| people.is_addressed) {
        drop_titles(&mut words, 1);
    }
    if words.is_empty() {
        return None;
    }
    let mut standard = recased(&words, casing);
    if let Some(suffix) = suffix {
        standard.push(' ');
        standard.push_str(suffix);
    }
    Some(standard)
}

/// The words of a part; the particles of a family name that stand behind it, as in a sorted list, in
/// front: `Vries, de`.
fn words_in_order(text: &str, part: NamePart) -> Vec<&str> {
    if part == NamePart::Family
        && let Some((family, behind)) = text.split_once(',')
        && behind.split_whitespace().count() > 0
        && behind.split_whitespace().all(|word| word.len() > 1 && family::is_particle(word))
        && (!behind.contains(char::is_uppercase) || !text.contains(char::is_lowercase))
    {
        return tokens(behind).into_iter().chain(tokens(family)).collect();
    }
    text.split(',').flat_map(tokens).collect()
}

/// What begins a request to whoever uses the data.
const REQUESTS: [&str; 12] = [
    "do not ",
    "don't ",
    "please do not ",
    "bitte nicht ",
    "nicht ",
    "ne pas ",
    "merci de ne pas ",
    "no contactar",
    "no llamar",
    "non contattare",
    "niet bellen",
    "nie dzwonić",
];

/// Whether somebody wrote a request where a name belongs: `DO NOT CONTACT`.
fn is_request(text: &str) -> bool {
    text.contains(' ') && {
        let small = text.trim_start_matches(['*', '!', '(', '-', ' ']).to_lowercase();
        // Behind a name, what begins no other words: `Mary Hill DO NOT USE`.
        REQUESTS.iter().any(|request| {
            small.starts_with(request)
                || *request != "nicht "
                    && small.match_indices(request).any(|(at, _)| small[..at].ends_with(' '))
        })
    }
}

/// Whether a text is of a kind that no name is: a number, a date, an e-mail address, a formula, a
/// request. A column
/// that slipped brings them.
fn is_no_name(text: &str) -> bool {
    if is_request(text) {
        return true;
    }
    let has_digit = text.contains(char::is_numeric);
    text.contains('@')
        || text.starts_with('=')
        || has_digit && (!text.contains(char::is_alphabetic) || spreadsheet::is_scientific(text))
}

fn may_be_initials(words: &[&str]) -> bool {
    words.last().and_then(|last| Degree::of(&[last])).is_some_and(|it| it != Degree::Certain)
}

fn recased(words: &[&str], casing: Casing) -> String {
    let text = words.join(" ");
    let one_case = is_one_case([text.as_str()])
        || casing.style == Style::FamilyName && family::is_marked(words);
    if one_case && !is_two_capitals(&text) { repaired(&text, casing) } else { text }
}
