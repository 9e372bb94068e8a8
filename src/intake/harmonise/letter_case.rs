//! Repair of values typed all in capitals or all in small letters.
//!
//! A value that mixes both was typed with care and is left alone; so repairing twice changes
//! nothing.

/// What is being written: it decides which words stay small and how Gaelic names are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Given names; a name's first word is never a particle.
    GivenName,
    /// Family names: `van der Berg`, `McDonald`.
    FamilyName,
    /// Towns, counties and streets: `Newcastle upon Tyne`.
    Place,
    /// Companies: short words in capitals may be acronyms.
    Organisation,
}

/// The particles of family names.
pub(super) const PARTICLES: [&str; 39] = [
    "af", "al", "av", "bin", "bint", "da", "das", "de", "degli", "dei", "del", "della", "den",
    "der", "di", "do", "dos", "du", "e", "ibn", "la", "las", "los", "of", "'s", "'t", "ten", "ter",
    "te", "to", "und", "van", "vande", "vom", "von", "y", "zu", "zum", "zur",
];

const SMALL_IN_PLACES: [&str; 40] = [
    "a", "am", "an", "and", "auf", "aux", "bei", "by", "d'", "da", "de", "degli", "dei", "del",
    "della", "der", "des", "di", "do", "dos", "du", "e", "en", "et", "im", "in", "la", "le", "les",
    "next", "of", "on", "ob", "sous", "sur", "the", "und", "under", "upon", "y",
];

const SMALL_IN_ORGANISATIONS: [&str; 26] = [
    "and", "at", "by", "da", "de", "del", "der", "des", "di", "die", "do", "du", "e", "en", "et",
    "for", "für", "in", "la", "le", "of", "on", "the", "und", "von", "y",
];

/// Three letters in capitals that are words, not acronyms.
const SHORT_WORDS: [&str; 34] = [
    "act", "air", "all", "and", "art", "bar", "bau", "bay", "big", "box", "bus", "car", "cat",
    "dog", "eco", "fit", "for", "fox", "gas", "ice", "inn", "law", "new", "oak", "old", "one",
    "our", "pet", "red", "sea", "sky", "sun", "tea", "the",
];

/// Acronyms with a vowel, which nothing else tells from a word.
const ACRONYMS: [&str; 40] = [
    "aaa", "aarp", "abb", "aclu", "adac", "aok", "aol", "aon", "axa", "basf", "bbva", "dekra",
    "edf", "eon", "eu", "fifa", "iata", "ibm", "icao", "icbc", "ieee", "ihk", "ikea", "ing", "kia",
    "nasa", "nato", "opec", "osce", "rewe", "sap", "uae", "ubs", "uefa", "uk", "unesco", "unicef",
    "usa", "ymca", "ywca",
];

/// Gaelic names whose third part is written with a capital; `Mackie`, `Machado` are not.
const MAC_NAMES: [&str; 25] = [
    "macarthur",
    "macaulay",
    "maccallum",
    "macdonald",
    "macdougall",
    "macfarlane",
    "macgregor",
    "macinnes",
    "macintosh",
    "macintyre",
    "mackay",
    "mackenzie",
    "mackinnon",
    "maclachlan",
    "maclaren",
    "maclean",
    "macleod",
    "macmillan",
    "macnab",
    "macneil",
    "macphail",
    "macpherson",
    "macqueen",
    "macrae",
    "mactavish",
];

/// Whether the words hold cased letters, and all of them in one case.
pub(super) fn is_one_case<'a>(words: impl IntoIterator<Item = &'a str>) -> bool {
    let (mut upper, mut lower) = (false, false);
    for word in words {
        for character in word.chars() {
            upper |= character.is_uppercase();
            lower |= character.is_lowercase();
            if upper && lower {
                return false;
            }
        }
    }
    upper || lower
}

