//! Letters of Windows read in the code page of DOS (`M³ller`, `JosÚ`) or of the Macintosh (`M¸ller`, `AndrÈ`),
//! and Cyrillic ones read as western (`Èâàí`).

use encoding_rs::{MACINTOSH, WINDOWS_1251, WINDOWS_1252};
use oem_cp::code_table::ENCODING_TABLE_CP850;

use super::{byte_of, western};

/// What letters of Windows-1252 become in the other code pages, and what never stands within a word.
const SIGNS: [char; 5] = ['³', '÷', '¸', 'ˆ', '‰'];

/// Before a capital within a name: `MacÉwan`.
const PREFIXES: [&str; 8] = ["mac", "fitz", "van", "von", "della", "dela", "del", "saint"];

/// Whether a word must have been misread.
pub(super) fn is_misread(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphabetic() || SIGNS.contains(&letter);
    text.split(|letter: char| !is_part(letter)).any(|word| !word.is_ascii() && is_odd(word))
}

/// The text as it was before it was misread; none where two readings are possible.
pub(super) fn reread(text: &str) -> Option<String> {
    if !is_misread(text) {
        return None;
    }
    let cyrillic = decoded(text, WINDOWS_1251, western);
    if text.split(' ').any(is_cyrillic) {
        return cyrillic;
    }
    let dos = |letter: char| ENCODING_TABLE_CP850.get(&letter).copied();
    let readings = [
        decoded(text, WINDOWS_1252, dos),
        decoded(text, WINDOWS_1252, |letter| byte_of(MACINTOSH, letter)),
    ];
    let is_right = |right: &String| !is_misread(right) && !has_inner_capital(right);
    let mut readings = readings.into_iter().flatten().filter(is_right);
    let first = readings.next()?;
    readings.all(|other| other == first).then_some(first)
}

/// The text's bytes in one encoding, decoded in another to letters alone.
fn decoded(
    text: &str,
    right: &'static encoding_rs::Encoding,
    byte: impl Fn(char) -> Option<u8>,
) -> Option<String> {
    let bytes = text.chars().map(|letter| match u8::try_from(letter) {
        Ok(ascii) if ascii.is_ascii() => Some(ascii),
        _ => byte(letter),
    });
    let bytes: Option<Vec<u8>> = bytes.collect();
    let bytes = bytes?;
    let (decoded, is_bad) = right.decode_without_bom_handling(&bytes);
    let fits = text.chars().zip(decoded.chars()).all(|(was, is)| was == is || is.is_alphabetic());
    (!is_bad && fits && decoded != text).then(|| decoded.into_owned())
}

fn is_odd(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let is_small = |letter: Option<&char>| letter.is_some_and(|letter| letter.is_lowercase());
    // `x³y` and `m³` are no words.
    let has_sign = (1..letters.len()).any(|at| {
        SIGNS.contains(&letters[at])
            && letters[at - 1].is_alphabetic()
            && is_small(letters.get(at + 1))
            && is_small(letters.get(at + 2))
    });
    // A capital with an accent behind small letters.
    let has_capital = (2..letters.len()).any(|at| {
        let before = &letters[..at];
        is_accented_capital(letters[at])
            && before[at - 2..].iter().all(|letter| letter.is_lowercase())
            && !PREFIXES.contains(
                &before.iter().flat_map(|c| c.to_lowercase()).collect::<String>().as_str(),
            )
            && letters.get(at + 1).is_none_or(|next| next.is_lowercase())
    });
    has_sign || has_capital || is_cyrillic(word)
}

/// Whether an accented capital stands between a letter and a small one: `KÖln`.
fn has_inner_capital(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(3).any(|three| {
        three[0].is_alphabetic() && is_accented_capital(three[1]) && three[2].is_lowercase()
    })
}

/// A capital that letters of small size become.
fn is_accented_capital(letter: char) -> bool {
    matches!(letter, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{de}')
}

/// Whether all letters of a word have accents, as in no language: Cyrillic read as western.
fn is_cyrillic(word: &str) -> bool {
    let is_western = |letter: char| matches!(letter, '\u{c0}'..='\u{ff}' | '¸' | '¨');
    let letters: Vec<char> = word.chars().collect();
    let first = letters.first().copied().unwrap_or_default();
    let is_first = |letter: char| letter.to_lowercase().eq(first.to_lowercase());
    // `ÁÉÍÓÚ` in capitals may be a list of letters, or a name cut short.
    letters.len() > 2
        && word.contains(char::is_lowercase)
        && letters.iter().all(|letter| is_western(*letter))
        // One letter over and over is somebody trying the keyboard.
        && !letters.iter().all(|letter| is_first(*letter))
}

#[cfg(test)]
mod tests {
    use crate::mojibake::{is_damaged, repaired};

    #[test]
    fn letters_of_other_code_pages_are_noticed() {
        for (text, right) in [
            ("M³ller", Some("Müller")),
            ("K÷ln", Some("Köln")),
            ("M¸ller", Some("Müller")),
            ("Kˆln", Some("Köln")),
            ("AndrÈ", Some("André")),
            ("LefËvre", Some("Lefèvre")),
            ("OrlÈans", Some("Orléans")),
            ("JosÚ", None),
            ("Èâàí", Some("Иван")),
            ("Ïåòðîâ", Some("Петров")),
            ("Ìîñêâà", Some("Москва")),
            ("Àííà Ïåòðîâà", Some("Анна Петрова")),
        ] {
            assert!(is_damaged(text), "{text}");
            assert_eq!(repaired(text).as_deref(), right, "{text}");
        }
    }

    #[test]
    fn names_and_places_are_as_they_are() {
        for text in [
            "Müller",
            "José",
            "MacÉwan",
            "DeÁvila",
            "Ærø",
            "Åse",
            "Øyå",
            "Île",
            "Œuvré",
            "m³",
            "x³y",
            "5 ÷ 2",
            "a÷b",
            "JOSÉ",
            "ÉLOÏSE",
            "Jean-Élie",
            "O'Égan",
            "ÖBB",
            "Ááá",
            "Þórður",
            "Ægir",
            "Éa",
            "Ýmir",
            "Sørå",
        ] {
            assert!(!is_damaged(text), "{text}");
        }
    }
}
