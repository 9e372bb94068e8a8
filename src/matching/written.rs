//! A person's name in its own script, where writing it in Latin letters loses what tells two names apart:
//! 陈伟 and 陈玮 are both Chen Wei, كريم and كريمة a man and a woman.
//!
//! One text of a record: what the given names, the family name and the full name are in that script, each
//! behind the other. It is compared only with another in the same script and never weighs anything.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::{FieldType, Value, Values};

use super::layout::Layout;
use super::text::{fold, same_letters, without_remarks};

/// What stands between the parts of the text.
const BETWEEN: char = '\u{1f}';

/// What two names in one script say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// Nothing: they are the same, or in two scripts, or in one that Latin letters write without loss.
    Nothing,
    /// Other characters, of one sound or not.
    Otherwise,
    /// One given name is the other with the ending of a woman's.
    Endings,
}

/// A script that loses by being written in Latin letters, or that many people write there in their own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Han,
    Arabic,
    /// Hebrew and Korean: two names in it are compared as they are written in Latin letters.
    Other,
}

impl Script {
    fn of(letter: char) -> Option<Self> {
        match letter {
            '\u{3400}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
            | '々' => Some(Self::Han),
            '\u{620}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => Some(Self::Arabic),
            '\u{591}'..='\u{5f4}' | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}' => {
                Some(Self::Other)
            }
            _ => None,
        }
    }

    /// The one that all letters of a text are of.
    fn of_all(text: &str) -> Option<Self> {
        let first = text.chars().find_map(Self::of)?;
        // In a name of Chinese characters and kana both count: 美咲 and 美さき are not compared.
        let is_other = |letter: char| letter.is_alphabetic() && Self::of(letter) != Some(first);
        (!text.chars().any(is_other)).then_some(first)
    }
}

/// The one character for all in which a character is written.
static VARIANTS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let groups =
        without_remarks(include_str!("data/han_variants.txt")).flat_map(str::split_whitespace);
    let mut variants = HashMap::new();
    for group in groups {
        let mut letters = group.chars();
        let Some(first) = letters.next() else { continue };
        for letter in letters {
            variants.entry(letter).or_insert(first);
        }
    }
    variants
});

/// What the names of a record are in their own script; empty where no part of them loses anything.
pub(crate) fn of(layout: &Layout, values: &Values) -> String {
    let part = |field_type| {
        let values = layout.of(field_type).filter_map(|field| values.get(field.as_str()));
        let texts = values.map(Value::shown).filter(|text| !text.is_ascii());
        texts.filter(|text| Script::of_all(text).is_some()).map(plain).collect::<String>()
    };
    let parts = [FieldType::GivenName, FieldType::FamilyName, FieldType::FullName].map(part);
    if parts.iter().all(String::is_empty) {
        return String::new();
    }
    let [given, family, full] = parts;
    format!("{given}{BETWEEN}{family}{BETWEEN}{full}")
}

/// A name without blanks, points and variants.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|letter| Script::of(*letter).is_some());
    letters.filter_map(arabic).map(|it| VARIANTS.get(&it).copied().unwrap_or(it)).collect()
}

/// An Arabic letter as everybody writes it; none for the signs over and under letters.
pub(crate) fn arabic(letter: char) -> Option<char> {
    match letter {
        // Vowels, doubling and the stroke that only lengthens a word.
        '\u{610}'..='\u{61a}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{6d6}'..='\u{6ed}' => None,
        'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
        'ة' | 'ۀ' | 'ہ' | 'ە' => Some('ه'),
        'ى' | 'ی' | 'ې' => Some('ي'),
        'ک' => Some('ك'),
        other => Some(other),
    }
}

/// Endings that a woman's name has behind a man's: كريم and كريمة, علي and علياء.
const OF_WOMEN: [&str; 4] = ["ه", "اء", "ا", "ي"];

/// Letters that the man's name has at least.
const STEM: usize = 3;

/// Whether one name is in such a script and the other is not, so that neither says how it is written there.
pub(crate) fn are_in_two_scripts(one: &str, other: &str) -> bool {
    one.is_empty() != other.is_empty()
}

