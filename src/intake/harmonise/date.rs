//! Calendar dates.

use jiff::ToSpan;
use jiff::civil::Date;

/// How far ahead a date with a two-digit year may lie, in years, unless it is one of birth: an end of
/// a contract does, a century ahead nothing does.
const AHEAD: i16 = 20;

/// Regions that write the month before the day.
const MONTH_FIRST: [&str; 11] = ["AS", "FM", "GU", "MH", "MP", "PH", "PR", "PW", "UM", "US", "VI"];

/// Regions that write the year first, also with two digits.
const YEAR_FIRST: [&str; 10] = ["CA", "CN", "HU", "IR", "JP", "KR", "LT", "MN", "SE", "TW"];

/// The standard form: ISO 8601, `1984-03-12`. The time of a time stamp is dropped.
///
/// `region` orders day and month where both could be either. A two-digit year is of the latest
/// century in which the date is not after `today`, where it is one of `birth`, or else not more
/// than [`AHEAD`] years after. Serial numbers of spreadsheets are not read.
pub(super) fn standard(text: &str, region: &str, today: Date, birth: bool) -> Option<String> {
    let latest = if birth { today } else { ahead_of(today) };
    date(text, region, latest).map(iso)
}

/// The date of a text that may go on with a time.
pub(super) fn other_date(text: &str, region: &str, today: Date) -> Option<Date> {
    date(text, region, ahead_of(today))
}

fn ahead_of(today: Date) -> Date {
    today.saturating_add(AHEAD.years())
}

/// Whether two standard forms are dates a whole number of centuries apart.
#[must_use]
pub fn differ_by_century(one: &str, other: &str) -> bool {
    let is_date = |text: &str| text.len() == 10 && text.parse::<Date>().is_ok();
    one != other && is_date(one) && is_date(other) && one[2..] == other[2..]
}

fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

fn date(text: &str, region: &str, latest: Date) -> Option<Date> {
    let text = without_time(text);
    if text.len() > 40 {
        return None;
    }
    if let Some(date) = compact(text) {
        return Some(date);
    }
    let parts = parts(text)?;
    let dotted = text.contains('.') && !text.contains(['/', '-']);
    order(&parts, region, latest, dotted)
}

/// The text up to its time, however that is parted off.
pub(super) fn without_time(text: &str) -> &str {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if bytes.len() > 11 && matches!(bytes[10], b'T' | b't') && is_digit(9) && is_digit(11) {
        return &text[..10];
    }
    let Some(colon) = text.find(':') else { return text };
    let start = text[..colon].rfind([' ', ',', '_']).unwrap_or(0);
    text[..start].trim_end_matches([' ', ','])
}

/// `19840312`.
fn compact(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = text[..4].parse().ok().filter(|year| (1800..=2199).contains(year))?;
    new_date(year, text[4..6].parse().ok()?, text[6..].parse().ok()?)
}

fn new_date(year: i16, month: i16, day: i16) -> Option<Date> {
    if year < 1 {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Number { value: i16, digits: usize },
    Month(i16),
}

/// The three parts of a date; `None` if there are other words or another number of parts.
fn parts(text: &str) -> Option<[Part; 3]> {
    let mut found = [Part::Month(0); 3];
    let mut count = 0;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let length = if is_number {
            rest.bytes().take_while(u8::is_ascii_digit).count()
        } else if first.is_alphabetic() {
            rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
        } else if matches!(first, '-' | '/' | '.' | ',' | ' ' | '\'' | '年' | '月') {
            first.len_utf8()
        } else {
            return None;
        };
        let (word, remaining) = rest.split_at(length);
        rest = remaining;
        let part = if is_number && length <= 4 {
            Some(Part::Number { value: word.parse().ok()?, digits: length })
        } else if is_number {
            return None;
        } else if first.is_alphabetic() {
            word_part(word)?
        } else {
            None
        };
        if let Some(part) = part {
            *found.get_mut(count)? = part;
            count += 1;
        }
    }
    (count == 3).then_some(found)
}

