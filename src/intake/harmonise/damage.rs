//! What spreadsheets did to a value: undone where nothing was lost by it.

use std::borrow::Cow;

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
