//! What one value looks like, whatever its column is called.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::proving::{is_iban, is_social_security, passes_luhn};
use super::shapes::{has_legal_form, is_house_number, is_north_american, is_street};
use crate::harmonise::{self, Context, Dates};
use domain::{DateOrder, FieldType, naming};

/// How many values look like what. One value may look like several things.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looks {
    /// `N/A`, `-`.
    pub absent: u64,
    /// E-mail addresses.
    pub email: u64,
    /// Telephone numbers with their country: `+49 30 1234567`.
    pub international: u64,
    /// What may be a telephone number: its digits, parted somehow or with a zero before them.
    pub phone: u64,
    /// Telephone numbers as North America parts them: `(217) 555-0104`.
    pub north_american: u64,
    /// So many digits as a telephone number has.
    pub phone_digits: u64,
    /// Dates.
    pub date: u64,
    /// Dates on which a grown person may have been born.
    pub birth: u64,
    /// Dates with a time.
    pub time: u64,
    /// Numbers, with or without decimals.
    pub number: u64,
    /// Digits and nothing else.
    pub whole_number: u64,
    /// What has decimals, a currency, a sign or colons: an amount, a share, a time, an IP address.
    pub measured: u64,
    /// What stands behind a person's name: `Jr`, `III`.
    pub suffix: u64,
    /// Codes and names of countries.
    pub country: u64,
    /// Codes and names of states of countries that write codes.
    pub state: u64,
    /// Of them those of the United States, Canada and Australia.
    pub states_of: [u64; 3],
    /// Bank accounts whose check digits are right.
    pub iban: u64,
    /// Social security numbers of the United States.
    pub social_security: u64,
    /// Card numbers whose check digit is right.
    pub card: u64,
    /// Yes and no, in whatever language.
    pub consent: u64,
    /// Male and female, in whatever language.
    pub gender: u64,
    /// Names that end in a legal form.
    pub legal_form: u64,
    /// A street with its house number.
    pub street: u64,
    /// A house number: `12`, `12a`, `5-7`.
    pub house_number: u64,
    /// Several lines or parts with a postcode: a whole address.
    pub address: u64,
    /// Postcodes whose form is one country's alone.
    pub postcode: u64,
    /// So long as a postcode, with digits.
    pub postcode_like: u64,
    /// Words for an organisation, or for a person: `company`, `Individual`.
    pub kind: u64,
    /// Those, and yes and no.
    pub whether: u64,
    /// Names that hold a known given name, and no legal form.
    pub person: u64,
    /// Several words.
    pub words: u64,
    /// Letters in it.
    pub letters: u64,
    /// Web addresses.
    pub url: u64,
    /// An identifier: one word with digits in it.
    pub code: u64,
}

/// How a value is read where nothing is known of its column.
fn context(today: Date, order: DateOrder) -> Context<'static> {
    let dates = Dates { plain: Some(order), dotted: Some(order), swapped: false };
    Context { region: None, dates, ..Context::of("", today) }
}

