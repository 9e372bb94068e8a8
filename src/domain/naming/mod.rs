//! What a person's name says beside the name: which of a family's namesakes is meant, and whether
//! it is the name of one person or of several.
//!
//! Facts of their own, read from the words of a name whichever field they came in; never stored,
//! since any name tells them again. `harmonise` needs them to write a name in its standard form,
//! `matching` to tell father from son and a couple from one of the two.
//!
//! Start with [`Suffix`] and [`several()`].

mod several;
mod suffix;
mod titles;

pub use several::{NamePart, Several, is_firm, several};
pub use suffix::Suffix;
pub use titles::{is_degree, is_title};

/// The longest word of any list, in bytes.
const LONGEST: usize = 24;

/// Whether the word is in the list, whatever its case and dots.
fn has_key(word: &str, list: &[&str]) -> bool {
    if word.len() > LONGEST {
        return false;
    }
    if word.is_ascii() {
        let mut key = [0; LONGEST];
        let letters = word.bytes().filter(|byte| *byte != b'.');
        let length = key.iter_mut().zip(letters).fold(0, |length, (place, byte)| {
            *place = byte.to_ascii_lowercase();
            length + 1
        });
        return list.iter().any(|entry| entry.as_bytes() == &key[..length]);
    }
    let key: String = word.chars().filter(|letter| *letter != '.').flat_map(small).collect();
    list.contains(&key.as_str())
}

/// The small letter; of the Turkish `ı` and `İ` the plain `i`.
fn small(letter: char) -> impl Iterator<Item = char> {
    let letter = if matches!(letter, 'ı' | 'İ') { 'i' } else { letter };
    letter.to_lowercase()
}
