//! Delivered values in one standard form for each type of field; the raw ones are kept beside.
//!
//! Lives here: one file per kind of value, and [`Records`], which reads whole records so that
//! its country decides how its phone, street and postcode are read. Harmonising is pure and
//! never fails: a value that cannot be read stays raw and says so
//! ([`is_readable`](domain::Value::is_readable)).
//!
//! Does not live here: judging a value (`validate`) or comparing two (`matching`). They rely on
//! the standard forms below, which hold for every readable value:
//!
//! | type | standard form | examples |
//! |---|---|---|
//! | every one | without a spreadsheet's marks of text (`="1"`, `'1`), Unicode NFC (codes: NFKC, plain hyphens and digits), trimmed, single spaces, no control, invisible or direction-changing characters, at most [`LONGEST`] bytes ([`LONGEST_TEXT`] for `text`) | |
//! | `given_name`, `family_name` | no title, no degree; case mended by the country's letters if all capitals or all small; `'` and `-` plain | `Jean-Luc`, `van der Berg`, `McDonald` |
//! | `full_name` | given names, family name, suffix; no title, no remark; what cannot be taken apart as delivered | `Ludwig van der Berg`, `Thomas Pace Jr`, `John and Mary Smith` |
//! | `name_suffix` | `Jr Sr II III IV V`; degrees as delivered | `Jr` |
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
//! | `gender` | `F`, `M` or `X`; a letter as its column has it | |
//! | `consent` | `yes` or `no` | |
//! | `number` | plain decimal, exact | `-1234.5` |
//! | `category` | small letters | `gold` |
//! | `occupation`, `text` | as cleaned | |
//!
//! Text whose letters were misread on the way (`JosÃ©`) stays as it is; a name with a `?` for a letter is
//! not read.
//!
//! A field with a code list (`listed`) has the list's word; what the list does not hold is read as
//! above, but for `category`, `occupation` and `text`, where it is not read.
//!
//! Two laws hold for all of them: harmonising a standard form again changes nothing (a number's, in
//! the style of the standard form; Namibia's code, delivered, may mean `not available`), and no text makes it panic. To add a kind of value, write its file and its row in `standard`.
//!
//! Start with [`Records`] and [`value`].

mod absence;
mod address;
mod alphabet;
mod city;
mod clean;
mod consent;
mod country;
mod country_names;
mod customs;
mod damage;
mod date;
mod email;
mod entities;
mod gender;
mod house_number;
mod identifier;
#[cfg(test)]
mod laws;
mod legal_forms;
mod letter_case;
mod listed;
mod memory;
mod nothing;
mod number;
mod organisation;
mod parts;
mod person_name;
mod phone;
mod plate;
mod postcode;
mod record;
mod region;
mod roman;
mod street;
mod street_words;
mod survey;
#[cfg(test)]
mod tests;
mod text;
mod timestamp;

pub use date::{Dates, differ_by_century};
pub use listed::unreadable_codes;
pub use parts::join_parts;
pub use record::{ReadRecord, Records, beyond_customs, of_updated, record, typed, zone_of_updated};
pub use survey::{Doubt, Evidence, Survey, Undecided};
pub use timestamp::{Moment, moment, timestamp};

use std::borrow::Cow;

use jiff::civil::Date;

use crate::mojibake;
use absence::NameWords;
use clean::{Form, clean};
use domain::{FieldType, GenderLetters, NumberStyle, Value};
use person_name::FullName;

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
    /// How its column writes numbers; `None` means by the region's custom.
    pub numbers: Option<NumberStyle>,
    /// What letters of its column of genders stand for; `None` means male and female.
    pub genders: Option<GenderLetters>,
    /// The time zone of times that name none; `None` means UTC.
    pub zone: Option<&'a str>,
    /// Whether the value's record has letters that tell `ı` from `i`; `None` where nothing but the value
    /// itself can say so.
    pub dotless: Option<bool>,
}

