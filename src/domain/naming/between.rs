//! Names with something between them that no list of words for `and` has: `Peter edhe Paul`, `Peter • Paul`,
//! `محمد وعلي`. Each may be of one person as well, so that nothing is lost where both records have it.
//!
//! In a column of given names a word in small letters that is no part of names tells, or a sign. In a whole name
//! both must be known given names, or the family name comes twice.

use super::apart::are_same;
use super::has_key;
use super::several::{KIN, NamePart, Several, is_given_name};

/// Words in small letters that are parts of one person's names.
#[rustfmt::skip]
const PARTS: [&str; 86] = [
    "'t", "a", "a/l", "a/p", "abd", "abu", "ad", "af", "al", "an", "ap", "ar", "as", "at", "au", "aus",
    "auf", "av", "bar", "bat", "ben", "bin", "bint", "binti", "bte", "d", "d'", "da", "dal", "de", "degli",
    "dei", "del", "della", "delle", "dello", "den", "der", "des", "di", "do", "dos", "das", "du", "e", "ed",
    "el", "em", "het", "i", "ibn", "im", "in", "kyzy", "la", "las", "le", "les", "lo", "los", "mac", "mc",
    "na", "né", "née", "o", "op", "ould", "s/o", "san", "sant", "santa", "te", "ten", "ter", "the",
    "tot", "ud", "ul", "ur", "us", "van", "vom", "von", "y", "zu",
];

/// Signs that stand between names and are no part of them.
const SIGNS: &str = "·•・‧∙*=>\\/&:_|~#+";

/// Arabic and Hebrew given names that begin with what is `and` before others.
#[rustfmt::skip]
const BEGIN_WITH_AND: [&str; 48] = [
    "وليد", "وائل", "وسام", "وفاء", "وردة", "ورد", "وجدي", "وحيد", "وسيم", "وديع", "وداد", "وصال",
    "وضاح", "وهيب", "وهبي", "وفيق", "وفاق", "وجيه", "ورود", "وعد", "وئام", "واثق", "وسن", "ولاء",
    "وجدان", "وهاب", "وقاص", "وكيع", "ولي", "وهبة", "وحيدة", "وسيمة", "وجيهة", "وردية", "وافي",
    "واصف", "والي", "وارث", "ורד", "ורדה", "ויקטור", "ויקטוריה", "ולדימיר", "ויטלי", "ואדים",
    "ואלרי", "ויויאן", "וניה",
];

/// The people whose names something stands between.
pub(super) fn people(text: &str, part: NamePart) -> Option<Several<'_>> {
    if !may_be(text, part) {
        return None;
    }
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let found = between(&words, part)
        .or_else(|| attached(&words, part))
        .or_else(|| within(&words, part))
        .or_else(|| twice_in_a_family_name(&words, part))?;
    Some(Several::parted(found, true))
}

/// A quick look, for most names are of words in capitals: never wrongly no.
fn may_be(text: &str, part: NamePart) -> bool {
    let is_small = |pair: &[u8]| pair[0] == b' ' && !pair[1].is_ascii_uppercase();
    text.as_bytes().windows(2).any(is_small)
        || part == NamePart::Family && text.split(' ').nth(2).is_some()
        || part == NamePart::Given && !text.is_ascii()
}

fn between<'a>(words: &[&'a str], part: NamePart) -> Option<Vec<Vec<&'a str>>> {
    if part == NamePart::Family || words.len() < 3 {
        return None;
    }
    let parted = |at: &usize| {
        let (before, word, next) = (words[at - 1], words[*at], words[at + 1]);
        let is_between = stands_between(before, word, next);
        match part {
            NamePart::Given => is_between,
            // `Jan oraz Piotr Nowak`
            _ if *at == 1 && is_between => {
                words.len() > 3 && is_given_name(before) && is_given_name(next)
            }
            _ => *at > 1 && at + 2 < words.len() && are_two_whole(words, *at, is_between),
        }
    };
    let at = (1..words.len() - 1).find(parted)?;
    Some(vec![words[..at].to_vec(), words[at + 1..].to_vec()])
}

/// Whether a whole name stands on either side: the family name comes twice, or another given name begins.
fn are_two_whole(words: &[&str], at: usize, is_between: bool) -> bool {
    let is_and = is_between || matches!(words[at], "e" | "y" | "i" | "a" | "u" | "en" | "et");
    let last = words[words.len() - 1];
    let is_twice = are_same(words[at - 1], last) && last.chars().count() > 1;
    let begins_again = is_given_name(words[0]) && is_given_name(words[at + 1]);
    // A particle joins, too, where the family name is the same and a known given name follows. `Ramón y Cajal` is one family name, and so is `Puig i Cadafalch`.
    let is_next_given = is_given_name(words[at + 1]);
    is_twice && (is_and || is_next_given) || is_and && begins_again && !is_given_name(words[at - 1])
}

