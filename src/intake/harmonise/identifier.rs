//! Identifiers: of persons, issued by a state, and of any other kind.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The standard form: capitals, no separators. Check digits are a matter of rules.
///
/// What some program took for a number is not read: without its point `1001.5` would be the customer
/// 10015, and `-5` is not 5.
pub(super) fn standard(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Some(text);
    }
    if is_a_decimal(&text) || is_signed(&text) {
        return None;
    }
    let kept =
        |character: &char| !matches!(character, ' ' | '-' | '.' | '/' | '_' | '‐' | '–' | '—');
    let standard: String = if text.is_ascii() {
        text.chars().filter(kept).map(|character| character.to_ascii_uppercase()).collect()
    } else {
        text.chars().filter(kept).flat_map(char::to_uppercase).nfkc().collect()
    };
    let is_one = standard.contains(char::is_alphanumeric) && !is_signed(&standard);
    is_one.then_some(Cow::Owned(standard))
}

/// `1001.5`, `1.1`; three digits behind the point are a group: `123.456`.
fn is_a_decimal(text: &str) -> bool {
    let Some((whole, fraction)) = text.split_once('.') else { return false };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_group = fraction.len() == 3 && whole.len() < 4;
    !fraction.is_empty() && are_digits(whole) && are_digits(fraction) && !is_group
}

/// A sign before a number.
fn is_signed(text: &str) -> bool {
    let number = text.strip_prefix(['-', '+', '–', '—', '−']);
    number.is_some_and(|number| {
        number.bytes().all(|byte| byte.is_ascii_digit() || b".-/_ ".contains(&byte))
            && number.contains(|first: char| first.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        let table = [
            ("123-45-6789", Some("123456789")),
            ("de 811 907 980", Some("DE811907980")),
            ("ab.12/34_c", Some("AB1234C")),
            ("A1B2", Some("A1B2")),
            ("007", Some("007")),
            ("käs-1", Some("KÄS1")),
            ("#-#", None),
            ("1001.5", None),
            ("1.1", None),
            ("1001.25", None),
            ("12345.678", None),
            (".5", None),
            ("-5", None),
            ("+5", None),
            ("-5.5", None),
            ("123.456", Some("123456")),
            ("756.1234.5678.97", Some("7561234567897")),
            ("12.345.678-5", Some("123456785")),
            ("A-5", Some("A5")),
            ("5-", Some("5")),
            ("C.1", Some("C1")),
        ];
        for (text, expected) in table {
            assert_eq!(standard(Cow::Borrowed(text)).as_deref(), expected, "{text}");
        }
    }
}
