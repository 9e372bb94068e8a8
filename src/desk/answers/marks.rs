//! How a value stands to the first column's.

use rapidfuzz::distance::damerau_levenshtein;

use crate::desk::views::Mark;
use crate::domain::FieldType;
use crate::matching::given_names_agree;

/// From this normalised similarity on, two texts are much alike. Damerau-Levenshtein, 0 to 1.
const SIMILAR: f64 = 0.6;

/// The mark of `here` against `first`. Case does not count.
#[must_use]
pub fn mark(field_type: FieldType, first: Option<&str>, here: Option<&str>) -> Mark {
    match (first, here) {
        (None, None) => Mark::None,
        (None, Some(_)) => Mark::Added,
        (Some(_), None) => Mark::Missing,
        (Some(first), Some(here)) => {
            let (first, here) = (first.to_lowercase(), here.to_lowercase());
            if first == here {
                Mark::Equal
            } else if are_similar(&first, &here)
                || (field_type == FieldType::GivenName && given_names_agree(&first, &here))
            {
                Mark::Similar
            } else {
                Mark::Different
            }
        }
    }
}

fn are_similar(first: &str, here: &str) -> bool {
    let begins = |long: &str, short: &str| {
        short.chars().count() >= 1 && long.starts_with(short.trim_end_matches('.'))
    };
    let likeness = damerau_levenshtein::normalized_similarity(first.chars(), here.chars());
    likeness >= SIMILAR
        || begins(first, here)
        || begins(here, first)
        || sorted_words(first) == sorted_words(here)
}

/// Words in order of the alphabet: swapped names and swapped day and month are much alike.
fn sorted_words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_say_what_a_person_would() {
        for (first, here, expected) in [
            (None, None, Mark::None),
            (None, Some("x"), Mark::Added),
            (Some("x"), None, Mark::Missing),
            (Some("Pace"), Some("PACE"), Mark::Equal),
            (Some("Thomas"), Some("T."), Mark::Similar),
            (Some("Thomas"), Some("Tomas"), Mark::Similar),
            (Some("1984-03-12"), Some("1984-12-03"), Mark::Similar),
            (Some("Springfield"), Some("Decatur"), Mark::Different),
        ] {
            assert_eq!(mark(FieldType::Text, first, here), expected, "{first:?} {here:?}");
        }
        assert_eq!(mark(FieldType::GivenName, Some("Thomas"), Some("Tom")), Mark::Similar);
        assert_eq!(mark(FieldType::Text, Some("Thomas"), Some("Tom")), Mark::Different);
    }
}
