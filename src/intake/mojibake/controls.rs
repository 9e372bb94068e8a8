//! Control signs that are letters and quotes of Windows: what a program leaves that took windows-1252 for
//! Latin-1 (`O\u{92}Brien`), or UTF-8 (`Gro\u{c3}\u{9f}`).

use encoding_rs::WINDOWS_1252;

/// The text with such signs as the letters they stand for; none where it has none. In a text whose letters
/// were misread, one that stands for nothing is a lost letter, and does not vanish.
pub(crate) fn without_latin_controls(text: &str) -> Option<String> {
    if text.is_ascii() || !text.contains(is_latin_control) {
        return None;
    }
    let is_misread = super::is_damaged(text);
    let mut meant = String::with_capacity(text.len());
    for letter in text.chars() {
        if !is_latin_control(letter) {
            meant.push(letter);
        } else if let Some(letter) = of_reference(u32::from(letter)) {
            meant.push(letter);
        } else if is_misread {
            meant.push(char::REPLACEMENT_CHARACTER);
        }
    }
    // The letters alone may look right.
    if is_misread && !super::is_damaged(&meant) {
        meant = text.replace(is_latin_control, "\u{fffd}");
    }
    Some(meant)
}

/// What browsers read where a page says the number of such a sign: `&#146;`.
pub(crate) fn of_reference(number: u32) -> Option<char> {
    let byte = u8::try_from(number).ok().filter(|byte| (0x80..=0x9f).contains(byte))?;
    let letter = WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next()?;
    (!letter.is_control()).then_some(letter)
}

/// A control sign of Latin-1, but for the one that ends a line.
fn is_latin_control(letter: char) -> bool {
    matches!(letter, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_signs_are_letters_or_say_that_one_is_lost() {
        for (text, expected) in [
            ("O\u{92}Brien", "O’Brien"),
            ("\u{8a}imi\u{e6}", "Šimiæ"),
            ("Anna \u{96} Lee", "Anna – Lee"),
            ("\u{80} 5", "€ 5"),
            ("C\u{9c}ur", "Cœur"),
            ("Har\u{81}ker", "Harker"),
            ("Gro\u{c3}\u{9f}", "GroÃŸ"),
            ("\u{c3}\u{89}lodie", "Ã‰lodie"),
            ("\u{c3}\u{96}zt\u{c3}\u{bc}rk", "Ã–ztÃ¼rk"),
            ("\u{c3}\u{84}rzte", "Ã„rzte"),
            ("\u{c5}\u{81}ukasz", "Å\u{fffd}ukasz"),
            ("\u{c3}\u{8d}ris", "Ã\u{fffd}ris"),
        ] {
            assert_eq!(without_latin_controls(text).as_deref(), Some(expected), "{text:?}");
        }
        for text in ["", "Lee", "Jos\u{c3}\u{a9}", "a\u{85}b", "\u{e9}"] {
            assert_eq!(without_latin_controls(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_was_misread_still_looks_so() {
        for right in [
            "Łukasz", "Groß", "Weiß", "Élodie", "Öztürk", "Šimić", "Ärzte", "Évora", "Ángel",
            "Ève", "Àlvaro", "Ížek", "Ñuñoa", "Straße",
        ] {
            let misread: String = right.bytes().map(char::from).collect();
            let Some(kept) = without_latin_controls(&misread) else { continue };
            assert!(crate::mojibake::is_damaged(&kept), "{right} {kept:?}");
            assert_eq!(crate::mojibake::repaired(&misread).as_deref(), Some(right));
            assert!(!kept.contains(char::is_control));
        }
    }
}
