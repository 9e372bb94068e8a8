//! What spreadsheets did to a value: undone where nothing was lost by it.

use std::borrow::Cow;

use memchr::memchr2;

use domain::{FieldType, spreadsheet};

/// The day that spreadsheets and databases count days from: what is left of an empty cell.
const DAY_ZERO: &str = "1899-12-30";

/// The text without a spreadsheet's marks, and without the decimals of a number that is a code.
pub(super) fn undone(text: Cow<'_, str>, field_type: FieldType) -> Cow<'_, str> {
    let text = match unwrapped(&text, field_type) {
        Some(inner) => Cow::Owned(inner),
        None => text,
    };
    let whole = if is_whole(field_type) { spreadsheet::whole_number(&text) } else { None };
    match whole.map(str::len) {
        Some(length) => match text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[..length]),
            Cow::Owned(mut text) => {
                text.truncate(length);
                Cow::Owned(text)
            }
        },
        None => text,
    }
}

fn unwrapped(text: &str, field_type: FieldType) -> Option<String> {
    match spreadsheet::unwrapped(text, !is_code(field_type)) {
        Cow::Owned(inner) => Some(inner),
        Cow::Borrowed(_) => None,
    }
}

/// Whether nothing can be told of what was delivered.
pub(super) fn is_lost(text: &str, field_type: FieldType) -> bool {
    spreadsheet::is_lost(text, is_code(field_type))
}

/// Whether a word of a value of several is lost, in a type whose values are no prose: `Elm Street #REF!`,
/// `+1 2.17555E+09`.
pub(super) fn lacks_word(text: &str, field_type: FieldType) -> bool {
    if memchr2(b'#', b'+', text.as_bytes()).is_none()
        || matches!(field_type, FieldType::Text | FieldType::Occupation)
    {
        return false;
    }
    let is_lost = |word: &str| {
        if word.starts_with('#') {
            return spreadsheet::is_lost(word, false);
        }
        // Its sign and its digits: a plain number has no letter.
        word.contains('+') && spreadsheet::is_scientific(word)
    };
    let mut words = text.split(' ').map(|word| word.trim_end_matches([',', ';']));
    text.contains(' ') && words.any(is_lost)
}

/// Whether a letter of a name was lost, for which a program that did not know it wrote a question mark:
/// `Garc?a`, `?ukasz`, `Andr? Lee`.
pub(super) fn lacks_letter(text: &str, field_type: FieldType) -> bool {
    field_type.is_proper_name()
        && text.match_indices('?').any(|(at, _)| {
            let (before, after) = (text[..at].chars().next_back(), &text[at + 1..]);
            if after.starts_with(char::is_alphabetic) {
                return before.is_none_or(|before| !before.is_numeric());
            }
            // Nobody is called a question; where whole names stand, firms may be.
            let ends_word = match field_type {
                FieldType::GivenName | FieldType::FamilyName | FieldType::City => {
                    after.is_empty() || after.starts_with(' ')
                }
                FieldType::FullName => after.starts_with(' '),
                _ => false,
            };
            ends_word && before.is_some_and(char::is_alphabetic)
        })
}

/// Whether a program wrote yes or no where a name belongs. `True` is a given name and a firm, but nobody's
/// full name; programs write it in small letters.
pub(super) fn is_yes_or_no(text: &str, field_type: FieldType) -> bool {
    field_type.is_proper_name()
        && (matches!(text, "true" | "false")
            || field_type == FieldType::FullName
                && ["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(text)))
}

/// Whether words are read by their letters, which must be the right ones.
pub(super) fn is_of_words(field_type: FieldType) -> bool {
    !is_code(field_type)
}

/// Whether a standard form is a day that stands for none.
pub(super) fn is_day_zero(date: &str) -> bool {
    date == DAY_ZERO
}

/// Types whose values are numbers, dates or codes and never words of a language.
fn is_code(field_type: FieldType) -> bool {
    match field_type {
        FieldType::Email
        | FieldType::Phone
        | FieldType::Postcode
        | FieldType::Country
        | FieldType::DateOfBirth
        | FieldType::Date
        | FieldType::NationalId
        | FieldType::Identifier
        | FieldType::Gender
        | FieldType::Consent
        | FieldType::Number
        | FieldType::Category => true,
        FieldType::GivenName
        | FieldType::FamilyName
        | FieldType::FullName
        | FieldType::NameSuffix
        | FieldType::OrganisationName
        | FieldType::Street
        | FieldType::City
        | FieldType::Region
        | FieldType::Address
        | FieldType::Occupation
        | FieldType::Text => false,
    }
}

/// Types whose values may be whole numbers and have no decimals.
fn is_whole(field_type: FieldType) -> bool {
    matches!(
        field_type,
        FieldType::Phone
            | FieldType::Postcode
            | FieldType::DateOfBirth
            | FieldType::Date
            | FieldType::NationalId
            | FieldType::Identifier
            | FieldType::Gender
            | FieldType::Consent
    )
}