/// A month, or `None` inside for a word that says nothing: a weekday, an ordinal's ending.
fn word_part(word: &str) -> Option<Option<Part>> {
    let lower = word.to_lowercase();
    if matches!(
        lower.as_str(),
        "st" | "nd"
            | "rd"
            | "th"
            | "er"
            | "of"
            | "de"
            | "del"
            | "den"
            | "the"
            | "le"
            | "年"
            | "月"
            | "日"
    ) || WEEKDAYS.iter().any(|day| lower.starts_with(day) && lower.len() <= 10)
    {
        return Some(None);
    }
    if let Some(rest) = lower.strip_prefix("年").or_else(|| lower.strip_prefix("月")) {
        return rest.is_empty().then_some(None);
    }
    month(&lower).map(|month| Some(Part::Month(month)))
}

/// The beginnings of weekdays in English, German and French.
const WEEKDAYS: [&str; 20] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "montag", "dienst", "mittwoch", "donners",
    "freitag", "samstag", "sonn", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "dimanche",
];

/// Month names in English, German, French, Spanish, Italian and Dutch; three letters and more.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner", "janvier", "enero", "gennaio", "januari"],
    &[
        "february", "februar", "feber", "février", "fevrier", "fév", "febrero", "febbraio",
        "februari",
    ],
    &["march", "märz", "maerz", "mrz", "mars", "marzo", "maart", "mrt"],
    &["april", "avril", "abril", "aprile"],
    &["may", "mai", "mayo", "maggio", "mei"],
    &["june", "juni", "juin", "junio", "giugno"],
    &["july", "juli", "juillet", "julio", "luglio"],
    &["august", "août", "aout", "agosto", "augustus"],
    &["september", "sept", "septembre", "septiembre", "settembre"],
    &["october", "oktober", "octobre", "octubre", "ottobre"],
    &["november", "novembre", "noviembre"],
    &["december", "dezember", "décembre", "decembre", "diciembre", "dicembre"],
];

fn month(lower: &str) -> Option<i16> {
    let long_enough = lower.chars().count() >= 3;
    let position = MONTHS.iter().position(|names| {
        names.iter().any(|name| *name == lower || (long_enough && name.starts_with(lower)))
    })?;
    // `jui` is June or July in French.
    (lower != "jui").then(|| i16::try_from(position).map_or(0, |at| at + 1))
}

/// Puts the parts in order. Where only one order makes a date, that one is taken.
fn order(parts: &[Part; 3], region: &str, latest: Date, dotted: bool) -> Option<Date> {
    use Part::{Month, Number};
    let dated = |(year, digits), month, day| in_century(year, digits, month, day, latest);
    match *parts {
        [Number { value: day, digits }, Month(month), Number { value: year, digits: last }]
            if digits <= 2 =>
        {
            dated((year, last), month, day)
        }
        [Month(month), Number { value: day, digits }, Number { value: year, digits: last }]
            if digits <= 2 =>
        {
            dated((year, last), month, day)
        }
        [Number { value: year, digits: 4 }, Month(month), Number { value: day, digits }]
            if digits <= 2 =>
        {
            new_date(year, month, day)
        }
        [
            Number { value: first, digits },
            Number { value: second, digits: 1..=2 },
            Number { value: third, digits: last },
        ] => {
            if digits == 4 && last <= 2 {
                return new_date(first, second, third).or_else(|| new_date(first, third, second));
            }
            if digits > 2 {
                return None;
            }
            if last == 2 && !dotted && YEAR_FIRST.contains(&region) {
                return dated((first, digits), second, third);
            }
            let year = (third, last);
            // Dates with dots are European wherever they are written.
            if MONTH_FIRST.contains(&region) && !dotted {
                dated(year, first, second).or_else(|| dated(year, second, first))
            } else {
                dated(year, second, first).or_else(|| dated(year, first, second))
            }
        }
        _ => None,
    }
}

