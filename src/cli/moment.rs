//! Times as people type them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use domain::Until;

/// A time as people are shown it: where they are, with how far that is from UTC, and fit to be typed
/// for `--at`.
pub fn shown(at: Timestamp) -> String {
    shown_in(at, TimeZone::system())
}

/// The same to the minute, as a list of them shows it: `2026-03-01 10:15 +01:00`.
pub fn shown_to_the_minute(at: Timestamp) -> String {
    minute(&at.to_zoned(TimeZone::system()))
}

/// A time as it was told where it was, with how far that is from UTC; in UTC where nobody said so.
pub fn shown_with_offset(at: Timestamp, minutes_east: Option<i16>) -> String {
    let offset = minutes_east.map(|it| jiff::tz::Offset::from_seconds(i32::from(it) * 60));
    match offset {
        Some(Ok(offset)) => minute(&at.to_zoned(offset.to_time_zone())),
        _ => at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M Z").to_string(),
    }
}

fn minute(at: &jiff::Zoned) -> String {
    at.strftime("%Y-%m-%d %H:%M %:z").to_string()
}

/// The day of a time, where the steward is.
pub fn day(at: Timestamp) -> String {
    TimeZone::system().to_datetime(at).date().to_string()
}

fn shown_in(at: Timestamp, zone: TimeZone) -> String {
    at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A sentence of the desk, which tells times in UTC, with each as [`shown`] has it.
pub fn localised(sentence: &str) -> String {
    localised_in(sentence, &TimeZone::system())
}

/// `2026-03-02T14:00:00Z` has so many signs.
const WHOLE_SECONDS: usize = 20;

fn localised_in(sentence: &str, zone: &TimeZone) -> String {
    let mut told = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(at) = rest.find('Z') {
        let (before, after) = rest.split_at(at + 1);
        let begin =
            before.len().checked_sub(WHOLE_SECONDS).filter(|it| before.is_char_boundary(*it));
        let time =
            begin.and_then(|begin| Some((begin, before[begin..].parse::<Timestamp>().ok()?)));
        match time {
            Some((begin, time)) => {
                told.push_str(&before[..begin]);
                told.push_str(&shown_in(time, zone.clone()));
            }
            None => told.push_str(before),
        }
        rest = after;
    }
    told + rest
}

/// A time for `--at`: RFC 3339, or a date, which means its end. A date or a time that says no zone
/// is of the steward's own, as in the review.
///
/// # Errors
/// A sentence for the user.
pub fn at(text: &str) -> Result<Timestamp, String> {
    read(text, Time::constant(23, 59, 59, 999_999_999), TimeZone::system())
}

/// A time for `--since`: RFC 3339, or a date, which means its beginning; zones as in [`at`].
///
/// # Errors
/// A sentence for the user.
pub fn since(text: &str) -> Result<Timestamp, String> {
    read(text, Time::midnight(), TimeZone::system())
}

/// The end of a deferral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deferral {
    /// At a time.
    Time(Timestamp),
    /// At the beginning of the next day, where the steward is.
    Tomorrow,
    /// When the data changes.
    DataChanges,
}

impl Deferral {
    /// The end, counted from now.
    pub fn until(self, now: Timestamp) -> Until {
        self.until_in(now, TimeZone::system())
    }

    fn until_in(self, now: Timestamp, zone: TimeZone) -> Until {
        match self {
            Deferral::Time(time) => Until::Time(time),
            Deferral::DataChanges => Until::DataChanges,
            Deferral::Tomorrow => {
                let tomorrow = zone.to_datetime(now).date().saturating_add(1.day());
                let start = tomorrow.to_zoned(zone).map(|start| start.timestamp());
                Until::Time(start.unwrap_or(now))
            }
        }
    }
}