/// Counts what a value looks like, and the country that it is of.
pub fn look_at(
    text: &str,
    today: Date,
    looks: &mut Looks,
    countries: &mut BTreeMap<&'static str, u64>,
) {
    let neutral = context(today, DateOrder::DayFirst);
    let reads = |field_type| {
        let value = harmonise::value(field_type, text, &neutral);
        value.and_then(|value| value.standard().map(str::to_owned))
    };
    if harmonise::value(FieldType::Text, text, &neutral).is_none() {
        looks.absent += 1;
        return;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.chars().filter(|it| it.is_alphabetic()).count();
    looks.letters += u64::from(letters > 0);
    looks.words += u64::from(text.split_whitespace().count() > 1 && letters > 1);
    looks.url += u64::from(text.contains("://") || text.starts_with("www."));
    let mut country = None;
    if text.contains('@') {
        if let Some(email) = reads(FieldType::Email) {
            looks.email += 1;
            country = country_of_domain(&email);
        }
    } else if digits > 0 {
        country = with_digits(text, (digits, letters), &reads, looks);
        dates(text, today, looks);
    }
    if text.len() <= 40 && (letters > 0 || digits == 1) {
        looks.consent += u64::from(reads(FieldType::Consent).is_some());
        looks.gender += u64::from(reads(FieldType::Gender).is_some());
    }
    if letters > 1 && digits == 0 {
        if let Some(code) = reads(FieldType::Country) {
            looks.country += 1;
            country = super::region::known(&code);
        }
        let of = STATES_OF.map(|country| u64::from(is_state(text, country)));
        looks.state += u64::from(of.contains(&1));
        looks.states_of.iter_mut().zip(of).for_each(|(count, one)| *count += one);
    }
    let is_company = has_legal_form(text);
    looks.legal_form += u64::from(is_company);
    looks.suffix += u64::from(naming::Suffix::of(text.trim_end_matches(',')).is_some());
    looks.person += u64::from(!is_company && digits == 0 && is_person(text));
    looks.kind += u64::from(settings::names_organisation(text).is_some());
    looks.whether += u64::from(settings::says_whether_organisation(text));
    if let Some(country) = country {
        *countries.entry(country).or_default() += 1;
    }
}

/// What a value with digits in it looks like; its country where it says one.
fn with_digits(
    text: &str,
    (digits, letters): (usize, usize),
    reads: &dyn Fn(FieldType) -> Option<String>,
    looks: &mut Looks,
) -> Option<&'static str> {
    let compact: String = text.chars().filter(|it| it.is_alphanumeric()).collect();
    let mut country = None;
    looks.iban += u64::from(is_iban(&compact));
    if letters == 0 {
        looks.whole_number += u64::from(compact.len() == text.len());
        let signs = text.chars().filter(|it| !it.is_ascii_digit());
        looks.number += u64::from(signs.clone().all(|it| ".,-+ '€$£\u{a0}".contains(it)));
        looks.social_security += u64::from(is_social_security(text));
        looks.card += u64::from((13..=19).contains(&digits) && passes_luhn(&compact));
        let is_date = text.split(['-', '/', '.', ' ']).count() == 3 && digits == 8;
        let is_parted = signs.clone().all(|it| "+()-./ \u{a0}".contains(it));
        if (7..=15).contains(&digits) && is_parted && !is_date {
            looks.phone_digits += 1;
            let begins = text.trim_start_matches('(');
            looks.north_american += u64::from(is_north_american(text));
            let is_phone = begins.starts_with(['+', '0']) || signs.count() > 1;
            looks.phone += u64::from(is_phone);
            if (begins.starts_with('+') || begins.starts_with("00"))
                && let Some(number) = reads(FieldType::Phone)
            {
                looks.international += 1;
                country = super::region::of_number(&number);
            }
        }
    }
    looks.house_number += u64::from(is_house_number(text));
    looks.measured += u64::from(is_measured(text, letters, reads));
    if let Some(of) = super::region::of_postcode(text) {
        looks.postcode += 1;
        country = country.or(Some(of));
    }
    looks.postcode_like += u64::from((3..=10).contains(&text.len()) && digits >= 2);
    looks.code += u64::from(!text.contains(char::is_whitespace) && !text.contains('@'));
    let parts = text.split([',', '\n', ';']).filter(|part| !part.trim().is_empty()).count();
    if letters > 2 && digits <= 12 {
        looks.street += u64::from(is_street(text) && parts < 3);
        looks.address += u64::from(parts > 1 && digits > 3);
    }
    country
}

fn dates(text: &str, today: Date, looks: &mut Looks) {
    // A number alone is a date only where its eight digits say so.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() > 40 || (is_number && text.len() != 8) || text.starts_with(['+', '(']) {
        return;
    }
    let orders = [DateOrder::DayFirst, DateOrder::MonthFirst];
    let read = orders.iter().find_map(|order| {
        let value = harmonise::value(FieldType::Date, text, &context(today, *order))?;
        value.standard()?.parse::<Date>().ok()
    });
    let Some(date) = read.filter(|date| date.year() > 1850) else { return };
    looks.date += 1;
    let has_time = text.contains(':');
    looks.time += u64::from(has_time);
    let years = today.year() - date.year();
    looks.birth += u64::from((14..=110).contains(&years) && !has_time);
}

/// Whether a value with digits has what identifiers do not have and measures do.
fn is_measured(text: &str, letters: usize, reads: &dyn Fn(FieldType) -> Option<String>) -> bool {
    let is_in_hex = |it: char| it.is_ascii_hexdigit() || it == ':';
    if text.contains(':') && text.chars().all(is_in_hex) {
        return true;
    }
    match letters {
        0 => text.starts_with('-') || text.contains(|it: char| ".,%€$£¥".contains(it)),
        1..=3 => reads(FieldType::Number).is_some(),
        _ => false,
    }
}

/// The countries whose states have codes, as counted in [`Looks::states_of`].
pub const STATES_OF: [&str; 3] = ["US", "CA", "AU"];

/// Codes of states and provinces that are codes of countries as well are told by their column.
fn is_state(text: &str, country: &str) -> bool {
    let context = Context { country: Some(country), ..Context::of(country, Date::ZERO) };
    let read = || harmonise::value(FieldType::Region, text, &context);
    let is_code = |it: &str| it.len() <= 3 && it.chars().all(char::is_uppercase);
    // Whatever is not known is left as it is: a code only counts where the rules know it.
    let is_known = |it: &str| it != text || super::region::is_state_code(country, it);
    text.len() <= 25
        && read().is_some_and(|it| it.standard().is_some_and(|it| is_code(it) && is_known(it)))
}

