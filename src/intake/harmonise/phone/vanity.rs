//! Numbers spelled on the keypad: `1-800-FLOWERS` (ITU-T E.161).

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
    Some(number.chars().map(key).collect())
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
