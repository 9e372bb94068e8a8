//! Repair of values typed all in capitals or all in small letters.
//!
//! A value that mixes both was typed with care and is left alone; so repairing twice changes
//! nothing.

use super::alphabet::Alphabet;
use super::{house_number, roman};

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

/// What is written, and in whose letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Casing {
    pub(super) style: Style,
    alphabet: Alphabet,
    /// Whether `XI` is a number: in the names of East Asia it is a syllable.
    has_numerals: bool,
}

impl Casing {
    /// In that style, with the letters of that country.
    pub(super) fn of(style: Style, country: &str) -> Casing {
        let has_numerals = matches!(style, Style::Place | Style::Organisation)
            && !roman::SYLLABLES_OF.contains(&country);
        Casing { style, alphabet: Alphabet::of(country), has_numerals }
    }

    /// The same, with what the text itself says of its letters.
    pub(super) fn for_text(self, text: &str) -> Casing {
        Casing { alphabet: self.alphabet.of_text(text), ..self }
    }
}

/// The particles of family names.
pub(super) const PARTICLES: [&str; 40] = [
    "af", "al", "av", "bin", "bint", "da", "das", "de", "degli", "dei", "del", "della", "den",
    "der", "di", "do", "dos", "du", "e", "het", "ibn", "la", "las", "los", "of", "'s", "'t", "ten",
    "ter", "te", "to", "und", "van", "vande", "vom", "von", "y", "zu", "zum", "zur",
];

/// Dutch words that belong to the particle behind them: `in 't Veld`, `op den Kamp`.
const PREPOSITIONS: [&str; 7] = ["aan", "bij", "in", "onder", "op", "over", "uit"];

/// The particles that follow them.
const ARTICLES: [&str; 6] = ["'s", "'t", "de", "den", "der", "het"];

const SMALL_IN_PLACES: [&str; 49] = [
    "aan", "op", "den", "van", "bij", "ten", "ter", "'t", "het", "a", "am", "an", "and", "auf",
    "aux", "bei", "by", "d'", "da", "de", "degli", "dei", "del", "della", "der", "des", "di", "do",
    "dos", "du", "e", "en", "et", "im", "in", "la", "le", "les", "next", "of", "on", "ob", "sous",
    "sur", "the", "und", "under", "upon", "y",
];

const SMALL_IN_ORGANISATIONS: [&str; 26] = [
    "and", "at", "by", "da", "de", "del", "der", "des", "di", "die", "do", "du", "e", "en", "et",
    "for", "für", "in", "la", "le", "of", "on", "the", "und", "von", "y",
];

