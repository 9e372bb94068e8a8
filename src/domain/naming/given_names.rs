//! What is known of given names: whether a man's or a woman's. A name that nobody knows may be a slip.
//!
//! `given_names.txt` says it, with its sources and licences.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::nicknames;
use super::several::NamePart;
use super::titles::is_title;

/// In which languages a name is a man's, and in which a woman's; each a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bearers {
    men: u64,
    women: u64,
}

impl Bearers {
    const MEN: Self = Self { men: u64::MAX, women: 0 };
    const WOMEN: Self = Self { men: 0, women: u64::MAX };

    /// Whether the name is a man's, or a woman's, wherever it is known.
    #[must_use]
    pub fn are_of_one_gender(self) -> bool {
        self == Self::MEN || self == Self::WOMEN
    }

    /// Whether it is a man's name wherever it is known.
    #[must_use]
    pub fn are_men(self) -> bool {
        self == Self::MEN
    }

    /// Whether it is a woman's name wherever it is known.
    #[must_use]
    pub fn are_women(self) -> bool {
        self == Self::WOMEN
    }

    /// Whether some language has it as a man's name, and none as a woman's.
    #[must_use]
    pub fn are_rather_men(self) -> bool {
        self.men != 0 && self.women == 0
    }

    /// Whether some language has it as a woman's name, and none as a man's.
    #[must_use]
    pub fn are_rather_women(self) -> bool {
        self.women != 0 && self.men == 0
    }

    /// Whether it is a man's name in one language and a woman's in another.
    #[must_use]
    pub fn are_of_both_genders(self) -> bool {
        self.men != 0 && self.women != 0
    }

    /// Whether some language has both names as men's, or as women's, and none has either as the others'.
    #[must_use]
    pub fn are_rather_alike(self, other: Self) -> bool {
        self.men & other.men != 0 && self.women | other.women == 0
            || self.women & other.women != 0 && self.men | other.men == 0
    }

    /// Whether one name is a man's and the other a woman's, in some one language.
    #[must_use]
    pub fn are_opposite(self, other: Self) -> bool {
        self.men & other.women != 0 || self.women & other.men != 0
    }
}

const FILE: &str = include_str!("given_names.txt");

static TABLE: LazyLock<HashMap<&'static str, Bearers>> = LazyLock::new(|| {
    let mut table = HashMap::with_capacity(FILE.len() / 7);
    let mut languages: HashMap<&str, u64> = HashMap::new();
    for line in FILE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = line.split_ascii_whitespace();
        match words.next() {
            Some("m") => table.extend(words.map(|name| (name, Bearers::MEN))),
            Some("f") => table.extend(words.map(|name| (name, Bearers::WOMEN))),
            _ => {
                let Some(name) = words.next() else { continue };
                let mut bearers = Bearers::default();
                let mut is_mans = true;
                for word in words {
                    match word {
                        "m" => is_mans = true,
                        "f" => is_mans = false,
                        language => {
                            let next = 1_u64.wrapping_shl(languages.len() as u32);
                            let bit = *languages.entry(language).or_insert(next);
                            *(if is_mans { &mut bearers.men } else { &mut bearers.women }) |= bit;
                        }
                    }
                }
                table.insert(name, bearers);
            }
        }
    }
    table
});

/// Who bears a name in small letters and without accents; `None` when nobody knows it.
#[must_use]
pub fn bearers(name: &str) -> Option<Bearers> {
    TABLE.get(name).copied()
}

/// Whether a man's given name is followed by a woman's in brackets, or hers by his, and neither is short
/// for the other: that is somebody else, `Peter (Susan)`. `fold` writes a word in small letters and without
/// accents.
#[must_use]
pub fn names_second_person(text: &str, part: NamePart, fold: impl Fn(&str) -> String) -> bool {
    let Some((before, rest)) = text.split_once(['(', '[']) else { return false };
    let Some((somebody, behind)) = rest.split_once([')', ']']) else { return false };
    if part == NamePart::Family || !somebody.chars().all(|it| it.is_alphabetic() || it == '-') {
        return false;
    }
    let given = before.rsplit_once(',').map_or(before, |(_, given)| given);
    let mut names = given.split([' ', '-']).filter(|word| !word.is_empty() && !is_title(word));
    // `Lee (Ann)` may be one person's family name and given name.
    let is_alone = given.len() == before.len()
        && names.clone().count() < 2
        && !behind.contains(char::is_alphabetic);
    if part == NamePart::Full && is_alone {
        return false;
    }
    let other = fold(somebody);
    let is_other = |name: &str| {
        let name = fold(name);
        let bearers = bearers(&name).zip(bearers(&other));
        bearers.is_some_and(|(one, two)| one.are_opposite(two))
            && !nicknames::related(&name, &other)
    };
    match part {
        NamePart::Full => names.next().is_some_and(is_other),
        NamePart::Given | NamePart::Family => names.any(is_other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_of_folded_names_and_few_languages() {
        assert!((10_000..20_000).contains(&TABLE.len()), "{}", TABLE.len());
        let is_folded = |name: &str| {
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let wrong: Vec<_> = TABLE.keys().filter(|name| !is_folded(name)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let all = TABLE.values().filter(|it| ![Bearers::MEN, Bearers::WOMEN].contains(it));
        let used = all.fold(0, |used, it| used | it.men | it.women);
        assert!(used.count_ones() > 10 && used.leading_zeros() > 0, "{used:b}");
    }

    #[test]
    fn whoever_stands_in_brackets_and_is_of_the_other_gender_is_somebody_else() {
        let is = |text: &str, part| names_second_person(text, part, str::to_lowercase);
        for text in ["Peter (Susan)", "Susan [Peter]", "Anna Maria (Paul)", "Hans-Peter (Susan)"] {
            assert!(is(text, NamePart::Given), "{text}");
        }
        for text in [
            "Samantha (Sam)",
            "Alexandra (Alex)",
            "Robert (Bob)",
            "Peter (Xyzzy)",
            "Peter",
            "Peter (",
            "Peter (and Susan)",
            "(Susan)",
            "Peter ()",
        ] {
            assert!(!is(text, NamePart::Given), "{text}");
        }
        for text in ["Peter (Susan) Weber", "Weber, Peter (Susan)", "Dr. Peter Weber (Susan)"] {
            assert!(is(text, NamePart::Full), "{text}");
        }
        for text in ["Lee (Ann)", "Anna James (Annie)", "Mr Lee (Ann)", "Robert (Bob) Lee"] {
            assert!(!is(text, NamePart::Full), "{text}");
        }
        assert!(!is("Peter (Susan)", NamePart::Family));
    }
}
