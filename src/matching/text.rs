//! Texts as matching sees them: folded, cut into tokens, spelled by sound, compared by edits.

use deunicode::deunicode_with_tofu;
use rapidfuzz::distance::{jaro_winkler, osa};

/// Lower-case letters and digits of the Latin script; everything else separates tokens, except
/// apostrophes, which vanish (`O'Brien` is `obrien`).
pub(crate) fn fold(text: &str) -> String {
    let latin = deunicode_with_tofu(text, " ");
    let mut folded = String::with_capacity(latin.len());
    for character in latin.chars() {
        if character.is_ascii_alphanumeric() {
            folded.push(character.to_ascii_lowercase());
        } else if !matches!(character, '\'' | '`') && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.trim().to_owned()
}

/// The digits of a text.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The tokens of a folded text.
pub(crate) fn tokens(folded: &str) -> impl Iterator<Item = &str> + Clone {
    folded.split(' ').filter(|token| !token.is_empty())
}

/// The first token, or nothing.
pub(crate) fn first(folded: &str) -> &str {
    folded.split(' ').next().unwrap_or_default()
}

/// Whether two texts have the same letters when spaces are ignored (`jean luc`, `jeanluc`).
pub(crate) fn same_letters(a: &str, b: &str) -> bool {
    a.bytes().filter(|byte| *byte != b' ').eq(b.bytes().filter(|byte| *byte != b' '))
}

/// Whether one insertion, deletion, substitution or swap of neighbours makes `a` into `b`.
pub(crate) fn one_edit(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let (short, long) = (short.as_bytes(), long.as_bytes());
    if long.len() - short.len() > 1 {
        return false;
    }
    let start = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (short, long) = (&short[start..], &long[start..]);
    let end = short.iter().rev().zip(long.iter().rev()).take_while(|(x, y)| x == y).count();
    let (short, long) = (&short[..short.len() - end], &long[..long.len() - end]);
    match (short, long) {
        ([], [] | [_]) | ([_], [_]) => true,
        ([x, y], [p, q]) => x == q && y == p,
        _ => false,
    }
}

/// Optimal string alignment distance within `limit`.
pub(crate) fn within_edits(a: &str, b: &str, limit: usize) -> bool {
    if a.len().abs_diff(b.len()) > limit {
        return false;
    }
    let arguments = osa::Args::default().score_cutoff(limit);
    osa::distance_with_args(a.bytes(), b.bytes(), &arguments).is_some()
}

/// Jaro and Winkler's similarity, the same in both directions.
pub(crate) fn jaro_winkler(a: &str, b: &str) -> f64 {
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    jaro_winkler::similarity(a.bytes(), b.bytes())
}

/// A slip of the keyboard: one edit, or two in long texts.
pub(crate) fn is_close(a: &str, b: &str) -> bool {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    short >= 3 && (one_edit(a, b) || short >= 7 && within_edits(a, b, 2))
        || short == 2 && long == 3 && one_edit(a, b)
}

/// Still alike: same sound, or a high similarity of letters (Winkler 1990).
pub(crate) fn is_alike(a: &str, b: &str) -> bool {
    if a.len().min(b.len()) < 3 {
        return false;
    }
    let length_apart = a.len().abs_diff(b.len());
    (length_apart <= 4 && jaro_winkler(a, b) >= 0.88)
        || (a.len().min(b.len()) > 3 && sound(a) == sound(b))
}

/// How a name sounds, roughly and in any European language: consonants by class without
/// repetition, vowels only at the start. In the spirit of Soundex and the Cologne phonetics,
/// packed into a number.
pub(crate) fn sound(folded: &str) -> u32 {
    let bytes: Vec<u8> = folded.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let mut code = 0_u32;
    let mut last = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        let class = match byte {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'j' => u32::from(at == 0),
            b'h' => 0,
            b'p' if next == b'h' => 3,
            b'b' | b'p' => 2,
            b'f' | b'v' | b'w' => 3,
            b'c' if next == b'e' || next == b'i' || next == b'y' => 5,
            b'c' | b'g' | b'k' | b'q' | b'x' => 4,
            b's' | b'z' => 5,
            b'd' | b't' => 6,
            b'l' => 7,
            b'm' | b'n' => 8,
            b'r' => 9,
            _ => 10,
        };
        if class != 0 && class != last && code < (1 << 28) {
            code = code * 11 + class;
        }
        if class != 0 || !matches!(byte, b'h') {
            last = class;
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        for (input, expected) in [
            ("O'Brien-Smith", "obrien smith"),
            ("  José  María ", "jose maria"),
            ("Müller", "muller"),
            ("Straße 5", "strasse 5"),
            ("王杰", "wang jie"),
        ] {
            assert_eq!(fold(input), expected, "{input}");
        }
    }

    #[test]
    fn edits() {
        for (a, b, expected) in [
            ("smith", "smith", true),
            ("smith", "smtih", true),
            ("smith", "smit", true),
            ("smith", "smyth", true),
            ("smith", "smyht", false),
            ("", "a", true),
            ("ab", "ba", true),
            ("ab", "cd", false),
        ] {
            assert_eq!(one_edit(a, b), expected, "{a} {b}");
            assert_eq!(one_edit(b, a), expected, "{b} {a}");
            assert_eq!(within_edits(a, b, 1), expected, "{a} {b}");
        }
    }

    #[test]
    fn sounds() {
        for (a, b) in [("meyer", "maier"), ("philip", "filip"), ("schmidt", "schmitt")] {
            assert_eq!(sound(a), sound(b), "{a} {b}");
        }
        assert_ne!(sound("miller"), sound("smith"));
    }
}
