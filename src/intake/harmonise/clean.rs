//! What every value goes through first: Unicode form, white space, characters nobody can see.

use std::borrow::Cow;

use super::entities;
use crate::mojibake;
use domain::digits;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The Unicode normalisation form a kind of value is kept in (Unicode Standard Annex #15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// NFC: for names and text, whose letters are left as they are written.
    Composed,
    /// NFKC: for codes, where a full-width digit is the digit, and any hyphen the keyboard's.
    Compatible,
}

/// The text with its entities decoded and in its normalisation form, trimmed, white space collapsed to
/// single spaces, control, invisible and direction-changing characters dropped.
pub(super) fn clean(raw: &str, form: Form) -> Cow<'_, str> {
    if is_clean_ascii(raw) && !raw.contains('&') {
        return Cow::Borrowed(raw);
    }
    if let Some(meant) = mojibake::without_latin_controls(raw) {
        return Cow::Owned(clean(&meant, form).into_owned());
    }
    if raw.contains(is_control) {
        // What a program forgot to take out parts no words.
        return Cow::Owned(clean(&raw.replace(is_control, ""), form).into_owned());
    }
    if raw.contains('&')
        && let Cow::Owned(decoded) = entities::decoded(raw)
    {
        return Cow::Owned(composed(&decoded, form).into_owned());
    }
    composed(raw, form)
}

fn composed(raw: &str, form: Form) -> Cow<'_, str> {
    if is_clean_ascii(raw) {
        return Cow::Borrowed(raw);
    }
    if raw.is_ascii() {
        return Cow::Owned(spaced(raw.chars()));
    }
    // Characters go before the text is composed: a dropped one may have kept two apart.
    let spaced = match form {
        Form::Composed => spaced(raw.chars()),
        Form::Compatible => spaced(raw.nfkc().map(plain_code)),
    };
    let composed = if is_nfc_quick(spaced.chars()) == IsNormalized::Yes {
        spaced
    } else {
        spaced.nfc().collect()
    };
    Cow::Owned(without_second_dots(composed))
}

/// The dot above an `i` that has one: what programs make of a Turkish `İ` in small letters, and of that in
/// capitals again.
fn without_second_dots(text: String) -> String {
    if !text.contains('\u{307}') {
        return text;
    }
    let mut single = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter != '\u{307}' || !single.ends_with(['i', 'j', 'İ']) {
            single.push(letter);
        }
    }
    single.nfc().collect()
}

fn is_clean_ascii(text: &str) -> bool {
    let mut after_space = true;
    for byte in text.bytes() {
        match byte {
            b' ' if after_space => return false,
            b' ' => after_space = true,
            0x21..=0x7e => after_space = false,
            _ => return false,
        }
    }
    !after_space || text.is_empty()
}

fn spaced(characters: impl Iterator<Item = char>) -> String {
    let mut characters = characters.peekable();
    let mut text = String::new();
    let mut space = false;
    while let Some(character) = characters.next() {
        if character.is_whitespace() {
            space = !text.is_empty();
        } else if matches!(character, '\u{200c}' | '\u{200d}') {
            let between = !space
                && text.chars().next_back().is_some_and(takes_joiners)
                && characters.peek().copied().is_some_and(takes_joiners);
            if between {
                text.push(character);
            }
        } else if !is_invisible(character) {
            if space {
                text.push(' ');
                space = false;
            }
            text.push(character);
        }
    }
    text
}

/// Whether it is a control character, and none that parts words or lines as a tab does.
fn is_control(character: char) -> bool {
    character.is_control() && !character.is_whitespace()
}

/// Scripts from Arabic to the Indic ones, where a (non-)joiner between letters is spelling.
fn takes_joiners(character: char) -> bool {
    matches!(character, '\u{600}'..='\u{1cff}') && !is_invisible(character)
}

/// Format characters: they change how a text is laid out, not what it says, and can hide or
/// reverse it (Unicode Technical Report #36).
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Typographic apostrophes and dashes as the keyboard's: `O’Brien` is `O'Brien`.
pub(super) fn plain_punctuation(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() && !text.contains('`') {
        return text;
    }
    if text.chars().all(|character| plain(character) == character) {
        return text;
    }
    Cow::Owned(text.chars().map(plain).collect())
}

