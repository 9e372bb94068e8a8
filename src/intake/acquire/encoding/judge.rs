//! Which encoding makes letters of a file's bytes: for each, how plausible the text is that it gives.
//!
//! A reading is judged by the words in it. Letters count by how often a language writes them, where
//! most words of a file are taken to be of one language and the rest of any. What no word of any
//! language looks like counts against it: a capital after a small letter, a sign inside of a word,
//! letters of two scripts in one. The measure is a logarithm of likelihood throughout.

use std::collections::BTreeSet;

use encoding_rs::Encoding as Web;

use super::Encoding;
use super::candidates::{NARROW, wide};
use super::handful::{self, Say};
use super::languages::{LANGUAGES, Script};
use super::plain_signs;
use super::profiles::Profiles;
use super::signs;
use super::wide_letters;

/// Two readings less than this apart are about equally likely (20 to 1).
const CLOSE: f64 = 3.0;

/// Where all there is is one word, its reading must be by so much more likely than any other, unless its
/// letters are those of every day.
const CLOSE_ALONE: f64 = 6.0;

/// Where all there is is one word, a rival may not fit it as well, however rare its encoding is.
const AS_WELL: f64 = 0.5;

/// Nor nearly as well where the word fits no language well.
const NEARLY: f64 = 3.0;
const ILL: f64 = -2.8;

/// Letters of the West that are far more frequent than any other at their bytes.
const FREQUENT: &str = "éèêëàâäöüßñçã";

/// Letters that names of the West are full of, where they stand inside of a word or at its end, and at
/// its beginning.
const EVERY_DAY: &str = "éèêëáàâãäåóòôöøõúüíïñçß";
const EVERY_DAY_FIRST: &str = "ÉÁÄÅÓÖØÇÑ";

/// A reading that much better makes one doubt what is said (3,000 to 1).
const FAR: f64 = 8.0;

/// What a byte beyond ASCII costs at most in text that is one.
const IMPLAUSIBLE: f64 = -7.5;

/// And in text of a source that has sent such before.
const HOPELESS: f64 = 2.0 * IMPLAUSIBLE;

/// So few bytes beyond ASCII are a handful: what is known besides them counts less than they do, or
/// the commonest encoding would always win.
const HANDFUL: usize = 4;

/// How far what is known besides a handful of bytes counts.
const TRUST: f64 = 0.6;

/// The weight of the commonest encoding.
const COMMONEST: f64 = 10.0;

/// How far somebody else's guess counts.
const GUESS: f64 = 3.0;

/// What is known besides the bytes.
#[derive(Default)]
pub(in crate::acquire) struct Hints {
    /// Where the source is, ISO 3166-1 alpha-2.
    pub region: Option<String>,
    /// What earlier files of the source were in.
    pub recorded: Option<Encoding>,
    /// What `chardetng` takes it for.
    pub guessed: Option<&'static Web>,
}

/// One reading of the bytes.
pub(in crate::acquire) struct Reading {
    /// The encoding.
    pub encoding: Encoding,
    score: f64,
    /// The score without what is known besides the bytes.
    pub(super) of_words: f64,
    /// That score a byte.
    pub(super) plausibility: f64,
    pub(super) letters: Vec<String>,
    pub(super) texts: Vec<String>,
    /// Whether it has signs inside of words that never stand there.
    pub(super) is_torn: bool,
    /// Whether it has signs at words that do not stand there.
    is_glued: bool,
}

/// What comes of judging.
pub(in crate::acquire) enum Judged {
    /// One reading is right.
    Sure(Encoding),
    /// None is plausible, or several are: the likeliest, in order.
    Unsure(Vec<Encoding>),
}

