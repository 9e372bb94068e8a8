//! Words before and behind a folded name that say which of a family's namesakes it is.

use domain::naming::Suffix;

use super::Bearer;

/// As [`take_generation`], where a single letter is more often an initial.
pub(super) fn take_generation_of_given(given: &mut String) -> u8 {
    match given.rsplit_once(' ') {
        Some((_, "v")) => 0,
        Some((_, "i")) => Bearer::PERHAPS_THE_FIRST,
        _ => take_generation(given),
    }
}

/// Words that are given names as well, unless one follows.
pub(super) const BEFORE_GIVEN_NAMES: [&str; 2] = ["junior", "senior"];

/// Takes a generation off the front of a folded name; `names` are given names as well.
pub(super) fn take_generation_in_front(name: &mut String, names: &[&str]) -> u8 {
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
pub(super) fn behind_a_name(word: &str) -> Option<Suffix> {
    Suffix::of(word).or_else(|| Suffix::in_brackets(word).filter(|_| word.len() > 1))
}

pub(super) fn take_generation(name: &mut String) -> u8 {
    let Some((rest, last)) = name.rsplit_once(' ') else { return 0 };
    let Some(generation) = Suffix::of(last).and_then(code) else { return 0 };
    *name = rest.to_owned();
    generation
}

/// The place of a suffix among all, counted from 1.
pub(super) fn code(suffix: Suffix) -> Option<u8> {
    Suffix::ALL.iter().zip(1..).find(|(own, _)| **own == suffix).map(|(_, code)| code)
}
