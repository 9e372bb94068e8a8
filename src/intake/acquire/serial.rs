//! Dates as spreadsheets keep them: a number of days since the beginning of their calendar.

use jiff::ToSpan;
use jiff::civil::{Date, Time, date};

use super::cell::Cell;

const DAY: i64 = 86_400_000;
/// The last day of the year 9999.
const LAST: i64 = 2_958_465;
/// The day that spreadsheets have and the calendar has not: 29 February 1900.
const NO_DAY: i64 = 60;

/// The day, the time of day, or both, that a number of days stands for; the number itself where no
/// calendar has such a day.
pub(super) fn of_days(days: f64, since_1904: bool) -> Cell {
    let milliseconds = (days * DAY as f64).round();
    if !(0.0..(LAST + 1) as f64 * DAY as f64).contains(&milliseconds) {
        return Cell::Float(days);
    }
    let milliseconds = milliseconds as i64;
    let (day, rest) = (milliseconds / DAY, milliseconds % DAY);
    match (day_of(day, since_1904), time_of(rest)) {
        (Some(day), Some(_)) if rest == 0 => Cell::Date(day),
        // Less than a day is a time of day in both calendars.
        (_, Some(time)) if day == 0 => Cell::Time(time),
        (Some(day), Some(time)) => Cell::DateTime(day.to_datetime(time)),
        _ => Cell::Float(days),
    }
}

/// A span of so many days.
pub(super) fn of_span(days: f64) -> Cell {
    let milliseconds = (days * DAY as f64).round();
    let is_sound = milliseconds.abs() < 1e15;
    if is_sound { Cell::Span(milliseconds as i64) } else { Cell::Float(days) }
}

fn day_of(day: i64, since_1904: bool) -> Option<Date> {
    let first = match day {
        _ if since_1904 => date(1904, 1, 1),
        0 | NO_DAY => return None,
        1..NO_DAY => date(1899, 12, 31),
        _ => date(1899, 12, 30),
    };
    first.checked_add(day.days()).ok()
}

fn time_of(milliseconds: i64) -> Option<Time> {
    Time::midnight().checked_add(milliseconds.milliseconds()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_in_both_calendars() {
        for (days, since_1904, expected) in [
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (61.0, false, "1900-03-01"),
            (25569.0, false, "1970-01-01"),
            (31_162.0, false, "1985-04-25"),
            (29_700.0, true, "1985-04-25"),
            (0.0, true, "1904-01-01"),
            (45_292.999_999_999_9, false, "2024-01-02"),
            (45_292.75, false, "2024-01-01T18:00:00"),
            (44_484.791_666_666_7, false, "2021-10-15T19:00:00"),
            (0.5, false, "12:00:00"),
            (0.5, true, "12:00:00"),
            (2_958_465.0, false, "9999-12-31"),
            // No calendar has these.
            (60.0, false, "60"),
            (-1.0, false, "-1"),
            (2_958_466.0, false, "2958466"),
            (2_957_004.0, true, "2957004"),
            (0.0, false, "00:00:00"),
            (f64::NAN, false, "NaN"),
        ] {
            assert_eq!(of_days(days, since_1904).shown(), expected, "{days} {since_1904}");
        }
        assert_eq!(of_span(1.104_224_537).shown(), "26:30:05");
        assert_eq!(of_span(1e30).shown(), "1000000000000000000000000000000");
    }
}
