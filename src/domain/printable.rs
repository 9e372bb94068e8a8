//! Text as a person may be shown it: no character in it steers a terminal, turns the reading
//! direction or hides.
//!
//! The one place that says which characters those are. The command line, the review, the reports
//! and the JSON writers all ask here.

use std::borrow::Cow;

/// How a control character (U+0000 to U+001F, U+007F) is written out. Everything else that must not
/// be sent is written as its code, `<202e>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Controls {
    /// `^[`, in ASCII.
    Carets,
    /// Its picture, `␛`.
    Pictures,
}

/// Whether a character is a command, is invisible or changes how others are read: controls (C0, DEL,
/// C1), every format character (general category Cf), line and paragraph separators, whatever Unicode
/// lets a renderer ignore, and codes that are no characters.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    match code {
        0x20..=0x7e => false,
        0x00..=0x1f | 0x7f..=0x9f => true,
        // Default_Ignorable_Code_Point.
        0xad
        | 0x34f
        | 0x61c
        | 0x115f..=0x1160
        | 0x17b4..=0x17b5
        | 0x180b..=0x180f
        | 0x200b..=0x200f
        | 0x202a..=0x202e
        | 0x2060..=0x206f
        | 0x3164
        | 0xfe00..=0xfe0f
        | 0xfeff
        | 0xffa0
        | 0xfff0..=0xfffb
        | 0x1bca0..=0x1bca3
        | 0x1d173..=0x1d17a
        | 0xe0000..=0xe0fff => true,
        // The separators, and format characters that are not ignorable.
        0x2028..=0x2029
        | 0x600..=0x605
        | 0x6dd
        | 0x70f
        | 0x890..=0x891
        | 0x8e2
        | 0x110bd
        | 0x110cd
        | 0x13430..=0x1343f => true,
        0xfdd0..=0xfdef => true,
        _ => code & 0xfffe == 0xfffe,
    }
}

/// The text with every hidden character written out. Where writing needs them, the joiners of
/// Arabic and Indic words and of emoji stay.
#[must_use]
pub fn printable(text: &str, controls: Controls) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut before = None;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let after = rest.clone().next();
        if !is_hidden(character) || is_needed(before, character, after) {
            shown.push(character);
        } else {
            write_out(character, controls, &mut shown);
        }
        before = Some(character);
    }
    Cow::Owned(shown)
}

fn write_out(character: char, controls: Controls, shown: &mut String) {
    let code = u32::from(character);
    match (code, controls) {
        (0x00..=0x1f, Controls::Pictures) => shown.extend(char::from_u32(0x2400 + code)),
        (0x7f, Controls::Pictures) => shown.push('\u{2421}'),
        (0x00..=0x1f, Controls::Carets) => {
            shown.push('^');
            shown.extend(char::from_u32(0x40 + code));
        }
        (0x7f, Controls::Carets) => shown.push_str("^?"),
        _ => shown.push_str(&format!("<{code:x}>")),
    }
}

/// Whether a joiner or a selector stands where a script or an emoji needs it. Anywhere else it makes
/// two texts look alike.
fn is_needed(before: Option<char>, character: char, after: Option<char>) -> bool {
    let (Some(before), after) = (before, after.unwrap_or(' ')) else { return false };
    match character {
        '\u{200c}' => joins(before) && joins(after),
        '\u{200d}' => {
            joins(before) && joins(after)
                || (is_pictorial(before) || before == '\u{fe0f}') && is_pictorial(after)
        }
        '\u{fe0e}' | '\u{fe0f}' => {
            is_pictorial(before)
                || after == '\u{20e3}' && (before.is_ascii_digit() || before == '#')
        }
        _ => false,
    }
}

/// Letters of scripts whose words are written with joiners: Arabic and Syriac to the scripts of
/// India and Sri Lanka, Myanmar, Khmer and Mongolian.
fn joins(character: char) -> bool {
    let letter = matches!(
        u32::from(character),
        0x620..=0x8ff | 0x900..=0xdff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x1820..=0x18aa
    );
    letter && !is_hidden(character)
}

fn is_pictorial(character: char) -> bool {
    matches!(u32::from(character), 0x203c..=0x2049 | 0x2122..=0x3299 | 0x1f000..=0x1faff)
        && !is_hidden(character)
}

/// A JSON text that says the same and holds no hidden character: each is written as `\uXXXX`.
/// Outside of its strings a JSON text holds none but line ends and tabs, which stay.
#[must_use]
pub fn printable_json(json: &str) -> Cow<'_, str> {
    let must_go = |character: char| u32::from(character) >= 0x7f && is_hidden(character);
    if json.is_ascii() && !json.contains('\u{7f}') || !json.chars().any(must_go) {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if must_go(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(character);
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_or_hides_is_written_out() {
        for (text, expected) in [
            ("Zoë Ng", "Zoë Ng"),
            ("a\u{1b}]52;c;aGk=\u{7}b", "a^[]52;c;aGk=^Gb"),
            ("a\tb\r\nc\u{7f}", "a^Ib^M^Jc^?"),
            ("\u{9b}2J", "<9b>2J"),
            ("a\u{202e}b\u{2066}c\u{61c}", "a<202e>b<2066>c<61c>"),
            ("a\u{200b}b\u{ad}c\u{2060}d\u{feff}", "a<200b>b<ad>c<2060>d<feff>"),
            ("\u{fff9}\u{e0041}\u{2028}\u{2029}", "<fff9><e0041><2028><2029>"),
            ("a\u{e0100}\u{fe0f}\u{206a}\u{3164}", "a<e0100><fe0f><206a><3164>"),
            ("ad\u{200d}min a\u{200c}b", "ad<200d>min a<200c>b"),
            ("\u{200d}\u{200c}", "<200d><200c>"),
        ] {
            assert_eq!(printable(text, Controls::Carets), expected);
        }
        assert_eq!(printable("\u{1b}[2J\u{7f}", Controls::Pictures), "␛[2J␡");
    }

    #[test]
    fn joiners_stay_where_writing_needs_them() {
        for text in
            ["علی\u{200c}رضا", "क्\u{200d}ष", "👩\u{200d}👧", "❤\u{fe0f}", "1\u{fe0f}\u{20e3}"]
        {
            assert_eq!(printable(text, Controls::Carets), text);
        }
        let doubled = printable("علی\u{200c}\u{200c}رضا", Controls::Carets);
        assert!(doubled.contains("<200c>"), "two in a row say nothing: {doubled}");
    }

    #[test]
    fn the_shown_text_rests() {
        for text in ["a\u{200b}b", "\u{1b}[0m", "ad\u{200d}min"] {
            let once = printable(text, Controls::Carets).into_owned();
            assert_eq!(printable(&once, Controls::Carets), once);
        }
    }

    proptest::proptest! {
        #[test]
        fn json_stays_what_it_says(text: String) {
            let hostile = format!("{text}\u{9b}\u{202e}\u{e0041}\u{200b}\u{7f}\u{ad}");
            let json = serde_json::to_string(&hostile).unwrap();
            let written = printable_json(&json);
            proptest::prop_assert!(!written.chars().any(is_hidden), "{}", written);
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), hostile);
        }

        #[test]
        fn nothing_printable_is_a_control_character(text: String) {
            for controls in [Controls::Carets, Controls::Pictures] {
                proptest::prop_assert!(!printable(&text, controls).chars().any(char::is_control));
            }
        }
    }
}