/// Judges the readings of these pieces of a file, each of which holds a byte beyond ASCII.
pub(in crate::acquire) fn judge(pieces: &BTreeSet<Vec<u8>>, hints: &Hints) -> Judged {
    if let Some(plain) = plain_signs::of(pieces, hints) {
        return Judged::Sure(plain);
    }
    let mut readings = readings(pieces, hints);
    readings.sort_by(|one, other| other.score.total_cmp(&one.score));
    let Some(best) = readings.first() else { return Judged::Unsure(Vec::new()) };
    // What the source has always sent it sends again, while nothing in the file contradicts it.
    let recorded = readings.iter().find(|reading| hints.recorded == Some(reading.encoding));
    if let Some(recorded) = recorded.filter(|recorded| recorded.holds_against(best)) {
        return Judged::Sure(recorded.encoding);
    }
    // Readings of the same letters are one: whichever is taken, the values are the same.
    let differs = |reading: &&Reading| reading.letters != best.letters;
    let is_rare =
        pieces.len() == 1 && pieces.iter().any(|piece| has_rare(piece, best.encoding, hints));
    let close = if is_rare { CLOSE_ALONE } else { CLOSE };
    let has_rival =
        readings.iter().filter(differs).any(|reading| reading.score > best.score - close);
    let said = handful::say(&readings, pieces.len(), hints);
    if said == Say::Right {
        return Judged::Sure(best.encoding);
    }
    let has_rival = has_rival
        || said == Say::Open
        || (pieces.len() == 1 && readings.iter().filter(differs).any(|it| may_as_well(best, it)))
        || readings.iter().any(|it| is_sign_of_windows(best, it));
    if !has_rival && best.plausibility > IMPLAUSIBLE && !best.is_torn {
        return Judged::Sure(best.encoding);
    }
    let mut likeliest: Vec<&Reading> = Vec::new();
    // Names that are known stand first in what is asked.
    let names = readings.iter().filter(|reading| handful::makes_names(reading));
    for reading in names.chain(&readings) {
        if likeliest.iter().all(|known| !known.says_the_same(reading)) {
            likeliest.push(reading);
        }
    }
    Judged::Unsure(likeliest.iter().map(|reading| reading.encoding).collect())
}

impl Reading {
    /// Whether nothing in this reading contradicts it, beside the best one.
    fn holds_against(&self, best: &Reading) -> bool {
        let is_contradicted = self.is_torn || (self.is_glued && !best.is_glued);
        let is_close = self.score > best.score - FAR;
        self.plausibility > HOPELESS && (self.texts == best.texts || (!is_contradicted && is_close))
    }

    /// Whether it stands beside another only by its encoding.
    fn says_the_same(&self, other: &Reading) -> bool {
        self.letters == other.letters && (!self.is_of_signs() || self.texts == other.texts)
    }

    /// Whether it has no letter beyond ASCII.
    pub(super) fn is_of_signs(&self) -> bool {
        self.letters.iter().all(|letters| letters.is_ascii())
    }
}

/// Whether the best reading makes other signs of what are signs of Windows as well.
fn is_sign_of_windows(best: &Reading, other: &Reading) -> bool {
    let windows = Encoding::Web(encoding_rs::WINDOWS_1252);
    other.encoding == windows
        && best.is_of_signs()
        && other.is_of_signs()
        && best.texts != other.texts
        && !other.is_torn
}

/// Whether the only word there is may as well be read so, if one looks at nothing but the word.
fn may_as_well(best: &Reading, rival: &Reading) -> bool {
    let letters = best.letters.iter().flat_map(|word| word.chars());
    let letters: Vec<char> = letters.filter(|letter| !letter.is_ascii()).collect();
    let is_latin = letters.iter().all(|letter| Script::of(*letter) == Some(Script::Latin));
    let small = |letter: char| letter.to_lowercase().next().unwrap_or(letter);
    let has_frequent = letters.iter().any(|letter| FREQUENT.contains(small(*letter)));
    let behind = best.of_words - rival.of_words;
    let is_near = behind < NEARLY && best.of_words < ILL && !has_frequent;
    // Signs are judged by their places.
    let is_a_word = is_latin && !letters.is_empty();
    is_a_word && rival.plausibility > IMPLAUSIBLE && (behind < AS_WELL || is_near)
}

/// Whether a word, read so, has a Latin letter beyond ASCII that is none of every day, nor of a language
/// of the source's region.
fn has_rare(piece: &[u8], encoding: Encoding, hints: &Hints) -> bool {
    let text = encoding.decode(piece.to_vec()).text;
    let region = hints.region.as_deref().unwrap_or_default();
    let at_home = || LANGUAGES.iter().filter(|language| language.regions.contains(&region));
    let is_at_home = |letter: char| {
        let small = letter.to_lowercase().next().unwrap_or(letter);
        at_home().any(|language| language.letters.contains(small))
    };
    words(&text).any(|word| {
        let rare = |(at, letter): (usize, char)| {
            let known = if at == 0 { EVERY_DAY_FIRST } else { EVERY_DAY };
            let is_known = known.contains(letter) || (at > 0 && letter.is_uppercase());
            !letter.is_ascii()
                && Script::of(letter) == Some(Script::Latin)
                && !is_known
                && !is_at_home(letter)
        };
        word.char_indices().any(rare)
    })
}

