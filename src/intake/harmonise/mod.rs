//! Delivered values in one standard form for each type of field; the raw ones are kept beside.
//!
//! Lives here: one file per kind of value, and [`record()`], which reads a whole record so that
//! its country decides how its phone, street and postcode are read. Harmonising is pure and
//! never fails: a value that cannot be read stays raw and says so
//! ([`is_readable`](domain::Value::is_readable)).
//!
//! Does not live here: judging a value (`validate`) or comparing two (`matching`). They rely on
//! the standard forms below, which hold for every readable value:
//!
//! | type | standard form | examples |
//! |---|---|---|
//! | every one | Unicode NFC (codes: NFKC), trimmed, single spaces, no control, invisible or direction-changing characters, at most [`LONGEST`] bytes ([`LONGEST_TEXT`] for `text`) | |
//! | `given_name`, `family_name` | no title; case mended if all capitals or all small; `'` and `-` plain | `Jean-Luc`, `van der Berg`, `McDonald` |
//! | `full_name` | given names, family name, generational suffix `Jr Sr II III IV`; no title, no comma | `Ludwig van der Berg`, `Thomas Pace Jr` |
//! | `organisation_name` | name, then legal form as in its country | `Nordwind GmbH & Co. KG`, `Acme Inc` |
//! | `email` | bare address in small letters, local part too | `thomas@example.com` |
//! | `phone` | E.164, an extension as in RFC 3966 | `+12175550104`, `+12175550104;ext=9` |
//! | `street` | words in full, house number's letter capital, units last | `12 Rose Lane Unit 4`, `Hauptstraße 5A`, `PO Box 12` |
//! | `city` | case mended; English `St`, `Fort`, `Mount` | `St Louis`, `Frankfurt am Main` |
//! | `region` | postal code in US, CA, AU; else the name, case mended | `IL`, `NSW`, `Bayern` |
//! | `postcode` | the country's form | `62704-1234`, `SW1A 1AA`, `1234 AB` |
//! | `country` | ISO 3166-1 alpha-2 | `US` |
//! | `address` | parts joined by `, `, the first as a street | `12 Rose Lane, Springfield, IL 62704` |
//! | `date_of_birth`, `date` | ISO 8601; two digits of a year are read as of the day of the import; a birth has no time | `1984-03-12` |
//! | `national_id`, `identifier` | capitals, without space `-` `.` `/` `_` | `DE811907980` |
//! | `gender` | `F`, `M` or `X` | |
//! | `consent` | `yes` or `no` | |
//! | `number` | plain decimal, exact | `-1234.5` |
//! | `category` | small letters | `gold` |
//! | `occupation`, `text` | as cleaned | |
//!
//! Two laws hold for all of them: harmonising a standard form again changes nothing (a number's, in
//! the style of the standard form), and no text makes it panic. To add a kind of value, write its file and its row in `standard`.
//!
//! Start with [`record()`] and [`value`].

mod absence;
mod address;
mod city;
mod clean;
mod consent;
mod country;
mod country_names;
mod customs;
mod date;
mod email;
mod entities;
mod gender;
mod identifier;
#[cfg(test)]
mod laws;
mod letter_case;
mod number;
mod organisation;
mod person_name;
mod phone;
mod postcode;
mod record;
mod region;
mod street;
mod street_words;
mod survey;
mod text;
mod timestamp;

pub use date::{Dates, differ_by_century};
pub use record::{beyond_customs, of_updated, record, typed};
pub use survey::{Doubt, Evidence, Survey, Undecided};
pub use timestamp::timestamp;

use std::borrow::Cow;

use jiff::civil::Date;

use clean::{Form, clean};
use domain::{FieldType, NumberStyle, Value};

/// The longest standard form, in bytes; a longer value is not read.
pub const LONGEST: usize = 1024;

/// The longest standard form of a `text` field, in bytes.
pub const LONGEST_TEXT: usize = 65_536;

/// Where a value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'a> {
    /// The region of the source or of the workspace, ISO 3166-1 alpha-2; none where neither is known.
    pub region: Option<&'a str>,
    /// The harmonised country of the value's record, where it is known.
    pub country: Option<&'a str>,
    /// The day that decides which century a two-digit year is of.
    pub today: Date,
    /// In which order its column has day and month.
    pub dates: Dates,
    /// How its column writes numbers; none: by the region's custom.
    pub numbers: Option<NumberStyle>,
    /// The time zone of times that name none; none: UTC.
    pub zone: Option<&'a str>,
}

impl<'a> Context<'a> {
    /// A region's customs on that day, and nothing else.
    #[must_use]
    pub const fn of(region: &'a str, today: Date) -> Context<'a> {
        let dates = Dates { plain: None, dotted: None };
        Context { region: Some(region), country: None, today, dates, numbers: None, zone: None }
    }

    /// The country whose customs apply: the record's, else the region's; empty where none is known.
    fn customs(&self) -> &'a str {
        self.country.or(self.region).unwrap_or_default()
    }
}

