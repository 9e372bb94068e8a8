//! Words that stand for "no value": a field that holds one is absent, not wrong.

use domain::FieldType;

/// Placeholders of every type, in lower case. `NA` is not among them: a country and a family name.
const PLACEHOLDERS: [&str; 12] = [
    "n/a", "n.a.", "n.a", "#n/a", "null", "(null)", "<null>", "[null]", "\\n", "none", "k.a.",
    "k. a.",
];

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

/// Whether a cleaned text says that there is no value.
pub(super) fn is_absent(text: &str, field_type: FieldType) -> bool {
    if text.len() > 17 {
        return false;
    }
    let named = |list: &[&str]| list.iter().any(|word| word.eq_ignore_ascii_case(text));
    text.bytes().all(|byte| matches!(byte, b'-' | b'.' | b'_' | b'?' | b'/' | b'*' | b' '))
        || (text.len() <= 6 && named(&PLACEHOLDERS))
        || (matches!(field_type, FieldType::Gender | FieldType::Consent) && named(&UNANSWERED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_absent() {
        for text in ["", "-", "--", "N/A", "n.a.", "NULL", "None", "#N/A", "\\N", "?", "..."] {
            assert!(is_absent(text, FieldType::Text), "{text}");
        }
        for text in ["NA", "No", "0", "Nan", "Nunn", "nonesuch", "n/a/b", "x"] {
            assert!(!is_absent(text, FieldType::Text), "{text}");
        }
    }

    #[test]
    fn unknown_is_absent_only_in_closed_lists() {
        assert!(is_absent("Unknown", FieldType::Gender));
        assert!(!is_absent("Unknown", FieldType::City));
    }
}
