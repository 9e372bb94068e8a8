//! What a name says of others as it was delivered, and its standard form no longer does: `Linda (mum)`, `Witwe
//! Robert`, `Jean et son épouse`, `Peter--Paul`.
//!
//! `data/others.txt` has the words, with their source and licence.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::naming::{NamePart, Suffix, bearers, is_title};

use super::given_names::{TwoNames, two_names};
use super::text::{fold, without_remarks};

/// Whether a name is of others, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    Nobody,
    /// Another given name follows a sign; both may be one person's.
    Perhaps,
    Somebody,
}

const CLASSES: [&str; 11] = [
    "front", "of", "behind", "small", "beside", "brackets", "left", "leads", "joins", "his",
    "alone",
];

/// Characters that say it wherever they stand behind a name: scripts that part no words.
static WITHIN: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = without_remarks(include_str!("data/others.txt"));
    lines.filter_map(|line| line.strip_prefix("within ")).flat_map(str::split_whitespace).collect()
});

/// The classes of a word, each a bit, in the order of [`CLASSES`].
static WORDS: LazyLock<HashMap<&'static str, u16>> = LazyLock::new(|| {
    let mut words: HashMap<&str, u16> = HashMap::new();
    for line in without_remarks(include_str!("data/others.txt")) {
        let mut parts = line.split_whitespace();
        let Some(class) = parts.next().and_then(|class| CLASSES.iter().position(|it| *it == class))
        else {
            continue;
        };
        for word in parts {
            *words.entry(word).or_default() |= 1 << class;
        }
    }
    words
});

const FRONT: u16 = 1;
const OF: u16 = 1 << 1;
const BEHIND: u16 = 1 << 2;
const SMALL: u16 = 1 << 3;
const BESIDE: u16 = 1 << 4;
const BRACKETS: u16 = 1 << 5;
const LEFT: u16 = 1 << 6;
const LEADS: u16 = 1 << 7;
const JOINS: u16 = 1 << 8;
const HIS: u16 = 1 << 9;
const ALONE: u16 = 1 << 10;

/// The longest word of the list, in bytes.
const LONGEST: usize = 22;

/// Signs that part two given names, and never the parts of one.
const SIGNS: [&str; 9] = ["%26", "&amp;", "--", "->", "=>", "~", "<>", "*", "="];

/// Whether a delivered name is of others, too.
pub(crate) fn of(raw: &str, part: NamePart) -> Others {
    if raw.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Others::Nobody;
    }
    if is_of_others_in_brackets(raw, part) || is_said(raw, part) || is_said_within(raw, part) {
        Others::Somebody
    } else if part != NamePart::Family && SIGNS.iter().any(|sign| parts_given_names(raw, sign)) {
        Others::Perhaps
    } else {
        Others::Nobody
    }
}

/// What the list says of a word, without signs around it.
fn said_of(word: &str) -> u16 {
    let bare = word.trim_matches(|sign: char| !sign.is_alphanumeric() && !"&+".contains(sign));
    let bare = if bare.is_empty() { word } else { bare };
    if bare.len() > LONGEST {
        return 0;
    }
    let small = bare.to_lowercase();
    WORDS.get(small.as_str()).copied().unwrap_or_default()
}

/// Whether people bear the word as a given name.
fn is_given(word: &str) -> bool {
    bearers(&fold(word)).is_some()
}

/// `u.a.`, not `U.A.`, which are initials.
fn is_abbreviated(word: &str) -> bool {
    word.contains('.') && !word.contains(char::is_uppercase)
}

fn is_name(word: &str) -> bool {
    word.chars().filter(|letter| letter.is_alphabetic()).count() > 1
}

