//! What a person's name says beside the name: which of a family's namesakes is meant, and whether
//! it is the name of one person or of several.
//!
//! Facts of their own, read from the words of a name whichever field they came in; never stored,
//! since any name tells them again. `harmonise` needs them to write a name in its standard form,
//! `matching` to tell father from son and a couple from one of the two.
//!
//! Start with [`Suffix`] and [`several`].

mod several;
mod suffix;
mod titles;

pub use several::{NamePart, Several, is_firm, several};
pub use suffix::Suffix;
pub use titles::{is_degree, is_title};

/// Whether the word is in the list, whatever its case and dots.
fn has_key(word: &str, list: &[&str]) -> bool {
    let dotless = |word: &str| word.chars().filter(|letter| *letter != '.').flat_map(small).count();
    if word.len() > 24 || word.is_empty() {
        return false;
    }
    let length = dotless(word);
    list.iter().any(|entry| {
        entry.chars().count() == length
            && word.chars().filter(|letter| *letter != '.').flat_map(small).eq(entry.chars())
    })
}

/// The small letter; of the Turkish `ı` and `İ` the plain `i`.
fn small(letter: char) -> impl Iterator<Item = char> {
    let letter = if matches!(letter, 'ı' | 'İ') { 'i' } else { letter };
    letter.to_lowercase()
}
