//! Lists of words that are asked about every name and every value there is: nearly always the answer is
//! no, and a look at a word's first byte and its length says so.

use std::cmp::Ordering;
use std::ops::Deref;

/// Which lengths the words of a list have, by their first byte: never wrongly no.
#[derive(Debug)]
pub(crate) struct Sieve([u32; 256]);

impl Sieve {
    /// The longest word that it tells from others; all that are longer are of one length to it.
    const LONGEST: usize = 31;

    /// Of words in small letters.
    pub(crate) const fn of(words: &[&str]) -> Self {
        let mut sieve = Self([0; 256]);
        let mut at = 0;
        while at < words.len() {
            sieve = sieve.with(words[at]);
            at += 1;
        }
        sieve
    }

    /// With one word more.
    pub(crate) const fn with(mut self, word: &str) -> Self {
        let bytes = word.as_bytes();
        if !bytes.is_empty() {
            self.0[bytes[0] as usize] |= Self::bit(bytes.len());
        }
        self
    }

    const fn bit(length: usize) -> u32 {
        1 << if length > Self::LONGEST { Self::LONGEST } else { length }
    }

    /// Whether a word in small letters may be on the list.
    #[inline]
    pub(crate) fn may_have(&self, word: &str) -> bool {
        let first = word.as_bytes().first();
        first.is_some_and(|first| self.0[usize::from(*first)] & Self::bit(word.len()) != 0)
    }

    /// Whether a word may be, whatever its case.
    #[inline]
    pub(crate) fn may_have_any(&self, word: &str) -> bool {
        if !word.is_ascii() {
            return true;
        }
        word.as_bytes().first().is_some_and(|first| self.may_have_of(*first, word.len()))
    }

    /// Whether an ASCII word of that first byte and length may be, whatever its case.
    #[inline]
    fn may_have_of(&self, first: u8, length: usize) -> bool {
        self.0[usize::from(first.to_ascii_lowercase())] & Self::bit(length) != 0
    }
}

/// Words in small letters and in order.
#[derive(Debug)]
pub(crate) struct Words {
    words: &'static [&'static str],
    sieve: Sieve,
}

impl Words {
    /// None of these is empty.
    pub(crate) const fn of(words: &'static [&'static str]) -> Self {
        Self { words, sieve: Sieve::of(words) }
    }

    /// Whether a word in small letters is one of them.
    #[inline]
    pub(crate) fn have(&self, word: &str) -> bool {
        self.sieve.may_have(word) && self.words.binary_search(&word).is_ok()
    }

    /// Whether a word may be one of them, whatever its case: never wrongly no.
    #[inline]
    pub(crate) fn may_have(&self, word: &str) -> bool {
        self.sieve.may_have_any(word)
    }

    /// Whether an ASCII word of that first byte and length may be one of them, whatever its case.
    #[inline]
    pub(crate) fn may_have_of(&self, first: u8, length: usize) -> bool {
        self.sieve.may_have_of(first, length)
    }

    /// Whether a word is one of them, whatever its case.
    #[inline]
    pub(crate) fn have_small(&self, word: &str) -> bool {
        self.may_have(word)
            && self.words.binary_search_by(|own| in_order(word, own).reverse()).is_ok()
    }
}

impl Deref for Words {
    type Target = [&'static str];

    fn deref(&self) -> &Self::Target {
        self.words
    }
}

/// Whether a text is that word, whatever its case; the word is in small letters.
#[inline]
pub(crate) fn is_same(text: &str, word: &str) -> bool {
    if text.is_ascii() {
        return text.eq_ignore_ascii_case(word);
    }
    in_order(text, word) == Ordering::Equal
}

/// How a text in small letters stands to a word.
fn in_order(text: &str, word: &str) -> Ordering {
    text.chars().flat_map(char::to_lowercase).cmp(word.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    static SOME: Words = Words::of(&["and", "e", "oraz", "país", "és", "и"]);

    #[test]
    fn a_list_has_its_words_and_no_others() {
        for (word, is_small, is_any) in [
            ("and", true, true),
            ("AND", false, true),
            ("És", false, true),
            ("és", true, true),
            ("И", false, true),
            ("PAÍS", false, true),
            ("e", true, true),
            ("an", false, false),
            ("ora", false, false),
            ("orax", false, false),
            ("", false, false),
            ("e and oraz and more than thirty letters", false, false),
            ("ö", false, false),
        ] {
            assert_eq!((SOME.have(word), SOME.have_small(word)), (is_small, is_any), "{word}");
        }
        // A sign that has the Kelvin's small letter.
        assert!(Words::of(&["kin"]).have_small("\u{212a}in"));
    }

    #[test]
    fn words_are_the_same_whatever_their_case() {
        for (text, word, expected) in [
            ("Tést", "tést", true),
            ("TEST", "test", true),
            ("tes", "test", false),
            ("", "a", false),
        ] {
            assert_eq!(is_same(text, word), expected, "{text} {word}");
        }
    }
}