/// Compares what two records say.
pub(crate) fn compare(one: &str, other: &str) -> Written {
    if one == other || one.is_empty() || other.is_empty() {
        return Written::Nothing;
    }
    let parts = |text: &'_ str| -> Vec<String> { text.split(BETWEEN).map(str::to_owned).collect() };
    let (left, right) = (parts(one), parts(other));
    let part = |of: &[String], at: usize| of.get(at).cloned().unwrap_or_default();
    let whole = |of: &[String]| match [part(of, 0), part(of, 1)].concat() {
        parts if parts.is_empty() => part(of, 2),
        parts => parts,
    };
    let (one, other) = (whole(&left), whole(&right));
    // Family name first or last, in one column or in two.
    if sorted(&one) == sorted(&other) {
        return Written::Nothing;
    }
    let [given, others] = [part(&left, 0), part(&right, 0)];
    if given.is_empty() || others.is_empty() {
        let has_family_alone = [&left, &right].into_iter().any(|of| is_family_alone(of));
        return match has_family_alone && is_an_end_of(&one, &other).is_some() {
            true => Written::Nothing,
            false => compare_part(&one, &other),
        };
    }
    let families = [part(&left, 1), part(&right, 1)];
    // The whole name may stand in either column.
    let is_whole = |one: &str, other: &str, beside: [&String; 2]| {
        is_an_end_of(one, other).is_some_and(|rest| beside.into_iter().any(|it| *it == rest))
    };
    let family = || match is_whole(&families[0], &families[1], [&given, &others]) {
        true => Written::Nothing,
        false => compare_part(&families[0], &families[1]),
    };
    if is_whole(&given, &others, [&families[0], &families[1]]) {
        return Written::Nothing;
    }
    match compare_part(&given, &others) {
        Written::Nothing if family() == Written::Otherwise => Written::Otherwise,
        found => found,
    }
}

/// Whether a record has a family name and nothing else, or a single character, which is hardly more.
fn is_family_alone(parts: &[String]) -> bool {
    let [given, family, full] = parts else { return false };
    given.is_empty() && (full.is_empty() || full == family || full.chars().count() < 2)
}

/// What is left of the longer of two names where it begins or ends with the other one.
fn is_an_end_of<'a>(one: &'a str, other: &'a str) -> Option<&'a str> {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let rest = long.strip_prefix(short).or_else(|| long.strip_suffix(short))?;
    (!short.is_empty() && !rest.is_empty()).then_some(rest)
}

fn sorted(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters
}

