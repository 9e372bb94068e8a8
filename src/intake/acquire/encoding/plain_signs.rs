//! Text whose only bytes beyond ASCII are signs of Windows, where nothing else can stand.

use std::collections::BTreeSet;

use encoding_rs::{Encoding as Web, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257};

use super::Encoding;
use super::judge::Hints;

/// Signs that windows-1250, -1252, -1254 and -1257 have at the same bytes.
const SHARED: &str = "…©®™°€’‘“”„–—•§«»";

/// The encodings that share them: the first is the commonest.
const SISTERS: [&Web; 4] = [WINDOWS_1252, WINDOWS_1250, WINDOWS_1254, WINDOWS_1257];

/// Where words are English, so that none of them ends in `à` or `ů`.
const ENGLISH: [&str; 6] = ["AU", "GB", "IE", "IN", "NZ", "US"];

/// Endings behind which no language writes the letters that stand at the byte of `…` in the tables of
/// DOS: `à`, as in `città`, and `ů`, as in `domů`.
const ENDINGS: [&str; 25] = [
    "a", "e", "o", "y", "w", "ing", "eed", "ied", "ued", "sked", "owed", "cked", "dded", "gged",
    "lled", "mmed", "nned", "pped", "rred", "ssed", "tted", "shed", "ched", "ought", "xed",
];

/// The encoding of these pieces where all of them are such signs at their places.
pub(super) fn of(pieces: &BTreeSet<Vec<u8>>, hints: &Hints) -> Option<Encoding> {
    // A source that has sent something else before will have sent it again.
    let encoding = match hints.recorded {
        None => WINDOWS_1252,
        Some(Encoding::Web(known)) if SISTERS.contains(&known) => known,
        Some(_) => return None,
    };
    let is_english = hints.region.as_deref().is_some_and(|region| ENGLISH.contains(&region));
    let is_plain = |piece: &Vec<u8>| {
        let text: Vec<char> = WINDOWS_1252.decode_without_bom_handling(piece).0.chars().collect();
        let mut signs = (0..text.len()).filter(|at| !text[*at].is_ascii());
        signs.all(|at| SHARED.contains(text[at]) && has_its_place(&text, at, is_english))
    };
    (!pieces.is_empty() && pieces.iter().all(is_plain)).then_some(Encoding::Web(encoding))
}

/// Whether a letter could not stand there.
fn has_its_place(text: &[char], at: usize, is_english: bool) -> bool {
    let (before, rest) = text.split_at(at);
    let Some((sign, after)) = rest.split_first() else { return false };
    let touches =
        |beside: Option<&char>| beside.is_some_and(|c| !c.is_ascii() || c.is_ascii_alphanumeric());
    let (behind_word, ahead_of_word) = (touches(before.last()), touches(after.first()));
    let is_between_words = before.last() == Some(&' ') && after.first() == Some(&' ');
    match (sign, behind_word, ahead_of_word) {
        ('©' | '®' | '™' | '€' | '§', false, false) => true,
        // `à`, `ó` and `ö` are words.
        ('…' | '•' | '–' | '—' | '«' | '»', false, false) => !is_between_words,
        // No name goes on with a capital behind one letter, and then with small ones.
        ('©' | '®', false, true) => {
            matches!(after, [first, second, ..] if first.is_ascii_uppercase() && second.is_ascii_lowercase())
        }
        ('…', true, false) => ends_otherwise(before, is_english),
        _ => false,
    }
}

/// Whether the word has an end that no `à` or `ů` follows.
fn ends_otherwise(before: &[char], is_english: bool) -> bool {
    let word: String = before
        .iter()
        .rev()
        .take_while(|letter| letter.is_ascii_alphanumeric())
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let is_small = word.ends_with(|last: char| last.is_ascii_lowercase());
    let has_end = || ENDINGS.iter().any(|ending| word.ends_with(ending));
    word.ends_with(|last: char| last.is_ascii_digit()) || (is_small && (is_english || has_end()))
}