fn plain(character: char) -> char {
    match character {
        '`' | '´' | '‘' | '’' | '‛' | 'ʼ' | '′' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' => '-',
        _ => character,
    }
}

/// The keyboard's sign for one that says the same in a code: hyphens, slashes, dots, and the digits
/// of every script people write numbers in.
fn plain_code(character: char) -> char {
    match character {
        '\0'..='\u{7f}' => character,
        '‘' | '’' | '‛' | 'ʼ' | '′' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '−' | '\u{2e3a}' | '\u{2e3b}' => '-',
        '\u{2044}' | '\u{2215}' | '\u{29f8}' => '/',
        '·' | '•' | '\u{2219}' | '\u{22c5}' | '・' => '.',
        _ => digits::plain_digit(character).unwrap_or(character),
    }
}

/// Letters and digits alone, without case, accents and spaces: what names of countries and the
/// words of closed lists are looked up by.
pub(super) fn key(text: &str) -> String {
    let letters = |text: &str| {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|character| character.to_ascii_lowercase())
            .collect()
    };
    if text.is_ascii() { letters(text) } else { letters(&deunicode::deunicode(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans() {
        let table = [
            ("  Thomas \t Pace\r\n", "Thomas Pace"),
            ("Thomas\u{a0}Pace", "Thomas Pace"),
            ("e\u{301}", "é"),
            ("a\u{202e}b\u{200b}c\u{feff}", "abc"),
            ("e\u{200b}\u{301}", "é"),
            ("i\u{307}brahim", "ibrahim"),
            ("\u{130}\u{307}BRAH\u{130}\u{307}M", "İBRAHİM"),
            ("I\u{307}brahim", "İbrahim"),
            ("i\u{307}\u{307}\u{301}", "í"),
            ("z\u{307}", "ż"),
            ("q\u{307}", "q\u{307}"),
            ("bell\u{7}\u{1b}[31m", "bell[31m"),
            ("Har\u{1}ker", "Harker"),
            ("Har\u{8}\u{7f}ker", "Harker"),
            ("Har\u{81}ker\u{9d}", "Harker"),
            ("\u{1}Ann \u{2} Lee\u{3}", "Ann Lee"),
            ("é\u{1c}Har\u{1f}ker", "éHarker"),
            ("1 High St\r\nFlat 2", "1 High St Flat 2"),
            ("Har\tker\u{b}x\u{85}y", "Har ker x y"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("Pa\u{200d}ce", "Pace"),
            ("N\0ash", "Nash"),
            (" M&uuml;ller&nbsp;&amp;  Co ", "Müller & Co"),
            ("e&#769;", "é"),
            ("", ""),
            (" ", ""),
        ];
        for (raw, expected) in table {
            assert_eq!(clean(raw, Form::Composed), expected, "{raw:?}");
        }
    }

    #[test]
    fn codes_lose_their_width() {
        assert_eq!(clean("１２３\u{3000}Ａ", Form::Compatible), "123 A");
        assert_eq!(clean("１２", Form::Composed), "１２");
    }

    #[test]
    fn codes_have_the_keyboard_s_signs() {
        for (raw, expected) in [
            ("217\u{2011}555\u{2013}0104", "217-555-0104"),
            ("217−555—0104", "217-555-0104"),
            ("217－555﹣0104", "217-555-0104"),
            ("217\u{a0}555\u{202f}0104", "217 555 0104"),
            ("217\u{200b}555\u{ad}0104", "2175550104"),
            ("３／１２／１９８４", "3/12/1984"),
            ("3⁄12⁄1984", "3/12/1984"),
            ("217·555•0104", "217.555.0104"),
            ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
            ("۰۱۲", "012"),
            ("०१२", "012"),
            ("＋４９ ３０", "+49 30"),
            ("o’hara@example.com", "o'hara@example.com"),
        ] {
            assert_eq!(clean(raw, Form::Compatible), expected, "{raw}");
        }
        assert_eq!(clean("Ann–Lee", Form::Composed), "Ann–Lee");
    }

    #[test]
    fn a_key_has_no_accent_and_no_punctuation() {
        assert_eq!(key("Côte d'Ivoire"), "cotedivoire");
        assert_eq!(key("U.S.A."), "usa");
    }
}