/// `Linda (mum)`, `Peter (husband) Linda (wife)`, `Peter (Paul)`.
fn is_of_others_in_brackets(raw: &str, part: NamePart) -> bool {
    let mut rest = raw;
    while let Some((before, behind)) = rest.split_once(['(', '[', '{']) {
        let Some((inner, behind)) = behind.split_once([')', ']', '}']) else { return false };
        let words = inner.split_whitespace().filter(|word| !matches!(*word, "a" | "the"));
        let is_kin = |word: &str| said_of(word) & (BRACKETS | BESIDE) != 0 && !is_generation(word);
        // `(mum)`, `(wife Susan)`.
        let words: Vec<&str> = words.collect();
        let is_named = words.len() > 1 && is_given(words[1]);
        if words.first().is_some_and(|word| is_kin(word))
            && (is_named || words.iter().all(|word| is_kin(word)))
        {
            return true;
        }
        let is_whole = part != NamePart::Full || behind.contains(char::is_alphabetic);
        // `(u. Sabine)`
        let joined = inner.trim_start().split_once(' ');
        let inner = joined.filter(|(word, _)| said_of(word) & JOINS != 0).map_or(inner, |it| it.1);
        if part != NamePart::Family && is_another(before, inner, is_whole) {
            return true;
        }
        rest = behind;
    }
    false
}

/// Whether brackets around the word tell a father from a son.
fn is_generation(word: &str) -> bool {
    Suffix::in_brackets(word).is_some()
}

/// Whether brackets behind given names have another known one that is none of them in another form.
fn is_another(before: &str, inner: &str, is_whole: bool) -> bool {
    let inner = fold(inner);
    // `Peter Hill (Paul Hill)` has a whole second name.
    let (inner, family) = match inner.split_once(' ') {
        Some((first, rest)) => (first, Some(rest)),
        None => (inner.as_str(), None),
    };
    let is_whole_name = |family: &str| {
        let words: Vec<String> = before.split_whitespace().map(fold).collect();
        words.len() > 1 && words.last().is_some_and(|last| last == family)
    };
    if inner.len() < 2 || bearers(inner).is_none() || family.is_some_and(|it| !is_whole_name(it)) {
        return false;
    }
    let given = before.rsplit_once(',').map_or(before, |(_, given)| given);
    let has_family = is_whole || family.is_some() || given.len() < before.len();
    let words = given.split([' ', '-']).filter(|word| is_name(word) && !is_title(word));
    let words: Vec<String> = words.map(fold).collect();
    // `Lee (Ann)` may be one person's family name and given name.
    if words.is_empty() || words.len() < 2 && !has_family {
        return false;
    }
    let is_own = |word: &String| {
        *word == inner
            || word.starts_with(inner)
            || inner.starts_with(word.as_str())
            || matches!(
                two_names(word, inner),
                TwoNames::No
                    | TwoNames::EitherGender
                    | TwoNames::ShortForms
                    | TwoNames::OwnShortForm
                    | TwoNames::InTwoLanguages
            )
    };
    bearers(&words[0]).is_some() && !words.iter().any(is_own)
}

/// `花子の母`, `李伟 之妻`.
fn is_said_within(raw: &str, part: NamePart) -> bool {
    let is_behind = |it: &&str| raw.find(*it).is_some_and(|at| at > 0);
    part != NamePart::Family && !raw.is_ascii() && WITHIN.iter().any(is_behind)
}

/// Whether words say it.
fn is_said(raw: &str, part: NamePart) -> bool {
    let words: Vec<&str> = raw.split_whitespace().collect();
    let said: Vec<u16> = words.iter().map(|word| said_of(word)).collect();
    if words.len() < 2 || said.iter().all(|said| *said == 0) {
        return false;
    }
    if part == NamePart::Family {
        let last = words.len() - 1;
        return said[last] & LEFT != 0 || said[last] & SMALL != 0 && is_abbreviated(words[last]);
    }
    is_said_in_front(&words, &said, part)
        || is_said_beside(&words, &said)
        || is_said_behind(&words, &said, part, raw)
}

/// `Witwe Robert`, `guardian: Linda`, `RN de Linda`, `Twin 1 of Linda`.
fn is_said_in_front(words: &[&str], said: &[u16], part: NamePart) -> bool {
    if said[0] & ALONE != 0 {
        return true;
    }
    // `Bruder, Hans Peter` has a family name.
    if said[0] & (FRONT | OF) == 0 || words[0].ends_with(',') {
        return false;
    }
    let mut rest = (1..words.len()).filter(|at| words[*at].contains(char::is_alphabetic));
    let Some(next) = rest.next() else { return false };
    let is_marked = words[0].ends_with(':') || words[1] == ":";
    let leads = said[next] & LEADS != 0 && words[next].starts_with(char::is_lowercase);
    let is_of_somebody = leads && rest.any(|at| is_name(words[at]));
    let is_short = said[0] & FRONT != 0 && words[0].ends_with('.');
    let is_plain = said[0] & FRONT != 0
        && is_given(words[next])
        && (part == NamePart::Given || next + 1 < words.len());
    is_marked || is_of_somebody || is_short || is_plain
}

