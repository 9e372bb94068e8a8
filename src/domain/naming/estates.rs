//! Names of what somebody has left, and of those who have it now: `Estate of Peter Weber`.

use super::has_key;

/// What stands before the name.
const ESTATES: [&[&str]; 18] = [
    &["the", "estate", "of"],
    &["estate", "of"],
    &["the", "heirs", "of"],
    &["heirs", "of"],
    &["the", "executors", "of"],
    &["executors", "of"],
    &["nachlass"],
    &["nachlaß"],
    &["erbengemeinschaft"],
    &["erben", "des"],
    &["erben", "der"],
    &["erben", "von"],
    &["succession", "de"],
    &["succession"],
    &["héritiers", "de"],
    &["herederos", "de"],
    &["eredi", "di"],
    &["erven", "van"],
];

/// A quick look: whether a name that begins with the word may be of an estate.
pub(super) fn may_begin(word: &str) -> bool {
    ESTATES.iter().any(|estate| has_key(word, &estate[..1]))
}

/// How many words before the name say that it is of an estate.
pub(super) fn length(words: &[&str]) -> Option<usize> {
    let begins = |estate: &&&[&str]| {
        words.len() > estate.len()
            && estate.iter().zip(words).all(|(own, word)| has_key(word, &[own]))
    };
    ESTATES.iter().find(begins).map(|estate| estate.len())
}
