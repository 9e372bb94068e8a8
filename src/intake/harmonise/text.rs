//! Free text and the words of open lists: what cleaning leaves is the standard form.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::alphabet::Alphabet;

/// The standard form of a category: small letters, the same in every country, for a category is a
/// code that rules and segments name: `SILVER` is `silver` in a Turkish workspace, too.
pub(super) fn category(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Some(text);
    }
    if text.is_ascii() {
        return Some(Cow::Owned(text.to_ascii_lowercase()));
    }
    Some(Cow::Owned(text.chars().map(|letter| Alphabet::Common.lower(letter)).nfc().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_small() {
        for (text, expected) in [("Gold", "gold"), ("KÄSE", "käse"), ("İ", "i"), ("b2b", "b2b")]
        {
            assert_eq!(category(Cow::Borrowed(text)).unwrap(), expected);
        }
    }
}
