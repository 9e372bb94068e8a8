//! How likely words are in each language: by their letters beyond ASCII, and by what stands beside those.

use std::sync::LazyLock;

use super::Encoding;
use super::candidates::{NARROW, Narrow};
use super::judge::{Hints, misshapen, words};
use super::languages::{ABSENT, LANGUAGES, Language, Script, chances};

/// What stands beside letters, as the file has it.
static NEIGHBOURS: LazyLock<Vec<Neighbours>> = LazyLock::new(|| {
    let rows = include_str!("neighbours.txt").lines().filter(|row| !row.starts_with('#'));
    rows.filter_map(Neighbours::of).collect()
});

/// What is known of each language, in their order.
static WRITINGS: LazyLock<Vec<Writing>> =
    LazyLock::new(|| LANGUAGES.iter().map(Writing::of).collect());

/// How much of what each language writes an encoding can hold, in the order of the languages. It is the
/// same for every file.
static SHARES: LazyLock<Vec<(Encoding, Vec<f64>)>> = LazyLock::new(|| {
    let shares = |narrow: &Narrow| {
        WRITINGS.iter().map(|writing| share_of(&writing.letters, narrow)).collect()
    };
    NARROW.iter().map(|narrow| (narrow.encoding, shares(narrow))).collect()
});

/// The letters of ASCII, and the edge of a word.
const PLACES: usize = 27;
const EDGE: usize = 26;

/// How far letters of ASCII that follow each other count: they depend on each other.
const PAIRS: f64 = 0.5;

/// The chance that a neighbour is none of those that are known.
const RARE: f64 = 0.004;

/// By how much more often than at random each letter of ASCII, or a word's edge, stands beside another:
/// as logarithms.
type Ratios = [f64; PLACES];

struct Neighbours {
    language: &'static str,
    letter: char,
    /// Of a letter beyond ASCII only.
    before: Option<Ratios>,
    after: Ratios,
}

impl Neighbours {
    fn of(row: &'static str) -> Option<Neighbours> {
        let mut parts = row.split(' ');
        let (language, letter) = (parts.next()?, parts.next()?.chars().next()?);
        let (first, second) = (ratios(parts.next()?), parts.next().map(ratios));
        let (before, after) = second.map_or((None, first), |after| (Some(first), after));
        Some(Neighbours { language, letter, before, after })
    }
}

fn ratios(known: &str) -> Ratios {
    let weight = |rank: usize| 1.0 / (rank as f64 + 1.5);
    let whole: f64 = (0..known.len()).map(weight).sum();
    let mut ratios = [(RARE * PLACES as f64).ln(); PLACES];
    for (rank, character) in known.chars().enumerate() {
        if let Some(place) = place(character) {
            let chance = RARE.max(weight(rank) / whole);
            ratios[place] = (chance * PLACES as f64).ln();
        }
    }
    ratios
}

/// Where a neighbour stands in the table; none where nothing is known of it.
fn place(character: char) -> Option<usize> {
    match character {
        '^' | '$' => Some(EDGE),
        character if character.is_ascii_alphabetic() => {
            Some(usize::from(character.to_ascii_lowercase() as u8 - b'a'))
        }
        _ => None,
    }
}

/// A word with something beyond ASCII.
struct Word {
    letters: Vec<Placed>,
    /// Which letters of ASCII follow each other in it, its edges among them.
    pairs: Vec<(usize, usize)>,
}

/// A letter beyond ASCII in its word.
struct Placed {
    letter: char,
    before: Option<usize>,
    after: Option<usize>,
}

/// What a letter is to a language.
struct Known {
    letter: char,
    chance: f64,
    beside: Option<(Ratios, Ratios)>,
}

/// What is known of a language, whatever is asked about it.
struct Writing {
    letters: Vec<Known>,
    /// What follows each letter of ASCII.
    pairs: Vec<Option<Ratios>>,
}

struct Profile {
    writing: &'static Writing,
    /// How often files of it are met, against each other.
    weight: f64,
    /// Whether it is written where the file comes from.
    is_at_home: bool,
}

/// Every language with its letters' chances, and what is known of where the file comes from.
pub(super) struct Profiles {
    languages: Vec<Profile>,
}

impl Profiles {
    pub fn new(hints: &Hints) -> Profiles {
        // How often a language is met is no more than a hint.
        let weight = |language: &Language| language.weight.sqrt();
        let whole: f64 = LANGUAGES.iter().map(weight).sum();
        let languages = LANGUAGES.iter().zip(&*WRITINGS).map(|(language, writing)| {
            let is_at_home = |region: &String| language.regions.contains(&region.as_str());
            let is_at_home = hints.region.as_ref().is_some_and(is_at_home);
            let factor = if is_at_home { 8.0 } else { 1.0 };
            Profile { writing, weight: factor * weight(language) / whole, is_at_home }
        });
        Profiles { languages: languages.collect() }
    }

