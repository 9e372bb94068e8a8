//! Dates whose day and month were swapped, whose digits were typed as letters, or which a time zone
//! moved a day back.

use jiff::civil::Date;

use super::confusion::digit_for;

/// A date that could be read with day and month in each other's place.
pub(super) fn swapped(standard: &str) -> Option<String> {
    let date: Date = standard.parse().ok()?;
    Date::new(date.year(), date.day(), date.month()).ok().map(|date| date.to_string())
}

/// The date that an unreadable text may mean, as an ISO date.
pub(super) fn candidate(text: &str) -> Option<String> {
    in_its_column(text)
        .or_else(|| day_of_time(text))
        .or_else(|| only_reading(text))
        .map(|date| date.to_string())
}

/// A date with the year in front that could be read is not, where its column says that day and month are
/// swapped in it.
fn in_its_column(text: &str) -> Option<Date> {
    let text = text.trim();
    let (day, time) = text.split_once([' ', 'T', 't']).unwrap_or((text, ""));
    let mut numbers = day.split(['-', '/', '.']);
    let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let is_date = year.len() == 4 && numbers.next().is_none();
    if !is_date || !time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.' | b'Z')) {
        return None;
    }
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let (one, other) = (Date::new(year, month, day).ok()?, Date::new(year, day, month).ok()?);
    (one != other).then_some(other)
}

/// The day of a date with a time. Midnight that was moved to another zone, as 22:00Z was in Berlin, is
/// of the day before: of an evening the next day is meant, of a morning the same. A time that names its
/// distance from UTC is one of the place where it was written, and so is its day.
fn day_of_time(raw: &str) -> Option<Date> {
    let raw = raw.trim();
    let (day, time) = raw.split_once([' ', 'T', 't'])?;
    let (hour, rest) = time.split_once(':')?;
    let hour: u8 = hour.parse().ok()?;
    let is_noon =
        hour == 12 && rest.trim_end_matches('Z').chars().all(|c| matches!(c, '0' | ':' | '.'));
    let is_afternoon = rest.to_ascii_uppercase().ends_with("PM") && hour < 12;
    let day = day.parse().ok().or_else(|| only_reading(day))?;
    match hour {
        0..24 if names_its_place(rest) => Some(day),
        _ if is_afternoon => day.tomorrow().ok(),
        0..12 => Some(day),
        12 if is_noon => Some(day),
        12..24 => day.tomorrow().ok(),
        _ => None,
    }
}

/// Whether a time ends with an offset from UTC other than zero: `+02:00`, `-0500`, `+05`.
fn names_its_place(time: &str) -> bool {
    let time = time.trim_end();
    let Some(at) = time.rfind(['+', '-', '\u{2212}']) else { return false };
    let digits: Vec<char> = time[at..].chars().skip(1).filter(|c| *c != ':').collect();
    matches!(digits.len(), 2 | 4)
        && digits.iter().all(char::is_ascii_digit)
        && digits.iter().any(|digit| *digit != '0')
}

/// The one date the three numbers of an unreadable text can mean, if it is one alone: the year is
/// the number with four digits, at either end.
fn only_reading(text: &str) -> Option<Date> {
    let digits: String = text.trim().chars().map(|c| digit_for(c).unwrap_or(c)).collect();
    let parts: Vec<&str> = digits.split(['-', '/', '.', ' ']).filter(|p| !p.is_empty()).collect();
    let (year, first, second) = match parts.as_slice() {
        [year, first, second] if year.len() == 4 => (year, first, second),
        [first, second, year] if year.len() == 4 => (year, first, second),
        _ => return None,
    };
    let (year, first, second) = (year.parse().ok()?, first.parse().ok()?, second.parse().ok()?);
    match (Date::new(year, first, second).ok(), Date::new(year, second, first).ok()) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain() {
        for (raw, expected) in [
            ("1984-31-12", "1984-12-31"),
            ("12/31/1984", "1984-12-31"),
            ("31.12.1984", "1984-12-31"),
            ("1984-O3-l3", "1984-03-13"),
            ("1984-03-04", "1984-04-03"),
            ("1984/3/4", "1984-04-03"),
            ("1984-03-04 00:00:00", "1984-04-03"),
            ("31/02/1984", ""),
            ("03/04/1984", ""),
            ("03/03/1984", "1984-03-03"),
            ("31/12/84", ""),
            ("soon", ""),
            ("1985-04-02T22:00:00Z", "1985-04-03"),
            ("1985-04-02 23:00:00.000", "1985-04-03"),
            ("1984-12-31T23:00:00+00:00", "1985-01-01"),
            ("1985-04-25T22:00:00+02:00", "1985-04-25"),
            ("1985-04-25T22:00:00.000-05:00", "1985-04-25"),
            ("1985-04-25 23:30:00 +0530", "1985-04-25"),
            ("1985-04-25T22:00+02", "1985-04-25"),
            ("1985-04-25T22:00:00-00:00", "1985-04-26"),
            ("1985-04-25T22:00:00+0000", "1985-04-26"),
            ("25/04/1985 22:00", "1985-04-26"),
            ("1985-04-02T05:00:00Z", "1985-04-02"),
            ("1985-04-02 12:00:00", "1985-04-02"),
            ("1985-04-02 10:00 PM", "1985-04-03"),
            ("03/04/1985 22:00", ""),
            ("1985-04-02 99:00", ""),
        ] {
            assert_eq!(candidate(raw).unwrap_or_default(), expected, "{raw}");
        }
        assert_eq!(swapped("2026-12-03").as_deref(), Some("2026-03-12"));
        assert_eq!(swapped("2026-12-31"), None);
    }
}