/// Two capitals and nothing else: initials, or a code.
pub(super) fn is_two_capitals(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Writes words of one case in the style's mixed case. To be called for [`is_one_case`] only.
pub(super) fn repaired(text: &str, style: Style) -> String {
    let mut out = String::with_capacity(text.len());
    let last = text.split(' ').count() - 1;
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let may_be_small = at < last && (at > 0 || style == Style::FamilyName);
        // `JOHN E SMITH` has an initial, `JOSE ORTEGA Y GASSET` a word between two surnames.
        let initial = word.len() == 1
            && match style {
                Style::GivenName => at < 2,
                Style::FamilyName => at < 1,
                Style::Place | Style::Organisation => false,
            };
        let may_be_small = may_be_small && !initial;
        push_word(&mut out, word, style, may_be_small);
    }
    out
}

/// Writes one word; `may_be_small` where a particle would stay in small letters.
pub(super) fn push_word(out: &mut String, word: &str, style: Style, may_be_small: bool) {
    if may_be_small && is_small(word, style) {
        push_lower(out, word);
    } else if style == Style::Organisation && is_acronym(word) {
        out.extend(word.chars().map(upper));
    } else {
        push_parts(out, word, style);
    }
}

fn is_small(word: &str, style: Style) -> bool {
    let list: &[&str] = match style {
        Style::GivenName | Style::FamilyName if is_joint(word) => return true,
        Style::GivenName | Style::FamilyName => &PARTICLES,
        Style::Place => &SMALL_IN_PLACES,
        Style::Organisation => &SMALL_IN_ORGANISATIONS,
    };
    word.len() <= 6 && list.iter().any(|small| small.eq_ignore_ascii_case(word))
}

/// What joins the names of two people.
fn is_joint(word: &str) -> bool {
    ["and", "et", "og", "och"].iter().any(|joint| joint.eq_ignore_ascii_case(word))
}

fn is_acronym(word: &str) -> bool {
    let vowel =
        |byte: u8| matches!(byte.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    if ACRONYMS.iter().any(|acronym| acronym.eq_ignore_ascii_case(word)) {
        return true;
    }
    let spelled = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let joined = |byte: u8| byte == b'&' || byte.is_ascii_uppercase();
    if word.len() <= 5 && word.contains('&') && word.bytes().all(joined) {
        return true;
    }
    let consonants = spelled && !word.bytes().any(vowel);
    if word.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return consonants && matches!(word.len(), 3 | 4);
    }
    let is_word = || SHORT_WORDS.iter().any(|short| short.eq_ignore_ascii_case(word));
    (consonants && word.len() <= 5) || (spelled && word.len() <= 3 && !is_word())
}

fn push_parts(out: &mut String, word: &str, style: Style) {
    let last = word.split('-').count() - 1;
    for (at, part) in word.split('-').enumerate() {
        if at > 0 {
            out.push('-');
        }
        if style == Style::Place && at > 0 && at < last && is_small(part, style) {
            push_lower(out, part);
        } else if style == Style::Place
            && at > 0
            && (starts_with(part, "d'") || starts_with(part, "l'"))
        {
            push_lower(out, &part[..2]);
            push_letters(out, &part[2..]);
        } else {
            push_part(out, part, style);
        }
    }
}

