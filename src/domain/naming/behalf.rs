//! Names of one who stands for another, or of what belongs to them: `Parents of Emma Weber`, `Susan Weber as
//! guardian of Emma Weber`, `Robert Weber Family Trust`. The person named is not the customer, or not alone.

use super::several::{NamePart, Several, is_given_name};
use super::{has_key, is_among};
use crate::words::Words;

/// Who somebody is to the person named behind `of`.
#[rustfmt::skip]
const KIN: [&str; 47] = [
    "attorney", "babies", "baby", "bb", "care", "carer", "caretaker", "child", "children",
    "custodian", "dad", "daughter", "daughters", "deputy", "executor", "executors", "executrix",
    "family", "father", "guardian", "guardians", "heirs", "husband", "infant", "kids", "kin", "mom",
    "mother", "mum", "neonate", "newborn", "parent", "parents", "proxy", "representative", "son",
    "sons", "spouse", "trust", "trustee", "trustees", "twin", "twins", "ward", "widow", "widower",
    "wife",
];

/// The same in languages that say it with `von`, `de` or `di`; words that are no names.
#[rustfmt::skip]
static KIN_ELSEWHERE: Words = Words::of(&[
    "betreuer", "betreuerin", "ehefrau", "ehemann", "eltern", "enfants", "erben", "genitori", "kinder",
    "madre", "mère", "mutter", "ouders", "padres", "pais", "parents", "sohn", "tochter", "tuteur", "tutor",
    "vater", "vormund", "witwe", "witwer",
]);

/// The same, where nothing stands before them: these are family names as well.
#[rustfmt::skip]
static IN_FRONT: Words = Words::of(&[
    "baby", "bambina", "bambino", "bebé", "bebê", "bébé", "dziecko", "figlia", "figlio", "filha", "filho", "fille",
    "fils", "hija", "hijo", "hijos", "kind", "neonato", "niña", "niño", "recém-nascido", "säugling",
]);

/// Words in front of the name of one who is not the customer, or not yet or no longer, with a colon or without.
static BEFORE: Words = Words::of(&[
    "att",
    "attention",
    "attn",
    "bb",
    "c/o",
    "erben",
    "fao",
    "infant",
    "late",
    "nb",
    "neonate",
    "newborn",
    "z.hd",
    "zhd",
]);

/// A quick look: whether a word may stand in front of a name so.
pub(super) fn may_begin(word: &str) -> bool {
    matches!(word.len(), 2..=10)
        && word
            .bytes()
            .next()
            .is_some_and(|letter| b"abcefilnz".contains(&letter.to_ascii_lowercase()))
        && (is_among(bare(word), &BEFORE) || has_key(word, &["baby"]))
        || is_in_front(word)
}

fn is_in_front(word: &str) -> bool {
    word.len() > 3 && is_among(word, &IN_FRONT)
}

/// What leads from them to the person.
const OF: [&str; 7] = ["von", "des", "der", "de", "di", "van", "du"];

/// What stands between a name and the word for the kin, or before that word.
const BETWEEN: [&str; 9] = ["as", "als", "the", "a", "legal", "next", "sole", "on", "minor"];

/// What a trust is called, at the end of its name.
static TRUSTS: Words = Words::of(&["trust", "trusts", "stiftung", "treuhand", "fideicomiso"]);

/// What kind of trust it is.
const TRUST_KINDS: [&str; 9] = [
    "family",
    "living",
    "revocable",
    "irrevocable",
    "testamentary",
    "charitable",
    "special",
    "needs",
    "the",
];

/// A quick look: whether a name with this word may be such a name.
pub(super) fn tells(word: &str) -> bool {
    word.eq_ignore_ascii_case("of")
        || word.len() > 3 && (is_among(word, &TRUSTS) || is_kin_elsewhere(word))
}

/// Who is named, and who stands for them.
pub(super) fn people<'a>(words: &[&'a str], part: NamePart) -> Option<Several<'a>> {
    let of_others =
        of_somebody(words).or_else(|| of_a_trust(words, part)).or_else(|| of_heirs(words));
    of_others.or_else(|| behind_a_word(words, part))
}

/// `Attn: Emma`, `BB Emma Weber`; `Erben Karel` may be somebody's name.
fn behind_a_word<'a>(words: &[&'a str], part: NamePart) -> Option<Several<'a>> {
    let (first, rest) = words.split_first()?;
    let least = if part == NamePart::Given { 1 } else { 2 };
    if part == NamePart::Family || rest.len() < least || !is_among(bare(first), &BEFORE) {
        return None;
    }
    let is_name = has_key(first, &["erben"])
        && (part != NamePart::Given || !is_given_name(rest[0]) || rest.len() > 1);
    // Initials: `BB King`.
    let are_initials = first.chars().count() < 3
        && part == NamePart::Full
        && !(rest.len() > 1 && is_given_name(rest[0]));
    (!is_name && !are_initials).then(|| Several::of_others(rest))
}

/// `Parents of Emma Weber`, `Paul Weber, child of Susan Weber`.
fn of_somebody<'a>(words: &[&'a str]) -> Option<Several<'a>> {
    let leads = |at: &usize| {
        let (kin, of) = (bare(words[*at]), words[*at + 1]);
        // `on behalf of`
        let is_english = is_kin(kin) || kin.eq_ignore_ascii_case("behalf");
        let is_elsewhere = is_kin_elsewhere(kin) || *at == 0 && is_in_front(kin);
        of.eq_ignore_ascii_case("of") && is_english || has_key(of, &OF) && is_elsewhere
    };
    let at = (0..words.len().saturating_sub(2)).find(leads)?;
    let is_between = |word: &str| has_key(bare(word), &BETWEEN);
    let before = words[..at].iter().rposition(|word| !is_between(word)).map_or(0, |last| last + 1);
    let mut others = Several::of_others(&words[at + 2..]);
    others.people[0] = words[..before].to_vec();
    // Whose name is whole with these words stays so.
    others.is_parted = before > 0;
    Some(others)
}

/// `Robert Weber Family Trust`.
fn of_a_trust<'a>(words: &[&'a str], part: NamePart) -> Option<Several<'a>> {
    let (last, named) = words.split_last().filter(|(last, _)| is_among(last, &TRUSTS))?;
    let kinds = named.iter().rev().take_while(|word| has_key(word, &TRUST_KINDS)).count();
    let named = &named[..named.len() - kinds];
    // `Anna Trust` has a family name.
    let least = if kinds > 0 || part == NamePart::Family { 1 } else { 2 };
    (named.len() >= least && !last.is_empty()).then(|| Several::of_others(named))
}

/// `Erben Robert Weber`; `Erben Karel Jaromír` has a family name.
fn of_heirs<'a>(words: &[&'a str]) -> Option<Several<'a>> {
    let (first, [given, .., family]) = words.split_first()? else { return None };
    (has_key(first, &["erben"]) && is_given_name(given) && !is_given_name(family))
        .then(|| Several::of_others(&words[1..]))
}

fn is_kin(word: &str) -> bool {
    has_key(word, &KIN)
}

fn is_kin_elsewhere(word: &str) -> bool {
    is_among(word, &KIN_ELSEWHERE)
}

fn bare(word: &str) -> &str {
    word.trim_matches([',', ':', '(', ')', '-'])
}
