//! Letters and digits that look alike: `O` for `0`, `l` for `1`.

/// The digit a letter is mistaken for.
pub(super) fn digit_for(letter: char) -> Option<char> {
    Some(match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        'Z' => '2',
        'S' => '5',
        'B' => '8',
        _ => return None,
    })
}

/// The letter a digit is mistaken for.
pub(super) fn letter_for(digit: char) -> Option<char> {
    Some(match digit {
        '0' => 'O',
        '1' => 'I',
        '2' => 'Z',
        '5' => 'S',
        '8' => 'B',
        _ => return None,
    })
}

/// An identifier with its look-alike letters read as digits: `O` and `l` alone first, behind the
/// leading letters, then everywhere, then all look-alikes.
pub(super) fn candidates(text: &str) -> Vec<String> {
    let prefix = text.chars().take_while(char::is_ascii_alphabetic).count();
    let read = |from: usize, letters: &str| -> String {
        let one = |(at, letter): (usize, char)| {
            let read = at >= from && letters.contains(letter.to_ascii_uppercase());
            digit_for(letter).filter(|_| read).unwrap_or(letter)
        };
        text.chars().enumerate().map(one).collect()
    };
    vec![read(prefix, "OIL"), read(0, "OIL"), read(prefix, "OILZSB"), read(0, "OILZSB")]
}