    /// How likely the text is if most of it is of the language that fits best.
    pub fn score(&self, narrow: &Narrow, texts: &[String]) -> f64 {
        let shape: f64 = texts.iter().map(|text| misshapen(text)).sum();
        let words: Vec<Word> = texts.iter().flat_map(|text| words(text)).map(Word::of).collect();
        let shares = SHARES.iter().find(|(encoding, _)| *encoding == narrow.encoding);
        let shares = shares.map_or(&[][..], |(_, shares)| shares);
        let of_words: Vec<Vec<f64>> = words.iter().map(|word| self.chances_of(word)).collect();
        let any: Vec<f64> = of_words
            .iter()
            .map(|chances| {
                let of_language = chances.iter().zip(&self.languages).zip(shares);
                of_language
                    .map(|((chance, language), s)| chance * language.weight * s.max(0.05).powi(8))
                    .sum()
            })
            .collect();
        let of_language = self.languages.iter().zip(shares).enumerate();
        let best = of_language.map(|(index, (language, share))| {
            let words = of_words.iter().zip(&any);
            let words: f64 = words.map(|(of, any)| (0.7 * of[index] + 0.3 * any).ln()).sum();
            words + language.weight.ln() + 9.0 * share.max(0.02).ln()
        });
        best.fold(f64::NEG_INFINITY, f64::max) - shape
    }

    /// How well words fit the language that each fits best, however rare that is.
    pub fn fit(&self, texts: &[String]) -> f64 {
        self.fit_of(texts, |_| true)
    }

    /// The same of one word, without its shape.
    pub fn fit_of_word(&self, word: &str) -> f64 {
        let word = Word::of(word);
        let chances = self.languages.iter().map(|language| language.writing.chance(&word));
        chances.fold(f64::MIN_POSITIVE, f64::max).ln()
    }

    /// Likewise among the languages of the source's region.
    pub fn fit_at_home(&self, texts: &[String]) -> f64 {
        self.fit_of(texts, |language| language.is_at_home)
    }

    fn fit_of(&self, texts: &[String], is_meant: impl Fn(&Profile) -> bool) -> f64 {
        let shape: f64 = texts.iter().map(|text| misshapen(text)).sum();
        let words = texts.iter().flat_map(|text| words(text)).map(Word::of);
        let best = words.map(|word| {
            let meant = self.languages.iter().filter(|language| is_meant(language));
            let chances = meant.map(|language| language.writing.chance(&word));
            chances.fold(f64::MIN_POSITIVE, f64::max).ln()
        });
        best.sum::<f64>() - shape
    }

    fn chances_of(&self, word: &Word) -> Vec<f64> {
        let of_word = |language: &Profile| language.writing.chance(word).max(f64::MIN_POSITIVE);
        self.languages.iter().map(of_word).collect()
    }
}

impl Writing {
    fn of(language: &Language) -> Writing {
        let of_letter = |letter: char| {
            let is_it =
                |known: &&Neighbours| known.language == language.code && known.letter == letter;
            NEIGHBOURS.iter().find(is_it)
        };
        let beside = |letter| of_letter(letter).and_then(|it| Some((it.before?, it.after)));
        let chances = chances(language).into_iter();
        let letters = chances
            .map(|(letter, chance)| Known { letter, chance, beside: beside(letter) })
            .collect();
        let pairs = ('a'..='z').chain(['^']).map(|letter| of_letter(letter).map(|it| it.after));
        Writing { letters, pairs: pairs.collect() }
    }

    fn chance(&self, word: &Word) -> f64 {
        let of_letter = |placed: &Placed| {
            let known = self.letters.iter().find(|known| known.letter == placed.letter);
            known.map_or(ABSENT, |known| known.chance * known.fits(placed))
        };
        let of_pair = |(first, second): &(usize, usize)| {
            self.pairs[*first].as_ref().map_or(0.0, |it| it[*second])
        };
        let pairs: f64 = word.pairs.iter().map(of_pair).sum();
        word.letters.iter().map(of_letter).product::<f64>() * (PAIRS * pairs).exp()
    }
}

impl Known {
    /// By how much more often than at random the letter stands in such a place.
    fn fits(&self, placed: &Placed) -> f64 {
        let Some((before, after)) = &self.beside else { return 1.0 };
        let of = |ratios: &Ratios, place: Option<usize>| place.map_or(0.0, |at| ratios[at]);
        (of(before, placed.before) + of(after, placed.after)).exp()
    }
}

impl Word {
    fn of(word: &str) -> Word {
        let (mut letters, mut pairs) = (Vec::new(), Vec::new());
        let mut before = '^';
        let mut rest = word.chars().chain(['$']).peekable();
        while let Some(letter) = rest.next() {
            if !letter.is_ascii() && Script::of(letter).is_some() {
                let (before, after) = (place(before), rest.peek().copied().and_then(place));
                letters.push(Placed { letter: small(letter), before, after });
            }
            pairs.extend(place(before).zip(place(letter)));
            before = letter;
        }
        Word { letters, pairs }
    }
}

fn small(letter: char) -> char {
    match letter {
        // Its small form is two characters.
        'İ' => letter,
        letter => letter.to_lowercase().next().unwrap_or(letter),
    }
}

/// How much of what the language writes the encoding can hold.
fn share_of(letters: &[Known], narrow: &Narrow) -> f64 {
    let held = |letter: char| narrow.upper.contains(&Some(letter));
    let all: f64 = letters.iter().map(|known| known.chance).sum();
    let kept: f64 = letters.iter().filter(|known| held(known.letter)).map(|it| it.chance).sum();
    kept / all
}