/// The encoding whose reading is by far more plausible than that of the one the pieces are said to be in.
pub(in crate::acquire) fn likelier(
    pieces: &BTreeSet<Vec<u8>>,
    said: Encoding,
    hints: &Hints,
) -> Option<Encoding> {
    let readings = readings(pieces, hints);
    let best = readings.iter().max_by(|one, other| one.score.total_cmp(&other.score))?;
    let is_looked_for = || NARROW.iter().any(|narrow| narrow.encoding == said);
    let is_worse = match readings.iter().find(|reading| reading.encoding == said) {
        Some(said) => best.letters != said.letters && best.score > said.score + FAR,
        // It does not even define the bytes.
        None => is_looked_for(),
    };
    (is_worse && best.plausibility > IMPLAUSIBLE).then_some(best.encoding)
}

fn readings(pieces: &BTreeSet<Vec<u8>>, hints: &Hints) -> Vec<Reading> {
    let bytes: usize = pieces.iter().flatten().filter(|byte| !byte.is_ascii()).count();
    let trust = if bytes > HANDFUL { 1.0 } else { TRUST };
    let profiles = Profiles::new(hints);
    let mut readings = Vec::new();
    let mut add = |encoding: Encoding, weight: f64, texts: Vec<String>, score: f64| {
        let mut known = (weight / COMMONEST).ln() * trust;
        if hints.recorded == Some(encoding) {
            known += GUESS;
        }
        known += guess(encoding, hints.guessed) * trust;
        let plausibility = score / bytes.max(1) as f64;
        let (is_torn, is_glued) = (signs::tear(&texts), signs::are_glued(&texts));
        let letters = texts.iter().map(|text| letters(text)).collect();
        readings.push(Reading {
            encoding,
            score: score + known,
            of_words: score,
            plausibility,
            letters,
            texts,
            is_torn,
            is_glued,
        });
    };
    for narrow in &*NARROW {
        let texts: Vec<String> = pieces.iter().map(|piece| narrow.text(piece)).collect();
        if is_possible(&texts) {
            let score = profiles.score(narrow, &texts);
            add(narrow.encoding, narrow.weight, texts, score);
        }
    }
    for (encoding, weight) in wide() {
        let decoded = |piece: &Vec<u8>| encoding.decode_without_bom_handling(piece).0.into_owned();
        let texts: Vec<String> = pieces.iter().map(decoded).collect();
        if is_possible(&texts) {
            let of_text = |text: &String| wide_letters::score(encoding, text) - misshapen(text);
            let score = texts.iter().map(of_text).sum();
            add(Encoding::Web(encoding), weight, texts, score);
        }
    }
    readings
}

/// Whether hardly anything in it is not defined: a damaged row does not rule an encoding out.
fn is_possible(texts: &[String]) -> bool {
    let bad = texts.iter().filter(|text| text.contains(char::REPLACEMENT_CHARACTER)).count();
    bad * 50 <= texts.len()
}

fn guess(encoding: Encoding, guessed: Option<&'static Web>) -> f64 {
    match (encoding, guessed) {
        // What it says when it knows nothing better.
        (Encoding::Web(one), Some(other)) if one == other && one == encoding_rs::WINDOWS_1252 => {
            GUESS / 2.0
        }
        (Encoding::Web(one), Some(other)) if one == other => {
            let is_wide = wide().any(|(wide, _)| wide == one);
            if is_wide { 2.0 * GUESS } else { GUESS }
        }
        // The two differ in four letters.
        (Encoding::Web(one), Some(other))
            if one == encoding_rs::KOI8_R && other == encoding_rs::KOI8_U =>
        {
            GUESS
        }
        _ => 0.0,
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|character| Script::of(*character).is_some()).collect()
}