fn push_part(out: &mut String, part: &str, style: Style) {
    let gaelic = part.is_ascii();
    if gaelic && part.len() >= 5 && starts_with(part, "mc") {
        out.push_str("Mc");
        return push_letters(out, &part[2..]);
    }
    if gaelic
        && matches!(style, Style::GivenName | Style::FamilyName)
        && MAC_NAMES.iter().any(|name| name.eq_ignore_ascii_case(part))
    {
        out.push_str("Mac");
        return push_letters(out, &part[3..]);
    }
    push_letters(out, part);
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Capital at the start and after inner punctuation, small letters elsewhere.
fn push_letters(out: &mut String, part: &str) {
    let mut letters = 0;
    let mut rest = part.chars();
    while let Some(character) = rest.next() {
        if character.is_numeric() {
            out.push(character);
            if rest.as_str().starts_with(|next: char| !next.is_numeric()) {
                return push_after_digits(out, rest.as_str());
            }
        } else if matches!(character, '.' | '/' | '(' | '[' | '&' | '+' | ',' | '"') {
            out.push(character);
            letters = 0;
        } else if character == '\'' {
            out.push(character);
            let following = rest.as_str().chars().take_while(|c| c.is_alphabetic()).count();
            // `O'Brien` and `D'Angelo`, but `Queen's` and `'t`.
            if matches!(letters, 1 | 2) && following >= 2 {
                letters = 0;
            } else {
                letters = 3;
            }
        } else {
            let at_end = !rest.as_str().starts_with(char::is_alphabetic);
            out.push(match (letters, character) {
                (0, _) => capital(character),
                (_, 'Σ') if at_end => 'ς',
                _ => lower(character),
            });
            letters += 1;
        }
    }
}

/// `2nd` is an ordinal, `12B` a house number.
fn push_after_digits(out: &mut String, rest: &str) {
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| end.eq_ignore_ascii_case(rest));
    if rest.starts_with(char::is_alphabetic) {
        if !ordinal && rest.chars().count() <= 2 {
            out.extend(rest.chars().map(upper));
        } else {
            push_lower(out, rest);
        }
    } else {
        push_letters(out, rest);
    }
}

fn push_lower(out: &mut String, text: &str) {
    out.extend(text.chars().map(lower));
}

/// The capital of a letter that has exactly one; `ß` and the long s stay as they are.
pub(super) fn capital(character: char) -> char {
    if character == 'ſ' { character } else { upper(character) }
}

fn upper(character: char) -> char {
    let mut letters = character.to_uppercase();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => letter,
        _ => character,
    }
}

/// The small letter; of `İ` the plain `i`.
pub(super) fn lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs() {
        let table = [
            ("MCDONALD", Style::FamilyName, "McDonald"),
            ("macleod", Style::FamilyName, "MacLeod"),
            ("MACHADO", Style::FamilyName, "Machado"),
            ("mackie", Style::FamilyName, "Mackie"),
            ("o'brien", Style::FamilyName, "O'Brien"),
            ("VAN DER BERG", Style::FamilyName, "van der Berg"),
            ("de la cruz", Style::FamilyName, "de la Cruz"),
            ("van 't hoff", Style::FamilyName, "van 't Hoff"),
            ("JEAN-LUC", Style::GivenName, "Jean-Luc"),
            ("j.r.", Style::GivenName, "J.R."),
            ("ÖZGÜR", Style::GivenName, "Özgür"),
            ("ALİ", Style::GivenName, "Ali"),
            ("ΝΙΚΟΣ", Style::GivenName, "Νικος"),
            ("newcastle upon tyne", Style::Place, "Newcastle upon Tyne"),
            ("STRATFORD-UPON-AVON", Style::Place, "Stratford-upon-Avon"),
            ("42ND STREET", Style::Place, "42nd Street"),
            ("MCALLEN", Style::Place, "McAllen"),
            ("VAL-D'OR", Style::Place, "Val-d'Or"),
            ("LE GOFF", Style::FamilyName, "Le Goff"),
            ("KING'S LYNN", Style::Place, "King's Lynn"),
            ("BMW BANK OF THE NORTH", Style::Organisation, "BMW Bank of the North"),
            ("THE BIG SKY COMPANY", Style::Organisation, "The Big Sky Company"),
            ("3M", Style::Organisation, "3M"),
        ];
        for (text, style, expected) in table {
            assert_eq!(repaired(text, style), expected, "{text}");
        }
    }

    #[test]
    fn one_case_needs_a_letter_and_no_mix() {
        assert!(is_one_case(["PACE", "12"]));
        assert!(is_one_case(["pace"]));
        assert!(!is_one_case(["Pace"]));
        assert!(!is_one_case(["12"]));
        assert!(!is_one_case(["李伟"]));
    }
}
