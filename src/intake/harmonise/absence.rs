//! Words that stand for "no value": a field that holds one is absent, not wrong.

use domain::FieldType;

/// Placeholders of every type, in lower case. `NA` is not among them: a country and a family name.
const PLACEHOLDERS: [&str; 7] = ["n/a", "n.a.", "n.a", "\\n", "k.a.", "k. a.", "<na>"];

/// Words of programs for nothing. Some families are called so: of a person's name they say nothing
/// only in capitals or in brackets.
const NOTHING: [&str; 3] = ["null", "none", "nil"];

/// What stands in brackets for nothing, besides [`NOTHING`].
const BRACKETED: [&str; 4] = ["na", "n/a", "empty", "blank"];

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

/// Whether a text is a date of nothing but zeros, as Outlook writes a birthday that is not known:
/// `0/0/00`. Other zeros are what is left of a date that was lost, and stay.
fn is_no_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    matches!(parts[..], ["0" | "00", "0" | "00", "00"])
}

/// Whether a cleaned text says that there is no value.
pub(super) fn is_absent(text: &str, field_type: FieldType) -> bool {
    if text.len() > 17 {
        return false;
    }
    text.bytes().all(|byte| matches!(byte, b'-' | b'.' | b'_' | b'?' | b'/' | b'*' | b' '))
        || (text.len() <= 7 && may_say_nothing(text) && says_nothing(text, field_type))
        || (matches!(field_type, FieldType::Gender | FieldType::Consent)
            && is_one_of(text, &UNANSWERED))
        || (matches!(field_type, FieldType::Date | FieldType::DateOfBirth) && is_no_day(text))
}

/// A quick look at what every word for nothing begins with.
fn may_say_nothing(text: &str) -> bool {
    let first = text.bytes().next();
    matches!(first, Some(b'n' | b'N' | b'k' | b'K' | b'\\' | b'(' | b'<' | b'[' | b'{'))
}

fn is_one_of(text: &str, list: &[&str]) -> bool {
    list.iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn says_nothing(text: &str, field_type: FieldType) -> bool {
    let is_name =
        || matches!(field_type, FieldType::GivenName | FieldType::FamilyName | FieldType::FullName);
    if is_one_of(text, &NOTHING) {
        return !is_name() || text.bytes().all(|byte| byte.is_ascii_uppercase());
    }
    is_one_of(text, &PLACEHOLDERS)
        || in_brackets(text)
            .is_some_and(|word| is_one_of(word, &NOTHING) || is_one_of(word, &BRACKETED))
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
    fn a_day_of_zeros_is_no_day() {
        for text in ["0/0/00", "00/00/00"] {
            assert!(
                is_absent(text, FieldType::DateOfBirth) && is_absent(text, FieldType::Date),
                "{text}"
            );
            assert!(!is_absent(text, FieldType::Text), "{text}");
        }
        for text in ["0/0/0000", "0/0/0", "0000-00-00", "1/0/00", "0/0", "00"] {
            assert!(!is_absent(text, FieldType::DateOfBirth), "{text}");
        }
    }

    #[test]
    fn unknown_is_absent_only_in_closed_lists() {
        assert!(is_absent("Unknown", FieldType::Gender));
        assert!(!is_absent("Unknown", FieldType::City));
    }
}