/// The words of a text that hold something beyond ASCII.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| (c.is_ascii() && !c.is_ascii_alphabetic()) || c == '\u{a0}';
    text.split(ends).filter(|word| !word.is_ascii())
}

/// What speaks against a text, whatever its language.
pub(in crate::acquire) fn misshapen(text: &str) -> f64 {
    let spaces = text.chars().filter(|c| *c == '\u{a0}').count();
    words(text).map(misshapen_word).sum::<f64>() + 2.5 * spaces as f64 + signs::at_numbers(text)
}

fn misshapen_word(word: &str) -> f64 {
    let word: Vec<(char, Option<Script>)> = word.chars().map(|c| (c, Script::of(c))).collect();
    let mut cost = 0.0;
    for (at, (character, script)) in word.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| word.get(at));
        let next = word.get(at + 1);
        cost += match script {
            None => signs::cost(&word, at),
            Some(script) => {
                let before_that = at.checked_sub(2).and_then(|at| word.get(at));
                let sigma = match (character, next) {
                    ('ς', Some(_)) => 5.0,
                    ('σ', None) if at > 0 => 3.0,
                    _ => 0.0,
                };
                let beside =
                    before.map_or(0.0, |before| letter(*character, *script, before, before_that));
                sigma + beside
            }
        };
    }
    let scripts: Vec<Script> = word.iter().filter_map(|(_, script)| *script).collect();
    cost + mixture(&scripts, word.len()) + capital_inside(&word) + alone(&word)
}

/// What a letter costs that is a word by itself, beyond those that are one in a language: Ó Briain, À
/// propos, Ö. A byte that stands alone is a sign more often.
fn alone(word: &[(char, Option<Script>)]) -> f64 {
    let [(letter, Some(Script::Latin))] = word else { return 0.0 };
    match letter.is_uppercase() {
        true if "ÓÒÀÁÉÈÍÚÅÖÄØ".contains(*letter) => 0.0,
        false if "óòàáâéèêíìúùåöäøæőůý".contains(*letter) => 0.0,
        _ => 4.0,
    }
}

/// What a capital beyond ASCII costs that stands between a capital and a word's small letters.
fn capital_inside(word: &[(char, Option<Script>)]) -> f64 {
    let is_inside = |pair: &[(char, Option<Script>)]| {
        let [(before, _), (letter, _)] = pair else { return false };
        before.is_uppercase() && letter.is_uppercase() && !letter.is_ascii()
    };
    let inside = word.windows(2).filter(|pair| is_inside(pair)).count();
    if word.iter().any(|(letter, _)| letter.is_lowercase()) { 4.0 * inside as f64 } else { 0.0 }
}

type Place<'a> = Option<&'a (char, Option<Script>)>;

fn letter(
    character: char,
    script: Script,
    (before, before_script): &(char, Option<Script>),
    before_that: Place<'_>,
) -> f64 {
    if before_script.is_none() || (character.is_ascii() && before.is_ascii()) {
        return 0.0;
    }
    let mut cost = 0.0;
    if before.is_lowercase() && character.is_uppercase() {
        cost += 6.0;
    }
    // Two such letters in a row are rare where most letters are ASCII.
    if script == Script::Latin && !character.is_ascii() && !before.is_ascii() {
        cost += 2.5;
    }
    let shouts = before_that.is_some_and(|(letter, _)| letter.is_uppercase());
    if shouts && before.is_uppercase() && character.is_lowercase() {
        cost += 5.0;
    }
    cost
}

fn mixture(scripts: &[Script], length: usize) -> f64 {
    let Some(first) = scripts.first() else { return 0.0 };
    let (wide, other) = (
        scripts.iter().any(|script| script.is_wide()),
        scripts.iter().any(|script| !script.is_wide()),
    );
    let has = |script: Script| scripts.contains(&script);
    let is_mixed = scripts.iter().any(|script| script != first);
    match (wide, other) {
        (true, true) => 6.0 + if has(Script::HalfKana) { 6.0 } else { 0.0 },
        (true, false) if is_mixed && has(Script::Hangul) => 4.0,
        (false, true) if is_mixed => 9.0,
        // A letter alone is a letter of a name; a Cyrillic one rather a sign that was misread.
        (false, true) if length == 1 && *first != Script::Latin => 2.0,
        _ => 0.0,
    }
}
