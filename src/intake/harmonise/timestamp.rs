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

/// A moment as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The moment; of a day its beginning, in the zone of its source.
    pub at: Timestamp,
    /// Minutes east of UTC, where the text or the zone of its source says so.
    pub offset: Option<i16>,
    /// Whether nothing but the day was told.
    pub is_day: bool,
}

/// Reads a source's "updated" column, see [`moment`].
#[must_use]
pub fn timestamp(raw: &str, context: &Context<'_>) -> Option<Timestamp> {
    moment(raw, context).map(|moment| moment.at)
}

/// Reads a moment: RFC 3339, a date with or without a time and an offset (in the context's
/// zone, else in UTC), or seconds, milliseconds or microseconds since 1970. `None` where it is none.
#[must_use]
pub fn moment(raw: &str, context: &Context<'_>) -> Option<Moment> {
    let text = clean(raw, Form::Compatible);
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    let of = |at: Timestamp| Moment { at, offset: None, is_day: false };
    if let Ok(at) = text.parse::<Timestamp>() {
        let clock = text.get(10..).unwrap_or_default();
        let offset = without_offset(clock).and_then(|(_, offset)| minutes(offset));
        return Some(Moment { offset, ..of(at) });
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = || text.parse::<i64>().ok();
        match text.len() {
            10 => return Timestamp::from_second(number()?).ok().map(of),
            13 => return Timestamp::from_millisecond(number()?).ok().map(of),
            16 => return Timestamp::from_microsecond(number()?).ok().map(of),
            _ => {}
        }
    }
    let (day, rest) = date::with_time(&text, context)?;
    if rest.is_empty() {
        return Some(Moment { is_day: true, ..at(day, Time::midnight(), context.zone)? });
    }
    let (clock, is_utc) = without_utc(rest);
    if let Some((clock, offset)) = without_offset(clock) {
        let at = offset.to_timestamp(day.to_datetime(time(clock)?)).ok()?;
        return Some(Moment { offset: minutes(offset), ..of(at) });
    }
    at(day, time(clock)?, context.zone.filter(|_| !is_utc))
}

fn minutes(offset: Offset) -> Option<i16> {
    i16::try_from(offset.seconds() / 60).ok()
}

/// A time of day, and the offset that stands behind it: `10:15:00 +0200`, `10:15-05:00`; none where none does.
fn without_offset(clock: &str) -> Option<(&str, Offset)> {
    let (time, offset) = clock.split_at(clock.rfind(['+', '-']).filter(|at| *at > 0)?);
    let digits: String = offset[1..].chars().filter(|it| *it != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at(2);
    let minutes: i32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    let seconds = (hours.parse::<i32>().ok()? * 60 + minutes) * 60;
    let offset = Offset::from_seconds(if offset.starts_with('-') { -seconds } else { seconds });
    Some((time.trim_end(), offset.ok()?))
}

/// A moment that a change of the clock leaves out or repeats is taken as before the change.
fn at(day: Date, time: Time, name: Option<&str>) -> Option<Moment> {
    let zone = match name {
        Some(name) => zone(name)?,
        None => TimeZone::UTC,
    };
    let zoned = day.to_datetime(time).to_zoned(zone).ok()?;
    let offset = name.and_then(|_| minutes(zoned.offset()));
    Some(Moment { at: zoned.timestamp(), offset, is_day: false })
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
            ("1772446500123456", "US", Some("2026-03-02T10:15:00.123456Z")),
            ("2026-03-02 10:15:00 +0200", "US", Some("2026-03-02T08:15:00Z")),
            ("2026-03-02 10:15 -05:30", "US", Some("2026-03-02T15:45:00Z")),
            ("02.03.2026 10:15 +02", "DE", Some("2026-03-02T08:15:00Z")),
            ("2026-03-02 10:15:00 +9900", "US", None),
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
    fn a_moment_says_its_offset_and_whether_it_is_a_day() {
        let berlin = Context {
            zone: Some("Europe/Berlin"),
            ..Context::of("DE", jiff::civil::date(2026, 11, 28))
        };
        let nowhere = Context { zone: None, ..berlin };
        for (raw, in_berlin, elsewhere) in [
            ("2026-03-02T10:15:00Z", (None, false), (None, false)),
            ("2026-03-02T10:15:00-05:00", (Some(-300), false), (Some(-300), false)),
            ("2026-03-02 10:15:00 +0530", (Some(330), false), (Some(330), false)),
            ("2026-07-02 10:15:00", (Some(120), false), (None, false)),
            ("2026-03-02", (Some(60), true), (None, true)),
            ("1772446500", (None, false), (None, false)),
        ] {
            for (context, expected) in [(&berlin, in_berlin), (&nowhere, elsewhere)] {
                let moment = moment(raw, context).unwrap();
                assert_eq!((moment.offset, moment.is_day), expected, "{raw}");
            }
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
