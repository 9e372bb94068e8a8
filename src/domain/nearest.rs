//! What somebody probably meant who misspelt a name or a word: said once, for settings, keys, columns
//! and values.

use rapidfuzz::distance::damerau_levenshtein::distance;

/// The known name nearest to `text`, if one is near enough to be meant: at most a third of the letters
/// differ, swapped neighbours counting once (Damerau and Levenshtein's distance). Case, blanks, `_` and
/// `-` do not count. If none is, the first that ends in it behind a dot: `name.first` for `first`.
#[must_use]
pub fn name<'known>(
    text: &str,
    known: impl IntoIterator<Item = &'known str>,
) -> Option<&'known str> {
    let wanted = plain(text);
    let allowed = (wanted.chars().count() / 3).clamp(1, 3);
    let known: Vec<&str> = known.into_iter().collect();
    let near = known
        .iter()
        .map(|name| (distance(wanted.chars(), plain(name).chars()), *name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name);
    let ends = |name: &&&str| name.rsplit_once('.').is_some_and(|(_, last)| plain(last) == wanted);
    near.or_else(|| known.iter().find(ends).copied())
}

/// A name without what people write in many ways; one of signs alone as it stands.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    if plain.is_empty() { name.to_lowercase() } else { plain }
}

/// The words that a text may be a typing error of, each given with a way to spell it: the nearest ones, in
/// order, several where they are equally near.
#[must_use]
pub fn words<'known>(
    text: &str,
    known: impl IntoIterator<Item = (&'known str, &'known str)>,
) -> Vec<&'known str> {
    let text = text.trim().to_lowercase();
    let most = match text.chars().count() {
        // Of words that short any other one is a typing error away.
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .map(|(spelling, word)| (distance(text.chars(), spelling.to_lowercase().chars()), word))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    near.sort_unstable();
    let least = near.first().map(|(distance, _)| *distance);
    near.retain(|(distance, _)| Some(*distance) == least);
    near.dedup();
    near.into_iter().map(|(_, word)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_nothing_far_off() {
        let known =
            ["trust", "owner", "key", "updated", "map", "First Name", "e_mail", ">=", "day-first"];
        for (text, expected) in [
            ("turst", Some("trust")),
            ("Owner", Some("owner")),
            ("kee", Some("key")),
            ("update", Some("updated")),
            ("first_name", Some("First Name")),
            ("email", Some("e_mail")),
            ("day first", Some("day-first")),
            ("=>", Some(">=")),
            ("colour", None),
            ("zip", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(name(text, known), expected, "{text}");
        }
    }

    #[test]
    fn the_words_of_which_a_text_may_be_a_typing_error() {
        let known = ["active", "inactive", "blue", "glue", "C"].map(|word| (word, word));
        let known = known.into_iter().chain([("cancelled", "C")]);
        for (text, expected) in [
            ("activ", &["active"][..]),
            (" ACTIVEE ", &["active"]),
            ("inactve", &["inactive"]),
            ("canceled", &["C"]),
            ("clue", &["blue", "glue"]),
            ("c", &["C"]),
            ("J", &[]),
            ("gold", &[]),
            ("", &[]),
        ] {
            assert_eq!(words(text, known.clone()), expected, "{text}");
        }
    }
}
