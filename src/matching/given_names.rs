//! What is known of given names: whether a man's or a woman's, and which are two names of their own
//! rather than one that was written in two ways. A name that nobody knows decides nothing.
//!
//! `data/given_names.txt` says it, with its sources and licences.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::gender_forms::{Forms, of_man_and_woman};
use super::nicknames;
use super::text::without_remarks;

/// In which languages a name is a man's, and in which a woman's; each a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bearers {
    men: u64,
    women: u64,
}

impl Bearers {
    const MEN: Self = Self { men: u64::MAX, women: 0 };
    const WOMEN: Self = Self { men: 0, women: u64::MAX };

    /// Whether the name is a man's, or a woman's, wherever it is known.
    pub(crate) fn are_of_one_gender(self) -> bool {
        self == Self::MEN || self == Self::WOMEN
    }

    /// Whether it is a man's name wherever it is known.
    pub(crate) fn are_men(self) -> bool {
        self == Self::MEN
    }

    /// Whether one name is a man's and the other a woman's, in some one language.
    fn are_opposite(self, other: Self) -> bool {
        self.men & other.women != 0 || self.women & other.men != 0
    }
}

const FILE: &str = include_str!("data/given_names.txt");

static TABLE: LazyLock<HashMap<&'static str, Bearers>> = LazyLock::new(|| {
    let mut table = HashMap::with_capacity(FILE.len() / 7);
    let mut languages: HashMap<&str, u64> = HashMap::new();
    for line in without_remarks(FILE) {
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

/// Who bears a folded name; `None` when nobody knows it.
pub(crate) fn bearers(name: &str) -> Option<Bearers> {
    TABLE.get(name).copied()
}

/// How two different words stand to each other as given names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TwoNames {
    /// One name, written in two ways, or nobody knows.
    No,
    /// Two names of their own: Emma and Gemma.
    OfTheirOwn,
    /// A man's name and a woman's: Paul and Paula.
    ManAndWoman,
}

/// Looks at two different folded given names, of one word each.
pub(crate) fn two_names(a: &str, b: &str) -> TwoNames {
    if a.len() < 2 || b.len() < 2 {
        return TwoNames::No;
    }
    let (one, other) = (bearers(a), bearers(b));
    let is_sure = [one, other].into_iter().flatten().all(Bearers::are_of_one_gender);
    if nicknames::related(a, b) && !is_sure {
        // Kim of Kimberly.
        return TwoNames::No;
    }
    match (one, other) {
        (Some(one), Some(other)) if one.are_opposite(other) => TwoNames::ManAndWoman,
        (Some(_), Some(_))
            if nicknames::related(a, b) || is_one_spelling(a, b) || is_short_form(a, b) =>
        {
            TwoNames::No
        }
        (Some(_), Some(_)) => TwoNames::OfTheirOwn,
        (Some(Bearers::MEN), None) if of_man_and_woman(Forms::Given, a, b) => TwoNames::ManAndWoman,
        (None, Some(Bearers::MEN)) if of_man_and_woman(Forms::Given, b, a) => TwoNames::ManAndWoman,
        _ => TwoNames::No,
    }
}

/// Whether one name is the usual short form of names that begin like the other: Tom of Tomas, as of
/// Thomas. Of more than three letters, a short form is often a name of its own: Anna and Annabel.
fn is_short_form(a: &str, b: &str) -> bool {
    let of = |short: &str, long: &str| {
        short.len() == 3 && long.starts_with(short) && nicknames::known(short)
    };
    of(a, b) || of(b, a)
}

/// Whether two names are one, as far as their sound goes, a slip of two neighbouring letters or a
/// vowel left out between consonants: Catherine and Katherine, Michael and Micheal, Margaret and
/// Margret.
fn is_one_spelling(a: &str, b: &str) -> bool {
    let (one, other) = (spoken(a), spoken(b));
    one == other
        || is_swap(a.as_bytes(), b.as_bytes())
        || lacks_vowel(one.as_bytes(), other.as_bytes())
        || lacks_vowel(other.as_bytes(), one.as_bytes())
}

/// Letters of a long name, as it is spoken.
const LONG: usize = 6;

/// Whether `short` is `long` without a vowel that stands between consonants, or within a long name:
/// Lisa is not Luisa.
fn lacks_vowel(long: &[u8], short: &[u8]) -> bool {
    let at = long.iter().zip(short).position(|(own, other)| own != other).unwrap_or(short.len());
    let is_vowel = |letter: &u8| b"aeiou".contains(letter);
    let around = |at: usize| [at.checked_sub(1), Some(at + 1)].map(|at| long.get(at?));
    long.get(at).is_some_and(is_vowel)
        && around(at)
            .iter()
            .all(|it| it.is_some_and(|letter| long.len() >= LONG || !is_vowel(letter)))
        && long[at + 1..] == short[at..]
}

