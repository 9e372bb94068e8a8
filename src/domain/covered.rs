//! Values of which somebody covered a part before they were handed on: `217-555-XXXX`, `***-**-6789`,
//! `o***@example.com`. What is left of one is many people's.

/// Signs that cover what was written; no value has two of one in a row.
const COVERS: [char; 12] = ['*', '#', '?', '•', '●', '∗', '█', '■', '▪', '▒', '▓', '⁎'];

/// Whether signs stand for what was written, two of one in a row.
#[must_use]
pub fn by_signs(text: &str) -> bool {
    if text.is_ascii() {
        let is_cover = |pair: &[u8]| pair[0] == pair[1] && COVERS.contains(&char::from(pair[0]));
        return text.as_bytes().windows(2).any(is_cover);
    }
    let mut last = None;
    text.chars().any(|sign| {
        let is_again = last == Some(sign);
        last = Some(sign);
        is_again && COVERS.contains(&sign)
    })
}

/// Whether digits of a telephone number are covered: by signs, by `x` in the place of several digits, or by
/// strokes and dots that part nothing.
#[must_use]
pub fn telephone(text: &str) -> bool {
    by_signs(text)
        || text.contains('…')
        || ["...", "---", "___"].iter().any(|signs| text.contains(signs))
        || words(text).any(|word| has_x(word, 2))
}

/// Whether a part of an identifier is: an `X` or two may be its own.
#[must_use]
pub fn identifier(text: &str) -> bool {
    by_signs(text) || {
        let letters_and_digits: String = text.chars().filter(|it| it.is_alphanumeric()).collect();
        has_x(&letters_and_digits, 3)
    }
}

/// Whether a mailbox is: by signs, or nothing of it is left.
#[must_use]
pub fn mailbox(local: &str) -> bool {
    local.contains(['*', '•', '●', '█'])
        || by_signs(local)
        || local.contains(['x', 'X']) && words(local).all(|word| has_x(word, 3) && is_of_x(word))
        || is_one_letter(local, 5)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether so many `x` stand in a row in what has no other letter.
fn has_x(word: &str, least: usize) -> bool {
    let is_x = |sign: char| matches!(sign, 'x' | 'X');
    let runs = || word.split(|sign| !is_x(sign));
    word.contains(is_x)
        && word.chars().all(|sign| is_x(sign) || sign.is_numeric())
        && runs().any(|run| run.len() >= least)
}

fn is_of_x(word: &str) -> bool {
    word.bytes().all(|byte| matches!(byte, b'x' | b'X'))
}

/// Whether a text is one letter again and again, at least so many times.
pub(crate) fn is_one_letter(text: &str, least: usize) -> bool {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return false };
    text.chars().count() >= least && letters.all(|letter| letter == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covered_digits_are_told_from_a_number_s_own_signs() {
        for text in [
            "217-555-XXXX",
            "217-XXX-XXXX",
            "800-XXX-XXXX",
            "07911 XXXXXX",
            "0175 XXXXXXX",
            "217-555-xxxx",
            "217-555-****",
            "217-555-####",
            "217-555-????",
            "217-555-••••",
            "217-555-01XX",
            "2175550xx0",
            "+49 175 555 ••••",
            "030 5550...",
            "030 5550 ---",
            "030 5550…",
            "030 5550____",
        ] {
            assert!(telephone(text), "{text}");
        }
        for text in [
            "217-555-0104",
            "217-555-0104 x123",
            "2175550104x",
            "217-555-0104,,22#",
            "1-800-EXXON",
            "#9",
            "1-800-FLOWERS",
            "217 - 555 - 0104",
            "217..555..0104",
            "0800 XTRA",
            "217–555–0104",
            "",
        ] {
            assert!(!telephone(text), "{text}");
        }
    }

    #[test]
    fn a_covered_mailbox_is_told_from_one_with_an_x() {
        for local in
            ["o***", "*", "••••", "xxxxx", "xxx", "XXXX", "xxx.xxx", "aaaaa", "o**z", "t●●●s"]
        {
            assert!(mailbox(local), "{local}");
        }
        for local in
            ["x", "xx", "max", "xxl", "foxx", "aaa", "www", "xxx123", "o.z", "alex.xxx", "a+b"]
        {
            assert!(!mailbox(local), "{local}");
        }
    }
}
