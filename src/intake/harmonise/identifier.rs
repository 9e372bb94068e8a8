//! Identifiers: of persons, issued by a state, and of any other kind.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The standard form: capitals, no separators. Check digits are a matter of rules.
pub(super) fn standard(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Some(text);
    }
    let kept =
        |character: &char| !matches!(character, ' ' | '-' | '.' | '/' | '_' | '‐' | '–' | '—');
    let standard: String = if text.is_ascii() {
        text.chars().filter(kept).map(|character| character.to_ascii_uppercase()).collect()
    } else {
        text.chars().filter(kept).flat_map(char::to_uppercase).nfkc().collect()
    };
    standard.contains(char::is_alphanumeric).then_some(Cow::Owned(standard))
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
        ];
        for (text, expected) in table {
            assert_eq!(standard(Cow::Borrowed(text)).as_deref(), expected, "{text}");
        }
    }
}
