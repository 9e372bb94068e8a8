//! Words that stand for "no value": a field that holds one is absent, not wrong.

use std::sync::LazyLock;

use domain::FieldType;

/// Placeholders of every type, in lower case. `NA` is not among them: a country and a family name.
const PLACEHOLDERS: [&str; 7] = ["n/a", "n.a.", "n.a", "\\n", "k.a.", "k. a.", "<na>"];

/// Words of programs for nothing. Some families are called so: of a person's name they say nothing
/// only in capitals or in brackets.
const NOTHING: [&str; 3] = ["null", "none", "nil"];

/// What stands in brackets for nothing, besides [`NOTHING`].
const BRACKETED: [&str; 7] = ["na", "n/a", "empty", "blank", "unset", "undefined", "object object"];

/// What people of each language write where there is no value, in small letters; no name is called so.
#[rustfmt::skip]
const IN_WORDS: [&str; 58] = [
    // English
    "not available", "not applicable", "not provided", "not known", "no value",
    // German
    "n/v", "n.v.", "keine angabe", "keine angaben", "ohne angabe", "nicht angegeben", "nicht vorhanden",
    "nicht bekannt", "entfällt", "entfaellt",
    // French
    "non renseigné", "non renseignée", "non communiqué", "non disponible", "sans objet",
    // Spanish, Portuguese, Italian
    "no disponible", "no aplica", "sin datos", "sin especificar", "não informado", "nao informado",
    "não se aplica", "sem informação", "non disponibile", "non specificato", "non applicabile",
    // Dutch, Swedish, Danish, Norwegian, Finnish
    "n.v.t.", "nvt", "niet van toepassing", "niet bekend", "saknas", "ej angivet", "ikke oplyst",
    "ikke oppgitt", "ei tiedossa",
    // Polish, Czech, Hungarian, Turkish
    "brak danych", "nie dotyczy", "nie podano", "neuvedeno", "nezadáno", "nincs adat", "belirtilmemiş",
    // Russian, Ukrainian
    "нет данных", "не указано", "не указан", "не указана", "не задано", "немає даних",
    // Japanese, Chinese
    "なし", "該当なし", "未設定", "未填写", "暂无",
];

/// Words for nothing that are names as well, or an answer.
const DOUBTFUL: [&str; 3] = ["brak", "нет", "yok"];

/// What a source writes where a closed list has no answer.
const UNANSWERED: [&str; 10] = [
    "u",
    "unknown",
    "undisclosed",
    "not specified",
    "not stated",
    "unspecified",
    "prefer not to say",
    "unbekannt",
    "keine angabe",
    "inconnu",
];

/// Whether a text is a date of nothing but zeros, perhaps with a midnight behind it, as Outlook, SAP and MySQL
/// write one that is not known: `0/0/00`, `00.00.0000`, `0000-00-00 00:00:00`.
fn is_no_day(text: &str) -> bool {
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let is_midnight = |byte: u8| matches!(byte, b'0' | b':' | b'.' | b'Z');
    let mut parts = day.split(['/', '.', '-']);
    let are_zeros =
        parts.clone().count() == 3 && parts.all(|part| matches!(part, "0" | "00" | "0000"));
    are_zeros && time.bytes().all(is_midnight)
}

/// Whether a cleaned text says that there is no value.
pub(super) fn is_absent(text: &str, field_type: FieldType) -> bool {
    if text.len() > 24 {
        return false;
    }
    let is_sign = |byte| matches!(byte, b'-' | b'.' | b'_' | b'?' | b'/' | b'*' | b' ');
    (text.len() <= 17 && text.bytes().all(is_sign))
        || says_so_in_words(text, field_type)
        || (text.len() <= LONGEST_BRACKETED
            && may_say_nothing(text)
            && says_nothing(text, field_type))
        || (matches!(field_type, FieldType::Gender | FieldType::Consent)
            && is_one_of(text, &UNANSWERED))
        || (matches!(field_type, FieldType::Date | FieldType::DateOfBirth) && is_no_day(text))
}

