//! Capitals and small letters, as each alphabet has them.

use std::borrow::Cow;

/// Letters that Turkish and Azeri have and ASCII has not.
const BEYOND_ASCII: [char; 14] =
    ['İ', 'ı', 'Ğ', 'ğ', 'Ş', 'ş', 'Ç', 'ç', 'Ö', 'ö', 'Ü', 'ü', 'Ə', 'ə'];

/// Whether a country's case tells `ı` from `i`.
pub(super) fn has_dotless(country: &str) -> bool {
    Alphabet::of(country).has_dotless()
}

/// Whether a text was written with the letters of Turkish: then its `I` has no dot.
pub(super) fn is_in_turkish_letters(text: &str) -> bool {
    !text.is_ascii() && text.contains(BEYOND_ASCII)
}

/// What the texts of a record say of its `I`: in a country that tells it from `İ`, whether they have letters
/// that ASCII has not; elsewhere a letter `İ` proves that they are Turkish.
pub(super) fn dotless_of<'a>(
    country: &str,
    mut texts: impl Iterator<Item = &'a str>,
) -> Option<bool> {
    if has_dotless(country) {
        return Some(texts.any(is_in_turkish_letters));
    }
    texts.any(|text| !text.is_ascii() && text.contains('İ')).then_some(true)
}

/// The country whose letters a name is written in: abroad, Turkey's for a name with letters of its own in
/// a record that is `dotless`.
pub(super) fn country_of_name<'a>(text: &str, country: &'a str, dotless: Option<bool>) -> &'a str {
    let is_turkish = dotless == Some(true) && text.contains(['Ş', 'Ğ']);
    if is_turkish && !has_dotless(country) { "TR" } else { country }
}

/// A text of a record without Turkish letters, as its country's case left it: whoever writes in ASCII
/// has one `I` for both letters, so that `IZMIR` may be either, and `ı` would be a guess.
pub(super) fn without_dotless(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('ı') { Cow::Owned(text.replace('ı', "i")) } else { text }
}

/// An alphabet in which some letters change their case otherwise than in all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Every other one.
    Common,
    /// `I` is the capital of `ı`, `İ` of `i`. It has no q, w and x.
    Turkish,
    /// As in Turkish, but with q and x.
    Azeri,
    /// A capital `IJ` is one letter: `IJsselstein`.
    Dutch,
}

impl Alphabet {
    /// That of a country, ISO 3166-1 alpha-2.
    pub(super) fn of(country: &str) -> Alphabet {
        match country {
            "TR" => Alphabet::Turkish,
            "AZ" => Alphabet::Azeri,
            "NL" | "BE" | "SR" | "AW" | "BQ" | "CW" | "SX" => Alphabet::Dutch,
            _ => Alphabet::Common,
        }
    }

    /// That of a text in `self`'s country: whoever types `İ` with its dot means `ı` by an `I` without.
    pub(super) fn of_text(self, text: &str) -> Alphabet {
        if matches!(self, Alphabet::Common | Alphabet::Dutch) && text.contains('İ') {
            return Alphabet::Turkish;
        }
        self
    }

    /// That of one word: a word with a letter the alphabet has not is a foreign one.
    pub(super) fn of_word(self, word: &str) -> Alphabet {
        let lacks: &[char] = match self {
            Alphabet::Turkish => &['q', 'Q', 'w', 'W', 'x', 'X'],
            Alphabet::Azeri => &['w', 'W'],
            Alphabet::Common | Alphabet::Dutch => return self,
        };
        if word.contains(lacks) { Alphabet::Common } else { self }
    }

    /// The letter as a name begins with it, where it has exactly one; `ß` and the long s stay as
    /// they are, and so do Georgian letters, whose capitals are for whole words only.
    pub(super) fn capital(self, character: char) -> char {
        match character {
            'ſ' => character,
            // One sign for two letters: only the first of them is a capital.
            'Ǆ'..='ǆ' => 'ǅ',
            'Ǉ'..='ǉ' => 'ǈ',
            'Ǌ'..='ǌ' => 'ǋ',
            'Ǳ'..='ǳ' => 'ǲ',
            '\u{10d0}'..='\u{10ff}' => character,
            '\u{1c90}'..='\u{1cbf}' => self.lower(character),
            _ => self.upper(character),
        }
    }

    /// The capital of a letter that has exactly one.
    pub(super) fn upper(self, character: char) -> char {
        if character == 'i' && self.has_dotless() {
            return 'İ';
        }
        let mut letters = character.to_uppercase();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => letter,
            _ => character,
        }
    }

    /// The small letter; of `İ` the plain `i`.
    pub(super) fn lower(self, character: char) -> char {
        if character == 'I' && self.has_dotless() {
            return 'ı';
        }
        character.to_lowercase().next().unwrap_or(character)
    }

    /// Whether `rest`, which follows an `i` at the start of a name, makes one letter with it. Before a
    /// vowel it is two: `Ijeoma`.
    pub(super) fn joins_ij(self, rest: &str) -> bool {
        let is_vowel =
            |letter: char| matches!(letter.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u');
        self == Alphabet::Dutch
            && rest.strip_prefix(['j', 'J']).is_some_and(|behind| !behind.starts_with(is_vowel))
    }

    fn has_dotless(self) -> bool {
        matches!(self, Alphabet::Turkish | Alphabet::Azeri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_alphabet_has_its_own_pairs() {
        for (country, small, capital) in [
            ("TR", 'ı', 'I'),
            ("TR", 'i', 'İ'),
            ("AZ", 'i', 'İ'),
            ("AZ", 'ə', 'Ə'),
            ("DE", 'i', 'I'),
            ("", 'i', 'I'),
            ("GR", 'ω', 'Ω'),
            ("HR", 'ǆ', 'Ǆ'),
        ] {
            let alphabet = Alphabet::of(country);
            assert_eq!(alphabet.upper(small), capital, "{small} in {country}");
            assert_eq!(alphabet.lower(capital), small, "{capital} in {country}");
        }
        let common = Alphabet::Common;
        for (letter, capital) in
            [('ǆ', 'ǅ'), ('Ǆ', 'ǅ'), ('ǌ', 'ǋ'), ('ß', 'ß'), ('ſ', 'ſ'), ('ნ', 'ნ'), ('Ნ', 'ნ')]
        {
            assert_eq!(common.capital(letter), capital);
            assert_eq!(common.capital(capital), capital);
        }
    }

    #[test]
    fn a_word_says_which_alphabet_it_is_in() {
        assert_eq!(Alphabet::of("TR").of_word("WILLIAMS"), Alphabet::Common);
        assert_eq!(Alphabet::of("TR").of_word("FELIX"), Alphabet::Common);
        assert_eq!(Alphabet::of("AZ").of_word("QASIM"), Alphabet::Azeri);
        assert_eq!(Alphabet::of("DE").of_text("ALİ YILMAZ"), Alphabet::Turkish);
        assert_eq!(Alphabet::of("DE").of_text("IDA"), Alphabet::Common);
    }
}
