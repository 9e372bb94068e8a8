//! When a source last changed a record.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::clean::{Form, clean};
use super::{Context, date};

/// The zones as this version of steward knows them, whatever the system does.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone of that name, or with that offset (`+01:00`).
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    let Some((sign, offset)) = name.split_at_checked(1).filter(|(it, _)| ["+", "-"].contains(it))
    else {
        return ZONES.get(name).ok();
    };
    let (hours, minutes) = offset.split_once(':')?;
    let seconds = (hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?) * 60;
    Some(Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()?.to_time_zone())
}

/// Reads a source's "updated" column: RFC 3339, a date with or without a time (in the context's
/// zone, else in UTC), or seconds or milliseconds since 1970. `None` where it is none.
#[must_use]
pub fn timestamp(raw: &str, context: &Context<'_>) -> Option<Timestamp> {
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
    let (day, rest) = date::with_time(&text, context)?;
    if rest.is_empty() {
        return at(day, Time::midnight(), context.zone);
    }
    let (clock, is_utc) = without_utc(rest);
    at(day, time(clock)?, context.zone.filter(|_| !is_utc))
}

/// A moment that a change of the clock leaves out or repeats is taken as before the change.
fn at(day: Date, time: Time, name: Option<&str>) -> Option<Timestamp> {
    let zone = match name {
        Some(name) => zone(name)?,
        None => TimeZone::UTC,
    };
    day.to_datetime(time).to_zoned(zone).ok().map(|zoned| zoned.timestamp())
}

/// Whether what follows a date is nothing, or 00:00 in any form and zone.
pub(super) fn is_midnight(rest: &str) -> bool {
    let (clock, _) = without_utc(rest);
    let clock = match clock.rfind(['+', '-']) {
        Some(offset) => clock[..offset].trim_end(),
        None => clock,
    };
    clock.is_empty() || time(clock) == Some(Time::midnight())
}

fn without_utc(text: &str) -> (&str, bool) {
    let clock = ["UTC", "GMT", "Z", "z"].iter().find_map(|zone| text.strip_suffix(zone));
    clock.map_or((text, false), |clock| (clock.trim_end(), true))
}

/// `101530` as `10:15:30`, as in the basic form of ISO 8601.
fn grouped(clock: &str) -> Option<String> {
    let is_basic = matches!(clock.len(), 4 | 6) && clock.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = clock.get(4..).filter(|it| !it.is_empty()).unwrap_or("00");
    is_basic.then(|| format!("{}:{}:{seconds}", &clock[..2], &clock[2..4]))
}

/// `10:15`, `10:15:30.5`, `10:15 PM`, `101530`.
pub(super) fn time(text: &str) -> Option<Time> {
    let upper = text.trim().to_ascii_uppercase();
    let (clock, afternoon) = match (upper.strip_suffix("AM"), upper.strip_suffix("PM")) {
        (Some(clock), _) => (clock, Some(false)),
        (_, Some(clock)) => (clock, Some(true)),
        _ => (upper.as_str(), None),
    };
    if let Some(plain) = grouped(clock.trim()) {
        return time(&plain);
    }
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
            let context = Context::of(region, jiff::civil::date(2026, 11, 28));
            let read = timestamp(raw, &context).map(|at| at.to_string());
            assert_eq!(read.as_deref(), expected, "{raw} in {region}");
        }
    }

    #[test]
    fn a_time_without_a_zone_is_of_the_source_s() {
        let berlin = Context {
            zone: Some("Europe/Berlin"),
            ..Context::of("DE", jiff::civil::date(2026, 11, 28))
        };
        for (raw, expected) in [
            ("2026-03-02 10:15:00", "2026-03-02T09:15:00Z"),
            ("02.07.2026 10:15", "2026-07-02T08:15:00Z"),
            ("2026-03-02", "2026-03-01T23:00:00Z"),
            ("2026-03-02T10:15:00Z", "2026-03-02T10:15:00Z"),
            ("02.03.2026 10:15 UTC", "2026-03-02T10:15:00Z"),
            ("2026-03-02T10:15:00-05:00", "2026-03-02T15:15:00Z"),
            ("1772446500", "2026-03-02T10:15:00Z"),
            // The clock goes from 2 to 3 in this night.
            ("2026-03-29 02:30", "2026-03-29T01:30:00Z"),
        ] {
            assert_eq!(
                timestamp(raw, &berlin).map(|at| at.to_string()).as_deref(),
                Some(expected),
                "{raw}"
            );
        }
        let nowhere = Context { zone: Some("Nowhere"), ..berlin };
        assert_eq!(timestamp("2026-03-02", &nowhere), None);
    }
}
