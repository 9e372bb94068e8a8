//! Numbers spelled on the keypad: `1-800-FLOWERS` (ITU-T E.161).

use domain::placeholder;

/// The fewest letters of such a word: fewer are a slip or a remark.
const LEAST_LETTERS: usize = 4;

/// The digits of a number that ends in words in capitals; none where it does not.
pub(super) fn digits(number: &str) -> Option<String> {
    let at = number.find(|c: char| c.is_ascii_uppercase())?;
    let (start, words) = number.split_at(at);
    let letters = words.bytes().filter(u8::is_ascii_uppercase).count();
    let plain = words.bytes().all(|b| b.is_ascii_uppercase() || matches!(b, b'-' | b' ' | b'.'));
    let before = start.bytes().filter(u8::is_ascii_digit).count();
    if !plain || letters < LEAST_LETTERS || before < 3 || !start.ends_with(['-', ' ', '.', ')']) {
        return None;
    }
    if !is_spelled(words) {
        return None;
    }
    Some(number.chars().map(key).collect())
}

/// Whether letters spell something: not one letter in the place of each digit, nor letters in their order,
/// nor a word for nothing.
fn is_spelled(words: &str) -> bool {
    let parts = || words.split([' ', '-', '.']).filter(|part| !part.is_empty());
    let letters: Vec<u8> = words.bytes().filter(u8::is_ascii_uppercase).collect();
    let mut steps = letters.windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0]));
    let first = steps.next();
    let is_even = matches!(first, Some(-1..=1)) && steps.all(|step| Some(step) == first);
    let is_held = |part: &str| {
        part.len() > 2 && part.bytes().all(|letter| Some(letter) == part.bytes().next())
    };
    !is_even
        && !parts().any(|part| is_held(part) || placeholder::is_for_nothing(part))
        && !placeholder::is_for_nothing(&parts().collect::<Vec<_>>().join(" "))
}

fn key(letter: char) -> char {
    match letter {
        'A'..='C' => '2',
        'D'..='F' => '3',
        'G'..='I' => '4',
        'J'..='L' => '5',
        'M'..='O' => '6',
        'P'..='S' => '7',
        'T'..='V' => '8',
        'W'..='Z' => '9',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spells_nothing_is_no_number() {
        for number in [
            "217-555-XXXX",
            "217-XXX-XXXX",
            "800-XXX-XXXX",
            "217-555-NONE",
            "217-555-TEST",
            "217-555-NULL",
            "217-555-NNNN",
            "217-555-ABCD",
            "217-555-ZYXW",
            "217-UNKNOWN",
            "217 NOT GIVEN",
            "0800 REDACTED",
            "0175 UNBEKANNT",
            "800-555-XXX-X",
        ] {
            assert_eq!(digits(number), None, "{number}");
        }
        for number in [
            "1-800-FLOWERS",
            "1-800-EXXON",
            "1 800 GOT-JUNK",
            "0800 REIMAGE",
            "(217) 555-HOME",
            "1-800-CALL-ATT",
            "1-877-KARS",
            "800-TAXICAB",
            "1-800-DOCTORS",
        ] {
            assert!(digits(number).is_some(), "{number}");
        }
    }
}
