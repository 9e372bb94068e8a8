//! Texts as matching sees them: folded, cut into tokens, spelled by sound, compared by edits.

use std::borrow::Cow;

use deunicode::deunicode_with_tofu;
use domain::{FieldName, Values};
use rapidfuzz::distance::{jaro_winkler, osa};

use super::written::arabic;

/// Lower-case letters and digits of the Latin script; everything else separates tokens, except
/// apostrophes, which vanish (`O'Brien` is `obrien`).
pub(crate) fn fold(text: &str) -> String {
    let latin = if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        // Signs over Arabic letters come and go, and so do the ways to write some of the letters.
        let plain: String = text.chars().filter_map(arabic).collect();
        deunicode_with_tofu(&plain, " ").into()
    };
    let mut folded = String::with_capacity(latin.len());
    for character in latin.chars() {
        if character.is_ascii_alphanumeric() {
            folded.push(character.to_ascii_lowercase());
        } else if !matches!(character, '\'' | '`') && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The values of some fields, folded, one behind the other.
pub(crate) fn folded<'a>(values: &Values, fields: impl Iterator<Item = &'a FieldName>) -> String {
    let texts: Vec<String> = fields
        .filter_map(|field| values.get(field.as_str()))
        .map(|value| fold(value.standard().unwrap_or_default()))
        .filter(|text| !text.is_empty())
        .collect();
    texts.join(" ")
}

