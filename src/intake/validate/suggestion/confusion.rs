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

/// Whether a text is made of digits rather than of letters: in a word nobody mistook one for the other.
pub(super) fn is_of_digits(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let behind_prefix = text.chars().skip_while(char::is_ascii_alphabetic);
    let mistaken = behind_prefix.filter(|letter| digit_for(*letter).is_some()).count();
    digits > 0 && digits >= mistaken
}

/// An identifier with its look-alike letters read as digits: `O` and `l` alone first, behind the
/// leading letters, then everywhere, then all look-alikes.
pub(super) fn candidates(text: &str) -> Vec<String> {
    if !is_of_digits(text) {
        return Vec::new();
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_of_a_word_is_a_digit() {
        for text in [
            "TBD", "on file", "FOREIGN", "REFUSED", "pending", "OSLO", "B0SS", "1 BILL", "",
            "see file",
        ] {
            assert_eq!(candidates(text), Vec::<String>::new(), "{text}");
        }
        for (text, expected) in [
            ("219-O9-9999", "219-09-9999"),
            ("2l9099999", "219099999"),
            ("DE81I907980", "DE811907980"),
            ("A1O2", "A102"),
            ("1O", "10"),
        ] {
            assert_eq!(candidates(text)[0], expected, "{text}");
        }
    }
}