/// `Jean et son épouse`, `Juan y esposa`.
fn is_said_beside(words: &[&str], said: &[u16]) -> bool {
    (2..words.len()).any(|at| {
        let is_small = words[at].starts_with(char::is_lowercase);
        let before = at - 1 - usize::from(at > 2 && said[at - 1] & HIS != 0);
        is_small && said[at] & BESIDE != 0 && before > 0 && said[before] & JOINS != 0
    })
}

/// `Linda Tochter`, `Linda baby`, `Linda Hill Estate`.
fn is_said_behind(words: &[&str], said: &[u16], part: NamePart, raw: &str) -> bool {
    let last = words.len() - 1;
    let has_capitals = raw.contains(char::is_uppercase);
    let is_one = |at: usize| {
        let is_small = words[at].starts_with(char::is_lowercase) && has_capitals;
        said[at] & BEHIND != 0 && (part == NamePart::Given || at < last || raw.contains(','))
            || said[at] & SMALL != 0 && is_small && is_given(words[0])
    };
    (1..=last).any(is_one)
        || part == NamePart::Full && last > 1 && said[last] & LEFT != 0 && is_given(words[0])
}

/// `Peter--Paul`, `Peter -> Paul`.
fn parts_given_names(raw: &str, sign: &str) -> bool {
    let Some((before, behind)) = raw.split_once(sign) else { return false };
    let last = before.split_whitespace().next_back().unwrap_or_default();
    let first = behind.split_whitespace().next().unwrap_or_default();
    [last, first].into_iter().all(|word| is_name(word) && is_given(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delivered_given_names_of_others() {
        use Others::{Nobody, Perhaps, Somebody};
        assert!(WORDS.len() > 150 && WORDS.keys().all(|word| word.len() <= LONGEST));
        for (raw, expected) in [
            ("Linda (mum)", Somebody),
            ("Linda [mom]", Somebody),
            ("Linda (Betreuerin)", Somebody),
            ("Peter (husband) Linda (wife)", Somebody),
            ("Emma (minor)", Somebody),
            ("Emma (a minor)", Somebody),
            ("Peter (Paul)", Somebody),
            ("Peter [Paul]", Somebody),
            ("Jean et son épouse", Somebody),
            ("Juan y esposa", Somebody),
            ("Jan a manželka", Somebody),
            ("Peter i żona", Somebody),
            ("RN de Linda", Somebody),
            ("Mamma di Mario", Somebody),
            ("Twin 1 of Linda", Somebody),
            ("guardian: Linda", Somebody),
            ("Betreuerin Linda", Somebody),
            ("Est. Linda", Somebody),
            ("Witwe Robert", Somebody),
            ("Viuda de Robert", Somebody),
            ("Vve Robert", Somebody),
            ("Linda Tochter", Somebody),
            ("Linda baby", Somebody),
            ("Linda - son", Somebody),
            ("Peter--Paul", Perhaps),
            ("Peter -> Paul", Perhaps),
            ("Peter %26 Paul", Perhaps),
            ("Peter ~ Paul", Perhaps),
            ("Stiefmutter Karin", Somebody),
            ("Pflegetochter Ayumi", Somebody),
            ("Enkel Martin", Somebody),
            ("Opa Martin", Somebody),
            ("Schwester Karin", Somebody),
            ("Onkel Martin", Somebody),
            ("Grandpa Martin", Somebody),
            ("Stepdaughter Karin", Somebody),
            ("Aunt Karin", Somebody),
            ("Abuelo Martin", Somebody),
            ("Tía Karin", Somebody),
            ("Nonno Mario", Somebody),
            ("Mama Karin", Somebody),
            ("Ahmet Amca", Somebody),
            ("Karin Stepmother", Somebody),
            ("Karin oma", Somebody),
            ("Martin u.a.", Somebody),
            ("Martin e.a.", Somebody),
            ("Martin usw.", Somebody),
            ("Martin {u. Karin}", Somebody),
            ("Martin (und Karin)", Somebody),
            ("Martin*Karin", Perhaps),
            ("Martin = Karin", Perhaps),
            // One person.
            ("Martin U.A.", Nobody),
            ("Martin *1950", Nobody),
            ("Martin {Marty}", Nobody),
            ("Bruder", Nobody),
            ("Elizabeth (Liz)", Nobody),
            ("Robert (Bob)", Nobody),
            ("Maria (Anna Maria)", Nobody),
            ("Thomas (deceased)", Nobody),
            ("Robert (Sohn)", Nobody),
            ("Peter (Xyzzy)", Nobody),
            ("María de la Viuda", Nobody),
            ("Mary Ann", Nobody),
            ("Anna-Maria", Nobody),
            ("Colin ~", Nobody),
            ("Heung Son", Nobody),
            ("Baby", Nobody),
            ("Guardian", Nobody),
            ("Peter", Nobody),
            ("()", Nobody),
            ("", Nobody),
        ] {
            assert_eq!(of(raw, NamePart::Given), expected, "{raw}");
        }
    }

    #[test]
    fn delivered_whole_names_of_others() {
        use Others::{Nobody, Perhaps, Somebody};
        for (raw, expected) in [
            ("Juan y esposa Hill", Somebody),
            ("Peter (Paul) Hill", Somebody),
            ("Peter (husband) Linda (wife) Hill", Somebody),
            ("Twin 1 of Linda Hill", Somebody),
            ("guardian: Linda Hill", Somebody),
            ("Betreuerin Linda Hill", Somebody),
            ("Est. Linda Hill", Somebody),
            ("Linda Tochter Hill", Somebody),
            ("Linda baby Hill", Somebody),
            ("Linda (mum) Hill", Somebody),
            ("Witwe Robert Hill", Somebody),
            ("Vve Robert Hill", Somebody),
            ("Linda Hill Estate", Somebody),
            ("Peter--Paul Hill", Perhaps),
            // One person.
            ("Peter Hill (Paul Hill)", Somebody),
            ("Peter Hill (wife Susan)", Somebody),
            ("Eredi Mario Hill", Somebody),
            ("Dziecko Anna Hill", Somebody),
            ("زوجة علي Hill", Somebody),
            ("أرملة حسن Hill", Somebody),
            ("花子の母 Hill", Somebody),
            ("太郎 様方 花子 Hill", Somebody),
            ("李伟 之妻 Hill", Somebody),
            ("王羲之", Nobody),
            ("علي حسن", Nobody),
            ("Peter Hill (Pete Hill)", Nobody),
            ("Lee (Ann)", Nobody),
            ("Anna Witwer", Nobody),
            ("Anna Estate", Nobody),
            ("Marie Dupont épouse Martin", Nobody),
            ("María López viuda de Pérez", Nobody),
            ("Marie Dupont veuve Martin", Nobody),
            ("Son Heung Min", Nobody),
            ("Mama Diallo", Nobody),
            ("Robert Baby", Nobody),
            ("Tante Karin Hill", Somebody),
            ("Uncle Martin Hill", Somebody),
            ("Stiefsohn Martin Hill", Somebody),
            ("Martin u.a. Hill", Somebody),
            ("Martin*Karin Hill", Perhaps),
            ("Bruder, Martin Paul", Nobody),
            ("Martin Bruder", Nobody),
            ("Karin Oma", Nobody),
            ("Mama Diop", Nobody),
            ("Martin E.A. Hill", Nobody),
            ("José Ortega y Gasset", Nobody),
            ("Jan van de Mann", Nobody),
            ("Maria de la Madre", Nobody),
        ] {
            assert_eq!(of(raw, NamePart::Full), expected, "{raw}");
        }
        for (raw, expected) in [
            ("Hill Estate", Somebody),
            ("Estate", Nobody),
            ("López viuda de Ruiz", Nobody),
            ("Hill u.a.", Somebody),
            ("Hill usw.", Somebody),
            ("Hill E.A.", Nobody),
            ("Bruder", Nobody),
            ("Uncle", Nobody),
            ("Martin Bruder", Nobody),
            ("Hill", Nobody),
        ] {
            assert_eq!(of(raw, NamePart::Family), expected, "{raw}");
        }
    }
}
