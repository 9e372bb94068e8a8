//! Calendar dates.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

mod months;

use super::{Context, customs, timestamp};
use domain::{Assumed, DateOrder, DateReading};
use months::{WEEKDAYS, may_be_croatian, month};

/// How far ahead a date with a two-digit year may lie, in years, unless it is one of birth: an end of
/// a contract does, a century ahead nothing does.
const AHEAD: i16 = 20;

/// In which orders dates of three numbers are read; where none is given, by the region's custom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dates {
    /// With slashes, dashes or blanks.
    pub plain: Option<DateOrder>,
    /// With dots.
    pub dotted: Option<DateOrder>,
    /// Whether dates with the year in front may have day and month swapped: then those that fit either order
    /// are not read.
    pub swapped: bool,
}

impl Dates {
    /// Whether a month and a day behind their year may have changed places.
    fn is_doubtful(self, month: i16, day: i16) -> bool {
        self.swapped && month != day && month <= 12 && day <= 12
    }

    /// The orders that a file is read by.
    pub(super) fn of(reading: &DateReading) -> Dates {
        let order = |assumed: &Option<Assumed<DateOrder>>| assumed.as_ref().map(|it| it.value);
        Dates { plain: order(&reading.plain), dotted: order(&reading.dotted), swapped: false }
    }
}

/// The standard form: ISO 8601, `1984-03-12`. The time of a time stamp is dropped.
///
/// An order that is given is the only one; without one the region's is taken, and where that makes
/// no date, any other that makes the only one. A two-digit year is of the latest century in which
/// the date is not after the context's day or, unless it is one of `birth`, not more than [`AHEAD`]
/// years after. Serial numbers of spreadsheets are not read.
///
/// A birth at another time than 00:00 is no date: midnight that was moved to another time zone is
/// often a day early. It is one where the source's zone says that it was midnight there.
pub(super) fn standard(text: &str, context: &Context<'_>, birth: bool) -> Option<String> {
    if let Some((year, month, day)) = year_first(text) {
        let date = new_date(year, month, day).filter(|_| !context.dates.is_doubtful(month, day));
        return date.map(|_| text.to_owned());
    }
    let latest = if birth { context.today } else { ahead_of(context.today) };
    let (day, rest) = split_time(text);
    if birth && !timestamp::is_midnight(rest) {
        return midnight_of(text, context).map(iso);
    }
    date(day, context, latest).map(iso)
}

/// The day that begins at this moment in the source's time zone.
fn midnight_of(text: &str, context: &Context<'_>) -> Option<Date> {
    let zone = timestamp::zone(context.zone?)?;
    let at: jiff::Timestamp = text.parse().ok()?;
    let there = at.to_zoned(zone);
    (there.time() == Time::midnight()).then(|| there.date())
}

/// The date of a text that may go on with a time, and what follows the date.
pub(super) fn with_time<'t>(text: &'t str, context: &Context<'_>) -> Option<(Date, &'t str)> {
    let (day, rest) = split_time(text);
    Some((date(day, context, ahead_of(context.today))?, rest))
}

fn ahead_of(today: Date) -> Date {
    today.saturating_add(AHEAD.years())
}

/// What day and month of a date are whose year of four digits comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YearLed {
    /// `1985-04-25`.
    MonthFirst,
    /// `1985-25-04`.
    DayFirst,
    /// `1985-03-04`.
    Either,
    /// `1985-03-03`.
    Same,
}

/// Which of these a text is; none where its year does not come first.
pub(super) fn year_led(text: &str) -> Option<YearLed> {
    let (day, _) = split_time(text);
    let (year, month, day) = match year_first(day) {
        Some(numbers) => numbers,
        None => match parts(Some(day).filter(|day| day.len() <= 40)?)? {
            [
                Part::Number { value: year, digits: 4 },
                Part::Number { value: month, digits: 1..=2 },
                Part::Number { value: day, digits: 1..=2 },
            ] => (year, month, day),
            _ => return None,
        },
    };
    match (new_date(year, month, day), new_date(year, day, month)) {
        (Some(one), Some(other)) if one == other => Some(YearLed::Same),
        (Some(_), Some(_)) => Some(YearLed::Either),
        (Some(_), None) => Some(YearLed::MonthFirst),
        (None, Some(_)) => Some(YearLed::DayFirst),
        (None, None) => None,
    }
}

/// The orders in which a text is a date of three numbers, and whether dots part them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Allowed {
    /// By [`DateOrder::ALL`].
    makes_date: [bool; 3],
    /// Whether dots part the numbers.
    pub dotted: bool,
}

impl Allowed {
    /// Those orders.
    pub(super) fn orders(self) -> impl Iterator<Item = DateOrder> {
        let orders = DateOrder::ALL.into_iter().zip(self.makes_date);
        orders.filter_map(|(order, makes_date)| makes_date.then_some(order))
    }
}

