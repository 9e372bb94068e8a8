//! House numbers of Colombia, which say the crossing street and the metres from it behind a `#`: `Calle 10 # 5-51`.
//! Elsewhere a `#` leads to a flat.

/// What such streets are called, in small letters: they have numbers for names.
const STREETS: [&str; 25] = [
    "ac",
    "ak",
    "autopista",
    "av",
    "avenida",
    "calle",
    "carrera",
    "circular",
    "cl",
    "cll",
    "cr",
    "cra",
    "crr",
    "dg",
    "diag",
    "diagonal",
    "ka",
    "kr",
    "kra",
    "krr",
    "tr",
    "trans",
    "transversal",
    "tv",
    "tranv",
];

/// What may stand behind the number of a street.
const PARTS: [&str; 6] = ["bis", "este", "norte", "oeste", "sur", "occidente"];

/// A street, what stands behind its `#`, and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plate<'a> {
    pub(super) before: &'a str,
    pub(super) number: &'a str,
    pub(super) behind: &'a str,
}

/// The house number of a text; none where its `#` leads to a flat.
pub(super) fn of<'a>(text: &'a str, country: &str) -> Option<Plate<'a>> {
    let (before, behind) = text.split_once('#')?;
    let mut words = before.split([' ', ',']).filter(|word| !word.is_empty());
    let plain = |word: &str| word.trim_end_matches('.').to_lowercase();
    let street = plain(words.next()?);
    let is_numbered = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
    let is_street = STREETS.contains(&street.as_str()) && is_numbered(words.next()?);
    if !is_street || !words.all(|word| word.len() == 1 || PARTS.contains(&plain(word).as_str())) {
        return None;
    }
    let behind = behind.trim_start();
    let crossing = numbered(behind)?;
    let rest = &behind[crossing..];
    let metres = rest.trim_start().strip_prefix('-').map(str::trim_start).and_then(|rest| {
        let length = numbered(rest)?;
        Some(behind.len() - rest.len() + length)
    });
    let end = metres.or((country == "CO").then_some(crossing))?;
    Some(Plate { before, number: &behind[..end], behind: &behind[end..] })
}

/// The length of a number and its letter at the beginning of a text, which end there: `8A`.
fn numbered(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let letters = text[digits..].bytes().take_while(u8::is_ascii_alphabetic).count();
    let ends = text[digits + letters..].chars().next().is_none_or(|next| !next.is_alphanumeric());
    ((1..=4).contains(&digits) && letters < 3 && ends).then_some(digits + letters)
}