/// The digits of a text.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The lines of a data file that say something: `#` begins a remark.
pub(crate) fn without_remarks(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The tokens of a folded text.
pub(crate) fn tokens(folded: &str) -> impl Iterator<Item = &str> + Clone {
    folded.split(' ').filter(|token| !token.is_empty())
}

/// Mailbox and domain of an e-mail address.
pub(crate) fn mailbox_and_domain(address: &str) -> (&str, &str) {
    address.rsplit_once('@').unwrap_or((address, ""))
}

/// The first token, or nothing.
pub(crate) fn first(folded: &str) -> &str {
    folded.split(' ').next().unwrap_or_default()
}

/// Whether two texts have the same letters when spaces are ignored (`jean luc`, `jeanluc`), and the
/// `e` that stands for the dots of an umlaut (`Müller` folds to `muller`, `Mueller` does not).
pub(crate) fn same_letters(a: &str, b: &str) -> bool {
    plain_letters(a, b"").eq(plain_letters(b, b""))
}

/// The same of given names. An initial is a name of its own: `Paul A` is not `Paula`. Nor does an `e`
/// before an `l` stand for dots, as it seldom does there: `Noel`, `Michael`.
pub(crate) fn same_given_letters(a: &str, b: &str) -> bool {
    same_parts(a, b, 0, b"l")
}

/// The same of family names, where a letter in front belongs to the name: `O Brien`.
pub(crate) fn same_family_letters(a: &str, b: &str) -> bool {
    same_parts(a, b, 1, b"")
}

/// Where a word behind the first so many is a single letter, words are compared one by one.
fn same_parts(a: &str, b: &str, free: usize, own: &'static [u8]) -> bool {
    let has_initial = |name| tokens(name).skip(free).any(|word| word.len() == 1);
    if !has_initial(a) && !has_initial(b) {
        return plain_letters(a, own).eq(plain_letters(b, own));
    }
    let same = |(one, other)| plain_letters(one, own).eq(plain_letters(other, own));
    tokens(a).count() == tokens(b).count() && tokens(a).zip(tokens(b)).all(same)
}

/// The letters, without an `e` for dots. It has a consonant behind it, and none of these.
fn plain_letters<'a>(text: &'a str, own: &'static [u8]) -> impl Iterator<Item = u8> + 'a {
    let mut before = [0; 2];
    let behind = text.bytes().skip(1).map(Some).chain([None]);
    let letters = text.bytes().zip(behind).filter(|(byte, _)| *byte != b' ');
    let kept = letters.filter(move |(byte, behind)| {
        // After two vowels it is an `e` of its own: `bauer`, `neue`; at the end, too: `joe`, `sue`.
        let ends_in_consonant = behind.is_some_and(|it| {
            it.is_ascii_lowercase() && !b"aeiouy".contains(&it) && !own.contains(&it)
        });
        let dots = *byte == b'e'
            && ends_in_consonant
            && matches!(before[1], b'a' | b'o' | b'u')
            && !matches!(before[0], b'a' | b'e' | b'i' | b'o' | b'u' | b'q');
        before = [before[1], *byte];
        !dots
    });
    kept.map(|(byte, _)| byte)
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

/// Still alike: same sound and no other letters altogether (`Juan` sounds like `Anna` to a table
/// that knows no vowels), or a high similarity of letters (Winkler 1990).
pub(crate) fn is_alike(a: &str, b: &str) -> bool {
    if a.len().min(b.len()) < 3 {
        return false;
    }
    let length_apart = a.len().abs_diff(b.len());
    (length_apart <= 4 && jaro_winkler(a, b) >= 0.88)
        || (a.len().min(b.len()) > 3 && sound(a) == sound(b) && jaro_winkler(a, b) >= 0.7)
}

/// The letters of a folded text as one number: enough to rule out that two texts are alike without
/// looking at either of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Signature(u64);

impl Signature {
    /// Bits 0 to 25 say that a letter occurs, bits 26 to 51 that it occurs again.
    const LETTERS: u64 = (1 << 52) - 1;
    /// Texts of this length or more are never ruled out.
    const LONGEST: u64 = 63;

    pub(crate) fn new(text: &str) -> Self {
        let (mut once, mut twice) = (0_u64, 0_u64);
        for byte in text.bytes().filter(u8::is_ascii_lowercase) {
            let bit = 1 << (byte - b'a');
            twice |= once & bit;
            once |= bit;
        }
        let initial = match text.bytes().next() {
            Some(letter @ b'a'..=b'z') => u64::from(letter - b'a') + 1,
            Some(_) => 27,
            None => 0,
        };
        let length = (text.len() as u64).min(Self::LONGEST);
        Self(once | twice << 26 | length << 52 | initial << 58)
    }

    /// How many letters there are, up to a limit.
    #[inline]
    pub(crate) fn length(self) -> u64 {
        self.0 >> 52 & Self::LONGEST
    }

    #[inline]
    fn same_initial(self, other: Self) -> bool {
        self.0 >> 58 == other.0 >> 58
    }

    /// At most so many characters can be paired with an equal one of the other text.
    #[inline]
    fn shared(self, other: Self) -> u64 {
        let (own, others) = (self.0 & Self::LETTERS, other.0 & Self::LETTERS);
        let uncounted = |of: Self, letters: u64| of.length() - u64::from(letters.count_ones());
        let rest = uncounted(self, own).min(uncounted(other, others));
        u64::from((own & others).count_ones()) + rest
    }

    /// Whether the texts may be [`is_close`], or [`is_alike`] by their letters: never wrongly no.
    ///
    /// Jaro's similarity is at most a third of the shared parts of both texts and one; Winkler
    /// adds at most four tenths of what is missing when the beginnings agree. So a similarity of
    /// .88 needs parts of 1.4 where they do, and of 1.64 where they do not.
    #[inline]
    pub(crate) fn may_be_alike(self, other: Self) -> bool {
        let (own, others) = (self.length(), other.length());
        let (short, long) = (own.min(others), own.max(others));
        let shared = self.shared(other);
        let edits = if short >= 7 { 2 } else { 1 };
        if long == Self::LONGEST || short == 0 || shared + edits >= long {
            return true;
        }
        let least_parts = if self.same_initial(other) { 139 } else { 163 };
        100 * shared * (short + long) > least_parts * short * long
    }

    /// Whether one text may be the beginning of the other: never wrongly no.
    #[inline]
    pub(crate) fn may_begin(self, other: Self) -> bool {
        let short = self.length().min(other.length());
        self.same_initial(other) && self.shared(other) >= short
    }
}

/// How a name sounds, roughly and in any European language: consonants by class without
/// repetition, vowels only at the start. In the spirit of Soundex and the Cologne phonetics,
/// packed into a number.
pub(crate) fn sound(folded: &str) -> u32 {
    let mut code = 0_u32;
    let mut last = 0;
    let mut bytes = folded.bytes().filter(u8::is_ascii_alphanumeric).enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        let next = bytes.peek().map_or(0, |(_, next)| *next);
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
        if class != 0 || byte != b'h' {
            last = class;
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn signatures_never_rule_out_what_is_alike(
            a in "[a-c]{0,2}[a-e0-2]{1,9}( [a-e0-2]{1,4}){0,2}",
            b in "[a-c]{0,2}[a-e0-2]{1,9}( [a-e0-2]{1,4}){0,2}",
        ) {
            let (left, right) = (Signature::new(&a), Signature::new(&b));
            let alike = is_close(&a, &b) || jaro_winkler(&a, &b) >= 0.88 || same_letters(&a, &b);
            prop_assert!(!alike || left.may_be_alike(right), "{a} / {b}");
            prop_assert!(!(a.starts_with(&b) || b.starts_with(&a)) || left.may_begin(right));
            prop_assert_eq!(left.may_be_alike(right), right.may_be_alike(left));
        }
    }

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
