//! What a person's name says beside the name: which of a family's namesakes is meant, and whether
//! it is the name of one person or of several.
//!
//! Facts of their own, read from the words of a name whichever field they came in; never stored,
//! since any name tells them again. `harmonise` needs them to write a name in its standard form,
//! `matching` to tell father from son and a couple from one of the two.
//!
//! Start with [`Suffix`] and [`several()`].

mod apart;
mod behalf;
mod between;
mod degrees;
mod estates;
mod given_names;
mod joints;
pub mod nicknames;
mod several;
mod suffix;
mod titles;

use super::words::Words;
pub use apart::{is_line_break, with_plain_signs};
pub use degrees::{Degree, is_degree};
pub use given_names::{Bearers, bearers, names_second_person};
pub use several::{NamePart, Several, is_firm, is_joint, several};
pub use suffix::Suffix;
pub use titles::{
    Addressed, addressed, is_title, may_be_given_name, may_be_senior, perhaps_addressed,
};

/// The longest word of any list, in bytes.
const LONGEST: usize = 24;

/// Whether the word is in the list, whatever its case and dots.
fn has_key(word: &str, list: &[&str]) -> bool {
    if word.is_ascii() && !word.contains('.') {
        return list.iter().any(|own| own.eq_ignore_ascii_case(word));
    }
    with_key(&[word], |key| list.contains(&key))
}

/// As [`has_key`], of a list that is asked about every name.
fn is_among(word: &str, list: &Words) -> bool {
    (word.contains('.') || list.may_have(word)) && has_key(word, list)
}

/// Whether the words are together one of a list in order, whatever their case and dots.
fn is_listed(words: &[&str], list: &Words) -> bool {
    if let [word] = words
        && !word.contains('.')
        && !list.may_have(word)
    {
        return false;
    }
    with_key(words, |key| list.have(key))
}

/// Asks about the words in small letters and without dots.
fn with_key(words: &[&str], is_in: impl Fn(&str) -> bool) -> bool {
    if words.iter().map(|word| word.len()).sum::<usize>() > LONGEST {
        return false;
    }
    if words.iter().all(|word| word.is_ascii()) {
        let mut key = [0; LONGEST];
        let letters = words.iter().flat_map(|word| word.bytes()).filter(|byte| *byte != b'.');
        let length = key.iter_mut().zip(letters).fold(0, |length, (place, byte)| {
            *place = byte.to_ascii_lowercase();
            length + 1
        });
        return std::str::from_utf8(&key[..length]).is_ok_and(is_in);
    }
    let letters = words.iter().flat_map(|word| word.chars()).filter(|letter| *letter != '.');
    let key: String = letters.flat_map(small).collect();
    is_in(&key)
}

/// The small letter; of the Turkish `ı` and `İ` the plain `i`.
fn small(letter: char) -> impl Iterator<Item = char> {
    let letter = if matches!(letter, 'ı' | 'İ') { 'i' } else { letter };
    letter.to_lowercase()
}
