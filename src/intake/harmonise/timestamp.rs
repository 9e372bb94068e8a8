//! When a source last changed a record.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::clean::{Form, clean};
use super::date;

/// Reads a source's "updated" column: RFC 3339, a date with or without a time (in UTC, day and
/// month in `region`'s order), or seconds or milliseconds since 1970. `None` where it is none.
#[must_use]
pub fn timestamp(raw: &str, region: &str, today: Date) -> Option<Timestamp> {
    let text = clean(raw, Form::Compatible);
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        match text.len() {
            10 => return Timestamp::from_second(text.parse().ok()?).ok(),
            13 => return Timestamp::from_millisecond(text.parse().ok()?).ok(),
            _ => {}
        }
    }
    let day = date::other_date(&text, region, today)?;
    let rest =
        text[date::without_time(&text).len()..].trim_start_matches([' ', ',', 'T', 't', '_']);
    if rest.is_empty() { at(day, Time::midnight()) } else { at(day, time(rest)?) }
}

fn at(day: Date, time: Time) -> Option<Timestamp> {
    day.to_datetime(time).to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// `10:15`, `10:15:30.5`, `10:15 PM`, each also with `Z` or `UTC`.
fn time(text: &str) -> Option<Time> {
    let text = ["UTC", "GMT", "Z"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text);
    let upper = text.trim().to_ascii_uppercase();
    let (clock, afternoon) = match (upper.strip_suffix("AM"), upper.strip_suffix("PM")) {
        (Some(clock), _) => (clock, Some(false)),
        (_, Some(clock)) => (clock, Some(true)),
        _ => (upper.as_str(), None),
    };
    let mut parts = clock.trim().splitn(3, ':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let seconds = parts.next().unwrap_or("0");
    let second: i8 = seconds.split('.').next()?.parse().ok()?;
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(false) => hour % 12,
        Some(true) => hour % 12 + 12,
    };
    Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps() {
        let table = [
            ("2026-03-02T10:15:00Z", "US", Some("2026-03-02T10:15:00Z")),
            ("2026-03-02T10:15:00+01:00", "US", Some("2026-03-02T09:15:00Z")),
            ("2026-03-02 10:15:00", "US", Some("2026-03-02T10:15:00Z")),
            ("2026-03-02T10:15:00", "US", Some("2026-03-02T10:15:00Z")),
            ("2026-03-02", "US", Some("2026-03-02T00:00:00Z")),
            ("3/2/2026 10:15 PM", "US", Some("2026-03-02T22:15:00Z")),
            ("3/2/2026 12:15 AM", "US", Some("2026-03-02T00:15:00Z")),
            ("02.03.2026 10:15", "DE", Some("2026-03-02T10:15:00Z")),
            ("1772446500", "US", Some("2026-03-02T10:15:00Z")),
            ("1772446500000", "US", Some("2026-03-02T10:15:00Z")),
            ("yesterday", "US", None),
            ("2026-02-30", "US", None),
            ("2026-03-02 25:00", "US", None),
            ("", "US", None),
        ];
        for (raw, region, expected) in table {
            let read =
                timestamp(raw, region, jiff::civil::date(2026, 11, 28)).map(|at| at.to_string());
            assert_eq!(read.as_deref(), expected, "{raw} in {region}");
        }
    }
}
