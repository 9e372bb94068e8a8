//! What one or two words tell: there the likeliest encoding is not enough.
//!
//! A byte of a rare encoding is a letter of a common one as well, and a word with it is a word of some
//! language more often than not. So a reading is taken only where it makes names that are known, or where
//! no other makes words that fit their language about as well.

use super::judge::{Hints, Reading};
use super::known_words;
use super::languages::Script;
use super::profiles::Profiles;

/// So many different words are a handful.
const WORDS: usize = 2;

/// Words that fit their language less than so much worse are about as good.
const ABOUT_AS_GOOD: f64 = 5.0;

/// Likewise where a word is not of Latin letters: those have more of them that tell.
const ABOUT_AS_GOOD_ELSEWHERE: f64 = 3.0;

/// Words that fit a language of the region hardly worse than any other's are taken for words of it.
const ENOUGH_AT_HOME: f64 = 2.0;

/// Among the languages of the region, words that are less than so much worse are about as good.
const AS_GOOD_AT_HOME: f64 = 4.0;

/// Words that fit a language of the region so well are at home there, each.
const AT_HOME: f64 = -2.0;

/// What a byte beyond ASCII costs at most in a reading that counts.
const POSSIBLE: f64 = -9.5;

/// What the words of a file say of its likeliest reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Say {
    /// It is right.
    Right,
    /// Another may be.
    Open,
    /// Nothing: they are many, or no words.
    Nothing,
}

/// What they say of the first of these readings, the likeliest.
pub(super) fn say(readings: &[Reading], words: usize, hints: &Hints) -> Say {
    let Some(best) = readings.first() else { return Say::Nothing };
    if words > WORDS {
        return Say::Nothing;
    }
    let is_possible = |reading: &&Reading| !reading.is_torn && reading.plausibility > POSSIBLE;
    let differing = || readings.iter().filter(|it| it.letters != best.letters);
    let others = || differing().filter(is_possible);
    // A known name counts however rare its encoding is.
    let are_names_elsewhere = || differing().any(|it| !it.is_torn && makes_names(it));
    let profiles = Profiles::new(hints);
    if best.is_of_signs() {
        let is_at_home = |other: &Reading| {
            is_latin(other) && profiles.fit_at_home(&other.texts) > AT_HOME && !other.is_of_signs()
        };
        let is_word = are_names_elsewhere() || others().any(is_at_home);
        return if is_word { Say::Open } else { Say::Nothing };
    }
    match (makes_names(best), are_names_elsewhere()) {
        (true, false) if !best.is_torn => return Say::Right,
        (false, true) => return Say::Open,
        (true, _) => return Say::Nothing,
        (false, false) => {}
    }
    if is_wide(best) {
        let is_likelier = |other: &Reading| !is_wide(other) && other.of_words > best.of_words;
        return if others().any(is_likelier) { Say::Open } else { Say::Nothing };
    }
    let fit = profiles.fit(&best.texts);
    let at_home = profiles.fit_at_home(&best.texts);
    let has_sign = has_sign(best);
    if !has_sign
        && at_home > fit - ENOUGH_AT_HOME
        && (!is_latin(best) || at_home > AT_HOME * words as f64)
    {
        let is_as_good = |other: &Reading| {
            !is_wide(other) && profiles.fit_at_home(&other.texts) > at_home - AS_GOOD_AT_HOME
        };
        return if others().any(is_as_good) { Say::Open } else { Say::Nothing };
    }
    let is_as_good = |other: &Reading| {
        let both = is_latin(best) && is_latin(other);
        let close = if both || has_sign { ABOUT_AS_GOOD } else { ABOUT_AS_GOOD_ELSEWHERE };
        !is_wide(other) && profiles.fit(&other.texts) > fit - close
    };
    if others().any(is_as_good) { Say::Open } else { Say::Nothing }
}

/// Whether a reading makes names that are known.
pub(super) fn makes_names(reading: &Reading) -> bool {
    known_words::are_names(&reading.texts)
}

fn scripts(reading: &Reading) -> impl Iterator<Item = Script> {
    let letters = reading.letters.iter().flat_map(|text| text.chars());
    letters.filter(|letter| !letter.is_ascii()).filter_map(Script::of)
}

/// Whether there is a sign among its letters.
fn has_sign(reading: &Reading) -> bool {
    let mut characters = reading.texts.iter().flat_map(|text| text.chars());
    characters.any(|character| !character.is_ascii() && Script::of(character).is_none())
}

fn is_latin(reading: &Reading) -> bool {
    scripts(reading).all(|script| script == Script::Latin)
}

fn is_wide(reading: &Reading) -> bool {
    scripts(reading).any(Script::is_wide)
}