/// For `--until`: `tomorrow`, `data-changes`, a date or a time.
///
/// # Errors
/// A sentence for the user.
pub fn deferral(text: &str) -> Result<Deferral, String> {
    match text {
        "tomorrow" => Ok(Deferral::Tomorrow),
        "data-changes" => Ok(Deferral::DataChanges),
        _ => since(text)
            .map(Deferral::Time)
            .map_err(|error| format!("{error}; or tomorrow, or data-changes")),
    }
}

fn read(text: &str, time_of_day: Time, zone: TimeZone) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let there = |moment: DateTime| moment.to_zoned(zone).map(|zoned| zoned.timestamp());
    let is_date = !text.contains(['T', ' ', ':']);
    let read = if is_date {
        text.parse::<Date>().map(|date| date.to_datetime(time_of_day)).and_then(there)
    } else {
        text.parse::<DateTime>().and_then(there)
    };
    read.map_err(|_| {
        "expected a date (2026-03-02) or a time (2026-03-02T14:00, in your time zone, or \
         2026-03-02T14:00:00Z)"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: Time = Time::constant(23, 59, 59, 999_999_999);

    #[test]
    fn times_in_a_sentence_are_told_where_people_are() {
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        for (sentence, expected) in [
            (
                "deferred C1 until 2026-03-02T02:00:00Z; Zoe",
                "deferred C1 until 2026-03-01T21:00:00-05:00; Zoe",
            ),
            ("2026-12-31T23:59:60Z and Z", "2026-12-31T23:59:60Z and Z"),
            ("\u{e9}026-03-02T02:00:00Z", "\u{e9}026-03-02T02:00:00Z"),
            ("", ""),
        ] {
            // A leap second reads as the second before it.
            let expected = expected.replace("2026-12-31T23:59:60Z", "2026-12-31T18:59:59-05:00");
            assert_eq!(localised_in(sentence, &zone), expected);
        }
    }

    #[test]
    fn dates_and_times_are_of_the_zone_they_are_read_in() {
        let zones = [TimeZone::UTC, TimeZone::fixed(jiff::tz::offset(9))];
        for (text, in_utc, in_tokyo) in [
            ("2026-03-02", "2026-03-02T23:59:59.999999999Z", "2026-03-02T14:59:59.999999999Z"),
            ("2026-03-02T14:00:00Z", "2026-03-02T14:00:00Z", "2026-03-02T14:00:00Z"),
            ("2026-03-02T14:00:00+02:00", "2026-03-02T12:00:00Z", "2026-03-02T12:00:00Z"),
            ("2026-03-02T14:00", "2026-03-02T14:00:00Z", "2026-03-02T05:00:00Z"),
            ("2026-03-02 14:00:05", "2026-03-02T14:00:05Z", "2026-03-02T05:00:05Z"),
        ] {
            for (zone, expected) in zones.iter().zip([in_utc, in_tokyo]) {
                let read = read(text, END, zone.clone()).unwrap();
                assert_eq!(read.to_string(), expected, "{text} in {zone:?}");
            }
        }
        let midnight = read("2026-03-02", Time::midnight(), zones[1].clone()).unwrap();
        assert_eq!(midnight.to_string(), "2026-03-01T15:00:00Z");
        for text in ["", "soon", "2026-13-02", "2026-02-30", "02/03/2026"] {
            assert!(at(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_deferral_ends() {
        let now: Timestamp = "2026-12-31T22:00:00Z".parse().unwrap();
        for (zone, expected) in
            [(0, "2027-01-01T00:00:00Z"), (9, "2027-01-01T15:00:00Z"), (-8, "2027-01-01T08:00:00Z")]
        {
            let zone = TimeZone::fixed(jiff::tz::offset(zone));
            let until = deferral("tomorrow").unwrap().until_in(now, zone);
            assert_eq!(until, Until::Time(expected.parse().unwrap()));
        }
        assert_eq!(deferral("data-changes").unwrap().until(now), Until::DataChanges);
        assert!(deferral("next week").unwrap_err().contains("tomorrow"));
    }
}