/// A quick look at what every word for nothing begins with.
fn may_say_nothing(text: &str) -> bool {
    let first = text.bytes().next();
    matches!(first, Some(b'n' | b'N' | b'k' | b'K' | b'\\' | b'(' | b'<' | b'[' | b'{'))
}

/// What words of a full name say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameWords {
    /// Names, as far as can be told.
    Names,
    /// Some of them stand for nothing, where a part of the name should.
    Lacking,
    /// All of them stand for nothing.
    Nothing,
}

/// Whether words of a full name stand for nothing: `NULL NULL`, `Ann N/A`. In a name in capitals `NULL` is
/// a family name like any other.
pub(super) fn words_of_name(text: &str) -> NameWords {
    let mut words = text.split([' ', ',']).filter(|word| !word.is_empty());
    if text.len() > 100 || !text.contains([' ', ',']) {
        return NameWords::Names;
    }
    if lacks_a_side(text) {
        return NameWords::Lacking;
    }
    if !text.contains(' ') || !words.clone().any(may_be_for_nothing) {
        return NameWords::Names;
    }
    let is_shouted = |word: &str| NOTHING.iter().any(|it| it.to_uppercase() == word);
    let is_plain = |word: &str| {
        word.eq_ignore_ascii_case("undefined")
            || !is_one_of(word, &NOTHING) && says_nothing(word, FieldType::FullName)
    };
    if words.clone().all(|word| is_shouted(word) || is_plain(word)) || is_joined(words.clone()) {
        return NameWords::Nothing;
    }
    let is_mixed = text.contains(char::is_lowercase);
    let has_capital = text.contains(char::is_uppercase);
    // Who writes `Ann` writes `Null` as well, and a program `null`.
    let is_whispered = |word: &str| NOTHING.contains(&word);
    match words.any(|word| {
        is_plain(word) || is_mixed && is_shouted(word) || has_capital && is_whispered(word)
    }) {
        true => NameWords::Lacking,
        false => NameWords::Names,
    }
}

/// Whether a text is such a word in capitals.
pub(super) fn is_shouted(text: &str) -> bool {
    matches!(text.len(), 3 | 4)
        && is_one_of(text, &NOTHING)
        && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether a given name and a family name say together that there is neither: `null` and `null`, `NULL` and
/// `NULL`.
pub(super) fn are_nothing(given: &str, family: &str) -> bool {
    is_joined([given, family].into_iter()) || is_shouted(given) && is_shouted(family)
}

/// Whether a sign for nothing stands on one side of a comma, and a name on the other: `Smith, -`.
fn lacks_a_side(text: &str) -> bool {
    let Some((one, other)) = text.split_once(',') else { return false };
    let is_sign = |side: &str| {
        let side = side.trim();
        !side.is_empty()
            && side.chars().all(|sign| matches!(sign, '-' | '–' | '—' | '_' | '?' | '.' | '/'))
    };
    is_sign(one) != is_sign(other)
}

/// Whether words are what a program makes of given and family name where it has none of both: `null null`,
/// `None None`, `nan nan`. `Null Null` may be somebody.
fn is_joined<'a>(mut words: impl Iterator<Item = &'a str>) -> bool {
    let (Some(first), Some(second), None) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    first == second && matches!(first, "null" | "none" | "None" | "nil" | "nan")
}

/// A quick look at what every such word begins with.
fn may_be_for_nothing(word: &str) -> bool {
    may_say_nothing(word) || word.starts_with(['u', 'U'])
}

/// The longest of [`BRACKETED`] and [`IN_WORDS`], with its brackets.
const LONGEST_BRACKETED: usize = 24;

fn says_so_in_words(text: &str, field_type: FieldType) -> bool {
    if !may_be_word(text) {
        return false;
    }
    let is_in = |list: &[&str]| match text.is_ascii() {
        true => is_one_of(text, list),
        false => list.contains(&&*text.to_lowercase()),
    };
    let may_be_else = field_type.is_person_name() || field_type == FieldType::Consent;
    is_in(&IN_WORDS) || !may_be_else && is_in(&DOUBTFUL)
}