/// Reads one value. `None` where nothing was delivered: white space alone, or a placeholder of
/// absence such as `-`, `n/a`, `null`.
#[must_use]
pub fn value(field_type: FieldType, raw: &str, context: &Context<'_>) -> Option<Value> {
    let longest = if field_type == FieldType::Text { LONGEST_TEXT } else { LONGEST };
    if raw.len() > 2 * longest {
        return (!raw.trim().is_empty()).then(|| Value::unreadable(raw));
    }
    let text = clean(raw, form(field_type));
    if absence::is_absent(&text, field_type) {
        return None;
    }
    let fits =
        |standard: &str| standard.len() <= longest && !absence::is_absent(standard, field_type);
    let is_ascii = text.is_ascii();
    let mut read = standard(field_type, text, context).filter(|standard| fits(standard));
    // A number's standard form is read as one with a point, whatever the column's style is.
    if !is_ascii && field_type != FieldType::Number {
        read = read
            .and_then(|once| settle(field_type, once, context))
            .filter(|standard| fits(standard));
    }
    Some(match read {
        Some(standard) => Value::standardised(raw, standard),
        None => Value::unreadable(raw),
    })
}

/// Reads a standard form again until it rests. A few letters change their normal form, or turn
/// into another script's, with their case (`ı`, `İ`, `ΐ`); so a second reading may find more.
fn settle<'a>(
    field_type: FieldType,
    mut once: Cow<'a, str>,
    context: &Context<'_>,
) -> Option<Cow<'a, str>> {
    for _ in 0..3 {
        let text = clean(&once, form(field_type));
        let twice = standard(field_type, text, context)?;
        if twice == once {
            return Some(once);
        }
        once = Cow::Owned(twice.into_owned());
    }
    None
}

fn form(field_type: FieldType) -> Form {
    match field_type {
        FieldType::Email
        | FieldType::Phone
        | FieldType::Postcode
        | FieldType::DateOfBirth
        | FieldType::Date
        | FieldType::NationalId
        | FieldType::Identifier
        | FieldType::Number => Form::Compatible,
        _ => Form::Composed,
    }
}

/// The harmoniser of each type.
fn standard<'a>(
    field_type: FieldType,
    text: Cow<'a, str>,
    context: &Context<'_>,
) -> Option<Cow<'a, str>> {
    let customs = context.customs();
    match field_type {
        FieldType::GivenName => person_name::given(text),
        FieldType::FamilyName => person_name::family(text),
        FieldType::FullName => person_name::full(&text).map(Cow::Owned),
        FieldType::OrganisationName => organisation::standard(text),
        FieldType::Email => email::standard(text),
        FieldType::Phone => phone::standard(&text, customs).map(Cow::Owned),
        FieldType::Street => street::standard(&text, customs).map(Cow::Owned),
        FieldType::City => city::standard(text, customs),
        FieldType::Region => region::standard(text, customs),
        FieldType::Postcode => {
            postcode::standard(&text, context.country, context.region.unwrap_or_default())
                .map(Cow::Owned)
        }
        FieldType::Country => country::standard(&text).map(Cow::Borrowed),
        FieldType::Address => address::standard(&text, customs).map(Cow::Owned),
        FieldType::DateOfBirth => date::standard(&text, context, true).map(Cow::Owned),
        FieldType::Date => date::standard(&text, context, false).map(Cow::Owned),
        FieldType::NationalId | FieldType::Identifier => identifier::standard(text),
        FieldType::Gender => gender::standard(&text).map(Cow::Borrowed),
        FieldType::Consent => consent::standard(&text).map(Cow::Borrowed),
        FieldType::Number => {
            number::standard(&text, context.numbers, context.region).map(Cow::Owned)
        }
        FieldType::Category => text::category(text),
        FieldType::Occupation | FieldType::Text => Some(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 28);
    const CONTEXT: Context<'static> = Context::of("US", TODAY);

    #[test]
    fn nothing_delivered_is_no_value() {
        for field_type in FieldType::ALL {
            for raw in ["", "  ", "\t", "-", "N/A", "null", "None", "n\u{200b}/a"] {
                assert_eq!(value(field_type, raw, &CONTEXT), None, "{field_type:?} {raw:?}");
            }
        }
    }

    #[test]
    fn the_unreadable_stays_raw() {
        let read = value(FieldType::Email, " not an address ", &CONTEXT).unwrap();
        assert_eq!((read.raw(), read.standard()), (" not an address ", None));
        let read = value(FieldType::City, &"x".repeat(3000), &CONTEXT).unwrap();
        assert!(!read.is_readable());
    }

    #[test]
    fn the_record_s_country_comes_before_the_workspace_s() {
        let british = Context { country: Some("GB"), ..CONTEXT };
        let read = value(FieldType::Phone, "020 7946 0104", &british).unwrap();
        assert_eq!(read.standard(), Some("+442079460104"));
        // Day and month are ordered as the column has them, whatever country a row is of.
        let read = value(FieldType::Date, "3/12/1984", &british).unwrap();
        assert_eq!(read.standard(), Some("1984-03-12"));
    }
}
