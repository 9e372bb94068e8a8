//! Words that stand between the names of two people: `and`, `és`, `for`. `joints.txt` has them, with
//! their source.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::with_key;
use crate::words::Sieve;

/// How far a word tells that it joins two people's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// Wherever it stands between names.
    Strong,
    /// In small letters only: it is a name or an initial as well.
    Weak,
    /// In small letters only, and it joins two surnames of one person too.
    OfSurnames,
}

/// The longest word, in bytes.
const LONGEST: usize = 21;

/// A quick look, for hardly any word of a name is one.
static SIEVE: LazyLock<Sieve> =
    LazyLock::new(|| TABLE.keys().fold(Sieve::of(&[]), |sieve, word| sieve.with(word)));

static TABLE: LazyLock<HashMap<&'static str, Joint>> = LazyLock::new(|| {
    let lines = include_str!("joints.txt").lines().filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(|line| {
        let (kind, words) = line.split_once(' ').unwrap_or_default();
        let joint = match kind {
            "s" => Joint::Strong,
            "w" => Joint::Weak,
            _ => Joint::OfSurnames,
        };
        words.split(' ').map(move |word| (word, joint))
    });
    words.collect()
});

/// Whether a word joins names: one in capitals only where it is no name.
pub(super) fn joint(word: &str) -> Option<Joint> {
    if word.len() > LONGEST || word.is_ascii() && word.len() > 6 {
        return None;
    }
    if matches!(word, "&" | "+") {
        return Some(Joint::Strong);
    }
    let found =
        with_key(&[word], |key| SIEVE.may_have(key) && TABLE.get(key) == Some(&Joint::Strong));
    if found {
        Some(Joint::Strong)
    } else {
        Some(word).filter(|word| SIEVE.may_have(word)).and_then(|word| TABLE.get(word)).copied()
    }
}

/// Whether it joins names wherever it stands between them.
pub(super) fn is_strong(word: &str) -> bool {
    joint(word) == Some(Joint::Strong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_of_small_letters_that_stand_once() {
        let lines = include_str!("joints.txt").lines().filter(|line| !line.starts_with('#'));
        let words: Vec<&str> = lines.flat_map(|line| line.split(' ').skip(1)).collect();
        assert_eq!(words.len(), TABLE.len());
        assert!(words.len() > 120, "{}", words.len());
        for word in words {
            assert_eq!(word, word.to_lowercase(), "{word}");
            assert!(word.len() <= LONGEST && !word.is_empty(), "{word}");
        }
    }

    #[test]
    fn strength() {
        for (word, expected) in [
            ("AND", Some(Joint::Strong)),
            ("És", Some(Joint::Strong)),
            ("και", Some(Joint::Strong)),
            ("&", Some(Joint::Strong)),
            ("ja", Some(Joint::Weak)),
            ("Dan", None),
            ("y", Some(Joint::OfSurnames)),
            ("Y", None),
            ("Smith", None),
            ("", None),
        ] {
            assert_eq!(joint(word), expected, "{word}");
        }
    }
}