/// Two to four words, of which the first or the one behind a comma is a known given name.
fn is_person(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let first = text.split_once(',').map_or(text, |(_, given)| given);
    let first = first.split_whitespace().next().unwrap_or_default();
    (2..=4).contains(&words.len())
        && naming::bearers(&deunicode::deunicode(first).to_lowercase()).is_some()
}

/// The country whose ending an address has.
fn country_of_domain(email: &str) -> Option<&'static str> {
    let (_, ending) = email.rsplit_once('.')?;
    let code = match ending {
        // They are sold to anybody.
        "io" | "me" | "tv" | "co" | "ai" | "cc" | "ly" | "fm" | "to" | "ws" | "eu" => return None,
        "uk" => "GB".to_owned(),
        ending if ending.len() == 2 => ending.to_uppercase(),
        _ => return None,
    };
    super::region::known(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A count of what looks like something.
    type Count = fn(&Looks) -> u64;

    fn looks(text: &str) -> (Looks, BTreeMap<&'static str, u64>) {
        let (mut looks, mut countries) = (Looks::default(), BTreeMap::new());
        look_at(text, jiff::civil::date(2026, 11, 29), &mut looks, &mut countries);
        (looks, countries)
    }

    #[test]
    fn values_show_what_they_are() {
        let table: [(&str, Count); 34] = [
            ("217.555.0104", |it| it.north_american),
            ("ann@example.com", |it| it.email),
            ("+49 30 1234567", |it| it.international),
            ("(217) 555-0104", |it| it.phone),
            ("030/1234567", |it| it.phone),
            ("2175550104", |it| it.phone_digits),
            ("1984-03-12", |it| it.birth),
            ("12.03.1984", |it| it.birth),
            ("03/25/1984", |it| it.birth),
            ("2026-01-02T10:15:00Z", |it| it.time),
            ("Germany", |it| it.country),
            ("US", |it| it.country),
            ("IL", |it| it.state),
            ("DE89 3704 0044 0532 0130 00", |it| it.iban),
            ("950-46-2706", |it| it.social_security),
            ("4111 1111 1111 1111", |it| it.card),
            ("Ja", |it| it.consent),
            ("weiblich", |it| it.gender),
            ("Nordwind GmbH", |it| it.legal_form),
            ("Hauptstraße 5a", |it| it.street),
            ("12 Rose Lane", |it| it.street),
            ("12a", |it| it.house_number),
            ("SW1A 1AA", |it| it.postcode),
            ("12 Rose Lane, Springfield, IL 62704", |it| it.address),
            ("N/A", |it| it.absent),
            ("1.234,50", |it| it.measured),
            ("0.91", |it| it.measured),
            ("$1,234.50", |it| it.measured),
            ("5%", |it| it.measured),
            ("12 EUR", |it| it.measured),
            ("1.2.3.4", |it| it.measured),
            ("fe80::1", |it| it.measured),
            ("-7", |it| it.measured),
            ("III", |it| it.suffix),
        ];
        for (text, count) in table {
            assert_eq!(count(&looks(text).0), 1, "{text}: {:?}", looks(text).0);
        }
    }

    #[test]
    fn and_what_they_are_not() {
        let table: [(&str, Count); 14] = [
            ("1984-03-12", |it| it.phone),
            ("12.03.1984", |it| it.phone),
            ("1.500", |it| it.date),
            ("1001", |it| it.phone_digits),
            ("DE89 3704 0044 0532 0130 01", |it| it.iban),
            ("Ann", |it| it.words),
            ("Salon & Spa", |it| it.street),
            ("2026-01-02", |it| it.birth),
            ("62704", |it| it.postcode),
            ("0000100001", |it| it.measured),
            ("K-17", |it| it.measured),
            ("2024-0017", |it| it.measured),
            ("12a", |it| it.measured),
            ("Einkauf", |it| it.suffix),
        ];
        for (text, count) in table {
            assert_eq!(count(&looks(text).0), 0, "{text}: {:?}", looks(text).0);
        }
    }

    #[test]
    fn the_country_shows_in_several_ways() {
        for (text, expected) in [
            ("+49 30 1234567", "DE"),
            ("ann@example.co.uk", "GB"),
            ("Deutschland", "DE"),
            ("SW1A 1AA", "GB"),
        ] {
            assert!(looks(text).1.contains_key(expected), "{text}: {:?}", looks(text).1);
        }
        assert!(looks("ann@example.com").1.is_empty());
    }
}
