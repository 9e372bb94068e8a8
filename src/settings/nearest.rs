//! The known name somebody probably meant.

use rapidfuzz::distance::damerau_levenshtein::distance;

/// The known name nearest to `text`, if one is near enough to be meant: at most a third of the
/// letters differ, swapped neighbours counting once (Damerau and Levenshtein's distance).
pub(super) fn nearest<'known>(
    text: &str,
    known: impl IntoIterator<Item = &'known str>,
) -> Option<&'known str> {
    let lower = text.to_lowercase();
    let allowed = (text.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|name| (distance(lower.chars(), name.to_lowercase().chars()), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `; did you mean X?`, else `; known are X, Y and Z`, for the end of a finding.
pub(super) fn hint<'known>(
    text: &str,
    known: impl IntoIterator<Item = &'known str> + Clone,
) -> String {
    if let Some(name) = nearest(text, known.clone()) {
        return format!("; did you mean `{name}`?");
    }
    let names: Vec<&str> = known.into_iter().collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => format!("; known is {only}"),
        Some((last, rest)) => format!("; known are {} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_nothing_far_off() {
        let known = ["trust", "owner", "key", "updated", "map"];
        for (text, expected) in [
            ("turst", Some("trust")),
            ("Owner", Some("owner")),
            ("kee", Some("key")),
            ("update", Some("updated")),
            ("colour", None),
            ("x", None),
        ] {
            assert_eq!(nearest(text, known), expected, "{text}");
        }
        assert_eq!(hint("colour", ["a", "b", "c"]), "; known are a, b and c");
    }
}
