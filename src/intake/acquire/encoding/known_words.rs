//! Words that are known to be names: where one word is all a file has beyond ASCII, the reading that
//! makes a known name of it is right, and one that makes a mere likeness of a word is not to be trusted.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::judge::words;

/// Names with letters beyond ASCII, in small letters.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let rows = include_str!("words.txt").lines().filter(|row| !row.starts_with('#'));
    rows.flat_map(|row| row.split(' ').skip(1)).collect()
});

/// Whether every word beyond ASCII of these texts is a known name, and there is one.
pub(super) fn are_names(texts: &[String]) -> bool {
    let mut words = texts.iter().flat_map(|text| words(text)).peekable();
    words.peek().is_some() && words.all(|word| WORDS.contains(word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_case_and_nothing_else_is() {
        let are = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            are_names(&texts)
        };
        for known in [&["Müller"][..], &["MÜLLER"], &["João", "José"], &["Võru"]] {
            assert!(are(known), "{known:?}");
        }
        for other in [&["Marlow"][..], &[], &["Mõller"], &["Müller", "Mõller"], &["ü"], &["©"]]
        {
            assert!(!are(other), "{other:?}");
        }
    }
}