/// Which orders make a date of the text. `None` where that makes no difference: its month has a
/// name, its year stands first with four digits, day and month are the same, or it is no date.
pub(super) fn allowed(text: &str, context: &Context<'_>, birth: bool) -> Option<Allowed> {
    if year_first(text).is_some() {
        return None;
    }
    let latest = if birth { context.today } else { ahead_of(context.today) };
    let (text, _) = split_time(text);
    if text.len() > 40 {
        return None;
    }
    let numbers = Numbers::of(&parts(text)?)?;
    let dates = DateOrder::ALL.map(|order| numbers.date(order, latest));
    let mut found = dates.iter().flatten();
    let first = found.next()?;
    let is_same = dates.iter().all(|date| date.as_ref() == Some(first))
        || (numbers.has_long_year() && dates[0] == dates[1]);
    (!is_same)
        .then(|| Allowed { makes_date: dates.map(|date| date.is_some()), dotted: is_dotted(text) })
}

fn is_dotted(text: &str) -> bool {
    text.contains('.') && !text.contains(['/', '-'])
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

/// Reads a text without a time.
fn date(text: &str, context: &Context<'_>, latest: Date) -> Option<Date> {
    if text.len() > 40 {
        return None;
    }
    if let Some(date) = compact(text) {
        return Some(date);
    }
    if may_be_croatian(text) && !matches!(context.customs(), "PL" | "CZ" | "SK") {
        return None;
    }
    let parts = parts(text)?;
    match (Numbers::of(&parts), parts) {
        (Some(numbers), _) => numbers.by_context(context, is_dotted(text), latest),
        (None, [_, Part::Number { value: month, .. }, Part::Number { value: day, .. }])
            if context.dates.is_doubtful(month, day) =>
        {
            None
        }
        (None, _) => of_named_month(&parts, latest),
    }
}

/// The text up to its time, however that is parted off, and its time.
fn split_time(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_basic = bytes.len() > 8 && (0..8).all(is_digit) && matches!(bytes[8], b'T' | b't');
    let end = if is_basic {
        8
    } else if bytes.len() > 11 && matches!(bytes[10], b'T' | b't') && is_digit(9) && is_digit(11) {
        10
    } else if let Some(colon) = text.find(':') {
        let start = text[..colon].rfind([' ', ',', '_']).unwrap_or(0);
        text[..start].trim_end_matches([' ', ',']).len()
    } else {
        text.len()
    };
    (&text[..end], text[end..].trim_start_matches([' ', ',', 'T', 't', '_']))
}

/// The numbers of `1984-03-12`, the form of most dates.
fn year_first(text: &str) -> Option<(i16, i16, i16)> {
    let [a, b, c, d, b'-', e, f, b'-', g, h] = *text.as_bytes() else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'))
        })
    };
    Some((number(&[a, b, c, d])?, number(&[e, f])?, number(&[g, h])?))
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
    // Whoever writes Turkish in capitals may have one `I` for both letters.
    let lower = word.to_lowercase().replace('ı', "i").replace('\u{307}', "");
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
            | "r"
            | "roku"
            | "г"
            | "года"
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

/// A date whose month has a name, or of whose numbers the first is a year of four digits.
fn of_named_month(parts: &[Part; 3], latest: Date) -> Option<Date> {
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
            Number { value: year, digits: 4 },
            Number { value: month, digits: 1..=2 },
            Number { value: day, digits: 1..=2 },
        ] => new_date(year, month, day),
        _ => None,
    }
}

/// Three numbers that are a day, a month and a year in some order: value and number of digits.
struct Numbers([(i16, usize); 3]);

impl Numbers {
    /// The numbers, unless the order of the parts can be but one.
    fn of(parts: &[Part; 3]) -> Option<Numbers> {
        let mut numbers = [(0, 0); 3];
        for (number, part) in numbers.iter_mut().zip(parts) {
            let Part::Number { value, digits } = *part else { return None };
            *number = (value, digits);
        }
        let [(_, first), (_, second), (_, third)] = numbers;
        (first <= 2 && second <= 2 && matches!(third, 2 | 4)).then_some(Numbers(numbers))
    }

    fn has_long_year(&self) -> bool {
        self.0[2].1 == 4
    }

    /// The date they make in that order.
    fn date(&self, order: DateOrder, latest: Date) -> Option<Date> {
        let [first, second, third] = self.0;
        let dated =
            |(year, digits), (month, _), (day, _)| in_century(year, digits, month, day, latest);
        match order {
            DateOrder::DayFirst => dated(third, second, first),
            DateOrder::MonthFirst => dated(third, first, second),
            DateOrder::YearFirst => {
                (first.1 == 2 && third.1 == 2).then(|| dated(first, second, third)).flatten()
            }
        }
    }

    fn by_context(&self, context: &Context<'_>, dotted: bool, latest: Date) -> Option<Date> {
        let given = if dotted { context.dates.dotted } else { context.dates.plain };
        if let Some(order) = given {
            return self.date(order, latest);
        }
        let customs = customs::date_orders(context.region, dotted);
        customs.iter().find_map(|order| self.date(*order, latest)).or_else(|| {
            let mut dates = DateOrder::ALL.into_iter().filter_map(|order| self.date(order, latest));
            let first = dates.next()?;
            dates.all(|other| other == first).then_some(first)
        })
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
mod tests;