impl<'a> Context<'a> {
    /// A region's customs on that day, and nothing else.
    #[must_use]
    pub const fn of(region: &'a str, today: Date) -> Context<'a> {
        let dates = Dates { plain: None, dotted: None, swapped: false };
        let (country, numbers, genders, zone, dotless) = (None, None, None, None, None);
        Context { region: Some(region), country, today, dates, numbers, genders, zone, dotless }
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
    value_and_name(field_type, raw, context).0
}

/// The same, and a full name as it was taken apart.
fn value_and_name(
    field_type: FieldType,
    raw: &str,
    context: &Context<'_>,
) -> (Option<Value>, Option<FullName>) {
    let mut name = None;
    (value_with(field_type, raw, context, &mut name), name)
}

fn value_with(
    field_type: FieldType,
    raw: &str,
    context: &Context<'_>,
    name: &mut Option<FullName>,
) -> Option<Value> {
    let longest = if field_type == FieldType::Text { LONGEST_TEXT } else { LONGEST };
    if raw.len() > 2 * longest {
        return (!raw.trim().is_empty()).then(|| Value::unreadable(raw));
    }
    let text = prepared(raw, field_type);
    if absence::is_absent(&text, field_type) {
        return None;
    }
    if field_type == FieldType::FullName {
        match absence::words_of_name(&text) {
            NameWords::Names => {}
            NameWords::Lacking => return Some(Value::unreadable(raw)),
            NameWords::Nothing => return None,
        }
    }
    if damage::is_lost(&text, field_type)
        || damage::lacks_word(&text, field_type)
        || damage::lacks_letter(&text, field_type)
        || damage::is_yes_or_no(&text, field_type)
        || field_type == FieldType::Country && country::is_ambiguous(&text)
    {
        return Some(Value::unreadable(raw));
    }
    let fits = |standard: &str| {
        standard.len() <= longest
            && !absence::is_absent(standard, field_type)
            // `"Bob", NULL-` has a word for nothing only once its signs are gone.
            && (field_type != FieldType::FullName
                || absence::words_of_name(standard) == NameWords::Names)
            && !damage::is_lost(standard, field_type)
            && !damage::lacks_word(standard, field_type)
            && !damage::lacks_letter(standard, field_type)
    };
    let is_ascii = text.is_ascii();
    let mut read = standard(field_type, text, context, name).filter(|standard| fits(standard));
    let rests = |once: &str| damage::undone(Cow::Borrowed(once), field_type) == once;
    // A number's standard form is read as one with a point, whatever the column's style is.
    if field_type != FieldType::Number
        && read.as_deref().is_some_and(|once| !is_ascii || !rests(once))
    {
        read = read
            .and_then(|once| settle(field_type, once, context))
            .filter(|standard| fits(standard));
    }
    Some(match read {
        Some(standard) => Value::standardised(raw, standard),
        None => Value::unreadable(raw),
    })
}

/// What a harmoniser sees of a delivered text.
fn prepared(raw: &str, field_type: FieldType) -> Cow<'_, str> {
    damage::undone(clean(raw, form(field_type)), field_type)
}

/// Reads a standard form again until it rests. A few letters change their normal form, or turn
/// into another script's, with their case (`ı`, `İ`, `ΐ`); so a second reading may find more.
fn settle<'a>(
    field_type: FieldType,
    mut once: Cow<'a, str>,
    context: &Context<'_>,
) -> Option<Cow<'a, str>> {
    for _ in 0..3 {
        let text = prepared(&once, field_type);
        let twice = standard(field_type, text, context, &mut None)?;
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

/// The standard form of each type; a full name is kept as it was taken apart.
fn standard<'a>(
    field_type: FieldType,
    text: Cow<'a, str>,
    context: &Context<'_>,
    name: &mut Option<FullName>,
) -> Option<Cow<'a, str>> {
    let is_plain = alphabet::has_dotless(context.customs())
        && !context.dotless.unwrap_or_else(|| alphabet::is_in_turkish_letters(&text));
    // Case and order of words are told by letters: what was misread stays as it is.
    if damage::is_of_words(field_type) && mojibake::is_damaged(&text) {
        return Some(text);
    }
    let standard = by_type(field_type, text, context, name)?;
    Some(if is_plain { alphabet::without_dotless(standard) } else { standard })
}

/// The harmoniser of each type.
fn by_type<'a>(
    field_type: FieldType,
    text: Cow<'a, str>,
    context: &Context<'_>,
    name: &mut Option<FullName>,
) -> Option<Cow<'a, str>> {
    let customs = context.customs();
    match field_type {
        FieldType::GivenName => {
            let customs = alphabet::country_of_name(&text, customs, context.dotless);
            person_name::given(text, customs)
        }
        FieldType::FamilyName => {
            let customs = alphabet::country_of_name(&text, customs, context.dotless);
            person_name::family(text, customs)
        }
        FieldType::FullName => person_name::full(&text, customs).map(|(standard, full)| {
            *name = Some(full);
            Cow::Owned(standard)
        }),
        FieldType::NameSuffix => person_name::suffix(text),
        FieldType::OrganisationName => organisation::standard(text, customs),
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
        FieldType::DateOfBirth => day(date::standard(&text, context, true)),
        FieldType::Date => day(date::standard(&text, context, false)),
        FieldType::NationalId => {
            identifier::of_person(text, context.country.or(context.region).unwrap_or_default())
        }
        FieldType::Identifier => identifier::standard(text),
        FieldType::Gender => {
            let regions = [context.region, context.country].map(Option::unwrap_or_default);
            gender::standard(&text, context.genders, regions).map(Cow::Borrowed)
        }
        FieldType::Consent => consent::standard(&text).map(Cow::Borrowed),
        FieldType::Number => {
            number::standard(&text, context.numbers, context.region).map(Cow::Owned)
        }
        FieldType::Category => text::category(text),
        FieldType::Occupation | FieldType::Text => Some(text),
    }
}

/// A day that is one.
fn day<'a>(date: Option<String>) -> Option<Cow<'a, str>> {
    date.filter(|date| !damage::is_day_zero(date)).map(Cow::Owned)
}