/// Whether a sign, or a word that is no name and no part of one, stands between two names.
fn stands_between(before: &str, word: &str, next: &str) -> bool {
    let is_name = |word: &str| word.chars().count() > 1 && word.chars().any(char::is_alphabetic);
    if !is_name(before) || !next.chars().any(char::is_alphabetic) {
        return false;
    }
    if word.chars().all(|it| SIGNS.contains(it)) || matches!(word, "<br>" | "<br/>") {
        return is_name(next);
    }
    let starts_small = |word: &str| word.starts_with(char::is_lowercase);
    let is_latin = |word: &str| word.chars().any(|it| it.is_alphabetic() && it < '\u{250}');
    let letters = word.chars().count();
    // `Susan 와 Linda`
    if is_latin(before)
        && is_latin(next)
        && !is_latin(word)
        && word.chars().all(char::is_alphabetic)
    {
        return letters < 5 && word.chars().any(char::is_alphabetic);
    }
    let is_spelled = word.chars().all(|it| it.is_lowercase() || "'/".contains(it));
    // A letter alone is an initial, but for those that are `with`.
    let is_word = letters > 1 || !word.is_ascii() || matches!(word, "s" | "z");
    let is_kin = has_key(next, &KIN);
    is_spelled
        && is_word
        && !starts_small(before)
        && (!starts_small(next) || is_kin)
        && !PARTS.contains(&word)
}

/// `محمد وعلي`: in Arabic and Hebrew `and` is a letter of the next word.
fn attached<'a>(words: &[&'a str], part: NamePart) -> Option<Vec<Vec<&'a str>>> {
    let is_one = |at: &usize| {
        let rest = words[*at].strip_prefix(['و', 'ו']);
        let is_long = rest.is_some_and(|rest| rest.chars().count() > 2);
        let is_meant = match part {
            NamePart::Given => true,
            NamePart::Family => false,
            NamePart::Full => at + 1 < words.len(),
        };
        is_long && is_meant && !BEGIN_WITH_AND.contains(&words[*at])
    };
    let at = (1..words.len()).find(is_one)?;
    let mut other = words[at..].to_vec();
    other[0] = other[0].strip_prefix(['و', 'ו'])?;
    Some(vec![words[..at].to_vec(), other])
}

/// `太郎と次郎`, `민수·준호`, `Peter·Paul`: within one word of given names.
fn within<'a>(words: &[&'a str], part: NamePart) -> Option<Vec<Vec<&'a str>>> {
    let [word] = words else { return None };
    if part != NamePart::Given || word.is_ascii() {
        return None;
    }
    let is_and =
        |letter: char| matches!(letter, '和' | '与' | '與' | '及' | '跟' | 'と' | '·' | '•' | '‧');
    let (at, sign) = word.char_indices().skip(1).find(|(_, letter)| is_and(*letter))?;
    let (one, other) = (&word[..at], &word[at + sign.len_utf8()..]);
    let beside = [one.chars().next_back()?, other.chars().next()?];
    let is_sign = matches!(sign, '·' | '•' | '‧');
    let is_han = |letter: char| matches!(letter, '\u{3400}'..='\u{9fff}' | '々');
    // The Catalan `l·l` is one letter.
    let is_one = if is_sign { beside == ['l', 'l'] } else { !beside.into_iter().all(is_han) };
    (!is_one).then(|| vec![vec![one], vec![other]])
}

/// `Hill Martin Hill` in a column of family names: somebody's given name is between.
fn twice_in_a_family_name<'a>(words: &[&'a str], part: NamePart) -> Option<Vec<Vec<&'a str>>> {
    let [first, given @ .., last] = words else { return None };
    let are_people = part == NamePart::Family
        && !given.is_empty()
        && are_same(first, last)
        && given.iter().all(|word| is_given_name(word));
    are_people.then(|| vec![vec![*first], words[1..].to_vec()])
}

#[cfg(test)]
mod tests {
    use super::super::several;
    use super::*;

    fn read(text: &str, part: NamePart) -> String {
        several(text, part).map_or_else(String::new, |several| {
            let people: Vec<String> = several.people.iter().map(|words| words.join(" ")).collect();
            people.join("|")
        })
    }

