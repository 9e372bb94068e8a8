//! The digits of every script people write numbers in.

/// The zeros of other scripts; the other nine digits follow each. The first are of full width.
const ZEROS: [u32; 18] = [
    0xff10, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50,
    0xed0, 0xf20, 0x1040, 0x17e0, 0x1810,
];

/// The keyboard's digit for one of another script: `1` for `１`, `١`, `१`; none where it is no digit of
/// another script.
#[must_use]
pub fn plain_digit(character: char) -> Option<char> {
    let digit = |zero: &u32| u32::from(character).checked_sub(*zero).filter(|digit| *digit < 10);
    ZEROS.iter().find_map(digit).and_then(|digit| char::from_digit(digit, 10))
}

/// The keyboard's sign for one of full width, and the keyboard's digit for one of another script.
#[must_use]
pub fn plain_sign(character: char) -> char {
    let narrow = |point: u32| char::from_u32(point - 0xfee0).unwrap_or(character);
    match character {
        '\0'..='\u{7f}' => character,
        '\u{ff01}'..='\u{ff5e}' => narrow(u32::from(character)),
        _ => plain_digit(character).unwrap_or(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_signs_are_the_keyboard_s() {
        for (text, expected) in [
            ("１２３", "123"),
            ("Ａ－１２ｂ", "A-12b"),
            ("١٢٣", "123"),
            ("۴۵۶", "456"),
            ("१२३", "123"),
            ("๑๒๓", "123"),
            ("K-17", "K-17"),
            ("é山", "é山"),
        ] {
            assert_eq!(text.chars().map(plain_sign).collect::<String>(), expected, "{text}");
        }
    }
}