/// Whether two neighbouring letters, none of them the first, stand in each other's place.
fn is_swap(a: &[u8], b: &[u8]) -> bool {
    let Some(at) = a.iter().zip(b).position(|(own, other)| own != other) else { return false };
    at > 0
        && a.len() == b.len()
        && a.get(at) == b.get(at + 1)
        && a.get(at + 1) == b.get(at)
        && a[at + 2..] == b[at + 2..]
}

/// A name by its sound, roughly and in any European language, with its vowels: one letter for what
/// is spoken alike, none for what is silent.
fn spoken(name: &str) -> String {
    let mut spoken = name.to_owned();
    for (written, heard) in
        [("sch", "s"), ("ph", "f"), ("ck", "k"), ("ch", "k"), ("dt", "t"), ("x", "ks"), ("qu", "k")]
    {
        spoken = spoken.replace(written, heard);
    }
    for end in ["ey", "ie", "ee", "y"] {
        if let Some(stem) = spoken.strip_suffix(end) {
            spoken = format!("{stem}i");
            break;
        }
    }
    let mut heard = String::with_capacity(spoken.len());
    for (at, letter) in spoken.char_indices() {
        let letter = match letter {
            'c' | 'q' => 'k',
            'y' | 'j' if at > 0 => 'i',
            'w' => 'v',
            'z' => 's',
            'h' if at > 0 => continue,
            other => other,
        };
        if !heard.ends_with(letter) {
            heard.push(letter);
        }
    }
    if heard.len() > 2 && heard.ends_with('e') {
        heard.pop();
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::super::text::fold;
    use super::*;

    #[test]
    fn the_table_is_of_folded_names_and_few_languages() {
        assert!((10_000..20_000).contains(&TABLE.len()), "{}", TABLE.len());
        let wrong: Vec<_> = TABLE.keys().filter(|name| fold(name) != **name).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let all = TABLE.values().filter(|it| ![Bearers::MEN, Bearers::WOMEN].contains(it));
        let used = all.fold(0, |used, it| used | it.men | it.women);
        assert!(used.count_ones() > 10 && used.leading_zeros() > 0, "{used:b}");
    }

    #[test]
    fn two_names_or_one() {
        use TwoNames::{ManAndWoman, No, OfTheirOwn};
        for (a, b, expected) in [
            ("paul", "paula", ManAndWoman),
            ("jean", "jeanne", ManAndWoman),
            ("andreas", "andrea", ManAndWoman),
            ("marc", "mary", ManAndWoman),
            ("jean", "john", ManAndWoman),
            ("emma", "gemma", OfTheirOwn),
            ("tom", "tomas", No),
            ("max", "maximiliano", No),
            ("marcus", "marius", OfTheirOwn),
            ("lena", "lina", OfTheirOwn),
            ("luisa", "lisa", OfTheirOwn),
            ("ronald", "donald", OfTheirOwn),
            // Nobody knows the second one; its form says enough.
            ("leopold", "leopoldka", ManAndWoman),
            ("max", "maxine", ManAndWoman),
            ("raymond", "raymonde", ManAndWoman),
            ("vijay", "vijaya", ManAndWoman),
            // Forms and spellings of one name.
            ("kim", "kimberly", No),
            ("sam", "samantha", No),
            ("dani", "danielle", No),
            ("thomas", "tom", No),
            ("elizabeth", "liz", No),
            ("michael", "micheal", No),
            ("john", "jon", No),
            ("sara", "sarah", No),
            ("catherine", "katherine", No),
            ("philip", "phillip", No),
            ("brian", "bryan", No),
            ("kelly", "kelley", No),
            ("marc", "mark", No),
            ("brian", "brain", No),
            ("margaret", "margret", No),
            ("barbara", "barbra", No),
            ("leonard", "lenard", No),
            ("rachel", "rachael", No),
            // Slips that are no name at all.
            ("robert", "robret", No),
            ("emma", "emmma", No),
            ("amand", "amanda", No),
            ("kayl", "kayla", No),
            ("zyxel", "zyxela", No),
            ("j", "john", No),
        ] {
            assert_eq!(two_names(a, b), expected, "{a} {b}");
            assert_eq!(two_names(b, a), expected, "{b} {a}");
        }
    }
}
