//! Words of a code list that a value nobody listed may have meant.

use rapidfuzz::distance::damerau_levenshtein::distance;

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
    let text = text.trim().to_lowercase();
    let most = match text.chars().count() {
        // Of codes that short any other one is a typing error away.
        0..4 => return Vec::new(),
        4..8 => 1,
        _ => 2,
    };
    let far = |known: &str| distance(text.chars(), known.to_lowercase().chars());
    let mut near: Vec<(usize, &str)> =
        list.codes().map(|(_, code, word)| (far(word).min(far(code)), word)).collect();
    near.retain(|(distance, _)| *distance <= most);
    near.sort();
    near.dedup_by(|one, other| one.1 == other.1);
    let least = near.first().map_or(0, |(distance, _)| *distance);
    let nearest = near.into_iter().filter(|(distance, _)| *distance == least);
    nearest.take(MOST).map(|(_, word)| word.to_owned()).collect()
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
