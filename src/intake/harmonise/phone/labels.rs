//! What people write beside a number: what it is for, and a second number.

/// Words that say what a number is for; a fax is no telephone.
const LABELS: [&str; 84] = [
    "tel",
    "telefon",
    "telefono",
    "teléfono",
    "telefone",
    "telephone",
    "téléphone",
    "tél",
    "phone",
    "ph",
    "fon",
    "nr",
    "no",
    "mob",
    "mobil",
    "mobile",
    "móvil",
    "movil",
    "cell",
    "cellphone",
    "cellular",
    "cel",
    "celular",
    "celulare",
    "cellulare",
    "portable",
    "handy",
    "home",
    "house",
    "work",
    "office",
    "business",
    "private",
    "privat",
    "privé",
    "personal",
    "main",
    "direct",
    "dir",
    "day",
    "evening",
    "whatsapp",
    "wa",
    "sms",
    "text",
    "call",
    "voice",
    "büro",
    "buero",
    "dienst",
    "dienstlich",
    "zentrale",
    "festnetz",
    "fixe",
    "fijo",
    "casa",
    "kom",
    "komórka",
    "tfno",
    "tfn",
    "tlf",
    "tlfn",
    "tlfno",
    "telf",
    "puh",
    "gsm",
    "natel",
    "cep",
    "hat",
    "тел",
    "телефон",
    "моб",
    "мобильный",
    "раб",
    "дом",
    "τηλ",
    "κιν",
    "電話",
    "携帯",
    "电话",
    "手机",
    "手機",
    "전화",
    "휴대폰",
];

/// The same as a single letter, before a colon or in brackets.
const LETTERS: &str = "tmhwopcdb";

/// The fewest digits of a number of its own.
const LEAST_DIGITS: usize = 7;

/// The most digits of a number's other ending.
const LONGEST_ENDING: usize = 4;

/// The number without what it is called.
pub(super) fn without(text: &str) -> &str {
    let mut text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic()) {
        return text;
    }
    while let Some(rest) = without_first(text) {
        text = rest;
    }
    while let Some(rest) = without_last(text) {
        text = rest;
    }
    text
}

/// Without a label in front: `Tel. `, `H: `.
fn without_first(text: &str) -> Option<&str> {
    let at = text.find(|c: char| !c.is_alphabetic())?;
    let (word, rest) = text.split_at(at);
    let letter = rest.starts_with([':', '.']) && is_letter(word);
    let rest = rest.trim_start_matches(['.', ':', ' ', '-', '#']);
    (!rest.is_empty() && (letter || is_label(word))).then_some(rest)
}

/// Without a label behind: ` (home)`, ` mobil`.
fn without_last(text: &str) -> Option<&str> {
    let bracketed = text.strip_suffix([')', ']']);
    let inner = bracketed.unwrap_or(text).trim_end_matches(['.', ' ']);
    let at = inner.rfind(|c: char| !c.is_alphabetic())?;
    let at = at + inner[at..].chars().next().map_or(0, char::len_utf8);
    let (rest, word) = inner.split_at(at);
    if bracketed.is_some() {
        let rest = rest.trim_end().strip_suffix(['(', '['])?;
        return (is_label(word) || is_letter(word)).then(|| rest.trim_end());
    }
    let apart = rest.ends_with([' ', '-', ',', ':', '/']);
    // `217-555-HOME` is spelled on the keypad.
    let is_whole = rest.bytes().filter(u8::is_ascii_digit).count() >= LEAST_DIGITS;
    (apart && is_whole && is_label(word)).then(|| rest.trim_end_matches([' ', '-', ',', ':', '/']))
}

fn is_letter(word: &str) -> bool {
    word.len() == 1 && LETTERS.contains(word.to_ascii_lowercase().as_str())
}

fn is_label(word: &str) -> bool {
    LABELS.iter().any(|label| is_same(label, word))
}

/// Whether a word is one in small letters.
pub(super) fn is_same(small: &str, word: &str) -> bool {
    small.eq_ignore_ascii_case(word)
        || !word.is_ascii() && word.chars().flat_map(char::to_lowercase).eq(small.chars())
}

/// Whether a slash leads to another ending of the number, as several lines of one house have them:
/// `030 123456/57`. Behind an area code it does not, nor where slashes part every group.
pub(super) fn has_other_ending(number: &str) -> bool {
    let Some((before, ending)) = number.trim_end_matches(['/', ' ']).rsplit_once('/') else {
        return false;
    };
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    // A country code has three digits at most, and an area code five behind its zero.
    let least = if number.starts_with('+') { LEAST_DIGITS + 2 } else { LEAST_DIGITS };
    let run = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let is_group =
        run < 5 && before.len() > run && before.as_bytes()[before.len() - run - 1] == b'/';
    digits(before) >= least && digits(ending) <= LONGEST_ENDING && !is_group
}

/// Whether the signs that may stand in one number stand between two: the second begins as a
/// number of its own does.
pub(super) fn are_two(number: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let begins_anew = |at: usize| {
        let (first, second) = number.split_at(at);
        let second = second.trim_start_matches(['/', ' ']);
        second.starts_with(['0', '+', '('])
            && digits(first) >= LEAST_DIGITS
            && digits(second) >= LEAST_DIGITS
    };
    number.match_indices(['/', '+']).any(|(at, _)| begins_anew(at))
}