fn compare_part(one: &str, other: &str) -> Written {
    let scripts = (Script::of_all(one), Script::of_all(other));
    let (Some(script), Some(others)) = scripts else { return Written::Nothing };
    if script != others || one == other {
        return Written::Nothing;
    }
    let (short, long) =
        if one.chars().count() < other.chars().count() { (one, other) } else { (other, one) };
    match script {
        // One that goes on where the other ends is no further given name: 浩 is a man, 浩子 a woman.
        Script::Han => Written::Otherwise,
        Script::Other => Written::Nothing,
        Script::Arabic => {
            let is_hers = long.strip_prefix(short).is_some_and(|end| OF_WOMEN.contains(&end));
            if is_hers && short.chars().count() >= STEM {
                Written::Endings
            } else if same_letters(&fold(one), &fold(other)) {
                Written::Otherwise
            } else {
                Written::Nothing
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::FieldName;
    use settings::{Field, Settings};

    use super::*;

    fn written(settings: &Settings, given: &str, family: &str, full: &str) -> String {
        let fields = [("given", given), ("family", family), ("name", full)];
        let said = fields.into_iter().filter(|(_, text)| !text.is_empty());
        let values = Values::from_iter(
            said.map(|(field, text)| (FieldName::new(field), Value::as_delivered(text))),
        );
        of(&Layout::new(settings), &values)
    }

    #[test]
    fn names_in_their_own_script() {
        use Written::{Endings, Nothing, Otherwise};
        let mut settings = super::super::tests::settings();
        settings.fields.push(Field {
            name: FieldName::new("name"),
            field_type: FieldType::FullName,
            sensitive: false,
            about: settings::AboutField::default(),
        });
        for (one, other, expected) in [
            (["伟", "陈", ""], ["玮", "陈", ""], Otherwise),
            (["伟", "张", ""], ["薇", "张", ""], Otherwise),
            (["志明", "陳", ""], ["智明", "陳", ""], Otherwise),
            (["恵子", "鈴木", ""], ["圭子", "鈴木", ""], Otherwise),
            (["伟", "张", ""], ["伟", "章", ""], Otherwise),
            (["", "", "张伟"], ["", "", "张玮"], Otherwise),
            (["伟", "张", ""], ["", "", "张玮"], Otherwise),
            (["伟 张", "", ""], ["玮 张", "", ""], Otherwise),
            // One name is the beginning or the end of the other.
            (["誠", "岸田", ""], ["誠子", "岸田", ""], Otherwise),
            (["千", "岸田", ""], ["千恵", "岸田", ""], Otherwise),
            (["里", "岸田", ""], ["美里", "岸田", ""], Otherwise),
            (["芳", "林", ""], ["芳芳", "林", ""], Otherwise),
            (["军", "林", ""], ["军红", "林", ""], Otherwise),
            (["家俊", "林", ""], ["俊", "林", ""], Otherwise),
            (["岸田", "誠", ""], ["岸田", "誠子", ""], Otherwise),
            (["", "", "林军"], ["", "", "林军红"], Otherwise),
            (["军", "林", ""], ["", "", "林军红"], Otherwise),
            (["军", "林", ""], ["林军红", "", ""], Otherwise),
            (["林军", "", ""], ["林军红", "", ""], Otherwise),
            (["", "林", ""], ["军", "林", ""], Nothing),
            (["", "林", ""], ["", "", "林军"], Nothing),
            (["", "", "林"], ["", "", "林军"], Nothing),
            (["林军", "林", ""], ["军", "林", ""], Nothing),
            (["军", "林军", ""], ["军", "林", ""], Nothing),
            (["علي", "حسن", ""], ["علية", "حسن", ""], Endings),
            (["علي", "حسن", ""], ["علياء", "حسن", ""], Endings),
            (["كريم", "قاسم", ""], ["كريمة", "قاسم", ""], Endings),
            (["سامي", "قاسم", ""], ["سامية", "قاسم", ""], Endings),
            (["أمير", "قاسم", ""], ["أميره", "قاسم", ""], Endings),
            // One name in two ways of writing it, or with nothing to compare.
            (["伟", "陈", ""], ["偉", "陳", ""], Nothing),
            (["恵子", "斉藤", ""], ["惠子", "齋藤", ""], Nothing),
            (["伟", "张", ""], ["", "", "张伟"], Nothing),
            (["伟", "张", ""], ["张伟", "", ""], Nothing),
            (["太郎", "田中", ""], ["田中", "太郎", ""], Nothing),
            (["", "", "田中 太郎"], ["", "", "太郎 田中"], Nothing),
            (["伟", "张", ""], ["Wei", "Zhang", ""], Nothing),
            (["太郎", "山田", ""], ["たろう", "山田", ""], Nothing),
            (["محمد", "قاسم", ""], ["محمّد", "قاسم", ""], Nothing),
            (["فاطمة", "قاسم", ""], ["فاطمه", "قاسم", ""], Nothing),
            (["أحمد", "قاسم", ""], ["احمد", "قاسم", ""], Nothing),
            (["علي", "حسن", ""], ["على", "حسن", ""], Nothing),
            (["Иван", "Бордов", ""], ["Иванна", "Бордова", ""], Nothing),
        ] {
            let [left, right] =
                [one, other].map(|[given, family, full]| written(&settings, given, family, full));
            assert_eq!(compare(&left, &right), expected, "{one:?} {other:?}");
            assert_eq!(compare(&right, &left), expected, "{one:?} {other:?}");
        }
        assert_eq!(written(&settings, "Anna", "Müller", ""), "");
    }

    #[test]
    fn a_character_is_in_one_group() {
        for (variant, first) in VARIANTS.iter() {
            assert!(!VARIANTS.contains_key(first), "{variant} {first}");
        }
        assert!(VARIANTS.len() > 400, "{}", VARIANTS.len());
    }
}