    #[test]
    fn given_names_with_something_between() {
        for (text, expected) in [
            ("Agim edhe Besim", "Agim|Besim"),
            ("Jan oraz Piotr", "Jan|Piotr"),
            ("Pekka sekä Matti", "Pekka|Matti"),
            ("Peter samt Paul", "Peter|Paul"),
            ("Peter neb Paul", "Peter|Paul"),
            ("Иван с Петром", "Иван|Петром"),
            ("Jan z Piotrem", "Jan|Piotrem"),
            ("Peter z żoną", "Peter|żoną"),
            ("Robert s Martin", "Robert|Martin"),
            ("Ahmet ile Mehmet", "Ahmet|Mehmet"),
            ("Péter meg Pál", "Péter|Pál"),
            ("Peter aka Paul", "Peter|Paul"),
            ("Robert of Martin", "Robert|Martin"),
            ("Susan a'r Linda", "Susan|Linda"),
            ("Susan 와 Linda", "Susan|Linda"),
            ("Susan ש Linda", "Susan|Linda"),
            ("Peter · Paul", "Peter|Paul"),
            ("Peter • Paul", "Peter|Paul"),
            ("Susan ・ Linda", "Susan|Linda"),
            ("Robert && Martin", "Robert|Martin"),
            ("Susan // Linda", "Susan|Linda"),
            ("Peter \\ Paul", "Peter|Paul"),
            ("Robert = Martin", "Robert|Martin"),
            ("Peter <br> Paul", "Peter|Paul"),
            ("محمد وعلي", "محمد|علي"),
            ("דוד ושרה", "דוד|שרה"),
            ("太郎と次郎", "太郎|次郎"),
            ("伟和强", "伟|强"),
            ("민수·준호", "민수|준호"),
            ("Peter·Paul", "Peter|Paul"),
            // One person's.
            ("María de los Ángeles", ""),
            ("Jean de la Croix", ""),
            ("Zia ul Haq", ""),
            ("Habib ur Rahman", ""),
            ("Nur binti Ali", ""),
            ("Robin a/l Kumar", ""),
            ("Anna maria", ""),
            ("John e Smith", "John|Smith"),
            ("John j Paul", ""),
            ("محمد وليد", ""),
            ("דוד ורד", ""),
            ("Gal·la", ""),
            ("和子", ""),
            ("さとし", ""),
            ("Jan", ""),
            ("Peter Paul", ""),
            ("", ""),
        ] {
            assert_eq!(read(text, NamePart::Given), expected, "{text}");
        }
    }

    #[test]
    fn whole_names_with_something_between() {
        for (text, expected) in [
            ("João Silva e Paulo Silva", "João Silva|Paulo Silva"),
            ("José Ruiz y Juan Ruiz", "José Ruiz|Juan Ruiz"),
            ("Jan Nowak i Piotr Nowak", "Jan Nowak|Piotr Nowak"),
            ("José Ruiz y Ana Pérez", "José Ruiz|Ana Pérez"),
            ("João Costa e Ana Pereira", "João Costa|Ana Pereira"),
            ("Jan oraz Piotr Nowak", "Jan|Piotr Nowak"),
            ("Susan • Linda Hill", "Susan|Linda Hill"),
            ("Susan Hill // Linda Hill", "Susan Hill|Linda Hill"),
            ("Robert : Martin Hill", "Robert|Martin Hill"),
            ("Robert Hill edhe Martin Hill", "Robert Hill|Martin Hill"),
            ("Robert Hill ter Martin Hill", "Robert Hill|Martin Hill"),
            ("محمد قاسم ومحمود قاسم", "محمد قاسم|محمود قاسم"),
            // One person's.
            ("Santiago Ramón y Cajal", ""),
            ("José Ortega y Gasset", ""),
            ("Maria Costa e Silva", ""),
            ("Josep Puig i Cadafalch", ""),
            ("Juan García y García", ""),
            ("Maria do Carmo Silva", ""),
            ("Joan of Arc", ""),
            ("Maria Silva da Costa Silva", ""),
            ("Jan op de Beeck", ""),
            ("John q Public", ""),
            ("Ludwig van Beethoven", ""),
        ] {
            assert_eq!(read(text, NamePart::Full), expected, "{text}");
        }
        assert_eq!(read("Quast Paul Quast", NamePart::Family), "Quast|Paul Quast");
        assert_eq!(read("Garcia Soto Garcia", NamePart::Family), "");
    }
}
