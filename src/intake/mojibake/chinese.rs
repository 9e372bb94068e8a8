//! Letters in UTF-8 read as GBK: two bytes of one letter are one sign among the letters of a word, `M眉ller`.

use encoding_rs::GBK;

/// The text with its letters; none where no sign of a word must be one.
pub(super) fn reread(text: &str) -> Option<String> {
    if !text.contains(is_han) {
        return None;
    }
    let letters: Vec<char> = text.chars().collect();
    let mut right = String::with_capacity(text.len());
    let (mut at, mut count) = (0, 0);
    while let Some(letter) = letters.get(at) {
        if !is_han(*letter) {
            right.push(*letter);
            at += 1;
            continue;
        }
        let run = letters[at..].iter().take_while(|letter| is_han(**letter)).count();
        let (signs, before) = (&letters[at..at + run], at.checked_sub(1).map(|at| letters[at]));
        let after = letters.get(at + run).copied();
        let is_small =
            |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_lowercase());
        match letters_of(signs) {
            Some(word) if run < 4 && (is_small(before) || is_small(after)) => {
                right.push_str(&word);
                count += 1;
            }
            // Whoever writes Chinese beside it writes Chinese.
            _ => return None,
        }
        at += run;
    }
    (count > 0).then_some(right)
}

/// The Latin letters that signs were made of, if they were.
fn letters_of(signs: &[char]) -> Option<String> {
    let signs: String = signs.iter().collect();
    let (bytes, _, is_missing) = GBK.encode(&signs);
    let word = std::str::from_utf8(&bytes).ok().filter(|_| !is_missing)?;
    let is_latin = |letter: char| letter.is_alphabetic() && matches!(letter, '\u{c0}'..='\u{17f}');
    word.chars().all(is_latin).then(|| word.to_owned())
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{4e00}'..='\u{9fff}')
}