/// A quick look, as nearly every value is none of the words: whether one begins like it and is as long.
fn may_be_word(text: &str) -> bool {
    /// By the small letter a word begins with, a bit for each length.
    static LENGTHS: LazyLock<[u32; 128]> = LazyLock::new(|| {
        let mut lengths = [0; 128];
        for word in IN_WORDS.iter().chain(&DOUBTFUL).filter(|word| word.len() < 32) {
            if let Some(lengths) = lengths.get_mut(usize::from(word.as_bytes()[0])) {
                *lengths |= 1 << word.len();
            }
        }
        lengths
    });
    let Some(first) = text.bytes().next() else { return false };
    let lengths = LENGTHS.get(usize::from(first.to_ascii_lowercase()));
    // What begins with another letter is rare.
    lengths.is_none_or(|lengths| text.len() < 32 && lengths >> text.len() & 1 == 1)
}

fn is_one_of(text: &str, list: &[&str]) -> bool {
    list.iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn says_nothing(text: &str, field_type: FieldType) -> bool {
    if is_one_of(text, &NOTHING) {
        return !field_type.is_person_name() || text.bytes().all(|byte| byte.is_ascii_uppercase());
    }
    is_one_of(text, &PLACEHOLDERS)
        || in_brackets(text).is_some_and(|word| {
            [&NOTHING[..], &BRACKETED, &IN_WORDS].iter().any(|it| is_one_of(word, it))
        })
}

fn in_brackets(text: &str) -> Option<&str> {
    const BRACKETS: [(char, char); 4] = [('(', ')'), ('<', '>'), ('[', ']'), ('{', '}')];
    BRACKETS.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_absent() {
        for text in [
            "", "-", "--", "N/A", "n.a.", "NULL", "None", "nil", "(none)", "[Null]", "<nil>",
            "{NULL}", "(blank)", "<NA>", "\\N", "?", "...",
        ] {
            assert!(is_absent(text, FieldType::Text), "{text}");
        }
        for text in ["NA", "No", "0", "Nan", "Nunn", "nonesuch", "n/a/b", "x", "(x)", "()", "#N/A"]
        {
            assert!(!is_absent(text, FieldType::Text), "{text}");
        }
    }

    #[test]
    fn every_word_for_nothing_is_looked_at() {
        let words = PLACEHOLDERS.iter().chain(&NOTHING);
        for word in
            words.map(|word| (*word).to_owned()).chain(BRACKETED.map(|it| format!("({it})")))
        {
            assert!(may_say_nothing(&word) && may_say_nothing(&word.to_uppercase()), "{word}");
        }
    }

    #[test]
    fn every_word_passes_the_quick_look() {
        for word in IN_WORDS.iter().chain(&DOUBTFUL) {
            assert!(
                word.len() < 32 && may_be_word(word) && may_be_word(&word.to_uppercase()),
                "{word}"
            );
        }
        for text in ["", "Ann", "Nunnery", "Berlin", "12 Main Street"] {
            assert!(!may_be_word(text), "{text}");
        }
    }

    #[test]
    fn a_name_is_absent_only_where_it_cannot_be_one() {
        for field_type in [FieldType::GivenName, FieldType::FamilyName, FieldType::FullName] {
            for text in
                ["NULL", "NONE", "NIL", "(null)", "<none>", "[Null]", "n/a", "N/A", "-", "\\N"]
            {
                assert!(is_absent(text, field_type), "{text}");
            }
            for text in ["Null", "None", "Nil", "Na", "Nan", "NA", "NAN", "null", "none", "Noni"] {
                assert!(!is_absent(text, field_type), "{text}");
            }
        }
    }

    #[test]
    fn words_of_a_full_name_may_stand_for_nothing() {
        for (text, expected) in [
            ("NULL NULL", NameWords::Nothing),
            ("N/A N/A", NameWords::Nothing),
            ("NULL, NULL", NameWords::Nothing),
            ("undefined undefined", NameWords::Nothing),
            ("(null) NONE", NameWords::Nothing),
            ("Ann NULL", NameWords::Lacking),
            ("Ann N/A", NameWords::Lacking),
            ("n/a Lee", NameWords::Lacking),
            ("Ann undefined", NameWords::Lacking),
            ("ANN UNDEFINED", NameWords::Lacking),
            ("Lee, (null)", NameWords::Lacking),
            ("Smith, -", NameWords::Lacking),
            ("Smith,--", NameWords::Lacking),
            ("-, Ann", NameWords::Lacking),
            ("Smith, ?", NameWords::Lacking),
            ("Smith - Jones", NameWords::Names),
            ("Smith,", NameWords::Names),
            ("Smith, J.", NameWords::Names),
            ("Smith, Jean-Luc", NameWords::Names),
            ("Jennifer Null", NameWords::Names),
            ("JENNIFER NULL", NameWords::Names),
            ("Null Null", NameWords::Names),
            ("null null", NameWords::Nothing),
            ("none none", NameWords::Nothing),
            ("None None", NameWords::Nothing),
            ("nan nan", NameWords::Nothing),
            ("Ann null", NameWords::Lacking),
            ("null Lee", NameWords::Lacking),
            ("ann null", NameWords::Names),
            ("nan lee", NameWords::Names),
            ("nil nan", NameWords::Names),
            ("Nils Undset", NameWords::Names),
            ("Nan Na", NameWords::Names),
            ("NULL", NameWords::Names),
        ] {
            assert_eq!(words_of_name(text), expected, "{text}");
        }
    }

    #[test]
    fn a_day_of_zeros_is_no_day() {
        for text in [
            "0/0/00",
            "00/00/00",
            "0.0.00",
            "00.00.0000",
            "00/00/0000",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "0000-00-00 00:00:00.000",
            "0000-00-00T00:00:00Z",
            "0-0-00",
            "0/0/0",
            "0/0/0000",
            "0000/00/00",
        ] {
            assert!(
                is_absent(text, FieldType::DateOfBirth) && is_absent(text, FieldType::Date),
                "{text}"
            );
            assert!(!is_absent(text, FieldType::Text), "{text}");
        }
        for text in
            ["1/0/00", "0/0", "00", "0", "0000-00-01", "00:00:00", "0000-00-00 10:00", "0.000.00"]
        {
            assert!(!is_absent(text, FieldType::DateOfBirth), "{text}");
        }
    }

    #[test]
    fn every_language_has_words_for_nothing() {
        for text in [
            "keine Angabe",
            "Keine Angaben",
            "entfällt",
            "ENTFÄLLT",
            "n/v",
            "brak",
            "BRAK DANYCH",
            "нет",
            "Нет данных",
            "なし",
            "[object Object]",
            "<unset>",
            "(undefined)",
            "non renseigné",
            "No disponible",
            "n.v.t.",
            "yok",
            "Not available",
            "[not provided]",
            "[Not Provided]",
            "(keine Angabe)",
            "<not applicable>",
        ] {
            assert!(is_absent(text, FieldType::City), "{text}");
            assert!(is_absent(text, FieldType::Email), "{text}");
        }
        for text in ["Brak", "brak", "Yok", "НЕТ"] {
            assert!(!is_absent(text, FieldType::FamilyName), "{text}");
            assert!(!is_absent(text, FieldType::Consent), "{text}");
        }
        for text in ["Angabe", "brako", "object Object", "unset", "Brakel", "Nettetal", "none such"]
        {
            assert!(!is_absent(text, FieldType::City), "{text}");
        }
        assert!(is_absent("entfällt", FieldType::FamilyName));
        for word in IN_WORDS.iter().chain(&DOUBTFUL) {
            assert_eq!(*word, word.to_lowercase());
            assert!(is_absent(word, FieldType::Text), "{word}");
        }
    }

    #[test]
    fn unknown_is_absent_only_in_closed_lists() {
        assert!(is_absent("Unknown", FieldType::Gender));
        assert!(!is_absent("Unknown", FieldType::City));
    }
}