/// The date; one whose year has two digits is the last such date up to `latest`.
fn in_century(year: i16, digits: usize, month: i16, day: i16, latest: Date) -> Option<Date> {
    match digits {
        4 => new_date(year, month, day),
        2 => {
            let century = latest.year() / 100 * 100;
            let dates = [century, century - 100].map(|of| new_date(of + year, month, day));
            dates.into_iter().flatten().find(|date| *date <= latest)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates() {
        let table = [
            ("1984-03-12", "US", Some("1984-03-12")),
            ("1984/3/12", "US", Some("1984-03-12")),
            ("1984.03.12", "HU", Some("1984-03-12")),
            ("3/12/1984", "US", Some("1984-03-12")),
            ("3/12/1984", "GB", Some("1984-12-03")),
            ("25/03/1984", "US", Some("1984-03-25")),
            ("03/25/1984", "GB", Some("1984-03-25")),
            ("12.03.1984", "US", Some("1984-03-12")),
            ("12.3.84", "DE", Some("1984-03-12")),
            ("12-03-1984", "DE", Some("1984-03-12")),
            ("19840312", "US", Some("1984-03-12")),
            ("3/12/84", "US", Some("1984-03-12")),
            ("3/12/19", "US", Some("2019-03-12")),
            ("84-03-12", "SE", Some("1984-03-12")),
            ("1984-03-12T00:00:00Z", "US", Some("1984-03-12")),
            ("1984-03-12 10:15:00.000", "US", Some("1984-03-12")),
            ("3/12/1984 10:15 PM", "US", Some("1984-03-12")),
            ("12 March 1984", "US", Some("1984-03-12")),
            ("March 12th, 1984", "GB", Some("1984-03-12")),
            ("Mon, 12 Mar 1984", "US", Some("1984-03-12")),
            ("12. März 1984", "DE", Some("1984-03-12")),
            ("1er août 1984", "FR", Some("1984-08-01")),
            ("12 juillet 1984", "FR", Some("1984-07-12")),
            ("12-Mar-84", "GB", Some("1984-03-12")),
            ("12 de marzo de 1984", "ES", Some("1984-03-12")),
            ("1984年3月12日", "JP", Some("1984-03-12")),
            ("1984-02-30", "US", None),
            ("1984-13-13", "US", None),
            ("30745", "US", None),
            ("12/1984", "US", None),
            ("1984", "US", None),
            ("12 Foo 1984", "US", None),
            ("2023-02-29", "US", None),
            ("2024-02-29", "US", Some("2024-02-29")),
            ("0000-01-01", "US", None),
            ("1 2 3 4", "US", None),
        ];
        for (text, region, expected) in table {
            assert_eq!(
                standard(text, region, date(2026, 11, 28), true).as_deref(),
                expected,
                "{text} in {region}"
            );
        }
    }

    #[test]
    fn a_two_digit_year_is_told_by_the_day_it_is_read() {
        let autumn = date(2026, 11, 28);
        for (text, today, birth, expected) in [
            ("2/3/27", autumn, true, "1927-02-03"),
            ("2/3/27", date(2027, 2, 2), true, "1927-02-03"),
            ("2/3/27", date(2027, 2, 3), true, "2027-02-03"),
            ("2/3/27", date(2028, 1, 1), true, "2027-02-03"),
            ("12/1/26", autumn, true, "1926-12-01"),
            ("1/1/26", autumn, true, "2026-01-01"),
            ("1/1/40", autumn, true, "1940-01-01"),
            ("1/1/40", autumn, false, "2040-01-01"),
            ("1/1/47", autumn, false, "1947-01-01"),
            ("1/1/47", date(2031, 1, 1), false, "2047-01-01"),
            ("2/29/00", autumn, true, "2000-02-29"),
            ("1/1/02", date(2095, 1, 1), false, "2102-01-01"),
        ] {
            let read = standard(text, "US", today, birth);
            assert_eq!(read.as_deref(), Some(expected), "{text} on {today}");
        }
    }

    #[test]
    fn only_centuries_apart() {
        assert!(differ_by_century("1927-02-03", "2027-02-03"));
        for (one, other) in
            [("1927-02-03", "1927-02-03"), ("1927-02-03", "2027-03-02"), ("+15550104477", "x")]
        {
            assert!(!differ_by_century(one, other));
        }
    }
}
