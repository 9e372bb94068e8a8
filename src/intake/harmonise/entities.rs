//! HTML entities that a web form left in a value: `Jos&eacute;`, `M&#252;ller`, `Smith &amp; Co`.

use std::borrow::Cow;

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
        let Some(entity) = entity(&text[begin..]) else { continue };
        let Some(meaning) = meaning(entity) else { continue };
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
    let meaning = html_escape::decode_html_entities(entity);
    let is_seen = |character: char| !character.is_control() && character != '\u{fffd}';
    (meaning != entity && meaning.chars().all(is_seen)).then_some(meaning)
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
            "&eacute",
            "&#0;",
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
