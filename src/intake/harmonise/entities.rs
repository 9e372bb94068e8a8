//! HTML entities that a web form left in a value: `Jos&eacute;`, `M&#252;ller`, `Smith &amp; Co`.

use std::borrow::Cow;

use crate::mojibake;

/// The longest entity that is looked for, in bytes: `&CounterClockwiseContourIntegral;`.
const LONGEST: usize = 33;

/// How often a value may have been escaped.
const ROUNDS: usize = 4;

/// The text with the letters and signs that entities stand for; others stay as they are written.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        match once(&text) {
            Some(next) => text = Cow::Owned(next),
            None => break,
        }
    }
    text
}

/// Decodes each entity once; none where there is none.
fn once(text: &str) -> Option<String> {
    let mut decoded = String::new();
    let (mut taken, mut at) = (0, 0);
    while let Some(found) = text[at..].find('&') {
        let begin = at + found;
        at = begin + 1;
        let rest = &text[begin..];
        let closed = entity(rest).and_then(|entity| Some((entity, meaning(entity)?)));
        let Some((entity, meaning)) = closed.or_else(|| unclosed(rest)) else { continue };
        decoded.push_str(&text[taken..begin]);
        decoded.push_str(&meaning);
        taken = begin + entity.len();
        at = taken;
    }
    if taken == 0 {
        return None;
    }
    decoded.push_str(&text[taken..]);
    Some(decoded)
}

/// What looks like an entity at the beginning of a text: with its semicolon, or it is a word after
/// an ampersand (`AT&T`, `R&D`).
fn entity(text: &str) -> Option<&str> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
    is_name(name.strip_prefix('#').unwrap_or(name)).then(|| &text[..=end])
}

/// The letters, signs or blanks that an entity stands for.
fn meaning(entity: &str) -> Option<Cow<'_, str>> {
    if let Some(windows) = number(entity).and_then(mojibake::of_reference) {
        return Some(Cow::Owned(windows.to_string()));
    }
    let meaning = html_escape::decode_html_entities(entity);
    let is_seen = |character: char| !character.is_control() && character != '\u{fffd}';
    (meaning != entity && meaning.chars().all(is_seen)).then_some(meaning)
}

/// The number of a sign: `&#146;`, `&#x92;`.
fn number(entity: &str) -> Option<u32> {
    let number = entity.strip_prefix("&#")?.trim_end_matches(';');
    match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => number.parse().ok(),
    }
}

/// How the names of letters with a mark end, which browsers read without a semicolon as well.
const MARKED: [&str; 11] =
    ["uml", "acute", "grave", "circ", "tilde", "cedil", "ring", "slash", "AElig", "aelig", "szlig"];

/// An entity that lost its semicolon, where no word of a language looks like it: `M&#252ller`, `M&uumlller`.
fn unclosed(text: &str) -> Option<(&str, Cow<'_, str>)> {
    let name = &text[1..];
    let length = if let Some(number) = name.strip_prefix('#') {
        let marks = if number.starts_with(['x', 'X']) { 2 } else { 1 };
        let is_digit = |byte: &u8| {
            if marks == 2 { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() }
        };
        // `&#xe9e` may be of `é` and an `e`, or of one sign.
        let most = if marks == 2 { 2 } else { 5 };
        let digits = name[marks..].bytes().take_while(is_digit).count();
        if digits > most {
            return None;
        }
        marks + digits
    } else {
        let begin = |ending: &&&str| {
            name.starts_with(**ending)
                || name.starts_with(|letter: char| letter.is_ascii_alphabetic())
                    && name[1..].starts_with(**ending)
        };
        let ending = MARKED.iter().find(begin)?;
        ending.len() + usize::from(!name.starts_with(*ending))
    };
    let entity = &text[..=length];
    let closed = format!("{entity};");
    let meaning = meaning(&closed)?.into_owned();
    (!meaning.is_ascii()).then_some((entity, Cow::Owned(meaning)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_the_letters_they_stand_for() {
        for (text, expected) in [
            ("Jos&eacute;", "José"),
            ("M&uuml;ller &amp; S&ouml;hne", "Müller & Söhne"),
            ("M&#252;ller", "Müller"),
            ("M&#xFC;ller", "Müller"),
            ("O&#39;Brien", "O'Brien"),
            ("O&apos;Brien", "O'Brien"),
            ("&Lstrok;ukasz", "Łukasz"),
            ("&#1048;&#1074;&#1072;&#1085;", "Иван"),
            ("Jos&amp;eacute;", "José"),
            ("a&amp;amp;b", "a&b"),
            ("&quot;Bud&quot;", "\"Bud\""),
            ("12&nbsp;Rose&nbsp;Lane", "12\u{a0}Rose\u{a0}Lane"),
            ("&euro;&pound;&deg;", "€£°"),
            // As browsers read them: numbers of windows-1252.
            ("D&#146;Angelo", "D’Angelo"),
            ("D&#x92;Angelo", "D’Angelo"),
            ("Lee&#150;Smith", "Lee–Smith"),
            ("&#138;imi&#230;", "Šimiæ"),
            ("&#128; 5", "€ 5"),
            ("&#147;Bud&#148;", "“Bud”"),
            ("1 Rue de l&#146;&Eacute;glise", "1 Rue de l’Église"),
            ("C&#156;ur", "Cœur"),
            // Without a semicolon.
            ("M&#252ller", "Müller"),
            ("M&uumlller", "Müller"),
            ("Jos&eacute", "José"),
            ("Jos&#xE9 Lee", "José Lee"),
            ("Gro&szlig", "Groß"),
            ("Bj&oslashrn", "Bjørn"),
            ("N&uacute&ntildeez", "Núñez"),
        ] {
            assert_eq!(decoded(text), expected, "{text}");
        }
    }

    #[test]
    fn an_ampersand_alone_is_one() {
        for text in [
            "AT&T",
            "Smith & Co",
            "R&D; sales",
            "a && b",
            "&",
            "&;",
            "&#;",
            "&nosuchentity;",
            "Marks&Spencer;",
            "&#0;",
            "&#129;",
            "Unit &#12",
            "Tom&#39s",
            "B&oring",
            "Smith&ethan",
            "R&copyright",
            "&#xe9ee",
            "&#7;",
            "&#xD800;",
            "&#99999999;",
            "x&y z;",
            "Ü&ä;",
            "",
        ] {
            assert_eq!(decoded(text), text, "{text}");
        }
    }

    #[test]
    fn what_was_decoded_stays() {
        for text in ["Jos&amp;amp;eacute;", "&amp;lt;b&amp;gt;", "&amp;#233;"] {
            let once = decoded(text);
            assert_eq!(decoded(&once), once, "{text}");
        }
    }
}
