//! Words of a code list that a value nobody listed may have meant.

use domain::Value;
use settings::CodeList;

/// So many that are equally near are told.
const MOST: usize = 3;

/// The words whose spelling, or that of one of their codes, is nearest to a value that the list does not
/// hold; several where they are equally near.
pub(super) fn near(list: &CodeList, value: &Value) -> Vec<String> {
    if value.is_readable() || !list.closed {
        return Vec::new();
    }
    nearest(list, value.raw())
}

/// The words of a code list whose spelling, or that of one of their codes, is nearest to a text; several
/// where they are equally near.
#[must_use]
pub fn nearest(list: &CodeList, text: &str) -> Vec<String> {
    let spellings = |(_, code, word)| [(word, word), (code, word)];
    let near = domain::nearest::words(text, list.codes().flat_map(spellings));
    near.into_iter().take(MOST).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_words_are_told_and_nothing_far_off() {
        let text = "[workspace]\nname='a'\nregion='US'\n[fields.f]\ntype='category'\n[codes.f]\n\
            A='active'\nI='inactive'\ncancelled='closed'\nC='closed'\nB='blue'\nG='glue'\n";
        let settings = settings::parse(text).unwrap();
        for (text, expected) in [
            ("activ", &["active"][..]),
            (" ACTIVEE ", &["active"]),
            ("inactve", &["inactive"]),
            ("canceled", &["closed"]),
            ("clue", &["blue", "glue"]),
            ("J", &[]),
            ("gold", &[]),
            ("", &[]),
        ] {
            assert_eq!(nearest(&settings.codes[0], text), expected, "{text}");
        }
    }
}
