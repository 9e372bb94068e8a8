//! How a finding ends that is about an unknown name.

use domain::nearest;

/// `; did you mean X?`, else `; known are X, Y and Z`, for the end of a finding.
pub(super) fn hint<'known>(
    text: &str,
    known: impl IntoIterator<Item = &'known str> + Clone,
) -> String {
    if let Some(name) = nearest::name(text, known.clone()) {
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
    fn what_was_meant_is_told_or_all_there_are() {
        assert_eq!(hint("turst", ["trust", "key"]), "; did you mean `trust`?");
        assert_eq!(hint("colour", ["a", "b", "c"]), "; known are a, b and c");
        assert_eq!(hint("colour", ["a"]), "; known is a");
        assert_eq!(hint("colour", []), "");
    }
}
