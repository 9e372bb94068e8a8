//! Times as people type them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::domain::Until;

/// A time for `--at`: RFC 3339, or a date, which means its end (UTC).
///
/// # Errors
/// A sentence for the user.
pub fn at(text: &str) -> Result<Timestamp, String> {
    read(text, Time::constant(23, 59, 59, 999_999_999))
}

/// A time for `--since`: RFC 3339, or a date, which means its beginning (UTC).
///
/// # Errors
/// A sentence for the user.
pub fn since(text: &str) -> Result<Timestamp, String> {
    read(text, Time::midnight())
}

/// The end of a deferral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deferral {
    /// At a time.
    Time(Timestamp),
    /// At the beginning of the next day (UTC).
    Tomorrow,
    /// When the data changes.
    DataChanges,
}

impl Deferral {
    /// The end, counted from now.
    pub fn until(self, now: Timestamp) -> Until {
        match self {
            Deferral::Time(time) => Until::Time(time),
            Deferral::DataChanges => Until::DataChanges,
            Deferral::Tomorrow => {
                let today = now.to_zoned(TimeZone::UTC).date();
                let tomorrow = today.saturating_add(1.day());
                let start = tomorrow.to_zoned(TimeZone::UTC).map(|start| start.timestamp());
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

fn read(text: &str, time_of_day: Time) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let in_utc = |moment: DateTime| moment.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
    let is_date = !text.contains(['T', ' ', ':']);
    let read = if is_date {
        text.parse::<Date>().map(|date| date.to_datetime(time_of_day)).and_then(in_utc)
    } else {
        text.parse::<DateTime>().and_then(in_utc)
    };
    read.map_err(|_| {
        "expected a date (2026-03-02) or a time (2026-03-02T14:00:00Z; UTC unless it says so)"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_read() {
        for (text, expected) in [
            ("2026-03-02", "2026-03-02T23:59:59.999999999Z"),
            ("2026-03-02T14:00:00Z", "2026-03-02T14:00:00Z"),
            ("2026-03-02T14:00:00+02:00", "2026-03-02T12:00:00Z"),
            ("2026-03-02T14:00", "2026-03-02T14:00:00Z"),
            ("2026-03-02 14:00:05", "2026-03-02T14:00:05Z"),
        ] {
            assert_eq!(at(text).unwrap().to_string(), expected, "{text}");
        }
        assert_eq!(since("2026-03-02").unwrap().to_string(), "2026-03-02T00:00:00Z");
        for text in ["", "soon", "2026-13-02", "2026-02-30", "02/03/2026"] {
            assert!(at(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_deferral_ends() {
        let now: Timestamp = "2026-12-31T22:00:00Z".parse().unwrap();
        let tomorrow = "2027-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(deferral("tomorrow").unwrap().until(now), Until::Time(tomorrow));
        assert_eq!(deferral("2027-01-01").unwrap().until(now), Until::Time(tomorrow));
        assert_eq!(deferral("data-changes").unwrap().until(now), Until::DataChanges);
        assert!(deferral("next week").unwrap_err().contains("tomorrow"));
    }
}