/// Three letters in capitals that are words, not acronyms.
const SHORT_WORDS: [&str; 53] = [
    "act", "air", "all", "and", "art", "bar", "bau", "bay", "big", "box", "bus", "car", "cat",
    "dog", "eco", "fit", "for", "fox", "gas", "ice", "inn", "law", "new", "oak", "old", "one",
    "our", "pet", "red", "sea", "sky", "sun", "tea", "the", "das", "den", "el", "het", "il", "las",
    "les", "lo", "los", "van", "san", "bär", "für", "tür", "são", "île", "été", "côt", "öko",
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

/// What stands in front of a name in capitals in a case of its own: `McDONALD`, `d'ANGELO`.
const PREFIXES: [&str; 13] =
    ["Mc", "Mac", "De", "Del", "Di", "Da", "Du", "La", "Le", "Van", "Fitz", "d'", "l'"];

/// The prefix that was typed in its own case, and the capitals behind it: they say how the word was
/// typed.
pub(super) fn prefixed(word: &str) -> Option<(&str, &str)> {
    // As nearly every word does.
    if word.len() < 5 || word.ends_with(|last: char| last.is_ascii_lowercase()) {
        return None;
    }
    PREFIXES.iter().find_map(|prefix| {
        let rest = word.strip_prefix(prefix)?;
        let capitals = rest.chars().filter(|c| c.is_uppercase()).count();
        (capitals > 2 && !rest.contains(char::is_lowercase)).then(|| word.split_at(prefix.len()))
    })
}

/// Whether a word belongs to the particle `next` behind it.
pub(super) fn leads_to_particle(word: &str, next: &str) -> bool {
    let is_in = |list: &[&str], word: &str| list.iter().any(|it| it.eq_ignore_ascii_case(word));
    is_in(&PREPOSITIONS, word) && is_in(&ARTICLES, next)
}

/// Whether the words hold cased letters, and all of them in one case.
pub(super) fn is_one_case<'a>(words: impl IntoIterator<Item = &'a str>) -> bool {
    let (mut upper, mut lower) = (false, false);
    for word in words.into_iter().flat_map(|text| text.split([' ', '-'])) {
        for character in prefixed(word).map_or(word, |(_, capitals)| capitals).chars() {
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
pub(super) fn repaired(text: &str, casing: Casing) -> String {
    let mut out = String::with_capacity(text.len());
    let style = casing.style;
    let casing = casing.for_text(text);
    let last = text.split(' ').count() - 1;
    let is_name = matches!(style, Style::GivenName | Style::FamilyName);
    let mut words = text.split(' ').enumerate().peekable();
    while let Some((at, word)) = words.next() {
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
        let leads = words.peek().is_some_and(|(_, next)| leads_to_particle(word, next));
        if is_name && may_be_small && leads {
            push_small(&mut out, word);
        } else {
            push_word(&mut out, word, casing, may_be_small);
        }
    }
    out
}

/// Writes one word; `may_be_small` where a particle would stay in small letters.
pub(super) fn push_word(out: &mut String, word: &str, casing: Casing, may_be_small: bool) {
    if may_be_small && is_small(word, casing.style) {
        push_small(out, word);
    } else if casing.style == Style::Place && word.starts_with(|c: char| c.is_ascii_digit()) {
        house_number::push(out, word, |out, part| {
            // A word that hangs on a number may be in mixed case where the number is not.
            if part.starts_with(|c: char| c.is_ascii_digit()) || is_one_case([part]) {
                push_part(out, part, casing);
            } else {
                out.push_str(part);
            }
        });
    } else if casing.style == Style::Organisation
        && !is_small(word, Style::Organisation)
        && is_acronym(word)
    {
        out.extend(word.chars().map(|letter| Alphabet::Common.upper(letter)));
    } else {
        push_parts(out, word, casing);
    }
}

fn is_small(word: &str, style: Style) -> bool {
    let list: &[&str] = match style {
        Style::GivenName | Style::FamilyName if is_joint(word) => return true,
        Style::GivenName | Style::FamilyName => &PARTICLES,
        Style::Place => &SMALL_IN_PLACES,
        Style::Organisation => &SMALL_IN_ORGANISATIONS,
    };
    let is = |small: &&&str| match word.is_ascii() {
        true => small.eq_ignore_ascii_case(word),
        false => **small == word.to_lowercase(),
    };
    word.len() <= 6 && list.iter().any(|small| is(&small))
}

/// What joins the names of two people.
fn is_joint(word: &str) -> bool {
    ["and", "et", "og", "och"].iter().any(|joint| joint.eq_ignore_ascii_case(word))
}

/// Whether a word of an organisation's name is written in capitals.
pub(super) fn is_acronym(word: &str) -> bool {
    let vowel =
        |byte: u8| matches!(byte.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    if ACRONYMS.iter().any(|acronym| acronym.eq_ignore_ascii_case(word)) {
        return true;
    }
    // Capitals with accents are letters as well: `TÜV`.
    let is_letter = |letter: char| letter.is_alphabetic() && letter < '\u{100}';
    let spelled = word.chars().all(is_letter);
    let length = word.chars().count();
    let joined = |byte: u8| byte == b'&' || byte.is_ascii_uppercase();
    if word.len() <= 5 && word.contains('&') && word.bytes().all(joined) {
        return true;
    }
    let consonants = spelled && word.is_ascii() && !word.bytes().any(vowel);
    if word.chars().any(char::is_lowercase) {
        return consonants && matches!(length, 3 | 4);
    }
    let small = word.to_lowercase();
    let is_word = || SHORT_WORDS.contains(&small.as_str());
    (consonants && length <= 5) || (spelled && length <= 3 && !is_word())
}

fn push_parts(out: &mut String, word: &str, casing: Casing) {
    let is_place = casing.style == Style::Place;
    let last = word.split('-').count() - 1;
    for (at, part) in word.split('-').enumerate() {
        if at > 0 {
            out.push('-');
        }
        if at == last && casing.has_numerals && roman::is_number(part) {
            out.push_str(&part.to_ascii_uppercase());
        } else if is_place && at > 0 && at < last && is_small(part, Style::Place) {
            push_small(out, part);
        } else if is_place && at > 0 && (starts_with(part, "d'") || starts_with(part, "l'")) {
            push_small(out, &part[..2]);
            push_letters(out, &part[2..], casing.alphabet);
        } else {
            push_part(out, part, casing);
        }
    }
}

fn push_part(out: &mut String, part: &str, casing: Casing) {
    if let Some((prefix, capitals)) = prefixed(part) {
        out.push_str(prefix);
        return push_letters(out, capitals, casing.alphabet);
    }
    let gaelic = part.is_ascii();
    if gaelic && part.len() >= 5 && starts_with(part, "mc") {
        out.push_str("Mc");
        return push_letters(out, &part[2..], casing.alphabet);
    }
    if gaelic
        && matches!(casing.style, Style::GivenName | Style::FamilyName)
        && MAC_NAMES.iter().any(|name| name.eq_ignore_ascii_case(part))
    {
        out.push_str("Mac");
        return push_letters(out, &part[3..], casing.alphabet);
    }
    push_letters(out, part, casing.alphabet);
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Capital at the start and after inner punctuation, small letters elsewhere.
fn push_letters(out: &mut String, part: &str, alphabet: Alphabet) {
    let alphabet = alphabet.of_word(part);
    let mut letters = 0;
    let mut rest = part.chars();
    while let Some(character) = rest.next() {
        if character.is_numeric() {
            out.push(character);
            if rest.as_str().starts_with(|next: char| !next.is_numeric()) {
                return push_after_digits(out, rest.as_str(), alphabet);
            }
        } else if matches!(
            character,
            '.' | '/'
                | '('
                | '['
                | '{'
                | '<'
                | '&'
                | '+'
                | ','
                | '"'
                | '«'
                | '»'
                | '‹'
                | '›'
                | '„'
                | '“'
                | '”'
                | '‚'
        ) {
            out.push(character);
            letters = 0;
        } else if character == '\'' {
            out.push(character);
            let following = rest.as_str().chars().take_while(|c| c.is_alphabetic()).count();
            // `O'Brien`, `D'Angelo` and `Dell'Acqua`, but `Queen's` and `'t`.
            let is_elided = matches!(letters, 1 | 2) || is_elision(&out[..out.len() - 1]);
            if is_elided && following >= 2 {
                letters = 0;
            } else {
                letters = 3;
            }
        } else if letters == 0 && matches!(character, 'i' | 'I') && alphabet.joins_ij(rest.as_str())
        {
            out.push_str("IJ");
            rest.next();
            letters = 2;
        } else {
            let at_end = !rest.as_str().starts_with(char::is_alphabetic);
            out.push(match (letters, character) {
                (0, _) => alphabet.capital(character),
                (_, 'Σ') if at_end => 'ς',
                _ => alphabet.lower(character),
            });
            letters += 1;
        }
    }
}

/// Whether a text ends with an Italian word that has lost its last vowel: `Dell'`, `Sant'`.
fn is_elision(text: &str) -> bool {
    let word = text.rsplit([' ', '-']).next().unwrap_or_default();
    ["all", "coll", "dall", "degl", "dell", "nell", "quell", "sant", "sull"]
        .iter()
        .any(|elided| elided.eq_ignore_ascii_case(word))
}

/// `2nd` is an ordinal, `12B` a house number.
fn push_after_digits(out: &mut String, rest: &str, alphabet: Alphabet) {
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| end.eq_ignore_ascii_case(rest));
    if ordinal {
        push_small(out, rest);
    } else if !rest.starts_with(char::is_alphabetic) {
        push_letters(out, rest, alphabet);
    } else if rest.chars().count() <= 2 {
        // A letter of a number is no letter of a word.
        out.extend(rest.chars().map(|letter| Alphabet::Common.upper(letter)));
    } else if roman::is_number(rest) {
        out.push_str(&rest.to_ascii_uppercase());
    } else {
        out.extend(rest.chars().map(|letter| alphabet.lower(letter)));
    }
}

/// Writes a word of a list, none of which is Turkish.
fn push_small(out: &mut String, word: &str) {
    out.extend(word.chars().map(|letter| Alphabet::Common.lower(letter)));
}

#[cfg(test)]
mod tests;
